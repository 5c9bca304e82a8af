//! A calendar day, and the strict grammar in which people type one.
//!
//! Days are counted from 1970-01-01, so that differences are plain integers. Nothing here asks
//! what day it is: "today" is always an argument.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day, as the number of days since 1970-01-01. Between 1900-01-01 and 2199-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

/// Which way a relative day (`2w`, `monday`) points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Towards {
    /// For what has happened: `2w` is two weeks ago, `monday` the most recent one.
    Past,
    /// For what is planned: `2w` is in two weeks, `monday` the next one.
    Future,
}

/// Why a text is not taken for a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DayFault {
    /// Not written as a day.
    NotADay { text: String },
    /// Written as a day that the calendar does not have.
    NotInCalendar { text: String },
    /// Before [`Day::FIRST`] or after [`Day::LAST`].
    OutOfRange { text: String },
}

impl Day {
    pub const FIRST: Day = Day(-25_567);
    pub const LAST: Day = Day(84_005);

    /// Returns the day with this number since 1970-01-01, if it lies in the supported range.
    pub fn from_number(number: i64) -> Option<Day> {
        let day = Day(i32::try_from(number).ok()?);
        (Day::FIRST..=Day::LAST).contains(&day).then_some(day)
    }

    /// Returns the day of a date, if it lies in the supported range.
    pub fn from_date(date: NaiveDate) -> Option<Day> {
        Day::from_number(i64::from(date.to_epoch_days()))
    }

    /// Returns the number of days since 1970-01-01.
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }

    /// Returns the date of the day.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or_default()
    }

    /// Returns the days from `earlier` to this day; negative if `earlier` is later.
    pub fn since(self, earlier: Day) -> i64 {
        self.number() - earlier.number()
    }

    /// Returns the day so many days later (or earlier), kept within the supported range.
    pub fn plus(self, days: i64) -> Day {
        let number = self.number().saturating_add(days);
        Day::from_number(number).unwrap_or(if days < 0 { Day::FIRST } else { Day::LAST })
    }

    /// Returns the same day of the month so many months earlier; the last of the month if it has no such day.
    pub fn months_before(self, months: u32) -> Day {
        let date = self.date().checked_sub_months(Months::new(months));
        date.and_then(Day::from_date).unwrap_or(Day::FIRST)
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    pub fn parse_iso(text: &str) -> Option<Day> {
        iso_date(text).and_then(Day::from_date)
    }

    /// Reads a day as people type it: `2026-11-23`, `today`, `yesterday`, `tomorrow`, `3d`, `2w`, `3m`, `monday`. Ends of
    /// months, quarters and years are for a calendar to read.
    ///
    /// # Errors
    /// Says what was got and gives examples. Dates such as `5/1/2026` are refused, since they
    /// mean different days to different people.
    pub fn parse(text: &str, today: Day, towards: Towards) -> Result<Day, DayFault> {
        let word = text.trim().to_lowercase();
        let sign = match towards {
            Towards::Past => -1,
            Towards::Future => 1,
        };
        let day = match word.as_str() {
            "today" => Some(today),
            "yesterday" => Some(today.plus(-1)),
            "tomorrow" => Some(today.plus(1)),
            _ => Day::parse_iso(&word).or_else(|| weekday(&word, today, towards)),
        };
        let (count, months) = (count_of_days(&word), count_of_months(&word));
        let counted = count.and_then(|days| Day::from_number(today.number().checked_add(sign * days)?));
        let by_months = months.and_then(|months| match towards {
            Towards::Past => today.date().checked_sub_months(Months::new(months)),
            Towards::Future => today.date().checked_add_months(Months::new(months)),
        });
        if let Some(day) = day.or(counted).or(by_months.and_then(Day::from_date)) {
            return Ok(day);
        }
        let text = text.to_owned();
        if count.is_some() || months.is_some() || iso_date(&word).is_some() {
            return Err(DayFault::OutOfRange { text });
        }
        if looks_iso(&word) {
            return Err(DayFault::NotInCalendar { text });
        }
        Err(DayFault::NotADay { text })
    }

    /// Reads the day of a time stamp in an export: `2026-01-01`, `2026-01-01T23:30:00-08:00`, `2026-01-01 23:30`.
    ///
    /// The day is the one written, whatever its zone, so that every machine reads the same day.
    /// The second value orders rows within a day: seconds since midnight, zone taken out.
    pub fn parse_stamp(text: &str) -> Option<(Day, i64)> {
        let day = Day::parse_iso(text.get(..10)?)?;
        let rest = &text[10..];
        if rest.is_empty() {
            return Some((day, 0));
        }
        let clock = rest.strip_prefix(['T', ' '])?;
        Some((day, seconds_of_clock(clock)?))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(iso(self.date(), &mut [0; 10]))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(iso(self.date(), &mut [0; 10]))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse_iso(&text).ok_or_else(|| de::Error::custom(DayFault::NotADay { text }))
    }
}

/// `YYYY-MM-DD`; days are written by the million.
fn iso(date: NaiveDate, buffer: &mut [u8; 10]) -> &str {
    let digit = |number: u32, unit: u32| b'0' + u8::try_from(number / unit % 10).unwrap_or_default();
    let (year, month, day) = (date.year().unsigned_abs(), date.month(), date.day());
    *buffer = [
        digit(year, 1000),
        digit(year, 100),
        digit(year, 10),
        digit(year, 1),
        b'-',
        digit(month, 10),
        digit(month, 1),
        b'-',
        digit(day, 10),
        digit(day, 1),
    ];
    std::str::from_utf8(buffer).unwrap_or_default()
}

fn iso_date(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    NaiveDate::from_ymd_opt(text[0..4].parse().ok()?, text[5..7].parse().ok()?, text[8..10].parse().ok()?)
}

fn looks_iso(word: &str) -> bool {
    word.len() == 10 && word.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit())
}

/// `3d` is 3 days, `2w` 14.
fn count_of_days(word: &str) -> Option<i64> {
    let unit = match word.chars().last()? {
        'd' => 1,
        'w' => 7,
        _ => return None,
    };
    let digits = &word[..word.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: i64 = digits.parse().ok()?;
    count.checked_mul(unit)
}

/// `3m` is 3 months.
fn count_of_months(word: &str) -> Option<u32> {
    let digits = word.strip_suffix('m')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A number that is too large is out of range as a count of months, too.
    is_number.then(|| digits.parse().unwrap_or(u32::MAX))
}

fn weekday(word: &str, today: Day, towards: Towards) -> Option<Day> {
    let wanted: Weekday = word.parse().ok()?;
    let ahead = i64::from(wanted.days_since(today.date().weekday()));
    let days = match (towards, ahead) {
        (Towards::Past, 0) => 0,
        (Towards::Past, ahead) => ahead - 7,
        (Towards::Future, 0) => 7,
        (Towards::Future, ahead) => ahead,
    };
    Some(today.plus(days))
}

/// Seconds since midnight UTC of `HH:MM[:SS[.fraction]][Z|+HH:MM|+HHMM]`.
fn seconds_of_clock(clock: &str) -> Option<i64> {
    let (time, offset) = match clock.find(['Z', '+', '-']) {
        None => (clock, 0),
        Some(at) => (&clock[..at], seconds_of_offset(&clock[at..])?),
    };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = whole.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes] => (hours, minutes, "00"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let seconds = two_digits(hours, 23)? * 3600 + two_digits(minutes, 59)? * 60 + two_digits(seconds, 60)?;
    Some(seconds - offset)
}

fn seconds_of_offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.is_ascii() {
        return None;
    }
    Some(sign * (two_digits(&digits[..2], 14)? * 3600 + two_digits(&digits[2..], 59)? * 60))
}

fn two_digits(text: &str, most: i64) -> Option<i64> {
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|value| *value <= most)
}

/// Returns the last day of the months that begin on `first`.
pub(crate) fn end_of_months(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(months))?.checked_sub_days(Days::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: &str = "2026-11-23";

    fn typed(text: &str, towards: Towards) -> Result<String, DayFault> {
        let today = Day::parse_iso(MONDAY).expect("a day");
        Day::parse(text, today, towards).map(|day| day.to_string())
    }

    #[test]
    fn a_typed_day_points_to_the_past_for_what_has_happened() {
        for (text, day) in [
            ("today", "2026-11-23"),
            ("yesterday", "2026-11-22"),
            ("3d", "2026-11-20"),
            ("2w", "2026-11-09"),
            ("3m", "2026-08-23"),
            ("monday", "2026-11-23"),
            ("Tue", "2026-11-17"),
            ("2024-02-29", "2024-02-29"),
        ] {
            assert_eq!(typed(text, Towards::Past).ok().as_deref(), Some(day), "{text}");
        }
    }

    #[test]
    fn a_typed_day_points_to_the_future_for_what_is_planned() {
        for (text, day) in
            [("monday", "2026-11-30"), ("tue", "2026-11-24"), ("2w", "2026-12-07"), ("3m", "2027-02-23")]
        {
            assert_eq!(typed(text, Towards::Future).ok().as_deref(), Some(day), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_days_or_none_is_refused() {
        for text in [
            "",
            "5/1/2026",
            "2026-02-30",
            "2026-13-01",
            "0000-00-00",
            "10000-01-01",
            "-0001-01-01",
            "next friday",
            "1767225600",
            "٢٠٢٦-٠١-٠١",
            "2026-1-1",
            "d",
            "99999999999999999999d",
            "99999999d",
            "9223372036854775807d",
            "9999999w",
            "9999999m",
            "99999999999999999999m",
            "m",
            "1899-12-31",
            "2200-01-01",
        ] {
            assert!(typed(text, Towards::Past).is_err(), "{text}");
            assert!(typed(text, Towards::Future).is_err(), "{text}");
        }
    }

    #[test]
    fn the_range_ends_where_it_says() {
        assert_eq!(Day::FIRST.to_string(), "1900-01-01");
        assert_eq!(Day::LAST.to_string(), "2199-12-31");
    }

    #[test]
    fn a_time_stamp_gives_the_day_as_written_and_an_order_within_it() {
        let day = |text| Day::parse_stamp(text).map(|(day, _)| day.to_string());
        assert_eq!(day("2026-01-01T23:30:00-08:00").as_deref(), Some("2026-01-01"));
        assert_eq!(day("2026-01-01T23:30:00.000Z").as_deref(), Some("2026-01-01"));
        assert_eq!(day("2026-01-01 23:30").as_deref(), Some("2026-01-01"));
        for bad in ["2026-01-01T25:00:00Z", "2026-01-01T", "2026-01-01x", "2026-01-01T10", "2026"] {
            assert_eq!(day(bad), None, "{bad}");
        }
        let order = |text| Day::parse_stamp(text).map(|(_, order)| order);
        assert!(order("2026-01-01T09:00:00Z") < order("2026-01-01T10:00:00Z"));
        assert_eq!(order("2026-01-01T09:00:00+01:00"), order("2026-01-01T08:00:00Z"));
    }
}
