//! Which day is today: the one that is named, that of the program's time zone, or that of this machine, be it that the file
//! was recorded in on a later one.

use chrono::{DateTime, TimeDelta, Utc};
use tz::TimeZone;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::store::RecordedClock;

/// The day of recording may be so many days ahead of this machine's: time zones lie up to 26 hours apart.
const AHEAD_DAYS: i64 = 2;

/// With --today, nothing is recorded on a day that is more days ahead: a wrong year or month.
const FAR_AHEAD_DAYS: i64 = 62;

/// Today, and what people are told of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Today {
    pub day: Day,
    pub note: Option<String>,
}

impl Today {
    /// Returns today for those who record in a file, if no day is named; `local` is the day of this machine.
    pub(crate) fn of(file: &RecordedClock, now: DateTime<Utc>, local: Day) -> Today {
        match &file.time_zone {
            None => Today::without_zone(file.newest, local),
            Some(zone) => match day_in(zone, now) {
                Some(day) => Today { day, note: note_in_zone(file.newest, day, zone) },
                None => {
                    let today = Today::without_zone(file.newest, local);
                    let unknown = format!(
                        "this machine does not know the time zone {zone} of the program; its own day counts: {}",
                        today.day
                    );
                    Today { note: Some(unknown), ..today }
                }
            },
        }
    }

    fn without_zone(newest: Option<Day>, local: Day) -> Today {
        let Some(newest) = newest.filter(|newest| *newest > local) else {
            return Today { day: local, note: None };
        };
        let ahead = newest.since(local);
        if ahead > AHEAD_DAYS {
            let note = format!(
                "the newest entry was recorded on {newest}, {ahead} days after the day of this machine, {local}: one of the \
                 two clocks is wrong; today counts as {local}, --today DATE overrides it. If the entry is wrong, \
                 `chanlife restore` a backup from before it: what is recorded now has the day {newest}, too"
            );
            return Today { day: local, note: Some(note) };
        }
        let note = format!(
            "today counts as {newest}, the day of the newest entry; on this machine it is {local}. With time_zone = \
             \"Europe/Berlin\" or the like under [program], today is the same for all"
        );
        Today { day: newest, note: Some(note) }
    }
}

/// Refuses to record on a day that --today puts far ahead of the clock.
///
/// # Errors
/// [`Error`] with both days, and with what to do if that is meant.
pub(crate) fn refuse_far_ahead(today: Day, clock: Day) -> Result<(), Error> {
    let ahead = today.since(clock);
    if ahead <= FAR_AHEAD_DAYS {
        return Ok(());
    }
    Err(Error::usage(format!("--today: {today} is {ahead} days after today, {clock}, and nothing is recorded"))
        .hint(
            "days of recording never go back: all that is recorded later would have that day; give the day of what \
             happened with --on",
        )
        .hint(format!("to rehearse a later day in a copy of the file, set CHANLIFE_TODAY={today}")))
}

/// Says that the file was recorded in on a day after today in its time zone.
fn note_in_zone(newest: Option<Day>, today: Day, zone: &str) -> Option<String> {
    let newest = newest.filter(|newest| *newest > today)?;
    let why = if newest.since(today) > AHEAD_DAYS {
        ": a clock was wrong, or --today named a later day"
    } else {
        ""
    };
    Some(format!(
        "the newest entry was recorded on {newest}, after today, {today} in {zone}{why}; what begins after {today} is \
         not shown yet: --today {newest} shows it, and records on that day"
    ))
}

/// Returns the day that it is in a time zone; none if this machine does not know the zone.
fn day_in(zone: &str, now: DateTime<Utc>) -> Option<Day> {
    let found = TimeZone::from_posix_tz(&format!(":{zone}")).ok()?;
    let offset = found.find_local_time_type(now.timestamp()).ok()?.ut_offset();
    let there = now.checked_add_signed(TimeDelta::seconds(offset.into()))?;
    Day::from_date(there.date_naive())
}

/// Returns whether this machine knows a time zone.
pub(crate) fn is_known(zone: &str) -> bool {
    day_in(zone, DateTime::UNIX_EPOCH).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    fn today(zone: Option<&str>, newest: Option<&str>) -> (String, Option<String>) {
        let now = DateTime::parse_from_rfc3339("2026-11-28T23:30:00Z").expect("an instant").to_utc();
        let clock = RecordedClock { newest: newest.map(day), time_zone: zone.map(str::to_owned) };
        let today = Today::of(&clock, now, day("2026-11-28"));
        (today.day.to_string(), today.note)
    }

    #[test]
    fn the_time_zone_of_the_program_decides() {
        assert_eq!(today(Some("Europe/Berlin"), None), ("2026-11-29".to_owned(), None));
        assert_eq!(today(Some("America/New_York"), None), ("2026-11-28".to_owned(), None));
        let (day, note) = today(Some("America/New_York"), Some("2026-11-29"));
        assert_eq!(day, "2026-11-28");
        assert!(note.is_some_and(|note| note.contains("after today, 2026-11-28 in America/New_York")));
    }

    #[test]
    fn without_a_time_zone_the_newest_day_of_recording_counts_up_to_two_days_ahead() {
        assert_eq!(today(None, None), ("2026-11-28".to_owned(), None));
        assert_eq!(today(None, Some("2026-11-28")), ("2026-11-28".to_owned(), None));
        let (ahead, note) = today(None, Some("2026-11-30"));
        assert_eq!(ahead, "2026-11-30");
        assert!(note.is_some_and(|note| note.contains("today counts as 2026-11-30")));
        let (wrong, note) = today(None, Some("2026-12-01"));
        assert_eq!(wrong, "2026-11-28");
        assert!(note.is_some_and(|note| note.contains("clocks is wrong")));
    }

    #[test]
    fn a_zone_that_this_machine_does_not_know_is_named() {
        let (day, note) = today(Some("Europe/Berln"), None);
        assert_eq!(day, "2026-11-28");
        assert!(note.is_some_and(|note| note.contains("Europe/Berln")));
        assert!(is_known("Europe/Berlin") && !is_known("Europe/Berln"));
    }
}
