//! What was agreed with a partner, and since when until when it holds.

use crate::domain::day::Day;
use crate::domain::program::Field;

/// A term of the program: something that is agreed with each partner.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its key, and what values it takes.
    pub field: Field,
    pub name: String,
    /// So many days before it ends it is to be agreed anew. For a date, its value is the end.
    pub renewal_days: Option<i64>,
}

/// How long before a launch partners are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub days: i64,
    /// The term that says otherwise for one partner.
    pub term: Option<String>,
    /// Who sends messages, such as `Ana <ana@example.com>`.
    pub sender: Option<String>,
}

/// One term as it was agreed at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    pub event: i64,
    /// The day on which it was agreed.
    pub day: Day,
    pub term: String,
    /// None where the term was given up.
    pub value: Option<String>,
    pub from: Day,
    pub until: Option<Day>,
    pub by: Option<String>,
    /// How often the partner had come back after leaving by then; terms start again each time.
    pub life: u32,
}

impl Notice {
    /// The days where `value` is what is agreed with one partner.
    pub fn agreed(&self, value: Option<&str>) -> i64 {
        let days = value.and_then(|value| value.parse::<f64>().ok()).filter(|days| *days >= 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "a number of days")]
        days.map_or(self.days, |days| days.ceil() as i64)
    }
}

impl Agreement {
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What is agreed of a term on a day: of several agreements that cover it, the one made last.
///
/// `agreements` are in order of the day on which they were made.
pub fn in_force<'a>(
    agreements: impl DoubleEndedIterator<Item = &'a Agreement>,
    term: &str,
    day: Day,
) -> Option<&'a Agreement> {
    let newest = agreements.rev().find(|one| one.term == term && one.covers(day));
    newest.filter(|one| one.value.is_some())
}
