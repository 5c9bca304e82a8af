//! First passage: the probability to come to a target state for the first time within a number of days.

use crate::analysis::kernel::{Kernel, Row};

/// For every state and every number of days after entering it, the probability to have come to the target, and the
/// probability that nothing is known any more: the history is beyond the oldest age that was observed in some state
/// on the way.
///
/// `phi_i(t) = sum_j sum_{d <= t} q_ij(d) phi_j(t - d)`, with 1 for the target and 0 for leaving (Lagakos,
/// Sommer and Zelen, 1978). Moves within a day make it implicit; they are solved for exactly.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeToTarget {
    target: usize,
    /// `reached[state][t]`.
    reached: Vec<Vec<f64>>,
    unknown: Vec<Vec<f64>>,
}

/// What is expected of a stay within a number of days, as probabilities.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Outlook {
    pub reached: f64,
    /// The probability of being beyond what was observed, with an unknown result.
    pub unknown: f64,
}

impl TimeToTarget {
    /// Computes first passage to `target` within `0..=horizon` days from every state (Lagakos, Sommer and Zelen,
    /// 1978). None if it has no solution, because histories circle for ever within one day.
    pub fn to(target: usize, kernel: &Kernel, horizon: usize) -> Option<TimeToTarget> {
        let within_day = within_day(target, kernel)?;
        let mut unknown = vec![vec![0.0; horizon + 1]; kernel.states.count];
        for (state, unknown) in unknown.iter_mut().enumerate().filter(|(state, _)| *state != target) {
            let row = kernel.row(state);
            if let Some(left_over) = row.survival.last().filter(|left_over| **left_over > 0.0) {
                unknown.iter_mut().skip(row.survival.len()).for_each(|part| *part = *left_over);
            }
        }
        solve(target, kernel, &within_day, &mut unknown);
        let mut reached = reached(target, kernel, &within_day, horizon);
        reached[target].fill(1.0);
        Some(TimeToTarget { target, reached, unknown })
    }

    /// Computes only the probability to have come to the target within `horizon` days of entering one state, with
    /// less work than [`TimeToTarget::to`]; none in the same case.
    pub fn chance(target: usize, kernel: &Kernel, state: usize, horizon: usize) -> Option<f64> {
        Some(reached(target, kernel, &within_day(target, kernel)?, horizon)[state][horizon])
    }

    /// Returns the horizon in days for which this was computed.
    pub fn horizon(&self) -> usize {
        self.reached[self.target].len() - 1
    }

    /// Returns the outlook within `t` days of entering a state; `t` is at most the horizon.
    pub fn from(&self, state: usize, t: usize) -> Outlook {
        Outlook { reached: self.reached[state][t], unknown: self.unknown[state][t] }
    }

    /// Returns the probabilities to have come to the target within 0, 1, 2, ... days of entering a state.
    pub fn curve(&self, state: usize) -> &[f64] {
        &self.reached[state]
    }

    /// Returns the outlook within `t` days of an open stay of which `rest` remains ([`Row::given_age`]); `t` is at
    /// most the horizon.
    pub fn of_rest(&self, rest: &Row, t: usize) -> Outlook {
        let mut outlook = Outlook::default();
        for (into, q) in &rest.exits {
            let (reached, unknown) = (&self.reached[*into][..=t], &self.unknown[*into][..=t]);
            for (q, (reached, unknown)) in q.iter().zip(reached.iter().zip(unknown).rev()) {
                outlook.reached += q * reached;
                outlook.unknown += q * unknown;
            }
        }
        if t >= rest.survival.len() {
            outlook.unknown += rest.survival.last().copied().unwrap_or(0.0);
        }
        outlook
    }

    /// Returns the mean number of days before the target is reached, of the first `tau` days after entering a state:
    /// `sum_{t < tau} (1 - phi(t))`.
    pub fn days_without(&self, state: usize, tau: usize) -> f64 {
        self.reached[state].iter().take(tau).map(|reached| 1.0 - reached).sum()
    }
}

/// Computes what is expected to be received within 0, 1, 2, ... days of entering each state, if `own` is what is
/// received in a stay of each state itself: `V_i(t) = own_i(t) + sum_j sum_{d <= t} q_ij(d) V_j(t - d)` (Markov renewal
/// reward; Pyke, 1961; Howard, 1971). None if histories circle for ever within one day.
pub(crate) fn received(kernel: &Kernel, mut own: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    // The state of having left has no exits, as a target has none.
    let end = kernel.states.left;
    let within_day = within_day(end, kernel)?;
    solve(end, kernel, &within_day, &mut own);
    Some(own)
}

/// The probabilities to have come to the target from every state, by day; those from the target itself are left out.
fn reached(target: usize, kernel: &Kernel, within_day: &[Vec<f64>], horizon: usize) -> Vec<Vec<f64>> {
    let mut reached = vec![vec![0.0; horizon + 1]; kernel.states.count];
    for (state, reached) in reached.iter_mut().enumerate().filter(|(state, _)| *state != target) {
        for (_, q) in kernel.row(state).exits.iter().filter(|(into, _)| *into == target) {
            let mut sum = 0.0;
            for (day, reached) in reached.iter_mut().enumerate() {
                sum += q.get(day).copied().unwrap_or(0.0);
                *reached = sum;
            }
        }
    }
    solve(target, kernel, within_day, &mut reached);
    reached
}

/// Adds to the values of each state, by day, the values of other states that come after moves to them.
fn solve(target: usize, kernel: &Kernel, within_day: &[Vec<f64>], values: &mut [Vec<f64>]) {
    let days = values.first().map_or(0, Vec::len);
    // Moves that take a day or more, each up to the last day on which one was seen.
    let moves: Vec<(usize, usize, &[f64])> = (0..values.len())
        .filter(|state| *state != target)
        .flat_map(|state| kernel.row(state).exits.iter().map(move |(into, q)| (state, *into, q)))
        .filter(|(_, into, _)| *into != target)
        .filter_map(|(state, into, q)| Some((state, into, q.get(1..=q.iter().rposition(|q| *q != 0.0)?)?)))
        .collect();
    for day in 0..days {
        // When a day is solved, earlier days have contributed already; it then contributes to later ones.
        let so_far: Vec<f64> = values.iter().map(|of_state| of_state[day]).collect();
        for (state, weights) in within_day.iter().enumerate() {
            values[state][day] = weights.iter().zip(&so_far).map(|(weight, part)| weight * part).sum();
        }
        for (state, into, q) in &moves {
            let there = values[*into][day];
            if there != 0.0 {
                let later = values[*state][day + 1..].iter_mut().zip(*q);
                later.for_each(|(value, q)| *value += q * there);
            }
        }
    }
}

/// `(I - Q(0))^-1`, with `Q(0)` the moves within a day; none if it is singular.
fn within_day(target: usize, kernel: &Kernel) -> Option<Vec<Vec<f64>>> {
    let count = kernel.states.count;
    // Rows of the matrix, with those of the identity behind them.
    let mut rows: Vec<Vec<f64>> = (0..count)
        .map(|state| {
            let mut row = vec![0.0; 2 * count];
            row[state] = 1.0;
            row[count + state] = 1.0;
            if state != target {
                for (into, q) in kernel.row(state).exits.iter().filter(|(into, _)| *into != target) {
                    row[*into] -= q.first().copied().unwrap_or(0.0);
                }
            }
            row
        })
        .collect();
    for at in 0..count {
        let pivot = (at..count).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
        rows.swap(at, pivot);
        let scale = rows[at][at];
        if scale.abs() < 1e-12 {
            return None;
        }
        rows[at].iter_mut().for_each(|value| *value /= scale);
        let pivot = rows[at].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(other, row)| *other != at && row[at] != 0.0) {
            let factor = row[at];
            row.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    Some(rows.into_iter().map(|row| row[count..].to_vec()).collect())
}
