//! Commands on underperforming partners: watch list, improvement plans and decisions.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::reason_keys;
use crate::commands::named::find_reason;
use crate::commands::options::{Bulk, OnDay, TargetArgs, day_to_come, one_word, prose};
use crate::commands::record::{Reason, record, record_for_reason};
use crate::commands::stage::note_open_work;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::performance;
use crate::lifecycle::performance::{DecideRequest, DecidedAs};
use crate::lifecycle::stage::LeftAs;

/// Put an underperforming partner on the watch list
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife watch acme --reason \"below half of plan for two quarters\"
  chanlife watch --where performance=underperforming --reason \"Q3 review\"")]
pub struct WatchArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Start an improvement plan for a partner on the watch list, or change its end
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife improve acme
  chanlife improve acme --until 2026-12-31
  chanlife plan action acme \"weekly pipeline call\" --improve --due 2w")]
pub struct ImproveArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Last day [default: as the program says]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Agreed goals
    #[arg(long, value_name = "GOALS", value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Decide on a partner on the watch list: recover, lower-tier, self-service or leave
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife decide PARTNER OUTCOME --reason REASON\n       chanlife decide --where CONDITION OUTCOME --reason REASON",
    after_help = "Outcomes:
  recover       performs again: off the watch list
  lower-tier    moves to the next lower tier, or to that of --tier
  self-service  stays a partner without the time of a channel manager: off the watch list
  leave         ends the partnership, as --as says

Examples:
  chanlife decide acme recover --reason \"Q3 at 96 % of plan\"
  chanlife decide acme lower-tier --reason \"gold no more\"
  chanlife decide acme leave --why no-resources --reason \"no seller left\""
)]
pub struct DecideArgs {
    /// The partner and the outcome; with --where, only the outcome
    #[arg(value_name = "PARTNER OUTCOME", num_args = 1..=2, required = true)]
    words: Vec<String>,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    /// For lower-tier: the new tier [default: the next lower one]
    #[arg(long)]
    tier: Option<String>,
    /// For leave: terminated (we ended it) or withdrew (they ended it)
    #[arg(long = "as", value_name = "LABEL", value_parser = ["terminated", "withdrew"])]
    label: Option<String>,
    /// For leave: the reason by its key or name in the program, so that reports can count it
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(reason_keys))]
    why: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl WatchArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let reason = Reason { given: self.reason.as_deref(), question: "Reason for watching" };
        record_for_reason(context, &order, reason, |_, proposals, reason| {
            proposals.each(|loaded| loaded.take(performance::watch(loaded.facts(), reason)?))
        })
    }
}

impl ImproveArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        record(context, &order, |_, proposals| {
            let reason = self.reason.as_deref();
            proposals.each(|loaded| loaded.take(performance::improve(loaded.facts(), until, reason)?))
        })
    }
}

impl DecideArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let (whom, words) = self.bulk.whom(&self.words);
        let word = one_word(words, || missing("the outcome", "").hint(outcomes()))?;
        let Some(outcome) = DecidedAs::from_word(word) else {
            return Err(Error::usage(format!("unknown outcome `{word}`")).hint(outcomes()).into());
        };
        if self.why.is_some() && outcome != DecidedAs::Leave {
            let why = "--why is the reason for leaving, and goes with the outcome leave only";
            return Err(Error::usage(why).into());
        }
        let label = self.label.as_deref().and_then(LeftAs::from_word).unwrap_or(LeftAs::Terminated);
        let reason = Reason { given: self.reason.as_deref(), question: "Reason for the decision" };
        record_for_reason(context, &self.bulk.order(whom, day), reason, |in_force, proposals, reason| {
            let why =
                self.why.as_deref().map(|word| find_reason(&in_force.program, "--why", word)).transpose()?;
            let (tier, why) = (self.tier.as_deref(), why.map(|one| one.key.as_str()));
            let request = DecideRequest { outcome, reason, why, tier, label };
            proposals.each(|loaded| {
                loaded.take(performance::decide(loaded.facts(), &request)?)?;
                // A partner that goes on as before keeps the work of its business plans.
                let goes_on = matches!(outcome, DecidedAs::Recover | DecidedAs::LowerTier);
                note_open_work(loaded, |task| !goes_on || task.plan.is_none() && !task.follow_up);
                Ok(())
            })
        })
    }
}

/// Returns the hint with the outcomes of a decision.
fn outcomes() -> String {
    format!("the outcomes are {}", listed(&DecidedAs::ALL.map(DecidedAs::word)))
}
