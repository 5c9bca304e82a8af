//! `report growth` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::report::question::{Asked, FailOption, GROWTH, PartnerQuestion};
use crate::report::growth;

#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many partners to show; 0 for all, as in JSON and CSV")))]
pub(super) struct GrowthReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// Show changes in the top-80 % group since this date; default: a year ago
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    fail: FailOption,
}

impl GrowthReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let GrowthReport { question, since, limit, fail } = self;
        let since = since.map(|text| asked.context.past_day("--since", Some(&text))).transpose()?;
        let options = growth::GrowthQuestion { since, limit: limit.rows(asked.context, 20) };
        question.show(
            asked,
            |_| Ok(GROWTH),
            &fail,
            |_, channel, frame| Ok(growth::report(channel, frame, options)),
        )
    }
}
