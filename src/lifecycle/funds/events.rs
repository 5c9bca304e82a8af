//! What happens to the money of funds. Names stand in users' files for ever.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;

/// Money for marketing came to a partner as a share of its revenue, or less of it after all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Accrued {
    pub fund: String,
    /// The quarter whose revenue brought it.
    pub period: String,
    /// Its days; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    pub amount_minor: i64,
    /// The last day on which it can be approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The percentage of revenue by which it was worked out; none if that was not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<String>,
    /// The tier of the partner on the last day of the quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
}

/// Money for marketing was given to a partner from a budget.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Granted {
    pub fund: String,
    /// The fiscal year whose budget it comes from.
    pub period: String,
    /// Its days; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
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

/// A grant, or a part of it, was taken back into the budget; nobody had requested it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TakenBack {
    /// The number of the event that granted it.
    pub grant: i64,
    pub amount_minor: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Money that nobody had requested expired before its last day, because we said so.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Expired {
    pub fund: String,
    pub amount_minor: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A claim was paid, or a part of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Paid {
    /// The number of the event that brought the claim.
    pub claim: i64,
    /// All that was not paid of it if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
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
