//! `report terms` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::report::terms;

#[derive(Debug, Args)]
pub(super) struct TermsReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// Show all agreed terms, not only those that end
    #[arg(long)]
    all: bool,
}

impl TermsReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let needs = terms::needs();
        self.question.show(
            asked,
            |_| Ok(needs),
            &FailOption::default(),
            |_, channel, frame| Ok(terms::report(channel, frame, self.all)),
        )
    }
}
