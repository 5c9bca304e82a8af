//! What can happen to a partner.
//!
//! Kinds and the names of their parts stand in users' files for ever: add to them, never change
//! them. A stage or milestone is kept under the key that was recorded, also when the program no
//! longer has it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::program::Aliases;
use crate::lifecycle::questionnaire::verdict::Outcome;

pub use crate::lifecycle::announcements::{Announced, Answered, Told};
pub use crate::lifecycle::enablement::{Certified, Delivered};
pub use crate::lifecycle::funds::{Accrued, Approved, Claimed, Closed, Granted, Paid, Refused, Requested};
pub use crate::lifecycle::mends::{Corrected, Forgotten, Lost, Merged, Removed};
pub use crate::lifecycle::performance::{Decided, DecidedAs, Improving, Watched};
pub use crate::lifecycle::plans::{Agreed, Finished, Planned, Reviewed, Sent, Tasked};
pub use crate::lifecycle::questions::{Asked, Replied};
pub use crate::lifecycle::revenue::{SaleDetail, Sold};
pub use crate::lifecycle::terms::TermsAgreed;
pub use crate::lifecycle::tiers::Tiered;

/// The number of a partner within its file; never used again for another partner.
pub type PartnerId = i64;

/// An event as it was recorded. `number` orders the events of one day.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    pub number: i64,
    pub partner: PartnerId,
    pub day: Day,
    pub event: Event,
}

/// Declares the kinds of event: the word that is stored, and the parts that its body holds.
macro_rules! events {
    ($($kind:ident = $word:literal,)*) => {
        #[derive(Clone, PartialEq, Debug)]
        pub enum Event {
            $($kind($kind),)*
        }

        impl Event {
            /// The words that are stored for the kinds of event.
            pub const KINDS: &'static [&'static str] = &[$($word),*];

            /// The word that is stored for this kind of event.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Event::$kind(_) => $word,)*
                }
            }

            /// The parts of the event as JSON.
            pub fn body(&self) -> String {
                let body = match self {
                    $(Event::$kind(parts) => serde_json::to_string(parts),)*
                };
                body.unwrap_or_default()
            }

            /// The event with this kind and body.
            ///
            /// # Errors
            /// An unknown kind, or a body that does not fit it.
            pub fn decode(kind: &str, body: &str) -> Result<Event, Undecodable> {
                let fault = |why: String| Undecodable { kind: kind.to_owned(), why };
                match kind {
                    $($word => serde_json::from_str(body)
                        .map(Event::$kind)
                        .map_err(|error| fault(error.to_string())),)*
                    _ => Err(fault("the kind is not known to this version".to_owned())),
                }
            }
        }

        $(impl From<$kind> for Event {
            fn from(parts: $kind) -> Event {
                Event::$kind(parts)
            }
        })*
    };
}

events! {
    Joined = "joined",
    Edited = "edited",
    Entered = "entered",
    Parked = "parked",
    Left = "left",
    Done = "done",
    Skipped = "skipped",
    Reopened = "reopened",
    Noted = "noted",
    Assessed = "assessed",
    Overridden = "overridden",
    Sold = "sold",
    Planned = "planned",
    Sent = "plan-sent",
    Agreed = "plan-agreed",
    Reviewed = "reviewed",
    Tasked = "tasked",
    Finished = "task-done",
    Watched = "watched",
    Improving = "improving",
    Decided = "decided",
    Tiered = "tiered",
    TermsAgreed = "terms",
    Certified = "certified",
    Delivered = "delivered",
    Accrued = "fund-accrued",
    Granted = "fund-granted",
    Requested = "fund-requested",
    Approved = "fund-approved",
    Refused = "fund-rejected",
    Claimed = "fund-claimed",
    Paid = "fund-paid",
    Closed = "fund-closed",
    Told = "told",
    Answered = "answered",
    Asked = "asked",
    Replied = "replied",
    Announced = "announced",
    Corrected = "corrected",
    Removed = "removed",
    Merged = "merged",
    Forgotten = "forgotten",
    Lost = "lost",
    Applied = "program",
}

/// A stored event that this version can't read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undecodable {
    pub kind: String,
    pub why: String,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an event of kind `{}` can't be read: {}", self.kind, self.why)
    }
}

impl std::error::Error for Undecodable {}

/// The partner came into the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Joined {
    pub key: String,
    /// `name` always; `type`, `tier`, `region`, `owner` and the program's fields where known.
    pub attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The day since when we watch this partner; what happened before is known only in part.
    pub observed_from: Day,
}

/// A person at a partner. The e-mail address, or the name where there is none, tells them apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Attributes changed. `None` takes an attribute away.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edited {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Option<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The e-mail addresses or names of contacts who are no longer there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts_gone: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_from: Option<Day>,
}

/// A stay in a stage began.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entered {
    pub stage: String,
    pub why: Why,
    /// The partner was found in this stage on the day; when it entered is not known.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_day: bool,
    /// Gates that were not done, passed by override.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overridden: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The first stage that we know of.
    Placed,
    Advanced,
    Back,
    Resumed,
    Returned,
}

/// The stay ended for the time being.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Parked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The partner left the channel.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Left {
    pub label: LeftAs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeftAs {
    /// We said no, or they did, before working together.
    Declined,
    /// The partner ended it.
    Withdrew,
    /// We ended it.
    Terminated,
}

impl LeftAs {
    pub const ALL: [LeftAs; 3] = [LeftAs::Declined, LeftAs::Withdrew, LeftAs::Terminated];

    pub fn word(self) -> &'static str {
        match self {
            LeftAs::Declined => "declined",
            LeftAs::Withdrew => "withdrew",
            LeftAs::Terminated => "terminated",
        }
    }

    pub fn from_word(word: &str) -> Option<LeftAs> {
        LeftAs::ALL.into_iter().find(|label| label.word() == word)
    }
}

/// A milestone was reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Done {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Who did it, where that is not who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// A milestone does not apply to this partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Skipped {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    pub reason: String,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// A milestone that was done or skipped is open again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reopened {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Noted {
    pub text: String,
}

/// A questionnaire was answered, as far as answers are known.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assessed {
    pub questionnaire: String,
    /// The number of the event that brought the program whose questionnaire was answered.
    pub version: i64,
    /// By question, in the form in which its type is written.
    pub answers: BTreeMap<String, String>,
    /// What proves an answer, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    pub outcome: Outcome,
}

/// Questionnaires count as passed, whatever the answers that they have now came to; other answers are judged anew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Overridden {
    pub questionnaires: Vec<String>,
    pub reason: String,
}

/// A version of the program came into force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Applied {
    pub toml: String,
    #[serde(default)]
    pub aliases: Aliases,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
pub(crate) fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_of_an_event_stays_what_it_is() {
        let entered = Event::from(Entered {
            stage: "terms".to_owned(),
            why: Why::Advanced,
            unknown_day: false,
            overridden: vec!["decision".to_owned()],
            reason: Some("key account".to_owned()),
        });
        assert_eq!(entered.kind(), "entered");
        let body = r#"{"stage":"terms","why":"advanced","overridden":["decision"],"reason":"key account"}"#;
        assert_eq!(entered.body(), body);
        assert_eq!(Event::decode("entered", body), Ok(entered));
        let parked = Event::from(Parked { until: None, reason: None });
        assert_eq!((parked.kind(), parked.body().as_str()), ("parked", "{}"));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let unknown = Event::decode("teleported", "{}").expect_err("unknown");
        assert!(unknown.to_string().contains("`teleported`"));
        assert!(Event::decode("entered", "{").is_err());
        assert!(Event::decode("entered", "").is_err());
    }
}
