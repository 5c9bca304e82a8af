//! Reports: values computed from what the store reads, which any format can be written from.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and days stay far below 2^52"
)]

pub mod assessment;
pub mod back_test;
pub mod check;
pub mod cohorts;
pub mod communication;
pub mod compare;
mod concentration;
mod criteria;
mod curves;
mod dated;
mod diagnostics;
pub mod due;
pub mod enablement;
mod first_revenue;
pub mod flow;
pub mod forecast;
pub mod frame;
pub mod fund_list;
pub mod funds;
pub mod growth;
pub mod import;
pub mod intervene;
pub mod list;
pub mod log;
pub mod messages;
pub mod model;
pub mod nonperforming;
pub mod overrides;
pub mod page;
pub mod partner;
mod partner_backing;
mod partner_growth;
mod past;
pub mod pipeline;
pub mod plans;
pub mod program;
pub mod questions;
mod ranking;
pub mod reading;
pub mod receipt;
pub mod reporting;
pub mod revenue;
pub mod revenue_totals;
pub mod say;
pub mod sheet;
pub mod stuck;
pub mod terms;
pub mod tiers;
pub mod todo;
pub mod value;
pub mod velocity;
mod waits;

/// Where the pieces of reading were before they had a room.
pub use reading::{attribute as quality, channel, segment};
