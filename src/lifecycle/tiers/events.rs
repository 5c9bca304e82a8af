//! What is recorded of tiers.

use serde::{Deserialize, Serialize};

/// The partner has another tier, by what it reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tiered {
    pub tier: String,
    /// What was found, a sentence for each condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}
