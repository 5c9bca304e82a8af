//! The reports on what stands behind the stages: terms, readiness, funds, communication.

use crate::lifecycle::base::error::Error;
use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::report::question::{FailOption, Question};
use crate::report::channel::Needs;
use crate::report::quality::Quality;
use crate::report::{communication, enablement, funds, terms};

/// What is agreed with whom, and what is to be agreed anew
#[derive(Debug, Args)]
pub(super) struct Terms {
    #[command(flatten)]
    question: Question,
    /// All that is agreed, not only what ends
    #[arg(long)]
    all: bool,
}

/// Who is certified and has which material, what blocks the next stage, what expires within 90 days
#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many partners to show; 0 for all, as in formats for machines")))]
#[command(after_help = "Examples:
  chanlife report readiness
  chanlife report readiness --by region --where stage=readiness,launch
  chanlife report readiness --all --format csv")]
pub(super) struct Readiness {
    #[command(flatten)]
    question: Question,
    /// What to divide by: stage, type, region, tier, owner or a field of the program
    #[arg(long, value_name = "QUALITY", default_value = "stage")]
    by: String,
    /// Those too that lack nothing
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    limit: Limit,
    /// Say what the figures mean
    #[arg(long)]
    explain: bool,
}

/// Where the money of funds is, what activities brought, how long claims wait
#[derive(Debug, Args)]
pub(super) struct Funds {
    #[command(flatten)]
    question: Question,
    /// Say what the figures mean
    #[arg(long)]
    explain: bool,
}

/// Whom announcements reached, who was told late or not at all, how fast partners and we answer
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report communication
  chanlife report communication atlas-3           partner by partner
  chanlife report communication --by region")]
pub(super) struct Communication {
    /// One announcement, partner by partner
    key: Option<String>,
    #[command(flatten)]
    question: Question,
    /// What to divide by: type, region, tier, owner, stage or a field of the program
    #[arg(long, value_name = "QUALITY", conflicts_with = "key")]
    by: Option<String>,
    /// Say what the figures mean
    #[arg(long)]
    explain: bool,
}

impl Terms {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let needs = terms::needs();
        self.question.show(
            context,
            |_| Ok(needs),
            &FailOption::default(),
            |_, channel, frame| Ok(terms::report(channel, frame, self.all)),
        )
    }
}

impl Readiness {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let limit = self.limit.rows(context, 20);
        let by = |program: &_| {
            let quality = Quality::parse(&self.by, program);
            quality.map_err(|why| Error::usage(format!("--by: {why}")))
        };
        let needs = Needs { attributes: true, milestones: true, enablement: true, ..Needs::default() };
        self.question.show(
            context,
            |view| Ok(needs.and(by(&view.in_force.program)?.needs())),
            &FailOption::default(),
            |_, channel, frame| {
                let options = enablement::EnablementQuestion {
                    by: by(channel.program)?,
                    limit,
                    all: self.all,
                    explain: self.explain,
                };
                Ok(enablement::report(channel, frame, &options))
            },
        )
    }
}

impl Funds {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let needs = Needs { attributes: true, sales: true, ..Needs::default() };
        self.question.show(
            context,
            |_| Ok(needs),
            &FailOption::default(),
            |view, channel, frame| funds::report(view, channel, frame, self.explain),
        )
    }
}

impl Communication {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let by = |program: &_| {
            let quality = self.by.as_deref().map(|word| Quality::parse(word, program)).transpose();
            quality.map_err(|why| Error::usage(format!("--by: {why}")))
        };
        let needs = Needs { attributes: true, terms: true, notifications: true, ..Needs::default() };
        self.question.show(
            context,
            |view| {
                let by = by(&view.in_force.program)?.map_or(Needs::default(), |by| by.needs());
                Ok(needs.and(by).and(communication::needs(view)?))
            },
            &FailOption::default(),
            |view, channel, frame| {
                let by = by(channel.program)?;
                let options =
                    communication::CommunicationQuestion { key: self.key.clone(), by, explain: self.explain };
                communication::report(view, channel, frame, &options)
            },
        )
    }
}
