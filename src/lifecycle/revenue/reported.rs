//! When a record is the very same as another: by what was first reported of it.
//!
//! A rate, the amount that it gives in the program's currency, and what a correction made of a record are not reported, so
//! they tell no two records apart. A record is known by what was first reported of it, and by what is right of it: a
//! partner may send its first report again, or a corrected one. With a reference, its product, day or period and amount
//! say the rest; without one, all that was reported does.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::revenue::events::{Sale, SaleDetail, Sold};
use crate::lifecycle::revenue::spans::SaleSpan;
use crate::lifecycle::revenue::typed::foreign_minor;

/// What two partners can report of one sale.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Invoice<'s> {
    pub reference: Option<&'s str>,
    pub day: Day,
    /// The currency if it is not the program's, and the amount in its minor units.
    pub money: (Option<&'s str>, Option<i64>),
    pub said: &'s SaleDetail,
}

impl<'s> Invoice<'s> {
    /// Returns what is right of a sale.
    pub(crate) fn right(sale: &'s Sale) -> Invoice<'s> {
        let said = sale.said();
        Invoice {
            reference: sale.reference.as_deref(),
            day: sale.day,
            money: money(sale.reported_minor(), said),
            said,
        }
    }

    /// Returns what was first reported of a sale.
    pub(crate) fn first(sale: &'s Sale) -> Invoice<'s> {
        let Some(first) = &sale.first else { return Invoice::right(sale) };
        let (sold, said) = (&first.sold, first.sold.says());
        Invoice {
            reference: sold.reference.as_deref(),
            day: first.day,
            money: money(sold.amount_minor, said),
            said,
        }
    }
}

/// Returns the currency of an amount if it is not the program's, and its minor units; `own_minor` is what it comes to there.
fn money(own_minor: i64, said: &SaleDetail) -> (Option<&str>, Option<i64>) {
    match said.currency.as_deref() {
        None => (None, Some(own_minor)),
        code => (code, foreign_minor(said)),
    }
}

/// Returns the sale as it stood when an event was recorded, as far as corrections after it go.
pub(crate) fn as_of_event(sale: &Sale, event: i64) -> Sale {
    let Some(first) = sale.first.as_ref().filter(|first| first.corrected_by > event) else {
        return sale.clone();
    };
    Sale { ties: sale.ties.clone(), ..Sale::reported(sale.event, first.day, &first.sold) }
}

/// What is reported of a sale; two that are equal are one record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Reported<'s> {
    reference: Option<&'s str>,
    product: Option<&'s str>,
    when: ReportedWhen<'s>,
    /// The currency if it is not the program's, and the amount in its minor units.
    money: (Option<&'s str>, Option<i64>),
    /// Quantity, unit price, customer, place, list amount, what is returned and deal, of a record without a reference.
    rest: [Option<&'s str>; 7],
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum ReportedWhen<'s> {
    Day(Day),
    Days(DayRange),
    Words(&'s str),
}

impl<'s> Reported<'s> {
    fn of(
        when: ReportedWhen<'s>,
        amount_minor: i64,
        reference: Option<&'s str>,
        said: &'s SaleDetail,
    ) -> Reported<'s> {
        let SaleDetail { quantity, unit_price, customer, ship_to, list_amount, returns, deal, .. } = said;
        let rest =
            [quantity, unit_price, customer, ship_to, list_amount, returns, deal].map(Option::as_deref);
        let money = money(amount_minor, said);
        let rest = if reference.is_some() { [None; 7] } else { rest };
        Reported { reference, product: said.product.as_deref(), when, money, rest }
    }

    fn key(&self) -> ReportKey {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        ReportKey(hasher.finish())
    }
}

/// A number for what is reported of a sale: equal for equal records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct ReportKey(u64);

/// Returns the keys of what is reported on a day: of a period by its words and by its days.
pub(crate) fn report_keys(day: Day, sold: &Sold) -> impl Iterator<Item = ReportKey> {
    let said = sold.detail.as_deref().unwrap_or(&SaleDetail::NONE);
    let whens = match &sold.period {
        None => [Some(ReportedWhen::Day(day)), None],
        Some(words) => [Some(ReportedWhen::Words(words)), sold.days.map(ReportedWhen::Days)],
    };
    let of = |when| Reported::of(when, sold.amount_minor, sold.reference.as_deref(), said).key();
    whens.map(|when| when.map(of)).into_iter().flatten()
}

/// Returns the keys of a sale as it was first reported and, if it was corrected, as it is right.
pub(crate) fn sale_keys(sale: &Sale) -> Vec<ReportKey> {
    let first = sale.first.iter().flat_map(|first| report_keys(first.day, &first.sold));
    first.chain([right_key(sale)]).collect()
}

/// Returns the key of a sale as it is right.
fn right_key(sale: &Sale) -> ReportKey {
    let when = sale.period.map_or(ReportedWhen::Day(sale.day), ReportedWhen::Days);
    Reported::of(when, sale.reported_minor(), sale.reference.as_deref(), sale.said()).key()
}

/// Returns whether a sale counts in place of all these events.
pub(crate) fn stands_in_place_of(sale: &Sale, events: &[i64]) -> bool {
    let known = sale.ties.as_ref().map_or(&[][..], |ties| &ties.replaces);
    events.iter().all(|event| known.contains(event))
}

/// Returns whether a report of a day says what is right of a sale that is known.
pub(crate) fn says_what_is_right(sale: &Sale, day: Day, sold: &Sold) -> bool {
    let right = right_key(sale);
    report_keys(day, sold).any(|key| key == right)
}

/// Returns whether a report of a day says the very same as a sale that is known.
pub(crate) fn says_the_same(sale: &Sale, day: Day, sold: &Sold) -> bool {
    let known = sale_keys(sale);
    report_keys(day, sold).any(|key| known.contains(&key))
}

/// The records of a partner by what is reported of them, each of which knows as many reports again as it may.
#[derive(Default)]
pub(crate) struct KnownReports {
    /// In order, with the numbers of events.
    by_key: Vec<(ReportKey, i64)>,
    /// From where on events of a key may not be used up.
    from: HashMap<ReportKey, usize>,
    used: HashSet<i64>,
}

impl KnownReports {
    /// Makes it of keys, each with the number of its event.
    pub(crate) fn of(keys: impl Iterator<Item = (ReportKey, i64)>) -> KnownReports {
        let mut by_key: Vec<(ReportKey, i64)> = keys.collect();
        by_key.sort_unstable();
        by_key.dedup();
        KnownReports { by_key, ..KnownReports::default() }
    }

    /// Returns the event that a report repeats, if there is one that counts as `counts` says. A line without a reference
    /// repeats each event once, since the same may be sold twice; anything else is known however often it comes.
    pub(crate) fn repeated(
        &mut self,
        (day, sold): (Day, &Sold),
        counts: impl Fn(i64) -> bool,
    ) -> Option<i64> {
        if self.by_key.is_empty() {
            return None;
        }
        let is_single = sold.reference.is_none() && !SaleSpan::new(0, day, sold).is_total();
        for key in report_keys(day, sold) {
            let start = self.by_key.partition_point(|(known, _)| *known < key);
            let start = self.from.get(&key).copied().unwrap_or(start);
            let run = self.by_key[start..].iter().take_while(|(known, _)| *known == key);
            let free = |event: i64| !is_single || !self.used.contains(&event);
            let found = run.enumerate().find(|(_, (_, event))| free(*event) && counts(*event));
            if let Some((at, (_, event))) = found {
                let event = *event;
                if is_single {
                    self.used.insert(event);
                    self.from.insert(key, start + at + 1);
                }
                return Some(event);
            }
        }
        None
    }
}
