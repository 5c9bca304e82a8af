//! What a rule returns: from the program, a partner and a request to the events that it makes, or to a refusal.
//!
//! Rules are pure. What they return is checked against the whole history before it is recorded, so
//! that a backdated event can't contradict a later one.

use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::{Event, LeftAs};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::stage::{StageRefusal, Standing};

pub use crate::lifecycle::history::History;

/// Stands in what a rule says for the number that its first event gets; no text that is recorded has it.
pub(crate) const NUMBER: &str = "\u{1}";

/// What a request comes to.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    /// These events are to be recorded; `said` tells what they change.
    Record { events: Vec<Event>, said: String },
    /// It is so already; nothing is to be recorded.
    AlreadySo(String),
}

pub type Ruling = Result<Decision, Error>;

impl Decision {
    /// One event, with what it changes.
    #[expect(clippy::unnecessary_wraps, reason = "rules end with it, and rules can refuse")]
    pub(crate) fn record(event: impl Into<Event>, said: String) -> Ruling {
        Ok(Decision::Record { events: vec![event.into()], said })
    }
}

/// Whether something can be recorded of a partner that only one in the channel has.
///
/// # Errors
/// Refused for one that has left.
pub(crate) fn refuse_left(scene: Scene) -> Result<(), Error> {
    match scene.partner.standing() {
        Some(Standing::Left { label, .. }) => Err(has_left(scene, *label)),
        _ => Ok(()),
    }
}

pub(crate) fn has_left(scene: Scene, label: LeftAs) -> Error {
    let partner = scene.partner;
    let since = partner.current().map_or(scene.day, |stay| stay.entered);
    Error::refused(StageRefusal::Left {
        partner: partner.name().to_owned(),
        key: partner.key.clone(),
        since,
        label,
    })
}
