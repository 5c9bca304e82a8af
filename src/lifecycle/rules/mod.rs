//! Rules: from the program, a partner and a request to the events that it makes, or to a refusal.
//!
//! Rules are pure. What they return is checked against the whole history before it is recorded, so
//! that a backdated event can't contradict a later one.

pub mod criteria;
pub mod imported;
pub mod milestones;
pub mod moves;
pub mod records;

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::{Event, LeftAs, PartnerId, Recorded};
use crate::lifecycle::fold::{Folded, fold};
use crate::lifecycle::partner::Standing;
use crate::lifecycle::program::Aliases;

pub use crate::lifecycle::facts::Scene;

pub use criteria::{AssessRequest, Changes, Sheet, assess, overrule, score_in_words};
pub use imported::{Move, Reading, Target, imported};
pub use milestones::{MilestoneRequest, done, reopen, skip};
pub use moves::{advance, back, days, earlier_stages, leave, park, resume, return_to};
pub use records::{correct, edit, merge, note, remove};

/// Stands in what a rule says for the number that its first event gets; no text that is recorded has it.
pub const NUMBER: &str = "\u{1}";

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

/// All events that count for a partner, with those of partners merged into it.
#[derive(Clone, Debug)]
pub struct History {
    pub subject: PartnerId,
    pub events: Vec<Recorded>,
}

impl History {
    pub fn fold(&self, aliases: &Aliases, until: Option<Day>) -> Folded<'_> {
        fold(self.subject, &self.events, aliases, until)
    }

    /// The state with these events added.
    ///
    /// # Errors
    /// Refused where an event then contradicts another; the one in the way is named.
    pub fn extended(&self, added: &[Recorded], aliases: &Aliases) -> Result<History, Error> {
        let mut history = self.clone();
        history.events.extend_from_slice(added);
        match history.conflict(aliases) {
            None => Ok(history),
            Some(conflict) => Err(history.contradicted(added, conflict, aliases)),
        }
    }

    /// Says why `added`, the last events of this history, cannot be recorded.
    pub fn contradicted(&self, added: &[Recorded], conflict: Conflict, aliases: &Aliases) -> Error {
        let own = added.iter().any(|one| one.number == conflict.event);
        let (number, day, what) = (conflict.event, conflict.day, conflict.what);
        if own {
            return Error::refused(format!("on {day} this {what}"));
        }
        let of_amount = |one: &Recorded| match &one.event {
            Event::Corrected(corrected) => corrected.event == number && corrected.day.is_none(),
            _ => false,
        };
        if added.iter().any(of_amount) {
            return Error::refused(format!("with that amount event {number} of {day} {what}"));
        }
        let conflicting = self.events.iter().find(|one| one.number == number);
        let again = conflicting.and_then(|one| marked(&one.event, aliases));
        let first = added.iter().find(|one| again.is_some() && marked(&one.event, aliases) == again);
        if let (Some((milestone, _)), Some(first)) = (again, first) {
            return Error::refused(format!("`{milestone}` is recorded on {day} already")).hint(format!(
                "if it was earlier: `chanlife correct {number} --on {}` mends the day",
                first.day
            ));
        }
        Error::refused(format!("that contradicts event {number} of {day}, which then {what}"))
            .hint(format!("if the day of event {number} is wrong: `chanlife correct {number} --on DATE`"))
    }

    /// The first event that contradicts those before it.
    pub fn conflict(&self, aliases: &Aliases) -> Option<Conflict> {
        self.fold(aliases, None).conflicts.into_iter().next()
    }
}

/// Whether something can be recorded of a partner that only one in the channel has.
///
/// # Errors
/// Refused for one that has left.
pub fn refuse_left(scene: Scene) -> Result<(), Error> {
    match scene.partner.standing() {
        Some(Standing::Left { label, .. }) => Err(has_left(scene, *label)),
        _ => Ok(()),
    }
}

fn has_left(scene: Scene, label: LeftAs) -> Error {
    let partner = scene.partner;
    let since = partner.current().map_or(scene.day, |stay| stay.entered);
    Error::refused(format!("{} left on {since} ({})", partner.name(), label.word()))
        .hint(format!("`chanlife return {}` brings it back", partner.key))
}

/// The milestone and the period that an event passes.
fn marked<'e>(event: &'e Event, aliases: &'e Aliases) -> Option<(&'e str, Option<&'e str>)> {
    match event {
        Event::Done(done) => Some((aliases.milestone(&done.milestone), done.period.as_deref())),
        Event::Skipped(skipped) => Some((aliases.milestone(&skipped.milestone), skipped.period.as_deref())),
        _ => None,
    }
}
