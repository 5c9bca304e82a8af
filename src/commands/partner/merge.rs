//! The command that joins a partner into another that is the same.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::options::DryRun;
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::corrections::Merged;
use crate::lifecycle::partner;

/// Join a partner into another that is the same; its key goes on to mean that one
#[derive(Debug, Args)]
#[command(after_help = "Example:
  chanlife merge acme-2 --into acme")]
pub struct Merge {
    /// The partner that goes
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// The partner that stays
    #[arg(long, value_name = "PARTNER", add = ArgValueCompleter::new(partner_keys))]
    into: String,
    /// Take over all but the stages that it passed, where they contradict those of the other
    #[arg(long)]
    without_stages: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

impl Merge {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.dry_run.order(&self.partner, context.today);
        record(context, &order, |in_force, proposals| {
            let target = proposals.reader().find(&self.into)?.id;
            let history = proposals.reader().history(target)?;
            let folded = history.fold(&in_force.aliases, None);
            let other = folded.partner();
            let other = other.ok_or_else(|| Error::refused("the other partner is not there any more"))?;
            let merged = Merged { into: target, without_stages: self.without_stages };
            proposals.each(|loaded| {
                let (scene, own) = (loaded.scene(), loaded.history());
                let (aliases, merged) = (&in_force.aliases, merged.clone());
                loaded.take(partner::merge(scene, own, (other, &history), aliases, merged)?)
            })
        })
    }
}
