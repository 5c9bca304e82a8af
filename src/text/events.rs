//! The words of events: what each says in a few words, and what contradictions say.

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::event::{Event, each_event};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::happening::EventMisfit;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::{Applied, Program};

/// An event that has words for people; each chapter's words stand in the file of its name.
pub(crate) trait Described {
    /// Says in a few words what happened, as logs of events show it.
    fn described(&self, program: &Program) -> String;

    /// Says in one sentence what an action that recorded it changed.
    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("{}: {}", about.partner, self.described(about.program))
    }
}

/// What a receipt can name beside the event itself.
#[derive(Clone, Copy)]
pub(crate) struct ReceiptContext<'a> {
    pub program: &'a Program,
    /// The name of the partner.
    pub partner: &'a str,
    /// The number of the event.
    pub number: i64,
    pub day: Day,
    /// The name of another partner that the event is about, if that is at hand.
    pub other: Option<&'a str>,
    /// The partner as it stood before, if that is at hand: while it is recorded, not in the log.
    pub before: Option<&'a Partner>,
    /// The partner as it was known then of its latest event, with `before`.
    pub latest: Option<&'a Partner>,
}

impl<'a> ReceiptContext<'a> {
    /// Returns the facts of the partner before the event, if they are at hand.
    pub(crate) fn facts(&self) -> Option<PartnerFacts<'a>> {
        self.before.map(|partner| PartnerFacts { program: self.program, partner, day: self.day })
    }
}

/// How many events of one partner a sentence says.
const SAID: usize = 4;

/// Says what an action changed for one partner; `about` names the number of the first event.
///
/// One event gives the sentence, the others follow in a few words. A new contact or another detail comes after what
/// it was recorded with.
pub(crate) fn receipt_of(events: &[Event], about: &ReceiptContext) -> String {
    let is_detail = |event: &&Event| matches!(event, Event::Edited(_));
    // Who comes from another partner comes before what was passed there.
    let comes = |event: &Event| matches!(event, Event::Edited(edited) if !edited.contacts.is_empty());
    let arrives = about.other.is_some() && events.first().is_some_and(comes);
    let main = events.iter().position(|event| !is_detail(&event)).filter(|_| !arrives).unwrap_or(0);
    let Some(event) = events.get(main) else {
        return format!("{}: nothing changed", about.partner);
    };
    let said = receipt(event, &ReceiptContext { number: about.number + main as i64, ..*about });
    if let (Event::Joined(_), Some(Event::Entered(entered))) = (event, events.get(main + 1)) {
        return format!("{said} in {}", about.program.stage_name(&entered.stage));
    }
    let others: Vec<&Event> =
        events.iter().enumerate().filter(|(at, _)| *at != main).map(|(_, one)| one).collect();
    let mut parts = vec![said];
    parts.extend(others.iter().take(SAID).map(|one| describe(one, about.program)));
    if others.len() > SAID {
        parts.push(format!("and {} more", others.len() - SAID));
    }
    parts.join("; ")
}

macro_rules! describe_each {
    ($($chapter:ident: $kind:ident = $word:literal,)*) => {
        /// Says in a few words what an event of any kind says.
        pub fn describe(event: &Event, program: &Program) -> String {
            match event {
                $(Event::$kind(parts) => parts.described(program),)*
            }
        }

        /// Says in one sentence what an action that recorded this event changed.
        fn receipt(event: &Event, about: &ReceiptContext) -> String {
            match event {
                $(Event::$kind(parts) => parts.receipt(about),)*
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

    fn receipt(&self, _: &ReceiptContext) -> String {
        "Applied a program".to_owned()
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
            EventMisfit::BeforeJoining => "is before the partner was added".to_owned(),
            EventMisfit::AfterLeaving { kind } => {
                let what = match *kind {
                    "tasked" => "adds an action",
                    "planned" => "drafts a plan",
                    "plan-sent" => "sends a plan",
                    "plan-agreed" => "agrees to a plan",
                    "reviewed" => "holds a business review",
                    other => return format!("records `{other}` for a partner that has left"),
                };
                format!("{what} for a partner that has left")
            }
            EventMisfit::OfNoPartner => "belongs to the program, not to a partner".to_owned(),
        }
    }
}
