//! What may be said of an estimate, and how: never more than its counts carry.

use crate::analysis::Limits;
use crate::analysis::counts::Counts;
use crate::analysis::survival::Survival;
use crate::report::value::{Cell, percent};

/// A curve is said while so many are at risk.
const AT_RISK: u64 = 5;
/// From so many exits on an estimate is said with its interval, from `FULL` on without reserve.
const ROUGH: u64 = 5;
const FULL: u64 = 10;

/// How much the exits of a stage carry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Evidence {
    /// Counts only.
    TooFew,
    /// Intervals only; nothing is flagged or ranked by it.
    Rough,
    Full,
}

impl Evidence {
    /// Returns how much so many exits carry.
    pub(crate) fn of(exits: u64) -> Evidence {
        match exits {
            FULL.. => Evidence::Full,
            ROUGH.. => Evidence::Rough,
            _ => Evidence::TooFew,
        }
    }

    /// Returns what machines call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Evidence::TooFew => "too few",
            Evidence::Rough => "rough",
            Evidence::Full => "full",
        }
    }
}

/// The survival of the stays of a state, from the age on from which it can be told.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    pub counts: Counts,
    pub survival: Survival,
    /// The curve is of those still there at the beginning of this age.
    pub from: usize,
    pub evidence: Evidence,
}

impl Curve {
    /// Returns the curve of these counts. If stays came under observation late, so that exits at early ages were seen
    /// among few, it begins with the first age at which enough were at risk.
    pub(crate) fn of(counts: Counts) -> Curve {
        let survival = Survival::of(&counts);
        let ages = 0..counts.ages();
        let enough = ages.clone().find(|age| survival.at_risk(*age) >= FULL);
        let from = match enough.filter(|_| counts.late() > 0) {
            Some(enough) if counts.ends()[..enough].iter().any(|ends| *ends > 0) => enough,
            _ => 0,
        };
        let survival = if from > 0 { Survival::given_there(&counts, from) } else { survival };
        let ended: u64 = counts.ends()[from.min(counts.ages())..].iter().sum();
        Curve { counts, survival, from, evidence: Evidence::of(ended) }
    }

    /// Returns the number of visits.
    pub(crate) fn stays(&self) -> u64 {
        self.counts.ended() + self.counts.open()
    }

    /// Returns the last age at which enough are at risk to say something.
    pub(crate) fn until(&self) -> Option<usize> {
        (0..self.counts.ages()).rfind(|age| self.survival.at_risk(*age) >= AT_RISK)
    }

    /// Returns a quantile with its interval, for people.
    pub(crate) fn quantile(&self, p: f64) -> Cell {
        if self.evidence == Evidence::TooFew {
            return Cell::Missing;
        }
        let (low, high) = self.survival.quantile_limits(p);
        let at = self.survival.quantile(p).filter(|day| Some(*day) <= self.until());
        let text = match (at, low, high) {
            (_, Some(low), Some(high)) if self.evidence == Evidence::Rough => {
                format!("{low} to {high} d, rough")
            }
            (_, Some(low), None) if self.evidence == Evidence::Rough => format!("at least {low} d, rough"),
            (Some(at), Some(low), Some(high)) => format!("{at} d ({low} to {high})"),
            (Some(at), Some(low), None) => format!("{at} d (≥ {low})"),
            (Some(at), None, _) => format!("{at} d"),
            (None, Some(low), _) => format!("≥ {low} d"),
            (None, None, _) => match self.until() {
                Some(until) => format!("> {until} d"),
                None => return Cell::Missing,
            },
        };
        Cell::Text(text)
    }

    /// Returns the share of stays that last longer than `days`, if that can be said.
    pub(crate) fn share_longer(&self, days: usize) -> Option<f64> {
        let sayable = self.evidence == Evidence::Full && Some(days) <= self.until();
        sayable.then(|| self.survival.at(days))
    }
}

/// Returns a probability with its interval, for people: `23 % (20 to 26)`.
pub(crate) fn chance(p: f64, limits: Option<Limits>) -> Cell {
    Cell::Text(match limits {
        Some(Limits { low, high }) => {
            format!("{} % ({} to {})", percent(p), percent(low), percent(high))
        }
        None => format!("{} %", percent(p)),
    })
}

/// Returns the mean and the median of completed visits alone, without those in progress.
pub(crate) fn completed_only(counts: &Counts) -> Option<(f64, usize)> {
    let ends = counts.ends();
    let all: u64 = ends.iter().sum();
    let days: f64 = ends.iter().enumerate().map(|(day, count)| day as f64 * *count as f64).sum();
    let mut so_far = 0;
    let median = ends.iter().position(|count| {
        so_far += count;
        so_far * 2 >= all
    });
    Some((days / all as f64, median.filter(|_| all > 0)?))
}
