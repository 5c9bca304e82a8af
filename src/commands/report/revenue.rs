//! `report revenue` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::lifecycle::base::error::Error;
use crate::report::revenue_totals;
use crate::report::revenue_totals::{Key, RevenueGroup, RevenueQuestion};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report revenue --by product
  chanlife report revenue --by partner,quarter --since 2026-01-01 --format csv")]
pub(super) struct RevenueReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// Fields to group by, separated by commas
    #[arg(long, value_name = "KEY,...", value_delimiter = ',', default_value = "partner")]
    by: Vec<String>,
    /// Only revenue since this date
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl RevenueReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let since = self.since.map(|text| asked.context.past_day("--since", Some(&text))).transpose()?;
        let keys = self.by.iter().map(|word| Key::parse(word.trim()));
        let keys = keys.collect::<Result<Vec<Key>, String>>();
        let keys = keys.map_err(|why| Error::usage(format!("--by: {why}")))?;
        let question = RevenueQuestion { keys, since };
        let needs = revenue_totals::needs();
        self.question.show(
            asked,
            |_| Ok(needs),
            &FailOption::default(),
            |view, channel, frame| {
                let groups = RevenueGroup::load(view, channel, &question)?;
                Ok(revenue_totals::report(channel, frame, &question, &groups))
            },
        )
    }
}
