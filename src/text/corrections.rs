//! The words of corrections, removals and merges.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::corrections::{Corrected, CorrectionMisfit, Forgotten, Lost, Merged, Removed};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, with};

impl Sentence for CorrectionMisfit {
    fn sentence(&self) -> String {
        match self {
            CorrectionMisfit::NoSuchEvent { event } => format!("corrects event {event}, which is not there"),
        }
    }
}

impl Described for Corrected {
    fn described(&self, program: &Program) -> String {
        let day = self.day.map(|day| format!("happened on {day}"));
        let amount = self.amount_minor.map(|minor| format!("is {}", program.currency.amount(minor.into())));
        let parts: Vec<String> = day.into_iter().chain(amount).collect();
        let what = format!("event {} {}", self.event, parts.join(" and "));
        with(what, self.reason.as_deref())
    }
}

impl Described for Removed {
    fn described(&self, _: &Program) -> String {
        with("removed".to_owned(), Some(&self.reason))
    }
}

impl Described for Merged {
    fn described(&self, _: &Program) -> String {
        "merged into another partner".to_owned()
    }
}

impl Described for Forgotten {
    fn described(&self, _: &Program) -> String {
        "who it is was erased".to_owned()
    }
}

impl Described for Lost {
    fn described(&self, _: &Program) -> String {
        format!("could not be read when the file was rescued: {}", counted(self.events, "event"))
    }
}
