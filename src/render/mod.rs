//! From a report to text in one of the formats. Every report can be written in every format.
//!
//! It must not know any report or rule, only the values of report/value/. To add a format, add one file with a `write`
//! and one line in `formats!`.

mod csv;
mod json;
mod markdown;
mod people;
mod table;

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

/// Makes the formats from one line each: the name for `--format`, and the module whose `write` writes it.
macro_rules! formats {
    ($($name:ident => $module:ident,)*) => {
        /// How a report is written: for people, for programs, for spreadsheets, for documents.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
        pub enum Format {
            $($name,)*
        }

        /// Writes the report.
        ///
        /// # Errors
        /// Those of `out`.
        pub(crate) fn write(report: &Report, format: Format, look: Look, out: &mut dyn Write) -> io::Result<()> {
            match format {
                $(Format::$name => $module::write(report, look, out),)*
            }
        }
    };
}

formats! {
    Table => table,
    Json => json,
    Csv => csv,
    Md => markdown,
}
