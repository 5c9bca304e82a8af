//! `report reporting` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::report::reporting;

#[derive(Debug, Args)]
pub(super) struct ReportingReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    fail: FailOption,
}

impl ReportingReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let needs = reporting::needs();
        self.question.show(
            asked,
            |_| Ok(needs),
            &self.fail,
            |_, channel, frame| Ok(reporting::report(channel, frame)),
        )
    }
}
