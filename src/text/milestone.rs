//! The words of milestones.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::milestone::MilestoneMisfit;

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
