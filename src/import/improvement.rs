//! `import care`: what was done about partners that do not perform, from watching them to what was decided.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::event::Event;
use crate::lifecycle::performance::{Decided, DecidedAs, Improving, Watched};

/// Reads a step.
///
/// # Errors
/// The reason why the row can't be used.
pub(super) fn read(row: &SourceRow, _: RowContext) -> Result<Event, String> {
    let reason = row.prose("reason")?;
    let wanted = || reason.clone().ok_or_else(|| "has no reason".to_owned());
    match row.get("step").unwrap_or_default() {
        "watch" => Ok(Watched { reason: wanted()? }.into()),
        "improvement" => {
            let until = row.day("until")?.ok_or("has no day until which it runs")?;
            Ok(Improving { until, reason }.into())
        }
        "recover" => Ok(Decided { outcome: DecidedAs::Recover, reason: wanted()? }.into()),
        "self-service" => Ok(Decided { outcome: DecidedAs::SelfService, reason: wanted()? }.into()),
        "lower-tier" | "leave" => {
            Err("is a decision that changes more; `chanlife decide` records it".to_owned())
        }
        other => Err(format!("has the step `{other}`, expected watch, improvement, recover or self-service")),
    }
}
