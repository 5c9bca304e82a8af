//! Counts of stays by length: all that the estimators of one state need.

use std::ops::RangeInclusive;

/// Lengths from here on are counted as open at this length.
pub const LONGEST: usize = 4095;

/// One stay on its own clock, in days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spell {
    /// The first age on which its end would have been seen; 0 where it was watched from its first day.
    pub since: i64,
    /// The age at its end, or the last age that was seen.
    pub days: i64,
    /// The cause of its end; none while it is open.
    pub exit: Option<usize>,
}

impl Spell {
    /// What of the stay lies in a window of calendar days, for a stay that was entered on `entered`
    /// (period analysis; Brenner and Gefeller, 1996).
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
    /// No stays, which may end with causes `0..causes`.
    pub fn new(causes: usize) -> Counts {
        Counts { exits: vec![Vec::new(); causes], open: Vec::new(), late: Vec::new() }
    }

    /// The stays of some histories: those that were never at risk contribute nothing.
    pub fn of(causes: usize, spells: impl IntoIterator<Item = Spell>) -> Counts {
        let mut counts = Counts::new(causes);
        spells.into_iter().for_each(|spell| counts.add(spell, 1));
        counts
    }

    /// Adds a stay `weight` times.
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

    /// Adds other stays of the same state.
    pub fn merge(&mut self, other: &Counts) {
        let columns = self.exits.iter_mut().chain([&mut self.open, &mut self.late]);
        let others = other.exits.iter().chain([&other.open, &other.late]);
        for (column, other) in columns.zip(others) {
            column.resize(column.len().max(other.len()), 0);
            column.iter_mut().zip(other).for_each(|(count, other)| *count += other);
        }
    }

    /// The same stays with causes taken together: `group` names the new cause of each.
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

    /// How many ages there are: one more than the oldest that was seen.
    pub fn ages(&self) -> usize {
        self.exits.iter().chain([&self.open]).map(Vec::len).max().unwrap_or(0)
    }

    pub fn causes(&self) -> usize {
        self.exits.len()
    }

    /// How many stays ended with this cause at this age.
    pub fn exits(&self, cause: usize, day: usize) -> u32 {
        self.exits[cause].get(day).copied().unwrap_or(0)
    }

    /// How many stays ended with this cause.
    pub fn exits_in_all(&self, cause: usize) -> u64 {
        self.exits[cause].iter().map(|count| u64::from(*count)).sum()
    }

    /// How many stays ended at each age, whatever the cause.
    pub fn ends(&self) -> Vec<u64> {
        let mut ends = vec![0; self.ages()];
        for column in &self.exits {
            ends.iter_mut().zip(column).for_each(|(end, count)| *end += u64::from(*count));
        }
        ends
    }

    pub fn ended(&self) -> u64 {
        (0..self.causes()).map(|cause| self.exits_in_all(cause)).sum()
    }

    pub fn open(&self) -> u64 {
        self.open.iter().map(|count| u64::from(*count)).sum()
    }

    /// The age of the oldest open stay.
    pub fn oldest_open(&self) -> Option<usize> {
        self.open.iter().rposition(|count| *count > 0)
    }

    /// How many stays came under observation after their first day.
    pub fn late(&self) -> u64 {
        self.late.iter().map(|count| u64::from(*count)).sum()
    }

    /// How many stays were at risk on each age: there, and watched.
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
