//! Commands on partners: adding, changing, showing, joining and erasing them, and their notes and corrections.
//!
//! The rules stand in `lifecycle::partner` and `lifecycle::corrections`. To add a command, give it a file here.

pub mod add;
pub(super) mod attributes;
pub mod correct;
pub mod edit;
pub mod forget;
pub mod list;
pub mod merge;
pub mod note;
pub mod remove;
pub mod show;
