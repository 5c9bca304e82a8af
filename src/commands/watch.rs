//! Commands on partners that do not perform: watching them, agreeing how to improve, deciding.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::options::{Bulk, OnDay, Target, day_to_come, one_word, prose};
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::performance;
use crate::lifecycle::performance::{DecideRequest, DecidedAs};
use crate::lifecycle::stage::LeftAs;

/// Put a partner that does not perform on the watch list
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife watch acme --reason \"below half of plan for two quarters\"
  chanlife watch --where performance=underperforming --reason \"Q3 review\" --skip-refused")]
pub struct Watch {
    #[command(flatten)]
    target: Target,
    /// Why
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Begin an improvement plan for a partner on the watch list, or move its end
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife improve acme
  chanlife improve acme --until 2026-12-31
  chanlife plan action acme \"weekly pipeline call\" --improve --due 2w")]
pub struct Improve {
    #[command(flatten)]
    target: Target,
    /// Until when; without it, as many days as the program says
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// What is agreed
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Decide on a partner that was watched: recover, lower-tier, self-service or leave
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife decide PARTNER OUTCOME --reason REASON\n       chanlife decide --where CONDITION OUTCOME --reason REASON",
    after_help = "Examples:
  chanlife decide acme recover --reason \"Q3 at 96 % of plan\"
  chanlife decide acme lower-tier --reason \"gold no more\"
  chanlife decide acme leave --reason \"no seller left\" --as terminated"
)]
pub struct Decide {
    /// The partner and the outcome; with --where, the outcome only
    #[arg(value_name = "PARTNER OUTCOME", num_args = 1..=2, required = true)]
    words: Vec<String>,
    /// Why
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    /// For lower-tier: the tier; without it, the next lower one
    #[arg(long)]
    tier: Option<String>,
    /// For leave: terminated (we ended it) or withdrew (they ended it)
    #[arg(long = "as", value_name = "LABEL", value_parser = ["terminated", "withdrew"])]
    label: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl Watch {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let reason = Reason { given: self.reason.as_deref(), question: "Why is it watched?" };
        record_for_reason(context, &order, reason, |_, proposals, reason| {
            proposals.each(|loaded| loaded.take(performance::watch(loaded.scene(), reason)?))
        })
    }
}

impl Improve {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        record(context, &order, |_, proposals| {
            let reason = self.reason.as_deref();
            proposals.each(|loaded| loaded.take(performance::improve(loaded.scene(), until, reason)?))
        })
    }
}

impl Decide {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let (whom, words) = self.bulk.whom(&self.words);
        let word = one_word(words, || missing("the outcome", "PARTNER OUTCOME"))?;
        let Some(outcome) = DecidedAs::from_word(word) else {
            let words: Vec<&str> = DecidedAs::ALL.into_iter().map(DecidedAs::word).collect();
            return Err(Error::usage(format!("`{word}` is no outcome"))
                .hint(format!("decide {}", words.join(", ")))
                .into());
        };
        let label = self.label.as_deref().and_then(LeftAs::from_word).unwrap_or(LeftAs::Terminated);
        let reason = Reason { given: self.reason.as_deref(), question: "Why is that decided?" };
        record_for_reason(context, &self.bulk.order(whom, day), reason, |_, proposals, reason| {
            let request = DecideRequest { outcome, reason, tier: self.tier.as_deref(), label };
            proposals.each(|loaded| loaded.take(performance::decide(loaded.scene(), &request)?))
        })
    }
}
