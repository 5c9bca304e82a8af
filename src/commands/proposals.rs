//! What is proposed for the partners that are meant: each is loaded once and folded once, then decided on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::order::{Order, Whom};
use crate::commands::reading::segment;
use crate::commands::receipts::print_receipt;
use crate::lifecycle::agenda::{follow_up, next_step};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::enablement::newly_short;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::funds::take_budgets;
use crate::lifecycle::history::FoldedHistory;
use crate::lifecycle::milestone::newly_settled;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::rule::{Decision, History};
use crate::report::reading::Needs;
use crate::report::receipt::Receipt;
use crate::store::{InForce, Keep, Lookup, NewEvent, Reader, Writer};
use crate::text::agenda::next_line;
use crate::text::enablement::short_in_words;
use crate::text::events::{ReceiptContext, receipt_of};
use crate::text::milestone::{reopened_in_words, settled_in_words};
use crate::text::steps::command_line;

/// The partners that are meant, and what is proposed for them so far.
pub(super) struct Proposals<'p> {
    reader: &'p Reader<'p>,
    in_force: &'p InForce,
    /// Those that were not loaded yet, each with the numbers that were asked for.
    partners: Vec<(PartnerId, Vec<i64>)>,
    day: Day,
    next_number: i64,
    proposed: Proposed,
}

/// One partner as it was loaded, with what is proposed for it so far.
pub(super) struct LoadedPartner<'p> {
    in_force: &'p InForce,
    day: Day,
    lookup: Lookup,
    numbers: Vec<i64>,
    history: FoldedHistory,
    /// As of the end of the day.
    on_day: Partner,
    next_number: i64,
    said: Vec<String>,
    /// The name of another partner that it is about.
    other: Option<String>,
}

/// What was proposed for all partners that are meant.
pub(super) struct Proposed {
    /// The program of the day.
    pub in_force: Rc<InForce>,
    pub keep: Keep,
    /// The histories of partners with something to record, extended by it.
    histories: Vec<FoldedHistory>,
    /// Whether it is about many partners, be it that only one of them changes.
    many: bool,
    /// What comes first in the action and is of no partner.
    first: Option<NewEvent>,
    receipt: Receipt,
    already: usize,
    refused: Vec<Error>,
    /// What comes of all partners together, a sentence each.
    totals: Vec<String>,
    /// Whether it was shown and confirmed, so that only the totals are said again.
    pub is_confirmed: bool,
    /// What to do next for the one partner that it is about.
    next: Option<String>,
}

impl<'p> Proposals<'p> {
    /// Finds the partners that are meant.
    ///
    /// # Errors
    /// Unknown partners, events of nobody, conditions that cannot be understood, and a file that cannot be read.
    pub(super) fn load(
        context: &Context,
        reader: &'p Reader<'p>,
        in_force: &'p Rc<InForce>,
        order: &Order,
    ) -> anyhow::Result<Proposals<'p>> {
        let next_number = reader.next_number()?;
        let partners = match order.whom {
            Whom::One(text) => vec![(reader.find(text)?.id, Vec::new())],
            Whom::Both(first, second) => {
                without_numbers(vec![reader.find(first)?.id, reader.find(second)?.id])
            }
            Whom::Where(conditions) => without_numbers(find_partners(context, reader, conditions)?),
            Whom::InSuccess => {
                let condition = format!("stage={}", reader.program_now()?.program.success_stage().key);
                without_numbers(find_partners(context, reader, &[condition])?)
            }
            Whom::Events { numbers, unknown } => owners(reader, numbers, unknown)?,
        };
        let many = match order.whom {
            Whom::One(_) => false,
            Whom::Both(..) => true,
            Whom::Where(_) | Whom::InSuccess => true,
            Whom::Events { .. } => partners.len() != 1,
        };
        let proposed = Proposed {
            in_force: Rc::clone(in_force),
            keep: order.keep,
            histories: Vec::new(),
            many,
            first: None,
            receipt: Receipt { first_event: Some(next_number), ..Receipt::default() },
            already: 0,
            refused: Vec::new(),
            totals: Vec::new(),
            is_confirmed: false,
            next: None,
        };
        Ok(Proposals { reader, in_force, partners, day: order.day, next_number, proposed })
    }

    /// Returns what everything is read with.
    pub(super) fn reader(&self) -> &'p Reader<'p> {
        self.reader
    }

    /// Returns the partners that are meant, as long as none of them was loaded.
    pub(super) fn subjects(&self) -> Vec<PartnerId> {
        self.partners.iter().map(|(id, _)| *id).collect()
    }

    /// Says what comes of all partners together.
    pub(super) fn add_total(&mut self, sentence: String) {
        self.proposed.totals.push(sentence);
    }

    /// Returns whether all is so already: nothing is to be recorded, and nobody was refused.
    pub(super) fn is_unchanged(&self) -> bool {
        self.proposed.histories.is_empty() && self.proposed.refused.is_empty()
    }

    /// Begins the action with an event of no partner, if something else is recorded too.
    pub(super) fn begin_with(&mut self, event: impl Into<Event>) {
        self.proposed.first = Some(NewEvent { partner: None, day: self.day, event: event.into() });
        self.next_number += 1;
        self.proposed.receipt.first_event = Some(self.next_number);
    }

    /// Loads the partners one after the other, and lets `propose` decide on each. A refusal is the partner's; any
    /// other error ends the command.
    ///
    /// # Errors
    /// Those of `propose` that are no refusals, and a file that cannot be read.
    pub(super) fn each(
        &mut self,
        mut propose: impl FnMut(&mut LoadedPartner) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for (id, numbers) in std::mem::take(&mut self.partners) {
            let proposed = self.load_one(id, numbers).and_then(|mut loaded| {
                propose(&mut loaded)?;
                Ok(loaded)
            });
            match proposed {
                Ok(loaded) => self.keep(loaded),
                Err(error) => {
                    let refusal = refusal(error)?;
                    let named =
                        if self.proposed.many { named(&self.reader.lookup(id)?, refusal) } else { refusal };
                    self.proposed.refused.push(named);
                }
            }
        }
        Ok(())
    }

    fn load_one(&self, id: PartnerId, numbers: Vec<i64>) -> anyhow::Result<LoadedPartner<'p>> {
        let lookup = self.reader.lookup(id)?;
        let history = self.reader.folded_history(id, &self.in_force.aliases)?;
        let Some(on_day) = history.partner_on(self.day, &self.in_force.aliases).map(Cow::into_owned) else {
            return Err(not_there(&lookup.name, history.partner(), self.day).into());
        };
        Ok(LoadedPartner {
            in_force: self.in_force,
            day: self.day,
            lookup,
            numbers,
            history,
            on_day,
            next_number: self.next_number,
            said: Vec::new(),
            other: None,
        })
    }

    fn keep(&mut self, loaded: LoadedPartner) {
        let proposed = &mut self.proposed;
        self.next_number = loaded.next_number;
        proposed.receipt.said.extend(loaded.said);
        let added = loaded.history.added();
        if added.is_empty() {
            proposed.already += 1;
            return;
        }
        for one in added {
            let new = NewEvent { partner: Some(one.partner), day: one.day, event: one.event.clone() };
            proposed.receipt.events.push((loaded.lookup.key.clone(), new));
        }
        proposed.histories.push(loaded.history);
    }

    /// Returns all that was proposed, with the next step of the partner if it is about one only.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn finish(self, today: Day) -> anyhow::Result<Proposed> {
        let Proposals { reader, in_force, mut proposed, .. } = self;
        if let (false, [history]) = (proposed.many, &proposed.histories[..]) {
            let partner = history.partner_on(today, &in_force.aliases);
            proposed.next = match partner {
                Some(partner) => {
                    let facts = PartnerFacts { program: &in_force.program, partner: &partner, day: today };
                    let follow_up = follow_up(facts, history.added()).map(|step| next_line(&step));
                    follow_up.or(next_hint(reader, facts)?)
                }
                None => Some(format!("next: `{}` brings it back", command_line(&Step::Undo))),
            };
        }
        Ok(proposed)
    }
}

impl LoadedPartner<'_> {
    /// Returns the partner as of the day, with what is proposed so far, under the program of the day.
    pub(super) fn facts(&self) -> PartnerFacts<'_> {
        PartnerFacts { program: &self.in_force.program, partner: &self.on_day, day: self.day }
    }

    /// Returns the partner as of its latest event, even one later than the day.
    pub(super) fn latest(&self) -> &Partner {
        self.history.partner().unwrap_or(&self.on_day)
    }

    /// Returns all its events.
    pub(super) fn history(&self) -> &History {
        self.history.history()
    }

    /// Returns which of the numbers that were asked for belong to it.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.numbers.clone()
    }

    /// Proposes what a rule decided; what is decided next sees it.
    ///
    /// # Errors
    /// Refused if it contradicts an event that was recorded.
    pub(super) fn take(&mut self, decision: Decision) -> anyhow::Result<()> {
        self.take_all(vec![decision])
    }

    /// Proposes what was decided on several requests, each without regard to the others.
    ///
    /// # Errors
    /// Those of [`LoadedPartner::take`].
    pub(super) fn take_all(&mut self, decisions: Vec<Decision>) -> anyhow::Result<()> {
        let mut events = Vec::new();
        for decision in decisions {
            match decision {
                Decision::AlreadySo(fact) => self.said.push(fact.sentence()),
                Decision::Record(new) => events.extend(new),
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        let (first, day, partner) = (self.next_number, self.day, self.lookup.id);
        let about = ReceiptContext {
            program: &self.in_force.program,
            partner: &self.lookup.name,
            number: first,
            day,
            other: self.other.as_deref(),
            before: Some(&self.on_day),
            latest: Some(self.latest()),
        };
        let mut said = receipt_of(&events, &about);
        let assessed = events.iter().any(|event| self.decides(event));
        let added: Vec<Recorded> = events
            .into_iter()
            .zip(first..)
            .map(|(event, number)| Recorded { number, partner, day, event })
            .collect();
        self.history = self.history.extended(&added, &self.in_force.aliases)?;
        if let Some(on_day) = self.history.partner_on(day, &self.in_force.aliases) {
            let before = std::mem::replace(&mut self.on_day, on_day.into_owned());
            let before = PartnerFacts { partner: &before, ..self.facts() };
            said.push_str(&settled_in_words(&newly_settled(before, self.facts())));
            let moves =
                |one: &Recorded| matches!(one.event, Event::Entered(_) | Event::Parked(_) | Event::Left(_));
            if !added.iter().any(moves) {
                // What settles one when it comes leaves it open when it goes.
                said.push_str(&reopened_in_words(&newly_settled(self.facts(), before)));
                said.push_str(&short_in_words(&newly_short(before, self.facts())));
            }
        }
        self.next_number += added.len() as i64;
        let verdict = self.verdict().filter(|_| assessed);
        said.push_str(&verdict.map_or_else(String::new, |verdict| format!("; verdict: {verdict}")));
        self.said.push(said);
        Ok(())
    }

    /// Returns whether an event is an assessment that the verdict on the partner rests on.
    fn decides(&self, event: &Event) -> bool {
        let program = &self.in_force.program;
        let Event::Assessed(assessed) = event else { return false };
        program.criteria_stage().is_some_and(|stage| {
            program.questionnaires_of(&stage.key).any(|one| one.key == assessed.questionnaire)
        })
    }

    /// Returns the verdict of all criteria together on the partner, in a word.
    fn verdict(&self) -> Option<&'static str> {
        let stage = self.in_force.program.criteria_stage()?;
        Some(self.facts().verdict(&stage.key)?.decision())
    }

    /// Sets another partner that what is proposed is about.
    pub(super) fn set_other(&mut self, name: &str) {
        self.other = Some(name.to_owned());
    }

    /// Adds a sentence to what is said of the partner.
    pub(super) fn add_note(&mut self, sentence: String) {
        self.said.push(sentence);
    }
}

impl Proposed {
    /// Returns how many partners have something to record.
    pub(super) fn changed(&self) -> usize {
        self.histories.len()
    }

    /// Returns whether something is to be recorded of a partner.
    pub(super) fn changes(&self, partner: PartnerId) -> bool {
        self.histories.iter().any(|history| history.subject() == partner)
    }

    /// Returns what changes and what is unchanged, a sentence each.
    pub(super) fn said(&self) -> &[String] {
        &self.receipt.said
    }

    /// Returns what comes of all partners together, a sentence each.
    pub(super) fn totals(&self) -> &[String] {
        &self.totals
    }

    /// Refuses everything if one is refused, unless the refused ones are to be left out.
    ///
    /// # Errors
    /// The refusal, or a list of them.
    pub(super) fn refuse(&self, order: &Order) -> anyhow::Result<()> {
        let Some(first) = self.refused.first() else {
            return Ok(());
        };
        if order.skip_refused {
            return Ok(());
        }
        if !matches!(order.whom, Whom::Where(_) | Whom::InSuccess) {
            return Err(first.clone().into());
        }
        let mut why = format!("{} refused; nothing was recorded", counted(self.refused.len(), "partner"));
        for refusal in self.refused.iter().take(10) {
            why.push_str(&format!("\n  {refusal}"));
        }
        if self.refused.len() > 10 {
            why.push_str(&format!("\n  and {} more", self.refused.len() - 10));
        }
        let failure = Error::refused(why);
        let failure = match &self.refused[..] {
            [only] => only.hints().into_iter().fold(failure, Error::hint),
            _ => failure,
        };
        if self.changed() + self.already == 0 {
            return Err(failure.into());
        }
        Err(failure.hint("add --skip-refused to record for the others").into())
    }

    /// Appends it as one action, if anything changes, and brings up to date what follows from the events.
    ///
    /// # Errors
    /// If the file cannot be written, or a key or a reference belongs to another partner.
    pub(super) fn append(&mut self, context: &Context, writer: &Writer) -> anyhow::Result<()> {
        if self.receipt.events.is_empty() {
            return Ok(());
        }
        let (first, aliases) = (self.first.as_slice(), &self.in_force.aliases);
        self.receipt.action = writer.record(&context.stamp()?, first, &self.histories, aliases)?;
        Ok(())
    }

    /// Prints what was recorded, or would be.
    ///
    /// # Errors
    /// If the answer cannot be written.
    pub(super) fn print(mut self, context: &Context) -> anyhow::Result<Exit> {
        let mut sentences = self.receipt.said.clone();
        if self.many {
            sentences.truncate(if self.is_confirmed { 0 } else { 20 });
            let left_out = self.receipt.said.len() - sentences.len();
            sentences.extend((left_out > 0 && !self.is_confirmed).then(|| format!("and {left_out} more")));
            sentences.append(&mut self.totals);
            sentences.extend(self.refused.iter().take(10).map(|refusal| format!("skipped: {refusal}")));
            let already =
                if self.already > 0 { format!(", {} unchanged", self.already) } else { String::new() };
            let refused = match self.refused.len() {
                0 => String::new(),
                count => format!(", {count} refused and skipped"),
            };
            let verb = if self.keep == Keep::DryRun { "would be updated" } else { "updated" };
            sentences.push(format!("{} {verb}{already}{refused}", counted(self.histories.len(), "partner")));
        }
        sentences.extend(self.next.filter(|_| self.keep == Keep::Commit));
        print_receipt(context, &mut self.receipt, &self.in_force.program, self.keep, &sentences)
    }
}

/// Returns the sentence with the next step for a partner.
///
/// # Errors
/// Fails if the file cannot be read.
pub(super) fn next_hint(reader: &Reader, facts: PartnerFacts) -> anyhow::Result<Option<String>> {
    Ok(next_step(facts, reader.sold_since()?).map(|step| next_line(&step)))
}

/// Finds the partners that meet all conditions, in order of their number.
///
/// # Errors
/// Conditions that cannot be understood, and a file that cannot be read.
pub(super) fn find_partners(
    context: &Context,
    reader: &Reader,
    conditions: &[String],
) -> anyhow::Result<Vec<PartnerId>> {
    let view = reader.view(context.today, None)?;
    let segment = segment(&view, conditions)?;
    segment.read(&view, Needs::NONE, |channel| {
        channel.unheld.iter().for_each(|note| context.say(&format!("note: {note}")));
        if channel.lines.is_empty() && channel.unheld.is_empty() && !conditions.is_empty() {
            context.say(&format!("note: No partner meets {}.", conditions.join(" and ")));
        }
        Ok(channel.lines.iter().map(|line| line.id).collect())
    })
}

fn without_numbers(partners: Vec<PartnerId>) -> Vec<(PartnerId, Vec<i64>)> {
    partners.into_iter().map(|id| (id, Vec::new())).collect()
}

/// Finds the partners that events belong to, each with its events in the order in which they were typed.
fn owners(
    reader: &Reader,
    numbers: &[i64],
    unknown: fn(i64) -> Error,
) -> anyhow::Result<Vec<(PartnerId, Vec<i64>)>> {
    let mut found: BTreeMap<PartnerId, Vec<i64>> = BTreeMap::new();
    for number in numbers {
        let owner = reader.event(*number)?.and_then(|event| event.partner);
        let owner = owner.ok_or_else(|| unknown(*number))?;
        let own = found.entry(reader.survivor(owner)?).or_default();
        if !own.contains(number) {
            own.push(*number);
        }
    }
    Ok(found.into_iter().collect())
}

/// Returns the program by which what happens on a day is judged: gates and targets of the day, under the keys of now. Periods
/// that people type are those of the fiscal year in force now, whatever day they speak of.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn program_on(reader: &Reader, day: Day) -> anyhow::Result<InForce> {
    let now = reader.program_now()?;
    if now.since <= day {
        return Ok(now);
    }
    let Some(mut on_day) = reader.program(Some(day), None)? else { return Ok(now) };
    on_day.program.calendar = now.program.calendar;
    take_budgets(&mut on_day.program, &now.program);
    Ok(on_day)
}

/// Returns the error of a partner that was not in the channel on the day: it joined later, or was removed.
fn not_there(name: &str, latest: Option<&Partner>, day: Day) -> Error {
    match latest {
        None => Error::refused(format!("{name} was removed")),
        Some(partner) => {
            let refused = Error::refused(format!("{name} joined on {}, after {day}", partner.since));
            let first = partner.stays.first().filter(|stay| stay.entered == partner.since);
            match first.map(|stay| stay.event) {
                Some(event) => {
                    let correct = Step::Correct { event, amount: None, currency: None, on: Some(day) };
                    refused.hint(Hint::if_so("if it joined earlier:", correct))
                }
                None => refused.hint(format!(
                    "`chanlife log {}` lists its events; `chanlife correct EVENT --on DATE` changes a day",
                    partner.key
                )),
            }
        }
    }
}

/// Returns a refusal that names the partner, where others are meant too.
fn named(partner: &Lookup, refusal: Error) -> Error {
    let sentence = refusal.to_string();
    if sentence.contains(&partner.name) || sentence.contains(&partner.key) {
        return refusal;
    }
    refusal.about(format!("{}: {sentence}", partner.name))
}

/// Returns the refusal of a rule; any other error ends the command.
fn refusal(error: anyhow::Error) -> anyhow::Result<Error> {
    let error = error.downcast::<Error>()?;
    if error.kind == ErrorKind::Refused { Ok(error) } else { Err(error.into()) }
}
