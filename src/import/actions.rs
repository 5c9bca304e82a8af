//! What rows of imports say of actions, reviews, and what is done about partners that do not perform.

use crate::import::funds::{day, name, prose};
use crate::import::records::Said;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::performance::{Decided, DecidedAs, Improving, Watched};
use crate::lifecycle::plans::{Reviewed, Tasked};
use crate::lifecycle::program::Program;

pub(super) fn read_action(row: &SourceRow, program: &Program, _today: Day) -> Result<Said, String> {
    let what = prose(row, "what")?.ok_or("says not what is to be done")?;
    let due = day(row, "due")?.ok_or("has no day by which it is due")?;
    let owner = name(row, "owner")?;
    let plan = row.get("period").map(|label| period(program, label, Every::Year)).transpose()?;
    Ok(Said::plain(Tasked { what, owner, due, plan: plan.map(|year| year.to_string()) }))
}

pub(super) fn read_review(row: &SourceRow, program: &Program, today: Day) -> Result<Said, String> {
    let quarter = period(program, row.get("period").ok_or("has no period")?, Every::Quarter)?;
    if quarter.first > today {
        return Err(format!("{quarter} has not begun yet"));
    }
    Ok(Said::plain(Reviewed { period: quarter.to_string(), text: prose(row, "text")? }))
}

pub(super) fn read_care(row: &SourceRow, _program: &Program, _today: Day) -> Result<Said, String> {
    let reason = prose(row, "reason")?;
    let wanted = || reason.clone().ok_or_else(|| "has no reason".to_owned());
    match row.get("step").unwrap_or_default() {
        "watch" => Ok(Said::plain(Watched { reason: wanted()? })),
        "improvement" => {
            let until = day(row, "until")?.ok_or("has no day until which it runs")?;
            Ok(Said::plain(Improving { until, reason }))
        }
        "recover" => Ok(Said::plain(Decided { outcome: DecidedAs::Recover, reason: wanted()? })),
        "self-service" => Ok(Said::plain(Decided { outcome: DecidedAs::SelfService, reason: wanted()? })),
        "lower-tier" | "leave" => {
            Err("is a decision that changes more; `chanlife decide` records it".to_owned())
        }
        other => Err(format!("has the step `{other}`, expected watch, improvement, recover or self-service")),
    }
}

fn period(program: &Program, label: &str, every: Every) -> Result<Period, String> {
    let period = program.calendar.parse(label)?;
    let whole = program.calendar.containing(period.first, every);
    let noun = if every == Every::Year { "fiscal year such as 2026" } else { "quarter such as 2026-Q3" };
    whole.filter(|whole| *whole == period).ok_or_else(|| format!("{label} is not a {noun}"))
}
