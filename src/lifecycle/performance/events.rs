//! What is recorded of partners that do not perform, and what is known of them after that.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

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

    /// Returns the word that is stored for the decision.
    pub fn word(self) -> &'static str {
        match self {
            DecidedAs::Recover => "recover",
            DecidedAs::LowerTier => "lower-tier",
            DecidedAs::SelfService => "self-service",
            DecidedAs::Leave => "leave",
        }
    }

    /// Reads the word that is stored for a decision.
    pub fn from_word(word: &str) -> Option<DecidedAs> {
        DecidedAs::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// One step, from its day until the next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchRecord {
    pub day: Day,
    pub step: WatchStep,
    pub reason: Option<String>,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchStep {
    Watched,
    Improving { until: Day },
    Decided(DecidedAs),
}

/// Where a partner stands in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchStatus {
    /// Nothing is done, and nothing was decided.
    None,
    Watched {
        since: Day,
    },
    Improving {
        since: Day,
        until: Day,
    },
    /// It was decided on this day; what came before is settled.
    Settled {
        on: Day,
        outcome: DecidedAs,
    },
}

impl WatchStep {
    /// Returns the word that is stored for the step.
    pub fn word(self) -> &'static str {
        match self {
            WatchStep::Watched => "watch",
            WatchStep::Improving { .. } => "improvement",
            WatchStep::Decided(outcome) => outcome.word(),
        }
    }

    /// Reads the word that is stored for a step; an improvement plan has an end beside it.
    pub fn from_word(word: &str, until: Option<Day>) -> Option<WatchStep> {
        match word {
            "watch" => Some(WatchStep::Watched),
            "improvement" => until.map(|until| WatchStep::Improving { until }),
            _ => DecidedAs::from_word(word).map(WatchStep::Decided),
        }
    }
}

impl WatchStatus {
    /// Returns the status that the newest step leaves.
    pub fn after(newest: Option<(Day, WatchStep)>) -> WatchStatus {
        match newest {
            None => WatchStatus::None,
            Some((since, WatchStep::Watched)) => WatchStatus::Watched { since },
            Some((since, WatchStep::Improving { until })) => WatchStatus::Improving { since, until },
            Some((on, WatchStep::Decided(outcome))) => WatchStatus::Settled { on, outcome },
        }
    }

    /// Returns the word for the status; none if nothing is done, and nothing was decided.
    pub fn word(self) -> Option<&'static str> {
        match self {
            WatchStatus::None => None,
            WatchStatus::Watched { .. } => Some("watched"),
            WatchStatus::Improving { .. } => Some("improving"),
            WatchStatus::Settled { outcome, .. } => Some(outcome.word()),
        }
    }

    /// Tells whether a decision is still to come.
    pub fn is_open(self) -> bool {
        matches!(self, WatchStatus::Watched { .. } | WatchStatus::Improving { .. })
    }
}
