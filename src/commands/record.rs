//! What all verbs that record something about partners have in common: whom they are about, asking
//! before many are changed, one action for all, and telling what changed.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::proposals::Plan;
use crate::commands::reading::segment;
use crate::commands::receipts::{WOULD, next_of};
use crate::commands::shell::partner_keys;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::Scene;
use crate::lifecycle::rule::{Decision, History};
use crate::report::channel::Channel;
use crate::store::{InForce, Keep, NewEvent, Reader, Store};

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
    These(&'t [PartnerId]),
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

impl Target {
    pub fn whom(&self) -> Whom<'_> {
        self.partner.as_deref().map_or(Whom::Where(&self.bulk.conditions), Whom::One)
    }
}

/// What is done before an action is kept, given the partners that something is recorded of.
pub type Prepare<'a> = dyn Fn(&[PartnerId]) -> anyhow::Result<()> + 'a;

/// What goes along with an action.
#[derive(Clone, Copy, Default)]
pub struct Along<'a> {
    /// What comes first in it and is of no partner.
    pub first: Option<&'a NewEvent>,
    /// What is done once all is decided, before anything is kept, with the partners that something is recorded of;
    /// where it fails, nothing is recorded.
    pub prepare: Option<&'a Prepare<'a>>,
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
    act_along(context, whom, bulk, day, requests, Along::default())
}

/// The same, with what goes along.
///
/// # Errors
/// Those of [`act`].
pub fn act_along(
    context: &Context,
    whom: &Whom,
    bulk: &Bulk,
    day: Day,
    requests: &[Request],
    along: Along,
) -> anyhow::Result<Exit> {
    let mut store = context.store_to_write()?;
    let many = matches!(whom, Whom::Where(_) | Whom::These(_));
    if matches!(whom, Whom::Where(_))
        && !bulk.dry_run
        && !confirmed(context, &mut store, whom, bulk, day, requests)?
    {
        context.say("Nothing was recorded.");
        return Ok(Exit::Done);
    }
    let keep = if bulk.dry_run { Keep::DryRun } else { Keep::Commit };
    let (plan, next) = store.write(keep, |writer| {
        let mut plan = Plan::of(context, writer, whom, day, requests, along.first)?;
        plan.check(bulk)?;
        plan.record(context, writer, along.first)?;
        if let Some(prepare) = along.prepare.filter(|_| keep == Keep::Commit) {
            prepare(&plan.changed)?;
        }
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
    let plan =
        context.store_to_write()?.read(|reader| Plan::of(context, reader, &whom, day, &[trial], None))?;
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
    let plan = store.read(|reader| Plan::of(context, reader, whom, day, requests, None))?;
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
        Whom::These(ids) => return Ok(ids.to_vec()),
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
