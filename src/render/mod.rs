//! From a report to text in one of the formats. Every report can be written in every format.

mod csv;
mod json;
mod markdown;
mod people;
mod table;

use std::io::{self, Write};

use crate::report::sheet::Report;

/// How a report is written: for people, for programs, for spreadsheets, for documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
    Md,
}

/// What the place that is written to can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Columns of the terminal; any number where nothing is known.
    pub width: Option<u16>,
    pub color: bool,
    /// Whether lines may be drawn with characters beyond ASCII.
    pub unicode: bool,
    /// CSV as spreadsheets want it: byte order mark, CRLF, text that can't be taken for a formula.
    pub excel: bool,
}

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, format: Format, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => table::write(report, look, out),
        Format::Json => json::write(report, out),
        Format::Csv => csv::write(report, look, out),
        Format::Md => markdown::write(report, out),
    }
}
