//! The words of corrections, removals and merges.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::corrections::CorrectionMisfit;

impl Sentence for CorrectionMisfit {
    fn sentence(&self) -> String {
        match self {
            CorrectionMisfit::NoSuchEvent { event } => format!("corrects event {event}, which is not there"),
        }
    }
}
