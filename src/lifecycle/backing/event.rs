//! What happens behind the stages. Names stand in users' files for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// Values were agreed with the partner. `None` gives a term up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TermsAgreed {
    pub values: BTreeMap<String, Option<String>>,
    /// The first day on which they hold; without it, the day of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day on which they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Who agreed for the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl TermsAgreed {
    /// What is agreed, in words.
    pub fn in_words(&self) -> String {
        let mut parts: Vec<String> = self
            .values
            .iter()
            .map(|(term, value)| match value {
                Some(value) => format!("{term} is {value}"),
                None => format!("{term} is given up"),
            })
            .collect();
        parts.extend(self.from.map(|from| format!("from {from}")));
        parts.extend(self.until.map(|until| format!("until {until}")));
        parts.join(", ")
    }
}

/// A person of the partner passed a course.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Certified {
    /// The e-mail address or the name by which the contact is known.
    pub person: String,
    pub course: String,
    /// The last day on which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// The partner got a version of a material.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Delivered {
    pub material: String,
    pub version: String,
}

/// Money for marketing came to a partner as a share of its revenue, or less of it after all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Accrued {
    pub fund: String,
    /// The quarter whose revenue brought it.
    pub period: String,
    pub amount_minor: i64,
    /// The last day on which it can be approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// Money for marketing was given to a partner from a budget.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Granted {
    pub fund: String,
    /// The fiscal year whose budget it comes from.
    pub period: String,
    pub amount_minor: i64,
    /// The last day on which it can be approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// The partner asks for money for an activity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Requested {
    pub fund: String,
    /// The kind of activity, such as `webinar`.
    pub activity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    pub starts: Day,
    pub ends: Day,
    /// What it costs in all.
    pub cost_minor: i64,
    /// What we are asked for; the rest is the partner's share.
    pub asked_minor: i64,
    /// The pipeline that is expected of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Money is set aside for a request.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Approved {
    /// The number of the event that brought the request.
    pub request: i64,
    pub amount_minor: i64,
    /// The last day on which it can be claimed.
    pub claim_by: Day,
}

/// A request, or a claim, is refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// The number of the event that brought it.
    pub what: i64,
    pub reason: String,
}

/// The partner did what was approved and wants the money.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claimed {
    pub request: i64,
    pub amount_minor: i64,
    /// What proves it, such as the number of an invoice.
    pub proof: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads: Option<i64>,
    /// The pipeline that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_minor: Option<i64>,
}

/// A claim was paid.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Paid {
    /// The number of the event that brought the claim.
    pub claim: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Nothing more comes of a request; what is left of it goes back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Closed {
    pub request: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What was written to many; it is of no partner, and comes before those who were told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Announced {
    pub announcement: String,
    pub subject: String,
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Day>,
    /// To whom it is addressed: partners of which all of this holds. None where single partners were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
}

/// The partner was told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Told {
    pub announcement: String,
    pub subject: String,
    /// The e-mail addresses or names of the contacts who were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// The day on which the public is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Day>,
    /// How many days before it the partner was to be told, as agreed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<i64>,
}

/// The partner answered an announcement.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answered {
    pub announcement: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

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
