//! The command that takes a partner out that was recorded by mistake.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{Target, prose};
use crate::commands::record::{Reason, record_for_reason};
use crate::lifecycle::partner;

/// Take a partner that was recorded by mistake out of all figures; `leave` is for real departures
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    target: Target,
    /// Why it was a mistake
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

impl Remove {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = Reason { given: self.reason.as_deref(), question: "Why was it a mistake?" };
        record_for_reason(context, &self.target.order(context.today), reason, |_, proposals, reason| {
            proposals.each(|loaded| loaded.take(partner::remove(reason)?))
        })
    }
}
