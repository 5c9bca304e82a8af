//! `report compare` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, HorizonOption, PartnerQuestion};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::program::Program;
use crate::report::compare;
use crate::report::compare::{By, CompareOptions};
use crate::report::reading::Quality;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report compare --by region
  chanlife report compare --by owner --where type=reseller
  chanlife report compare --since 2026-07-01")]
pub(super) struct CompareReport {
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    horizon: HorizonOption,
    /// Field to group by: type, region, tier, owner, a field of the program, or period (year, quarter, month)
    #[arg(long, value_name = "FIELD", required_unless_present = "since", conflicts_with = "since")]
    by: Option<String>,
    /// Compare the time before this date with the time since
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl CompareReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let CompareReport { question, horizon, by, since } = self;
        let since = since.map(|text| asked.context.past_day("--since", Some(&text))).transpose()?;
        question.show(
            asked,
            |view| {
                let by = self::by(since, by.as_deref(), &view.in_force.program)?;
                Ok(compare::needs(&by))
            },
            &FailOption::default(),
            |_, channel, frame| {
                let by = self::by(since, by.as_deref(), channel.program)?;
                Ok(compare::report(channel, frame, &CompareOptions { by, horizon: horizon.days() }))
            },
        )
    }
}

fn by(since: Option<Day>, by: Option<&str>, program: &Program) -> anyhow::Result<By> {
    Ok(match (since, by.unwrap_or_default()) {
        (Some(day), _) => By::Day(day),
        (None, "period" | "year") => By::Period(Every::Year),
        (None, "quarter") => By::Period(Every::Quarter),
        (None, "month") => By::Period(Every::Month),
        (None, word) => {
            let quality = Quality::parse(word, program);
            By::Quality(quality.map_err(|why| Error::usage(format!("--by: {why}")))?)
        }
    })
}
