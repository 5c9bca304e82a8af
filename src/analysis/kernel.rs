//! The chain of states: the probability that a stay ends after a number of days, and the state that comes next.

use crate::analysis::counts::Counts;
use crate::analysis::state_histories::States;

/// The kernel of a semi-Markov chain (Markov renewal process; Pyke, 1961): for each state the
/// probabilities `q(d)` to leave it for each other exactly `d` days after entering, which are the
/// increments of the cumulative incidences. The clock starts again with each entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Kernel {
    pub states: States,
    rows: Vec<Row>,
}

/// What happens to the stays of one state.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// For each next state that was seen, `q(d)`.
    pub exits: Vec<(usize, Vec<f64>)>,
    /// `S(d)`, up to the oldest age that was seen. What is left there is not known any further.
    pub survival: Vec<f64>,
}

impl Kernel {
    /// Estimates the kernel from counts of the stays of every state, with the next state as the cause. The states
    /// `left` and `unknown` have no exits.
    pub fn of(states: States, counts: &[Counts]) -> Kernel {
        let ends = |state| state == states.left || state == states.unknown;
        let row = |state| if ends(state) { Row::none() } else { Row::of(&counts[state]) };
        Kernel { states, rows: (0..states.count).map(row).collect() }
    }

    /// Returns the exits and the survival of one state.
    pub fn row(&self, state: usize) -> &Row {
        &self.rows[state]
    }

    /// Returns a copy of this chain with another row for one state.
    pub fn with(&self, state: usize, row: Row) -> Kernel {
        let mut kernel = self.clone();
        kernel.rows[state] = row;
        kernel
    }
}

impl Row {
    fn none() -> Row {
        Row { exits: Vec::new(), survival: Vec::new() }
    }

    fn of(counts: &Counts) -> Row {
        let (at_risk, ends) = (counts.at_risk(), counts.ends());
        let mut exits: Vec<(usize, Vec<f64>)> = (0..counts.causes())
            .filter(|cause| counts.exits_in_all(*cause) > 0)
            .map(|cause| (cause, vec![0.0; ends.len()]))
            .collect();
        let mut survival = Vec::with_capacity(ends.len());
        let mut s = 1.0;
        for (day, (end, y)) in ends.iter().zip(&at_risk).enumerate() {
            if *end > 0 {
                for (cause, q) in &mut exits {
                    q[day] = s * f64::from(counts.exits(*cause, day)) / *y as f64;
                }
                s *= (y - end) as f64 / *y as f64;
            }
            survival.push(s);
        }
        Row { exits, survival }
    }

    /// Returns the row for what remains of a stay that is still open after `age` days, with that day as day 0:
    /// `q(age + d) / S(age)`. None if no stay was observed to last that long.
    pub fn given_age(&self, age: usize) -> Option<Row> {
        let there = self.survival.get(age).copied().filter(|s| *s > 0.0)?;
        let rest = |values: &[f64]| values[age..].iter().map(|value| value / there).collect::<Vec<f64>>();
        let exits = self.exits.iter().map(|(into, q)| {
            let mut q = rest(q);
            q[0] = 0.0;
            (*into, q)
        });
        Some(Row { exits: exits.collect(), survival: rest(&self.survival) })
    }

    /// Returns the row if every stay ended sooner by the share `x` (0 to 1), with the same exit: the probability
    /// on day `d` moves to `d (1 - x)`, split between the two whole days around it so that the mean is kept.
    pub fn faster(&self, x: f64) -> Row {
        let exits = self.exits.iter().map(|(into, q)| {
            let mut sooner = vec![0.0; q.len()];
            for (day, mass) in q.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
                let exact = day as f64 * (1.0 - x);
                let whole = (exact + 1e-12).floor();
                let part = exact - whole;
                let at = whole as usize;
                sooner[at] += mass * (1.0 - part);
                if let Some(next) = sooner.get_mut(at + 1) {
                    *next += mass * part;
                }
            }
            (*into, sooner)
        });
        let exits: Vec<(usize, Vec<f64>)> = exits.collect();
        let survival = remaining(&exits, self.survival.len());
        Row { exits, survival }
    }

    /// Returns the row if the daily hazard of exits to `left` were lower by the share `x` (0 to 1), with all other
    /// hazards unchanged. Those who are kept may move on later or stay: they are assumed to be like the others of
    /// the same age.
    pub fn fewer_drops(&self, x: f64, left: usize) -> Row {
        let mut exits: Vec<(usize, Vec<f64>)> =
            self.exits.iter().map(|(into, q)| (*into, vec![0.0; q.len()])).collect();
        let mut survival = Vec::with_capacity(self.survival.len());
        let (mut before, mut s) = (1.0, 1.0);
        for (day, after) in self.survival.iter().enumerate() {
            let mut ended = 0.0;
            if before > 1e-12 {
                for ((into, q), (_, new)) in self.exits.iter().zip(&mut exits) {
                    let hazard = q[day] / before * if *into == left { 1.0 - x } else { 1.0 };
                    new[day] = s * hazard;
                    ended += hazard;
                }
            }
            s *= 1.0 - ended;
            survival.push(s);
            before = *after;
        }
        Row { exits, survival }
    }
}

/// Returns the probability that a stay lasts longer than each day, given its exits.
fn remaining(exits: &[(usize, Vec<f64>)], days: usize) -> Vec<f64> {
    let mut ended = 0.0;
    (0..days)
        .map(|day| {
            ended += exits.iter().map(|(_, q)| q[day]).sum::<f64>();
            (1.0 - ended).max(0.0)
        })
        .collect()
}
