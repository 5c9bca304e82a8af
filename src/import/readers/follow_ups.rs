//! `import follow-ups`: what was promised to partners for a day, open or done.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::plans::{Finished, Tasked};

/// A follow-up, and perhaps the day on which it was done with what came of it.
pub(super) struct FollowUpRow {
    follow_up: Tasked,
    done: Option<(Day, Option<String>)>,
}

/// Reads a follow-up.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<FollowUpRow, String> {
    let what = row.name("what")?.ok_or("has no text in `what`")?;
    let due = row.deadline("due", context.program.calendar)?.ok_or("has no due date")?;
    let follow_up =
        Tasked { what, owner: row.name("owner")?, due, plan: None, plan_days: None, follow_up: true };
    let (done, outcome) = (row.day_so_far("done", context.today)?, row.prose("outcome")?);
    if let Some(day) = done {
        if day < context.on {
            return Err(format!("`done` {day} is before `on` {}, the day of the promise", context.on));
        }
    } else if outcome.is_some() {
        return Err("has an outcome without a day in `done`".to_owned());
    }
    Ok(FollowUpRow { follow_up, done: done.map(|day| (day, outcome)) })
}

impl RecordRow for FollowUpRow {
    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let task = events.add_once(day, self.follow_up.into());
        if let Some((day, outcome)) = self.done {
            events.add(day, Finished { task, outcome, follow_up: true }.into());
        }
        Ok(())
    }
}
