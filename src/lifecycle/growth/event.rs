//! What happens to partners that grow, or do not. Names stand in users' files for ever.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// A business plan was drawn up or changed; it counts once both sides agreed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Planned {
    /// The fiscal year, such as `2026`.
    pub period: String,
    /// The first day of its first quarter, by the calendar of that day.
    pub starts: Day,
    /// Revenue wanted in each quarter, in minor units of the program's currency.
    pub targets_minor: [i64; 4],
}

/// We agree to the plan, and the partner has it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub period: String,
}

/// The partner agreed to the plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Agreed {
    pub period: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The business was reviewed with the partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reviewed {
    /// The quarter.
    pub period: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Something to be done by a day, as a part of a plan, or to improve.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tasked {
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub due: Day,
    /// The plan that it belongs to; none for one of an improvement plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
}

/// What was to be done is done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// The number of the event that brought the task.
    pub task: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// The partner does not perform and is on the watch list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Watched {
    pub reason: String,
}

/// An improvement plan runs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Improving {
    pub until: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is done with a partner that did not perform.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decided {
    pub outcome: DecidedAs,
    pub reason: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedAs {
    /// It performs again.
    Recover,
    LowerTier,
    /// It stays, without a channel manager's time.
    SelfService,
    Leave,
}

impl DecidedAs {
    pub const ALL: [DecidedAs; 4] =
        [DecidedAs::Recover, DecidedAs::LowerTier, DecidedAs::SelfService, DecidedAs::Leave];

    pub fn word(self) -> &'static str {
        match self {
            DecidedAs::Recover => "recover",
            DecidedAs::LowerTier => "lower-tier",
            DecidedAs::SelfService => "self-service",
            DecidedAs::Leave => "leave",
        }
    }

    pub fn from_word(word: &str) -> Option<DecidedAs> {
        DecidedAs::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// The partner has another tier, by what it reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tiered {
    pub tier: String,
    /// What was found, a sentence for each condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}
