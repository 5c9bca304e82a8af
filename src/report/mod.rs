//! Reports: values computed from what the store reads, which any format can be written from.
//!
//! A report must not know how anything looks, nor read the file but through the store. value/ has what a report is,
//! reading/ what reports read of the channel, estimate/ what the statistics say of it; every other file is one report or
//! a part that several share. To add a report, add one file with its options, which implement `NamedReport`, and here
//! its `mod` line and its line in [`REPORTS`]; `report --help`, the dispatch and `--explain` follow from that line. Its
//! explanation is text/explain/NAME.txt, and a sentence with a command in it stands in text/reports.rs.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and days stay far below 2^52"
)]

pub(crate) mod assessment;
pub(crate) mod back_test;
pub(crate) mod basis;
pub(crate) mod check;
pub(crate) mod cohorts;
pub(crate) mod communication;
pub(crate) mod compare;
mod compare_outcomes;
mod concentration;
mod criteria;
pub(crate) mod due;
pub(crate) mod enablement;
pub(crate) mod ended;
pub(crate) mod estimate;
mod exit_reasons;
mod family;
pub(crate) mod first_few;
mod first_revenue;
pub(crate) mod flow;
pub(crate) mod forecast;
pub(crate) mod fund_list;
pub(crate) mod funds;
mod given_up;
pub(crate) mod growth;
mod growth_watch;
pub(crate) mod import;
pub(crate) mod in_use;
pub(crate) mod intervene;
mod intervene_toward;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod messages;
pub(crate) mod named;
pub(crate) mod nonperforming;
pub(crate) mod options;
pub(crate) mod overrides;
pub(crate) mod page;
pub(crate) mod partner;
mod partner_enablement;
mod partner_follow_ups;
mod partner_leaving;
mod partner_people;
mod partner_performance;
mod partner_timeline;
mod past_assessment;
pub(crate) mod pipeline;
mod plan_goals;
pub(crate) mod plans;
pub(crate) mod priorities;
pub(crate) mod program;
pub(crate) mod promises;
pub(crate) mod questions;
pub(crate) mod rates;
pub(crate) mod reading;
pub(crate) mod reason;
pub(crate) mod receipt;
pub(crate) mod renamed_periods;
pub(crate) mod reporting;
pub(crate) mod restored;
pub(crate) mod revenue;
pub(crate) mod revenue_doubts;
pub(crate) mod revenue_totals;
pub(crate) mod review;
mod review_agenda;
mod review_basis;
pub(crate) mod search;
pub(crate) mod slippage;
mod small_channel;
mod spanning;
pub(crate) mod stuck;
pub(crate) mod terms;
mod terms_kept;
pub(crate) mod tiers;
pub(crate) mod todo;
pub(crate) mod unknown_values;
pub(crate) mod value;
pub(crate) mod velocity;

use crate::report::named::ReportEntry;

/// The reports that have a name, in the order of the help: the word for it, and the question that it answers.
pub(crate) const REPORTS: &[ReportEntry] = &[
    ReportEntry::of::<pipeline::PipelineReport>(
        "pipeline",
        "Partners in each stage, how many are overdue, and their revenue",
    ),
    ReportEntry::of::<velocity::VelocityReport>(
        "velocity",
        "Time in each stage and what comes next, partners still there included",
    ),
    ReportEntry::of::<stuck::StuckReport>(
        "stuck",
        "Partners significantly slower than others in their stage, most at stake first",
    ),
    ReportEntry::of::<intervene::InterveneReport>(
        "intervene",
        "The stage where an improvement pays most, its impact, and how certain that is",
    ),
    ReportEntry::of::<forecast::ForecastReport>(
        "forecast",
        "How many active partners will reach each stage, with a 95 % range",
    ),
    ReportEntry::of::<cohorts::CohortsReport>(
        "cohorts",
        "Partners by start period: the share that reached each stage within 90, 180 and 365 days",
    ),
    ReportEntry::of::<flow::FlowReport>("flow", "Partners in and out of each stage, and where they pile up"),
    ReportEntry::of::<compare::CompareReport>(
        "compare",
        "The same stage by segment, or before and after a date",
    ),
    ReportEntry::of::<overrides::OverridesReport>(
        "overrides",
        "Overridden gates and verdicts, with reasons and outcomes",
    ),
    ReportEntry::of::<growth::GrowthReport>(
        "growth",
        "Plan against actual, pace, growth, revenue concentration and time to first revenue",
    ),
    ReportEntry::of::<nonperforming::NonperformingReport>(
        "nonperforming",
        "Partners below the performance threshold, and the action taken",
    ),
    ReportEntry::of::<review::ReviewReport>(
        "review",
        "The business review of one partner as a document, for us or for the partner",
    ),
    ReportEntry::of::<tiers::TiersReport>(
        "tiers",
        "The tier that each partner has earned, and what the next one takes",
    ),
    ReportEntry::of::<reporting::ReportingReport>("reporting", "Sell-through reports that partners owe"),
    ReportEntry::of::<revenue_totals::RevenueReport>(
        "revenue",
        "Revenue by partner, parent, type, tier, region, owner, product, customer, deal or period",
    ),
    ReportEntry::of::<terms::TermsReport>(
        "terms",
        "Terms agreed with each partner, and what is up for renewal",
    ),
    ReportEntry::of::<enablement::ReadinessReport>(
        "readiness",
        "Certifications and sales material, what blocks the next stage, what expires within 90 days",
    ),
    ReportEntry::of::<funds::FundsReport>(
        "funds",
        "Fund balances, results by activity, and how long claims take",
    ),
    ReportEntry::of::<communication::CommunicationReport>(
        "communication",
        "Coverage of announcements, late notifications, and response times",
    ),
];
