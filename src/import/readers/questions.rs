//! `import questions`: partner questions and their answers.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::questions::{Asked, Replied};

/// A question, and perhaps the answer with its day.
pub(super) struct QuestionRow {
    asked: Asked,
    replied: Option<(Day, String)>,
}

/// Reads a question.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<QuestionRow, String> {
    let text = row.prose("question")?.ok_or("has no question")?;
    let asked = Asked { text, by: row.name("by")?, owner: row.name("owner")? };
    let replied = match (row.prose("answer")?, row.day_so_far("answered", context.today)?) {
        (Some(text), Some(day)) => Some((day, text)),
        (None, None) => None,
        (Some(_), None) => return Err("has an answer without a day in `answered`".to_owned()),
        (None, Some(_)) => return Err("has a day in `answered` without an answer".to_owned()),
    };
    replied.as_ref().map_or(Ok(()), |(day, _)| context.check_end(*day))?;
    Ok(QuestionRow { asked, replied })
}

impl RecordRow for QuestionRow {
    const SHOWS_PARTNERSHIP: bool = false;

    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let question = events.add(day, self.asked.into());
        if let Some((day, text)) = self.replied {
            events.add(day, Replied { question, text }.into());
        }
        Ok(())
    }
}
