//! What is recorded of terms, and what is known of them after that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::program::fields::FieldKind;
use crate::lifecycle::terms::section::Term;

/// Values were agreed with the partner. `None` gives a term up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TermsAgreed {
    pub values: BTreeMap<String, Option<String>>,
    /// The first day on which they hold; without it, the day of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day on which they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Who agreed for the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// One term as it was agreed at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    pub event: i64,
    /// The day on which it was agreed.
    pub day: Day,
    pub term: String,
    /// None if the term was given up.
    pub value: Option<String>,
    pub from: Day,
    pub until: Option<Day>,
    pub by: Option<String>,
    /// How often the partner had come back after leaving by then; terms start again each time.
    pub life: u32,
}

impl Agreement {
    /// Tells whether the agreement holds on a day.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Returns what is agreed of a term on a day: of several agreements that cover it, the one made last.
///
/// `agreements` are in order of the day on which they were made.
pub(crate) fn in_force<'a>(
    agreements: impl DoubleEndedIterator<Item = &'a Agreement>,
    term: &str,
    day: Day,
) -> Option<&'a Agreement> {
    let newest = agreements.rev().find(|one| one.term == term && one.covers(day));
    newest.filter(|one| one.value.is_some())
}

/// Returns what is agreed and holds only from a day after `day`, in order of that day; what was withdrawn or replaced
/// since is left out.
///
/// `agreements` are in order of the day on which they were made.
pub(crate) fn to_come<'a>(
    agreements: &(impl DoubleEndedIterator<Item = &'a Agreement> + Clone),
    day: Day,
) -> Vec<&'a Agreement> {
    let counts = |one: &&Agreement| {
        one.from > day
            && in_force(agreements.clone(), &one.term, one.from).is_some_and(|now| now.event == one.event)
    };
    let mut found: Vec<&Agreement> = agreements.clone().filter(counts).collect();
    found.sort_by_key(|one| (one.from, one.term.as_str()));
    found
}

/// The last day of what is agreed of a term; a date is its own end.
fn end_of(term: &Term, agreement: &Agreement) -> Option<Day> {
    agreement.value.as_deref().and_then(|value| dated_end(term, value)).or(agreement.until)
}

/// Returns the days on which a term was agreed again with a later end than before, in order.
///
/// `agreements` are in order of the day on which they were made.
pub(crate) fn renewed_on<'a>(agreements: impl Iterator<Item = &'a Agreement>, term: &Term) -> Vec<Day> {
    // The end of what was agreed before: none if nothing was, or it was given up.
    let mut before: Option<Option<Day>> = None;
    let mut renewed = Vec::new();
    for one in agreements.filter(|one| one.term == term.field.key) {
        let end = end_of(term, one);
        let is_later = |before: Day| end.is_none_or(|end| end > before);
        if one.value.is_some() && before.flatten().is_some_and(is_later) {
            renewed.push(one.day);
        }
        before = one.value.as_ref().map(|_| end);
    }
    renewed
}

/// Returns the day on which a term ends by its own value; none if it is no date.
pub(crate) fn dated_end(term: &Term, value: &str) -> Option<Day> {
    if term.field.kind == FieldKind::Date { Day::parse_iso(value) } else { None }
}

/// Returns what is agreed of a term on a day, or was last, and the last day of it; none if it has no end, or something
/// is agreed beyond it already.
///
/// `agreements` are in order of the day on which they were made.
pub(crate) fn held_until<'a>(
    agreements: &(impl DoubleEndedIterator<Item = &'a Agreement> + Clone),
    term: &Term,
    day: Day,
) -> Option<(&'a Agreement, Option<Day>)> {
    let key = term.field.key.as_str();
    let last = || agreements.clone().rev().find(|one| one.term == key && one.from <= day);
    let agreement = in_force(agreements.clone(), key, day).or_else(last).filter(|one| one.value.is_some())?;
    let goes_on = |end: Day| {
        let next = in_force(agreements.clone(), key, end.plus(1).max(day));
        next.is_some_and(|next| end_of(term, next).is_none_or(|last| last > end))
    };
    Some((agreement, end_of(term, agreement).filter(|end| !goes_on(*end))))
}
