//! The result of an import.

use crate::lifecycle::base::text::counted;
use crate::report::value::{Figure, Report, Table};

/// How many rows an import read, recorded and skipped.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct ImportCounts {
    /// The recorded action; nothing if all was recorded before.
    pub action: Option<i64>,
    pub rows: u64,
    pub events: u64,
    pub new_partners: u64,
    /// Rows that were recorded already.
    pub known: u64,
    /// Rows that change nothing, and rows of ignored stages.
    pub passed_over: u64,
    /// Those of them whose stage is ignored.
    pub ignored: u64,
}

/// A skipped row: its line, its partner, and the reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SkippedRow<'r> {
    pub line: u64,
    pub partner: &'r str,
    pub reason: &'r str,
}

/// A detail of a known partner that an import changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangedDetail {
    pub line: u64,
    /// The key and the name of the partner.
    pub partner: String,
    pub name: String,
    /// The attribute, or `reference`, `contact` or `contact_opt_out`.
    pub field: String,
    /// Whose opt-out it is.
    pub person: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl ChangedDetail {
    /// Returns the change in a few words: "owner of Acme from `ana` to `ben`".
    pub(crate) fn in_words(&self) -> String {
        let ChangedDetail { name, field, person, from, to, .. } = self;
        if let Some(person) = person {
            let what = if to.as_deref() == Some("yes") { "opted out of mail" } else { "may be mailed again" };
            return format!("{person} of {name} {what}");
        }
        match (from, to) {
            (Some(from), Some(to)) => format!("{field} of {name} from `{from}` to `{to}`"),
            (Some(from), None) => format!("{field} `{from}` of {name} removed"),
            (None, Some(to)) => format!("{field} `{to}` added to {name}"),
            (None, None) => format!("{field} of {name}"),
        }
    }
}

/// A detail that a row gives as it was before a person changed it, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StandingDetail {
    pub line: u64,
    pub partner: String,
    pub sentence: String,
}

/// What an import did row by row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportedRows<'r> {
    pub skipped: &'r [SkippedRow<'r>],
    pub changes: &'r [ChangedDetail],
    pub standing: &'r [StandingDetail],
}

/// Returns the report on an import.
pub(crate) fn report(counts: ImportCounts, rows: ImportedRows) -> Report {
    let ImportedRows { skipped, changes, standing } = rows;
    let rejects = Table::of("rejects", "", skipped)
        .column("line", "Line", |row| row.line)
        .column("partner", "Partner", |row| row.partner)
        .column("reason", "Reason", |row| row.reason)
        .headline()
        .done()
        .empty("No rows were skipped.");
    let changes = Table::of("changes", "", changes)
        .column("line", "Line", |row| row.line)
        .column("partner", "Partner", |row| row.partner.as_str())
        .machines("name", |row| row.name.as_str())
        .column("field", "Field", |row| row.field.as_str())
        .machines("person", |row| row.person.as_deref())
        .column("from", "From", |row| row.from.as_deref())
        .column("to", "To", |row| row.to.as_deref())
        .done()
        .for_machines();
    let standing = Table::of("standing", "", standing)
        .column("line", "Line", |row| row.line)
        .column("partner", "Partner", |row| row.partner.as_str())
        .column("what", "What stays", |row| row.sentence.as_str())
        .done()
        .for_machines();
    let figures = [
        Figure::for_machines("action", counts.action),
        Figure::new("rows", "Rows", counts.rows),
        Figure::new("events", "Events", counts.events),
        Figure::new("new_partners", "New partners", counts.new_partners),
        Figure::new("known", "Already recorded", counts.known),
        Figure::new("passed_over", "Unchanged", counts.passed_over),
    ];
    Report::new("chanlife.import/1", "").with_figures(figures).with_tables([rejects, changes, standing])
}

/// Returns the result in a sentence.
pub(crate) fn sentence(counts: ImportCounts, rejects: usize) -> String {
    let some = |count: u64, noun: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), noun);
    let mut parts = vec![some(counts.events, "event")];
    if counts.new_partners > 0 {
        parts.push(some(counts.new_partners, "new partner"));
    }
    if counts.known > 0 {
        parts.push(format!("{} already recorded", counts.known));
    }
    let unchanged = counts.passed_over - counts.ignored;
    for (count, what) in [(unchanged, "unchanged"), (counts.ignored, "ignored")] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if rejects > 0 {
        parts.push(format!("{rejects} skipped"));
    }
    let left_out = counts.known + counts.passed_over + rejects as u64;
    let of = match counts.rows.saturating_sub(left_out) {
        imported if counts.events > 0 && imported > 0 && left_out > 0 => format!("{imported} of "),
        _ => String::new(),
    };
    format!("{of}{}: {}", some(counts.rows, "row"), parts.join(", "))
}
