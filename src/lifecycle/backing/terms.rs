//! What was agreed with a partner, and since when until when it holds.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::program::{Field, FieldKind};

/// A term of the program: something that is agreed with each partner.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its key, and what values it takes.
    pub field: Field,
    pub name: String,
    /// So many days before it ends it is to be agreed anew. For a date, its value is the end.
    pub renewal_days: Option<i64>,
}

/// More days than anybody is told ahead.
const LONGEST_NOTICE: f64 = 3650.0;

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
        days.map_or(self.days, |days| days.ceil().min(LONGEST_NOTICE) as i64)
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

/// The last day of what is agreed of a term; a date is its own end.
fn end_of(term: &Term, agreement: &Agreement) -> Option<Day> {
    let dated = agreement.value.as_deref().filter(|_| term.field.kind == FieldKind::Date);
    dated.and_then(Day::parse_iso).or(agreement.until)
}

/// What is agreed of a term on a day, or was last, and the last day of it; none where it has no end, or something is
/// agreed beyond it already.
///
/// `agreements` are in order of the day on which they were made.
pub fn held_until<'a>(
    agreements: &(impl DoubleEndedIterator<Item = &'a Agreement> + Clone),
    term: &Term,
    day: Day,
) -> Option<(&'a Agreement, Option<Day>)> {
    let key = term.field.key.as_str();
    let last = || agreements.clone().rev().find(|one| one.term == key && one.from <= day);
    let agreement = in_force(agreements.clone(), key, day).or_else(last).filter(|one| one.value.is_some())?;
    let goes_on = |end: Day| {
        let next = in_force(agreements.clone(), key, end.plus(1));
        next.is_some_and(|next| end_of(term, next).is_none_or(|last| last > end))
    };
    Some((agreement, end_of(term, agreement).filter(|end| !goes_on(*end))))
}
