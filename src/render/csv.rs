//! CSV of the first table, with exact values; for spreadsheets on request.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::render::Look;
use crate::report::sheet::{Audience, Cell, Report};

pub fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let Some(sheet) = report.sheets.first() else {
        return Ok(());
    };
    let columns = sheet.columns_for(Audience::Machines);
    if look.excel {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let terminator = if look.excel { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let mut writer =
        WriterBuilder::new().terminator(terminator).quote_style(QuoteStyle::Necessary).from_writer(out);
    writer.write_record(columns.iter().map(|at| &sheet.columns[*at].key))?;
    for row in &sheet.rows {
        writer.write_record(columns.iter().map(|at| value(&row[*at], look.excel)))?;
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
    }
}

/// Keeps a spreadsheet from running a text as a formula.
fn guarded(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
