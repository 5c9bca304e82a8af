//! The command that lists next steps.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption, owner_name, segment, with_owner};
use crate::report::due::WorkOf;
use crate::report::options::Limit;
use crate::report::reading::{Channel, Needs};
use crate::report::todo;
use crate::report::todo::TodoOptions;

/// List next steps, those with most revenue at stake first
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife next --owner ana
  chanlife next --where stage=readiness --explain")]
pub struct NextArgs {
    /// Only partners of this owner, and what this person is to do for others
    #[arg(long, value_name = "NAME", value_parser = owner_name)]
    owner: Option<String>,
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    view: ViewOptions,
    #[command(flatten)]
    limit: Limit,
    /// Explain the order
    #[arg(long)]
    explain: bool,
}

impl NextArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let others = self.filter.conditions;
        let conditions = with_owner(&others, self.owner.as_deref());
        let limit = self.limit.rows(context.on_screen(), 20);
        let report = self.view.read(context, &conditions, |view, frame| {
            let among = segment(view, &others)?;
            let work = self.owner.as_deref().map(|name| WorkOf { name, among: &among });
            let needs =
                work.map_or(Needs::NONE, |_| WorkOf::NEEDS).and(todo::NEEDS).and(frame.segment.needs());
            let options = TodoOptions { limit, work };
            Channel::read(view, needs, |whole| todo::report(view, whole, frame, options))
        })?;
        let explanation = include_str!("../../text/explain/next.txt");
        let report = if self.explain { report.explained(explanation) } else { report };
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
