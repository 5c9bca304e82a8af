//! `report intervene` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, At, FailOption, HorizonOption, PAST, PartnerQuestion};
use crate::report::intervene;
use crate::report::intervene::InterveneOptions;

#[derive(Debug, Args)]
pub(super) struct InterveneReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    horizon: HorizonOption,
    /// Size of each improvement: so many percent faster, or so many percent less drop-off
    #[arg(long, value_name = "PERCENT", default_value = "25", value_parser = clap::value_parser!(u8).range(1..=100))]
    change: u8,
    #[command(flatten)]
    at: At,
}

impl InterveneReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let InterveneReport { question, horizon, change, at } = self;
        let options =
            InterveneOptions { horizon: horizon.days(), x: f64::from(change) / 100.0, at: at.days() };
        question.show(
            asked,
            |_| Ok(PAST),
            &FailOption::default(),
            |view, channel, frame| intervene::report(view, channel, frame, &options),
        )
    }
}
