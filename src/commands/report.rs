use clap::{Args, ValueEnum};

use super::view::{ViewOptions, WhereOption};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::channel::Channel;
use crate::report::page;
use crate::report::pipeline::{self, Pipeline};

/// The channel on one page, or one report of it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report
  chanlife report pipeline --where region=EMEA --format json
  chanlife report pipeline --as-of 2026-09-30 --known-on 2026-10-05 --format csv -o q3.csv
  chanlife report --fail-on overdue --quiet || echo \"somebody is late\"")]
pub struct Report {
    /// Which report, such as how many partners stand where; without it, the page
    #[arg(value_enum)]
    name: Option<Name>,
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    view: ViewOptions,
    /// End with exit code 1 where partners are beyond the target of their stage
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Name {
    Pipeline,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FailOn {
    Overdue,
}

impl Report {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let (report, overdue) = self.view.read(context, &self.filter.conditions, |view, frame| {
            let mut channel = Channel::load(view, frame.segment.needs())?;
            frame.segment.narrow(&mut channel);
            let report = match self.name {
                None => page::report(view, &channel, frame)?,
                Some(Name::Pipeline) => pipeline::report(&channel, frame),
            };
            Ok((report, Pipeline::of(&channel).overdue))
        })?;
        context.show(&report)?;
        match self.fail_on {
            Some(FailOn::Overdue) if overdue > 0 => Ok(Exit::Found),
            _ => Ok(Exit::Done),
        }
    }
}
