//! What an import came to.

use crate::lifecycle::base::text::counted;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// How many rows an import read, and what became of them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Nothing where all was known.
    pub action: Option<i64>,
    pub rows: u64,
    pub events: u64,
    pub new_partners: u64,
    /// Rows that were recorded already.
    pub known: u64,
    /// Rows that say what is so anyway, and rows of stages that were to be ignored.
    pub passed_over: u64,
}

pub fn report(counts: Counts, rejects: &[(u64, &str, &str)]) -> Report {
    let columns =
        vec![Column::new("line", "Line"), Column::new("partner", "Partner"), Column::new("reason", "Reason")];
    let mut sheet = Sheet::new("rejects", "", columns).empty("No row was left out.");
    for (line, partner, reason) in rejects {
        sheet.rows.push(vec![number(*line), (*partner).into(), (*reason).into()]);
    }
    Report {
        schema: "chanlife.import/1",
        title: String::new(),
        figures: vec![
            Figure::for_machines("action", counts.action),
            Figure::new("rows", "Rows", number(counts.rows)),
            Figure::new("events", "Events", number(counts.events)),
            Figure::new("new_partners", "New partners", number(counts.new_partners)),
            Figure::new("known", "Known already", number(counts.known)),
            Figure::new("passed_over", "Passed over", number(counts.passed_over)),
        ],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}

/// What became of the rows, in a sentence.
pub fn sentence(counts: Counts, rejects: usize) -> String {
    let some = |count: u64, noun: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), noun);
    let mut parts = vec![some(counts.events, "event")];
    if counts.new_partners > 0 {
        parts.push(some(counts.new_partners, "new partner"));
    }
    if counts.known > 0 {
        parts.push(format!("{} known already", counts.known));
    }
    if counts.passed_over > 0 {
        parts.push(format!("{} without a change", counts.passed_over));
    }
    if rejects > 0 {
        parts.push(format!("{rejects} left out"));
    }
    format!("{}: {}", some(counts.rows, "row"), parts.join(", "))
}

fn number(count: u64) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
