//! Something wrong in a file that a user wrote, and its place.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::lifecycle::base::error::Sentence;

/// One problem at one place. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug)]
pub struct Problem {
    pub line: usize,
    pub column: usize,
    fault: Arc<dyn Sentence>,
}

/// A problem whose sentence and remedy are words already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PlainFault {
    pub what: String,
    pub remedy: String,
}

impl Problem {
    /// Makes the problem of a span of bytes of `source`.
    pub fn at(source: &str, span: &Range<usize>, fault: impl Sentence) -> Problem {
        let start = (0..=span.start.min(source.len())).rev().find(|at| source.is_char_boundary(*at));
        let before = &source[..start.unwrap_or(0)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        Problem::on(line, before[line_start..].chars().count() + 1, fault)
    }

    /// Makes the problem of a line and a column.
    pub fn on(line: usize, column: usize, fault: impl Sentence) -> Problem {
        Problem { line, column, fault: Arc::new(fault) }
    }

    /// Says what is wrong.
    pub fn what(&self) -> String {
        self.fault.sentence()
    }

    /// Says what would solve it.
    pub fn remedy(&self) -> String {
        self.fault.hints().into_iter().next().map(|hint| hint.before).unwrap_or_default()
    }
}

impl PartialEq for Problem {
    fn eq(&self, other: &Problem) -> bool {
        (self.line, self.column) == (other.line, other.column) && self.what() == other.what()
    }
}

impl Eq for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n  hint: {}", self.line, self.column, self.what(), self.remedy())
    }
}
