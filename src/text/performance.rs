//! Partners that do not perform: watch list, improvement plan, decision.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::performance::PerformanceMeasure;
use crate::lifecycle::performance::{
    Decided, DecidedAs, Improving, NonPerformingFault, Performance, PerformanceRefusal, WatchMisfit, Watched,
    WatchedAlready,
};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

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
pub(crate) fn performance_in_words(performance: Performance) -> &'static str {
    match performance {
        Performance::TooEarly => "too early to judge",
        Performance::Unreported => "cannot be judged: reports missing",
        other => other.word(),
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
            NonPerformingFault::TwoMeasures => "[non_performing] has two measures".to_owned(),
            NonPerformingFault::NoMeasure => "[non_performing] has no valid measure".to_owned(),
            NonPerformingFault::Missing { key, .. } => format!("[non_performing] has no valid {key}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            NonPerformingFault::TwoMeasures => {
                "keep one of below_percent_of_plan and below_revenue_in_quarter".to_owned()
            }
            NonPerformingFault::NoMeasure => {
                "add below_percent_of_plan = 50, or below_revenue_in_quarter = 10000".to_owned()
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

/// Says what the rule on partners that do not perform measures.
pub(crate) fn measured(program: &Program, measure: PerformanceMeasure) -> String {
    match measure {
        PerformanceMeasure::PercentOfPlan(percent) => format!("below {percent} % of plan"),
        PerformanceMeasure::Revenue(minor) => {
            let amount = program.currency.money(i128::from(minor));
            format!("below {amount} {} in a quarter", program.currency.code())
        }
    }
}
