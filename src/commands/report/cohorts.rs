//! `report cohorts` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PAST, PartnerQuestion};
use crate::lifecycle::base::period::Every;
use crate::report::cohorts;

#[derive(Debug, Args)]
pub(super) struct CohortsReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// Length of the start periods, in the program's fiscal calendar
    #[arg(long, value_enum, value_name = "PERIOD", default_value = "quarter")]
    every: EveryWord,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum EveryWord {
    Year,
    Quarter,
    Month,
}

impl CohortsReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let every = match self.every {
            EveryWord::Year => Every::Year,
            EveryWord::Quarter => Every::Quarter,
            EveryWord::Month => Every::Month,
        };
        self.question.show(
            asked,
            |_| Ok(PAST),
            &FailOption::default(),
            |_, channel, frame| Ok(cohorts::report(channel, frame, every)),
        )
    }
}
