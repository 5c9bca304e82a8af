use clap::Args;

use crate::app::context::Context;
use crate::commands::record::{Request, Target, act};
use crate::commands::stage::reason;

use crate::app::exit::Exit;

/// Take a partner that was recorded by mistake out of all figures; `leave` is for real departures
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    target: Target,
    /// Why it was a mistake
    #[arg(long)]
    reason: Option<String>,
}

impl Remove {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = reason(context, self.reason.as_deref(), "Why was it a mistake?")?;
        let request: Request =
            Box::new(|subject| Ok(crate::lifecycle::partner::remove(subject.scene, &reason)?));
        act(context, &self.target.whom(), &self.target.bulk, context.today, &[request])
    }
}
