//! What the fold says of events that contradict each other.

use std::fmt;
use std::sync::Arc;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};

/// Why an event does not fit what came before it: a value of its chapter, whose words go on behind "event 7".
#[derive(Clone, Debug)]
pub struct Misfit(Arc<dyn Sentence>);

impl<T: Sentence> From<T> for Misfit {
    fn from(what: T) -> Misfit {
        Misfit(Arc::new(what))
    }
}

impl PartialEq for Misfit {
    fn eq(&self, other: &Misfit) -> bool {
        self.to_string() == other.to_string()
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.sentence())
    }
}

/// An event that does not fit what came before it.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    pub event: i64,
    pub day: Day,
    pub what: Misfit,
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Error {
        Error::refused(conflict)
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}
