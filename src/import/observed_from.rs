//! The start of the observed history of imported partners, which an import must know.

use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;

/// What is known of the time before the import.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ObservedFrom {
    /// The file has all partners from their first day on, with those that left.
    Complete,
    /// The history is complete from this day; partners that left earlier are missing.
    Day(Day),
    /// The column with this header has the day for each partner.
    Column(String),
}

impl ObservedFrom {
    /// Adds to an error how to give it.
    pub fn hint_options(error: Error) -> Error {
        error
            .hint("--complete-history: all partners since their first day, also those that left")
            .hint("--observed-from DATE: partners that left before DATE are missing")
    }

    /// Returns the header of the column that it names.
    pub fn header(&self) -> Option<&str> {
        match self {
            ObservedFrom::Column(header) => Some(header),
            _ => None,
        }
    }

    /// Returns the day in the row's column, if there is one.
    ///
    /// # Errors
    /// The reason for which the cell is not a day.
    pub fn in_row(&self, row: &SourceRow) -> Result<Option<Day>, String> {
        let ObservedFrom::Column(header) = self else {
            return Ok(None);
        };
        let Some(text) = row.get(&format!("={header}")) else {
            return Ok(None);
        };
        match Day::parse_stamp(text) {
            Some((day, _)) => Ok(Some(day)),
            None => Err(format!("{header} is `{text}`, expected a date such as 2026-11-23")),
        }
    }

    /// Returns the start of the observed history of a partner whose first known day is `first`; nothing if its column
    /// is empty.
    pub fn resolve(&self, first: Day, in_column: Option<Day>) -> Option<Day> {
        match self {
            ObservedFrom::Complete => Some(first),
            ObservedFrom::Day(day) => Some((*day).max(first)),
            ObservedFrom::Column(_) => in_column.map(|day| day.max(first)),
        }
    }
}
