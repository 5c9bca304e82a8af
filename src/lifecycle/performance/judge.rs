//! Judging by the rule, from what was sold and what was planned.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Calendar, Every, Period};
use crate::lifecycle::performance::section::{PerformanceMeasure, PerformanceRule};
use crate::lifecycle::revenue::events::{SaleFact, sold_between};
use crate::lifecycle::revenue::reporting::{ReportingRule, owed};

/// What is known of a partner that stands in growth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actuals<'a, S> {
    /// The day on which it first entered growth since it last came back; the grace begins there.
    pub launched: Day,
    /// Since when it stands there now.
    pub since: Day,
    /// In order of day.
    pub sales: &'a [S],
    /// Quarters with a target that both sides agreed to: first day, last day, target in minor units.
    pub targets: &'a [(Day, Day, i64)],
    /// Up to this day it is settled: a decision was taken, or nothing is known.
    pub settled: Option<Day>,
    /// How often it reports; none if it need not.
    pub cadence: Option<Every>,
}

/// A quarter that was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JudgedQuarter {
    pub period: Period,
    pub actual_minor: i128,
    /// The target, if there is a plan.
    pub target_minor: Option<i128>,
    /// Whether it lies below; nothing if that can't be known.
    pub below: Option<bool>,
    /// Nothing of it is reported, and reports are owed.
    pub unreported: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Performance {
    /// Not long enough in growth for the rule.
    TooEarly,
    /// A quarter has no plan.
    NoPlan,
    /// Reports are owed without which it can't be said.
    Unreported,
    Performing,
    Under,
}

/// The quarters that the rule looks at, oldest first, and what they come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    pub performance: Performance,
    pub quarters: Vec<JudgedQuarter>,
}

impl Performance {
    pub const ALL: [Performance; 5] = [
        Performance::TooEarly,
        Performance::NoPlan,
        Performance::Unreported,
        Performance::Performing,
        Performance::Under,
    ];

    /// Returns the judgement in a word.
    pub fn word(self) -> &'static str {
        match self {
            Performance::TooEarly => "too early",
            Performance::NoPlan => "no plan",
            Performance::Unreported => "reports owed",
            Performance::Performing => "performing",
            Performance::Under => "underperforming",
        }
    }
}

/// Judges a partner by the quarters that are over on `day`.
pub(crate) fn judge<S: SaleFact>(
    rule: &PerformanceRule,
    calendar: Calendar,
    reporting: Option<&ReportingRule>,
    of: &Actuals<S>,
    day: Day,
) -> Judged {
    let from = of.launched.plus(rule.grace_days).max(of.since);
    let from = of.settled.map_or(from, |settled| from.max(settled.plus(1)));
    let mut periods = owed(calendar, Every::Quarter, from, day);
    let wanted = usize::try_from(rule.quarters).unwrap_or(usize::MAX);
    if periods.len() < wanted {
        return Judged { performance: Performance::TooEarly, quarters: Vec::new() };
    }
    let last = periods.split_off(periods.len() - wanted);
    let owed = match (reporting, of.cadence) {
        (Some(reporting), Some(every)) => {
            let days = of.sales.iter().map(|sale| (sale.day(), sale.day()));
            // All of the quarter is wanted, whether it was due by then or not.
            ReportingRule { due_days: 0, ..reporting.clone() }.owed(calendar, every, of.since, days, day)
        }
        _ => Vec::new(),
    };
    let quarters: Vec<JudgedQuarter> =
        last.into_iter().map(|period| quarter(rule, of, &owed, period)).collect();
    let by_plan = matches!(rule.measure, PerformanceMeasure::PercentOfPlan(_));
    let performance = match () {
        () if quarters.iter().any(|one| one.below == Some(false)) => Performance::Performing,
        () if quarters.iter().all(|one| one.below == Some(true)) => Performance::Under,
        () if by_plan && quarters.iter().any(|one| one.target_minor.is_none_or(|target| target <= 0)) => {
            Performance::NoPlan
        }
        () => Performance::Unreported,
    };
    Judged { performance, quarters }
}

fn quarter<S: SaleFact>(
    rule: &PerformanceRule,
    of: &Actuals<S>,
    owed: &[Period],
    period: Period,
) -> JudgedQuarter {
    let within = |day: Day| (period.first..=period.last).contains(&day);
    let from = of.sales.partition_point(|sale| sale.day() < period.first);
    let actual_minor = sold_between(of.sales, period.first, period.last);
    let target =
        of.targets.iter().rev().find(|(first, last, _)| (*first, *last) == (period.first, period.last));
    let target_minor = target.map(|(.., target)| i128::from(*target));
    // A quarter of which anything is reported counts as far as it is.
    let any = of.sales.get(from).is_some_and(|sale| within(sale.day()));
    let unreported = !any && owed.iter().any(|one| within(one.last));
    let below = match rule.measure {
        PerformanceMeasure::Revenue(least) => Some(actual_minor < i128::from(least)),
        PerformanceMeasure::PercentOfPlan(percent) => target_minor
            .filter(|target| *target > 0)
            .map(|target| actual_minor * 100 < target * i128::from(percent)),
    };
    // What is not reported could lift it; what lies above stays above.
    let below = below.filter(|below| !(*below && unreported));
    JudgedQuarter { period, actual_minor, target_minor, below, unreported }
}
