//! What is due as iCalendar (RFC 5545): whole days, with identifiers that stay, so that importing again updates.

use std::collections::HashSet;
use std::io::{self, Write};

use chrono::DateTime;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use crate::lifecycle::base::day::Day;

/// The most octets of a line, its end not counted.
const LINE: usize = 75;

/// Something that is due on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CalendarEntry {
    pub uid: String,
    pub day: Day,
    pub title: String,
    pub description: String,
    pub category: &'static str,
    /// Whether it is over: done, dropped or not due any more.
    pub cancelled: bool,
}

/// When the entries were recorded last: nothing here comes from the clock, so that the same file says the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CalendarEdition<'e> {
    /// In RFC 3339.
    pub instant: &'e str,
    /// Larger for a later one.
    pub number: i64,
}

/// Returns the identifiers of the entries of a calendar that was written earlier.
pub(crate) fn uids(text: &str) -> HashSet<String> {
    let unfolded = text.replace("\r\n ", "");
    unfolded.lines().filter_map(|line| line.strip_prefix("UID:")).map(str::to_owned).collect()
}

/// Writes entries as a calendar.
///
/// # Errors
/// If it can't be written.
pub(crate) fn write_calendar(
    name: &str,
    edition: CalendarEdition,
    entries: &[CalendarEntry],
    out: &mut dyn Write,
) -> io::Result<()> {
    let instant = DateTime::parse_from_rfc3339(edition.instant).map_err(io::Error::other)?.to_utc();
    let mut calendar = Calendar::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//chanlife//chanlife//EN"), ("METHOD", "PUBLISH")] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.name(name);
    for entry in entries {
        let mut event = Event::new();
        event
            .uid(&entry.uid)
            .timestamp(instant)
            .last_modified(instant)
            .sequence(u32::try_from(edition.number).unwrap_or(u32::MAX))
            .summary(&entry.title)
            .description(&entry.description)
            .add_property("CATEGORIES", entry.category)
            .add_property("TRANSP", "TRANSPARENT")
            // The end is the first day after.
            .starts(entry.day.date())
            .ends(entry.day.plus(1).date());
        if entry.cancelled {
            // An entry cannot be completed (RFC 5545, 3.8.1.11): what is done is cancelled, too.
            event.status(EventStatus::Cancelled);
        }
        calendar.push(event.done());
    }
    for line in calendar.to_string().split_terminator("\r\n") {
        write_line(line, out)?;
    }
    Ok(())
}

/// Writes a line, in pieces if it is too long: the last piece of a line that is folded already can be.
fn write_line(mut line: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut room = LINE;
    while line.len() > room {
        let cut = (1..=room).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(line.len());
        write!(out, "{}\r\n ", &line[..cut])?;
        line = &line[cut..];
        // The blank before it counts.
        room = LINE - 1;
    }
    write!(out, "{line}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_end_on_the_day_after_and_no_line_is_too_long() {
        let day = Day::parse_iso("2026-12-31").expect("a day");
        let entry = |title: &str| CalendarEntry {
            uid: "acme.milestone.kickoff@chanlife".to_owned(),
            day,
            title: title.to_owned(),
            description: "a, b; c\\d\ne".to_owned(),
            category: "milestone",
            cancelled: title.len() % 2 == 1,
        };
        for length in 0..200 {
            let entries = [entry(&"ü".repeat(length)), entry(&"x".repeat(length))];
            let mut bytes = Vec::new();
            let edition = CalendarEdition { instant: "2026-11-23T10:00:00Z", number: 7 };
            write_calendar("Größe", edition, &entries, &mut bytes).expect("written");
            let text = String::from_utf8(bytes).expect("UTF-8");
            for line in text.split("\r\n") {
                assert!(line.len() <= LINE && !line.contains(['\r', '\n']), "{} {line}", line.len());
            }
            let unfolded = text.replace("\r\n ", "");
            assert!(unfolded.contains(&format!("\r\nSUMMARY:{}\r\n", "ü".repeat(length))), "{text}");
            assert!(unfolded.contains("\r\nDTSTART;VALUE=DATE:20261231\r\n"), "{unfolded}");
            assert!(unfolded.contains("\r\nDTEND;VALUE=DATE:20270101\r\n"), "{unfolded}");
            assert!(unfolded.contains("\r\nDTSTAMP:20261123T100000Z\r\n"), "{unfolded}");
            assert!(unfolded.contains("\r\nSEQUENCE:7\r\n"), "{unfolded}");
            assert_eq!(unfolded.contains("\r\nSTATUS:CANCELLED\r\n"), length % 2 == 1, "{unfolded}");
            assert!(unfolded.contains("\r\nDESCRIPTION:a\\, b\\; c\\\\d\\ne\r\n"), "{unfolded}");
        }
    }
}
