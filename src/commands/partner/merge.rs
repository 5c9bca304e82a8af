use crate::lifecycle::base::error::Error;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::record::{Bulk, Request, Whom, act};
use crate::commands::shell::partner_keys;
use crate::lifecycle::corrections::Merged;

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
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Merge {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (target, history) = context.store_to_write()?.read(|reader| {
            let target = reader.find(&self.into)?.id;
            Ok((target, reader.history(target)?))
        })?;
        let merged = Merged { into: target, without_stages: self.without_stages };
        let request: Request = Box::new(|subject| {
            let aliases = &subject.in_force.aliases;
            let folded = history.fold(aliases, None);
            let Some(partner) = folded.partner() else {
                return Err(Error::refused("the other partner is not there any more").into());
            };
            Ok(crate::lifecycle::partner::merge(
                subject.scene,
                subject.history,
                (partner, &history),
                aliases,
                merged.clone(),
            )?)
        });
        let bulk = Bulk { dry_run: self.dry_run, ..Bulk::default() };
        act(context, &Whom::One(&self.partner), &bulk, context.today, &[request])
    }
}
