//! `import care`: steps with underperforming partners, from the watch list to the decision.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::event::Event;
use crate::lifecycle::performance::{Decided, DecidedAs, Improving, Watched, check_end};
use crate::text::imports::DECISION_WITH_CHANGES;

/// Reads a step.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<Event, String> {
    let reason = row.prose("reason")?;
    let wanted = || reason.clone().ok_or_else(|| "has no reason".to_owned());
    match row.get("step").unwrap_or_default() {
        "watch" => Ok(Watched { reason: wanted()? }.into()),
        "improvement" => {
            let until = row.day("until")?.ok_or("has no last day in `until`")?;
            check_end(context.on, until).map_err(|why| why.to_string())?;
            Ok(Improving { until, reason }.into())
        }
        "recover" => Ok(Decided { outcome: DecidedAs::Recover, reason: wanted()? }.into()),
        "self-service" => Ok(Decided { outcome: DecidedAs::SelfService, reason: wanted()? }.into()),
        "lower-tier" | "leave" => Err(DECISION_WITH_CHANGES.to_owned()),
        other => Err(format!(
            "has the unknown step `{other}`, expected watch, improvement, recover or self-service"
        )),
    }
}
