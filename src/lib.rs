//! chanlife: a channel lifecycle tracker.
//!
//! The house has floors, and arrows run downwards only: `cli`, `context` and `commands` stand on
//! `render`, `import` and `export`; those on `report`; that on `store` and `analysis`; and `store` on `lifecycle`.

pub mod analysis;
pub mod app;
pub mod cli;
pub mod commands;
pub mod export;
pub mod import;
pub mod lifecycle;
pub mod render;
pub mod report;
pub mod store;
pub mod text;
