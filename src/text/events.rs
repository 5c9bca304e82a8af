//! The words of what holds for every kind of event, and of contradictions.

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::happening::EventMisfit;

impl Sentence for Conflict {
    fn sentence(&self) -> String {
        format!("event {} of {} {}", self.event, self.day, self.what)
    }
}

impl Sentence for EventMisfit {
    fn sentence(&self) -> String {
        match self {
            EventMisfit::BeforeJoining => "comes before the partner joined".to_owned(),
            EventMisfit::AfterLeaving { kind } => format!("is `{kind}` of a partner that has left"),
            EventMisfit::OfNoPartner => "is of the program, not of a partner".to_owned(),
        }
    }
}
