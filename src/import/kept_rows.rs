//! Rows that are kept as their source wrote them, and read again when it is their partner's turn: what they say takes
//! more memory than their cells.

use csv::StringRecord;

use crate::import::packed_texts::{PackedRow, PackedTexts};
use crate::import::sources::csv::{Columns, SourceRow};

/// The cells that an import uses, of all rows.
pub(super) struct KeptRows {
    columns: Columns,
    texts: PackedTexts,
}

impl KeptRows {
    /// Begins without rows; they will have these columns.
    pub(super) fn new(columns: &Columns) -> KeptRows {
        KeptRows { columns: columns.used(), texts: PackedTexts::default() }
    }

    /// Keeps a row.
    ///
    /// # Errors
    /// More rows than can be.
    pub(super) fn keep(&mut self, row: &SourceRow) -> Result<PackedRow, String> {
        self.texts.push(row.used_cells())
    }

    /// Reads a row again.
    pub(super) fn read<T>(&self, line: u64, row: PackedRow, read: impl FnOnce(&SourceRow) -> T) -> T {
        let record: StringRecord = self.texts.texts(row).collect();
        read(&SourceRow::new(line, &self.columns, &record))
    }
}
