//! A partner's history that is read once, with what it comes to, folded once.
//!
//! A command loads it, proposes against it, and extends it by the events of the decision; what follows from the
//! extended history is written without folding it again.

use std::borrow::Cow;

use crate::lifecycle::base::conflict::{Conflict, Misfit};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::corrections::order::arrange;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::fold::{Fate, Folded, fold};
use crate::lifecycle::funds::Movement;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::Aliases;

/// All events that count for a partner, with those of partners merged into it.
#[derive(Clone, Debug)]
pub struct History {
    pub subject: PartnerId,
    pub events: Vec<Recorded>,
}

/// Why events cannot be added to a history.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ContradictionRefusal {
    /// One of them does not fit what was recorded before its day.
    Itself { on: Day, what: Misfit },
    /// An event does not fit any more with the amount that a correction gives.
    WithAmount { event: i64, on: Day, what: Misfit },
    /// The event itself does not fit on the day that a correction gives it.
    OnThatDay { event: i64, on: Day, what: Misfit },
    /// The milestone is recorded already, on a later day than is `wanted`.
    RecordedLater { milestone: String, event: i64, on: Day, wanted: Day },
    /// An event with an amount does not fit any more with the amount that a correction gives another one.
    OtherAmount { event: i64, on: Day, what: Misfit },
    /// An event that was recorded does not fit any more.
    Other { event: i64, on: Day, what: Misfit },
}

impl History {
    /// Returns the day of the first event, after corrections; on it the partner joined.
    pub(crate) fn first_day(&self) -> Option<Day> {
        arrange(self.subject, &self.events, &mut Vec::new()).first().map(|(day, _)| *day)
    }

    /// Folds the events up to the end of `until`, or all of them.
    pub fn fold(&self, aliases: &Aliases, until: Option<Day>) -> Folded<'_> {
        fold(self.subject, &self.events, aliases, until)
    }

    /// Returns the history with these events added.
    ///
    /// # Errors
    /// Refuses an event that then contradicts another; the one in the way is named.
    pub fn extended(&self, added: &[Recorded], aliases: &Aliases) -> Result<History, Error> {
        let mut history = self.clone();
        history.events.extend_from_slice(added);
        match history.conflict(aliases) {
            None => Ok(history),
            Some(conflict) => Err(history.contradicted(added, conflict, aliases)),
        }
    }

    /// Says why `added`, the last events of this history, cannot be recorded.
    fn contradicted(&self, added: &[Recorded], conflict: Conflict, aliases: &Aliases) -> Error {
        let own = added.iter().any(|one| one.number == conflict.event);
        let (number, day, what) = (conflict.event, conflict.day, conflict.what);
        if own {
            return Error::refused(ContradictionRefusal::Itself { on: day, what });
        }
        let of_amount = |one: &Recorded| match &one.event {
            Event::Corrected(corrected) => corrected.event == number && corrected.day.is_none(),
            _ => false,
        };
        if added.iter().any(of_amount) {
            return Error::refused(ContradictionRefusal::WithAmount { event: number, on: day, what });
        }
        let of_day = |one: &Recorded| matches!(&one.event, Event::Corrected(corrected) if corrected.event == number && corrected.day.is_some());
        if added.iter().any(of_day) {
            return Error::refused(ContradictionRefusal::OnThatDay { event: number, on: day, what });
        }
        let conflicting = self.events.iter().find(|one| one.number == number);
        let other_amount = |one: &Recorded| matches!(&one.event, Event::Corrected(corrected) if corrected.day.is_none() && corrected.amount_minor.is_some());
        if added.iter().any(other_amount)
            && conflicting.is_some_and(|one| {
                Movement::of(one.number, one.day, &one.event, None)
                    .is_some_and(|one| one.amount_minor.is_some())
            })
        {
            return Error::refused(ContradictionRefusal::OtherAmount { event: number, on: day, what });
        }
        let again = conflicting.and_then(|one| marked(&one.event, aliases));
        let first = added.iter().find(|one| again.is_some() && marked(&one.event, aliases) == again);
        Error::refused(match (again, first) {
            (Some((milestone, _)), Some(first)) => ContradictionRefusal::RecordedLater {
                milestone: milestone.to_owned(),
                event: number,
                on: day,
                wanted: first.day,
            },
            _ => ContradictionRefusal::Other { event: number, on: day, what },
        })
    }

    /// Returns the first event that contradicts those before it.
    pub fn conflict(&self, aliases: &Aliases) -> Option<Conflict> {
        self.fold(aliases, None).conflicts.into_iter().next()
    }
}

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

/// The milestone and the period that an event passes.
fn marked<'e>(event: &'e Event, aliases: &'e Aliases) -> Option<(&'e str, Option<&'e str>)> {
    match event {
        Event::Done(done) => Some((aliases.milestone(&done.milestone), done.period.as_deref())),
        Event::Skipped(skipped) => Some((aliases.milestone(&skipped.milestone), skipped.period.as_deref())),
        _ => None,
    }
}
