//! Tables for the terminal.

use std::io::{self, Write};

use comfy_table::{
    Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use crate::lifecycle::base::text::visible;
use crate::render::format::{Look, ReportFormat};
use crate::render::people;
use crate::report::value::{Cell, Column, Priority, Report, Table};

/// A column with texts of several words is not squeezed below this width.
const PROSE: usize = 16;
/// Columns of the terminal between two columns of a table.
const GAP: usize = 2;
/// Width of explanations if the width of the terminal is not known.
const EXPLANATION: usize = 100;

/// Writes the whole report.
pub(super) struct TerminalTables;

impl ReportFormat for TerminalTables {
    const ON_SCREEN: bool = true;

    fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let mut blocks: Vec<String> = Vec::new();
        let head = head(report, look.width);
        if !head.is_empty() {
            blocks.push(head);
        }
        if !report.headline.is_empty() {
            blocks.push(wrapped(&visible(&report.headline), look.width));
        }
        blocks.extend(report.tables.iter().filter(|table| table.is_shown()).map(|table| block(table, look)));
        let notes: Vec<String> = report
            .notes
            .iter()
            .chain(&report.caveats)
            .map(|note| wrapped(&visible(note), look.width))
            .collect();
        let explanation: Vec<String> = report.explanation.iter().map(|one| explained(one, look)).collect();
        blocks.extend(
            [notes, explanation].iter().filter(|lines| !lines.is_empty()).map(|lines| lines.concat()),
        );
        out.write_all(blocks.join("\n").as_bytes())
    }
}

/// A table with its title and its notes.
fn block(table: &Table, look: Look) -> String {
    let mut block = String::new();
    if !table.title.is_empty() {
        block.push_str(&wrapped(&visible(&table.title), look.width));
    }
    if table.is_empty() {
        block.push_str(&wrapped(&visible(&table.empty), look.width));
    } else {
        block.push_str(&body(table, look));
    }
    for note in &table.notes {
        block.push_str(&wrapped(&visible(note), look.width));
    }
    block
}

/// A sentence in lines no longer than the terminal is wide.
fn wrapped(text: &str, width: Option<u16>) -> String {
    width.map_or_else(|| text.to_owned(), |width| textwrap::fill(text, at_words(width.into()))) + "\n"
}

/// Returns how text is put in lines of a width: broken between words alone, so not at the hyphen of `2026-Q3`.
fn at_words<'o>(width: usize) -> textwrap::Options<'o> {
    textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation).break_words(false)
}

/// Returns a paragraph of an explanation; its first words name the column, and the other lines are indented below.
fn explained(paragraph: &str, look: Look) -> String {
    let width = look.width.map_or(EXPLANATION, usize::from);
    textwrap::fill(&visible(paragraph), at_words(width).subsequent_indent("  ")) + "\n"
}

/// The title and the figures, one a line; what is longer than the terminal is wide goes on below itself.
fn head(report: &Report, width: Option<u16>) -> String {
    let mut head = String::new();
    if !report.title.is_empty() {
        head.push_str(&wrapped(&visible(&report.title), width));
    }
    let figures: Vec<(&str, String)> = report
        .figures
        .iter()
        .filter(|figure| figure.is_shown())
        .map(|figure| (figure.heading, people::text(&figure.cell)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let widest = figures.iter().map(|(heading, _)| heading.len()).max().unwrap_or(0);
    let indent = " ".repeat(widest + GAP);
    for (heading, text) in figures {
        let line = format!("{heading:widest$}  {text}");
        let fits = |width: &usize| *width > indent.len() + PROSE && text.contains(' ');
        let line = match width.map(usize::from).filter(fits) {
            Some(width) => textwrap::fill(&line, at_words(width).subsequent_indent(&indent)),
            None => line,
        };
        head.push_str(&line);
        head.push('\n');
    }
    head
}

fn body(table: &Table, look: Look) -> String {
    let all = table.columns_for_people();
    let Some(columns) = fitting(table, &all, look.width) else {
        return records(table, &all);
    };
    let mut text = drawn(table, &columns, look);
    let is_left_out = |column: &&&Column| !columns.iter().any(|kept| std::ptr::eq(**column, *kept));
    let left_out: Vec<&Column> = all.iter().filter(is_left_out).copied().collect();
    for sentence in left_out_in_words(table, &left_out) {
        text.push_str(&wrapped(&visible(&sentence), look.width));
    }
    text
}

/// Says what columns that are left out have in all rows, and which others are hidden and how to see them.
fn left_out_in_words(table: &Table, columns: &[&Column]) -> Vec<String> {
    let mut same = Vec::new();
    let mut hidden = Vec::new();
    for column in columns {
        match column.same(table) {
            Some(cell) if cell.is_blank() => {}
            Some(cell) => same.push(format!("{} {}", column.heading, people::text(cell))),
            None => hidden.push(column.heading.as_str()),
        }
    }
    let same = (!same.is_empty()).then(|| format!("Same in all rows: {}.", same.join(", ")));
    let them = if hidden.len() == 1 { "it" } else { "them" };
    let hidden = (!hidden.is_empty()).then(|| {
        format!("Hidden columns: {}. A wider window or `-o FILE.md` shows {them}.", hidden.join(", "))
    });
    same.into_iter().chain(hidden).collect()
}

/// The columns that fit into the width; left out first are those that say the same of all rows, then those that matter least
/// or say hardly anything. Nothing if not even the names and the headline fit.
fn fitting<'t>(table: &Table, all: &[&'t Column], width: Option<u16>) -> Option<Vec<&'t Column>> {
    let mut kept: Vec<usize> = (0..all.len()).collect();
    let Some(width) = width.map(usize::from) else { return Some(all.to_vec()) };
    let columns = |kept: &[usize]| kept.iter().map(|at| all[*at]).collect::<Vec<&Column>>();
    let rank = |at: usize| {
        let column = all[at];
        let priority = if column.is_sparse(table) { Priority::Detail } else { column.priority };
        (column.same(table).is_some(), priority, at)
    };
    let mut left_out = Vec::new();
    while needed_width(&columns(&kept)) > width {
        let least = kept.iter().copied().filter(|at| all[*at].priority > Priority::Headline);
        let least = least.max_by_key(|at| rank(*at))?;
        kept.retain(|at| *at != least);
        left_out.push(least);
    }
    // One that is narrow may fit after all, if a wide one that matters more did not.
    for at in left_out.into_iter().rev().filter(|at| all[*at].same(table).is_none()) {
        let mut more = kept.clone();
        more.push(at);
        more.sort_unstable();
        if needed_width(&columns(&more)) <= width {
            kept = more;
        }
    }
    Some(columns(&kept))
}

fn needed_width(columns: &[&Column]) -> usize {
    columns.iter().map(|column| least_width(column)).sum::<usize>() + GAP * columns.len().saturating_sub(1)
}

fn drawn(table: &Table, columns: &[&Column], look: Look) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(style(look));
    if look.color {
        drawn.enforce_styling();
    } else {
        drawn.force_no_tty();
    }
    if let Some(width) = look.width {
        drawn.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    let heading = |column: &&Column| {
        let cell = comfy_table::Cell::new_owned(column.heading.clone()).add_attribute(Attribute::Bold);
        if people::is_numeric(column) { cell.set_alignment(CellAlignment::Right) } else { cell }
    };
    drawn.set_header(comfy_table::Row::from(columns.iter().map(heading).collect::<Vec<_>>()));
    for row in table.rows_and_total(columns) {
        let cells = row.into_iter().zip(columns).map(|(one, column)| cell(one, column));
        drawn.add_row(comfy_table::Row::from(cells.collect::<Vec<_>>()));
    }
    let last = columns.len().saturating_sub(1);
    for (at, (column, of)) in drawn.column_iter_mut().zip(columns).enumerate() {
        let padding = u16::from(at != last);
        column.set_padding((0, padding));
        let least = u16::try_from(least_width(of)).unwrap_or(u16::MAX).saturating_add(padding);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
    }
    let mut text = String::new();
    for line in drawn.lines() {
        text.push_str(line.replace(UNBROKEN, " ").trim_end());
        text.push('\n');
    }
    text
}

/// A space at which no line breaks, while a table is drawn.
const UNBROKEN: char = '\u{2007}';

/// Up to so many letters, a number of days stays in one line: `in 180 d`.
const SHORT: usize = 9;

/// Returns the text of a cell; days of a narrow column stay in one line with their unit.
fn unbroken(cell: &Cell, column: &Column) -> String {
    let text = people::text(cell);
    match text.strip_suffix(" d").filter(|_| column.narrow) {
        Some(_) if text.len() <= SHORT => text.replace(' ', &UNBROKEN.to_string()),
        Some(days) => format!("{days}{UNBROKEN}d"),
        None => text,
    }
}

/// How wide a column must be so that no word and no number breaks.
fn least_width(column: &Column) -> usize {
    let longest_word = |text: &str| text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
    let cells = column.cells().iter().map(|cell| {
        let text = unbroken(cell, column);
        let prose = if column.narrow { 0 } else { PROSE };
        if people::is_number(cell) { text.width() } else { longest_word(&text).max(text.width().min(prose)) }
    });
    cells.chain([longest_word(&column.heading)]).max().unwrap_or(0)
}

fn cell(cell: &Cell, column: &Column) -> comfy_table::Cell {
    let shown = comfy_table::Cell::new_owned(unbroken(cell, column));
    let shown = if people::is_number(cell) { shown.set_alignment(CellAlignment::Right) } else { shown };
    let raised = column.alert && !matches!(cell, Cell::Missing | Cell::Number(0) | Cell::Days(0));
    if raised { shown.fg(Color::Yellow).add_attribute(Attribute::Bold) } else { shown }
}

fn style(look: Look) -> TableStyle {
    let line = if look.unicode { '─' } else { '-' };
    TableStyle::new().header_separator(LineStyle::none().fill(line).junction(line))
}

/// One value a line, for terminals too narrow for a table.
fn records(table: &Table, columns: &[&Column]) -> String {
    let widest = columns.iter().map(|column| column.heading.chars().count()).max().unwrap_or(0);
    let mut records = Vec::new();
    for row in table.rows_and_total(columns) {
        let mut record = String::new();
        for (column, cell) in columns.iter().zip(row) {
            let text = people::text(cell);
            if !text.is_empty() {
                record.push_str(&format!("{:widest$}  {text}\n", column.heading));
            }
        }
        records.push(record);
    }
    records.join("\n")
}
