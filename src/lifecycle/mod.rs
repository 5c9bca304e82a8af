//! The lifecycle itself: the program, events, the fold of a partner's events, and the rules.
//!
//! Everything here is pure: no input or output, no clock, no environment, no database.

pub mod agenda;
pub mod announcements;
pub mod base;
pub mod corrections;
pub mod criteria;
pub mod dues;
pub mod enablement;
pub mod event;
pub mod facts;
pub mod fold;
pub mod forget;
pub mod funds;
pub mod happening;
pub mod history;
pub mod milestone;
pub mod needs;
pub mod next;
pub mod partner;
pub mod performance;
pub mod plans;
pub mod program;
pub mod questions;
pub mod revenue;
pub mod rule;
pub mod stage;
pub mod terms;
pub mod tiers;
