//! Tables for the terminal.

use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell as TableCell, CellAlignment, Color, ContentArrangement, LineStyle, Row, Table, TableStyle,
};

use super::{Look, people};
use crate::domain::text::visible;
use crate::report::sheet::{Audience, Cell, Report, Sheet};

/// Below this width a table is written as records, one value a line.
const NARROW: u16 = 60;

pub fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut blocks: Vec<String> = Vec::new();
    let head = head(report);
    if !head.is_empty() {
        blocks.push(head);
    }
    for sheet in report.sheets.iter().filter(|sheet| sheet.is_shown()) {
        let mut block = String::new();
        if !sheet.title.is_empty() {
            block.push_str(&visible(&sheet.title));
            block.push('\n');
        }
        if sheet.rows.is_empty() {
            block.push_str(&visible(&sheet.empty));
            block.push('\n');
        } else {
            block.push_str(&body(sheet, look));
        }
        for note in &sheet.notes {
            block.push_str(&wrapped(&visible(note), look.width));
        }
        blocks.push(block);
    }
    let notes: Vec<String> = report.notes.iter().map(|note| wrapped(&visible(note), look.width)).collect();
    if !notes.is_empty() {
        blocks.push(notes.concat());
    }
    out.write_all(blocks.join("\n").as_bytes())
}

/// A sentence in lines no longer than the terminal is wide.
fn wrapped(text: &str, width: Option<u16>) -> String {
    width.map_or_else(|| text.to_owned(), |width| textwrap::fill(text, usize::from(width))) + "\n"
}

fn head(report: &Report) -> String {
    let mut head = String::new();
    if !report.title.is_empty() {
        head.push_str(&visible(&report.title));
        head.push('\n');
    }
    let facts: Vec<(&str, String)> = report
        .facts
        .iter()
        .filter(|fact| !fact.heading.is_empty())
        .map(|fact| (fact.heading, people::text(&fact.cell)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let widest = facts.iter().map(|(heading, _)| heading.len()).max().unwrap_or(0);
    for (heading, text) in facts {
        head.push_str(&format!("{heading:widest$}  {text}\n"));
    }
    head
}

fn body(sheet: &Sheet, look: Look) -> String {
    let shown = sheet.columns_for(Audience::People);
    if look.width.is_some_and(|width| width < NARROW) {
        return records(sheet, &shown);
    }
    let mut table = Table::new();
    table.load_style(style(look));
    match look.color {
        true => table.enforce_styling(),
        false => table.force_no_tty(),
    };
    if let Some(width) = look.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    let heading = |at: &usize| {
        let numeric = sheet.rows.iter().any(|row| people::is_number(&row[*at]));
        let cell = TableCell::new_owned(sheet.columns[*at].heading.clone()).add_attribute(Attribute::Bold);
        if numeric { cell.set_alignment(CellAlignment::Right) } else { cell }
    };
    table.set_header(Row::from(shown.iter().map(heading).collect::<Vec<TableCell>>()));
    for row in sheet.rows.iter().chain(&sheet.total) {
        let cells = shown.iter().map(|at| cell(&row[*at], sheet.columns[*at].alert));
        table.add_row(Row::from(cells.collect::<Vec<TableCell>>()));
    }
    let last = shown.len() - 1;
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, u16::from(at != last)));
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn cell(cell: &Cell, alert: bool) -> TableCell {
    let shown = TableCell::new_owned(people::text(cell));
    let shown = if people::is_number(cell) { shown.set_alignment(CellAlignment::Right) } else { shown };
    let raised = alert && !matches!(cell, Cell::Missing | Cell::Number(0) | Cell::Days(0));
    if raised { shown.fg(Color::Yellow).add_attribute(Attribute::Bold) } else { shown }
}

fn style(look: Look) -> TableStyle {
    let line = if look.unicode { '─' } else { '-' };
    TableStyle::new().header_separator(LineStyle::none().fill(line).junction(line))
}

/// One value a line, for terminals too narrow for a table.
fn records(sheet: &Sheet, shown: &[usize]) -> String {
    let widest = shown.iter().map(|at| sheet.columns[*at].heading.chars().count()).max().unwrap_or(0);
    let mut records = Vec::new();
    for row in sheet.rows.iter().chain(&sheet.total) {
        let mut record = String::new();
        for at in shown {
            let text = people::text(&row[*at]);
            if !text.is_empty() {
                record.push_str(&format!("{:widest$}  {text}\n", sheet.columns[*at].heading));
            }
        }
        records.push(record);
    }
    records.join("\n")
}
