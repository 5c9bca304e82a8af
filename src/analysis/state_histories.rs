//! State histories: dated visits to states, one history per subject, and the stays that follow from them.

use std::ops::RangeInclusive;

use crate::analysis::counts::{Counts, Spell};

/// The states that visits are to: `0..count`, one of them success, one of them having left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct States {
    pub count: usize,
    /// The first state of every history that is observed from its beginning.
    pub start: usize,
    pub success: usize,
    pub left: usize,
    /// Stays here are counted, but say nothing about what comes next, such as parking from an unknown stage.
    pub unknown: usize,
}

/// The beginning of a visit; it lasts until the next visit of the same history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    pub state: usize,
    /// The number of the day.
    pub entered: i64,
    /// False if the subject was found there on that day, and had come on some day before.
    pub entry_known: bool,
}

/// The state histories of all subjects, each observed up to the end of one day.
#[derive(Clone, Debug)]
pub struct StateHistories {
    pub states: States,
    /// The last day that is observed.
    pub as_of: i64,
    visits: Vec<Visit>,
    extents: Vec<Extent>,
}

/// The number of one history, the first and the last day on which it is observed, and the end of its visits.
#[derive(Clone, Copy, Debug)]
struct Extent {
    id: i64,
    observed_from: i64,
    until: i64,
    end: usize,
}

/// The state history of one subject, with its visits in order.
#[derive(Clone, Copy, Debug)]
pub struct StateHistory<'l> {
    pub id: i64,
    pub observed_from: i64,
    pub visits: &'l [Visit],
    as_of: i64,
    states: States,
}

/// A stay with its place in the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObservedStay {
    pub state: usize,
    pub entered: i64,
    /// Its cause of exit is the state that came next.
    pub spell: Spell,
    /// Whether the history had been in this state before.
    pub repeat: bool,
}

impl StateHistories {
    /// Creates a collection without histories, observed up to the end of day `as_of`.
    pub fn new(states: States, as_of: i64) -> StateHistories {
        StateHistories { states, as_of, visits: Vec::new(), extents: Vec::new() }
    }

    /// Begins the next history; histories come in ascending order of their numbers. `observed_from` is the first day
    /// on which its moves would have been seen.
    pub fn begin(&mut self, id: i64, observed_from: i64) {
        self.extents.push(Extent { id, observed_from, until: self.as_of, end: self.visits.len() });
    }

    /// Adds a visit to the history that was begun last; does nothing before the first one.
    pub fn visit(&mut self, visit: Visit) {
        if let Some(extent) = self.extents.last_mut() {
            self.visits.push(visit);
            extent.end = self.visits.len();
        }
    }

    /// Ends the observation of the history that was begun last with an earlier day: what came after it is not known.
    pub fn observed_until(&mut self, day: i64) {
        if let Some(extent) = self.extents.last_mut() {
            extent.until = day.min(self.as_of);
        }
    }

    /// Returns the number of histories.
    pub fn len(&self) -> usize {
        self.extents.len()
    }

    /// Tells whether there are no histories.
    pub fn is_empty(&self) -> bool {
        self.extents.is_empty()
    }

    /// Iterates over the histories in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = StateHistory<'_>> {
        let mut begin = 0;
        self.extents.iter().map(move |extent| {
            let visits = &self.visits[begin..extent.end];
            begin = extent.end;
            let Extent { id, observed_from, until, .. } = *extent;
            StateHistory { id, observed_from, visits, as_of: until, states: self.states }
        })
    }

    /// Returns the number of days from the first day that was observed of any history to the last; 0 without one.
    pub fn history_days(&self) -> i64 {
        let first = self.iter().filter_map(StateHistory::first_watched).min();
        first.map_or(0, |first| self.as_of - first)
    }

    /// Counts the stays of every state, with the next state as the cause.
    pub fn counts(&self) -> Vec<Counts> {
        self.counts_where(|_, _| true, |stay| stay.spell)
    }

    /// Counts the parts of all stays that lie in a window of calendar days ([`Spell::within`]).
    pub fn counts_within(&self, window: &RangeInclusive<i64>) -> Vec<Counts> {
        self.counts_where(|_, _| true, |stay| stay.spell.within(stay.entered, window))
    }

    /// Counts the stays of every state for which `wanted` is true, each with the length that `spell` gives it.
    pub fn counts_where(
        &self,
        wanted: impl Fn(StateHistory, &ObservedStay) -> bool,
        spell: impl Fn(&ObservedStay) -> Spell,
    ) -> Vec<Counts> {
        let mut counts = vec![Counts::new(self.states.count); self.states.count];
        for history in self.iter() {
            for stay in history.stays().filter(|stay| wanted(history, stay)) {
                counts[stay.state].add(spell(&stay), 1);
            }
        }
        counts
    }

    /// Counts the stays of every state, group by group: `group` gives the number of the group for a stay of the history
    /// at an index.
    pub fn counts_by(&self, mut group: impl FnMut(usize, &ObservedStay) -> usize) -> Vec<Vec<Counts>> {
        let mut groups: Vec<Vec<Counts>> = Vec::new();
        for (at, history) in self.iter().enumerate() {
            for stay in history.stays() {
                let group = group(at, &stay);
                while groups.len() <= group {
                    groups.push(vec![Counts::new(self.states.count); self.states.count]);
                }
                groups[group][stay.state].add(stay.spell, 1);
            }
        }
        groups
    }

    /// Counts first success ([`SUCCEEDED`]) and leaving before it ([`LEFT_BEFORE`]), by days since the first entry.
    pub fn first_success(&self) -> Counts {
        let success = self.states.success;
        self.first_to(|state| state == success, |_| true)
    }

    /// Counts the first visit to a wanted state, and leaving before it, by days since the first entry, for the
    /// histories that `of` picks.
    ///
    /// Histories that came under observation late count only if the beginning of all of them is known. Otherwise none
    /// of them counts, because those with a known beginning would be those that have not moved yet.
    pub fn first_to(&self, wanted: impl Fn(usize) -> bool, of: impl Fn(StateHistory) -> bool) -> Counts {
        let unknown = self.iter().any(|history| history.came_late() && history.began().is_none());
        let counted = self.iter().filter(|history| !(unknown && history.came_late()) && of(*history));
        Counts::of(2, counted.filter_map(|history| history.first_to(&wanted)))
    }

    /// Counts the first visit to a wanted state as [`StateHistories::first_to`] does, group by group: `group` gives the
    /// number of the group of the history at an index, below `groups`.
    pub fn first_to_by(
        &self,
        groups: usize,
        wanted: impl Fn(usize) -> bool,
        group: impl Fn(usize) -> usize,
    ) -> Vec<Counts> {
        self.spells_by(groups, group, |_, history| history.first_to(&wanted))
    }

    /// Counts the first occurrence of a dated event, and leaving before it, by days since the first entry. `event`
    /// gives the day on which it happened to the history at an index, if it did.
    ///
    /// Histories that came under observation late are treated as in [`StateHistories::first_to`].
    pub fn first_event(&self, event: impl Fn(usize) -> Option<i64>) -> Counts {
        self.first_event_by(1, event, |_| 0).swap_remove(0)
    }

    /// Counts the first occurrence of a dated event as [`StateHistories::first_event`] does, group by group: `group`
    /// gives the number of the group of the history at an index, below `groups`.
    pub fn first_event_by(
        &self,
        groups: usize,
        event: impl Fn(usize) -> Option<i64>,
        group: impl Fn(usize) -> usize,
    ) -> Vec<Counts> {
        self.spells_by(groups, group, |at, history| history.until_event(event(at)))
    }

    fn spells_by(
        &self,
        groups: usize,
        group: impl Fn(usize) -> usize,
        spell: impl Fn(usize, StateHistory) -> Option<Spell>,
    ) -> Vec<Counts> {
        let mut counts = vec![Counts::new(2); groups];
        let unknown = self.iter().any(|history| history.came_late() && history.began().is_none());
        for (at, history) in self.iter().enumerate().filter(|(_, one)| !(unknown && one.came_late())) {
            if let Some(spell) = spell(at, history) {
                counts[group(at)].add(spell, 1);
            }
        }
        counts
    }

    /// Returns the histories as they were known at the end of an earlier day, without those that were not observed yet.
    pub fn seen_on(&self, day: i64) -> StateHistories {
        let mut histories = StateHistories::new(self.states, day);
        for history in self.iter().filter(|history| history.observed_from <= day) {
            histories.begin(history.id, history.observed_from);
            history
                .visits
                .iter()
                .filter(|visit| visit.entered <= day)
                .for_each(|visit| histories.visit(*visit));
            histories.observed_until(history.as_of);
        }
        histories
    }
}

/// The causes of [`StateHistories::first_to`] and [`StateHistories::first_event`].
pub const SUCCEEDED: usize = 0;
pub const LEFT_BEFORE: usize = 1;

impl<'l> StateHistory<'l> {
    /// Iterates over the stays with a known day of entry, except those in the state of having left.
    pub fn stays(self) -> impl Iterator<Item = ObservedStay> + use<'l> {
        self.visits.iter().enumerate().filter_map(move |(at, visit)| {
            if !visit.entry_known || visit.state == self.states.left {
                return None;
            }
            let next = self.visits.get(at + 1);
            Some(ObservedStay {
                state: visit.state,
                entered: visit.entered,
                spell: Spell {
                    since: self.late(visit.entered),
                    days: next.map_or(self.as_of, |next| next.entered) - visit.entered,
                    exit: next.map(|next| next.state),
                },
                repeat: self.visits[..at].iter().any(|earlier| earlier.state == visit.state),
            })
        })
    }

    /// Returns the open stay, if its day of entry is known and the subject has not left.
    pub fn open(self) -> Option<ObservedStay> {
        self.stays().last().filter(|stay| stay.spell.exit.is_none())
    }

    fn came_late(self) -> bool {
        self.visits.first().is_some_and(|first| !first.entry_known || self.observed_from > first.entered)
    }

    /// The first day on which a move of it was or would have been seen.
    fn first_watched(self) -> Option<i64> {
        let first = self.visits.iter().find(|visit| visit.entry_known)?;
        Some(first.entered.max(self.observed_from))
    }

    /// The first age of a clock that began on day `from` at which an end would have been seen.
    fn late(self, from: i64) -> i64 {
        if self.observed_from > from { self.observed_from - from + 1 } else { 0 }
    }

    /// Days from the first entry to the first visit to a wanted state, to leaving before it, or to the last day that
    /// is observed. None if the first entry is not known, or was to such a state itself.
    fn first_to(self, wanted: impl Fn(usize) -> bool) -> Option<Spell> {
        let first = self.began().filter(|_| !wanted(self.visits[0].state))?;
        let end = self.visits.iter().find(|visit| wanted(visit.state) || visit.state == self.states.left);
        let cause = |visit: &Visit| if wanted(visit.state) { SUCCEEDED } else { LEFT_BEFORE };
        Some(Spell {
            since: self.late(first),
            days: end.map_or(self.as_of, |end| end.entered) - first,
            exit: end.map(cause),
        })
    }

    /// Days from the first entry to an event, to leaving before it, or to the last day that is observed. None if the
    /// first entry is not known; an event before it counts on its day.
    fn until_event(self, event: Option<i64>) -> Option<Spell> {
        let first = self.began()?;
        let left =
            self.visits.iter().find(|visit| visit.state == self.states.left).map(|visit| visit.entered);
        let event = event.filter(|day| left.is_none_or(|left| *day <= left)).map(|day| day.max(first));
        let exit = event.map(|_| SUCCEEDED).or(left.map(|_| LEFT_BEFORE));
        let end = event.or(left).unwrap_or(self.as_of);
        Some(Spell { since: self.late(first), days: end - first, exit })
    }

    /// Returns the day on which the history began. None if that is not known: it came under observation later, and
    /// what is known of it does not reach back to the start state.
    pub fn began(self) -> Option<i64> {
        let first = self.visits.first().filter(|visit| visit.entry_known)?;
        let seen = first.state == self.states.start || self.observed_from <= first.entered;
        (seen && first.state != self.states.left).then_some(first.entered)
    }
}
