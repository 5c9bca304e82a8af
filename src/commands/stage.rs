//! Commands that move partners between stages, park them, and record that they leave or return.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::app::prompt::Prompt;
use crate::commands::completers::{reason_keys, stage_keys};
use crate::commands::named::{find_reason, find_stage, stage_to};
use crate::commands::options::{OnDay, TargetArgs, day_to_come, prose};
use crate::commands::order::Order;
use crate::commands::proposals::{LoadedPartner, Proposals};
use crate::commands::record::{Reason, ask_reason, record, record_for_reason, record_once_asked};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::lapsed_moves;
use crate::lifecycle::plans::Task;
use crate::lifecycle::program::Stage;
use crate::lifecycle::rule::Ruling;
use crate::lifecycle::stage;
use crate::lifecycle::stage::{Because, ExitKind, ExitReason, LeftAs, agreement_signed, past_agreement};
use crate::store::InForce;
use crate::text::follow_ups::stays_open;
use crate::text::milestone::lapsed_in_words;
use crate::text::partner::left_with_others_below;
use crate::text::stage::{declined_past_agreement, declined_though_signed};

/// Advance a partner to the next stage
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife advance acme
  chanlife advance acme --to launch   # no change if already in Launch
  chanlife advance acme --override \"key account\"
  chanlife advance --where done=agreement-signed --skip-refused")]
pub struct AdvanceArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Target stage [default: the next one]
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    /// Advance despite unmet gates or skipped stages, for this reason
    #[arg(long = "override", value_name = "REASON", value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Move a partner back to an earlier stage; its milestones stay done
#[derive(Debug, Args)]
pub struct BackArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Target stage
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Put a partner on hold
#[derive(Debug, Args)]
pub struct ParkArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Date to resume; 3d and 2w count from today
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Reason: a key or name of the program's reasons, so that reports can count it
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(reason_keys))]
    why: Option<String>,
    /// Reason in your own words, in place of --why or beside it
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Resume a parked partner
#[derive(Debug, Args)]
pub struct ResumeArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Stage to resume in: the one it was parked in or an earlier one [default: the one it was parked in]
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record that a partner left the channel
#[derive(Debug, Args)]
#[command(after_help = "`chanlife program show --format table` lists the reasons of the program.

Examples:
  chanlife leave acme --as declined --reason \"no fit\"
  chanlife leave acme --as withdrew --why price --reason \"rival gives 5 points\"
  chanlife list --where why=price --columns key,name,left-as,since
  chanlife report flow   # how many left for which reason")]
pub struct LeaveArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// declined (no partner agreement was signed, so no off-boarding), withdrew (they ended it) or terminated (we ended it)
    #[arg(long = "as", value_name = "LABEL", value_parser = ["declined", "withdrew", "terminated"])]
    label: Option<String>,
    /// Reason: a key or name of the program's reasons, so that reports can count it
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(reason_keys))]
    why: Option<String>,
    /// Reason in your own words, in place of --why or beside it
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record that a partner came back; its milestones start over
#[derive(Debug, Args)]
pub struct ReturnArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Stage [default: the first]
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

impl AdvanceArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let to = stage_to(in_force, self.to.as_deref())?;
            proposals.each(|loaded| {
                let reason = self.reason.as_deref();
                loaded.take(stage::advance(loaded.facts(), loaded.latest(), to, reason)?)
            })
        })
    }
}

impl BackArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let to = match self.to {
            Some(to) => to,
            None => ask_stage(context, &self.target, day)?,
        };
        let reason = Reason { given: self.reason.as_deref(), question: "Reason for moving back" };
        record_for_reason(context, &self.target.order(day), reason, |in_force, proposals, reason| {
            let to = find_stage(&in_force.program, "--to", in_force.aliases.stage(&to))?;
            proposals.each(|loaded| loaded.take(stage::back(loaded.facts(), to, reason)?))
        })
    }
}

impl ParkArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        let asked = AskedReason { exit: ExitKind::Parked, question: "Reason for parking" };
        let (why, reason) = (self.why.as_deref(), self.reason.as_deref());
        record_for_why(context, &order, asked, (why, reason), |_, proposals, because| {
            proposals.each(|loaded| {
                loaded.take(stage::park(loaded.facts(), until, because)?)?;
                note_open_work(loaded, |_| true);
                Ok(())
            })
        })
    }
}

impl ResumeArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        come_back(context, &self.target, &self.on, self.to.as_deref(), stage::resume)
    }
}

impl LeaveArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let label = match self.label.as_deref().and_then(LeftAs::from_word) {
            Some(label) => label,
            None => ask_label(context)?,
        };
        let asked = AskedReason { exit: ExitKind::Left(label), question: "Reason for leaving" };
        let (why, reason) = (self.why.as_deref(), self.reason.as_deref());
        record_for_why(context, &order, asked, (why, reason), |_, proposals, because| {
            let reader = proposals.reader();
            proposals.each(|loaded| {
                let (id, key) = (loaded.latest().id, loaded.latest().key.clone());
                loaded.take(stage::leave(loaded.facts(), label, because)?)?;
                note_signed(loaded, label);
                let mut below = Vec::new();
                for child in reader.below(id)? {
                    below.push(reader.lookup(child)?.key);
                }
                if !below.is_empty() {
                    loaded.add_note(left_with_others_below(&key, &below));
                }
                note_open_work(loaded, |_| true);
                Ok(())
            })
        })
    }
}

impl ReturnArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        come_back(context, &self.target, &self.on, self.to.as_deref(), stage::return_to)
    }
}

/// Adds that a partner is said to be declined that signed an agreement, for which nothing is asked of its off-boarding.
pub(super) fn note_signed(loaded: &mut LoadedPartner, label: LeftAs) {
    if label != LeftAs::Declined {
        return;
    }
    let (program, latest) = (loaded.facts().program, loaded.latest());
    let signed = agreement_signed(latest).map(|milestone| declined_though_signed(latest, milestone));
    let past = || past_agreement(program, latest).map(|milestone| declined_past_agreement(latest, milestone));
    if let Some(note) = signed.or_else(past) {
        loaded.add_note(note);
    }
}

/// Adds which of the actions and follow-ups of a partner stay open although it goes, waits or is back.
pub(super) fn note_open_work(loaded: &mut LoadedPartner, wanted: impl Fn(&Task) -> bool) {
    let latest = loaded.latest();
    let open: Vec<&Task> = latest.open_work().into_iter().filter(|one| wanted(one)).collect();
    if let Some(note) = stays_open(&latest.key, &open) {
        loaded.add_note(note);
    }
}

/// What is asked on a terminal if neither reason was given.
#[derive(Clone, Copy)]
struct AskedReason {
    exit: ExitKind,
    question: &'static str,
}

/// Records that partners leave or are parked, for a reason of the program, in own words, or both; one of them is asked for
/// on a terminal if neither was given.
fn record_for_why(
    context: &Context,
    order: &Order,
    asked: AskedReason,
    (why, reason): (Option<&str>, Option<&str>),
    propose: impl Fn(&InForce, &mut Proposals, Because) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let with = |in_force: &InForce, proposals: &mut Proposals, why: Option<&str>, reason: Option<&str>| {
        let why = why.map(|word| find_reason(&in_force.program, "--why", word)).transpose()?;
        propose(in_force, proposals, Because { why: why.map(|one| one.key.as_str()), reason })
    };
    if why.is_some() || reason.is_some() {
        return record(context, order, |in_force, proposals| with(in_force, proposals, why, reason));
    }
    let Some(prompt) = context.prompt()? else {
        return Err(missing_reason(context, asked)?.into());
    };
    let ask = || match ask_why(context, &prompt, asked)? {
        Some(key) => Ok((Some(key), None)),
        None => Ok((None, Some(ask_reason(&prompt, asked.question)?))),
    };
    let any = (None, Some(asked.question.to_owned()));
    record_once_asked(context, (&prompt, order), &any, ask, |in_force, proposals, (why, reason)| {
        with(in_force, proposals, why.as_deref(), reason.as_deref())
    })
}

/// Returns the error that a reason is missing, with those of the program that fit.
fn missing_reason(context: &Context, asked: AskedReason) -> anyhow::Result<Error> {
    let program = context.store()?.read(|reader| Ok(reader.program_now()?.program))?;
    let fitting = program.reasons.iter().filter(|one| one.is_for(asked.exit));
    let keys: Vec<&str> = fitting.map(|one| one.key.as_str()).collect();
    if keys.is_empty() {
        return Ok(missing("the reason", "--reason TEXT"));
    }
    Ok(missing("the reason", "--why KEY, or --reason TEXT").hint(format!("KEY is one of {}", listed(&keys))))
}

/// Asks for a reason of the program; none if it has none for this, or another was chosen.
fn ask_why(context: &Context, prompt: &Prompt, asked: AskedReason) -> anyhow::Result<Option<String>> {
    let program = context.store()?.read(|reader| Ok(reader.program_now()?.program))?;
    let fitting: Vec<&ExitReason> = program.reasons.iter().filter(|one| one.is_for(asked.exit)).collect();
    if fitting.is_empty() {
        return Ok(None);
    }
    let names: Vec<&str> =
        fitting.iter().map(|one| one.name.as_str()).chain(["other, in my words"]).collect();
    let chosen = prompt.choice(asked.question, &names)?;
    Ok(fitting.get(chosen).map(|one| one.key.clone()))
}

/// Records that partners come back to a stage, by the rule for where they are.
fn come_back(
    context: &Context,
    target: &TargetArgs,
    on: &OnDay,
    to: Option<&str>,
    rule: impl Fn(PartnerFacts, Option<&Stage>) -> Ruling,
) -> anyhow::Result<Exit> {
    let order = target.order(on.day(context)?);
    record(context, &order, |in_force, proposals| {
        let to = stage_to(in_force, to)?;
        proposals.each(|loaded| {
            let before = loaded.facts().partner.clone();
            loaded.take(rule(loaded.facts(), to)?)?;
            let before = PartnerFacts { partner: &before, ..loaded.facts() };
            let lapsed = lapsed_moves(before, loaded.facts());
            lapsed.iter().map(lapsed_in_words).for_each(|note| loaded.add_note(note));
            note_open_work(loaded, |_| true);
            Ok(())
        })
    })
}

/// Asks on a terminal for the stage to go back to; for one partner, only those before its own.
fn ask_stage(context: &Context, target: &TargetArgs, day: Day) -> anyhow::Result<String> {
    let Some(prompt) = context.prompt()? else {
        return Err(missing("the stage to go back to", "--to STAGE").into());
    };
    let stages: Vec<Stage> = context.store()?.read(|reader| {
        let in_force = reader.program_now()?;
        let Some(partner) = &target.partner else {
            return Ok(in_force.program.stages().to_vec());
        };
        let history = reader.history(reader.find(partner)?.id)?;
        let folded = history.fold(&in_force.aliases, Some(day));
        let earlier = folded.partner().map(|partner| {
            stage::earlier_stages(PartnerFacts { program: &in_force.program, partner, day })
                .map(<[_]>::to_vec)
        });
        // A partner that was not there on the day is refused by the rule.
        Ok(earlier.transpose()?.unwrap_or_else(|| in_force.program.stages().to_vec()))
    })?;
    let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    let chosen = prompt.choice("Move back to", &names)?;
    Ok(stages[chosen].key.clone())
}

/// Asks on a terminal how the partner left.
fn ask_label(context: &Context) -> anyhow::Result<LeftAs> {
    let Some(prompt) = context.prompt()? else {
        return Err(missing("how it left", "--as declined, --as withdrew or --as terminated").into());
    };
    let choices =
        ["declined: no partner agreement was signed", "withdrew: they ended it", "terminated: we ended it"];
    Ok(LeftAs::ALL[prompt.choice("How did it leave", &choices)?])
}
