//! What a rule returns.

pub use crate::lifecycle::rules::{Decision, History, NUMBER, Refusal, Ruling, refuse_left};
