//! CSV of the first table, with exact values; for spreadsheets on request.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::render::exact;
use crate::render::format::{Look, ReportFormat};
use crate::report::value::{Cell, Report};

/// Writes the first table.
pub(super) struct Csv;

impl ReportFormat for Csv {
    const FIRST_TABLE_ONLY: bool = true;
    const FOR_EXCEL: bool = true;

    fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let Some(table) = report.tables.first() else {
            return Ok(());
        };
        let columns = table.columns_for_machines();
        if look.excel {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let terminator = if look.excel { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let mut writer =
            WriterBuilder::new().terminator(terminator).quote_style(QuoteStyle::Necessary).from_writer(out);
        writer.write_record(columns.iter().map(|column| &column.key))?;
        for row in table.rows(&columns) {
            writer.write_record(row.into_iter().map(|cell| value(cell, look.excel)))?;
        }
        writer.flush()
    }
}

fn value(cell: &Cell, excel: bool) -> String {
    match cell {
        Cell::Text(_) | Cell::List(_) if excel => guarded(&exact::text(cell)),
        _ => exact::text(cell),
    }
}

/// Keeps a spreadsheet from running a text as a formula.
fn guarded(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
