//! What all verbs that record something about partners have in common: whom they are about, asking
//! before many are changed, one action for all, and telling what changed.

use std::collections::BTreeSet;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::completions::partner_keys;
use super::view::segment;
use crate::context::Context;
use crate::domain::day::Day;
use crate::domain::event::{PartnerId, Recorded};
use crate::domain::next::next_step;
use crate::domain::partner::Partner;
use crate::domain::program::Program;
use crate::domain::rules::{Decision, History, Refusal, Ruling, Scene};
use crate::exit::{Exit, Failure};
use crate::render::Format;
use crate::report::channel::Channel;
use crate::report::receipt::{self, Receipt};
use crate::store::{InForce, Keep, NewEvent, Reader, Store, Writer};

/// Whom a verb is about, in verbs that take the partner first.
#[derive(Clone, Debug, Args)]
pub struct Target {
    /// The partner: its key, a reference, or any part of its name that no other has
    #[arg(value_name = "PARTNER", required_unless_present = "conditions", conflicts_with = "conditions",
          add = ArgValueCompleter::new(partner_keys))]
    pub partner: Option<String>,
    #[command(flatten)]
    pub bulk: Bulk,
}

/// Many partners instead of one.
#[derive(Clone, Debug, Default, Args)]
pub struct Bulk {
    /// All partners of which this holds, such as region=EMEA, stage=terms,launch or days>30; repeat it for and
    #[arg(long = "where", id = "conditions", value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// With --where, record for those who can and leave out those who are refused
    #[arg(long, requires = "conditions")]
    pub skip_refused: bool,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Which partners, as asked.
pub enum Whom<'t> {
    One(&'t str),
    Id(PartnerId),
    Where(&'t [String]),
}

/// What a rule is given for one partner.
pub struct Subject<'s> {
    pub scene: Scene<'s>,
    pub history: &'s History,
    pub in_force: &'s InForce,
}

/// One request to a rule; several are decided one after the other, within one action.
pub type Request<'r> = Box<dyn Fn(&Subject) -> Ruling + 'r>;

/// What was decided for all partners.
#[derive(Default)]
struct Plan {
    receipt: Receipt,
    /// Partners with something to record.
    changed: Vec<PartnerId>,
    already: usize,
    refused: Vec<(String, Refusal)>,
}

impl Target {
    pub fn whom(&self) -> Whom<'_> {
        self.partner.as_deref().map_or(Whom::Where(&self.bulk.conditions), Whom::One)
    }
}

/// Decides requests for partners, records what they come to as one action, and tells it.
///
/// # Errors
/// Refusals, an unknown partner, or a file that can't be written; then nothing is recorded.
pub fn act(
    context: &Context,
    whom: &Whom,
    bulk: &Bulk,
    day: Day,
    requests: &[Request],
) -> anyhow::Result<Exit> {
    let mut store = context.store_to_write()?;
    let many = matches!(whom, Whom::Where(_));
    if many && !bulk.dry_run && !confirmed(context, &mut store, whom, bulk, day, requests)? {
        context.say("Nothing was recorded.");
        return Ok(Exit::Done);
    }
    let keep = if bulk.dry_run { Keep::DryRun } else { Keep::Commit };
    let (plan, program, next) = store.write(keep, |writer| {
        let in_force = writer.program_now()?;
        let mut plan = Plan::of(context, writer, whom, day, requests)?;
        plan.check(bulk)?;
        plan.record(context, writer, &in_force)?;
        let next = match plan.changed[..] {
            [one] if !many => next_of(writer, one, &in_force, context.today)?,
            _ => None,
        };
        Ok((plan, in_force.program, next))
    })?;
    plan.tell(context, &program, keep, many, next)
}

/// Whether to go on with many partners; asked only on a terminal.
fn confirmed(
    context: &Context,
    store: &mut Store,
    whom: &Whom,
    bulk: &Bulk,
    day: Day,
    requests: &[Request],
) -> anyhow::Result<bool> {
    if context.global.yes {
        return Ok(true);
    }
    let Some(prompt) = context.prompt()? else {
        return Ok(true);
    };
    let plan = store.read(|reader| Plan::of(context, reader, whom, day, requests))?;
    plan.check(bulk)?;
    if plan.changed.is_empty() {
        return Ok(true);
    }
    plan.receipt.said.iter().take(10).for_each(|sentence| context.say(sentence));
    if plan.receipt.said.len() > 10 {
        context.say(&format!("and {} more", plan.receipt.said.len() - 10));
    }
    prompt.confirm(&format!("Record this for {}?", partners(plan.changed.len())))
}

/// The partners that are meant, in order of their number.
pub fn resolve(context: &Context, reader: &Reader, whom: &Whom) -> anyhow::Result<Vec<PartnerId>> {
    let conditions = match whom {
        Whom::One(text) => return Ok(vec![reader.find(text)?.id]),
        Whom::Id(id) => return Ok(vec![*id]),
        Whom::Where(conditions) => conditions,
    };
    let Some(view) = reader.view(context.today, None)? else {
        return Ok(Vec::new());
    };
    let segment = segment(&view, conditions)?;
    let mut channel = Channel::load(&view, segment.needs())?;
    segment.narrow(&mut channel);
    Ok(channel.lines.iter().map(|line| line.id).collect())
}

impl Plan {
    fn of(
        context: &Context,
        reader: &Reader,
        whom: &Whom,
        day: Day,
        requests: &[Request],
    ) -> anyhow::Result<Plan> {
        // Gates and targets are those of the day; keys are those of now.
        let in_force = reader.program(Some(day), None)?.map_or_else(|| reader.program_now(), Ok)?;
        let mut plan = Plan::default();
        let mut number = reader.next_number()?;
        for id in resolve(context, reader, whom)? {
            plan.decide(reader, id, day, &in_force, requests, &mut number)?;
        }
        Ok(plan)
    }

    fn decide(
        &mut self,
        reader: &Reader,
        id: PartnerId,
        day: Day,
        in_force: &InForce,
        requests: &[Request],
        number: &mut i64,
    ) -> anyhow::Result<()> {
        let mut history = reader.history(id)?;
        let lookup = reader.lookup(id)?;
        let mut events: Vec<NewEvent> = Vec::new();
        let mut said: Vec<String> = Vec::new();
        for request in requests {
            let folded = history.fold(&in_force.aliases, Some(day));
            let ruling = match &folded.partner {
                None => Err(not_there_yet(&history, in_force, day, &lookup.name)),
                Some(partner) => {
                    let scene = Scene { program: &in_force.program, partner, day };
                    request(&Subject { scene, history: &history, in_force })
                }
            };
            let extended = ruling.and_then(|decision| match decision {
                Decision::AlreadySo(sentence) => Ok((sentence, Vec::new(), history.clone())),
                Decision::Record { events, said } => {
                    let first = *number;
                    let recorded: Vec<Recorded> = events
                        .iter()
                        .zip(first..)
                        .map(|(event, number)| Recorded { number, partner: id, day, event: event.clone() })
                        .collect();
                    Ok((said, events, history.extended(&recorded, &in_force.aliases)?))
                }
            });
            match extended {
                Ok((sentence, new, extended)) => {
                    *number += new.len() as i64;
                    said.push(sentence);
                    events.extend(new.into_iter().map(|event| NewEvent { partner: Some(id), day, event }));
                    history = extended;
                }
                Err(refusal) => {
                    self.refused.push((lookup.key, refusal));
                    return Ok(());
                }
            }
        }
        self.receipt.said.extend(said);
        if events.is_empty() {
            self.already += 1;
        } else {
            self.changed.push(id);
        }
        self.receipt.events.extend(events.into_iter().map(|event| (lookup.key.clone(), event)));
        Ok(())
    }

    /// Refuses everything where one is refused, unless the refused ones are to be left out.
    fn check(&self, bulk: &Bulk) -> anyhow::Result<()> {
        let Some((_, first)) = self.refused.first() else {
            return Ok(());
        };
        if bulk.skip_refused {
            return Ok(());
        }
        if bulk.conditions.is_empty() {
            return Err(first.clone().into());
        }
        let mut why = format!("{} refused, so nothing was recorded", partners(self.refused.len()));
        for (_, refusal) in self.refused.iter().take(10) {
            why.push_str(&format!("\n  {}", refusal.why));
        }
        if self.refused.len() > 10 {
            why.push_str(&format!("\n  and {} more", self.refused.len() - 10));
        }
        Err(Refusal::new(why).hint("--skip-refused records for the others").into())
    }

    fn record(&mut self, context: &Context, writer: &Writer, in_force: &InForce) -> anyhow::Result<()> {
        if self.receipt.events.is_empty() {
            return Ok(());
        }
        let said = match &self.receipt.said[..] {
            [one] => one.clone(),
            [first, others @ ..] if self.changed.len() == 1 => format!("{first}, and {} more", others.len()),
            [first, ..] => format!("{first}, and so for {} in all", partners(self.changed.len())),
            [] => String::new(),
        };
        let events: Vec<NewEvent> = self.receipt.events.iter().map(|(_, event)| event.clone()).collect();
        self.receipt.action = Some(writer.append(&context.stamp(), &said, &events)?);
        let touched: BTreeSet<PartnerId> = self.changed.iter().copied().collect();
        writer.project(&touched, &in_force.aliases)
    }

    fn tell(
        mut self,
        context: &Context,
        program: &Program,
        keep: Keep,
        many: bool,
        next: Option<String>,
    ) -> anyhow::Result<Exit> {
        let mut sentences = self.receipt.said.clone();
        if many {
            sentences.truncate(20);
            let left_out = self.receipt.said.len() - sentences.len();
            sentences.extend((left_out > 0).then(|| format!("and {left_out} more")));
            let already =
                if self.already > 0 { format!(", {} were so already", self.already) } else { String::new() };
            let refused = match self.refused.len() {
                0 => String::new(),
                count => format!(", {count} refused and left out"),
            };
            let verb = if keep == Keep::DryRun { "would be changed" } else { "changed" };
            sentences.push(format!("{} {verb}{already}{refused}", partners(self.changed.len())));
        }
        sentences.extend(next);
        tell(context, &mut self.receipt, program, keep, &sentences)
    }
}

/// Tells what was recorded: sentences for people, a receipt for machines and for a dry run.
///
/// # Errors
/// Where the receipt can't be written; it says that the action was recorded all the same.
pub fn tell(
    context: &Context,
    receipt: &mut Receipt,
    program: &Program,
    keep: Keep,
    sentences: &[String],
) -> anyhow::Result<Exit> {
    sentences.iter().for_each(|sentence| context.say(sentence));
    if keep == Keep::DryRun {
        context.say("Dry run: nothing was recorded.");
        receipt.action = None;
    }
    if keep == Keep::DryRun || context.format() != Format::Table || context.global.output.is_some() {
        let shown = context.show(&receipt::report(receipt, program));
        shown.map_err(|error| match receipt.action {
            None => error,
            Some(action) => {
                error.context(format!("action {action} was recorded, but the answer could not be written"))
            }
        })?;
    }
    Ok(Exit::Done)
}

/// A sentence on what to do next for a partner.
pub fn next_of(
    reader: &Reader,
    id: PartnerId,
    in_force: &InForce,
    today: Day,
) -> anyhow::Result<Option<String>> {
    let history = reader.history(id)?;
    let folded = history.fold(&in_force.aliases, Some(today));
    let step = folded.partner.as_ref().and_then(|partner| next_step(&in_force.program, partner, today));
    Ok(step.map(|step| format!("next: {}: `{}`", step.what, step.command)))
}

/// A partner that comes into the file only after the day.
fn not_there_yet(history: &History, in_force: &InForce, day: Day, name: &str) -> Refusal {
    let now: Option<Partner> = history.fold(&in_force.aliases, None).partner;
    match now {
        None => Refusal::new(format!("{name} is not there any more")),
        Some(partner) => {
            Refusal::new(format!("{name} is in chanlife only since {}, after {day}", partner.since)).hint(
                format!(
                    "`chanlife log {}` lists its events, `chanlife correct` mends their days",
                    partner.key
                ),
            )
        }
    }
}

fn partners(count: usize) -> String {
    if count == 1 { "1 partner".to_owned() } else { format!("{count} partners") }
}

/// A text that was typed, as it is stored.
///
/// # Errors
/// [`Failure`] that names the option.
pub fn prose(option: &str, text: &str) -> anyhow::Result<String> {
    crate::domain::text::prose(text)
        .map_err(|fault| Failure::usage(format!("{option}: the text {fault}")).into())
}
