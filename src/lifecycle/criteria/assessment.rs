//! Answered questionnaires: what was recorded of them, and what is known of them after that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::verdict::{AssessmentOutcome, Verdict, Verdicts};

/// A questionnaire was answered, as far as answers are known.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assessed {
    pub questionnaire: String,
    /// The number of the event that brought the program whose questionnaire was answered.
    pub version: i64,
    /// By question, in the form in which its type is written.
    pub answers: BTreeMap<String, String>,
    /// What proves an answer, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    pub outcome: AssessmentOutcome,
}

/// Questionnaires count as passed, whatever the answers that they have now came to; other answers are judged anew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Overridden {
    pub questionnaires: Vec<String>,
    pub reason: String,
}

/// One answered questionnaire.
#[derive(Clone, PartialEq, Debug)]
pub struct Assessment {
    pub event: i64,
    pub day: Day,
    pub assessed: Assessed,
    /// Since when it counts as passed whatever it came to, and why.
    pub overridden: Option<VerdictOverride>,
    /// How often the partner had come back after leaving by then; criteria start again each time.
    pub life: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerdictOverride {
    pub event: i64,
    pub day: Day,
    pub reason: String,
}

impl Assessment {
    /// Returns what it says of the partner, an override included.
    pub fn verdicts(&self) -> Verdicts {
        match self.overridden {
            Some(_) => Verdicts { worst: Verdict::Pass, best: Verdict::Pass },
            None => self.assessed.outcome.verdicts(),
        }
    }

    /// Returns whether the partner passes by it.
    pub fn passed(&self) -> bool {
        self.verdicts().decided() == Some(Verdict::Pass)
    }
}

/// Answers by question, in the form in which they are kept; nothing for one that is not known any more.
pub type Changes = BTreeMap<String, Option<String>>;
