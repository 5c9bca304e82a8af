//! The reports as commands: the page on the whole channel, and the reports that have a name.
//!
//! This room must not know how a figure is computed, which is the business of report/, nor which reports there are: it
//! takes them from the table in report/mod.rs. To add a report, see there.

mod named;
mod selection;

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::report::named::NamedCommand;
use crate::commands::report::selection::ReportSelection;
use crate::report::page::PageReport;

/// The channel on one page, or one report
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  chanlife report
  chanlife report pipeline --where region=EMEA --format json
  chanlife report pipeline --as-of 2026-09-30 --known-on 2026-10-05 -o q3.csv
  chanlife report velocity --explain
  chanlife report --fail-on overdue --quiet || echo \"a partner is overdue\""
)]
pub struct ReportCommand {
    #[command(subcommand)]
    name: Option<NamedCommand>,
    #[command(flatten)]
    selection: ReportSelection,
    #[command(flatten)]
    page: PageReport,
}

impl ReportCommand {
    /// Shows the page, or the report that is asked for.
    ///
    /// # Errors
    /// Fails if an option cannot be understood, and if the file cannot be read.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.name {
            None => self.selection.show(context, &self.page),
            Some(NamedCommand { selection, report }) => selection.show(context, &*report),
        }
    }
}
