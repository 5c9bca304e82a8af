//! What is recorded of milestones, and what is known of them after that.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::stored::is_false;

/// A milestone was reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Done {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The days of the period; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Who did it, if that is not who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// A milestone does not apply to this partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Skipped {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The days of the period; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    pub reason: String,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// A milestone that was done or skipped is open again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reopened {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The days of the period; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// The day by which a milestone is due was moved for this partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DueMoved {
    pub milestone: String,
    /// The stage whose visit it belongs to; none for an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The period of one that recurs, as it was called then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The days of that period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    /// The day by which it had been due; none if it had no due day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The day by which it would be due if it had never been moved; none if the program gives it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Day>,
    pub to: Day,
    pub reason: String,
}

/// How the due day of a milestone was moved once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovedDue {
    pub milestone: String,
    /// None for an item of the list for partners that leave.
    pub stage: Option<String>,
    /// The days of the period of one that recurs.
    pub days: Option<DayRange>,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
    /// The first day of the visit to its stage, or of the absence, in which it was moved.
    pub entered: Day,
    pub moved: DueMove,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MilestoneRecord {
    pub event: i64,
    pub day: Day,
    pub milestone: String,
    /// The period of one that recurs.
    pub period: Option<RecordedPeriod>,
    pub status: Status,
    /// How often the partner had come back after leaving by then; milestones start again each time.
    pub life: u32,
}

/// The period of which a milestone was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordedPeriod {
    pub days: DayRange,
    /// What it was called then.
    pub called: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    Done { evidence: Option<String>, by: Option<String> },
    Skipped { reason: String },
    Reopened { reason: Option<String> },
}
