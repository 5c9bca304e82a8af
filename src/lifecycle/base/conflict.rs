//! What the fold says of events that contradict each other.

use std::fmt;

use crate::lifecycle::base::day::Day;

/// An event that does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    pub event: i64,
    pub day: Day,
    pub what: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} of {} {}", self.event, self.day, self.what)
    }
}

impl std::error::Error for Conflict {}
