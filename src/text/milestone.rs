//! The words of milestones.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::milestone::{Done, MilestoneMisfit, Reopened, Skipped};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, with};

impl Sentence for MilestoneMisfit {
    fn sentence(&self) -> String {
        match self {
            MilestoneMisfit::AfterLeaving { milestone } => {
                format!("changes milestone `{milestone}` after the partner left")
            }
            MilestoneMisfit::BeforeLeaving { milestone } => {
                format!("changes `{milestone}`, which is of partners that left")
            }
            MilestoneMisfit::Open { milestone } => format!("reopens `{milestone}`, which is open"),
            MilestoneMisfit::Twice { milestone } => format!("records `{milestone}` a second time"),
        }
    }
}

impl Described for Done {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |who| format!(" by {who}"));
        with(
            format!("{} done{by}", of_period(&self.milestone, self.period.as_deref())),
            self.evidence.as_deref(),
        )
    }
}

impl Described for Skipped {
    fn described(&self, _: &Program) -> String {
        with(format!("{} skipped", of_period(&self.milestone, self.period.as_deref())), Some(&self.reason))
    }
}

impl Described for Reopened {
    fn described(&self, _: &Program) -> String {
        with(
            format!("{} open again", of_period(&self.milestone, self.period.as_deref())),
            self.reason.as_deref(),
        )
    }
}

fn of_period(milestone: &str, period: Option<&str>) -> String {
    period.map_or_else(|| milestone.to_owned(), |period| format!("{milestone} of {period}"))
}
