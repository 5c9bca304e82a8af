//! Periods and their days.

use std::collections::BTreeSet;

use crate::lifecycle::base::period::{Calendar, DayRange, Period};

impl Period {
    /// Returns its name, with its days if the name alone stands for others in a year that begins in January:
    /// `2027-Q1, 1 Apr to 30 Jun 2026`; the days alone if the calendar has no name for them.
    pub(crate) fn in_full(&self) -> String {
        let days = days_in_words(self.days());
        match (self.is_unnamed(), self.is_fiscal()) {
            (true, _) => days,
            (false, true) => format!("{self}, {days}"),
            (false, false) => self.to_string(),
        }
    }

    /// Returns its name in a table, below which the days of fiscal periods are said; the days themselves if it has none.
    pub(crate) fn in_table(&self) -> String {
        if self.is_unnamed() { days_in_words(self.days()) } else { self.to_string() }
    }

    /// Returns its name in a sentence that goes on, with its days as [`Period::in_full`]: `2027-Q1 (1 Apr to 30 Jun 2026)`.
    pub(crate) fn with_days(&self) -> String {
        let days = days_in_words(self.days());
        match (self.is_unnamed(), self.is_fiscal()) {
            (true, _) => days,
            (false, true) => format!("{self} ({days})"),
            (false, false) => self.to_string(),
        }
    }
}

/// How a text calls a period of the fiscal calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PeriodNaming {
    /// With its days, if the name alone does not say them.
    InFull,
    /// By its name alone: its days are said beside the text.
    ByName,
}

impl PeriodNaming {
    /// Returns what a period is called behind a comma or in brackets.
    pub(crate) fn named(self, period: &Period) -> String {
        match self {
            PeriodNaming::ByName if !period.is_unnamed() => period.to_string(),
            _ => period.in_full(),
        }
    }

    /// Returns what a period is called in a sentence that goes on.
    pub(crate) fn within(self, period: &Period) -> String {
        match self {
            PeriodNaming::ByName => self.named(period),
            PeriodNaming::InFull => period.with_days(),
        }
    }

    /// Returns a period with its noun, as [`of_period`].
    pub(crate) fn with_noun(self, period: &Period, noun: &str) -> String {
        match self {
            PeriodNaming::ByName if !period.is_unnamed() => format!("{period} {noun}"),
            _ => of_period(period, noun),
        }
    }
}

/// Returns a period with its noun, and its days if its name alone does not say them: `2026 plan`,
/// `2026 plan (1 Apr 2025 to 31 Mar 2026)`, `plan of 1 Jan to 31 Dec 2026`.
pub(crate) fn of_period(period: &Period, noun: &str) -> String {
    let days = || days_in_words(period.days());
    match (period.is_unnamed(), period.is_fiscal()) {
        (true, _) => format!("{noun} of {}", days()),
        (false, true) => format!("{period} {noun} ({})", days()),
        (false, false) => format!("{period} {noun}"),
    }
}

/// How many fiscal periods of a table are said with their days; of more the first and the last one.
const SAID: usize = 4;

/// Says which days the names of fiscal periods stand for: `2027-Q1 is 1 Apr to 30 Jun 2026.`; nothing if they are those of a
/// year that begins in January.
pub(crate) fn fiscal_periods<'p>(periods: impl Iterator<Item = &'p Period>) -> Option<String> {
    let fiscal: BTreeSet<&Period> = periods.filter(|one| one.is_fiscal() && !one.is_unnamed()).collect();
    let said = |one: &Period| format!("{one} is {}", days_in_words(one.days()));
    match (fiscal.first(), fiscal.last()) {
        (Some(first), Some(last)) if fiscal.len() > SAID => {
            Some(format!("{}, and so on up to {}.", said(first), last.in_full()))
        }
        (Some(_), _) => {
            Some(format!("{}.", fiscal.iter().map(|one| said(one)).collect::<Vec<String>>().join(", ")))
        }
        _ => None,
    }
}

/// Returns whether a text names a period as a word of its own: `2027` is not named by `2027-Q1`, nor by `2027-03-31`.
pub(crate) fn is_named(period: &Period, text: &str) -> bool {
    let name = period.to_string();
    text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == name)
}

/// Returns what the calendar calls the days that an event keeps, in full; the name that was recorded if it keeps none.
pub(crate) fn called(calendar: Calendar, name: &str, days: Option<DayRange>) -> String {
    days.map_or_else(|| name.to_owned(), |days| calendar.named(days).in_full())
}

/// Says days in words: `1 Apr to 30 Jun 2026`, `1 Apr 2026 to 31 Mar 2027`, `1 Apr 2026`.
pub(crate) fn days_in_words(days: DayRange) -> String {
    let (first, last) = (days.first.date(), days.last.date());
    let whole = last.format("%-d %b %Y");
    if first == last {
        return whole.to_string();
    }
    let same_year = first.format("%Y").to_string() == last.format("%Y").to_string();
    let began = first.format(if same_year { "%-d %b" } else { "%-d %b %Y" });
    format!("{began} to {whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_named_by_a_word_of_its_own() {
        let year = Calendar::new(4).and_then(|april| april.parse("2027").ok()).expect("a year");
        for (text, named) in [
            ("no plan for 2027; 2 more", true),
            ("missed (2027)", true),
            ("2027-Q1 missed", false),
            ("by 2027-03-31", false),
        ] {
            assert_eq!(is_named(&year, text), named, "{text}");
        }
    }

    #[test]
    fn a_fiscal_period_says_its_days_and_one_of_the_calendar_does_not() {
        let april = Calendar::new(4).expect("a calendar");
        for (typed, words) in [
            ("2027-Q1", "2027-Q1, 1 Apr to 30 Jun 2026"),
            ("2027", "2027, 1 Apr 2026 to 31 Mar 2027"),
            ("2026-05", "2026-05"),
            ("2026-01-01..2026-12-31", "1 Jan to 31 Dec 2026"),
            ("2026-04-01..2026-04-01", "1 Apr 2026"),
        ] {
            assert_eq!(april.parse(typed).map(|one| one.in_full()).as_deref(), Ok(words));
        }
        assert_eq!(Calendar::CIVIL.parse("2026-H1").map(|one| one.in_full()).as_deref(), Ok("2026-H1"));
    }
}
