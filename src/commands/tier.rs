//! Commands on tiers: reviewing tier changes and recording them.

use clap::{Args, Subcommand};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{Bulk, OnDay};
use crate::commands::order::Whom;
use crate::commands::proposals::find_partners;
use crate::commands::reading::ViewOptions;
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::tiers;
use crate::report::tiers::{ReviewScope, report};

/// Partner tiers: who should move up or down
#[derive(Debug, Args)]
pub struct TierArgs {
    #[command(subcommand)]
    verb: TierVerb,
}

#[derive(Debug, Subcommand)]
enum TierVerb {
    Review(TierReviewArgs),
}

/// Check partners against the tier requirements, and propose tier changes
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife tier review
  chanlife tier review --where region=EMEA --format csv -o tiers.csv
  chanlife tier review --where region=EMEA --apply --skip-refused",
    mut_arg("on", |on| on.help("With --apply: first day of the new tiers [default: today]").requires("apply")))]
struct TierReviewArgs {
    /// Partner [default: all, or those that meet --where]
    partner: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
    /// Record the tier changes as one action
    #[arg(long)]
    apply: bool,
    /// Include partners whose tier does not change
    #[arg(long, conflicts_with = "apply")]
    all: bool,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    view: ViewOptions,
}

impl TierArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            TierVerb::Review(review) if review.apply => review.record(context),
            TierVerb::Review(review) => review.show(context),
        }
    }
}

impl TierReviewArgs {
    fn record(self, context: &Context) -> anyhow::Result<Exit> {
        if self.view.as_of.is_some() || self.view.known_on.is_some() {
            return Err(Error::usage("--as-of and --known-on cannot be used with --apply").into());
        }
        let day = self.on.day(context)?;
        let whom = match (&self.partner, &self.bulk.conditions[..]) {
            (Some(partner), _) => Whom::One(partner),
            // Partners in growth are those who have a tier to review.
            (None, []) => Whom::InSuccess,
            (None, conditions) => Whom::Where(conditions),
        };
        record(context, &self.bulk.order(whom, day), |_, proposals| {
            proposals.each(|loaded| loaded.take(tiers::retier(loaded.facts())?))
        })
    }

    fn show(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.bulk.conditions, |view, frame| {
            let one = self.partner.as_deref().map(|partner| view.reader().find(partner)).transpose()?;
            let ids = match &one {
                Some(one) => vec![one.id],
                None => find_partners(context, view.reader(), &self.bulk.conditions)?,
            };
            let scope = match &one {
                Some(one) => ReviewScope::One(&one.key),
                None if self.all => ReviewScope::All,
                None => ReviewScope::Changes,
            };
            let mut partners = Vec::new();
            for id in ids {
                partners.extend(view.partner(id)?);
            }
            let program = &view.in_force.program;
            let moves: Vec<PartnerFacts> =
                partners.iter().map(|partner| PartnerFacts { program, partner, day: view.as_of }).collect();
            Ok(report(program, &moves, frame, scope))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
