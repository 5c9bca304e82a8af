//! Rows that can't be used.

use super::BadInput;
use crate::domain::conflict::Conflict;
use crate::domain::text::visible;

/// How many bad rows an import reports before it gives the file up.
const LIMIT: usize = 100_000;

/// A row that can't be used: its line, what it says, and the reason.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reject {
    pub line: u64,
    pub partner: String,
    pub reason: String,
}

impl Reject {
    /// `line 7, P1: names no stage`.
    pub fn sentence(&self) -> String {
        let partner = if self.partner.is_empty() { String::new() } else { format!(", {}", self.partner) };
        visible(&format!("line {}{partner}: {}", self.line, self.reason))
    }
}

/// The reason for rows that do not fit what is recorded.
pub(super) fn contradiction(conflict: &Conflict) -> String {
    format!("contradicts what is recorded: {conflict}")
}

#[derive(Clone, Default, Debug)]
pub(super) struct Rejects {
    rejects: Vec<Reject>,
}

impl Rejects {
    /// Keeps a bad row.
    ///
    /// # Errors
    /// Where there are so many that the file as a whole must be wrong.
    pub fn add(&mut self, line: u64, partner: &str, reason: impl Into<String>) -> Result<(), BadInput> {
        if self.rejects.len() == LIMIT {
            let first = &self.rejects[0];
            let why = format!("more than {LIMIT} rows can't be used; line {}: {}", first.line, first.reason);
            return Err(
                BadInput::new(why).hint("is this the right file, and are --map and --stage-map right?")
            );
        }
        let partner = partner.chars().take(200).collect();
        self.rejects.push(Reject { line, partner, reason: reason.into() });
        Ok(())
    }

    /// Keeps the rows of all these lines, for one reason.
    ///
    /// # Errors
    /// As [`Rejects::add`].
    pub fn add_all(
        &mut self,
        lines: impl IntoIterator<Item = u64>,
        partner: &str,
        reason: &str,
    ) -> Result<(), BadInput> {
        lines.into_iter().try_for_each(|line| self.add(line, partner, reason))
    }

    pub fn is_empty(&self) -> bool {
        self.rejects.is_empty()
    }

    /// The bad rows in the order of the file.
    pub fn sorted(mut self) -> Vec<Reject> {
        self.rejects.sort();
        self.rejects
    }
}
