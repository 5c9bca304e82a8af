//! Reports: values computed from what the store reads, which any format can be written from.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and days stay far below 2^52"
)]

pub(crate) mod assessment;
pub(crate) mod back_test;
pub(crate) mod check;
pub(crate) mod cohorts;
pub(crate) mod communication;
pub(crate) mod compare;
mod concentration;
mod criteria;
mod curves;
mod dated;
mod diagnostics;
pub(crate) mod due;
pub(crate) mod enablement;
mod first_revenue;
pub(crate) mod flow;
pub(crate) mod forecast;
pub(crate) mod frame;
pub(crate) mod fund_list;
pub(crate) mod funds;
pub(crate) mod growth;
pub(crate) mod import;
pub(crate) mod intervene;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod messages;
pub(crate) mod model;
pub(crate) mod nonperforming;
pub(crate) mod overrides;
pub(crate) mod page;
pub(crate) mod partner;
mod partner_backing;
mod partner_growth;
mod past;
pub(crate) mod pipeline;
pub(crate) mod plans;
pub(crate) mod program;
pub(crate) mod questions;
mod ranking;
pub(crate) mod reading;
pub(crate) mod receipt;
pub(crate) mod reporting;
pub(crate) mod revenue;
pub(crate) mod revenue_totals;
pub(crate) mod say;
pub(crate) mod sheet;
pub(crate) mod stuck;
pub(crate) mod terms;
pub(crate) mod tiers;
pub(crate) mod todo;
pub(crate) mod value;
pub(crate) mod velocity;
mod waits;

/// Where the pieces of reading were before they had a room.
pub(crate) use reading::{attribute as quality, channel, segment};
