//! Joint business plans: revenue wanted by quarter, agreed by both sides, with what is to be done by when.

use chrono::Months;

use crate::lifecycle::base::day::Day;

/// The plan of one fiscal year, with all its versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    pub period: String,
    pub starts: Day,
    /// How often the partner had come back after leaving when it was drawn up.
    pub life: u32,
    /// In order; at least one.
    pub versions: Vec<PlanVersion>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanVersion {
    pub event: i64,
    pub day: Day,
    pub targets_minor: [i64; 4],
    pub sent: Option<Day>,
    pub agreed: Option<Day>,
    /// Who agreed for the partner, where that was said.
    pub agreed_by: Option<String>,
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
pub struct Review {
    pub event: i64,
    pub day: Day,
    pub period: String,
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
    pub plan: Option<String>,
    pub done: Option<Day>,
    pub life: u32,
}

impl PlanState {
    pub fn words(self) -> &'static str {
        match self {
            PlanState::Editing => "editing",
            PlanState::Waiting => "waiting for the partner",
            PlanState::Active => "active",
        }
    }
}

impl PlanVersion {
    pub fn state(&self) -> PlanState {
        match (self.sent, self.agreed) {
            (_, Some(_)) => PlanState::Active,
            (Some(_), None) => PlanState::Waiting,
            (None, None) => PlanState::Editing,
        }
    }

    pub fn year_minor(&self) -> i128 {
        self.targets_minor.iter().map(|target| i128::from(*target)).sum()
    }
}

impl Plan {
    /// The version that was drawn up last.
    pub fn newest(&self) -> Option<&PlanVersion> {
        self.versions.last()
    }

    /// The version that counts: the last one that both sides agreed to.
    pub fn active(&self) -> Option<&PlanVersion> {
        self.versions.iter().rev().find(|version| version.agreed.is_some())
    }
}

/// The first and the last day of each quarter of a year that starts on `starts`.
pub fn quarters_of(starts: Day) -> [(Day, Day); 4] {
    let first = |quarter: u32| {
        let date = starts.date().checked_add_months(Months::new(3 * quarter));
        date.and_then(Day::from_date).unwrap_or(Day::LAST)
    };
    [0, 1, 2, 3].map(|quarter| (first(quarter), first(quarter + 1).plus(-1)))
}

/// A year's target in four equal parts, to the minor unit; what can't be divided goes to the last quarters.
pub fn split(year_minor: i64) -> [i64; 4] {
    let (part, rest) = (year_minor.div_euclid(4), year_minor.rem_euclid(4));
    [0, 1, 2, 3].map(|quarter| part + i64::from(quarter >= 4 - rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_years_target_is_divided_to_the_minor_unit() {
        for year in [0, 1, 2, 3, 4, 399_999_999, i64::MAX] {
            assert_eq!(split(year).iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(year));
        }
        assert_eq!(split(10), [2, 2, 3, 3]);
    }

    #[test]
    fn quarters_follow_each_other_from_the_first_day_of_the_year() {
        let day = |text: &str| Day::parse_iso(text).expect("a day");
        let quarters = quarters_of(day("2025-07-01"));
        assert_eq!(quarters[0], (day("2025-07-01"), day("2025-09-30")));
        assert_eq!(quarters[3], (day("2026-04-01"), day("2026-06-30")));
    }
}
