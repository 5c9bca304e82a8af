//! Commands on partners: adding, changing, showing, joining and erasing them, and their notes and corrections.
//!
//! The rules stand in `lifecycle::partner` and `lifecycle::corrections`. To add a command, give it a file here.

pub(crate) mod add;
pub(super) mod attributes;
pub(crate) mod correct;
pub(crate) mod edit;
pub(crate) mod forget;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod note;
pub(crate) mod remove;
pub(crate) mod show;
