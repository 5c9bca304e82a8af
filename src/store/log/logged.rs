//! What the log is made of: actions, their kinds, and stored events.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId};
use crate::store::error::Result;

/// The number of an action, from 1 on without gaps.
pub(crate) type ActionId = i64;

/// Above all numbers of partners and events that a file can have; a larger one is damaged or made up.
pub(crate) const HIGHEST_NUMBER: i64 = 1 << 53;

/// An action as the log has it.
#[derive(Clone, Debug)]
pub struct RecordedAction {
    pub id: ActionId,
    pub recorded_on: Day,
    pub recorded_at: String,
    pub actor: String,
    pub words: String,
    pub said: String,
    pub kind: ActionKind,
    /// The first and the last number of its events.
    pub events: Option<(i64, i64)>,
    pub checksum: Vec<u8>,
}

/// Whether an action records something, or undoes or redoes an earlier action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    Record,
    Undo(ActionId),
    Redo(ActionId),
}

/// A stored event with its place in the log.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    pub number: i64,
    pub action: ActionId,
    pub partner: Option<PartnerId>,
    pub day: Day,
    pub kind: String,
    pub body: String,
}

impl LoggedEvent {
    /// Decodes the body.
    ///
    /// # Errors
    /// [`FileFault`](crate::store::FileFault) if this version does not know the event.
    pub fn decode(&self) -> Result<Event> {
        Ok(Event::decode(&self.kind, &self.body)?)
    }
}

/// Who records when, and with which words.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub today: Day,
    /// The instant of recording, UTC.
    pub now: String,
    pub actor: String,
    pub words: String,
}

impl ActionKind {
    /// Returns `record`, `undo` or `redo`.
    pub fn word(self) -> &'static str {
        match self {
            ActionKind::Record => "record",
            ActionKind::Undo(_) => "undo",
            ActionKind::Redo(_) => "redo",
        }
    }

    /// Returns the action that is undone or redone.
    pub fn target(self) -> Option<ActionId> {
        match self {
            ActionKind::Record => None,
            ActionKind::Undo(target) | ActionKind::Redo(target) => Some(target),
        }
    }

    /// Returns the kind with this word and target; nothing if they do not go together.
    pub(in crate::store) fn of(word: &str, target: Option<ActionId>) -> Option<ActionKind> {
        match (word, target) {
            ("record", None) => Some(ActionKind::Record),
            ("undo", Some(target)) => Some(ActionKind::Undo(target)),
            ("redo", Some(target)) => Some(ActionKind::Redo(target)),
            _ => None,
        }
    }

    /// Returns the kind that the action `id` can be of: what it undoes or redoes was recorded before it.
    pub fn of_action(id: ActionId, word: &str, target: Option<ActionId>) -> Option<ActionKind> {
        ActionKind::of(word, target).filter(|kind| kind.target().is_none_or(|one| (1..id).contains(&one)))
    }
}
