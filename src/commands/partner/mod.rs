//! Commands on partners: adding, editing, showing, merging and erasing them, with notes and corrections.
//!
//! The rules are in `lifecycle::partner` and `lifecycle::corrections`, which this room must not repeat; it must not
//! know how partners are stored. To add a command, give it a file here.

pub(crate) mod add;
pub(super) mod attributes;
pub(crate) mod correct;
pub(crate) mod edit;
pub(crate) mod forget;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod move_contact;
pub(crate) mod note;
pub(crate) mod remove;
pub(crate) mod show;
mod spelling;
