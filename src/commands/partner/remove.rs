//! The command that deletes a partner that was entered by mistake.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{TargetArgs, prose};
use crate::commands::record::{Reason, record_for_reason};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::partner;
use crate::text::follow_ups::ends_with_partner;

/// Delete a partner that was entered by mistake; if a partner leaves the channel, use `leave`
#[derive(Debug, Args)]
pub struct RemoveArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Reason for the deletion
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

impl RemoveArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = Reason { given: self.reason.as_deref(), question: "Reason for the deletion" };
        record_for_reason(context, &self.target.order(context.today), reason, |_, proposals, reason| {
            let reader = proposals.reader();
            proposals.each(|loaded| {
                let id = loaded.latest().id;
                let below = reader.below(id)?.len();
                let ends = ends_with_partner(&loaded.latest().open_work());
                loaded.take(partner::remove(reason)?)?;
                if let Some(note) = ends {
                    loaded.add_note(note);
                }
                if below > 0 {
                    loaded.add_note(format!("{} below it without a parent now", counted(below, "partner")));
                }
                Ok(())
            })
        })
    }
}
