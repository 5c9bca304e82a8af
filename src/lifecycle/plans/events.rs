//! What is recorded of plans, reviews and actions, and what is known of them after that.

use chrono::Months;
use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::stored::is_false;

/// A business plan was drawn up or changed; it counts once both sides agreed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Planned {
    /// The fiscal year, such as `2026`.
    pub period: String,
    /// The first day of its first quarter, by the calendar of that day.
    pub starts: Day,
    /// Revenue wanted in each quarter, in minor units of the program's currency; of quarters before `from` what they keep.
    pub targets_minor: [i64; 4],
    /// The day from which it counts, if that is not the first of the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// What else is wanted of the year, one for each measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<PlanGoal>,
}

/// A target of a plan beside its revenue, for all days of the year that the plan is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlanGoal {
    pub of: GoalMeasure,
    /// How many are wanted; of a product how much, in minor units of the program's currency.
    pub target: i64,
}

/// What a target beside revenue is of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoalMeasure {
    /// Revenue of one product.
    Product(String),
    /// Customers that the partner had sold nothing to before.
    Customers,
    /// Deals that the partner had sold nothing for before.
    Deals,
}

/// We agree to the plan, and the partner has it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub period: String,
    /// Its days; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
}

/// The partner agreed to the plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Agreed {
    pub period: String,
    /// Its days; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The business was reviewed with the partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reviewed {
    /// The quarter.
    pub period: String,
    /// Its days; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Something to be done by a day: a part of a plan, to improve, or a follow-up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tasked {
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub due: Day,
    /// The plan that it belongs to; none for one of an improvement plan, and for a follow-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The days of that plan; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_days: Option<DayRange>,
    /// It is a follow-up, which belongs to no plan: a partner can have it in any stage, parked or gone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub follow_up: bool,
}

/// What was to be done is done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// The number of the event that brought the task.
    pub task: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// It is a follow-up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub follow_up: bool,
}

/// What was to be done by a day is to be done by another one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskMoved {
    /// The number of the event that brought the task.
    pub task: i64,
    /// The day by which it had been due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    pub to: Day,
    pub reason: String,
    /// It is a follow-up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub follow_up: bool,
}

/// What was to be done is to be done by somebody else.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskGiven {
    /// The number of the event that brought the task.
    pub task: i64,
    /// Who was to do it: its assignee, or else the owner of the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It is a follow-up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub follow_up: bool,
}

/// What was to be done is not to be done any more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TaskDropped {
    /// The number of the event that brought the task.
    pub task: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It is a follow-up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub follow_up: bool,
}

/// The plan of one fiscal year, with all its versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BusinessPlan {
    pub days: DayRange,
    /// What the year was called when the plan was drawn up.
    pub called: String,
    /// In order; at least one.
    pub versions: Vec<PlanVersion>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanVersion {
    /// The event that drew it up; none if that is not known any more.
    pub event: Option<i64>,
    pub day: Day,
    pub targets_minor: [i64; 4],
    /// The day from which it counts, if that is not the first of the year; before it an earlier version does.
    pub from: Option<Day>,
    /// The last day on which it counts, if its partner left and was then merged into another.
    pub until: Option<Day>,
    pub goals: Vec<PlanGoal>,
    pub sent: Option<Day>,
    pub agreed: Option<Day>,
    /// Who agreed for the partner, if that was said.
    pub agreed_by: Option<String>,
}

/// One version of the plan of a fiscal year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlanFact<'f> {
    pub year: DayRange,
    pub version: &'f PlanVersion,
}

impl PlanFact<'_> {
    /// Returns whether both sides had agreed to it by `day`.
    pub fn agreed_by(self, day: Day) -> bool {
        self.version.agreed.is_some_and(|on| on <= day)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlanState {
    /// We work on it.
    Editing,
    /// The partner has it.
    Waiting,
    /// Both agreed.
    Active,
}

/// A business review of one quarter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BusinessReview {
    pub event: i64,
    pub day: Day,
    /// The quarter.
    pub days: DayRange,
    pub text: Option<String>,
    pub life: u32,
}

/// Something to be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    pub event: i64,
    pub day: Day,
    pub what: String,
    pub owner: Option<String>,
    pub due: Day,
    /// The days of the plan that it belongs to; none for one of an improvement plan.
    pub plan: Option<DayRange>,
    pub done: Option<Day>,
    /// What came of it.
    pub outcome: Option<String>,
    pub life: u32,
    pub follow_up: bool,
    /// How its due day was moved, in order.
    pub moves: Vec<DueMove>,
    /// Since when it is not to be done any more.
    pub dropped: Option<Day>,
    /// How it was given to somebody else, in order.
    pub hands: Vec<TaskHand>,
}

/// A task was given to somebody else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskHand {
    pub day: Day,
    /// Its assignee until then; none if it was the work of the partner's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
}

impl Task {
    /// Returns whether it is still to be done: wherever the partner stands, until it is done or dropped.
    pub fn is_open(&self) -> bool {
        self.done.is_none() && self.dropped.is_none()
    }
}

impl PlanState {
    /// Returns the word for machines.
    pub fn word(self) -> &'static str {
        match self {
            PlanState::Editing => "editing",
            PlanState::Waiting => "waiting for the partner",
            PlanState::Active => "active",
        }
    }
}

impl GoalMeasure {
    /// Returns the word for machines.
    pub fn word(&self) -> &'static str {
        match self {
            GoalMeasure::Product(_) => "product",
            GoalMeasure::Customers => "customers",
            GoalMeasure::Deals => "deals",
        }
    }

    /// Returns the product, if it is of one.
    pub fn product(&self) -> Option<&str> {
        match self {
            GoalMeasure::Product(product) => Some(product),
            GoalMeasure::Customers | GoalMeasure::Deals => None,
        }
    }
}

impl PlanVersion {
    /// Returns where the version stands: being edited, waiting for the partner, or agreed.
    pub fn state(&self) -> PlanState {
        match (self.sent, self.agreed) {
            (_, Some(_)) => PlanState::Active,
            (Some(_), None) => PlanState::Waiting,
            (None, None) => PlanState::Editing,
        }
    }

    /// Returns the first day that it plans; `year` are the days of its plan.
    pub(crate) fn first_day(&self, year: DayRange) -> Day {
        self.from.map_or(year.first, |from| from.max(year.first))
    }

    /// Returns the days on which it counts, unless another one does; `year` are the days of its plan.
    pub(crate) fn counted_days(&self, year: DayRange) -> DayRange {
        let last = self.until.map_or(year.last, |until| until.min(year.last));
        DayRange { first: self.first_day(year), last }
    }

    /// Adds up the targets of the year, in minor units.
    pub fn year_minor(&self) -> i128 {
        self.targets_minor.iter().map(|target| i128::from(*target)).sum()
    }
}

impl BusinessPlan {
    /// Returns the version that was drawn up last.
    pub fn newest(&self) -> Option<&PlanVersion> {
        self.versions.last()
    }

    /// Returns the first day that it plans.
    pub fn begins(&self) -> Day {
        begins(self.days, self.versions.iter())
    }

    /// Returns the version that counts: the last one that both sides agreed to.
    pub fn active(&self) -> Option<&PlanVersion> {
        self.versions.iter().rev().find(|version| version.agreed.is_some())
    }
}

/// Returns the days of each quarter of a year that starts on `starts`.
pub(crate) fn quarters_of(starts: Day) -> [DayRange; 4] {
    let first = |quarter: u32| {
        let date = starts.date().checked_add_months(Months::new(3 * quarter));
        date.and_then(Day::from_date).unwrap_or(Day::LAST)
    };
    [0, 1, 2, 3].map(|quarter| DayRange { first: first(quarter), last: first(quarter + 1).plus(-1) })
}

/// Returns the first day that a plan of these days has a target for: by the versions that were agreed, or else by the newest.
pub(crate) fn begins<'v>(year: DayRange, versions: impl DoubleEndedIterator<Item = &'v PlanVersion>) -> Day {
    let (mut agreed, mut newest) = (None, None);
    for version in versions {
        let from = version.first_day(year);
        newest = Some(from);
        if version.agreed.is_some() {
            agreed = Some(agreed.map_or(from, |before: Day| before.min(from)));
        }
    }
    agreed.or(newest).unwrap_or(year.first)
}

/// Returns the days of the fiscal year that starts on `starts`.
pub(crate) fn year_of(starts: Day) -> DayRange {
    DayRange { first: starts, last: quarters_of(starts)[3].last }
}

/// Divides a year's target among its quarters, to the minor unit.
pub(crate) fn quarterly(year_minor: i64) -> [i64; 4] {
    let mut quarters = [0; 4];
    quarters.iter_mut().zip(split(year_minor, 4)).for_each(|(quarter, part)| *quarter = part);
    quarters
}

/// Divides a target into so many equal parts, to the minor unit; what can't be divided goes to the last ones.
pub(crate) fn split(target_minor: i64, parts: usize) -> Vec<i64> {
    let count = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
    let (part, rest) = (target_minor.div_euclid(count), target_minor.rem_euclid(count));
    (0..count).map(|at| part + i64::from(at >= count - rest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_years_target_is_divided_to_the_minor_unit() {
        for year in [0, 1, 2, 3, 4, 399_999_999, i64::MAX] {
            assert_eq!(split(year, 4).iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(year));
        }
        assert_eq!(split(10, 4), [2, 2, 3, 3]);
        assert_eq!(split(100, 3), [33, 33, 34]);
    }

    #[test]
    fn quarters_follow_each_other_from_the_first_day_of_the_year() {
        let day = |text: &str| Day::parse_iso(text).expect("a day");
        let quarters = quarters_of(day("2025-07-01"));
        let days = |first: &str, last: &str| DayRange { first: day(first), last: day(last) };
        assert_eq!(quarters[0], days("2025-07-01", "2025-09-30"));
        assert_eq!(quarters[3], days("2026-04-01", "2026-06-30"));
    }
}
