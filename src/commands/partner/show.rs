//! The command that shows one partner.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::assess::drafts::tell_drafts;
use crate::commands::completers::partner_keys;
use crate::commands::options::Limit;
use crate::commands::reading::{ViewOptions, partner_of};
use crate::report::partner;

/// Show one partner: where it stands, since when, what is done, what is next
#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many events of the timeline to show; 0 for all, as in formats for machines")))]
pub struct Show {
    /// The partner: its key, a reference, or any part of its name that no other has
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    #[command(flatten)]
    limit: Limit,
    /// Show what was answered of it and by it, all assessments side by side, with what changed
    #[arg(long)]
    assessments: bool,
    #[command(flatten)]
    view: ViewOptions,
}

impl Show {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let timeline = self.limit.rows(context, 12);
        let (report, drafts) = self.view.read(context, &[], |view, frame| {
            let shown = partner_of(view, &self.partner)?;
            let history = view.history(shown.id)?;
            let drafts = view.reader().drafts(&context.actor(), shown.id)?;
            if self.assessments {
                return Ok((partner::assessments(view, &shown, frame)?, drafts));
            }
            Ok((partner::report(view, &shown, &history, frame, timeline), drafts))
        })?;
        context.show(&report)?;
        tell_drafts(context, &self.partner, &drafts);
        Ok(Exit::Done)
    }
}
