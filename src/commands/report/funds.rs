//! `report funds` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::report::funds;

#[derive(Debug, Args)]
pub(super) struct FundsReport {
    #[command(flatten)]
    question: PartnerQuestion,
}

impl FundsReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let needs = funds::needs();
        self.question.show(
            asked,
            |_| Ok(needs),
            &FailOption::default(),
            |_, channel, frame| Ok(funds::report(channel, frame)),
        )
    }
}
