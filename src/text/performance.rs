//! Partners that do not perform: watch list, improvement plan, decision.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::performance::{PerformanceRefusal, WatchMisfit};

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
