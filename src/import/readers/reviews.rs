//! `import reviews`: business reviews, one quarter per row.

use crate::import::readers::actions::period;
use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::plans::Reviewed;

/// Reads a review.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<Reviewed, String> {
    let quarter = period(context.program, row.get("period").ok_or("has no period")?, Every::Quarter)?;
    if quarter.first > context.today {
        return Err(format!("{quarter} has not started yet"));
    }
    Ok(Reviewed { period: quarter.to_string(), text: row.prose("text")? })
}
