//! Commands on tiers: who should move up or down, and recording it.

use clap::{Args, Subcommand};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{Bulk, OnDay};
use crate::commands::order::Whom;
use crate::commands::proposals::find_partners;
use crate::commands::reading::ViewOptions;
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::facts::Scene;
use crate::lifecycle::tiers;
use crate::report::tiers as tier_report;

/// Tiers: who should move up or down
#[derive(Debug, Args)]
pub struct Tier {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Review(Review),
}

/// Hold partners in growth against the conditions of the tiers, and propose who moves
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife tier review
  chanlife tier review --where region=EMEA --format csv -o tiers.csv
  chanlife tier review --where region=EMEA --apply --skip-refused     records all moves as one action",
    mut_arg("on", |on| on.help("With --apply: the day since when the tiers hold").requires("apply")))]
struct Review {
    /// The partner; without it, all that --where picks, or all
    partner: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
    /// Record the moves, as one action
    #[arg(long)]
    apply: bool,
    /// Show those too that stay where they are
    #[arg(long, conflicts_with = "apply")]
    all: bool,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    view: ViewOptions,
}

impl Tier {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Verb::Review(review) if review.apply => review.record(context),
            Verb::Review(review) => review.show(context),
        }
    }
}

impl Review {
    fn record(self, context: &Context) -> anyhow::Result<Exit> {
        if self.view.as_of.is_some() || self.view.known_on.is_some() {
            return Err(Error::usage("--apply records for today, or for --on DATE").into());
        }
        let day = self.on.day(context)?;
        let in_growth;
        let whom = match (&self.partner, &self.bulk.conditions[..]) {
            (Some(partner), _) => Whom::One(partner),
            (None, []) => {
                // Partners in growth are those who have a tier to review.
                let program = context.store()?.read(|reader| Ok(reader.program_now()?.program))?;
                in_growth = [format!("stage={}", program.success_stage().key)];
                Whom::Where(&in_growth)
            }
            (None, conditions) => Whom::Where(conditions),
        };
        record(context, &self.bulk.order(whom, day), |_, proposals| {
            proposals.each(|loaded| loaded.take(tiers::retier(loaded.scene())?))
        })
    }

    fn show(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.bulk.conditions, |view, frame| {
            let ids = match &self.partner {
                Some(partner) => vec![view.reader().find(partner)?.id],
                None => find_partners(context, view.reader(), &self.bulk.conditions)?,
            };
            let mut partners = Vec::new();
            for id in ids {
                partners.extend(view.partner(id)?);
            }
            let program = &view.in_force.program;
            let scenes: Vec<Scene> =
                partners.iter().map(|partner| Scene { program, partner, day: view.as_of }).collect();
            Ok(tier_report::report(program, &scenes, frame, self.all || self.partner.is_some()))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
