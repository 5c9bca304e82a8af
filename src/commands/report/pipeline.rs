//! `report pipeline` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::report::pipeline;
use crate::report::reading::Needs;
use crate::store::AssessmentRow;

#[derive(Debug, Args)]
pub(super) struct PipelineReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    fail: FailOption,
}

impl PipelineReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let needs = Needs::of::<AssessmentRow>();
        self.question.show(
            asked,
            |_| Ok(needs),
            &self.fail,
            |_, channel, frame| Ok(pipeline::report(channel, frame)),
        )
    }
}
