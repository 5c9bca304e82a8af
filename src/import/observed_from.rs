//! Since when an imported partner is watched, which an import must be told.

use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;

/// What was said of the time before the import.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ObservedFrom {
    /// The file has all partners from their first day on, with those that left.
    Complete,
    /// Partners are watched since this day; what happened before is known only of those still there.
    Day(Day),
    /// The column with this header has the day for each partner.
    Column(String),
}

impl ObservedFrom {
    /// Adds to an error how to give it.
    pub fn hint_options(error: Error) -> Error {
        error
            .hint("--complete-history, where the file has all partners from their first day on, with those that left")
            .hint("--observed-from DATE, where it has only those that were still there on that day")
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
            None => Err(format!("{header} is `{text}`, expected a day such as 2026-11-23")),
        }
    }

    /// Returns since when a partner is watched whose first known day is `first`; nothing if its column says none.
    pub fn resolve(&self, first: Day, in_column: Option<Day>) -> Option<Day> {
        match self {
            ObservedFrom::Complete => Some(first),
            ObservedFrom::Day(day) => Some((*day).max(first)),
            ObservedFrom::Column(_) => in_column.map(|day| day.max(first)),
        }
    }
}
