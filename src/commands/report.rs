use clap::{Args, Subcommand, ValueEnum};

use super::list;
use super::view::{ViewOptions, WhereOption};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::channel::{Channel, Needs};
use crate::report::frame::Frame;
use crate::report::pipeline::{self, Pipeline};
use crate::report::sheet::Report as Shown;
use crate::report::{intervene, page, stuck, velocity};
use crate::store::View;

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
}

/// Which partners, and as of which day.
#[derive(Debug, Args)]
struct Question {
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    view: ViewOptions,
}

#[derive(Debug, Args)]
struct FailOption {
    /// End with exit code 1 where partners are beyond the target of their stage
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Subcommand)]
enum Name {
    Pipeline(Pipe),
    Velocity(Velocity),
    Stuck(Stuck),
    Intervene(Intervene),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FailOn {
    Overdue,
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
    /// Days of a stay for which to say how many have gone where
    #[arg(long, value_name = "DAYS,...", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(0..=4000))]
    at: Vec<u16>,
}

/// Which partners are surely slower than others in their stage, by what that puts at stake
#[derive(Debug, Args)]
struct Stuck {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    ahead: Ahead,
    /// How many to show of each table; 0 for all, as in formats for machines
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
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
            None => overdue(context, &self.question, &self.fail, page::report),
            Some(Name::Pipeline(Pipe { question, fail })) => {
                overdue(context, &question, &fail, |_, channel, frame| Ok(pipeline::report(channel, frame)))
            }
            Some(Name::Velocity(Velocity { question, ahead, at })) => {
                let at = at.into_iter().map(usize::from).collect();
                let options = velocity::Options { horizon: ahead.horizon(), at, explain: ahead.explain };
                question.show(context, |_, channel, frame| Ok(velocity::report(channel, frame, &options)))
            }
            Some(Name::Stuck(Stuck { question, ahead, limit })) => {
                let limit = list::limit(context, limit, 20);
                let options = stuck::Options { horizon: ahead.horizon(), explain: ahead.explain, limit };
                question.show(context, |view, channel, frame| stuck::report(view, channel, frame, options))
            }
            Some(Name::Intervene(Intervene { question, ahead, change })) => {
                let (horizon, x) = (ahead.horizon(), f64::from(change) / 100.0);
                let options = intervene::Options { horizon, x, explain: ahead.explain };
                question
                    .show(context, |view, channel, frame| intervene::report(view, channel, frame, options))
            }
        }
    }
}

/// Shows a report on where partners stand, and fails on those that are overdue where that was asked for.
fn overdue(
    context: &Context,
    question: &Question,
    fail: &FailOption,
    work: impl FnOnce(&View, &Channel, &Frame) -> anyhow::Result<Shown>,
) -> anyhow::Result<Exit> {
    let (report, overdue) = question.read(context, Needs::default(), |view, channel, frame| {
        Ok((work(view, channel, frame)?, Pipeline::of(channel).overdue))
    })?;
    context.show(&report)?;
    match fail.fail_on {
        Some(FailOn::Overdue) if overdue > 0 => Ok(Exit::Found),
        _ => Ok(Exit::Done),
    }
}

impl Question {
    /// Reads the channel, with all that happened, and shows the report on it.
    fn show(
        &self,
        context: &Context,
        work: impl FnOnce(&View, &Channel, &Frame) -> anyhow::Result<Shown>,
    ) -> anyhow::Result<Exit> {
        let needs = Needs { stays: true, sales: true, ..Needs::default() };
        context.show(&self.read(context, needs, work)?)?;
        Ok(Exit::Done)
    }

    fn read<T>(
        &self,
        context: &Context,
        needs: Needs,
        work: impl FnOnce(&View, &Channel, &Frame) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.view.read(context, &self.filter.conditions, |view, frame| {
            let mut channel = Channel::load(view, needs.and(frame.segment.needs()))?;
            frame.segment.narrow(&mut channel);
            work(view, &channel, frame)
        })
    }
}
