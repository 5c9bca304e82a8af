//! The words of events: what each says in a few words, and what contradictions say.

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::event::{Event, each_event};
use crate::lifecycle::happening::EventMisfit;
use crate::lifecycle::program::{Applied, Program};

/// An event that has words for people; each chapter's words stand in the file of its name.
pub(crate) trait Described {
    /// Says in a few words what happened, as logs show it.
    fn described(&self, program: &Program) -> String;
}

macro_rules! describe_each {
    ($($chapter:ident: $kind:ident = $word:literal,)*) => {
        /// Says in a few words what an event of any kind says.
        pub fn describe(event: &Event, program: &Program) -> String {
            match event {
                $(Event::$kind(parts) => parts.described(program),)*
            }
        }
    };
}

each_event!(describe_each);

/// Adds a reason, a text or evidence behind a colon.
pub(crate) fn with(what: String, reason: Option<&str>) -> String {
    match reason {
        None => what,
        Some(reason) => format!("{what}: {reason}"),
    }
}

impl Described for Applied {
    fn described(&self, _: &Program) -> String {
        "program applied".to_owned()
    }
}

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
