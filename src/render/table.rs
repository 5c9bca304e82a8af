//! Tables for the terminal.

use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell as TableCell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Row,
    Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use crate::lifecycle::base::text::visible;
use crate::render::{Look, people};
use crate::report::sheet::{Audience, Cell, Report, Sheet};

/// A column with texts of several words is not squeezed below this width.
const PROSE: usize = 16;
/// Columns of the terminal between two columns of a table.
const GAP: usize = 2;

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
    let least: Vec<usize> = shown.iter().map(|at| least_width(sheet, *at)).collect();
    let needed = least.iter().sum::<usize>() + GAP * (least.len() - 1);
    if look.width.is_some_and(|width| usize::from(width) < needed) {
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
        let padding = u16::from(at != last);
        column.set_padding((0, padding));
        let least = u16::try_from(least[at]).unwrap_or(u16::MAX).saturating_add(padding);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// How wide a column must be so that no word and no number breaks.
fn least_width(sheet: &Sheet, at: usize) -> usize {
    let longest_word = |text: &str| text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
    let rows = sheet.rows.iter().chain(&sheet.total);
    let cells = rows.map(|row| {
        let text = people::text(&row[at]);
        match people::is_number(&row[at]) {
            true => text.width(),
            false => longest_word(&text).max(text.width().min(PROSE)),
        }
    });
    cells.chain([longest_word(&sheet.columns[at].heading)]).max().unwrap_or(0)
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
