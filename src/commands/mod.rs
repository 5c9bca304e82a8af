//! The commands, one room or file for each chapter: their options, and what they do with them.
//!
//! A command reads from the top down: whom it is about, load, propose, write, print. `record` has that order for
//! all commands that record something about partners; `reading` for those that only look; `options` has the
//! options that commands share, and `named` finds what a typed word names in the program. Commands may use every floor below them, and nothing may use them but `cli`. To
//! add one, write its arguments and its `run` in the file of its chapter, and name it in `cli`.

pub mod agenda;
pub mod announce;
pub mod assess;
mod completers;
pub mod enablement;
pub mod file;
pub mod fund;
pub mod import;
pub mod log;
pub mod man;
pub mod milestone;
mod named;
mod options;
mod order;
pub mod partner;
pub mod plan;
pub mod program;
mod proposals;
pub mod questions;
mod reading;
mod receipts;
mod record;
pub mod report;
pub mod revenue;
pub mod shell;
pub mod stage;
pub mod terms;
pub mod tier;
pub mod watch;
