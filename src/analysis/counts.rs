//! Counts of stays by their length in days: all that the estimators of one state need.

use std::ops::RangeInclusive;

/// The longest age that is counted, in days. A longer stay counts as open at this age.
pub const LONGEST: usize = 4095;

/// One stay on its own clock, in days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spell {
    /// The first age at which its end would have been seen; 0 if it was observed from its first day.
    pub since: i64,
    /// Its age at the end, or, if it is open, the last age that was observed.
    pub days: i64,
    /// The cause of its end; none while it is open.
    pub exit: Option<usize>,
}

impl Spell {
    /// Returns the part of this stay that lies in a window of calendar days, if it was entered on day `entered`:
    /// what came before is late entry, and an end after the window is censored (period analysis; Brenner and
    /// Gefeller, 1996).
    pub fn within(self, entered: i64, window: &RangeInclusive<i64>) -> Spell {
        let since = self.since.max(window.start() - entered);
        match window.end() - entered {
            last if self.days > last => Spell { since, days: last, exit: None },
            _ => Spell { since, ..self },
        }
    }
}

/// Numbers of stays of one state by day of exit and cause, of censoring, and of late entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counts {
    /// `exits[cause][day]`.
    exits: Vec<Vec<u32>>,
    open: Vec<u32>,
    /// Stays that came under observation at this age, above 0.
    late: Vec<u32>,
}

impl Counts {
    /// Creates counts without any stay, for stays that end with one of the causes `0..causes`.
    pub fn new(causes: usize) -> Counts {
        Counts { exits: vec![Vec::new(); causes], open: Vec::new(), late: Vec::new() }
    }

    /// Counts each of these stays once; a stay that was never at risk adds nothing.
    pub fn of(causes: usize, spells: impl IntoIterator<Item = Spell>) -> Counts {
        let mut counts = Counts::new(causes);
        spells.into_iter().for_each(|spell| counts.add(spell, 1));
        counts
    }

    /// Adds a stay `weight` times. Does nothing if the stay was never at risk.
    pub fn add(&mut self, spell: Spell, weight: u32) {
        let Spell { since, days, exit } = spell;
        if weight == 0 || days < 0 || since > days || since > LONGEST as i64 {
            return;
        }
        let day = usize::try_from(days).unwrap_or(LONGEST).min(LONGEST);
        match exit.filter(|_| days < LONGEST as i64) {
            Some(cause) => bump(&mut self.exits[cause], day, weight),
            None => bump(&mut self.open, day, weight),
        }
        if let Ok(since @ 1..) = usize::try_from(since) {
            bump(&mut self.late, since, weight);
        }
    }

    /// Takes away stays that were added before.
    pub fn subtract(&mut self, part: &Counts) {
        let columns = self.exits.iter_mut().chain([&mut self.open, &mut self.late]);
        let parts = part.exits.iter().chain([&part.open, &part.late]);
        for (column, part) in columns.zip(parts) {
            column.iter_mut().zip(part).for_each(|(count, part)| *count -= part);
        }
    }

    /// Returns the counts without stays that were added before; ages that only those had reached are gone.
    pub fn without(&self, part: &Counts) -> Counts {
        let mut rest = self.clone();
        rest.subtract(part);
        for column in rest.exits.iter_mut().chain([&mut rest.open, &mut rest.late]) {
            column.truncate(column.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1));
        }
        rest
    }

    /// Adds other stays of the same state.
    pub fn merge(&mut self, other: &Counts) {
        let columns = self.exits.iter_mut().chain([&mut self.open, &mut self.late]);
        let others = other.exits.iter().chain([&other.open, &other.late]);
        for (column, other) in columns.zip(others) {
            column.resize(column.len().max(other.len()), 0);
            column.iter_mut().zip(other).for_each(|(count, other)| *count += other);
        }
    }

    /// Returns counts of the same stays with causes merged: `group` gives the new cause for each old one.
    pub fn grouped(&self, causes: usize, group: impl Fn(usize) -> usize) -> Counts {
        let mut grouped =
            Counts { exits: vec![Vec::new(); causes], open: self.open.clone(), late: self.late.clone() };
        for (cause, column) in self.exits.iter().enumerate() {
            let into = &mut grouped.exits[group(cause)];
            into.resize(into.len().max(column.len()), 0);
            into.iter_mut().zip(column).for_each(|(count, more)| *count += more);
        }
        grouped
    }

    /// Returns the number of ages from 0 to the oldest that was observed; 0 without a stay.
    pub fn ages(&self) -> usize {
        self.exits.iter().chain([&self.open]).map(Vec::len).max().unwrap_or(0)
    }

    /// Returns the number of causes that a stay can end with, including those that did not occur.
    pub fn causes(&self) -> usize {
        self.exits.len()
    }

    /// Returns how many stays ended with this cause at age `day`.
    pub fn exits(&self, cause: usize, day: usize) -> u32 {
        self.exits[cause].get(day).copied().unwrap_or(0)
    }

    /// Returns how many stays ended with this cause, at any age.
    pub fn exits_in_all(&self, cause: usize) -> u64 {
        self.exits[cause].iter().map(|count| u64::from(*count)).sum()
    }

    /// Returns how many stays ended at each age, from any cause: `D(t)` of the formulas.
    pub fn ends(&self) -> Vec<u64> {
        let mut ends = vec![0; self.ages()];
        for column in &self.exits {
            ends.iter_mut().zip(column).for_each(|(end, count)| *end += u64::from(*count));
        }
        ends
    }

    /// Returns how many stays ended, from any cause.
    pub fn ended(&self) -> u64 {
        (0..self.causes()).map(|cause| self.exits_in_all(cause)).sum()
    }

    /// Returns how many stays are open, that is censored at the last age that was observed.
    pub fn open(&self) -> u64 {
        self.open.iter().map(|count| u64::from(*count)).sum()
    }

    /// Returns the age of the oldest open stay in days; none if no stay is open.
    pub fn oldest_open(&self) -> Option<usize> {
        self.open.iter().rposition(|count| *count > 0)
    }

    /// Returns how many stays came under observation after their first day (left truncation).
    pub fn late(&self) -> u64 {
        self.late.iter().map(|count| u64::from(*count)).sum()
    }

    /// Returns how many stays were at risk at each age, that is not ended before and observed: `Y(t)` of the formulas.
    pub fn at_risk(&self) -> Vec<u64> {
        let ends = self.ends();
        let mut at_risk = vec![0; ends.len()];
        // Those not watched yet are part of what comes later, so that no difference falls below zero.
        let (mut there, mut unwatched) = (0_u64, 0_u64);
        for day in (0..ends.len()).rev() {
            there += ends[day] + u64::from(self.open.get(day).copied().unwrap_or(0));
            unwatched += u64::from(self.late.get(day + 1).copied().unwrap_or(0));
            at_risk[day] = there - unwatched;
        }
        at_risk
    }
}

fn bump(column: &mut Vec<u32>, day: usize, weight: u32) {
    if column.len() <= day {
        column.resize(day + 1, 0);
    }
    column[day] += weight;
}
