//! From a report to text in one of the formats. Every report can be written in every format.
//!
//! It must not know any report or rule, only the values of report/value/. To add a format, add one file with an
//! implementation of [`ReportFormat`], and here its `mod` line and its line in `formats!`; exact.rs and people.rs have
//! cells as text for programs and for people.

mod csv;
mod exact;
mod format;
mod json;
mod markdown;
mod people;
mod table;

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;

use crate::render::format::ReportFormat;
use crate::report::value::Report;

pub(crate) use format::Look;

/// Makes the formats from one line each: the name for `--format`, which is the ending of its files too, and what writes
/// it.
macro_rules! formats {
    ($($name:ident => $writer:ty,)*) => {
        /// How a report is written: for people, for programs, for spreadsheets, for documents.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
        pub enum Format {
            $($name,)*
        }

        impl Format {
            /// Returns whether people read it on a terminal.
            pub(crate) fn is_on_screen(self) -> bool {
                match self {
                    $(Format::$name => <$writer>::ON_SCREEN,)*
                }
            }

            /// Returns whether it has the first table of a report only.
            pub(crate) fn has_first_table_only(self) -> bool {
                match self {
                    $(Format::$name => <$writer>::FIRST_TABLE_ONLY,)*
                }
            }

            /// Returns whether --excel asks for it.
            pub(crate) fn is_for_excel(self) -> bool {
                match self {
                    $(Format::$name => <$writer>::FOR_EXCEL,)*
                }
            }
        }

        /// Writes the report.
        ///
        /// # Errors
        /// Those of `out`.
        pub(crate) fn write(report: &Report, format: Format, look: Look, out: &mut dyn Write) -> io::Result<()> {
            match format {
                $(Format::$name => <$writer>::write(report, look, out),)*
            }
        }
    };
}

formats! {
    Table => table::TerminalTables,
    Json => json::Json,
    Csv => csv::Csv,
    Md => markdown::Markdown,
}

impl Format {
    /// Returns the format that the ending of a file names.
    pub(crate) fn of_file(path: &Path) -> Option<Format> {
        let ending = path.extension().and_then(OsStr::to_str)?;
        Format::from_str(ending, true).ok()
    }

    /// Returns its name, as it is typed.
    pub(crate) fn word(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}
