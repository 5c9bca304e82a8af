//! The edge: the clock, the environment, files of the user, the terminal, and how a run ends.

pub(crate) mod context;
pub(crate) mod exit;
pub(crate) mod files;
pub(crate) mod outbox;
pub(crate) mod prompt;
pub(crate) mod usage;
