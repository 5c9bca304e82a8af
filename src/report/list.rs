//! `list`: partners, one a line, with the columns asked for.

use std::cmp::Ordering;

use crate::report::channel::{Channel, Line};
use crate::report::frame::Frame;
use crate::report::quality::Quality;
use crate::report::sheet::{Cell, Column, Report, Sheet};

/// What is shown, and in which order.
#[derive(Clone, Debug)]
pub struct Layout {
    pub columns: Vec<Quality>,
    /// The quality to sort by, and whether the largest comes first.
    pub sort: Option<(Quality, bool)>,
    /// How many lines people see; machines get all.
    pub limit: Option<usize>,
}

pub fn report(channel: &Channel, frame: &Frame, layout: &Layout) -> Report {
    let mut lines: Vec<&Line> = channel.lines.iter().collect();
    lines.sort_by(|a, b| a.key().cmp(b.key()));
    if let Some((quality, descending)) = &layout.sort {
        lines.sort_by(|a, b| {
            let order = compare(&quality.cell(channel, a), &quality.cell(channel, b));
            match (order, descending) {
                (Sorted::Values(order), true) => order.reverse(),
                (Sorted::Values(order) | Sorted::Missing(order), _) => order,
            }
        });
    }
    let columns = layout.columns.iter().map(|quality| quality.column(channel.program)).collect();
    let mut sheet = Sheet::new("rows", "", columns).empty("No partner.");
    if layout.columns.contains(&Quality::Revenue) {
        sheet.columns.push(Column::for_machines("currency"));
    }
    let all = lines.len();
    let shown = layout.limit.unwrap_or(all).min(all);
    for line in &lines[..shown] {
        let mut row: Vec<Cell> = layout.columns.iter().map(|one| one.cell(channel, line)).collect();
        if sheet.columns.len() > row.len() {
            row.push(channel.program.currency.code().into());
        }
        sheet.rows.push(row);
    }
    let notes = match all - shown {
        0 => Vec::new(),
        more => vec![format!("{more} more; --limit 0 shows all {all}")],
    };
    Report {
        schema: "chanlife.partners/1",
        title: frame.title(&channel.program.name),
        facts: frame.facts(channel),
        sheets: vec![sheet],
        notes,
    }
}

enum Sorted {
    Values(Ordering),
    /// One of them is missing, and comes last in either direction.
    Missing(Ordering),
}

fn compare(a: &Cell, b: &Cell) -> Sorted {
    let order = match (a, b) {
        (Cell::Missing, Cell::Missing) => Ordering::Equal,
        (Cell::Missing, _) => return Sorted::Missing(Ordering::Greater),
        (_, Cell::Missing) => return Sorted::Missing(Ordering::Less),
        (Cell::Text(a), Cell::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        (Cell::Number(a) | Cell::Days(a), Cell::Number(b) | Cell::Days(b)) => a.cmp(b),
        (Cell::Decimal(a), Cell::Decimal(b)) | (Cell::Score(a), Cell::Score(b)) => a.total_cmp(b),
        (Cell::Money(a), Cell::Money(b)) => a.cmp(b),
        (Cell::Day(a), Cell::Day(b)) => a.cmp(b),
        (Cell::Flag(a), Cell::Flag(b)) => a.cmp(b),
        (Cell::List(a), Cell::List(b)) => a.cmp(b),
        _ => Ordering::Equal,
    };
    Sorted::Values(order)
}
