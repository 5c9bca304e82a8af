//! What every kind of event can do: change what is known of a partner, and forget who it was.
//!
//! To add a kind of event:
//! 1. its struct in `events.rs` of its chapter, [`Happening`] and the rule that makes it in `rules.rs`;
//! 2. what is then known of the partner, in `partner/state.rs`;
//! 3. a row in the table of `event.rs`;
//! 4. how it is described, in `text/` under the name of the chapter: the compiler asks for it.
//!
//! What is stored of it, the log, undo, the text of a whole file and `log --kind` follow from the row. Only if it needs
//! them: a table of its own (store/schema says how), an import (import/readers), a command (commands/), a field of
//! `--where` (`report/reading/known.rs`), a line of `show` (`report/partner_enablement.rs`). The tests `forget.rs`,
//! `fold.rs` and `facts.rs` have an example of every kind; add one.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Calendar, DayRange};
use crate::lifecycle::corrections::merged::Yields;
use crate::lifecycle::event::{Event, PartnerId, each_event};
use crate::lifecycle::forget::Forgetting;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::Aliases;
use crate::lifecycle::revenue::events::SaleCorrection;
use crate::lifecycle::stage::events::ExitCorrection;

/// A kind of event.
pub trait Happening {
    /// Takes the event into what is known of the partner.
    ///
    /// # Errors
    /// Says why the event does not fit what is known so far; then nothing of it is taken.
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit>;

    /// Erases what names the partner, its people and its papers, and free texts. An event that holds none of it says so
    /// with an empty body, so that none can be overlooked.
    fn forget(&mut self, forgetting: &mut Forgetting);
}

macro_rules! dispatch_events {
    ($($chapter:ident: $kind:ident = $word:literal,)*) => {
        impl Event {
            /// Returns what every kind of event can do.
            pub fn happening(&self) -> &dyn Happening {
                match self {
                    $(Event::$kind(parts) => parts,)*
                }
            }

            /// Returns the event without what names the partner, its people and its papers.
            #[must_use]
            pub fn forgotten(&self, forgetting: &mut Forgetting) -> Event {
                let mut event = self.clone();
                match &mut event {
                    $(Event::$kind(parts) => parts.forget(forgetting),)*
                }
                event
            }
        }
    };
}

each_event!(dispatch_events);

/// When and how an event was recorded.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The number of the event.
    pub event: i64,
    /// The word that is stored for its kind.
    pub kind: &'static str,
    /// The day that holds after corrections.
    pub day: Day,
    /// The day of which it was recorded.
    pub recorded_day: Day,
    /// Whether it was recorded for this partner, and not for one that was merged into it.
    pub own: bool,
    /// Whom it was recorded for.
    pub origin: PartnerId,
    /// What gives way to the word of a merged partner, or the other way round.
    pub(crate) yields: &'a Yields,
    /// The keys that stages and milestones have now.
    pub aliases: &'a Aliases,
    /// The fiscal calendar that was in force when it was recorded.
    pub calendar: Calendar,
    /// The last event that corrects it.
    pub corrected_by: Option<i64>,
    /// The amount that a correction gives it, in minor units.
    pub corrected_minor: Option<i64>,
    /// What a correction gives a sale beside its amount.
    pub corrected_sale: Option<&'a SaleCorrection>,
    /// What a correction gives a leaving or a parking.
    pub corrected_exit: Option<&'a ExitCorrection>,
}

impl Moment<'_> {
    /// Refuses an event that only a partner in the channel can have.
    ///
    /// # Errors
    /// Says so if the partner has left.
    pub fn refuse_left(&self, partner: &Partner) -> Result<(), Misfit> {
        if partner.has_left() {
            return Err(EventMisfit::AfterLeaving { kind: self.kind }.into());
        }
        Ok(())
    }

    /// Returns the days of a period that the event names: those that it keeps; of one that was recorded without them those
    /// of what has the `known` name already, the newest last, or else those that the calendar of then gives it.
    pub fn days<'n>(
        &self,
        name: &str,
        kept: Option<DayRange>,
        mut known: impl DoubleEndedIterator<Item = (&'n str, DayRange)>,
    ) -> DayRange {
        let found = kept.or_else(|| known.rfind(|(one, _)| *one == name).map(|(_, days)| days));
        let found = found.or_else(|| Some(self.calendar.parse(name).ok()?.days()));
        found.unwrap_or(DayRange { first: self.day, last: self.day })
    }

    /// Returns whether what the event says of an attribute counts: that of the partner itself does, unless a merge says
    /// otherwise.
    pub(crate) fn takes_attribute(&self, key: &str) -> bool {
        if self.yields.is_empty() {
            self.own
        } else {
            self.yields.takes_attribute(self.event, self.origin, key)
        }
    }

    /// Returns whether what the event says of a term counts: it does, unless a merge says otherwise.
    pub(crate) fn takes_term(&self, term: &str) -> bool {
        self.yields.takes_term(self.event, self.origin, term)
    }

    /// Returns whether the partner that stays after a merge knows this person, so that its word counts.
    pub(crate) fn knows_better(&self, person: &str) -> bool {
        self.yields.knows_better(self.event, self.origin, person)
    }

    /// Returns whether a person who may be mailed again must not be by the word of a merged partner.
    pub(crate) fn stays_opted_out(&self, person: &str) -> bool {
        self.yields.stays_opted_out(self.event, self.origin, person)
    }

    /// Returns the last day of a plan whose partner had left before it was merged.
    pub(crate) fn plan_ends(&self) -> Option<Day> {
        self.yields.plan_ends(self.event, self.origin)
    }

    /// Returns the amount that holds, in minor units.
    pub fn amount_minor(&self, recorded: i64) -> i64 {
        self.corrected_minor.unwrap_or(recorded)
    }

    /// Returns the key of the reason that holds for a leaving or a parking.
    pub fn exit_reason(&self, recorded: Option<&str>) -> Option<String> {
        if self.corrected_exit.is_some_and(|right| right.without_why) {
            return None;
        }
        self.corrected_exit.and_then(|right| right.why.as_deref()).or(recorded).map(str::to_owned)
    }

    /// Returns the reason in own words that holds for a leaving or a parking.
    pub fn exit_text(&self, recorded: Option<&str>) -> Option<String> {
        self.corrected_exit.and_then(|right| right.text.as_deref()).or(recorded).map(str::to_owned)
    }
}

/// Why an event of any kind does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum EventMisfit {
    /// It comes before the partner joined.
    BeforeJoining,
    /// The partner has left, and the event needs one in the channel.
    AfterLeaving { kind: &'static str },
    /// It is an event of the program or of the whole file.
    OfNoPartner,
}
