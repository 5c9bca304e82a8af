//! What all reports take: which partners, as of which day, and what a run is to fail on.

use clap::{Args, ValueEnum};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::report::channel::{Channel, Needs};
use crate::report::estimate::model::Model;
use crate::report::frame::Frame;
use crate::report::pipeline::Pipeline;
use crate::report::value::Report as Shown;
use crate::report::{nonperforming, reporting, stuck};
use crate::store::View;

/// Which partners, and as of which day.
#[derive(Debug, Args)]
pub(super) struct Question {
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    view: ViewOptions,
}

#[derive(Debug, Default, Args)]
pub(super) struct FailOption {
    /// End with exit code 1 where partners are beyond the target of their stage, stuck in it, underperforming, or owe reports
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FailOn {
    Overdue,
    Stuck,
    /// Below what the program's rule asks for.
    Underperforming,
    /// Owing reports of what was sold.
    ReportsOwed,
}

/// What reports need that estimate.
pub(super) const PAST: Needs = Needs {
    sales: true,
    attributes: false,
    milestones: false,
    assessments: false,
    answers: false,
    growth: false,
    terms: false,
    enablement: false,
    notifications: false,
};

/// What reports on growth need.
pub(super) const GROWTH: Needs = Needs { attributes: true, growth: true, terms: true, ..PAST };

impl FailOption {
    fn needs(&self) -> Needs {
        match self.fail_on {
            None | Some(FailOn::Overdue | FailOn::Stuck) => Needs::default(),
            Some(FailOn::Underperforming | FailOn::ReportsOwed) => GROWTH,
        }
    }

    /// Whether there is what the run is to fail on.
    fn found(&self, channel: &Channel) -> bool {
        self.fail_on.is_some_and(|what| match what {
            FailOn::Overdue => Pipeline::of(channel).overdue > 0,
            FailOn::Underperforming => nonperforming::any_underperforming(channel),
            FailOn::ReportsOwed => !reporting::owing(channel).is_empty(),
            FailOn::Stuck => !stuck::stuck(&Model::of(channel, None)).is_empty(),
        })
    }
}

impl Question {
    /// Reads what is needed of the channel, and shows the report on it.
    pub(super) fn show(
        &self,
        context: &Context,
        needs: impl Fn(&View) -> anyhow::Result<Needs>,
        fail: &FailOption,
        work: impl Fn(&View, &Channel, &Frame) -> anyhow::Result<Shown>,
    ) -> anyhow::Result<Exit> {
        let (report, found) = self.view.read(context, &self.filter.conditions, |view, frame| {
            let needs = needs(view)?.and(fail.needs()).and(frame.segment.needs());
            let mut channel = Channel::load(view, needs)?;
            frame.segment.narrow(&mut channel);
            view.reader().let_go()?;
            Ok((work(view, &channel, frame)?, fail.found(&channel)))
        })?;
        context.show(&report)?;
        Ok(if found { Exit::Found } else { Exit::Done })
    }
}
