//! The commands, one room or file for each chapter: their arguments, and what they do.
//!
//! A command reads from the top down: whom it is about, load, propose, write, print. `record` has that order for
//! all commands that record something about partners, `reading` for those that only read; `options` has the options
//! that commands share, and `named` finds what a typed word names in the program. Commands may use every floor below
//! them, and only `cli` may use them; they must not know SQL or how tables are drawn. To add one, write its arguments
//! (`VerbArgs`) and its `run` in the file of its chapter, and name it in `cli`.

pub(crate) mod agenda;
pub(crate) mod announce;
pub(crate) mod assess;
mod completers;
pub(crate) mod due;
pub(crate) mod enablement;
pub(crate) mod file;
pub(crate) mod follow;
pub(crate) mod fund;
mod fund_accruals;
pub(crate) mod import;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod milestone;
mod named;
mod options;
mod order;
pub(crate) mod partner;
pub(crate) mod plan;
pub(crate) mod program;
mod proposals;
pub(crate) mod questions;
pub(crate) mod rate;
mod reading;
mod receipts;
mod record;
pub(crate) mod report;
pub(crate) mod revenue;
pub(crate) mod shell;
pub(crate) mod stage;
pub(crate) mod terms;
pub(crate) mod tier;
pub(crate) mod watch;
