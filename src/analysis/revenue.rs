//! Revenue after success: the mean cumulative function, with leaving as its end.

use crate::analysis::state_histories::StateHistories;
use crate::analysis::survival::Survival;

/// An amount that was received on a day.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Income {
    /// The number of the history that brought it.
    pub history: i64,
    pub day: i64,
    pub amount: f64,
}

/// The expected amount within `t` days of coming to success, `M(t)`.
///
/// `M(t) = sum_{u <= t} S(u-1) R(u) / Y(u)`, with `R(u)` the amounts at tenure `u`, `Y(u)` the stays in
/// success at risk then, and `S` how long they last (Ghosh and Lin, 2000; Nelson, 1988).
#[derive(Clone, PartialEq, Debug)]
pub struct Revenue {
    mean: Vec<f64>,
    /// The effective number of histories with income: `(sum x)^2 / sum x^2`.
    pub effective: f64,
    /// The share of all income (0 to 1) that the top fifth of the histories with income bring.
    pub top_share: f64,
}

impl Revenue {
    /// Estimates the mean cumulative function from `incomes`, which come in order of their history's number.
    /// Amounts outside stays in success, and from before these were observed, do not count.
    pub fn of(histories: &StateHistories, incomes: &[Income]) -> Revenue {
        let success = histories.states.success;
        let counts = &histories.counts_where(|_, stay| stay.state == success, |stay| stay.spell)[success];
        let survival = Survival::of(counts);
        let mut at_tenure = vec![0.0; counts.ages()];
        let mut sums: Vec<f64> = Vec::new();
        let mut at = 0;
        for history in histories.iter() {
            while incomes.get(at).is_some_and(|income| income.history < history.id) {
                at += 1;
            }
            let mut of_life = 0.0;
            while let Some(income) = incomes.get(at).filter(|income| income.history == history.id) {
                at += 1;
                let stay = history.stays().find(|stay| {
                    let tenure = income.day - stay.entered;
                    stay.state == success && (stay.spell.since..=stay.spell.days).contains(&tenure)
                });
                let tenure = stay.and_then(|stay| usize::try_from(income.day - stay.entered).ok());
                if let Some(amount) = tenure.and_then(|tenure| at_tenure.get_mut(tenure)) {
                    *amount += income.amount;
                    of_life += income.amount;
                }
            }
            if of_life > 0.0 {
                sums.push(of_life);
            }
        }
        sums.sort_unstable_by(|a, b| b.total_cmp(a));
        let sum: f64 = sums.iter().sum();
        let squares: f64 = sums.iter().map(|one| one * one).sum();
        let top: f64 = sums.iter().take(sums.len().div_ceil(5)).sum();
        let mut total = 0.0;
        let mut before = 1.0;
        let mean = at_tenure.iter().enumerate().map(|(tenure, amount)| {
            if *amount != 0.0 {
                total += before * amount / survival.at_risk(tenure).max(1) as f64;
            }
            before = survival.at(tenure);
            total
        });
        let mean: Vec<f64> = mean.collect();
        let of = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        Revenue { mean, effective: of(sum * sum, squares), top_share: of(top, sum) }
    }

    /// Returns `M(t)`, in the unit of the amounts; beyond the longest tenure that was observed, its last value.
    pub fn at(&self, t: usize) -> f64 {
        self.mean.get(t).or(self.mean.last()).copied().unwrap_or(0.0)
    }

    /// Returns the expected amount within the horizon `H` for a history whose probabilities to have come to success
    /// within 0, 1, 2, ... `H` days are `reached`: `sum_t f(t) M(H - t)`, with `f` the daily increments of `reached`.
    /// Assumes that income does not depend on the time to success.
    pub fn expected(&self, reached: &[f64]) -> f64 {
        let horizon = reached.len().saturating_sub(1);
        let mut before = 0.0;
        let mut expected = 0.0;
        for (t, reached) in reached.iter().enumerate() {
            expected += (reached - before) * self.at(horizon - t);
            before = *reached;
        }
        expected
    }
}
