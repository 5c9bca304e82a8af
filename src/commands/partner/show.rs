//! The command that shows one partner.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::assess::drafts::note_drafts;
use crate::commands::completers::partner_keys;
use crate::commands::reading::{ViewOptions, partner_of};
use crate::report::options::Limit;
use crate::report::partner;

/// Show one partner: stage, milestones, next steps and history
#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("Number of timeline entries to show; 0 shows all (the default for JSON, CSV and Markdown)")))]
pub struct ShowArgs {
    /// The partner: its key, a reference, or any unambiguous part of its name
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    #[command(flatten)]
    limit: Limit,
    /// Show the answers of both sides, all assessments compared, with changes
    #[arg(long)]
    assessments: bool,
    #[command(flatten)]
    view: ViewOptions,
}

impl ShowArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let timeline = self.limit.rows(context.on_screen(), 12);
        let (report, drafts) = self.view.read(context, &[], |view, frame| {
            let shown = partner_of(view, &self.partner)?;
            let history = view.history(shown.id)?;
            let drafts = view.reader().drafts(&context.actor(), shown.id)?;
            if self.assessments {
                return Ok((partner::assessments(view, &shown, frame)?, drafts));
            }
            Ok((partner::report(view, &shown, &history, frame, timeline)?, drafts))
        })?;
        context.show(&report)?;
        note_drafts(context, &self.partner, &drafts);
        Ok(Exit::Done)
    }
}
