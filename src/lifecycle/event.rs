//! What can happen to a partner: the table of all kinds of event.
//!
//! Kinds and the names of their parts stand in users' files for ever: add to them, never change
//! them. A stage or milestone is kept under the key that was recorded, also when the program no
//! longer has it.

use crate::lifecycle::base::day::Day;
pub(crate) use crate::lifecycle::base::stored::PartnerId;

/// An event as it was recorded. `number` orders the events of one day.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    pub number: i64,
    pub partner: PartnerId,
    pub day: Day,
    pub event: Event,
}

/// Hands the table of all kinds of event to another macro: the chapter, the type, and the word that is stored.
///
/// Whatever has to know all kinds follows from it; there is no second list.
macro_rules! each_event {
    ($then:ident) => {
        $then! {
            partner: Joined = "joined",
            partner: Edited = "edited",
            stage: Entered = "entered",
            stage: Parked = "parked",
            stage: Left = "left",
            milestone: Done = "done",
            milestone: Skipped = "skipped",
            milestone: Reopened = "reopened",
            milestone: DueMoved = "due-moved",
            partner: Noted = "noted",
            criteria: Assessed = "assessed",
            criteria: Overridden = "overridden",
            revenue: Sold = "sold",
            plans: Planned = "planned",
            plans: Sent = "plan-sent",
            plans: Agreed = "plan-agreed",
            plans: Reviewed = "reviewed",
            plans: Tasked = "tasked",
            plans: Finished = "task-done",
            plans: TaskMoved = "task-moved",
            plans: TaskGiven = "task-given",
            plans: TaskDropped = "task-dropped",
            performance: Watched = "watched",
            performance: Improving = "improving",
            performance: Decided = "decided",
            tiers: Tiered = "tiered",
            terms: TermsAgreed = "terms",
            enablement: Certified = "certified",
            enablement: Delivered = "delivered",
            funds: Accrued = "fund-accrued",
            funds: Granted = "fund-granted",
            funds: Requested = "fund-requested",
            funds: Approved = "fund-approved",
            funds: Refused = "fund-rejected",
            funds: Claimed = "fund-claimed",
            funds: Paid = "fund-paid",
            funds: Closed = "fund-closed",
            funds: TakenBack = "fund-taken-back",
            funds: Expired = "fund-expired",
            announcements: Told = "told",
            announcements: Answered = "answered",
            revenue: Rated = "rated",
            questions: Asked = "asked",
            questions: Replied = "replied",
            announcements: Announced = "announced",
            corrections: Corrected = "corrected",
            corrections: Removed = "removed",
            corrections: Merged = "merged",
            corrections: Forgotten = "forgotten",
            corrections: Lost = "lost",
            program: Applied = "program",
        }
    };
}

pub(crate) use each_event;

macro_rules! declare_events {
    ($($chapter:ident: $kind:ident = $word:literal,)*) => {
        $(pub(crate) use crate::lifecycle::$chapter::$kind;)*

        #[derive(Clone, PartialEq, Debug)]
        pub enum Event {
            $($kind($kind),)*
        }

        impl Event {
            /// The words that are stored for the kinds of event.
            pub const KINDS: &'static [&'static str] = &[$($word),*];

            /// Returns the word that is stored for this kind of event.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Event::$kind(_) => $word,)*
                }
            }

            /// Returns the parts of the event as JSON.
            pub fn body(&self) -> String {
                let body = match self {
                    $(Event::$kind(parts) => serde_json::to_string(parts),)*
                };
                body.unwrap_or_default()
            }

            /// Reads the event with this kind and body.
            ///
            /// # Errors
            /// An unknown kind, or a body that does not fit it.
            pub fn decode(kind: &str, body: &str) -> Result<Event, Undecodable> {
                let fault = |why: Option<String>| Undecodable { kind: kind.to_owned(), why };
                match kind {
                    $($word => serde_json::from_str(body)
                        .map(Event::$kind)
                        .map_err(|error| fault(Some(error.to_string()))),)*
                    _ => Err(fault(None)),
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

each_event!(declare_events);

impl Event {
    /// Returns whether another event says the same: a period has the same days, whatever it was called.
    pub(crate) fn says_the_same(&self, other: &Event) -> bool {
        self == other
            || (std::mem::discriminant(self) == std::mem::discriminant(other)
                && self.without_names_of_days() == other.without_names_of_days())
    }

    /// Returns the event without what the period was called of which it keeps the days.
    fn without_names_of_days(&self) -> Event {
        let mut event = self.clone();
        match &mut event {
            Event::Done(parts) if parts.days.is_some() => parts.period = None,
            Event::Skipped(parts) if parts.days.is_some() => parts.period = None,
            Event::Reopened(parts) if parts.days.is_some() => parts.period = None,
            Event::Sold(parts) if parts.days.is_some() => parts.period = None,
            Event::Sent(parts) if parts.days.is_some() => parts.period.clear(),
            Event::Agreed(parts) if parts.days.is_some() => parts.period.clear(),
            Event::Reviewed(parts) if parts.days.is_some() => parts.period.clear(),
            Event::Tasked(parts) if parts.plan_days.is_some() => parts.plan = None,
            Event::Accrued(parts) if parts.days.is_some() => parts.period.clear(),
            Event::Granted(parts) if parts.days.is_some() => parts.period.clear(),
            _ => {}
        }
        event
    }

    /// Returns the event as it was recorded before the days of periods were kept.
    #[must_use]
    pub(crate) fn without_days(&self) -> Event {
        let mut event = self.clone();
        match &mut event {
            Event::Done(parts) => parts.days = None,
            Event::Skipped(parts) => parts.days = None,
            Event::Reopened(parts) => parts.days = None,
            Event::Sold(parts) => parts.days = None,
            Event::Sent(parts) => parts.days = None,
            Event::Agreed(parts) => parts.days = None,
            Event::Reviewed(parts) => parts.days = None,
            Event::Tasked(parts) => parts.plan_days = None,
            Event::Accrued(parts) => parts.days = None,
            Event::Granted(parts) => parts.days = None,
            _ => {}
        }
        event
    }
}

/// A stored event that this version can't read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undecodable {
    pub kind: String,
    /// What the reader of the body says; none if this version does not know the kind.
    pub why: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::stage::events::Why;

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
        let parked = Event::from(Parked { until: None, why: None, reason: None });
        assert_eq!((parked.kind(), parked.body().as_str()), ("parked", "{}"));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let unknown = Event::decode("teleported", "{}");
        assert_eq!(unknown, Err(Undecodable { kind: "teleported".to_owned(), why: None }));
        assert!(Event::decode("entered", "{").is_err());
        assert!(Event::decode("entered", "").is_err());
    }
}
