//! Periods: their first and last day, and what the fiscal calendar in force calls them.

use std::fmt;

use chrono::{Datelike, Days, IsoWeek, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::{Day, DayFault, Towards, end_of_months};

/// How long a period is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Every {
    Year,
    Half,
    Quarter,
    Month,
    /// From Monday to Sunday, by ISO 8601.
    Week,
}

impl Every {
    pub const ALL: [Every; 5] = [Every::Year, Every::Half, Every::Quarter, Every::Month, Every::Week];
    /// How often something can recur.
    pub const RECURRING: [Every; 3] = [Every::Year, Every::Quarter, Every::Month];

    /// Returns the word by which machines know it.
    pub fn word(self) -> &'static str {
        match self {
            Every::Year => "year",
            Every::Half => "half",
            Every::Quarter => "quarter",
            Every::Month => "month",
            Every::Week => "week",
        }
    }

    /// Returns of how many months it is; none for a week.
    fn months(self) -> Option<u32> {
        match self {
            Every::Year => Some(12),
            Every::Half => Some(6),
            Every::Quarter => Some(3),
            Every::Month => Some(1),
            Every::Week => None,
        }
    }
}

/// The days from a first to a last one. It is what is kept of a period, whatever it is called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct DayRange {
    pub first: Day,
    pub last: Day,
}

impl DayRange {
    /// Returns whether the day is one of them.
    pub fn contains(self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Returns the days that both have; none if there are none.
    pub fn shared(self, other: DayRange) -> Option<DayRange> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(DayRange { first, last })
    }

    /// Returns those of these days that are none of the others, in order.
    pub(crate) fn without(self, others: DayRange) -> impl Iterator<Item = DayRange> {
        let (before, after) = match self.shared(others) {
            None => (Some(self), None),
            Some(shared) => (
                (self.first < shared.first)
                    .then(|| DayRange { first: self.first, last: shared.first.plus(-1) }),
                (shared.last < self.last).then(|| DayRange { first: shared.last.plus(1), last: self.last }),
            ),
        };
        before.into_iter().chain(after)
    }

    /// Returns how many days they are.
    pub fn count(self) -> i64 {
        self.last.since(self.first) + 1
    }

    /// Returns whether they are about as many as others: as many as a period of the same length may have.
    pub fn is_as_long_as(self, other: DayRange) -> bool {
        (self.count() - other.count()).abs() <= UNLIKE_DAYS
    }
}

/// By so many days at most periods of the same length differ, such as February and March.
const UNLIKE_DAYS: i64 = 3;

/// After which of its calendar years a fiscal year is named.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum YearNamed {
    /// The one in which it ends.
    #[default]
    End,
    /// The one in which it starts.
    Start,
}

impl YearNamed {
    pub const ALL: [YearNamed; 2] = [YearNamed::End, YearNamed::Start];

    /// Returns the word by which programs know it.
    pub fn word(self) -> &'static str {
        match self {
            YearNamed::End => "end",
            YearNamed::Start => "start",
        }
    }
}

/// Which day of a period is meant where one day is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PeriodEdge {
    First,
    Last,
}

/// The fiscal calendar: the month in which years begin, and how they are named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calendar {
    first_month: u32,
    named: YearNamed,
}

/// The days of a period with what a calendar calls them, such as `2026`, `2026-H1`, `2026-Q3`, `2026-10` or `2026-W48`; days
/// that it has no name for are called `2026-01-01..2026-02-14`.
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

impl Period {
    /// Returns its days.
    pub fn days(&self) -> DayRange {
        DayRange { first: self.first, last: self.last }
    }

    /// Returns whether some of its days, but not all of them, are among these.
    pub(crate) fn is_partly_in(&self, days: DayRange) -> bool {
        days.shared(self.days()).is_some_and(|shared| shared != self.days())
    }

    /// Returns a name of its days that stays whatever the fiscal calendar: `2026-Q4`, or `2026-02-01/2026-04-30` if a year that
    /// begins in January has no name for them.
    pub fn lasting_name(&self) -> String {
        Calendar::CIVIL.named(self.days()).label.replace("..", "/")
    }

    /// Returns whether its name stands for other days in a year that begins in January, so that whoever reads it has to be
    /// told the days.
    pub fn is_fiscal(&self) -> bool {
        Calendar::CIVIL.read(&self.label).is_none_or(|civil| civil.days() != self.days())
    }

    /// Returns whether the calendar has no name for the days.
    pub fn is_unnamed(&self) -> bool {
        self.label.contains("..")
    }
}

impl Calendar {
    /// The calendar whose years begin in January.
    pub const CIVIL: Calendar = Calendar { first_month: 1, named: YearNamed::End };

    /// Makes a calendar whose years begin in `first_month`, 1 to 12, and are named after the year in which they end.
    pub fn new(first_month: u32) -> Option<Calendar> {
        (1..=12).contains(&first_month).then_some(Calendar { first_month, named: YearNamed::End })
    }

    /// Returns the calendar with its years named otherwise.
    #[must_use]
    pub fn with_years_named(self, named: YearNamed) -> Calendar {
        Calendar { named, ..self }
    }

    /// Returns the month in which fiscal years begin, 1 to 12.
    pub fn first_month(self) -> u32 {
        self.first_month
    }

    /// Returns after which of its calendar years a fiscal year is named.
    pub fn years_named(self) -> YearNamed {
        self.named
    }

    /// Returns the period of which [`Period::lasting_name`] gave this name.
    pub fn of_lasting_name(self, name: &str) -> Option<Period> {
        Some(self.named(Calendar::CIVIL.read(&name.replace('/', ".."))?.days()))
    }

    /// Returns the period of this length that contains `day`.
    pub fn containing(self, day: Day, every: Every) -> Option<Period> {
        self.starting(self.first_containing(day, every)?, every)
    }

    /// Returns the days of the period of this length that contains `day`; what it is called is not worked out.
    pub(crate) fn days_containing(self, day: Day, every: Every) -> Option<DayRange> {
        let first = self.first_containing(day, every)?;
        Some(DayRange { first: Day::from_date(first)?, last: Day::from_date(last_of(first, every)?)? })
    }

    fn first_containing(self, day: Day, every: Every) -> Option<NaiveDate> {
        let date = day.date();
        let Some(months) = every.months() else {
            return date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()));
        };
        let into_period = self.months_into_year(date) % months;
        date.with_day(1)?.checked_sub_months(Months::new(into_period))
    }

    /// Returns these days with what the calendar calls them.
    pub fn named(self, days: DayRange) -> Period {
        let is_named = |every: &Every| self.days_containing(days.first, *every) == Some(days);
        let named = Every::ALL.into_iter().find(is_named);
        named.and_then(|every| self.containing(days.first, every)).unwrap_or_else(|| {
            let DayRange { first, last } = days;
            Period { first, last, label: format!("{first}..{last}") }
        })
    }

    /// Returns how long one of its periods is; none if it has no name for the days.
    pub fn length(self, period: &Period) -> Option<Every> {
        Every::ALL.into_iter().find(|every| self.containing(period.first, *every).as_ref() == Some(period))
    }

    /// Returns the period of this length that has most of these days, the first of several: what was recorded for a period of
    /// another calendar is of that one, so that nothing is of two and nothing of none.
    pub fn home(self, days: DayRange, every: Every) -> Option<Period> {
        let home = self.home_days(days, every)?;
        self.containing(home.first, every)
    }

    /// Returns the days of [`Calendar::home`].
    fn home_days(self, days: DayRange, every: Every) -> Option<DayRange> {
        let shared = |period: DayRange| period.shared(days).map_or(0, DayRange::count);
        let mut best = self.days_containing(days.first, every)?;
        let mut last = best;
        while last.last < days.last {
            let after = last.last.plus(1);
            let Some(next) = self.days_containing(after, every).filter(|next| next.first == after) else {
                break;
            };
            last = next;
            if shared(last) > shared(best) {
                best = last;
            }
        }
        Some(best)
    }

    /// Returns whether what was recorded for some days is of a period of this length: it has most of them, and they are about
    /// as many.
    pub fn is_of(self, days: DayRange, period: &Period, every: Every) -> bool {
        days == period.days()
            || (days.shared(period.days()).is_some()
                && days.is_as_long_as(period.days())
                && self.home_days(days, every) == Some(period.days()))
    }

    /// Returns the periods of this length that lie within these days or reach into them, in order.
    pub fn each_within(self, days: DayRange, every: Every) -> Vec<Period> {
        let mut all = Vec::new();
        let mut next = self.containing(days.first, every);
        while let Some(period) = next.filter(|period| period.first <= days.last) {
            let after = period.last.plus(1);
            next = self.containing(after, every).filter(|following| following.first == after);
            all.push(period);
        }
        all
    }

    /// Reads the first or the last day of what people type: a period such as `2026-Q3`, else a day of what was, see
    /// [`Calendar::parse_day`].
    ///
    /// # Errors
    /// The text is written neither as a period nor as a day, or it is not one of the calendar.
    pub fn parse_edge(self, text: &str, today: Day, edge: PeriodEdge) -> Result<Day, DayFault> {
        match (self.read(text.trim()), edge) {
            (Some(period), PeriodEdge::First) => Ok(period.first),
            (Some(period), PeriodEdge::Last) => Ok(period.last),
            (None, _) => self.parse_day(text, today, Towards::Past),
        }
    }

    /// Reads a day as people type it: one of [`Day::parse`], or the end of a month, quarter, half-year or year: `eom`, `eoq`,
    /// `eoh`, `eoy`. Like `monday` it is the last one that was, today included, or the next one. Of what is planned a period
    /// such as `2026-W50` names its last day, by which it is to be done.
    ///
    /// # Errors
    /// The text is not written as a day, or it is not one of the calendar.
    pub fn parse_day(self, text: &str, today: Day, towards: Towards) -> Result<Day, DayFault> {
        let end =
            end_word(text).and_then(|every| self.containing(today, every)).map(|period| match towards {
                Towards::Past if period.last > today => period.first.plus(-1),
                _ => period.last,
            });
        let period =
            Some(text.trim()).filter(|_| towards == Towards::Future).and_then(|text| self.read(text));
        let last = end.or(period.map(|period| period.last));
        last.map_or_else(|| Day::parse(text, today, towards), Ok)
    }

    /// Reads a day by which something is to be done, as files have it: a day, a time stamp, or a period that names its last day.
    pub(crate) fn parse_deadline(self, text: &str) -> Option<Day> {
        let day = Day::parse_stamp(text).map(|(day, _)| day);
        day.or_else(|| self.read(text).map(|period| period.last))
    }

    /// Reads `2026`, `2026-H1`, `2026-Q3`, `2026-10`, `2026-W48` or `2026-01-01..2026-02-14`.
    ///
    /// # Errors
    /// The text is not written as a period.
    pub fn parse(self, text: &str) -> Result<Period, PeriodFault> {
        self.read(text).ok_or_else(|| PeriodFault { text: text.to_owned() })
    }

    fn read(self, text: &str) -> Option<Period> {
        if let Some((first, last)) = text.split_once("..") {
            let (first, last) = (Day::parse_iso(first)?, Day::parse_iso(last)?);
            return (first <= last).then(|| self.named(DayRange { first, last }));
        }
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
        let part = |digits: &str, most: u32, every: Every| {
            let part: u32 = Some(digits).filter(|one| one.len() == 1)?.parse().ok()?;
            let months = every.months()? * (1..=most).contains(&part).then(|| part - 1)?;
            self.starting(self.first_of_year(year)?.checked_add_months(Months::new(months))?, every)
        };
        if let Some(quarter) = rest.strip_prefix(['Q', 'q']) {
            return part(quarter, 4, Every::Quarter);
        }
        if let Some(half) = rest.strip_prefix(['H', 'h']) {
            return part(half, 2, Every::Half);
        }
        let week = rest.strip_prefix(['W', 'w']);
        let digits = week.unwrap_or(rest);
        if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = digits.parse().ok()?;
        match week {
            Some(_) => self.starting(NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)?, Every::Week),
            None => self.starting(NaiveDate::from_ymd_opt(year, number, 1)?, Every::Month),
        }
    }

    /// Returns how many months of its fiscal year were over before that of a date.
    fn months_into_year(self, date: NaiveDate) -> u32 {
        (date.month() + 12 - self.first_month) % 12
    }

    fn first_of_year(self, year: i32) -> Option<NaiveDate> {
        let began = if self.first_month == 1 || self.named == YearNamed::Start { year } else { year - 1 };
        NaiveDate::from_ymd_opt(began, self.first_month, 1)
    }

    fn starting(self, first: NaiveDate, every: Every) -> Option<Period> {
        let last = last_of(first, every)?;
        let into_year = self.months_into_year(first);
        let named_for = match self.named {
            YearNamed::End => first.checked_add_months(Months::new(11 - into_year))?,
            YearNamed::Start => first.checked_sub_months(Months::new(into_year))?,
        };
        let year = named_for.year();
        let label = match every {
            Every::Year => format!("{year:04}"),
            Every::Half => format!("{year:04}-H{}", into_year / 6 + 1),
            Every::Quarter => format!("{year:04}-Q{}", into_year / 3 + 1),
            Every::Month => format!("{:04}-{:02}", first.year(), first.month()),
            Every::Week => week_label(first.iso_week()),
        };
        Some(Period { first: Day::from_date(first)?, last: Day::from_date(last)?, label })
    }
}

/// Returns the last day of the period of this length that begins on `first`.
fn last_of(first: NaiveDate, every: Every) -> Option<NaiveDate> {
    match every.months() {
        Some(months) => end_of_months(first, months),
        None => first.checked_add_days(Days::new(6)),
    }
}

/// Returns whether a text may name a quarter, half-year or year, or the end of one, which only a fiscal calendar knows.
pub(crate) fn asks_for_calendar(text: &str) -> bool {
    end_word(text).is_some_and(|every| every != Every::Month)
        || Day::parse_iso(text.trim()).is_none() && Calendar::CIVIL.parse(text.trim()).is_ok()
}

/// Returns the period whose end a word names.
fn end_word(text: &str) -> Option<Every> {
    match text.trim().to_lowercase().as_str() {
        "eom" => Some(Every::Month),
        "eoq" => Some(Every::Quarter),
        "eoh" => Some(Every::Half),
        "eoy" => Some(Every::Year),
        _ => None,
    }
}

fn week_label(week: IsoWeek) -> String {
    format!("{:04}-W{:02}", week.year(), week.week())
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
    fn the_end_of_a_period_is_the_next_one_or_the_last_one_that_was() {
        let april = Calendar::new(4).expect("a calendar");
        let typed = |text: &str, towards| april.parse_day(text, day("2026-11-23"), towards);
        for (text, past, future) in [
            ("eom", "2026-10-31", "2026-11-30"),
            ("EOQ", "2026-09-30", "2026-12-31"),
            ("eoh", "2026-09-30", "2027-03-31"),
            ("eoy", "2026-03-31", "2027-03-31"),
            ("3m", "2026-08-23", "2027-02-23"),
        ] {
            assert_eq!(typed(text, Towards::Past), Ok(day(past)), "{text}");
            assert_eq!(typed(text, Towards::Future), Ok(day(future)), "{text}");
        }
        assert_eq!(april.parse_day("eom", day("2026-11-30"), Towards::Past), Ok(day("2026-11-30")));
    }

    #[test]
    fn what_was_recorded_for_a_period_of_another_calendar_is_of_the_one_with_most_of_its_days() {
        let february = Calendar::new(2).expect("a calendar");
        let quarters = Calendar::CIVIL
            .each_within(DayRange { first: day("2025-01-01"), last: day("2027-12-31") }, Every::Quarter);
        let homes: Vec<Period> =
            quarters.iter().filter_map(|one| february.home(one.days(), Every::Quarter)).collect();
        assert_eq!(homes.len(), 12);
        assert!(homes.windows(2).all(|pair| pair[0].last.plus(1) == pair[1].first));
        assert_eq!(homes[0].first, day("2025-02-01"));
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        let calendar = Calendar::new(1).expect("a calendar");
        for text in [
            "", "26", "2026-H0", "2026-H3", "2026-W54", "2025-W53", "2026-Q5", "2026-Q", "2026-13", "2026-1",
            "2026-Q03", "2026x", "20é6",
        ] {
            assert!(calendar.parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_can_be_named_after_the_year_in_which_it_starts() {
        let calendar = Calendar::new(7).expect("a calendar").with_years_named(YearNamed::Start);
        let year = calendar.parse("2026").expect("a year");
        assert_eq!((year.first, year.last), (day("2026-07-01"), day("2027-06-30")));
        let half = calendar.containing(day("2027-01-01"), Every::Half).expect("a half");
        assert_eq!(half.to_string(), "2026-H2");
        assert_eq!(calendar.parse("2026-Q4").map(|one| one.last), Ok(day("2027-06-30")));
    }

    #[test]
    fn a_week_belongs_to_the_year_that_has_its_thursday() {
        let calendar = Calendar::new(4).expect("a calendar");
        for (any, label, first) in [
            ("2026-11-28", "2026-W48", "2026-11-23"),
            ("2027-01-03", "2026-W53", "2026-12-28"),
            ("2024-12-30", "2025-W01", "2024-12-30"),
        ] {
            let week = calendar.containing(day(any), Every::Week).expect("a week");
            assert_eq!((week.to_string(), week.first), (label.to_owned(), day(first)));
            assert_eq!(calendar.parse(label), Ok(week));
        }
    }

    #[test]
    fn days_are_named_by_the_calendar_and_by_themselves_if_it_has_no_name() {
        let calendar = Calendar::new(4).expect("a calendar");
        let named = |first: &str, last: &str| {
            calendar.named(DayRange { first: day(first), last: day(last) }).to_string()
        };
        assert_eq!(named("2026-01-01", "2026-03-31"), "2026-Q4");
        assert_eq!(named("2026-04-01", "2027-03-31"), "2027");
        assert_eq!(named("2026-02-01", "2026-02-28"), "2026-02");
        assert_eq!(named("2026-01-01", "2026-12-31"), "2026-01-01..2026-12-31");
        let unnamed = calendar.parse("2026-01-01..2026-12-31").expect("days");
        assert_eq!(unnamed.days().count(), 365);
        assert!(unnamed.is_unnamed() && !unnamed.is_fiscal());
        assert_eq!(calendar.parse("2026-04-01..2026-06-30"), calendar.parse("2027-Q1"));
        assert!(calendar.parse("2026-04-01..2026-03-31").is_err());
    }

    #[test]
    fn a_lasting_name_is_that_of_the_days_whatever_the_calendar() {
        let (april, february) =
            (Calendar::new(4).expect("a calendar"), Calendar::new(2).expect("a calendar"));
        for (calendar, typed, lasting) in [
            (Calendar::CIVIL, "2026-Q4", "2026-Q4"),
            (april, "2027-Q3", "2026-Q4"),
            (april, "2027", "2026-04-01/2027-03-31"),
            (february, "2027-Q1", "2026-02-01/2026-04-30"),
            (february, "2026-05", "2026-05"),
        ] {
            let period = calendar.parse(typed).expect("a period");
            assert_eq!(period.lasting_name(), lasting);
            assert_eq!(calendar.of_lasting_name(lasting), Some(period));
        }
    }

    #[test]
    fn a_name_says_other_days_only_if_those_of_a_year_from_january_are_others() {
        let april = Calendar::new(4).expect("a calendar");
        let fiscal = |calendar: Calendar, label: &str| calendar.parse(label).map(|one| one.is_fiscal());
        for (label, differs) in [("2026", true), ("2026-Q1", true), ("2026-05", false), ("2026-W20", false)] {
            assert_eq!(fiscal(april, label), Ok(differs), "{label}");
            assert_eq!(fiscal(Calendar::CIVIL, label), Ok(false), "{label}");
        }
    }
}
