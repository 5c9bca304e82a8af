//! chanlife: a channel lifecycle tracker.
//!
//! The house has floors, and arrows run downwards only: `cli`, `context` and `commands` stand on
//! `prompt`, `render` and `exchange`; those on `report`; that on `store` and `analysis`; and `store` on `domain`.

pub mod analysis;
pub mod cli;
pub mod commands;
mod context;
pub mod domain;
pub mod exchange;
mod exit;
mod prompt;
pub mod render;
pub mod report;
pub mod store;
