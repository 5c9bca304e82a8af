//! `report overrides` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::report::overrides;

#[derive(Debug, Args)]
pub(super) struct OverridesReport {
    #[command(flatten)]
    question: PartnerQuestion,
}

impl OverridesReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let needs = overrides::needs();
        self.question.show(asked, |_| Ok(needs), &FailOption::default(), overrides::report)
    }
}
