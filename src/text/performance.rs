//! Partners that do not perform: watch list, improvement plan, decision.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::performance::{
    Decided, DecidedAs, Improving, Judged, JudgedQuarter, NonPerformingFault, Performance,
    PerformanceMeasures, PerformanceRefusal, PlanLack, QuarterYardstick, WatchMisfit, Watched,
    WatchedAlready,
};
use crate::lifecycle::plans::PlanState;
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::periods::PeriodNaming;

impl Sentence for PerformanceRefusal {
    fn sentence(&self) -> String {
        match self {
            PerformanceRefusal::ImprovementPlanOver { until, day } => {
                format!("the improvement plan would end on {until}, which is not after {day}")
            }
            PerformanceRefusal::NotWatched { partner, .. } => format!("{partner} is not on the watch list"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PerformanceRefusal::ImprovementPlanOver { .. } => Vec::new(),
            PerformanceRefusal::NotWatched { key, .. } => {
                vec![Hint::step(Step::Watch { partner: key.clone() }, "puts it on the watch list")]
            }
        }
    }
}

/// Returns the performance status as people read it.
pub(crate) fn performance_in_words(judged: &Judged, naming: PeriodNaming) -> String {
    match (judged.performance, &judged.plan_lack) {
        (Performance::NoPlan, Some(lack)) => lack_in_words(lack, naming),
        (Performance::TooEarly, _) => "too early to judge".to_owned(),
        (Performance::Unreported, _) => "cannot be judged: reports missing".to_owned(),
        (Performance::NoYardstick, _) => "no yardstick: nothing to judge by".to_owned(),
        (other, _) => other.word().to_owned(),
    }
}

/// Says why a partner has no plan to be judged by.
fn lack_in_words(lack: &PlanLack, naming: PeriodNaming) -> String {
    match lack {
        PlanLack::NotAgreed { year, drawn_up } => not_agreed(year, *drawn_up, naming),
        PlanLack::TooNew { since } => format!("too early to judge: the plan counts from {since}"),
        PlanLack::NoTarget { quarter } => format!("no target for {}", naming.within(quarter)),
    }
}

/// Says that no plan of a fiscal year is agreed, and where the one stands that was drawn up: `no plan for 2027`, `2027 plan is
/// a draft`, `2027 plan awaiting partner approval`.
pub(crate) fn not_agreed(year: &Period, drawn_up: Option<PlanState>, naming: PeriodNaming) -> String {
    match drawn_up {
        Some(PlanState::Editing) => format!("{} is a draft", naming.with_noun(year, "plan")),
        Some(PlanState::Waiting) => format!("{} awaiting partner approval", naming.with_noun(year, "plan")),
        None | Some(PlanState::Active) => format!("no plan for {}", naming.within(year)),
    }
}

impl Sentence for WatchedAlready {
    fn sentence(&self) -> String {
        match self {
            WatchedAlready::Listed { partner, since } => {
                format!("{partner} is already on the watch list since {since}")
            }
            WatchedAlready::Improving { partner, until } => {
                format!("{partner} already has an improvement plan until {until}")
            }
        }
    }
}

impl Sentence for NonPerformingFault {
    fn sentence(&self) -> String {
        match self {
            NonPerformingFault::NoMeasure => "[non_performing] has no valid measure".to_owned(),
            NonPerformingFault::Missing { key, .. } => format!("[non_performing] has no valid {key}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            NonPerformingFault::NoMeasure => {
                "add below_percent_of_plan = 50, below_percent_of_last_year = 70, below_revenue_in_quarter = 10000, or \
                 several of them"
                    .to_owned()
            }
            NonPerformingFault::Missing { key, example } => format!("add {key} = {example}"),
        };
        vec![remedy.into()]
    }
}

impl Sentence for WatchMisfit {
    fn sentence(&self) -> String {
        match self {
            WatchMisfit::WatchedTwice => "puts a partner on the watch list that is already on it".to_owned(),
            WatchMisfit::NotWatched { step } => {
                format!("is `{}` of a partner that is not on the watch list", step.word())
            }
        }
    }
}

impl Described for Watched {
    fn described(&self, _: &Program) -> String {
        with("put on the watch list".to_owned(), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Put {} on the watch list", about.partner)
    }
}

impl Described for Improving {
    fn described(&self, _: &Program) -> String {
        with(format!("improvement plan until {}", self.until), self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Started an improvement plan for {}, until {}", about.partner, self.until)
    }
}

impl Described for Decided {
    fn described(&self, _: &Program) -> String {
        with(format!("decided on {}", self.outcome.word()), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let outcome = match self.outcome {
            DecidedAs::Recover => "back to normal",
            DecidedAs::LowerTier => "lower tier",
            DecidedAs::SelfService => "self-service",
            DecidedAs::Leave => "end the partnership",
        };
        format!("Decision for {}: {outcome}", about.partner)
    }
}

/// Says what the rule on partners that do not perform measures: `below 50 % of plan`.
pub(crate) fn measured(program: &Program, measures: PerformanceMeasures) -> String {
    let plan = measures.percent_of_plan.map(|percent| format!("{percent} % of plan"));
    let last_year =
        measures.percent_of_last_year.map(|percent| format!("{percent} % of the same quarter last year"));
    let revenue = measures.revenue_minor.map(|minor| {
        let amount = program.currency.money(i128::from(minor));
        format!("{amount} {} in a quarter", program.currency.code())
    });
    let known: Vec<String> = [plan, last_year, revenue].into_iter().flatten().collect();
    format!("below {}", known.join(", else below "))
}

/// Says how a quarter compares with what it is held against: `2026-Q3 31 % of plan`.
pub(crate) fn quarter_in_words(program: &Program, quarter: &JudgedQuarter) -> String {
    if quarter.unreported {
        return format!("{} not reported", quarter.period.in_full());
    }
    let money = |minor: i128| program.currency.money(minor);
    let percent = |threshold: i64| {
        let ratio = quarter.yardstick.as_ref().and_then(|one| one.ratio(quarter.actual_minor));
        ratio.map_or_else(String::new, |ratio| ratio.percent_beside(threshold))
    };
    let actual = money(quarter.actual_minor);
    let found = match &quarter.yardstick {
        Some(QuarterYardstick::Plan { percent: threshold, .. }) => {
            format!("{} % of plan", percent(*threshold))
        }
        Some(QuarterYardstick::LastYear { percent: threshold, quarter, .. }) => {
            format!("{} % of {}", percent(*threshold), quarter.in_full())
        }
        Some(QuarterYardstick::Revenue { least_minor }) => {
            format!("{actual} of {}", money((*least_minor).into()))
        }
        None if program.non_performing.is_some_and(|rule| rule.rule.measures.plan_only()) => {
            let lacks = if quarter.target_minor.is_some() { "no target" } else { "no plan" };
            format!("{actual}, {lacks}")
        }
        None => format!("{actual}, no yardstick"),
    };
    let fiscal = if quarter.period.is_fiscal() { ":" } else { "" };
    format!("{}{fiscal} {found}", quarter.period.in_full())
}

/// Says how a partner performs, with the quarters that say so: `underperforming: 2026-Q2 40 % of plan, 2026-Q3 31 % of
/// plan`, `cannot be judged: 2026-Q3 not reported`.
pub(crate) fn judged_in_words(program: &Program, judged: &Judged, naming: PeriodNaming) -> String {
    let word = performance_in_words(judged, naming);
    let is_said = |one: &&JudgedQuarter| match judged.performance {
        Performance::Under | Performance::Performing => true,
        Performance::Unreported => one.unreported,
        _ => false,
    };
    let said = judged.quarters.iter().filter(is_said).map(|one| quarter_in_words(program, one));
    let said: Vec<String> = said.collect();
    match judged.performance {
        _ if said.is_empty() => word,
        Performance::Unreported => format!("cannot be judged: {}", said.join(", ")),
        _ => format!("{word}: {}", said.join(", ")),
    }
}
