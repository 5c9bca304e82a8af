//! Something wrong in a file that a user wrote: where, what, and how to mend it.

use std::fmt;
use std::ops::Range;

/// One problem at one place. Lines and columns count from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    pub line: usize,
    pub column: usize,
    pub what: String,
    pub remedy: String,
}

impl Problem {
    /// A problem at a span of bytes of `source`.
    pub fn at(source: &str, span: &Range<usize>, what: String, remedy: String) -> Problem {
        let start = (0..=span.start.min(source.len())).rev().find(|at| source.is_char_boundary(*at));
        let before = &source[..start.unwrap_or(0)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Problem {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what,
            remedy,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n  hint: {}", self.line, self.column, self.what, self.remedy)
    }
}
