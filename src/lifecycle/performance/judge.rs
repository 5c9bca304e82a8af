//! Judging by the rule, from what was sold and what was planned.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::percent::Ratio;
use crate::lifecycle::base::period::{Calendar, Every, Period};
use crate::lifecycle::performance::plan_lack::PlanLack;
use crate::lifecycle::performance::section::{PerformanceMeasures, PerformanceRule};
use crate::lifecycle::plans::planned::PlannedDays;
use crate::lifecycle::revenue::events::{SaleFact, sold_between};
use crate::lifecycle::revenue::reporting::{ReportCalendars, ReportingRule};

/// What is known of a partner that stands in growth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actuals<'a, S> {
    /// The day on which it first entered growth since it last came back; the grace begins there.
    pub launched: Day,
    /// Since when it stands there now.
    pub since: Day,
    /// Since when it is watched: what was sold before that is known in part at most.
    pub observed_from: Day,
    /// In order of day.
    pub sales: &'a [S],
    /// What both sides agreed to.
    pub planned: &'a PlannedDays,
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
    /// What it is held against; none if nothing that the rule knows of applies.
    pub yardstick: Option<QuarterYardstick>,
    /// Whether it lies below; nothing if that can't be known.
    pub below: Option<bool>,
    /// Nothing of it is reported, and reports are owed.
    pub unreported: bool,
}

/// What the revenue of a quarter is held against.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum QuarterYardstick {
    /// So many percent of the target.
    Plan { percent: i64, target_minor: i128 },
    /// So many percent of what was sold in the same quarter one year before.
    LastYear { percent: i64, quarter: Period, sold_minor: i128 },
    /// An amount.
    Revenue { least_minor: i64 },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Performance {
    /// Not long enough in growth for the rule.
    TooEarly,
    /// A quarter has no plan, and the rule knows nothing else.
    NoPlan,
    /// For a quarter there is neither a plan nor anything else that the rule knows of.
    NoYardstick,
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
    /// Why quarters have no plan, of a partner that cannot be judged for that.
    pub plan_lack: Option<PlanLack>,
}

impl Performance {
    pub const ALL: [Performance; 6] = [
        Performance::TooEarly,
        Performance::NoPlan,
        Performance::NoYardstick,
        Performance::Unreported,
        Performance::Performing,
        Performance::Under,
    ];

    /// Returns the judgement in a word.
    pub fn word(self) -> &'static str {
        match self {
            Performance::TooEarly => "too early",
            Performance::NoPlan => "no plan",
            Performance::NoYardstick => "no yardstick",
            Performance::Unreported => "reports owed",
            Performance::Performing => "performing",
            Performance::Under => "underperforming",
        }
    }
}

/// Judges a partner by the quarters that are over on `day`.
pub(crate) fn judge<S: SaleFact>(
    rule: &PerformanceRule,
    calendars: ReportCalendars,
    reporting: Option<&ReportingRule>,
    of: &Actuals<S>,
    day: Day,
) -> Judged {
    let calendar = calendars.now;
    let from = of.launched.plus(rule.grace_days).max(of.since);
    let from = of.settled.map_or(from, |settled| from.max(settled.plus(1)));
    let mut periods = ReportCalendars::from(calendar).over(Every::Quarter, from, day);
    let wanted = usize::try_from(rule.quarters).unwrap_or(usize::MAX);
    if periods.len() < wanted {
        return Judged { performance: Performance::TooEarly, quarters: Vec::new(), plan_lack: None };
    }
    let last = periods.split_off(periods.len() - wanted);
    let owed = match (reporting, of.cadence) {
        (Some(reporting), Some(every)) => {
            let days = of.sales.iter().map(|sale| (sale.first_day(), sale.day()));
            // All of the quarter is wanted, whether it was due by then or not.
            ReportingRule { due_days: 0, ..reporting.clone() }.owed(calendars, every, of.since, days, day)
        }
        _ => Vec::new(),
    };
    let quarters: Vec<JudgedQuarter> =
        last.into_iter().map(|period| quarter(rule.measures, calendar, of, &owed, period)).collect();
    // How it performs now is not known without the newest quarter, however good those before it were.
    let is_unreported =
        |one: &JudgedQuarter| one.unreported && one.below.is_none() && one.yardstick.is_some();
    let performance = match () {
        () if quarters.last().is_some_and(is_unreported) => Performance::Unreported,
        () if quarters.iter().any(|one| one.below == Some(false)) => Performance::Performing,
        () if quarters.iter().all(|one| one.below == Some(true)) => Performance::Under,
        () if quarters.iter().all(|one| one.yardstick.is_some()) => Performance::Unreported,
        () if rule.measures.plan_only() => Performance::NoPlan,
        () => Performance::NoYardstick,
    };
    Judged { performance, quarters, plan_lack: None }
}

fn quarter<S: SaleFact>(
    measures: PerformanceMeasures,
    calendar: Calendar,
    of: &Actuals<S>,
    owed: &[Period],
    period: Period,
) -> JudgedQuarter {
    let within = |day: Day| (period.first..=period.last).contains(&day);
    let from = of.sales.partition_point(|sale| sale.day() < period.first);
    let actual_minor = sold_between(of.sales, period.first, period.last);
    let target_minor = of.planned.whole(period.days());
    // A quarter of which anything is reported counts as far as it is.
    let any = of.sales.get(from).is_some_and(|sale| within(sale.day()));
    let unreported = !any && owed.iter().any(|one| within(one.last));
    let yardstick = by_plan(measures, target_minor)
        .or_else(|| by_last_year(measures, calendar, of, &period))
        .or_else(|| Some(QuarterYardstick::Revenue { least_minor: measures.revenue_minor? }));
    // What is not reported could lift it; what lies above stays above.
    let below = yardstick.as_ref().map(|one| one.is_missed(actual_minor));
    let below = below.filter(|below| !(*below && unreported));
    JudgedQuarter { period, actual_minor, target_minor, yardstick, below, unreported }
}

fn by_plan(measures: PerformanceMeasures, target_minor: Option<i128>) -> Option<QuarterYardstick> {
    let (percent, target_minor) = (measures.percent_of_plan?, target_minor.filter(|target| *target > 0)?);
    Some(QuarterYardstick::Plan { percent, target_minor })
}

/// Returns the same quarter one year before, if it was watched from its first day and anything was sold in it.
fn by_last_year<S: SaleFact>(
    measures: PerformanceMeasures,
    calendar: Calendar,
    of: &Actuals<S>,
    period: &Period,
) -> Option<QuarterYardstick> {
    let percent = measures.percent_of_last_year?;
    let quarter = calendar.containing(period.first.months_before(12), Every::Quarter)?;
    let sold_minor = sold_between(of.sales, quarter.first, quarter.last);
    let known = of.observed_from <= quarter.first && sold_minor > 0;
    known.then_some(QuarterYardstick::LastYear { percent, quarter, sold_minor })
}

impl QuarterYardstick {
    /// Returns the word for it.
    pub fn word(&self) -> &'static str {
        match self {
            QuarterYardstick::Plan { .. } => "plan",
            QuarterYardstick::LastYear { .. } => "last year",
            QuarterYardstick::Revenue { .. } => "revenue",
        }
    }

    /// Returns whether the revenue of a quarter lies below it.
    pub fn is_missed(&self, actual_minor: i128) -> bool {
        match self {
            QuarterYardstick::Revenue { least_minor } => actual_minor < i128::from(*least_minor),
            QuarterYardstick::Plan { percent, .. } | QuarterYardstick::LastYear { percent, .. } => {
                self.ratio(actual_minor).is_some_and(|ratio| ratio.is_below(*percent))
            }
        }
    }

    /// Returns the revenue of a quarter as a ratio to the plan or to last year; none beside an amount.
    pub fn ratio(&self, actual_minor: i128) -> Option<Ratio> {
        match self {
            QuarterYardstick::Plan { target_minor: whole, .. }
            | QuarterYardstick::LastYear { sold_minor: whole, .. } => Ratio::of(actual_minor, *whole),
            QuarterYardstick::Revenue { .. } => None,
        }
    }

    /// Returns the least revenue of a quarter that is not below it, in minor units.
    pub fn least_minor(&self) -> i128 {
        let share = |whole: i128, percent: i64| {
            let hundredths = whole.saturating_mul(i128::from(percent));
            hundredths / 100 + i128::from(hundredths % 100 != 0)
        };
        match self {
            QuarterYardstick::Plan { percent, target_minor } => share(*target_minor, *percent),
            QuarterYardstick::LastYear { percent, sold_minor, .. } => share(*sold_minor, *percent),
            QuarterYardstick::Revenue { least_minor } => i128::from(*least_minor),
        }
    }
}

impl JudgedQuarter {
    /// Returns how much is missing, in minor units; none if it does not lie below, or if that can't be known.
    pub fn short_minor(&self) -> Option<i128> {
        let yardstick = self.yardstick.as_ref().filter(|_| self.below == Some(true))?;
        Some(yardstick.least_minor() - self.actual_minor)
    }
}

impl Judged {
    /// Returns the newest quarter of which nothing is reported though it is judged, if that is why nothing can be said.
    pub fn not_reported(&self) -> Option<&Period> {
        let unreported = self.quarters.iter().rev().find(|one| one.unreported)?;
        (self.performance == Performance::Unreported).then_some(&unreported.period)
    }

    /// Returns how much is missing in all judged quarters, in minor units; none if none lies below.
    pub fn short_minor(&self) -> Option<i128> {
        let missing = self.quarters.iter().filter_map(JudgedQuarter::short_minor);
        missing.reduce(i128::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::plans::events::{PlanFact, PlanVersion, year_of};
    use crate::lifecycle::revenue::events::Sale;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    fn sale(on: &str, amount_minor: i64) -> Sale {
        Sale {
            event: 1,
            day: day(on),
            amount_minor,
            parts_minor: 0,
            period: None,
            reference: None,
            detail: None,
            ties: None,
            first: None,
        }
    }

    /// Judges 2026-Q3 of a partner that is watched since `observed_from`.
    fn judged(
        measures: PerformanceMeasures,
        sales: &[Sale],
        target: Option<i64>,
        observed_from: &str,
    ) -> Judged {
        let calendar = Calendar::new(1).expect("a calendar");
        let rule = PerformanceRule { measures, quarters: 1, grace_days: 0 };
        let agreed = day("2026-01-10");
        let version = PlanVersion {
            event: None,
            goals: Vec::new(),
            day: agreed,
            targets_minor: [0, 0, target.unwrap_or(0), 0],
            from: None,
            until: None,
            sent: Some(agreed),
            agreed: target.map(|_| agreed),
            agreed_by: None,
        };
        let plan = PlanFact { year: year_of(day("2026-01-01")), version: &version };
        let planned = PlannedDays::of(std::iter::once(plan), &[], day("2026-10-05"));
        let actuals = Actuals {
            launched: day("2025-01-01"),
            since: day("2025-01-01"),
            observed_from: day(observed_from),
            sales,
            planned: &planned,
            settled: None,
            cadence: None,
        };
        judge(&rule, calendar.into(), None, &actuals, day("2026-10-05"))
    }

    const ALL: PerformanceMeasures = PerformanceMeasures {
        percent_of_plan: Some(50),
        percent_of_last_year: Some(70),
        revenue_minor: Some(1_000),
    };

    #[test]
    fn a_quarter_is_judged_by_the_plan_else_by_last_year_else_by_an_amount() {
        let sales = [sale("2025-08-01", 2_000), sale("2026-08-01", 1_300)];
        let by = |sales: &[Sale], target: Option<i64>, observed: &str| {
            let judged = judged(ALL, sales, target, observed);
            let quarter = &judged.quarters[0];
            (
                quarter.yardstick.as_ref().map(QuarterYardstick::word),
                judged.performance,
                quarter.short_minor(),
            )
        };
        let (under, performing) = (Performance::Under, Performance::Performing);
        assert_eq!(by(&sales, Some(2_600), "2025-01-01"), (Some("plan"), performing, None));
        assert_eq!(by(&sales, Some(2_601), "2025-01-01"), (Some("plan"), under, Some(1)));
        // A target of nothing is no plan.
        assert_eq!(by(&sales, Some(0), "2025-07-01"), (Some("last year"), under, Some(100)));
        assert_eq!(by(&sales, None, "2025-07-01"), (Some("last year"), under, Some(100)));
        // Last year is known in part only, or nothing was sold in it.
        assert_eq!(by(&sales, None, "2025-07-02"), (Some("revenue"), performing, None));
        assert_eq!(by(&sales[1..], None, "2025-01-01"), (Some("revenue"), performing, None));
        assert_eq!(by(&[], None, "2025-01-01"), (Some("revenue"), under, Some(1_000)));
    }

    #[test]
    fn whoever_nothing_of_the_rule_fits_has_no_yardstick_and_with_plans_only_no_plan() {
        let both = PerformanceMeasures { revenue_minor: None, ..ALL };
        let sales = [sale("2026-08-01", 1_300)];
        let of = |measures: PerformanceMeasures| judged(measures, &sales, None, "2025-01-01").performance;
        assert_eq!(of(both), Performance::NoYardstick);
        assert_eq!(of(PerformanceMeasures::of_plan(50)), Performance::NoPlan);
        assert_eq!(of(PerformanceMeasures { percent_of_plan: None, ..both }), Performance::NoYardstick);
    }
}
