use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Subject, Whom, act};
use crate::commands::shell::partner_keys_and_milestones;
use crate::commands::stage::reason;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::milestone::MilestoneRequest;
use crate::lifecycle::program::{Milestone, Program};
use crate::lifecycle::rule::Ruling;

/// A partner and its milestones, or milestones of many partners.
#[derive(Debug, Args)]
struct Which {
    /// The partner, then one or more milestones; with --where, milestones only
    #[arg(value_name = "PARTNER MILESTONE", required = true, num_args = 1..,
          add = ArgValueCompleter::new(partner_keys_and_milestones))]
    words: Vec<String>,
    /// For a recurring milestone: the period, such as 2026, 2026-Q3 or 2026-10; without it, the current one
    #[arg(long)]
    period: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

/// Record that milestones were reached
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife done PARTNER MILESTONE...\n       chanlife done --where CONDITION MILESTONE...",
    after_help = "Examples:
  chanlife done acme agreement-signed --evidence \"DocuSign 4711\"
  chanlife done acme business-review --period 2026-Q3
  chanlife done --where stage=readiness one-to-many-channel"
)]
pub struct Done {
    #[command(flatten)]
    which: Which,
    /// What proves it
    #[arg(long)]
    evidence: Option<String>,
    /// Who did it, where that is not you
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Record that milestones do not apply; a gate is then passed
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife skip PARTNER MILESTONE... --reason REASON\n       chanlife skip --where CONDITION MILESTONE... --reason REASON"
)]
pub struct Skip {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// Open milestones that were done or skipped
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife reopen PARTNER MILESTONE...\n       chanlife reopen --where CONDITION MILESTONE..."
)]
pub struct Reopen {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

impl Done {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let evidence = self.evidence.as_deref().map(|text| prose("--evidence", text)).transpose()?;
        let by = self.by.as_deref().map(text::name).transpose();
        let by = by.map_err(|fault| Error::usage(format!("--by {fault}")))?;
        self.which.act(context, |subject, request| {
            crate::lifecycle::milestone::done(subject.scene, request, evidence.as_deref(), by.as_deref())
        })
    }
}

impl Skip {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = reason(context, self.reason.as_deref(), "Why does it not apply?")?;
        self.which.act(context, |subject, request| {
            crate::lifecycle::milestone::skip(subject.scene, request, &reason)
        })
    }
}

impl Reopen {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = self.reason.as_deref().map(|text| prose("--reason", text)).transpose()?;
        self.which.act(context, |subject, request| {
            crate::lifecycle::milestone::reopen(subject.scene, request, reason.as_deref())
        })
    }
}

impl Which {
    fn act(
        &self,
        context: &Context,
        rule: impl Fn(&Subject, MilestoneRequest) -> Ruling,
    ) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let (whom, milestones) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([], true) => return Err(missing("the partner", "PARTNER MILESTONE").into()),
            ([partner], true) => {
                let partner = shell_words::quote(partner);
                return Err(Error::usage("no milestone was named")
                    .hint(format!(
                        "name it behind the partner; `chanlife show {partner}` lists those of its stage"
                    ))
                    .into());
            }
            ([partner, milestones @ ..], true) => (Whom::One(partner), milestones),
            (milestones, false) => (Whom::Where(&self.bulk.conditions), milestones),
        };
        let (period, rule) = (self.period.as_deref(), &rule);
        let request = |word: &'_ String| -> Request {
            let word = word.clone();
            Box::new(move |subject| {
                let key = subject.in_force.aliases.milestone(&word);
                let milestone = find_milestone(subject.scene.program, key)?;
                Ok(rule(subject, MilestoneRequest { milestone, period })?)
            })
        };
        let requests: Vec<Request> = milestones.iter().map(request).collect();
        act(context, &whom, &self.bulk, day, &requests)
    }
}

/// The milestone that `word` names.
fn find_milestone<'p>(program: &'p Program, word: &str) -> anyhow::Result<&'p Milestone> {
    let leaving = program.leaving.iter().find(|one| one.key == word);
    if let Some(milestone) = program.milestone(word).map(|(_, one)| one).or(leaving) {
        return Ok(milestone);
    }
    let all = program.milestones().map(|(_, one)| one).chain(&program.leaving);
    let keys: Vec<&str> = all.map(|one| one.key.as_str()).collect();
    let near = nearest(word, keys.iter().copied());
    let failure = Error::usage(format!("there is no milestone `{word}`"));
    Err(match near.first() {
        Some(_) => failure.hint(format!("did you mean {}?", listed(&near))).into(),
        None => failure
            .hint("`chanlife program show --format table` lists the milestones")
            .hint("the name of a partner goes in quotes where it has blanks, as in \"Acme GmbH\"")
            .into(),
    })
}
