//! `[non_performing]` of the program: the rule by which partners perform.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::sections::{MOST_DAYS, read_amount};

/// When a partner counts as not performing, and how long an improvement plan runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NonPerforming {
    pub rule: PerformanceRule,
    pub improvement_days: i64,
}

/// When a partner counts as not performing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PerformanceRule {
    pub measures: PerformanceMeasures,
    /// So many whole quarters in a row.
    pub quarters: i64,
    /// Days after it entered growth that are not judged.
    pub grace_days: i64,
}

/// What the revenue of a quarter is held against: the plan if there is one, else the same quarter of last year if
/// anything was sold in it, else an amount. At least one of them is set.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct PerformanceMeasures {
    /// Below so many percent of the target of the quarter.
    pub percent_of_plan: Option<i64>,
    /// Below so many percent of the revenue of the same quarter one year before.
    pub percent_of_last_year: Option<i64>,
    /// Below so much, in minor units.
    pub revenue_minor: Option<i64>,
}

impl PerformanceMeasures {
    /// Returns the rule that knows plans only.
    pub fn of_plan(percent: i64) -> PerformanceMeasures {
        PerformanceMeasures { percent_of_plan: Some(percent), ..PerformanceMeasures::default() }
    }

    /// Returns whether a partner is measured by its plan and by nothing else.
    pub fn plan_only(self) -> bool {
        self.percent_of_last_year.is_none() && self.revenue_minor.is_none()
    }
}

/// What is wrong with `[non_performing]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NonPerformingFault {
    NoMeasure,
    /// A number that it must have is missing.
    Missing {
        key: &'static str,
        example: &'static str,
    },
}

/// Reads `[non_performing]`: when a partner counts as not performing.
pub(crate) fn read_non_performing(
    mut section: Section,
    reader: &mut TomlReader,
    currency: Option<Currency>,
    scope: &mut Applies,
) -> Option<NonPerforming> {
    *scope = Applies::read(&mut section, reader);
    let percent_of_plan = section.whole(reader, "below_percent_of_plan", 1..=100);
    let percent_of_last_year = section.whole(reader, "below_percent_of_last_year", 1..=200);
    let revenue_minor = read_amount(&mut section, reader, "below_revenue_in_quarter", currency);
    let measures = PerformanceMeasures {
        percent_of_plan: percent_of_plan.map(|percent| percent.value),
        percent_of_last_year: percent_of_last_year.map(|percent| percent.value),
        revenue_minor,
    };
    let measured = measures != PerformanceMeasures::default();
    if !measured && reader.clean() {
        reader.fault(section.span(), NonPerformingFault::NoMeasure);
    }
    let mut required = |reader: &mut TomlReader, key, range, example| {
        let value = section.whole(reader, key, range);
        if value.is_none() {
            reader.fault(section.span(), NonPerformingFault::Missing { key, example });
        }
        value
    };
    let quarters = required(reader, "quarters", 1..=20, "2");
    let improvement = required(reader, "improvement_days", 1..=MOST_DAYS, "90");
    let grace = section.whole(reader, "grace_days", 0..=MOST_DAYS).map_or(0, |days| days.value);
    section.finish(reader);
    measured.then_some(())?;
    Some(NonPerforming {
        rule: PerformanceRule { measures, quarters: quarters?.value, grace_days: grace },
        improvement_days: improvement?.value,
    })
}
