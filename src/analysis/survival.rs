//! How long stays last, whatever ends them: the Kaplan-Meier estimator.

use crate::analysis::counts::Counts;
use crate::analysis::{Limits, Z, log_log_limits};

/// Tolerance for probabilities that equal a quantile up to rounding.
const TOLERANCE: f64 = 1e-9;

/// The probability that a stay lasts longer than `t` days, for every day `t` that was seen.
///
/// `S(t) = prod_{s <= t} (1 - D(s)/Y(s))`, with Greenwood's variance (Kaplan and Meier, 1958;
/// Greenwood, 1926). Day 0 counts: stays may end on the day they began.
#[derive(Clone, PartialEq, Debug)]
pub struct Survival {
    at_risk: Vec<u64>,
    ends: Vec<u64>,
    s: Vec<f64>,
    /// `sum_{s <= t} D / (Y (Y - D))`.
    greenwood: Vec<f64>,
}

impl Survival {
    /// Estimates the survival of stays (Kaplan and Meier, 1958).
    pub fn of(counts: &Counts) -> Survival {
        Survival::given_there(counts, 0)
    }

    /// Estimates the survival of stays that are still there at the beginning of age `from`: earlier ends do not
    /// count.
    pub fn given_there(counts: &Counts, from: usize) -> Survival {
        let (at_risk, mut ends) = (counts.at_risk(), counts.ends());
        ends.iter_mut().take(from).for_each(|end| *end = 0);
        let (mut s, mut v) = (1.0, 0.0);
        let mut survival = Vec::with_capacity(ends.len());
        let mut greenwood = Vec::with_capacity(ends.len());
        for (end, at_risk) in ends.iter().zip(&at_risk) {
            if *end > 0 {
                s *= (at_risk - end) as f64 / *at_risk as f64;
                v += variance_step(*end, *at_risk);
            }
            survival.push(s);
            greenwood.push(v);
        }
        Survival { at_risk, ends, s: survival, greenwood }
    }

    /// Returns how many stays are at risk at age `t`.
    pub fn at_risk(&self, t: usize) -> u64 {
        self.at_risk.get(t).copied().unwrap_or(0)
    }

    /// Returns the oldest age that was observed, in days; none without a stay.
    pub fn oldest(&self) -> Option<usize> {
        self.s.len().checked_sub(1)
    }

    /// Returns `S(t)`, the probability that a stay lasts longer than `t` days; beyond the oldest age that was
    /// observed, its last value.
    pub fn at(&self, t: usize) -> f64 {
        self.s.get(t).or(self.s.last()).copied().unwrap_or(1.0)
    }

    /// Returns the standard error of `S(t)`, from Greenwood's variance (Greenwood, 1926).
    pub fn se(&self, t: usize) -> f64 {
        self.at(t) * self.greenwood.get(t).or(self.greenwood.last()).copied().unwrap_or(0.0).sqrt()
    }

    /// Returns 95 % limits of `S(t)` on the log-log scale; none if `S(t)` is 0 or 1.
    pub fn limits(&self, t: usize) -> Option<Limits> {
        log_log_limits(self.at(t), self.se(t), Z)
    }

    /// Returns the first age in days by which a share `p` (0 to 1) of stays has ended; none if that is not reached.
    pub fn quantile(&self, p: f64) -> Option<usize> {
        self.s.iter().position(|s| *s <= 1.0 - p + TOLERANCE)
    }

    /// Returns the lower and the upper 95 % limit of a quantile, in days: the limits of the curve, inverted
    /// (Brookmeyer and Crowley, 1982, on the log-log scale). A limit that is not reached is none.
    pub fn quantile_limits(&self, p: f64) -> (Option<usize>, Option<usize>) {
        self.quantile_limits_beyond(p, Z)
    }

    /// Returns the limits of a quantile, in days, that lie `z` standard errors of the curve away on the log-log scale:
    /// [`Survival::quantile_limits`] with another confidence than 95 %.
    pub fn quantile_limits_beyond(&self, p: f64, z: f64) -> (Option<usize>, Option<usize>) {
        let limits = |t: usize| log_log_limits(self.at(t), self.se(t), z);
        let first = |side: fn(Limits) -> f64| {
            (0..self.s.len()).find(|t| limits(*t).is_some_and(|limits| side(limits) <= 1.0 - p + TOLERANCE))
        };
        (first(|limits| limits.low), first(|limits| limits.high))
    }

    /// Returns the mean length of a stay in days, capped at `tau`, and its standard error: `sum_{t < tau} S(t)`. None
    /// if `tau` lies beyond the oldest age that was observed and some stays are still open there.
    pub fn restricted_mean(&self, tau: usize) -> Option<(f64, f64)> {
        let oldest = self.oldest()?;
        if tau > oldest && self.at(oldest) > 0.0 {
            return None;
        }
        let (mut area, mut variance) = (0.0, 0.0);
        for s in (0..tau).rev() {
            area += self.at(s);
            if let (Some(end @ 1..), Some(at_risk)) = (self.ends.get(s), self.at_risk.get(s)) {
                variance += area * area * variance_step(*end, *at_risk);
            }
        }
        Some((area, variance.sqrt()))
    }

    /// Returns the number of further days after which a share `p` (0 to 1) of the stays that are still open after
    /// age `age` has ended. None if no stay lasts that long, or the share is not reached.
    pub fn remaining_quantile(&self, age: usize, p: f64) -> Option<usize> {
        let there = self.s.get(age).copied().filter(|s| *s > 0.0)?;
        let ended = |s: &f64| *s / there <= 1.0 - p + TOLERANCE;
        self.s[age..].iter().position(ended)
    }

    /// Returns the share (0 to 1) of open stays that are older than `age` in a steady state, in which long stays are
    /// over-represented: `sum_{t >= age} S(t) / sum_t S(t)`. None without a stay that lasts a day.
    pub fn share_of_open_older(&self, age: usize) -> Option<f64> {
        let all: f64 = self.s.iter().sum();
        let older: f64 = self.s.iter().skip(age).sum();
        (all > 0.0).then(|| older / all)
    }
}

/// Returns one day's term of Greenwood's variance, `D / (Y (Y - D))`; 0 if all stays at risk end.
pub(super) fn variance_step(ends: u64, at_risk: u64) -> f64 {
    match at_risk - ends {
        0 => 0.0,
        remain => ends as f64 / (at_risk as f64 * remain as f64),
    }
}
