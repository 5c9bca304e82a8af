//! `list`: partners, one per line, with the chosen columns.

use std::cmp::Ordering;

use crate::lifecycle::base::text::listed;
use crate::report::basis::Basis;
use crate::report::reading::Quality;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::search::{FoundTexts, WordSearch};
use crate::report::value::{Cell, Report, Table};
use crate::store::AttributesRow;

/// The columns and the order.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub columns: Vec<Quality>,
    /// Whether the user named the columns; then no screen is too narrow for them.
    pub named: bool,
    /// The field to sort by, and whether the largest comes first.
    pub sort: Option<(Quality, bool)>,
    /// The words that are looked for, and where they stand; then only those who have them are listed.
    pub search: Option<(WordSearch, FoundTexts)>,
    /// How many lines people see; machines get all.
    pub limit: Option<usize>,
}

/// Returns what the list reads, whatever its columns are.
pub(crate) fn needs() -> Needs {
    Needs::of::<AttributesRow>()
}

impl Layout {
    /// Returns whether the user named this column, to see it or to sort by it.
    fn is_named(&self, quality: &Quality) -> bool {
        self.named || self.sort.as_ref().is_some_and(|(sorted_by, _)| sorted_by.word() == quality.word())
    }
}

/// Returns the list of these partners.
pub(crate) fn report(channel: &Channel, frame: &Basis, layout: &Layout) -> Report {
    let lines = sorted(channel, layout);
    let shown = layout.limit.unwrap_or(lines.len()).min(lines.len());
    let mut table = Table::of("rows", "", &lines[..shown]);
    for quality in &layout.columns {
        let heading = quality.heading(channel.program);
        table = if quality.is_several(channel.program) {
            table
                .machines(quality.key(), |line| quality.cell(channel, line))
                .machines(format!("{}_all", quality.key()), |line| quality.all_values(channel, line))
                .people(heading, |line| quality.all_values(channel, line))
        } else {
            table.column(quality.key(), heading, |line| quality.cell(channel, line))
        };
        table = match quality {
            _ if layout.is_named(quality) => table.headline(),
            Quality::Known(field) if ["stage", "days", "overdue"].contains(&field.word) => table.headline(),
            Quality::Attribute(_) if quality.key() != "owner" => table.detail(),
            _ => table,
        };
    }
    let places = layout.search.as_ref().map(|(words, found)| words.places(found, &lines));
    if let Some(places) = &places {
        table = table.machines("found_in", |line| places.in_words(line));
    }
    if layout.columns.iter().any(Quality::is_amount) {
        table = table.machines("currency", |_| channel.program.currency.code());
    }
    let more = lines.len() - shown;
    let note =
        (more > 0).then(|| format!("Showing {shown} of {} partners; --limit 0 shows all", lines.len()));
    let has_revenue = layout.columns.iter().any(|quality| quality.word() == "revenue-12m");
    let since = channel.as_of.months_before(12).plus(1);
    let once = has_revenue.then(|| channel.counted_once(since)).flatten();
    let own = once.map(|_| {
        "12-month revenue is what each partner reported. In sums over partners, what a partner and one below it both report \
         counts once."
            .to_owned()
    });
    let found = places
        .as_ref()
        .map(|places| [places.table(&lines), places.table_for_people(channel, &lines[..shown])]);
    let table = table.done();
    // People read the partners beside what was found of them, unless they named the columns; that nobody meets the conditions,
    // and that nothing was found, is said once.
    let is_beside = !lines.is_empty() && !layout.named && layout.search.is_some();
    let is_said = channel.lines.is_empty() && !frame.segment.is_everyone() && layout.search.is_none();
    let table = if is_beside || is_said { table.for_machines() } else { table };
    let found = found.into_iter().flatten();
    let found = found.map(|table| if lines.is_empty() { table.for_machines() } else { table });
    frame
        .report("chanlife.partners/1", channel)
        .with_tables([table.empty(none_in_words(frame, layout))])
        .with_tables(found)
        .with_caveats(own)
        .with_notes(note)
}

/// Says that there is no partner, or none of those chosen with the words that are looked for.
fn none_in_words(frame: &Basis, layout: &Layout) -> String {
    match &layout.search {
        Some((words, _)) => format!(
            "No partner{} has {} in its names, contacts, references, notes, reasons, evidence, answers, invoices, deals or \
             customers.",
            if frame.segment.is_everyone() {
                String::new()
            } else {
                format!(" that meets {}", frame.segment.typed.join(" and "))
            },
            listed(&words.typed)
        ),
        None => "No partners.".to_owned(),
    }
}

fn sorted<'c>(channel: &'c Channel, layout: &Layout) -> Vec<&'c Line> {
    let is_found =
        |line: &&Line| layout.search.as_ref().is_none_or(|(_, found)| found.contains_key(&line.id));
    let mut lines: Vec<&Line> = channel.lines.iter().filter(is_found).collect();
    lines.sort_by(|a, b| a.key().cmp(b.key()));
    let Some((quality, descending)) = &layout.sort else { return lines };
    lines.sort_by(|a, b| {
        let (a, b) = (quality.cell(channel, a), quality.cell(channel, b));
        let in_order = |cell: &Cell| quality.in_order(channel.program, cell);
        let order = match compare(&in_order(&a), &in_order(&b)) {
            Sorted::Missing(Ordering::Equal) => Sorted::Missing(text_order(&a, &b)),
            order => order,
        };
        match (order, descending) {
            (Sorted::Values(order), true) => order.reverse(),
            (Sorted::Values(order) | Sorted::Missing(order), _) => order,
        }
    });
    lines
}

enum Sorted {
    Values(Ordering),
    /// One of them is missing, and comes last in either direction.
    Missing(Ordering),
}

/// The order of values without a place in the program, so that they stay together: parked, none, left.
fn text_order(a: &Cell, b: &Cell) -> Ordering {
    match compare(a, b) {
        Sorted::Values(order) | Sorted::Missing(order) => order.reverse(),
    }
}

fn compare(a: &Cell, b: &Cell) -> Sorted {
    let order = match (a, b) {
        (Cell::Missing, Cell::Missing) => return Sorted::Missing(Ordering::Equal),
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
