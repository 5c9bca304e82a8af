//! The reports as commands: their options, and what they read.

mod behind_stages;
mod growth;
mod question;

use crate::lifecycle::base::error::Error;
use clap::{Args, Subcommand, ValueEnum};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::report::behind_stages::{Communication, Funds, Readiness, Terms};
use crate::commands::report::growth::{Growth, Nonperforming, Reporting, Revenue};
use crate::commands::report::question::{FailOption, PAST, Question};
use crate::lifecycle::base::period::Every;
use crate::report::channel::Needs;
use crate::report::compare;
use crate::report::compare::By;
use crate::report::pipeline;
use crate::report::quality::Quality;
use crate::report::{cohorts, flow, forecast, intervene, overrides, page, stuck, velocity};

/// The channel on one page, or one report of it
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  chanlife report
  chanlife report pipeline --where region=EMEA --format json
  chanlife report pipeline --as-of 2026-09-30 --known-on 2026-10-05 --format csv -o q3.csv
  chanlife report velocity --explain
  chanlife report --fail-on overdue --quiet || echo \"somebody is late\""
)]
pub struct Report {
    #[command(subcommand)]
    name: Option<Name>,
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    fail: FailOption,
    /// Say under each table what its columns mean
    #[arg(long)]
    explain: bool,
}

#[derive(Debug, Subcommand)]
enum Name {
    Pipeline(Pipe),
    Velocity(Velocity),
    Stuck(Stuck),
    Intervene(Intervene),
    Forecast(Forecast),
    Cohorts(Cohorts),
    Flow(Flow),
    Compare(Compare),
    Overrides(Overrides),
    Growth(Growth),
    Nonperforming(Nonperforming),
    Reporting(Reporting),
    Revenue(Revenue),
    Terms(Terms),
    Readiness(Box<Readiness>),
    Funds(Funds),
    Communication(Box<Communication>),
}

/// How many partners stand where, how many are overdue, what they bring
#[derive(Debug, Args)]
struct Pipe {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    fail: FailOption,
}

/// How long partners stay in each stage and where they go from there, with those still there
#[derive(Debug, Args)]
struct Velocity {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    ahead: Ahead,
    #[command(flatten)]
    at: At,
}

/// Which partners are surely slower than others in their stage, by what that puts at stake
#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many to show of each table; 0 for all, as in formats for machines")))]
struct Stuck {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    ahead: Ahead,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    fail: FailOption,
}

/// Which stage to make faster or to lose fewer in, what it would bring, and how sure that is
#[derive(Debug, Args)]
struct Intervene {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    ahead: Ahead,
    /// By how many percent a stage is made faster, or its drop-outs fewer
    #[arg(long, value_name = "PERCENT", default_value = "25", value_parser = clap::value_parser!(u8).range(1..=100))]
    change: u8,
    #[command(flatten)]
    at: At,
}

/// How many of those on the way will have come to each stage, with a range
#[derive(Debug, Args)]
struct Forecast {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    ahead: Ahead,
    /// Make the same forecast from past days and set it beside what happened
    #[arg(long)]
    back_test: bool,
    #[command(flatten)]
    at: At,
}

/// Of the partners that began in a period, how many came to each stage within 90, 180 and 365 days
#[derive(Debug, Args)]
struct Cohorts {
    #[command(flatten)]
    question: Question,
    /// The length of the periods, of the program's fiscal calendar
    #[arg(long, value_enum, value_name = "PERIOD", default_value = "quarter")]
    every: EveryWord,
    /// Say what the columns mean, from which counts and by which method
    #[arg(long)]
    explain: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum EveryWord {
    Year,
    Quarter,
    Month,
}

/// What came and went in each stage, and where work piles up
#[derive(Debug, Args)]
struct Flow {
    #[command(flatten)]
    question: Question,
    /// How many days to look back
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(u16).range(2..=4000))]
    window: u16,
    /// Say what the columns mean, from which counts and by which method
    #[arg(long)]
    explain: bool,
}

/// The same stage in parts of the channel, or before and since a day
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report compare --by region
  chanlife report compare --by owner --where type=reseller
  chanlife report compare --since 2026-07-01")]
struct Compare {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    ahead: Ahead,
    /// What to divide by: type, region, tier, owner, a field of the program, or period (year, quarter, month)
    #[arg(long, value_name = "QUALITY", required_unless_present = "since", conflicts_with = "since")]
    by: Option<String>,
    /// Compare the days before this one with those since
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

/// Gates and verdicts that were overridden, why, and what became of those partners
#[derive(Debug, Args)]
struct Overrides {
    #[command(flatten)]
    question: Question,
}

/// Days for which curves are wanted.
#[derive(Debug, Args)]
struct At {
    /// Days for which to give the curves, in full in formats for machines
    #[arg(long, value_name = "DAYS,...", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(0..=4000))]
    at: Vec<u16>,
}

impl At {
    fn days(self) -> Vec<usize> {
        self.at.into_iter().map(usize::from).collect()
    }
}

/// How far to look ahead, and whether to explain.
#[derive(Debug, Args)]
struct Ahead {
    /// How many days to look ahead; 365 unless given, or two thirds of a shorter history
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=4000))]
    horizon: Option<u16>,
    /// Say under each table what its columns mean, from which counts and by which method
    #[arg(long)]
    explain: bool,
}

impl Ahead {
    fn horizon(&self) -> Option<usize> {
        self.horizon.map(usize::from)
    }
}

impl Report {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.name {
            None => self.question.show(
                context,
                |_| Ok(PAST),
                &self.fail,
                |view, channel, frame| page::report(view, channel, frame, self.explain),
            ),
            Some(Name::Pipeline(Pipe { question, fail })) => {
                let needs = Needs { assessments: true, ..Needs::default() };
                question.show(
                    context,
                    |_| Ok(needs),
                    &fail,
                    |_, channel, frame| Ok(pipeline::report(channel, frame)),
                )
            }
            Some(Name::Velocity(Velocity { question, ahead, at })) => {
                let at = at.days();
                let options =
                    velocity::VelocityOptions { horizon: ahead.horizon(), at, explain: ahead.explain };
                question.show(
                    context,
                    |_| Ok(PAST),
                    &FailOption::default(),
                    |_, channel, frame| Ok(velocity::report(channel, frame, &options)),
                )
            }
            Some(Name::Stuck(Stuck { question, ahead, limit, fail })) => {
                let limit = limit.rows(context, 20);
                let options = stuck::StuckOptions { horizon: ahead.horizon(), explain: ahead.explain, limit };
                question.show(
                    context,
                    |_| Ok(PAST),
                    &fail,
                    |view, channel, frame| stuck::report(view, channel, frame, options),
                )
            }
            Some(Name::Intervene(Intervene { question, ahead, change, at })) => {
                let (horizon, x) = (ahead.horizon(), f64::from(change) / 100.0);
                let options =
                    intervene::InterveneOptions { horizon, x, at: at.days(), explain: ahead.explain };
                question.show(
                    context,
                    |_| Ok(PAST),
                    &FailOption::default(),
                    |view, channel, frame| intervene::report(view, channel, frame, &options),
                )
            }
            Some(Name::Forecast(Forecast { question, ahead, back_test, at })) => {
                let options = forecast::ForecastOptions {
                    horizon: ahead.horizon(),
                    back_test,
                    at: at.days(),
                    explain: ahead.explain,
                };
                question.show(
                    context,
                    |_| Ok(PAST),
                    &FailOption::default(),
                    |_, channel, frame| Ok(forecast::report(channel, frame, &options)),
                )
            }
            Some(Name::Cohorts(Cohorts { question, every, explain })) => {
                let every = match every {
                    EveryWord::Year => Every::Year,
                    EveryWord::Quarter => Every::Quarter,
                    EveryWord::Month => Every::Month,
                };
                let options = cohorts::CohortsOptions { every, explain };
                question.show(
                    context,
                    |_| Ok(PAST),
                    &FailOption::default(),
                    |_, channel, frame| Ok(cohorts::report(channel, frame, options)),
                )
            }
            Some(Name::Flow(Flow { question, window, explain })) => {
                let options = flow::FlowOptions { window: i64::from(window), explain };
                question.show(
                    context,
                    |_| Ok(PAST),
                    &FailOption::default(),
                    |_, channel, frame| Ok(flow::report(channel, frame, options)),
                )
            }
            Some(Name::Compare(compare)) => compare.run(context),
            Some(Name::Growth(growth)) => growth.run(context),
            Some(Name::Nonperforming(nonperforming)) => nonperforming.run(context),
            Some(Name::Reporting(reporting)) => reporting.run(context),
            Some(Name::Revenue(revenue)) => revenue.run(context),
            Some(Name::Terms(terms)) => terms.run(context),
            Some(Name::Readiness(readiness)) => readiness.run(context),
            Some(Name::Funds(funds)) => funds.run(context),
            Some(Name::Communication(communication)) => communication.run(context),
            Some(Name::Overrides(Overrides { question })) => {
                let needs = Needs { attributes: true, ..Needs::default() };
                question.show(context, |_| Ok(needs), &FailOption::default(), overrides::report)
            }
        }
    }
}

impl Compare {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Compare { question, ahead, by, since } = self;
        let since = since.map(|text| context.past_day("--since", Some(&text))).transpose()?;
        let needs = Needs { attributes: true, assessments: true, answers: true, ..PAST };
        question.show(
            context,
            |_| Ok(needs),
            &FailOption::default(),
            |_, channel, frame| {
                let by = match (since, by.as_deref().unwrap_or_default()) {
                    (Some(day), _) => By::Day(day),
                    (None, "period" | "year") => By::Period(Every::Year),
                    (None, "quarter") => By::Period(Every::Quarter),
                    (None, "month") => By::Period(Every::Month),
                    (None, word) => {
                        let quality = Quality::parse(word, channel.program);
                        By::Quality(quality.map_err(|why| Error::usage(format!("--by: {why}")))?)
                    }
                };
                let options =
                    compare::CompareOptions { by, horizon: ahead.horizon(), explain: ahead.explain };
                Ok(compare::report(channel, frame, &options))
            },
        )
    }
}
