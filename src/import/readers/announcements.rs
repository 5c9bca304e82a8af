//! `import announcements`: which partners were notified of what, and when they responded.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::announcements::{Answered, Told};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text;

/// A partner that was notified, and perhaps responded.
pub(super) struct ToldRow {
    told: Told,
    answered: Option<Day>,
}

/// Reads a notification.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<ToldRow, String> {
    let key = row.get("announcement").ok_or("has no announcement")?.to_owned();
    if !text::is_key(&key) {
        return Err(format!("`{key}` is not a valid key; use for example `{}`", text::slug(&key)));
    }
    let subject = row.name("subject")?.unwrap_or_else(|| key.clone());
    let launch = row.day("launch-day")?;
    let answered = row.day_so_far("answered", context.today)?;
    answered.map_or(Ok(()), |day| context.check_end(day))?;
    let (told_by, to) = (row.name("told-by")?, Vec::new());
    let told = Told { announcement: key, subject, to, launch, notice_days: None, told_by, unsent: false };
    Ok(ToldRow { told, answered })
}

impl RecordRow for ToldRow {
    const SHOWS_PARTNERSHIP: bool = false;

    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let announcement = self.told.announcement.clone();
        events.add(day, self.told.into());
        if let Some(answered) = self.answered {
            events.add(answered, Answered { announcement, by: None, text: None }.into());
        }
        Ok(())
    }
}
