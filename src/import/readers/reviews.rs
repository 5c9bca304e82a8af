//! `import reviews`: business reviews, one quarter per row.

use crate::import::readers::actions::period;
use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::plans::{Reviewed, check_quarter};

/// A review of a quarter.
pub(super) struct ReviewedRow {
    quarter: Period,
    text: Option<String>,
}

/// Reads a review.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<ReviewedRow, String> {
    let quarter = period(context.program, row.get("period").ok_or("has no period")?, Every::Quarter)?;
    Ok(ReviewedRow { quarter, text: row.prose("text")? })
}

impl RecordRow for ReviewedRow {
    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let ReviewedRow { quarter, text } = self;
        let reviewed = Reviewed { period: quarter.to_string(), days: Some(quarter.days()), text }.into();
        if events.recorded(day, &reviewed).is_none()
            && let Some(partner) = events.partner_on(day)
        {
            let facts = PartnerFacts { program: &events.in_force.program, partner: &partner, day };
            check_quarter(facts, &quarter).map_err(|why| why.to_string())?;
        }
        events.add(day, reviewed);
        Ok(())
    }
}
