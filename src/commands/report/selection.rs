//! What all reports take: which partners, as of which day, and what a run is to fail on.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::lifecycle::base::error::Error;
use crate::report::estimate::model::Model;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::FailOn;
use crate::report::pipeline::Pipeline;
use crate::report::reading::{Channel, Needs};
use crate::report::{nonperforming, reporting, stuck};

/// Which partners, and as of which day.
#[derive(Debug, Args)]
pub(super) struct ReportSelection {
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    view: ViewOptions,
    /// Explain every column and figure: what it means, how it is computed, how certain it is, what to do with it
    #[arg(long)]
    explain: bool,
}

impl ReportSelection {
    /// Reads what is needed of the channel, and shows the report on it, explained if that is asked for.
    pub(super) fn show(&self, context: &Context, named: &dyn NamedReport) -> anyhow::Result<Exit> {
        if named.is_of_one_partner() && !self.filter.conditions.is_empty() {
            return Err(Error::usage("--where chooses partners, and this report is about one")
                .hint("leave out --where")
                .into());
        }
        let fail = named.fail_on();
        let (report, found) = self.view.read(context, &self.filter.conditions, |view, basis| {
            let needs = named.needs(view)?.and(needs_of(fail));
            basis.segment.read(view, needs, |channel| {
                view.reader().let_go()?;
                let report = named.report(&ReportRequest {
                    view,
                    channel,
                    basis,
                    today: context.today,
                    on_screen: context.on_screen(),
                    explain: self.explain,
                })?;
                Ok((report, fail.is_some_and(|what| is_found(what, channel))))
            })
        })?;
        let report = if self.explain { report.explained(named.explanation()) } else { report };
        context.show(&report)?;
        Ok(if found { Exit::Found } else { Exit::Done })
    }
}

fn needs_of(fail: Option<FailOn>) -> Needs {
    match fail {
        None | Some(FailOn::Overdue | FailOn::Stuck) => Needs::NONE,
        Some(FailOn::Underperforming | FailOn::ReportsOwed) => Needs::PERFORMANCE,
    }
}

/// Returns whether there is what the run is to fail on.
fn is_found(what: FailOn, channel: &Channel) -> bool {
    match what {
        FailOn::Overdue => Pipeline::of(channel).overdue > 0,
        FailOn::Underperforming => nonperforming::any_underperforming(channel),
        FailOn::ReportsOwed => !reporting::owing(channel).is_empty(),
        FailOn::Stuck => !stuck::stuck(&Model::of(channel, None)).is_empty(),
    }
}
