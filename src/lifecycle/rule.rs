//! What a rule returns.

pub use crate::lifecycle::rules::{Decision, History, NUMBER, Ruling, refuse_left};
