//! What is done with requests and claims, which go by their number.

use crate::lifecycle::base::error::Error;
use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::fund::amount;
use crate::commands::numbered::{Numbers, act_on, number, numbers};
use crate::commands::receipts::prose;
use crate::commands::record::Subject;
use crate::commands::stage::reason;
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::text;
use crate::lifecycle::funds::ClaimRequest;
use crate::lifecycle::rule::Decision;

const LISTED: &str = "chanlife fund list";

/// Which request or claim, and when.
#[derive(Debug, Args)]
struct Which {
    /// Its number; `chanlife fund list` lists them
    #[arg(value_name = "NUMBER", value_parser = number)]
    number: i64,
    #[command(flatten)]
    when: When,
}

#[derive(Debug, Args)]
struct When {
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Set money aside for a request
#[derive(Debug, Args)]
pub struct Approve {
    #[command(flatten)]
    which: Which,
    /// How much; without it, what is asked for
    #[arg(long)]
    amount: Option<String>,
    /// The last day on which it can be claimed; without it, as the fund says
    #[arg(long, value_name = "DATE")]
    claim_by: Option<String>,
}

/// Refuse a request that waits, or a claim that is not paid
#[derive(Debug, Args)]
pub struct Reject {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// Record that a partner claims what was approved, with what proves that it was spent
#[derive(Debug, Args)]
pub struct Claim {
    #[command(flatten)]
    which: Which,
    /// How much; without it, all that is left of the approval
    amount: Option<String>,
    /// What proves it, such as the number of an invoice
    #[arg(long)]
    proof: String,
    /// How many leads came of it
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    leads: Option<i64>,
    /// The pipeline that came of it
    #[arg(long, value_name = "AMOUNT")]
    pipeline: Option<String>,
}

/// Record that claims are paid
#[derive(Debug, Args)]
pub struct Pay {
    /// The numbers of the claims, with commas; `chanlife fund list` lists them
    #[arg(value_name = "NUMBER,...", value_parser = numbers)]
    numbers: Numbers,
    /// The number of the payment
    #[arg(long = "ref", value_name = "REFERENCE")]
    reference: Option<String>,
    #[command(flatten)]
    when: When,
}

/// End a request of which nothing more comes; what is left of it goes back
#[derive(Debug, Args)]
pub struct Close {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

impl Approve {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let by = self.claim_by.as_deref();
        let by = by.map(|text| context.day("--claim-by", text, Towards::Future)).transpose()?;
        self.which.act(context, |subject, number| {
            let currency = subject.scene.program.currency;
            let wanted = self.amount.as_deref().map(|text| amount(currency, "--amount", text)).transpose()?;
            Ok(crate::lifecycle::funds::approve(subject.scene, number, wanted, by)?)
        })
    }
}

impl Reject {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = reason(context, self.reason.as_deref(), "Why is it rejected?")?;
        self.which.act(context, |subject, number| {
            Ok(crate::lifecycle::funds::reject(subject.scene, number, &reason)?)
        })
    }
}

impl Claim {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let proof = prose("--proof", &self.proof)?;
        self.which.act(context, |subject, number| {
            let currency = subject.scene.program.currency;
            let read = |option: &str, text: Option<&String>| {
                text.map(|text| amount(currency, option, text)).transpose()
            };
            let claimed = ClaimRequest {
                request: number,
                amount_minor: read("AMOUNT", self.amount.as_ref())?,
                proof: &proof,
                leads: self.leads,
                pipeline_minor: read("--pipeline", self.pipeline.as_ref())?,
            };
            Ok(crate::lifecycle::funds::claim(subject.scene, claimed)?)
        })
    }
}

impl Pay {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reference = self.reference.as_deref().map(text::name).transpose();
        let reference = reference.map_err(|fault| Error::usage(format!("--ref {fault}")))?;
        let day = context.past_day("--on", self.when.on.as_deref())?;
        act_on(context, &self.numbers.0, ("claim", LISTED), day, self.when.dry_run, |subject, number| {
            Ok(crate::lifecycle::funds::pay(subject.scene, number, reference.as_deref())?)
        })
    }
}

impl Close {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = self.reason.as_deref().map(|text| prose("--reason", text)).transpose()?;
        self.which.act(context, |subject, number| {
            Ok(crate::lifecycle::funds::close(subject.scene, number, reason.as_deref())?)
        })
    }
}

impl Which {
    fn act(
        &self,
        context: &Context,
        rule: impl Fn(&Subject, i64) -> anyhow::Result<Decision>,
    ) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.when.on.as_deref())?;
        act_on(context, &[self.number], ("request or claim", LISTED), day, self.when.dry_run, rule)
    }
}
