//! `report flow` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PAST, PartnerQuestion};
use crate::report::flow;

#[derive(Debug, Args)]
pub(super) struct FlowReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// How many days to look back
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(u16).range(2..=4000))]
    window: u16,
}

impl FlowReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let window = i64::from(self.window);
        self.question.show(
            asked,
            |_| Ok(PAST),
            &FailOption::default(),
            |_, channel, frame| Ok(flow::report(channel, frame, window)),
        )
    }
}
