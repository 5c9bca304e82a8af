//! `import actions`: actions of joint business plans and of improvement plans.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::plans::Tasked;
use crate::lifecycle::program::Program;

/// Reads an action; one without a period is of an improvement plan.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<Tasked, String> {
    let what = row.prose("what")?.ok_or("has no action in `what`")?;
    let due = row.day("due")?.ok_or("has no due date")?;
    let owner = row.name("owner")?;
    let plan = row.get("period").map(|label| period(context.program, label, Every::Year)).transpose()?;
    Ok(Tasked { what, owner, due, plan: plan.map(|year| year.to_string()) })
}

/// Reads a fiscal year or a quarter by its label.
///
/// # Errors
/// Says which period is expected.
pub(super) fn period(program: &Program, label: &str, every: Every) -> Result<Period, String> {
    let period = program.calendar.parse(label)?;
    let whole = program.calendar.containing(period.first, every);
    let noun = if every == Every::Year { "fiscal year such as 2026" } else { "quarter such as 2026-Q3" };
    whole.filter(|whole| *whole == period).ok_or_else(|| format!("{label} is not a {noun}"))
}
