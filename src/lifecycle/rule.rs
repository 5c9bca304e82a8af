//! What a rule returns: from the program, a partner and a request to the events that it makes, or to a refusal.
//!
//! Rules are pure. What they return is checked against the whole history before it is recorded, so
//! that a backdated event can't contradict a later one.

use std::sync::Arc;

use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::stage::events::{LeftAs, Standing};
use crate::lifecycle::stage::refusal::StageRefusal;

pub use crate::lifecycle::history::History;

/// What a rule decides on a request.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Records these events.
    Record(Vec<Event>),
    /// Records nothing: it is so already.
    AlreadySo(Arc<dyn Sentence>),
}

pub type Ruling = Result<Decision, Error>;

impl Decision {
    /// Records one event.
    #[expect(clippy::unnecessary_wraps, reason = "rules end with it, and rules can refuse")]
    pub(crate) fn record(event: impl Into<Event>) -> Ruling {
        Ok(Decision::Record(vec![event.into()]))
    }

    /// Records nothing, for the reason that `fact` says.
    pub(crate) fn already(fact: impl Sentence) -> Decision {
        Decision::AlreadySo(Arc::new(fact))
    }
}

/// Refuses what can be recorded only of a partner in the channel.
///
/// # Errors
/// Refused for one that has left.
pub(crate) fn refuse_left(facts: PartnerFacts) -> Result<(), Error> {
    match facts.partner.standing() {
        Some(Standing::Left { label, .. }) => Err(has_left(facts, *label)),
        _ => Ok(()),
    }
}

/// Returns the refusal of what cannot be recorded of a partner that has left.
pub(crate) fn has_left(facts: PartnerFacts, label: LeftAs) -> Error {
    let partner = facts.partner;
    let since = partner.current().map_or(facts.day, |stay| stay.entered);
    Error::refused(StageRefusal::Left {
        partner: partner.name().to_owned(),
        key: partner.key.clone(),
        since,
        label,
    })
}
