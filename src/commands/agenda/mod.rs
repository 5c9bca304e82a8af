//! Commands on what is to be done: next steps, and everything that is due by a day.

pub mod calendar;
pub mod next;
