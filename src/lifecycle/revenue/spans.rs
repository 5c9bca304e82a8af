//! What of a record says which others share its days, and records by their days, so that those are found at once.

use std::collections::{BTreeMap, HashMap};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::revenue::events::{Sale, SaleDetail, Sold};

/// A record in the way of another: what can be said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InTheWay {
    /// The number of its event; below zero the line of a file.
    pub event: i64,
    /// Of a period, its days; else one day.
    pub days: DayRange,
    pub is_period: bool,
    pub product: Option<String>,
    pub amount_minor: i64,
}

/// What of a record says what it overlaps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SaleSpan<'s> {
    pub event: i64,
    pub days: DayRange,
    pub product: Option<&'s str>,
    pub is_period: bool,
    pub is_total: bool,
    /// It names what it returns.
    pub returns: Option<&'s str>,
    pub reference: Option<&'s str>,
    /// As reported, with its parts.
    pub amount_minor: i64,
    pub beside: bool,
}

impl<'s> SaleSpan<'s> {
    /// Returns the place of a sale that is known.
    pub(crate) fn of(sale: &'s Sale) -> SaleSpan<'s> {
        let beside = sale.ties.as_ref().is_some_and(|ties| ties.beside);
        let place = SaleSpan::said(sale.said(), sale.days(), sale.period.is_some());
        let (event, amount_minor) = (sale.event, sale.reported_minor());
        SaleSpan { event, amount_minor, beside, reference: sale.reference.as_deref(), ..place }
    }

    /// Returns the place of a sale that is to be recorded on a day as `event`.
    pub(crate) fn new(event: i64, day: Day, sold: &'s Sold) -> SaleSpan<'s> {
        let days = sold.days.unwrap_or(DayRange { first: day, last: day });
        let said = sold.detail.as_deref().unwrap_or(&SaleDetail::NONE);
        let place = SaleSpan::said(said, days, sold.days.is_some());
        SaleSpan { event, amount_minor: sold.amount_minor, reference: sold.reference.as_deref(), ..place }
    }

    fn said(said: &'s SaleDetail, days: DayRange, is_period: bool) -> SaleSpan<'s> {
        let is_line = said.customer.is_some() || said.deal.is_some() || said.ship_to.is_some();
        SaleSpan {
            event: 0,
            days,
            product: said.product.as_deref(),
            is_period,
            is_total: is_period && !is_line && said.returns.is_none(),
            returns: said.returns.as_deref(),
            reference: None,
            amount_minor: 0,
            beside: false,
        }
    }

    /// Returns whether it is a total.
    pub(crate) fn is_total(&self) -> bool {
        self.is_total
    }

    /// Returns whether it is in nobody's way: it adds nothing, or takes back a sale that it names.
    pub(super) fn gives_way(&self) -> bool {
        self.amount_minor == 0 || self.returns.is_some()
    }

    fn shares_product(&self, other: &SaleSpan) -> bool {
        self.product.is_none() || other.product.is_none() || self.product == other.product
    }

    /// Returns whether all its days are among these.
    pub(super) fn lies_within(&self, days: DayRange) -> bool {
        days.first <= self.days.first && self.days.last <= days.last
    }

    /// Returns whether it can be a part of a total.
    pub(crate) fn is_part_for(&self, total: &SaleSpan) -> bool {
        total.is_total && self.lies_within(total.days) && self.shares_product(total)
    }

    /// Returns what can be said of it.
    pub(crate) fn in_the_way(&self) -> InTheWay {
        InTheWay {
            event: self.event,
            days: self.days,
            is_period: self.is_period,
            product: self.product.map(str::to_owned),
            amount_minor: self.amount_minor,
        }
    }
}

/// Returns whether a sale is a total.
pub(crate) fn is_total(sale: &Sale) -> bool {
    SaleSpan::of(sale).is_total
}

/// Records of some kind by their first day, so that those that share days are found at once.
#[derive(Default)]
pub(super) struct ByDays {
    /// The event of each, with its last day.
    last: BTreeMap<(Day, i64), Day>,
    /// How many days the longest has.
    longest: i64,
}

impl ByDays {
    /// Adds a record.
    pub(super) fn insert(&mut self, place: &SaleSpan) {
        self.longest = self.longest.max(place.days.count());
        self.last.insert((place.days.first, place.event), place.days.last);
    }

    /// Takes a record out.
    pub(super) fn remove(&mut self, place: &SaleSpan) {
        self.last.remove(&(place.days.first, place.event));
    }

    /// Returns the events that share a day with these days.
    fn sharing(&self, days: DayRange) -> impl Iterator<Item = i64> {
        let from = (days.first.plus(1 - self.longest.max(1)), i64::MIN);
        let reaches = move |(_, last): &(&(Day, i64), &Day)| **last >= days.first;
        self.last.range(from..=(days.last, i64::MAX)).filter(reaches).map(|((_, event), _)| *event)
    }
}

/// Records that have one total as parts, or none.
#[derive(Default)]
pub(super) struct Siblings<'s> {
    /// Totals and lines, by product and of all products.
    by_product: HashMap<Option<&'s str>, [ByDays; 2]>,
    all: [ByDays; 2],
}

impl<'s> Siblings<'s> {
    /// Adds a record or takes it out.
    pub(super) fn change(&mut self, place: &SaleSpan<'s>, change: impl Fn(&mut ByDays, &SaleSpan)) {
        let kind = usize::from(!place.is_total);
        change(&mut self.all[kind], place);
        change(&mut self.by_product.entry(place.product).or_default()[kind], place);
    }

    /// Returns the records that share days and product with one, of which one of the two is a total.
    pub(super) fn in_the_way_of<'o>(&'o self, place: &'o SaleSpan<'s>) -> impl Iterator<Item = i64> {
        let kinds = if place.is_total { 2 } else { 1 };
        let own = place.product.is_some();
        let all = self.all.iter().filter(move |_| !own).take(kinds);
        let of = move |product: Option<&'s str>| {
            self.by_product
                .get(&product)
                .filter(move |_| own)
                .into_iter()
                .flat_map(move |two| two.iter().take(kinds))
        };
        all.chain(of(place.product)).chain(of(None)).flat_map(move |one| one.sharing(place.days))
    }
}
