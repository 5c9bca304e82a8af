//! Commands on milestones: done, skipped because they do not apply, and reopened.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys_and_milestones;
use crate::commands::named::find_milestone;
use crate::commands::options::{Bulk, OnDay, name, prose};
use crate::commands::order::{Order, Whom};
use crate::commands::proposals::Proposals;
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone;
use crate::lifecycle::milestone::MilestoneRequest;
use crate::lifecycle::rule::Ruling;
use crate::store::InForce;

/// A partner and its milestones, or milestones of many partners.
#[derive(Debug, Args)]
struct MilestonesArgs {
    /// The partner, then one or more milestones; with --where, only milestones
    #[arg(value_name = "PARTNER MILESTONE", required = true, num_args = 1..,
          add = ArgValueCompleter::new(partner_keys_and_milestones))]
    words: Vec<String>,
    /// Period of a recurring milestone, such as 2026, 2026-Q3 or 2026-10 [default: the current one]
    #[arg(long)]
    period: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

/// Mark milestones as done
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife done PARTNER MILESTONE...\n       chanlife done --where CONDITION MILESTONE...",
    after_help = "Examples:
  chanlife done acme agreement-signed --evidence \"DocuSign 4711\"
  chanlife done acme business-review --period 2026-Q3
  chanlife done --where stage=readiness one-to-many-channel"
)]
pub struct DoneArgs {
    #[command(flatten)]
    which: MilestonesArgs,
    /// Evidence, such as a contract number
    #[arg(long, value_parser = prose)]
    evidence: Option<String>,
    /// Who did it, if not you
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
}

/// Skip milestones that do not apply; a skipped gate counts as passed
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife skip PARTNER MILESTONE... --reason REASON\n       chanlife skip --where CONDITION MILESTONE... --reason REASON"
)]
pub struct SkipArgs {
    #[command(flatten)]
    which: MilestonesArgs,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

/// Reopen milestones that were done or skipped
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife reopen PARTNER MILESTONE...\n       chanlife reopen --where CONDITION MILESTONE..."
)]
pub struct ReopenArgs {
    #[command(flatten)]
    which: MilestonesArgs,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

impl DoneArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (order, words) = self.which.order(context)?;
        record(context, &order, |in_force, proposals| {
            self.which.propose(in_force, proposals, words, |facts, request| {
                milestone::done(facts, request, self.evidence.as_deref(), self.by.as_deref())
            })
        })
    }
}

impl SkipArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (order, words) = self.which.order(context)?;
        let reason = Reason { given: self.reason.as_deref(), question: "Reason why it does not apply" };
        record_for_reason(context, &order, reason, |in_force, proposals, reason| {
            let rule =
                |facts: PartnerFacts, request: MilestoneRequest| milestone::skip(facts, request, reason);
            self.which.propose(in_force, proposals, words, rule)
        })
    }
}

impl ReopenArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (order, words) = self.which.order(context)?;
        record(context, &order, |in_force, proposals| {
            self.which.propose(in_force, proposals, words, |facts, request| {
                milestone::reopen(facts, request, self.reason.as_deref())
            })
        })
    }
}

impl MilestonesArgs {
    /// Returns the order, and the words for milestones.
    fn order(&self, context: &Context) -> anyhow::Result<(Order<'_>, &[String])> {
        let day = self.on.day(context)?;
        let (whom, milestones) = self.bulk.whom(&self.words);
        match (whom, milestones) {
            (Whom::Where([]), []) => Err(missing("the partner", "").into()),
            (Whom::One(partner), []) => {
                let partner = shell_words::quote(partner);
                Err(Error::usage("the milestone is missing")
                    .hint(format!(
                        "name it after the partner; `chanlife show {partner}` lists the milestones of its stage"
                    ))
                    .into())
            }
            (whom, milestones) => Ok((self.bulk.order(whom, day), milestones)),
        }
    }

    /// Decides on each milestone of each partner.
    fn propose(
        &self,
        in_force: &InForce,
        proposals: &mut Proposals,
        words: &[String],
        rule: impl Fn(PartnerFacts, MilestoneRequest) -> Ruling,
    ) -> anyhow::Result<()> {
        let find = |word: &String| find_milestone(&in_force.program, in_force.aliases.milestone(word));
        let milestones = words.iter().map(find).collect::<Result<Vec<_>, Error>>()?;
        proposals.each(|loaded| {
            for milestone in &milestones {
                let request = MilestoneRequest { milestone, period: self.period.as_deref() };
                loaded.take(rule(loaded.facts(), request)?)?;
            }
            Ok(())
        })
    }
}
