use crate::lifecycle::base::error::Error;
use clap::{Args, Subcommand};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::ViewOptions;
use crate::commands::record::{Bulk, Request, Target, Whom, act, resolve};
use crate::lifecycle::facts::Scene;
use crate::report::tiers;

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
  chanlife tier review --apply --skip-refused     records all moves as one action")]
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
    /// With --apply: the day since when the tiers hold
    #[arg(long, value_name = "DATE", requires = "apply")]
    on: Option<String>,
    #[command(flatten)]
    view: ViewOptions,
}

impl Tier {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Verb::Review(review) => review.run(context),
        }
    }
}

impl Review {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.apply {
            true => self.record(context),
            false => self.show(context),
        }
    }

    fn record(mut self, context: &Context) -> anyhow::Result<Exit> {
        if self.view.as_of.is_some() || self.view.known_on.is_some() {
            return Err(Error::usage("--apply records for today, or for --on DATE").into());
        }
        let day = context.past_day("--on", self.on.as_deref())?;
        let request: Request = Box::new(|subject| Ok(crate::lifecycle::tiers::retier(subject.scene)?));
        if self.partner.is_none() && self.bulk.conditions.is_empty() {
            // Partners in growth are those who have a tier to review.
            let program = context.store()?.read(|reader| Ok(reader.program_now()?.program))?;
            self.bulk.conditions = vec![format!("stage={}", program.success_stage().key)];
        }
        let target = Target { partner: self.partner, bulk: self.bulk };
        act(context, &target.whom(), &target.bulk, day, &[request])
    }

    fn show(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.bulk.conditions, |view, frame| {
            let whom = match &self.partner {
                Some(partner) => Whom::One(partner),
                None => Whom::Where(&self.bulk.conditions),
            };
            let mut reviews = Vec::new();
            for id in resolve(context, view.reader(), &whom)? {
                let Some(partner) = view.partner(id)? else { continue };
                reviews.push(partner);
            }
            let program = &view.in_force.program;
            let scenes: Vec<Scene> =
                reviews.iter().map(|partner| Scene { program, partner, day: view.as_of }).collect();
            Ok(tiers::report(program, &scenes, frame, self.all || self.partner.is_some()))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
