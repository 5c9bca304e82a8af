//! The reports as commands: the table of all reports, and in one file each its options and what it reads.
//!
//! This room must not know how a figure is computed, which is the business of report/. To add a report, add a file here
//! with its options and a `run`, its explanation as `text/explain/WORD.txt`, and one line in `reports!` below; the
//! list of `report --help`, the dispatch and `--explain` follow from that line.

mod cohorts;
mod communication;
mod compare;
mod flow;
mod forecast;
mod funds;
mod growth;
mod intervene;
mod nonperforming;
mod overrides;
mod pipeline;
mod question;
mod readiness;
mod reporting;
mod revenue;
mod stuck;
mod terms;
mod velocity;

use clap::{Args, Subcommand};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PAST, PartnerQuestion};
use crate::report::page;

/// Makes the reports from one row each: the word for it, its options, and the question that it answers.
macro_rules! reports {
    ($($name:ident, $word:literal, $options:ty, $answers:literal;)*) => {
        #[derive(Debug, Subcommand)]
        enum Name {
            $(#[doc = $answers] #[command(name = $word)] $name($options),)*
        }

        impl Name {
            /// Shows the report.
            fn run(self, context: &Context) -> anyhow::Result<Exit> {
                match self {
                    $(Name::$name(options) => {
                        let explanation = include_str!(concat!("../../text/explain/", $word, ".txt"));
                        options.run(Asked { context, explanation })
                    })*
                }
            }
        }
    };
}

reports! {
    Pipeline, "pipeline", pipeline::PipelineReport,
        "Partners in each stage, how many are overdue, and their revenue";
    Velocity, "velocity", velocity::VelocityReport,
        "Time in each stage and what comes next, partners still there included";
    Stuck, "stuck", stuck::StuckReport,
        "Partners significantly slower than others in their stage, most at stake first";
    Intervene, "intervene", intervene::InterveneReport,
        "The stage where an improvement pays most, its impact, and how certain that is";
    Forecast, "forecast", forecast::ForecastReport,
        "How many active partners will reach each stage, with a 95 % range";
    Cohorts, "cohorts", cohorts::CohortsReport,
        "Partners by start period: the share that reached each stage within 90, 180 and 365 days";
    Flow, "flow", flow::FlowReport,
        "Partners in and out of each stage, and where they pile up";
    Compare, "compare", compare::CompareReport,
        "The same stage by segment, or before and after a date";
    Overrides, "overrides", overrides::OverridesReport,
        "Overridden gates and verdicts, with reasons and outcomes";
    Growth, "growth", growth::GrowthReport,
        "Plan against actual, pace, growth, revenue concentration and time to first revenue";
    Nonperforming, "nonperforming", nonperforming::NonperformingReport,
        "Partners below the performance threshold, and the action taken";
    Reporting, "reporting", reporting::ReportingReport,
        "Sell-through reports that partners owe";
    Revenue, "revenue", revenue::RevenueReport,
        "Revenue by partner, product, customer, deal, currency, year, quarter or month";
    Terms, "terms", terms::TermsReport,
        "Terms agreed with each partner, and what is up for renewal";
    Readiness, "readiness", Box<readiness::ReadinessReport>,
        "Certifications and sales material, what blocks the next stage, what expires within 90 days";
    Funds, "funds", funds::FundsReport,
        "Fund balances, results by activity, and how long claims take";
    Communication, "communication", Box<communication::CommunicationReport>,
        "Coverage of announcements, late notifications, and response times";
}

/// The channel on one page, or one report
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  chanlife report
  chanlife report pipeline --where region=EMEA --format json
  chanlife report pipeline --as-of 2026-09-30 --known-on 2026-10-05 --format csv -o q3.csv
  chanlife report velocity --explain
  chanlife report --fail-on overdue --quiet || echo \"a partner is overdue\""
)]
pub struct Report {
    #[command(subcommand)]
    name: Option<Name>,
    #[command(flatten)]
    question: PartnerQuestion,
    #[command(flatten)]
    fail: FailOption,
}

impl Report {
    /// Shows the page, or the report that is asked for.
    ///
    /// # Errors
    /// Fails if an option cannot be understood, and if the file cannot be read.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Some(name) = self.name else {
            let explanation = include_str!("../../text/explain/page.txt");
            let asked = Asked { context, explanation };
            return self.question.show(asked, |_| Ok(PAST), &self.fail, page::report);
        };
        name.run(context)
    }
}
