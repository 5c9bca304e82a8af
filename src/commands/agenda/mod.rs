//! Commands on work ahead: next steps and due dates.
//!
//! This room knows nothing of rules: `lifecycle::agenda` decides what is next and due. To add a command, give it a
//! file here.

pub(crate) mod calendar;
pub(crate) mod next;
