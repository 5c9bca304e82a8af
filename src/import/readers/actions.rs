//! `import actions`: actions of joint business plans and of improvement plans.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::plans::{Tasked, check_action};
use crate::lifecycle::program::Program;

/// An action of a plan that must exist.
pub(super) struct ActionRow(Tasked);

/// Reads an action; one without a period is of an improvement plan.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<ActionRow, String> {
    let what = row.name("what")?.ok_or("has no action item in `what`")?;
    let due = row.deadline("due", context.program.calendar)?.ok_or("has no due date")?;
    let owner = row.name("owner")?;
    let plan = row.get("period").map(|label| period(context.program, label, Every::Year)).transpose()?;
    let (plan_days, plan) = (plan.as_ref().map(Period::days), plan.map(|year| year.to_string()));
    Ok(ActionRow(Tasked { what, owner, due, plan, plan_days, follow_up: false }))
}

impl RecordRow for ActionRow {
    const SHOWS_PARTNERSHIP: bool = false;

    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let ActionRow(action) = self;
        let calendar = events.in_force.program.calendar;
        let year = action.plan_days.map(|days| calendar.named(days));
        let is_known = events.recorded(day, &action.clone().into()).is_some();
        // A plan may have been recorded later than its actions were agreed.
        let is_planned = year.as_ref().is_some_and(|year| {
            let starts = year.first;
            events
                .all()
                .any(|(_, event)| matches!(event, Event::Planned(planned) if planned.starts == starts))
        });
        if !is_known
            && !is_planned
            && let Some(partner) = events.partner_on(day)
        {
            let facts = PartnerFacts { program: &events.in_force.program, partner: &partner, day };
            check_action(facts, year.as_ref()).map_err(|why| why.to_string())?;
        }
        events.add(day, action.into());
        Ok(())
    }
}

/// Reads a fiscal year or a quarter by its label.
///
/// # Errors
/// Says which period is expected.
pub(super) fn period(program: &Program, label: &str, every: Every) -> Result<Period, String> {
    let period = program.calendar.parse(label)?;
    let whole = program.calendar.containing(period.first, every).filter(|whole| *whole == period);
    let whole = whole.or_else(|| program.report_calendars().period_of(period.first, every));
    let noun = if every == Every::Year { "fiscal year such as 2026" } else { "quarter such as 2026-Q3" };
    whole.filter(|whole| *whole == period).ok_or_else(|| format!("{} is not a {noun}", period.with_days()))
}
