//! Periods of the program's fiscal calendar: a year, a quarter or a month.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use crate::lifecycle::base::day::{Day, end_of_months};

/// How often something recurs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Every {
    Year,
    Quarter,
    Month,
}

impl Every {
    pub const ALL: [Every; 3] = [Every::Year, Every::Quarter, Every::Month];

    /// Returns the word by which machines know it.
    pub fn word(self) -> &'static str {
        match self {
            Every::Year => "year",
            Every::Quarter => "quarter",
            Every::Month => "month",
        }
    }

    fn months(self) -> u32 {
        match self {
            Every::Year => 12,
            Every::Quarter => 3,
            Every::Month => 1,
        }
    }
}

/// The fiscal calendar: years begin with this month and are named after the year in which they end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calendar {
    first_month: u32,
}

/// One period of a calendar, such as `2026`, `2026-Q3` or `2026-10`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Period {
    pub first: Day,
    pub last: Day,
    label: String,
}

/// A text that is not taken for a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PeriodFault {
    pub text: String,
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

impl Calendar {
    /// Makes a calendar whose years begin in `first_month`, 1 to 12.
    pub fn new(first_month: u32) -> Option<Calendar> {
        (1..=12).contains(&first_month).then_some(Calendar { first_month })
    }

    /// Returns the month in which fiscal years begin, 1 to 12.
    pub fn first_month(self) -> u32 {
        self.first_month
    }

    /// Returns the period of this length that contains `day`.
    pub fn containing(self, day: Day, every: Every) -> Option<Period> {
        let date = day.date();
        let months = every.months();
        let into_year = (date.month() + 12 - self.first_month) % 12;
        let into_period = match every {
            Every::Month => 0,
            _ => into_year % months,
        };
        let first = date.with_day(1)?.checked_sub_months(Months::new(into_period))?;
        self.starting(first, every)
    }

    /// Reads `2026`, `2026-Q3` or `2026-10`.
    ///
    /// # Errors
    /// The text is not written as a period.
    pub fn parse(self, text: &str) -> Result<Period, PeriodFault> {
        self.read(text).ok_or_else(|| PeriodFault { text: text.to_owned() })
    }

    fn read(self, text: &str) -> Option<Period> {
        let year = text.get(..4)?;
        if !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        let rest = &text[4..];
        if rest.is_empty() {
            return self.starting(self.first_of_year(year)?, Every::Year);
        }
        let rest = rest.strip_prefix('-')?;
        if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
            let quarter: u32 = Some(quarter).filter(|q| q.len() == 1)?.parse().ok()?;
            if !(1..=4).contains(&quarter) {
                return None;
            }
            let first = self.first_of_year(year)?.checked_add_months(Months::new(3 * (quarter - 1)))?;
            return self.starting(first, Every::Quarter);
        }
        if rest.len() != 2 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.starting(NaiveDate::from_ymd_opt(year, rest.parse().ok()?, 1)?, Every::Month)
    }

    fn first_of_year(self, year: i32) -> Option<NaiveDate> {
        let began = if self.first_month == 1 { year } else { year - 1 };
        NaiveDate::from_ymd_opt(began, self.first_month, 1)
    }

    fn starting(self, first: NaiveDate, every: Every) -> Option<Period> {
        let last = end_of_months(first, every.months())?;
        let into_year = (first.month() + 12 - self.first_month) % 12;
        let year_ends = first.checked_add_months(Months::new(11 - into_year))?.year();
        let label = match every {
            Every::Year => format!("{year_ends:04}"),
            Every::Quarter => format!("{year_ends:04}-Q{}", into_year / 3 + 1),
            Every::Month => format!("{:04}-{:02}", first.year(), first.month()),
        };
        Some(Period { first: Day::from_date(first)?, last: Day::from_date(last)?, label })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    #[test]
    fn a_calendar_year_begins_in_january() {
        let calendar = Calendar::new(1).expect("a calendar");
        for (every, label, first, last) in [
            (Every::Year, "2026", "2026-01-01", "2026-12-31"),
            (Every::Quarter, "2026-Q4", "2026-10-01", "2026-12-31"),
            (Every::Month, "2026-11", "2026-11-01", "2026-11-30"),
        ] {
            let period = calendar.containing(day("2026-11-23"), every).expect("a period");
            assert_eq!((period.first, period.last), (day(first), day(last)));
            assert_eq!(period.to_string(), label);
            assert_eq!(calendar.parse(label), Ok(period));
        }
    }

    #[test]
    fn a_fiscal_year_is_named_after_the_year_in_which_it_ends() {
        let calendar = Calendar::new(7).expect("a calendar");
        let year = calendar.parse("2027").expect("a year");
        assert_eq!((year.first, year.last), (day("2026-07-01"), day("2027-06-30")));
        let quarter = calendar.containing(day("2026-11-23"), Every::Quarter).expect("a quarter");
        assert_eq!(quarter.to_string(), "2027-Q2");
        assert_eq!(quarter.first, day("2026-10-01"));
        let month = calendar.containing(day("2026-11-23"), Every::Month).expect("a month");
        assert_eq!(month.to_string(), "2026-11");
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        let calendar = Calendar::new(1).expect("a calendar");
        for text in ["", "26", "2026-Q5", "2026-Q", "2026-13", "2026-1", "2026-Q03", "2026x", "20é6"] {
            assert!(calendar.parse(text).is_err(), "{text}");
        }
    }
}
