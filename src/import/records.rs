//! Imports whose rows are each one record of a partner that is there: actions, reviews and care, and what stands behind
//! the stages. Rows refer to each other by what they say, since they have no numbers yet.

use crate::import::actions::{read_action, read_care, read_review};
use crate::import::funds::{
    read_announcement, read_certification, read_delivery, read_funds, read_question, read_term,
};
use crate::import::named_partners::Resolved;
use crate::import::rejects::{Rejects, contradiction};
use crate::import::rows_by_partner::{Incoming, RowsByPartner};
use crate::import::runner::{NO_PARTNER, OfPartner, Runner, Taken};
use crate::import::sources::csv::{Fields, SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::program::Program;
use crate::report::import::Counts;
use crate::store::{Importer, Keep, NewEvent, Stamp, Store};

/// What a row says: what happened, and perhaps what came of it on a later day.
pub(super) struct Said {
    pub event: Event,
    pub then: Option<(Day, Event)>,
    /// The reference of the request that it is about.
    pub reference: String,
    /// What proves the claim that it is about; nothing for the oldest that is not settled.
    pub proof: String,
}

impl Said {
    pub fn plain(event: impl Into<Event>) -> Said {
        Said { event: event.into(), then: None, reference: String::new(), proof: String::new() }
    }
}

type Read = fn(&SourceRow, &Program, Day) -> Result<Said, String>;

/// Defines one import: its name, its columns, how a row is read, what rows are called.
macro_rules! imports {
    ($($(#[$about:meta])* $name:ident: $required:expr, $optional:expr, $read:expr, $noun:literal;)*) => {
        $($(#[$about])*
        ///
        /// # Errors
        /// [`Error`] and [`crate::import::RejectedRows`] for what the file has wrong; then nothing is imported.
        pub fn $name(store: &mut Store, stamp: &Stamp, source: ImportSource, keep: Keep) -> anyhow::Result<Imported> {
            let fields = Fields { required: $required, optional: $optional, headers: &[], synonyms: &[] };
            import(store, stamp, source, keep, (&fields, $read, $noun))
        })*
    };
}

imports! {
    /// Imports actions of plans, and of improvement plans where a row names no period.
    import_actions: &["partner", "what", "due", "on"], &["owner", "period"], read_action, "action";
    /// Imports business reviews.
    import_reviews: &["partner", "period", "on"], &["text"], read_review, "review";
    /// Imports what was done about partners that did not perform.
    import_care: &["partner", "step", "on"], &["until", "reason"], read_care, "step";
    /// Imports what was agreed.
    import_terms: &["partner", "term", "value", "on"], &["from", "until", "by"], read_term, "agreement";
    /// Imports who passed which course; somebody with an e-mail address who is no contact yet becomes one.
    import_certifications: &["partner", "course", "person", "on"], &["email", "role", "until", "evidence"],
        read_certification, "certificate";
    /// Imports which materials were delivered.
    import_deliveries: &["partner", "material", "version", "on"], &[], read_delivery, "delivery";
    /// Imports who was told of what, and who answered when.
    import_announcements: &["partner", "announcement", "on"], &["subject", "launch-day", "answered"],
        read_announcement, "announcement";
    /// Imports questions with their answers.
    import_questions: &["partner", "question", "on"], &["by", "owner", "answer", "answered"], read_question,
        "question";
    /// Imports movements of funds; requests go by their reference, claims by what proves them.
    import_funds: &["partner", "step", "on"],
        &["fund", "amount", "ref", "period", "activity", "starts", "ends", "cost", "expected", "until", "proof",
          "leads", "pipeline", "reason"],
        read_funds, "movement";
}

fn import(
    store: &mut Store,
    stamp: &Stamp,
    source: ImportSource,
    keep: Keep,
    (fields, read, noun): (&Fields, Read, &str),
) -> anyhow::Result<Imported> {
    let mut intake = Runner::new(&source);
    let ImportSource { input, delimiter, mapping, today, .. } = source;
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let table = SourceTable::open(input, delimiter, &mapping, fields)?;
    let mut gathered = RowsByPartner::default();
    intake.take(table, |row, subjects| {
        let subject = subjects.number(row.get("partner"), row.line)?;
        let when = row.past_day("on", today)?;
        let Said { event, then, reference, proof } = read(row, &program, today)?;
        let (day, kind, body) = match &then {
            Some((day, _)) if *day < when.0 => {
                return Err(format!("ends on {day}, before it began on {}", when.0));
            }
            Some((day, event)) => (day.to_string(), event.kind(), event.body()),
            None => (String::new(), "", String::new()),
        };
        let texts = [event.kind(), &event.body(), &reference, &proof, &day, kind, &body];
        gathered.take(subject, when, row.line, 0, &texts);
        Ok(Taken::Row)
    })?;
    intake.import_each(gathered, store, stamp, keep, import_partner, |outcome, name| {
        format!("Imported {} from {name}", counted(outcome.counts.events, noun))
    })
}

fn import_partner(
    of_partner: OfPartner,
    importer: &mut Importer,
    counts: &mut Counts,
    rejects: &mut Rejects,
) -> anyhow::Result<()> {
    let OfPartner { subject, resolved, rows, .. } = of_partner;
    let name = &subject.name;
    let Resolved::Known(id) = *resolved else {
        return Ok(rejects.add_all(rows.iter().map(|row| row.line), name, NO_PARTNER)?);
    };
    let history = importer.history(id)?;
    let first = importer.next_number();
    let mut ledger = Ledger { known: history.events.clone(), used: Vec::new(), first, added: Vec::new() };
    let mut lines = Vec::new();
    for row in rows {
        let before = ledger.added.len();
        match ledger.take(&row)? {
            Err(why) => rejects.add(row.line, name, why)?,
            Ok(()) if ledger.added.len() == before => counts.known += 1,
            Ok(()) => lines.push(row.line),
        }
    }
    let events: Vec<NewEvent> =
        ledger.added.into_iter().map(|(day, event)| NewEvent { partner: Some(id), day, event }).collect();
    if events.is_empty() {
        return Ok(());
    }
    match importer.record(history, &events)? {
        Ok(()) => counts.events += lines.len() as u64,
        Err(conflict) => rejects.add_all(lines, name, &contradiction(&conflict))?,
    }
    Ok(())
}

/// What is known of a partner and what rows add, with the numbers that it has or will have.
struct Ledger {
    known: Vec<Recorded>,
    /// Numbers of known events that a row said already: as often as something is known, as often is a row no news.
    used: Vec<i64>,
    first: i64,
    added: Vec<(Day, Event)>,
}

impl Ledger {
    fn take(&mut self, row: &Incoming) -> anyhow::Result<Result<(), String>> {
        let [kind, body, reference, proof, then_day, then_kind, then_body] = row.texts();
        let event = match self.linked(row.day, Event::decode(kind, body)?, reference, proof) {
            Ok(event) => event,
            Err(why) => return Ok(Err(why)),
        };
        let then = if then_kind.is_empty() { None } else { Some(Event::decode(then_kind, then_body)?) };
        // Who is certified is a contact first.
        if let Some(Event::Edited(edited)) = &then
            && !edited.contacts.iter().all(|contact| self.has_contact(contact))
        {
            self.added.push((row.day, Event::Edited(edited.clone())));
        }
        let number = self.add(row.day, event);
        let day = Day::parse_iso(then_day).unwrap_or(row.day);
        match then {
            Some(Event::Replied(mut replied)) => {
                replied.question = number;
                self.add(day, replied.into());
            }
            Some(Event::Answered(answered)) => {
                self.add(day, answered.into());
            }
            _ => {}
        }
        Ok(Ok(()))
    }

    /// The number of this event: of one that is known, or of a new one.
    fn add(&mut self, day: Day, event: Event) -> i64 {
        let same = |one: &&Recorded| one.day == day && one.event == event && !self.used.contains(&one.number);
        if let Some(number) = self.known.iter().find(same).map(|one| one.number) {
            self.used.push(number);
            return number;
        }
        self.added.push((day, event));
        self.first + self.added.len() as i64 - 1
    }

    fn has_contact(&self, contact: &crate::lifecycle::partner::Contact) -> bool {
        self.all().any(|(_, event)| match event {
            Event::Joined(joined) => joined.contacts.contains(contact),
            Event::Edited(edited) => edited.contacts.contains(contact),
            _ => false,
        })
    }

    /// All events, the newest last, each with its number.
    fn all(&self) -> impl DoubleEndedIterator<Item = (i64, &Event)> {
        let known = self.known.iter().map(|one| (one.number, &one.event));
        let added = self.added.iter().enumerate().map(|(at, (_, event))| (self.first + at as i64, event));
        known.chain(added)
    }

    /// The claim of a request that is known to have been paid on a day, where no row said so yet.
    fn paid_on(&self, day: Day, request: i64, proof: &str) -> Option<i64> {
        let is_claim = |number: i64| {
            let of = |event: &Event| matches!(event, Event::Claimed(one) if one.request == request && (proof.is_empty() || one.proof == proof));
            self.known.iter().any(|one| one.number == number && of(&one.event))
        };
        self.known.iter().filter(|one| one.day == day && !self.used.contains(&one.number)).find_map(|one| {
            match &one.event {
                Event::Paid(paid) if is_claim(paid.claim) => Some(paid.claim),
                _ => None,
            }
        })
    }

    /// The event with the number of the request or claim that it is about.
    fn linked(&self, day: Day, mut event: Event, reference: &str, proof: &str) -> Result<Event, String> {
        let request = || {
            let found = self.all().rev().find(|(_, event)| {
                matches!(event, Event::Requested(one) if one.reference.as_deref() == Some(reference))
            });
            found
                .map(|(number, _)| number)
                .ok_or_else(|| format!("there is no request with the ref `{reference}`"))
        };
        let claim = |request: i64| {
            let of = |event: &Event| matches!(event, Event::Claimed(one) if one.request == request && (proof.is_empty() || one.proof == proof));
            let mut claims = self.all().filter(|(_, event)| of(event)).map(|(number, _)| number);
            let settled = |number: i64| {
                self.all().any(|(_, event)| match event {
                    Event::Paid(one) => one.claim == number,
                    Event::Refused(one) => one.what == number,
                    _ => false,
                })
            };
            match proof.is_empty() {
                true => claims.find(|number| !settled(*number)),
                false => claims.next_back(),
            }
        };
        match &mut event {
            Event::Approved(one) => one.request = request()?,
            Event::Claimed(one) => one.request = request()?,
            Event::Closed(one) => one.request = request()?,
            Event::Refused(one) if proof.is_empty() => one.what = request()?,
            Event::Refused(one) => {
                one.what =
                    claim(request()?).ok_or_else(|| format!("there is no claim with the proof `{proof}`"))?;
            }
            Event::Paid(one) => {
                let request = request()?;
                let none = || format!("there is no claim of `{reference}` that could be paid");
                one.claim = self.paid_on(day, request, proof).or_else(|| claim(request)).ok_or_else(none)?;
            }
            _ => {}
        }
        Ok(event)
    }
}
