//! The state of a history `t` days after it began: the Aalen-Johansen estimator of state occupation.

use crate::analysis::state_histories::StateHistories;

/// The probability of each state at the end of each day since the first entry.
///
/// `p(t) = p(t-1) (I + dA(t))` from the distribution at the end of day 0 on; `dA(t)` has, for the states
/// at the end of a day, the moves on day `t` over those at risk. It holds even if the process is not
/// Markov (Datta and Satten, 2001). Stays within one day do not appear.
#[derive(Clone, PartialEq, Debug)]
pub struct Occupation {
    /// `p[t][state]`.
    p: Vec<Vec<f64>>,
}

impl Occupation {
    /// Estimates the occupation up to day `until` after the first entry, or up to the oldest day that was observed
    /// (Aalen and Johansen, 1978). Histories whose beginning is not known do not count.
    pub fn of(histories: &StateHistories, until: usize) -> Occupation {
        let count = histories.states.count;
        let mut initial = vec![0_u64; count];
        // Changes of the numbers at risk, and moves, by day.
        let mut entering = vec![vec![0_i64; count]; until + 2];
        let mut moves: Vec<Vec<(usize, usize)>> = vec![Vec::new(); until + 1];
        let mut oldest = 0;
        for history in histories.iter() {
            let Some(first) = history.began() else { continue };
            let last = usize::try_from(histories.as_of - first).unwrap_or(0);
            let since = usize::try_from(history.observed_from - first).unwrap_or(0);
            oldest = oldest.max(last);
            // The state at the end of each day on which it changed.
            let mut ends: Vec<(usize, usize)> = Vec::with_capacity(history.visits.len());
            for visit in history.visits {
                let day = usize::try_from(visit.entered - first).unwrap_or(0);
                match ends.last_mut().filter(|(at, _)| *at == day) {
                    Some((_, state)) => *state = visit.state,
                    None => ends.push((day, visit.state)),
                }
            }
            initial[ends[0].1] += 1;
            for (at, (day, state)) in ends.iter().enumerate() {
                let next = ends.get(at + 1);
                // At risk on the days after this one, up to that of the next change.
                let from = (day + 1).max(since + 1);
                let to = next.map_or(last, |(day, _)| *day).min(until);
                if from > to {
                    continue;
                }
                entering[from][*state] += 1;
                entering[to + 1][*state] -= 1;
                if let Some((day, into)) = next.filter(|(day, into)| *day <= until && into != state) {
                    moves[*day].push((*state, *into));
                }
            }
        }
        let all: u64 = initial.iter().sum();
        let mut p = vec![initial.iter().map(|count| *count as f64 / all.max(1) as f64).collect::<Vec<f64>>()];
        let mut at_risk = vec![0_i64; count];
        for day in 1..=until.min(oldest) {
            at_risk.iter_mut().zip(&entering[day]).for_each(|(risk, change)| *risk += change);
            let before = &p[day - 1];
            let mut now = before.clone();
            for (from, into) in &moves[day] {
                let flow = before[*from] / at_risk[*from] as f64;
                now[*from] -= flow;
                now[*into] += flow;
            }
            p.push(now);
        }
        Occupation { p }
    }

    /// Returns the probability to be in a state at the end of day `t`; none beyond the oldest day that was observed.
    pub fn at(&self, t: usize, state: usize) -> Option<f64> {
        self.p.get(t).map(|p| p[state])
    }

    /// Returns the mean number of days in a state before day `tau`: `sum_{t < tau} p(t)`. None if `tau` lies beyond
    /// what was observed.
    pub fn days(&self, tau: usize, state: usize) -> Option<f64> {
        self.p.get(..tau).map(|p| p.iter().map(|p| p[state]).sum())
    }
}
