//! The edge: the clock, the environment, files of the user, the terminal, and how a run ends.
//!
//! This room knows nothing of single commands, and no rule of the lifecycle. To add a source of the outside world, give
//! it a file here, and hand it to commands through `Context`.

pub(crate) mod clock;
pub(crate) mod console;
pub(crate) mod context;
pub(crate) mod exit;
pub(crate) mod files;
pub(crate) mod outbox;
pub(crate) mod prompt;
pub(crate) mod terminal;
pub(crate) mod usage;
