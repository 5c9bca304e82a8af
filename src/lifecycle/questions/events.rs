//! What is recorded of questions, and what is known of them after that.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// The partner asks something.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Asked {
    pub text: String,
    /// Who at the partner asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Who of us is to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// A question was answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Replied {
    /// The number of the event that brought the question.
    pub question: i64,
    pub text: String,
}

/// A question of a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerQuestion {
    pub event: i64,
    pub day: Day,
    pub text: String,
    pub by: Option<String>,
    pub owner: Option<String>,
    pub reply: Option<QuestionAnswer>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuestionAnswer {
    pub event: i64,
    pub day: Day,
    pub text: String,
}
