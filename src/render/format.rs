//! What a format is, and what it is told of the place that it writes to.

use std::io::{self, Write};

use crate::report::value::Report;

/// What the place that is written to can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Look {
    /// Columns of the terminal; any number if nothing is known.
    pub width: Option<u16>,
    pub color: bool,
    /// Whether lines may be drawn with characters beyond ASCII.
    pub unicode: bool,
    /// CSV as spreadsheets want it: byte order mark, CRLF, text that can't be taken for a formula.
    pub excel: bool,
}

/// A format, with what is true of it.
pub(super) trait ReportFormat {
    /// Whether people read it on a terminal, where long tables are cut to a screenful.
    const ON_SCREEN: bool = false;
    /// Whether it has the first table of a report only.
    const FIRST_TABLE_ONLY: bool = false;
    /// Whether --excel asks for it.
    const FOR_EXCEL: bool = false;

    /// Writes the report.
    fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()>;
}
