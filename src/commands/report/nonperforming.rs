//! `report nonperforming` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, GROWTH, PartnerQuestion};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::performance::{PerformanceMeasure, PerformanceRule};
use crate::report::{back_test, nonperforming};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report nonperforming
  chanlife report nonperforming --back-test
  chanlife report nonperforming --back-test --below 40 --quarters 3")]
pub(super) struct NonperformingReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// Also show partners that perform, and those with unknown performance
    #[arg(long)]
    all: bool,
    /// Show whom the rule would have flagged at the end of past quarters, and their later performance
    #[arg(long)]
    back_test: bool,
    /// With --back-test: try another threshold, in percent of plan
    #[arg(long, value_name = "PERCENT", requires = "back_test", value_parser = clap::value_parser!(u8).range(1..=100))]
    below: Option<u8>,
    /// With --back-test: try another number of quarters
    #[arg(long, value_name = "COUNT", requires = "back_test", value_parser = clap::value_parser!(u8).range(1..=20))]
    quarters: Option<u8>,
    /// With --back-test: try another grace period after launch, in days
    #[arg(long, value_name = "DAYS", requires = "back_test", value_parser = clap::value_parser!(u16).range(0..=3650))]
    grace: Option<u16>,
    #[command(flatten)]
    fail: FailOption,
}

impl NonperformingReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let NonperformingReport { question, all, back_test, below, quarters, grace, fail } = self;
        question.show(
            asked,
            |_| Ok(GROWTH),
            &fail,
            |_, channel, frame| {
                if !back_test {
                    return Ok(nonperforming::report(channel, frame, all));
                }
                let known = channel.program.non_performing.map(|found| found.rule);
                let measure = below.map(|percent| PerformanceMeasure::PercentOfPlan(i64::from(percent)));
                let Some(measure) = measure.or(known.map(|rule| rule.measure)) else {
                    return Err(Error::usage("the program has no performance rule")
                        .hint("give --below PERCENT, or add [non_performing] to the program")
                        .into());
                };
                let quarters = quarters.map(i64::from).or(known.map(|rule| rule.quarters)).unwrap_or(2);
                let grace_days = grace.map(i64::from).or(known.map(|rule| rule.grace_days)).unwrap_or(0);
                Ok(back_test::report(channel, frame, PerformanceRule { measure, quarters, grace_days }))
            },
        )
    }
}
