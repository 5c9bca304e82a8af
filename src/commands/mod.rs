//! The verbs, one file each: their options, and what they do with them.

mod act;
pub mod add_partner;
mod attributes;
pub mod check;
pub mod completions;
pub mod correct;
pub mod edit;
pub mod import;
pub mod init;
pub mod list;
pub mod log;
pub mod man;
pub mod merge;
pub mod milestones;
pub mod moves;
pub mod next;
pub mod note;
pub mod program;
pub mod remove;
pub mod report;
pub mod revenue;
pub mod show;
mod tell;
pub mod undo;
mod view;
