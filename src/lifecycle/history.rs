//! A partner's history that is read once, with what it comes to, folded once.
//!
//! A command loads it, proposes against it, and extends it by the events of the decision; what follows from the
//! extended history is written without folding it again.

use std::borrow::Cow;

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::{PartnerId, Recorded};
use crate::lifecycle::fold::Fate;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Aliases;
use crate::lifecycle::rule::History;

/// A history with the fold of all its events.
#[derive(Clone, Debug)]
pub struct FoldedHistory {
    history: History,
    state: Option<Partner>,
    fate: Fate,
    conflicts: Vec<Conflict>,
    /// The last day on which something happened, after corrections.
    last_day: Option<Day>,
    /// How many events at the end are not recorded yet.
    added: usize,
}

impl FoldedHistory {
    /// Folds a history. Stages and milestones go by the keys that `aliases` gives them now.
    pub fn of(history: History, aliases: &Aliases) -> FoldedHistory {
        let folded = history.fold(aliases, None);
        let last_day = folded.order.iter().map(|(day, _)| *day).max();
        let (state, fate, conflicts) = (folded.state, folded.fate, folded.conflicts);
        FoldedHistory { history, state, fate, conflicts, last_day, added: 0 }
    }

    /// Returns the number of the partner.
    pub fn subject(&self) -> PartnerId {
        self.history.subject
    }

    /// Returns the events, in the order in which they were read or added.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Returns what the events say of the partner, also if it was removed or merged.
    pub fn state(&self) -> Option<&Partner> {
        self.state.as_ref()
    }

    /// Returns whether the partner counts, was removed, or was merged into another.
    pub fn fate(&self) -> Fate {
        self.fate
    }

    /// Returns the partner after all events, unless it was removed or merged.
    pub fn partner(&self) -> Option<&Partner> {
        self.state.as_ref().filter(|_| self.fate == Fate::Live)
    }

    /// Returns the partner as it stood at the end of `day`; folds again only if something happened later.
    pub fn partner_on(&self, day: Day, aliases: &Aliases) -> Option<Cow<'_, Partner>> {
        if self.last_day.is_none_or(|last| last <= day) {
            return self.partner().map(Cow::Borrowed);
        }
        self.history.fold(aliases, Some(day)).partner().cloned().map(Cow::Owned)
    }

    /// Returns the events that contradict those before them, in order; a sound file has none.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Returns the first event that contradicts those before it.
    pub fn conflict(&self) -> Option<&Conflict> {
        self.conflicts.first()
    }

    /// Returns the history with these events added, folded.
    ///
    /// # Errors
    /// Refuses an event that contradicts another; the one in the way is named.
    pub fn extended(&self, added: &[Recorded], aliases: &Aliases) -> Result<FoldedHistory, Error> {
        let mut history = self.history.clone();
        history.events.extend_from_slice(added);
        let extended = FoldedHistory::of(history, aliases);
        match extended.conflict() {
            None => Ok(FoldedHistory { added: self.added + added.len(), ..extended }),
            Some(conflict) => Err(extended.history.contradicted(added, conflict.clone(), aliases)),
        }
    }

    /// Returns the events that were added and are not recorded yet.
    pub fn added(&self) -> &[Recorded] {
        &self.history.events[self.history.events.len() - self.added..]
    }
}
