//! What is recorded when something is corrected, removed, merged, forgotten or lost.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::base::stored::is_false;
use crate::lifecycle::corrections::merged::MergeChoices;
use crate::lifecycle::revenue::events::SaleCorrection;
use crate::lifecycle::stage::events::ExitCorrection;

/// Another event's day or amount was recorded wrongly; these are the right ones.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// The number of the event that was wrong.
    pub event: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    /// What is right of a sale beside its amount.
    #[serde(default, skip_serializing_if = "SaleCorrection::is_nothing")]
    pub sale: Box<SaleCorrection>,
    /// What is right of a leaving or a parking.
    #[serde(default, skip_serializing_if = "ExitCorrection::is_nothing")]
    pub exit: ExitCorrection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The partner was recorded by mistake and counts in no figure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Removed {
    pub reason: String,
}

/// The partner is the same as another, which takes over its history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Merged {
    pub into: PartnerId,
    /// The stages that this partner passed are not taken over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_stages: bool,
    /// Whose word counts where both have one; missing in merges that were recorded before that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<MergeChoices>,
}

/// Who the partner is was erased from all that is recorded; what remains counts as before.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forgotten {}

/// Stands for events that could not be read when the file was rescued; none of a partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lost {
    /// How many numbers of events it stands for, its own with those behind it.
    pub events: i64,
}
