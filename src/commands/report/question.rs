//! What all reports take: which partners, as of which day, and what a run is to fail on.

use clap::{Args, ValueEnum};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::report::basis::Basis;
use crate::report::estimate::model::Model;
use crate::report::pipeline::Pipeline;
use crate::report::reading::{Channel, Needs};
use crate::report::value;
use crate::report::{nonperforming, reporting, stuck};
use crate::store::View;

/// Which partners, and as of which day.
#[derive(Debug, Args)]
pub(super) struct PartnerQuestion {
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    view: ViewOptions,
    /// Explain every column and figure: what it means, how it is computed, how certain it is, what to do with it
    #[arg(long)]
    pub explain: bool,
}

/// A report that is asked for: where it is shown, and its explanation.
#[derive(Clone, Copy)]
pub(super) struct Asked<'c> {
    pub context: &'c Context,
    /// Paragraphs with blank lines between them.
    pub explanation: &'static str,
}

#[derive(Debug, Default, Args)]
pub(super) struct FailOption {
    /// End with exit code 1 if partners are overdue, stuck, underperforming, or owe reports
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FailOn {
    Overdue,
    Stuck,
    /// Below the performance threshold of the program.
    Underperforming,
    /// Owing sell-through reports.
    ReportsOwed,
}

/// What reports that estimate need.
pub(super) const PAST: Needs = Needs::ALL_SALES;

/// What reports on growth need.
pub(super) const GROWTH: Needs = Needs::PERFORMANCE;

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

impl PartnerQuestion {
    /// Reads what is needed of the channel, and shows the report on it, explained if that is asked for.
    pub(super) fn show(
        &self,
        asked: Asked,
        needs: impl Fn(&View) -> anyhow::Result<Needs>,
        fail: &FailOption,
        work: impl Fn(&View, &Channel, &Basis) -> anyhow::Result<value::Report>,
    ) -> anyhow::Result<Exit> {
        let (report, found) = self.view.read(asked.context, &self.filter.conditions, |view, frame| {
            frame.segment.read(view, needs(view)?.and(fail.needs()), |channel| {
                view.reader().let_go()?;
                Ok((work(view, channel, frame)?, fail.found(channel)))
            })
        })?;
        let report = if self.explain { report.explained(asked.explanation) } else { report };
        asked.context.show(&report)?;
        Ok(if found { Exit::Found } else { Exit::Done })
    }
}

/// Days for which curves are wanted.
#[derive(Debug, Args)]
pub(super) struct At {
    /// Days for which to give the curves; JSON and CSV have them in full
    #[arg(long, value_name = "DAYS,...", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(0..=4000))]
    at: Vec<u16>,
}

impl At {
    /// Returns the days.
    pub(super) fn days(self) -> Vec<usize> {
        self.at.into_iter().map(usize::from).collect()
    }
}

/// How far to look ahead.
#[derive(Debug, Args)]
pub(super) struct HorizonOption {
    /// How many days to look ahead; default: 365, or two thirds of a shorter history
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=4000))]
    horizon: Option<u16>,
}

impl HorizonOption {
    /// Returns the days, if they are given.
    pub(super) fn days(&self) -> Option<usize> {
        self.horizon.map(usize::from)
    }
}
