//! Commands on what is to be done: next steps, and everything that is due by a day.

pub(crate) mod calendar;
pub(crate) mod next;
