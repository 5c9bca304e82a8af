//! Rejected rows.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use crate::import::sources::csv::{line_of, reader};
use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::visible;
use crate::lifecycle::rule::History;

/// How many bad rows an import reports before it gives the file up.
const LIMIT: usize = 100_000;

/// The columns that a file of rejects has after those of its source, with what each is called if the source has one of that
/// name. None of them is a column of an import: a partner that left has a `reason`.
const ADDED: [[&str; 2]; 2] = [["line", "source_line"], ["error", "import_error"]];

/// What a row is rejected for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RejectedFor {
    /// Something in the row.
    Itself,
    /// A row that it depends on is rejected.
    Another,
}

/// A rejected row: its line, its partner, and the reason. In order, rows with a fault of their own come first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RejectedRow {
    pub cause: RejectedFor,
    pub line: u64,
    pub partner: String,
    pub reason: String,
}

impl RejectedRow {
    /// Returns whether it was rejected for an amount such as `12,50`.
    pub(super) fn has_decimal_comma(&self) -> bool {
        let typed = self.reason.split('`').nth(1).filter(|_| self.reason.contains("is not an amount"));
        let parts = typed.and_then(|typed| typed.rsplit_once(','));
        parts.is_some_and(|(_, cents)| {
            (1..=2).contains(&cents.len()) && cents.bytes().all(|byte| byte.is_ascii_digit())
        })
    }

    /// Returns the row with its reason: "line 7, partner `P1`: has no stage".
    pub fn sentence(&self) -> String {
        let partner =
            if self.partner.is_empty() { String::new() } else { format!(", partner `{}`", self.partner) };
        visible(&format!("line {}{partner}: {}", self.line, self.reason))
    }
}

/// Writes the rejected rows of `input` unchanged, each with its line and the reason, so that they can be corrected
/// and imported like the file.
///
/// # Errors
/// If `input` cannot be read again, or `out` cannot be written.
pub(crate) fn write_rejects(
    input: impl Read,
    delimiter: u8,
    rejects: &[RejectedRow],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut reasons: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for reject in rejects {
        reasons.entry(reject.line).or_default().push(&reject.reason);
    }
    let mut reader = reader(input, delimiter);
    let mut headers: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    if let [.., line, error] = &headers[..]
        && ADDED[0].contains(&line.as_str())
        && ADDED[1].contains(&error.as_str())
    {
        // The file was one of rejects itself.
        headers.truncate(headers.len() - ADDED.len());
    }
    let added =
        ADDED.map(|[usual, other]| if headers.iter().any(|one| one == usual) { other } else { usual });
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    writer.write_record(headers.iter().map(String::as_str).chain(added))?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let line = line_of(&reader, &record);
        if let Some(reasons) = reasons.get(&line) {
            let cells = (0..headers.len()).map(|at| record.get(at).unwrap_or_default());
            writer.write_record(cells.chain([line.to_string().as_str(), &reasons.join("; ")]))?;
        }
    }
    writer.flush()
}

/// Returns the reason for rows that contradict recorded events. The new events of the rows begin with the number `first`;
/// these numbers are recorded nowhere, so that days stand for them.
pub(super) fn contradiction(conflict: &Conflict, first: i64) -> String {
    if conflict.event < first {
        return format!("contradicts recorded events: {conflict}");
    }
    format!("contradicts recorded events: on {} it {}", conflict.day, conflict.what)
}

/// Returns the reason for a row of which an event does not fit; `lines` are those of the new events, of which the first
/// has the number `first`. These numbers are recorded nowhere, and lines stand for them.
pub(super) fn misfit(conflict: &Conflict, first: i64, lines: &[u64]) -> String {
    if conflict.event < first {
        return contradiction(conflict, first);
    }
    let mut what = conflict.what.to_string();
    for (at, line) in lines.iter().enumerate().rev() {
        let number = first + at as i64;
        for noun in ["request", "claim"] {
            what = what.replace(&format!("{noun} {number}"), &format!("the {noun} of line {line}"));
        }
    }
    format!("contradicts earlier rows or events: {what}")
}

/// The first day of a record that may come before its partner joined; an earlier one is a typing error.
/// It is 1990-01-01, by the number of days since 1970-01-01.
const EARLIEST: i64 = 7305;

/// Returns the reason for a row of a known partner that is far before it joined; nothing if it is not.
pub(super) fn too_early(history: &History, day: Day) -> Option<String> {
    if day.number() >= EARLIEST {
        return None;
    }
    let joined = history.first_day().filter(|joined| day < *joined)?;
    Some(format!("is of {day}, before 1990 and before the partner joined on {joined}"))
}

/// Returns the reason for a row of a known partner that is before it joined; nothing if it is not.
pub(super) fn before_joining(history: &History, day: Day) -> Option<String> {
    let joined = history.first_day().filter(|joined| day < *joined)?;
    Some(format!("is of {day}, before the partner joined on {joined}"))
}

/// The bad rows of an import so far.
#[derive(Clone, Default, Debug)]
pub(super) struct Rejects {
    rejects: Vec<RejectedRow>,
}

impl Rejects {
    /// Keeps a bad row.
    ///
    /// # Errors
    /// If there are so many that the file as a whole must be wrong.
    pub(super) fn add(&mut self, line: u64, partner: &str, reason: impl Into<String>) -> Result<(), Error> {
        self.add_for(RejectedFor::Itself, line, partner, reason)
    }

    /// Keeps a bad row with what it is rejected for.
    ///
    /// # Errors
    /// Those of [`Rejects::add`].
    pub(super) fn add_for(
        &mut self,
        cause: RejectedFor,
        line: u64,
        partner: &str,
        reason: impl Into<String>,
    ) -> Result<(), Error> {
        if self.rejects.len() == LIMIT {
            let first = &self.rejects[0];
            let why = format!("more than {LIMIT} rows cannot be used; line {}: {}", first.line, first.reason);
            return Err(
                Error::input(why).hint("is this the right file, and are --map and --stage-map right?")
            );
        }
        let partner = partner.chars().take(200).collect();
        self.rejects.push(RejectedRow { cause, line, partner, reason: reason.into() });
        Ok(())
    }

    /// Returns whether all rows can be used.
    pub(super) fn is_empty(&self) -> bool {
        self.rejects.is_empty()
    }

    /// Returns the bad rows, first those with a fault of their own, then those that depend on them, in the order of the file.
    pub(super) fn sorted(mut self) -> Vec<RejectedRow> {
        self.rejects.sort();
        self.rejects
    }
}
