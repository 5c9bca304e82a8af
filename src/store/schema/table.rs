//! What a projected table is: numbered rows for each partner, one for each record that follows from its events.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, Value, ValueRef};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::partner::Partner;
use crate::store::error::{Damage, Result, damaged};

/// The rows of one partner in one table, without its number and theirs.
pub(in crate::store) type ProjectedRows = Vec<Vec<Value>>;

/// The numbers of stages in the file, by key.
pub(in crate::store) type StageNumbers = HashMap<String, i64>;

/// A column and what it holds of a record.
pub(in crate::store) type RecordColumn<T> = (&'static str, fn(&T) -> Value);

/// What one row of a projected table holds.
pub(in crate::store) trait Record: Clone + 'static {
    const TABLE: &'static str;
    /// The columns behind `partner` and `seq`.
    const COLUMNS: &'static [RecordColumn<Self>];

    /// Returns the records of a partner in order; `stages` has all stages in which it ever stood.
    fn of<'p>(partner: &'p Partner, stages: &StageNumbers) -> Cow<'p, [Self]>;
}

/// A record that is read back as it was at the end of a day. Its table has a column `day`.
pub(in crate::store) trait ReadBack: Record {
    /// Reads a row; what happened after `as_of` has not happened.
    fn read(row: &Row, as_of: Day) -> Result<Self>;
}

/// A projected table, whatever its records are.
pub(in crate::store) struct ProjectedTable {
    pub(in crate::store) name: &'static str,
    pub(in crate::store) columns: fn() -> Vec<&'static str>,
    pub(in crate::store) rows: fn(&Partner, &StageNumbers) -> ProjectedRows,
}

impl ProjectedTable {
    /// Returns the table of these records.
    pub(in crate::store) const fn of<T: Record>() -> ProjectedTable {
        ProjectedTable { name: T::TABLE, columns: columns::<T>, rows: rows::<T> }
    }
}

fn columns<T: Record>() -> Vec<&'static str> {
    T::COLUMNS.iter().map(|(name, _)| *name).collect()
}

fn rows<T: Record>(partner: &Partner, stages: &StageNumbers) -> ProjectedRows {
    let row = |record: &T| T::COLUMNS.iter().map(|(_, value)| value(record)).collect();
    T::of(partner, stages).iter().map(row).collect()
}

/// Reads a day that may be missing, or that has not come by `as_of`.
pub(in crate::store) fn past(row: &Row, column: &str, as_of: Day) -> Result<Option<Day>> {
    Ok(row.get::<_, Option<Day>>(column)?.filter(|day| *day <= as_of))
}

/// Reads the days of a period that may be missing.
pub(in crate::store) fn days(row: &Row, first: &str, last: &str) -> Result<Option<DayRange>> {
    let (first, last): (Option<Day>, Option<Day>) = (row.get(first)?, row.get(last)?);
    Ok(first.zip(last).map(|(first, last)| DayRange { first, last }))
}

impl From<Day> for Value {
    fn from(day: Day) -> Value {
        Value::Integer(day.number())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Day> {
        let number = value.as_i64()?;
        let damaged = || damaged(Damage::NotADay { number });
        Day::from_number(number).ok_or_else(|| FromSqlError::Other(Box::new(damaged())))
    }
}
