//! `report velocity` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, At, FailOption, HorizonOption, PAST, PartnerQuestion};
use crate::report::velocity;
use crate::report::velocity::VelocityOptions;

#[derive(Debug, Args)]
pub(super) struct VelocityReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    horizon: HorizonOption,
    #[command(flatten)]
    at: At,
}

impl VelocityReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let VelocityReport { question, horizon, at } = self;
        let options =
            VelocityOptions { horizon: horizon.days(), at: at.days(), completed_only: question.explain };
        question.show(
            asked,
            |_| Ok(PAST),
            &FailOption::default(),
            |_, channel, frame| Ok(velocity::report(channel, frame, &options)),
        )
    }
}
