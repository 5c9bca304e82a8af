//! The part of `show` on what was promised: the open follow-ups and actions of plans, by day.

use crate::lifecycle::base::moved::first_due;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::plans::Task;
use crate::report::value::{Cell, Table};
use crate::text::plans::{moved_in_words, moves_in_words};

/// What the two tables are called.
#[derive(Clone, Copy)]
struct Called {
    key: &'static str,
    title: &'static str,
    number: &'static str,
    what: &'static str,
}

/// Returns the open follow-ups of a partner as a table; people see none if there are none.
pub(super) fn follow_ups(facts: PartnerFacts) -> Table {
    let called = Called { key: "follow_ups", title: "Follow-ups", number: "follow_up", what: "Follow-up" };
    promised(facts, &facts.partner.open_follow_ups(), called)
}

/// Returns the open actions of a partner as a table; people see none if there are none.
pub(super) fn actions(facts: PartnerFacts) -> Table {
    let called = Called { key: "action_items", title: "Action items", number: "action", what: "Action item" };
    promised(facts, &facts.partner.open_tasks(), called)
}

fn promised(facts: PartnerFacts, open: &[&Task], called: Called) -> Table {
    let owner =
        |own: &Option<String>| own.clone().or_else(|| facts.partner.attribute("owner").map(str::to_owned));
    let rows = Table::of(called.key, called.title, open)
        .column(called.number, "No.", |task| task.event)
        .column("what", called.what, |task| &task.what)
        .headline()
        .column("due", "Due", |task| task.due)
        .headline()
        .column("status", "Status", |task| if task.due < facts.day { "overdue" } else { "open" })
        .column("owner", "Assignee", move |task| owner(&task.owner))
        .optional()
        .column("promised_on", "Promised", |task| task.day)
        .detail()
        .machines("original_due", |task| first_due(&task.moves).unwrap_or(task.due))
        .machines("moves", |task| task.moves.len())
        .machines("moved", |task| Cell::List(moves_in_words(&task.moves)))
        .people("Moved", |task| moved_in_words(&task.moves))
        .optional()
        .done();
    if open.is_empty() { rows.for_machines() } else { rows }
}
