//! The words of stages and moves.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::program::Program;
use crate::lifecycle::stage::{Entered, Left, Parked, StageMisfit, Why};
use crate::text::events::{Described, with};

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

impl Described for Entered {
    fn described(&self, program: &Program) -> String {
        let stage = program.stage_name(&self.stage);
        let mut what = match self.why {
            Why::Placed if self.unknown_day => format!("found in {stage}"),
            Why::Placed => format!("placed in {stage}"),
            Why::Advanced => format!("advanced to {stage}"),
            Why::Back => format!("moved back to {stage}"),
            Why::Resumed => format!("resumed in {stage}"),
            Why::Returned => format!("returned to {stage}"),
        };
        if !self.overridden.is_empty() {
            what.push_str(&format!(", overriding {}", listed(&self.overridden)));
        }
        with(what, self.reason.as_deref())
    }
}

impl Described for Parked {
    fn described(&self, _: &Program) -> String {
        let until = self.until.map_or_else(String::new, |day| format!(" until {day}"));
        with(format!("parked{until}"), self.reason.as_deref())
    }
}

impl Described for Left {
    fn described(&self, _: &Program) -> String {
        with(format!("left, {}", self.label.word()), self.reason.as_deref())
    }
}
