//! chanlife: a channel lifecycle tracker.
//!
//! The house has floors, and imports run downwards only, from the ground up: `lifecycle` and `analysis`; `store`;
//! `text`; `report`; `render`, `import` and `export`; `app`; `commands`; `cli`. Each room says in its `mod.rs` what it
//! is for, what it must not know, and how to add one more of its kind. Outside, only a run can be seen.

mod analysis;
mod app;
mod cli;
mod commands;
mod export;
#[doc(hidden)]
pub mod face;
mod import;
mod lifecycle;
mod render;
mod report;
mod store;
mod text;

pub use cli::{complete, run};
