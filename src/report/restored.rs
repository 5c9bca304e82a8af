//! What calendars that imported due dates show otherwise once an older copy of the database is restored.

use std::collections::BTreeMap;

use crate::lifecycle::agenda::DueKind;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::report::due::owed;
use crate::report::ended::uid;
use crate::report::reading::{Channel, Needs, Segment};
use crate::store::View;

/// What a calendar shows of something that is due.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CalendarLine {
    pub title: String,
    pub day: Day,
}

/// Returns what is due of the whole channel as calendars show it, by what tells it apart; what waits for us has no day.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn calendar_lines(view: &View) -> anyhow::Result<BTreeMap<String, CalendarLine>> {
    let everyone = Segment::default();
    Channel::read(view, Needs::NONE, |channel| {
        let all = owed(view, channel, (&everyone, None), None, |due| due.kind != DueKind::Waiting)?;
        let line = |title: String, day: Day| CalendarLine { title, day };
        let lines = all.each().into_iter();
        let titled = |name: &str, what: String| format!("{name}: {what}");
        Ok(lines
            .map(|one| (uid(one), line(titled(&one.name, one.due.what.sentence()), one.due.day)))
            .collect())
    })
}
