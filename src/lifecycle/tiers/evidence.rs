//! What was found of the conditions of tiers, as values: events keep them, and `text/tiers.rs` has their words.
//!
//! Amounts are in minor units, points of the partner score from 0 to 100.

use std::mem::discriminant;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// What was found of one condition of a tier.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TierEvidence {
    pub tier: String,
    pub met: bool,
    pub found: TierFinding,
}

/// What a condition asks for, and what there is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TierFinding {
    Revenue {
        got_minor: i128,
        least_minor: i64,
        /// The day since when its sales are known, if that is not all of the twelve months and less than asked for is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        known_from: Option<Day>,
    },
    /// Revenue against plan; none if no quarter with a plan is over.
    Attainment {
        of_plan: Option<AttainedAmount>,
        percent: i64,
    },
    /// Revenue against that of the twelve months before; the reason if that cannot be compared.
    Growth {
        before: Result<AttainedAmount, NoGrowth>,
        percent: i64,
    },
    /// Customers by name; none if no sale names one.
    Customers {
        got: Option<i64>,
        least: i64,
    },
    Certified {
        course: String,
        got: i64,
        people: i64,
    },
    Milestone {
        key: String,
        done: bool,
    },
    Score {
        got: f64,
        least: f64,
        parts: Vec<PointsOf>,
    },
    ScorePart {
        part: String,
        got: f64,
        least: f64,
        /// What it measures is not known, so that it is worth none.
        #[serde(default, skip_serializing_if = "is_known")]
        unknown: bool,
    },
    Any(Vec<Vec<FoundOf>>),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_known(unknown: &bool) -> bool {
    !*unknown
}

/// Whether a condition of a tier is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TierVerdict {
    Met,
    NotMet,
    /// What decides it is not known: it neither raises nor lowers a partner.
    Unknown,
}

impl TierVerdict {
    fn of(met: bool, found: &TierFinding) -> TierVerdict {
        match met {
            true => TierVerdict::Met,
            false if found.is_unknown() => TierVerdict::Unknown,
            false => TierVerdict::NotMet,
        }
    }
}

impl TierEvidence {
    /// Returns whether the condition is met.
    pub fn verdict(&self) -> TierVerdict {
        TierVerdict::of(self.met, &self.found)
    }
}

impl FoundOf {
    /// Returns whether the condition is met.
    pub fn verdict(&self) -> TierVerdict {
        TierVerdict::of(self.met, &self.found)
    }
}

impl TierFinding {
    /// Returns whether a condition that is not met could be, if all were known.
    fn is_unknown(&self) -> bool {
        match self {
            TierFinding::Revenue { known_from, .. } => known_from.is_some(),
            TierFinding::Attainment { of_plan, .. } => of_plan.and_then(AttainedAmount::share).is_none(),
            TierFinding::Growth { before, .. } => match before {
                Ok(amount) => amount.growth().is_none(),
                Err(why) => *why != NoGrowth::NothingSold,
            },
            TierFinding::Customers { got, .. } => got.is_none(),
            TierFinding::Certified { .. } | TierFinding::Milestone { .. } => false,
            TierFinding::Score { got, least, parts } => {
                let more: i64 = parts.iter().filter(|part| !part.known).map(|part| part.weight).sum();
                more > 0 && got + f64::from(i32::try_from(more).unwrap_or(i32::MAX)) >= *least
            }
            TierFinding::ScorePart { unknown, .. } => *unknown,
            TierFinding::Any(alternatives) => alternatives
                .iter()
                .any(|conditions| conditions.iter().all(|one| one.verdict() != TierVerdict::NotMet)),
        }
    }

    /// Returns whether it is of the same measure, so that the higher condition has the lower one in it.
    pub(super) fn is_of_same_measure(&self, other: &TierFinding) -> bool {
        match (self, other) {
            (TierFinding::Certified { course: one, .. }, TierFinding::Certified { course: two, .. })
            | (TierFinding::Milestone { key: one, .. }, TierFinding::Milestone { key: two, .. })
            | (TierFinding::ScorePart { part: one, .. }, TierFinding::ScorePart { part: two, .. }) => {
                one == two
            }
            (TierFinding::Any(one), TierFinding::Any(two)) => one == two,
            _ => discriminant(self) == discriminant(other),
        }
    }
}

/// An amount and what it is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttainedAmount {
    pub got_minor: i128,
    pub base_minor: i128,
}

/// Why growth cannot be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoGrowth {
    /// The partner was not watched all of the twelve months before.
    NotWatched,
    /// Nothing was sold in the twelve months before.
    NothingBefore,
    /// Nothing was sold in all twenty-four months, which is known: there is no growth.
    NothingSold,
}

/// The points of a part of the score; `known` if what it measures is known.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PointsOf {
    pub part: String,
    pub got: f64,
    pub weight: i64,
    pub known: bool,
}

/// What was found of one condition of an alternative.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FoundOf {
    pub met: bool,
    pub found: TierFinding,
}
