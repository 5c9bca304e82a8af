//! Partners that do not perform: watch list, improvement plan, decision.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::performance::{Decided, Improving, PerformanceRefusal, WatchMisfit, Watched};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for PerformanceRefusal {
    fn sentence(&self) -> String {
        match self {
            PerformanceRefusal::ImprovementPlanOver { until, day } => {
                format!("an improvement plan until {until} would be over on {day}")
            }
            PerformanceRefusal::NotWatched { partner, .. } => format!("{partner} is not on the watch list"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PerformanceRefusal::ImprovementPlanOver { .. } => Vec::new(),
            PerformanceRefusal::NotWatched { key, .. } => {
                vec![Hint::step(Step::Watch { partner: key.clone() }, "puts it there")]
            }
        }
    }
}

impl Sentence for WatchMisfit {
    fn sentence(&self) -> String {
        match self {
            WatchMisfit::WatchedTwice => {
                "puts on the watch list a partner that is watched already".to_owned()
            }
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
        with(format!("decided: {}", self.outcome.word()), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Decided on {}: {}", about.partner, self.outcome.word())
    }
}
