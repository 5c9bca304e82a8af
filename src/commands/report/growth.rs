//! The reports on growth: plans, partners that do not perform, reports owed, revenue.

use crate::lifecycle::base::error::Error;
use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::report::question::{FailOption, GROWTH, Question};
use crate::lifecycle::performance::{PerformanceMeasure, PerformanceRule};
use crate::report::channel::Needs;
use crate::report::revenue_totals;
use crate::report::revenue_totals::{Key, RevenueQuestion};
use crate::report::{back_test, growth, nonperforming, reporting};

/// Plan against actual, pace, growth, who brings the revenue, and how long it takes to come
#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many partners to show; 0 for all, as in formats for machines")))]
pub(super) struct Growth {
    #[command(flatten)]
    question: Question,
    /// Say who moved in or out of those that make 80 % since this day; without it, a year ago
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[command(flatten)]
    limit: Limit,
    /// Say what the figures mean and by which method
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    fail: FailOption,
}

/// Who is below what the program's rule asks for, and what is done about it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report nonperforming
  chanlife report nonperforming --back-test
  chanlife report nonperforming --back-test --below 40 --quarters 3")]
pub(super) struct Nonperforming {
    #[command(flatten)]
    question: Question,
    /// Show those too that perform, or of whom it can't be said
    #[arg(long)]
    all: bool,
    /// Say whom the rule would have flagged at the ends of past quarters, and what became of them
    #[arg(long)]
    back_test: bool,
    /// With --back-test: try another share of plan, in percent
    #[arg(long, value_name = "PERCENT", requires = "back_test", value_parser = clap::value_parser!(u8).range(1..=100))]
    below: Option<u8>,
    /// With --back-test: try another number of quarters
    #[arg(long, value_name = "COUNT", requires = "back_test", value_parser = clap::value_parser!(u8).range(1..=20))]
    quarters: Option<u8>,
    /// With --back-test: try other days of grace after launch
    #[arg(long, value_name = "DAYS", requires = "back_test", value_parser = clap::value_parser!(u16).range(0..=3650))]
    grace: Option<u16>,
    #[command(flatten)]
    fail: FailOption,
}

/// Who owes which report of what was sold
#[derive(Debug, Args)]
pub(super) struct Reporting {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    fail: FailOption,
}

/// Revenue added up by partner, product, customer, deal, currency, year, quarter or month
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report revenue --by product
  chanlife report revenue --by partner,quarter --since 2026-01-01 --format csv")]
pub(super) struct Revenue {
    #[command(flatten)]
    question: Question,
    /// What to add up by; several with commas
    #[arg(long, value_name = "KEY,...", value_delimiter = ',', default_value = "partner")]
    by: Vec<String>,
    /// From this day on
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl Growth {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Growth { question, since, limit, explain, fail } = self;
        let since = since.map(|text| context.past_day("--since", Some(&text))).transpose()?;
        let options = growth::GrowthQuestion { since, limit: limit.rows(context, 20), explain };
        question.show(
            context,
            |_| Ok(GROWTH),
            &fail,
            |_, channel, frame| Ok(growth::report(channel, frame, options)),
        )
    }
}

impl Reporting {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let needs = reporting::needs();
        self.question.show(
            context,
            |_| Ok(needs),
            &self.fail,
            |_, channel, frame| Ok(reporting::report(channel, frame)),
        )
    }
}

impl Nonperforming {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Nonperforming { question, all, back_test, below, quarters, grace, fail } = self;
        question.show(
            context,
            |_| Ok(GROWTH),
            &fail,
            |_, channel, frame| {
                if !back_test {
                    return Ok(nonperforming::report(channel, frame, all));
                }
                let known = channel.program.non_performing.map(|found| found.rule);
                let measure = below.map(|percent| PerformanceMeasure::PercentOfPlan(i64::from(percent)));
                let Some(measure) = measure.or(known.map(|rule| rule.measure)) else {
                    return Err(Error::usage("the program has no rule on partners that do not perform")
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

impl Revenue {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let since = self.since.map(|text| context.past_day("--since", Some(&text))).transpose()?;
        let keys = self.by.iter().map(|word| Key::parse(word.trim()));
        let keys = keys.collect::<Result<Vec<Key>, String>>();
        let keys = keys.map_err(|why| Error::usage(format!("--by: {why}")))?;
        let question = RevenueQuestion { keys, since };
        let needs = Needs { attributes: true, ..Needs::default() };
        self.question.show(
            context,
            |_| Ok(needs),
            &FailOption::default(),
            |view, channel, frame| revenue_totals::report(view, channel, frame, &question),
        )
    }
}
