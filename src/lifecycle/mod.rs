//! The lifecycle itself: the program, events, the fold of a partner's events, and the rules.
//!
//! Everything here is pure: no input or output, no clock, no environment, no database.

pub(crate) mod agenda;
pub(crate) mod announcements;
pub(crate) mod base;
pub(crate) mod corrections;
pub(crate) mod criteria;
pub(crate) mod due;
pub(crate) mod enablement;
pub(crate) mod event;
pub(crate) mod facts;
pub(crate) mod fold;
pub(crate) mod forget;
pub(crate) mod funds;
pub(crate) mod happening;
pub(crate) mod history;
pub(crate) mod milestone;
pub(crate) mod partner;
pub(crate) mod performance;
pub(crate) mod plans;
pub(crate) mod program;
pub(crate) mod questions;
pub(crate) mod revenue;
pub(crate) mod rule;
pub(crate) mod stage;
pub(crate) mod terms;
pub(crate) mod tiers;
