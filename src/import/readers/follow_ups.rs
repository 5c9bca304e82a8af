//! `import follow-ups`: what was promised to partners for a day, open or done.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::Event;
use crate::lifecycle::plans::{Finished, Task, Tasked};
use crate::text::follow_ups::{done_on_another_day, dropped_before, other_outcome};

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
    const SHOWS_PARTNERSHIP: bool = false;

    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let task = events.add_once(day, self.follow_up.into());
        if let Some((day, outcome)) = self.done {
            let finished: Event = Finished { task, outcome: outcome.clone(), follow_up: true }.into();
            if events.recorded(day, &finished).is_none()
                && let Some((number, known)) = events.closing(task)
            {
                return already_closed(&known, task, number, (day, outcome.as_deref()));
            }
            events.add(day, finished);
        }
        Ok(())
    }
}

/// Checks that a follow-up that is over is not said to be over otherwise by a row: done on `day`, with this outcome.
///
/// # Errors
/// How it was closed, and by which command that is changed.
fn already_closed(
    known: &Task,
    number: i64,
    closing: i64,
    (day, outcome): (Day, Option<&str>),
) -> Result<(), String> {
    match (known.done, known.dropped) {
        (Some(done), _) if done == day && (outcome.is_none() || known.outcome.as_deref() == outcome) => {
            Ok(())
        }
        (Some(done), _) if done == day => Err(other_outcome(number, done, known.outcome.as_deref())),
        (Some(done), _) => Err(done_on_another_day(number, done, closing)),
        (None, dropped) => Err(dropped_before(number, dropped.unwrap_or(day))),
    }
}
