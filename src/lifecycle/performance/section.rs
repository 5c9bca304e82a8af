//! `[non_performing]` of the program: the rule by which partners perform.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::Currency;
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
    pub measure: PerformanceMeasure,
    /// So many whole quarters in a row.
    pub quarters: i64,
    /// Days after it entered growth that are not judged.
    pub grace_days: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PerformanceMeasure {
    /// Revenue of a quarter below so many percent of its target.
    PercentOfPlan(i64),
    /// Revenue of a quarter below so much, in minor units.
    Revenue(i64),
}

/// What is wrong with `[non_performing]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NonPerformingFault {
    /// It measures by plan and by revenue.
    TwoMeasures,
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
) -> Option<NonPerforming> {
    let percent = section.whole(reader, "below_percent_of_plan", 1..=100);
    let revenue = read_amount(&mut section, reader, "below_revenue_in_quarter", currency);
    let measure = match (&percent, revenue) {
        (Some(percent), None) => Some(PerformanceMeasure::PercentOfPlan(percent.value)),
        (None, Some(minor)) => Some(PerformanceMeasure::Revenue(minor)),
        (Some(percent), Some(_)) => {
            reader.fault(&percent.span, NonPerformingFault::TwoMeasures);
            None
        }
        (None, None) => {
            if reader.clean() {
                reader.fault(section.span(), NonPerformingFault::NoMeasure);
            }
            None
        }
    };
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
    Some(NonPerforming {
        rule: PerformanceRule { measure: measure?, quarters: quarters?.value, grace_days: grace },
        improvement_days: improvement?.value,
    })
}
