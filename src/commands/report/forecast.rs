//! `report forecast` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, At, FailOption, HorizonOption, PAST, PartnerQuestion};
use crate::report::forecast;
use crate::report::forecast::ForecastOptions;

#[derive(Debug, Args)]
pub(super) struct ForecastReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    horizon: HorizonOption,
    /// Make the same forecast from past dates and compare it with what happened
    #[arg(long)]
    back_test: bool,
    #[command(flatten)]
    at: At,
}

impl ForecastReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let ForecastReport { question, horizon, back_test, at } = self;
        let options = ForecastOptions { horizon: horizon.days(), back_test, at: at.days() };
        question.show(
            asked,
            |_| Ok(PAST),
            &FailOption::default(),
            |_, channel, frame| Ok(forecast::report(channel, frame, &options)),
        )
    }
}
