//! The edge: the clock, the environment, files of the user, the terminal, and how a run ends.

pub mod context;
pub mod exit;
pub mod files;
pub mod outbox;
pub mod prompt;
pub mod usage;
