//! `report stuck` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::report::question::{Asked, FailOption, HorizonOption, PAST, PartnerQuestion};
use crate::report::stuck;
use crate::report::stuck::StuckOptions;

#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many rows to show of each table; 0 for all, as in JSON and CSV")))]
pub(super) struct StuckReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    horizon: HorizonOption,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    fail: FailOption,
}

impl StuckReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let limit = self.limit.rows(asked.context, 20);
        let options = StuckOptions { horizon: self.horizon.days(), limit };
        self.question.show(
            asked,
            |_| Ok(PAST),
            &self.fail,
            |view, channel, frame| stuck::report(view, channel, frame, options),
        )
    }
}
