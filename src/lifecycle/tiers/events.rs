//! What is recorded of tiers.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::tiers::evidence::TierEvidence;

/// The tier of the partner was reviewed or decided on: it has another one, or stays in its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tiered {
    pub tier: String,
    /// Why, in words: the reason of a decision, and of older records a sentence for each condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// What was found of the conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<TierEvidence>,
    /// It was reviewed and stays in its tier.
    #[serde(default, skip_serializing_if = "stayed_out")]
    pub stays: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn stayed_out(stays: &bool) -> bool {
    !*stays
}

/// A review of the tier, which left the partner in it or moved it there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TierReviewed {
    pub event: i64,
    pub day: Day,
    pub tier: String,
}
