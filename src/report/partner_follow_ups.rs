//! The part of `show` on follow-ups: those that are open, by day.

use crate::lifecycle::base::moved::first_due;
use crate::lifecycle::facts::PartnerFacts;
use crate::report::value::{Cell, Table};
use crate::text::plans::{moved_in_words, moves_in_words};

/// Returns the open follow-ups of a partner as a table; people see none if there are none.
pub(super) fn follow_ups(facts: PartnerFacts) -> Vec<Table> {
    let open = facts.partner.open_follow_ups();
    let owner =
        |own: &Option<String>| own.clone().or_else(|| facts.partner.attribute("owner").map(str::to_owned));
    let rows = Table::of("follow_ups", "Follow-ups", &open)
        .column("follow_up", "No.", |task| task.event)
        .column("what", "Follow-up", |task| &task.what)
        .headline()
        .column("due", "Due", |task| task.due)
        .headline()
        .column("status", "Status", |task| if task.due < facts.day { "overdue" } else { "open" })
        .column("owner", "Owner", move |task| owner(&task.owner))
        .optional()
        .column("promised_on", "Promised", |task| task.day)
        .detail()
        .machines("original_due", |task| first_due(&task.moves).unwrap_or(task.due))
        .machines("moves", |task| task.moves.len())
        .machines("moved", |task| Cell::List(moves_in_words(&task.moves)))
        .people("Moved", |task| moved_in_words(&task.moves))
        .optional()
        .done();
    if open.is_empty() { vec![rows.for_machines()] } else { vec![rows] }
}
