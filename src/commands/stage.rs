use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::receipts::prose;
use crate::commands::record::{Request, Subject, Target, act, settled};
use crate::commands::shell::stage_keys;
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::program::{Program, Stage};
use crate::lifecycle::rule::Decision;
use crate::lifecycle::stage::LeftAs;

/// Move a partner on to the next stage
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife advance acme
  chanlife advance acme --to launch              harmless where it is there already
  chanlife advance acme --override \"key account\"
  chanlife advance --where stage=terms --where done=agreement-signed --skip-refused")]
pub struct Advance {
    #[command(flatten)]
    target: Target,
    /// The stage to reach; without it, the next one
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    /// Pass missing gates or skip stages all the same, for this reason
    #[arg(long = "override", value_name = "REASON")]
    reason: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Move a partner back to an earlier stage; its milestones stay done
#[derive(Debug, Args)]
pub struct Back {
    #[command(flatten)]
    target: Target,
    /// The stage to go back to
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Put a partner aside for the time being
#[derive(Debug, Args)]
pub struct Park {
    #[command(flatten)]
    target: Target,
    /// When to take it up again; 3d and 2w count from today on
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Take a parked partner up again
#[derive(Debug, Args)]
pub struct Resume {
    #[command(flatten)]
    target: Target,
    /// That stage or an earlier one; without it, the one it was parked from
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Record that a partner left the channel
#[derive(Debug, Args)]
pub struct Leave {
    #[command(flatten)]
    target: Target,
    /// declined (no deal was made), withdrew (they ended it) or terminated (we ended it)
    #[arg(long = "as", value_name = "LABEL", value_parser = ["declined", "withdrew", "terminated"])]
    label: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Bring back a partner that left; its milestones start again
#[derive(Debug, Args)]
pub struct Return {
    #[command(flatten)]
    target: Target,
    /// The stage; without it, the first
    #[arg(long, value_name = "STAGE", add = ArgValueCompleter::new(stage_keys))]
    to: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

impl Advance {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let reason = self.reason.as_deref().map(|text| prose("--override", text)).transpose()?;
        let request: Request = Box::new(|subject| {
            let to = stage_option(subject, self.to.as_deref())?;
            let folded = subject.history.fold(&subject.in_force.aliases, None);
            let latest = folded.partner().unwrap_or(subject.scene.partner);
            Ok(crate::lifecycle::stage::advance(subject.scene, latest, to, reason.as_deref())?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

impl Back {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let to = match self.to {
            Some(to) => to,
            None => ask_stage(context, &self.target, day)?,
        };
        let reason = Reason { given: self.reason.as_deref(), question: "Why does it go back?" };
        act_for_reason(context, &self.target, day, &reason, |subject, reason| {
            let to = find_stage(subject.scene.program, "--to", subject.in_force.aliases.stage(&to))?;
            Ok(crate::lifecycle::stage::back(subject.scene, to, reason)?)
        })
    }
}

impl Park {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let until =
            self.until.as_deref().map(|text| context.day("--until", text, Towards::Future)).transpose()?;
        let reason = Reason { given: self.reason.as_deref(), question: "Why is it parked?" };
        act_for_reason(context, &self.target, day, &reason, |subject, reason| {
            Ok(crate::lifecycle::stage::park(subject.scene, until, Some(reason))?)
        })
    }
}

impl Resume {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let request: Request = Box::new(|subject| {
            Ok(crate::lifecycle::stage::resume(subject.scene, stage_option(subject, self.to.as_deref())?)?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

impl Leave {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let label = match self.label.as_deref().and_then(LeftAs::from_word) {
            Some(label) => label,
            None => ask_label(context)?,
        };
        let reason = Reason { given: self.reason.as_deref(), question: "Why does it leave?" };
        act_for_reason(context, &self.target, day, &reason, |subject, reason| {
            Ok(crate::lifecycle::stage::leave(subject.scene, label, reason)?)
        })
    }
}

impl Return {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let request: Request = Box::new(|subject| {
            Ok(crate::lifecycle::stage::return_to(subject.scene, stage_option(subject, self.to.as_deref())?)?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

/// The stage that --to names, where it is given.
fn stage_option<'s>(subject: &Subject<'s>, word: Option<&str>) -> anyhow::Result<Option<&'s Stage>> {
    let find = |word| find_stage(subject.scene.program, "--to", subject.in_force.aliases.stage(word));
    word.map(find).transpose()
}

/// The stage to go back to, asked for on a terminal; for one partner, only those before its own.
fn ask_stage(context: &Context, target: &Target, day: Day) -> anyhow::Result<String> {
    let Some(prompt) = context.prompt()? else {
        return Err(missing("the stage to go back to", "--to STAGE").into());
    };
    let stages: Vec<Stage> = context.store_to_write()?.read(|reader| {
        let in_force = reader.program_now()?;
        let Some(partner) = &target.partner else {
            return Ok(in_force.program.stages().to_vec());
        };
        let history = reader.history(reader.find(partner)?.id)?;
        let folded = history.fold(&in_force.aliases, Some(day));
        let earlier = folded.partner().map(|partner| {
            crate::lifecycle::stage::earlier_stages(Scene { program: &in_force.program, partner, day })
                .map(<[_]>::to_vec)
        });
        // A partner that was not there on the day is refused by the rule.
        Ok(earlier.transpose()?.unwrap_or_else(|| in_force.program.stages().to_vec()))
    })?;
    let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    let chosen = prompt.choice("Back to which stage?", &names)?;
    Ok(stages[chosen].key.clone())
}

/// How the partner left, asked for on a terminal.
fn ask_label(context: &Context) -> anyhow::Result<LeftAs> {
    let Some(prompt) = context.prompt()? else {
        return Err(missing("how it left", "--as declined, --as withdrew or --as terminated").into());
    };
    let choices = ["declined: no deal was made", "withdrew: they ended it", "terminated: we ended it"];
    Ok(LeftAs::ALL[prompt.choice("How did it leave?", &choices)?])
}

/// The stage of the program that `word` names by its key or its name.
///
/// # Errors
/// [`Error`] with the stages that there are.
pub fn find_stage<'p>(program: &'p Program, option: &str, word: &str) -> anyhow::Result<&'p Stage> {
    let wanted = word.trim().to_lowercase();
    let named = |stage: &&Stage| stage.key == wanted || stage.name.to_lowercase() == wanted;
    if let Some(stage) = program.stages().iter().find(named) {
        return Ok(stage);
    }
    let keys: Vec<&str> = program.stages().iter().map(|stage| stage.key.as_str()).collect();
    let failure = Error::usage(format!("{option}: there is no stage `{word}`"));
    Err(match nearest(&wanted, keys.iter().copied()).first() {
        Some(near) => failure.hint(format!("did you mean `{near}`?")).into(),
        None => failure.hint(format!("the stages are {}", listed(&keys))).into(),
    })
}

/// A reason as it was given, and the question that asks for it where it was not.
#[derive(Clone, Copy)]
pub(super) struct Reason<'a> {
    pub given: Option<&'a str>,
    pub question: &'a str,
}

/// Decides a rule that needs a reason; what is refused or so already is told before a question is asked.
pub(super) fn act_for_reason(
    context: &Context,
    target: &Target,
    day: Day,
    wanted: &Reason,
    rule: impl Fn(&Subject, &str) -> anyhow::Result<Decision>,
) -> anyhow::Result<Exit> {
    if wanted.given.is_none() && context.prompt()?.is_some() {
        let trial: Request = Box::new(|subject| rule(subject, wanted.question));
        if let Some(exit) = settled(context, target, day, trial)? {
            return Ok(exit);
        }
    }
    let reason = reason(context, wanted.given, wanted.question)?;
    let request: Request = Box::new(|subject| rule(subject, &reason));
    act(context, &target.whom(), &target.bulk, day, &[request])
}

/// A reason, asked for on a terminal where it was not given.
///
/// # Errors
/// [`Error`] where there is none and nobody to ask.
pub fn reason(context: &Context, given: Option<&str>, question: &str) -> anyhow::Result<String> {
    if let Some(text) = given {
        return prose("--reason", text);
    }
    let Some(prompt) = context.prompt()? else {
        return Err(missing("the reason", "--reason").into());
    };
    let valid = |text: &str| {
        crate::lifecycle::base::text::prose(text).map(|_| ()).map_err(|fault| format!("the reason {fault}"))
    };
    prose("--reason", &prompt.text(question, "", valid)?)
}
