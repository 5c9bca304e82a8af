use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::receipts::prose;
use crate::commands::record::{Request, Target, act};
use crate::commands::stage::{Reason, act_for_reason};
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::performance::DecideRequest;
use crate::lifecycle::performance::DecidedAs;
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
    #[arg(long)]
    reason: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
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
    #[arg(long)]
    reason: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
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
    #[arg(long)]
    reason: Option<String>,
    /// For lower-tier: the tier; without it, the next lower one
    #[arg(long)]
    tier: Option<String>,
    /// For leave: terminated (we ended it) or withdrew (they ended it)
    #[arg(long = "as", value_name = "LABEL", value_parser = ["terminated", "withdrew"])]
    label: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    bulk: crate::commands::record::Bulk,
}

impl Watch {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let reason = Reason { given: self.reason.as_deref(), question: "Why is it watched?" };
        act_for_reason(context, &self.target, day, &reason, |subject, reason| {
            Ok(crate::lifecycle::performance::watch(subject.scene, reason)?)
        })
    }
}

impl Improve {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let until =
            self.until.as_deref().map(|text| context.day("--until", text, Towards::Future)).transpose()?;
        let reason = self.reason.as_deref().map(|text| prose("--reason", text)).transpose()?;
        let request: Request = Box::new(|subject| {
            Ok(crate::lifecycle::performance::improve(subject.scene, until, reason.as_deref())?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

impl Decide {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let (partner, word) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([partner, word], true) => (Some(partner.clone()), word.clone()),
            ([word], false) => (None, word.clone()),
            ([_], true) => return Err(missing("the outcome", "PARTNER OUTCOME").into()),
            _ => return Err(Error::usage("give a partner or --where, not both").into()),
        };
        let Some(outcome) = DecidedAs::from_word(&word) else {
            let words: Vec<&str> = DecidedAs::ALL.into_iter().map(DecidedAs::word).collect();
            return Err(Error::usage(format!("`{word}` is no outcome"))
                .hint(format!("decide {}", words.join(", ")))
                .into());
        };
        let label = self.label.as_deref().and_then(LeftAs::from_word).unwrap_or(LeftAs::Terminated);
        let target = Target { partner, bulk: self.bulk };
        let reason = Reason { given: self.reason.as_deref(), question: "Why is that decided?" };
        act_for_reason(context, &target, day, &reason, |subject, reason| {
            let request = DecideRequest { outcome, reason, tier: self.tier.as_deref(), label };
            Ok(crate::lifecycle::performance::decide(subject.scene, &request)?)
        })
    }
}
