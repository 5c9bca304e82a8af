//! The part of `show` on a partner that left: what is to be done once it left, with days and moves.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::{DueMove, days_moved, first_due};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::{Doer, Held, MilestoneFacts, due_moves, leaving_day, leaving_items};
use crate::lifecycle::program::Milestone;
use crate::lifecycle::stage::Standing;
use crate::report::value::{Cell, Table};
use crate::text::plans::{moved_in_words, moves_in_words};

/// An item of the off-boarding list of a partner.
struct OffBoarding<'p> {
    item: &'p Milestone,
    status: &'static str,
    on: Option<Day>,
    due: Option<Day>,
    moves: Vec<DueMove>,
}

/// Returns the off-boarding list of a partner that left as a table; people see none of any other.
pub(super) fn off_boarding(facts: PartnerFacts) -> Table {
    let rows = match facts.partner.standing() {
        Some(Standing::Left { label, .. }) => {
            let left = facts.partner.current().map_or(facts.day, |stay| stay.entered);
            let items = leaving_items(facts.program, facts.partner, *label);
            items.map(|item| OffBoarding::of(facts, item, left)).collect()
        }
        _ => Vec::new(),
    };
    let table = Table::of("off_boarding", "Off-boarding", &rows)
        .column("item", "Item", |row| &row.item.key)
        .column("name", "Name", |row| &row.item.name)
        .column("status", "Status", |row| row.status)
        .headline()
        .column("on", "Date", |row| row.on)
        .optional()
        .column("due", "Due", |row| row.due)
        .optional()
        .machines("original_due", |row| first_due(&row.moves).or(row.due))
        .machines("moves", |row| row.moves.len())
        .machines("moved_days", |row| Cell::days(days_moved(&row.moves)))
        .machines("moved", |row| Cell::List(moves_in_words(&row.moves)))
        .people("Moved", |row| moved_in_words(&row.moves))
        .optional()
        .column("by", "Responsible", |row| row.item.by.map(Doer::word))
        .optional()
        .done();
    if rows.is_empty() { table.for_machines() } else { table }
}

impl<'p> OffBoarding<'p> {
    fn of(facts: PartnerFacts<'p>, item: &'p Milestone, left: Day) -> OffBoarding<'p> {
        let due = leaving_day(facts, item, left);
        let (status, on) = match facts.held_once(item) {
            Some(held @ Held::Recorded(fact)) if fact.skipped => ("skipped", Some(held.day())),
            Some(held) => ("done", Some(held.day())),
            None if due.is_some_and(|due| due < facts.day) => ("overdue", None),
            None => ("open", None),
        };
        OffBoarding { item, status, on, due, moves: due_moves(facts, item, None, left) }
    }
}
