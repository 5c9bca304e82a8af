//! What was reported, is recorded and counts no more, since another record stands in its place.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::revenue::events::{Sale, Sold};
use crate::lifecycle::revenue::overlaps::Counting;
use crate::lifecycle::revenue::reported::report_keys;
use crate::lifecycle::revenue::spans::SaleSpan;

/// The very same as a report is recorded and counts no more: `by` is the event that stands in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleRestated {
    pub event: i64,
    pub by: i64,
    pub reference: Option<String>,
    pub amount: Amount,
    pub on: Day,
    /// Whether it is recorded once more.
    pub is_recorded_again: bool,
}

/// Returns the event of the very same report that counts no more, and the one that stands in its place; none if the same counts.
/// `sales` are those that count.
pub(crate) fn restated(events: &[Recorded], sales: &[Sale], day: Day, sold: &Sold) -> Option<(i64, i64)> {
    let keys: Vec<_> = report_keys(day, sold).collect();
    replaced(events, sales, |one, known| report_keys(one.day, known).any(|key| keys.contains(&key)))
}

/// Returns the event of a sale that a return names, if it counts no more and no other has its reference, and the event that
/// stands in its place.
pub(crate) fn returned_of_restated(events: &[Recorded], sales: &[Sale], sold: &Sold) -> Option<(i64, i64)> {
    let returns = sold.says().returns.as_deref()?;
    if sales.iter().any(|sale| sale.reference.as_deref() == Some(returns) && sale.reported_minor() > 0) {
        return None;
    }
    replaced(events, sales, |_, known| known.reference.as_deref() == Some(returns))
}

/// Returns whether the same report again is no new sale: with a reference, or of a period. Another line may be sold twice.
pub(crate) fn is_known_again(day: Day, sold: &Sold, counting: &Counting) -> bool {
    let is_one = sold.reference.is_some() || SaleSpan::new(0, day, sold).is_total();
    is_one && *counting == Counting::default()
}

/// Returns the newest event that is wanted and counts no more, and the one that stands in its place.
fn replaced(
    events: &[Recorded],
    sales: &[Sale],
    wanted: impl Fn(&Recorded, &Sold) -> bool,
) -> Option<(i64, i64)> {
    let sold = |one: &'_ Recorded| matches!(&one.event, Event::Sold(sold) if wanted(one, sold));
    let by = |event: i64| {
        events.iter().find_map(|one| match &one.event {
            Event::Sold(sold) => {
                sold.ties.as_ref().filter(|ties| ties.replaces.contains(&event)).map(|_| one.number)
            }
            _ => None,
        })
    };
    let counts = |event: i64| sales.iter().any(|sale| sale.event == event);
    let found: Vec<i64> = events.iter().filter(|one| sold(one)).map(|one| one.number).collect();
    if found.iter().any(|event| counts(*event)) {
        return None;
    }
    found.into_iter().rev().find_map(|event| {
        let newer = |of: &i64| by(*of).filter(|by| by > of);
        let last = std::iter::successors(by(event), newer).last()?;
        counts(last).then_some((event, last))
    })
}
