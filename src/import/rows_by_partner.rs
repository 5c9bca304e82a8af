//! Rows of an import on their way in: kept in memory until all are read, so that they can be put in order, and so
//! that reading a slow source needs no lock on the database.

use crate::lifecycle::base::day::Day;

/// All rows that were understood. There may be millions, so what a row says (`T`) should be small.
#[derive(Debug)]
pub(super) struct RowsByPartner<T> {
    rows: Vec<PartnerRow<T>>,
}

/// A row that was understood: of whom, when, and what it says.
#[derive(Debug)]
pub(super) struct PartnerRow<T> {
    /// The number that the import gave to the partner.
    pub partner: u32,
    pub day: Day,
    /// Orders rows within a day, in seconds, if the source knows the time.
    pub moment: i64,
    pub line: u64,
    pub says: T,
}

impl<T> RowsByPartner<T> {
    /// Begins without rows.
    pub(super) fn new() -> RowsByPartner<T> {
        RowsByPartner { rows: Vec::new() }
    }

    /// Keeps a row.
    pub(super) fn push(&mut self, row: PartnerRow<T>) {
        self.rows.push(row);
    }

    /// Gives the rows of partners other numbers, where `number` has one.
    pub(super) fn renumber(&mut self, number: impl Fn(u32) -> Option<u32>) {
        for row in &mut self.rows {
            row.partner = number(row.partner).unwrap_or(row.partner);
        }
    }

    /// Returns the rows partner by partner, each partner's in order of day, moment and line.
    pub(super) fn in_order(&mut self) -> impl Iterator<Item = &[PartnerRow<T>]> {
        self.rows.sort_unstable_by_key(|row| (row.partner, row.day, row.moment, row.line));
        self.rows.chunk_by(|a, b| a.partner == b.partner)
    }
}
