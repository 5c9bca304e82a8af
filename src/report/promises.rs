//! What was promised for a day: the actions of plans and the follow-ups that are overdue or due within a week, by day.

use crate::lifecycle::agenda::{Due, DueKind};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::plans::{Task, action_due};
use crate::report::due;
use crate::report::due::{Owed, OwedList};
use crate::report::reading::{Channel, Segment};
use crate::report::value::Table;

/// A promise is listed from so many days before its day.
const AHEAD_DAYS: i64 = 7;

/// Returns whether something that is due is a promise to be listed now.
pub(crate) fn is_promised(due: &Due, today: Day) -> bool {
    matches!(due.kind, DueKind::Action | DueKind::FollowUp) && due.day <= today.plus(AHEAD_DAYS)
}

/// Returns the promises of a segment of the whole channel, which needs tasks; of a segment of owners also what they are to do
/// for the partners of others.
pub(crate) fn promised(channel: &Channel, segment: &Segment) -> OwedList {
    let mut all = OwedList::default();
    let owners: Vec<String> = segment.owners().into_iter().map(str::to_lowercase).collect();
    for line in &channel.lines {
        let is_own = segment.contains(channel, line);
        let is_theirs = |task: &Task| {
            is_own || task.owner.as_ref().is_some_and(|name| owners.contains(&name.to_lowercase()))
        };
        let open = line.records().iter().filter(|task: &&Task| task.is_open() && is_theirs(task));
        for due in open.map(|task| action_due(line.key(), task)).filter(|due| is_promised(due, channel.as_of))
        {
            all.take(Owed::of_line(line, due), None);
        }
    }
    all
}

/// Returns the promises as a table, the first `limit` by day; none if there are none.
pub(crate) fn table(mut all: OwedList, today: Day, limit: Option<usize>) -> Option<Table> {
    all.cut(limit);
    let mut table = due::table(&all, today);
    table.key = "promised";
    table.title = if all.first.len() < all.count {
        format!(
            "Follow-ups and actions due within {AHEAD_DAYS} days (first {} of {})",
            all.first.len(),
            all.count
        )
    } else {
        format!("Follow-ups and actions due within {AHEAD_DAYS} days")
    };
    (all.count > 0).then_some(table)
}
