//! CSV of the first table, with exact values; for spreadsheets on request.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::render::Look;
use crate::report::value::{Cell, Report};
use crate::text::steps::command_line;

/// Writes the first table.
pub(super) fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
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

fn value(cell: &Cell, excel: bool) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) if excel => guarded(text),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) | Cell::Days(number) => number.to_string(),
        Cell::Decimal(number) | Cell::Score(number) | Cell::Share(number) => number.to_string(),
        Cell::Money(money) | Cell::ExactMoney(money) => money.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::List(items) if excel => guarded(&items.join(";")),
        Cell::List(items) => items.join(";"),
        Cell::Step(step) => command_line(step),
    }
}

/// Keeps a spreadsheet from running a text as a formula.
fn guarded(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
