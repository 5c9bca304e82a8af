//! What all verbs that record something about partners have in common: whom they are about, asking
//! before many are changed, one action for all, and telling what changed.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::completions::partner_keys;
use super::tell::{WOULD, next_of, tell};
use super::view::segment;
use crate::context::Context;
use crate::domain::day::Day;
use crate::domain::event::{Joined, PartnerId, Recorded};
use crate::domain::rules::{Decision, History, Refusal, Scene};
use crate::domain::text::counted;
use crate::exit::Exit;
use crate::report::channel::Channel;
use crate::report::receipt::Receipt;
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
    /// All partners of which this holds, such as region=EMEA, stage=terms,launch or 'days>30' (quote < and >, or the shell takes them); given several times, all must hold
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
///
/// A refusal is the partner's; any other error ends the command.
pub type Request<'r> = Box<dyn Fn(&Subject) -> anyhow::Result<Decision> + 'r>;

/// What was decided for all partners.
struct Plan {
    /// The program of the day.
    in_force: InForce,
    receipt: Receipt,
    /// Partners with something to record.
    changed: Vec<PartnerId>,
    /// What changes for them, a sentence each.
    changes: Vec<String>,
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
    let (plan, next) = store.write(keep, |writer| {
        let mut plan = Plan::of(context, writer, whom, day, requests)?;
        plan.check(bulk)?;
        plan.record(context, writer)?;
        let next = match plan.changed[..] {
            [one] if !many => next_of(writer, one, &plan.in_force, context.today)?,
            _ => None,
        };
        Ok((plan, next))
    })?;
    plan.tell(context, keep, many, next)
}

/// Finds out, before a question is asked about it, that a request is refused or changes nothing.
///
/// `trial` is the request with any answer. Where nothing changes, that is told, and the command has ended.
///
/// # Errors
/// Refusals, an unknown partner, or a file that can't be read.
pub fn settled(context: &Context, target: &Target, day: Day, trial: Request) -> anyhow::Result<Option<Exit>> {
    let whom = target.whom();
    let plan = context.store_to_write()?.read(|reader| Plan::of(context, reader, &whom, day, &[trial]))?;
    plan.check(&target.bulk)?;
    match plan.changed[..] {
        [] => plan.tell(context, Keep::Commit, matches!(whom, Whom::Where(_)), None).map(Some),
        _ => Ok(None),
    }
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
    context.say(WOULD);
    plan.receipt.said.iter().take(10).for_each(|sentence| context.say(sentence));
    if plan.receipt.said.len() > 10 {
        context.say(&format!("and {} more", plan.receipt.said.len() - 10));
    }
    prompt.confirm(&format!("Record this for {}?", counted(plan.changed.len(), "partner")))
}

/// The partners that are meant, in order of their number.
pub fn resolve(context: &Context, reader: &Reader, whom: &Whom) -> anyhow::Result<Vec<PartnerId>> {
    let conditions = match whom {
        Whom::One(text) => return Ok(vec![reader.find(text)?.id]),
        Whom::Id(id) => return Ok(vec![*id]),
        Whom::Where(conditions) => conditions,
    };
    let view = reader.view(context.today, None)?;
    let segment = segment(&view, conditions)?;
    let mut channel = Channel::load(&view, segment.needs())?;
    segment.narrow(&mut channel);
    Ok(channel.lines.iter().map(|line| line.id).collect())
}

/// The program by which what happens on a day is judged: gates and targets of the day, under the keys of now.
///
/// # Errors
/// Where the file can't be read.
pub fn in_force_on(reader: &Reader, day: Day) -> anyhow::Result<InForce> {
    Ok(reader.program(Some(day), None)?.map_or_else(|| reader.program_now(), Ok)?)
}

impl Plan {
    fn of(
        context: &Context,
        reader: &Reader,
        whom: &Whom,
        day: Day,
        requests: &[Request],
    ) -> anyhow::Result<Plan> {
        let mut plan = Plan {
            in_force: in_force_on(reader, day)?,
            receipt: Receipt::default(),
            changed: Vec::new(),
            changes: Vec::new(),
            already: 0,
            refused: Vec::new(),
        };
        let mut number = reader.next_number()?;
        let partners = resolve(context, reader, whom)?;
        if partners.is_empty() {
            check_options(&plan.in_force, day, requests)?;
        }
        for id in partners {
            plan.decide(reader, id, day, requests, &mut number)?;
        }
        Ok(plan)
    }

    fn decide(
        &mut self,
        reader: &Reader,
        id: PartnerId,
        day: Day,
        requests: &[Request],
        number: &mut i64,
    ) -> anyhow::Result<()> {
        let in_force = &self.in_force;
        let mut history = reader.history(id)?;
        let lookup = reader.lookup(id)?;
        let mut events: Vec<NewEvent> = Vec::new();
        let mut said: Vec<String> = Vec::new();
        let mut changes: Vec<String> = Vec::new();
        for request in requests {
            let decided = decide_one(&history, in_force, day, &lookup.name, request).and_then(|decision| {
                let Decision::Record { events, said } = decision else {
                    return Ok((decision, None));
                };
                let first = *number;
                let recorded: Vec<Recorded> = events
                    .iter()
                    .zip(first..)
                    .map(|(event, number)| Recorded { number, partner: id, day, event: event.clone() })
                    .collect();
                let extended = history.extended(&recorded, &in_force.aliases)?;
                Ok((Decision::Record { events, said }, Some(extended)))
            });
            match decided {
                Ok((Decision::AlreadySo(sentence), _)) => said.push(sentence),
                Ok((Decision::Record { events: new, said: sentence }, extended)) => {
                    *number += new.len() as i64;
                    said.push(sentence.clone());
                    changes.push(sentence);
                    events.extend(new.into_iter().map(|event| NewEvent { partner: Some(id), day, event }));
                    history = extended.unwrap_or(history);
                }
                Err(error) => {
                    self.refused.push((lookup.key, error.downcast::<Refusal>()?));
                    return Ok(());
                }
            }
        }
        self.receipt.said.extend(said);
        self.changes.extend(changes);
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
        let mut why = format!("{} refused, so nothing was recorded", counted(self.refused.len(), "partner"));
        for (_, refusal) in self.refused.iter().take(10) {
            why.push_str(&format!("\n  {}", refusal.why));
        }
        if self.refused.len() > 10 {
            why.push_str(&format!("\n  and {} more", self.refused.len() - 10));
        }
        Err(Refusal::new(why).hint("--skip-refused records for the others").into())
    }

    fn record(&mut self, context: &Context, writer: &Writer) -> anyhow::Result<()> {
        if self.receipt.events.is_empty() {
            return Ok(());
        }
        let said = match &self.changes[..] {
            [one] => one.clone(),
            [first, others @ ..] if self.changed.len() == 1 => format!("{first}, and {} more", others.len()),
            [first, ..] => format!("{first}, and so for {} in all", counted(self.changed.len(), "partner")),
            [] => String::new(),
        };
        let events: Vec<NewEvent> = self.receipt.events.iter().map(|(_, event)| event.clone()).collect();
        self.receipt.action = Some(writer.append(&context.stamp(), &said, &events)?);
        let touched: BTreeSet<PartnerId> = self.changed.iter().copied().collect();
        writer.project(&touched, &self.in_force.aliases)
    }

    fn tell(
        mut self,
        context: &Context,
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
                if self.already > 0 { format!(", {} so already", self.already) } else { String::new() };
            let refused = match self.refused.len() {
                0 => String::new(),
                count => format!(", {count} refused and left out"),
            };
            let verb = if keep == Keep::DryRun { "would be changed" } else { "changed" };
            sentences.push(format!("{} {verb}{already}{refused}", counted(self.changed.len(), "partner")));
        }
        sentences.extend(next);
        tell(context, &mut self.receipt, &self.in_force.program, keep, &sentences)
    }
}

/// Finds options that can't be understood also where no partner is meant, by trying them on an imaginary one.
fn check_options(in_force: &InForce, day: Day, requests: &[Request]) -> anyhow::Result<()> {
    let joined = Joined {
        key: "nobody".to_owned(),
        attributes: BTreeMap::new(),
        references: Vec::new(),
        contacts: Vec::new(),
        observed_from: day,
    };
    let nobody = Recorded { number: 0, partner: 0, day, event: joined.into() };
    let history = History { subject: 0, events: vec![nobody] };
    for request in requests {
        match decide_one(&history, in_force, day, "nobody", request) {
            Err(error) if error.downcast_ref::<Refusal>().is_none() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// What a request comes to for a partner as it stood on the day.
fn decide_one(
    history: &History,
    in_force: &InForce,
    day: Day,
    name: &str,
    request: &Request,
) -> anyhow::Result<Decision> {
    let folded = history.fold(&in_force.aliases, Some(day));
    let Some(partner) = folded.partner() else {
        return Err(not_there_yet(history, in_force, day, name).into());
    };
    let scene = Scene { program: &in_force.program, partner, day };
    request(&Subject { scene, history, in_force })
}

/// A partner that comes into the file only after the day.
fn not_there_yet(history: &History, in_force: &InForce, day: Day, name: &str) -> Refusal {
    match history.fold(&in_force.aliases, None).partner() {
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
