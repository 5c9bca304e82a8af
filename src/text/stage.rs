//! The words of stages and moves.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::stage::StageMisfit;

impl Sentence for StageMisfit {
    fn sentence(&self) -> String {
        match self {
            StageMisfit::InNoStage => "moves a partner that stands in no stage yet".to_owned(),
            StageMisfit::StandsThere { stage } => {
                format!("enters `{stage}`, where the partner stands already")
            }
            StageMisfit::NotParked => "resumes a partner that is not parked".to_owned(),
            StageMisfit::NotLeft => "brings back a partner that has not left".to_owned(),
            StageMisfit::EntersParked { stage } => format!("enters `{stage}` while parked"),
            StageMisfit::EntersAfterLeaving { stage } => format!("enters `{stage}` after leaving"),
            StageMisfit::ParkedTwice => "parks a parked partner".to_owned(),
            StageMisfit::ParkedAfterLeaving => "parks a partner that has left".to_owned(),
            StageMisfit::LeftTwice { label } => format!("{} after leaving", label.word()),
        }
    }
}
