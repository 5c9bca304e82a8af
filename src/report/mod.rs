//! Reports: values computed from what the store reads, which any format can be written from.
//!
//! A report must not know how anything looks, nor read the file but through the store. value/ has what a report is,
//! reading/ what reports read of the channel, estimate/ what the statistics say of it; every other file is one report or
//! a part that several share, with its options beside it. To add a report, add a file with a `report` that begins with
//! `Basis::report`, and a line in commands/report.

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
mod concentration;
mod criteria;
pub(crate) mod due;
pub(crate) mod enablement;
pub(crate) mod estimate;
mod first_revenue;
pub(crate) mod flow;
pub(crate) mod forecast;
pub(crate) mod fund_list;
pub(crate) mod funds;
pub(crate) mod growth;
pub(crate) mod import;
pub(crate) mod intervene;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod messages;
pub(crate) mod nonperforming;
pub(crate) mod overrides;
pub(crate) mod page;
pub(crate) mod partner;
mod partner_enablement;
mod partner_performance;
mod past_assessment;
pub(crate) mod pipeline;
pub(crate) mod plans;
pub(crate) mod program;
pub(crate) mod questions;
pub(crate) mod reading;
pub(crate) mod receipt;
pub(crate) mod reporting;
pub(crate) mod revenue;
pub(crate) mod revenue_totals;
pub(crate) mod stuck;
pub(crate) mod terms;
pub(crate) mod tiers;
pub(crate) mod todo;
pub(crate) mod value;
pub(crate) mod velocity;
