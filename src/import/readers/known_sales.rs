//! The recorded sales of a partner beside the rows of an import: whether a row says what is known already.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{
    Counting, KnownReports, OverlapFault, ReportKey, Sale, SaleDetail, SalePart, SaleSpan, Sold, report_keys,
    reported_money, sale_keys, says_what_is_right, stands_in_place_of,
};
use crate::text::imports::{OtherParts, sale_differs};
use crate::text::overlaps::refused_as_known;
use crate::text::revenue::{OWN_REFERENCE, money_in_words, step_to_correct};

/// What a row is beside what is recorded, and beside the rows before it.
pub(super) enum RowNews {
    New,
    /// Known; perhaps its invoice is with the same amount on the same day, and with other parts, which stay.
    Known(Option<OtherParts>),
    /// Known by this event, which counts no more, since another stands in its place.
    Restated {
        event: i64,
        by: i64,
    },
    /// Known by this event, whose period was called so when it was recorded and had these days: another fiscal year was in force.
    OfOtherDays {
        event: i64,
        days: DayRange,
    },
}

/// The parts of a sale that a row of a known invoice can say otherwise.
const PARTS: [SalePart; 6] = [
    SalePart::Customer,
    SalePart::ShipTo,
    SalePart::Deal,
    SalePart::Quantity,
    SalePart::UnitPrice,
    SalePart::ListAmount,
];

/// Returns the reference of the sale that is returned, if the row is of a return.
pub(super) fn returned(sold: &Sold) -> Option<&str> {
    sold.detail.as_ref().and_then(|detail| detail.returns.as_deref())
}

/// Returns the days of a recorded sale of a period, if the same words mean others in a row.
fn other_days(sale: &Sale, sold: &Sold) -> Option<DayRange> {
    let first = sale.first.as_deref().and_then(|first| first.sold.days);
    let known = first.or(sale.period)?;
    (sold.days.is_some_and(|days| days != known) && sold.days != sale.period).then_some(known)
}

/// Says why a row cannot count that is known.
fn refused((day, sold): (Day, &Sold), fault: &OverlapFault, program: &Program) -> String {
    let place = SaleSpan::new(0, day, sold).in_the_way();
    refused_as_known(&place, fault, (program.currency, program.calendar))
}

/// A sale with a reference.
#[derive(Clone, Copy)]
struct KnownSale<'k> {
    day: Day,
    amount_minor: i64,
    period: Option<DayRange>,
    is_return: bool,
    said: &'k SaleDetail,
    /// The event, if it is recorded and not only in the file.
    event: Option<i64>,
}

/// The recorded sales of a partner, and those of the file so far.
pub(super) struct KnownSales<'k> {
    /// What was reported, be it replaced or corrected by now.
    reported: KnownReports,
    /// What counts, by event.
    pub counting: HashMap<i64, &'k Sale>,
    /// Which event stands in the place of another.
    restated: HashMap<i64, i64>,
    /// The events in whose place rows of this file stand.
    gone: HashSet<i64>,
    /// By reference and product, since an invoice may have several lines.
    by_reference: HashMap<(&'k str, Option<&'k str>), KnownSale<'k>>,
    /// Totals of the file without a reference.
    totals: HashSet<ReportKey>,
}

impl<'k> KnownSales<'k> {
    /// Takes what is recorded: what was reported first, and what counts.
    pub(super) fn new(events: &[Recorded], sales: &'k [Sale]) -> KnownSales<'k> {
        let first = events.iter().filter_map(|one| match &one.event {
            Event::Sold(sold) => Some(report_keys(one.day, sold).map(|key| (key, one.number))),
            _ => None,
        });
        let restated = events.iter().filter_map(|one| match &one.event {
            Event::Sold(sold) => sold.ties.as_deref().map(|ties| (one.number, ties)),
            _ => None,
        });
        let restated =
            restated.flat_map(|(by, ties)| ties.replaces.iter().map(move |event| (*event, by))).collect();
        let right = sales.iter().filter(|sale| sale.first.is_some());
        let right = right.flat_map(|sale| sale_keys(sale).into_iter().map(|key| (key, sale.event)));
        let reported = KnownReports::of(first.flatten().chain(right));
        let mut by_reference = HashMap::new();
        for sale in sales {
            if let Some(reference) = &sale.reference {
                let known = KnownSale {
                    day: sale.day,
                    amount_minor: sale.reported_minor(),
                    period: sale.period,
                    is_return: sale.said().returns.is_some(),
                    said: sale.said(),
                    event: Some(sale.event),
                };
                by_reference.insert((reference.as_str(), sale.product()), known);
            }
        }
        let counting = sales.iter().map(|sale| (sale.event, sale)).collect();
        KnownSales {
            reported,
            counting,
            restated,
            gone: HashSet::new(),
            by_reference,
            totals: HashSet::new(),
        }
    }

    /// Takes a sale that is new, and counts in place of these events; the same total again is then known.
    pub(super) fn take(&mut self, day: Day, sold: &'k Sold, replaced: &[i64]) {
        for event in replaced {
            self.counting.remove(event);
            self.gone.insert(*event);
        }
        if sold.reference.is_none() && SaleSpan::new(0, day, sold).is_total() {
            self.totals.extend(report_keys(day, sold));
        }
    }

    /// Returns whether the sale is already recorded. One that restates others is if it says what counts already and nothing
    /// else gives way to it, which `restates_alone` tells of an event; else it stands in place of its like too.
    ///
    /// # Errors
    /// Says that a sale with its reference is known with another amount or day.
    pub(super) fn compare(
        &mut self,
        (day, sold): (Day, &'k Sold),
        counting: &mut Counting,
        restates_alone: impl Fn(i64) -> bool,
        program: &Program,
    ) -> Result<RowNews, String> {
        let restates = counting.within || !counting.replaces.is_empty();
        if sold.reference.is_none() && report_keys(day, sold).any(|key| self.totals.contains(&key)) {
            return Ok(RowNews::Known(None));
        }
        let (now, restated, gone) = (&self.counting, &self.restated, &self.gone);
        let counts = |event: i64| {
            let is_right = || now.get(&event).is_some_and(|sale| says_what_is_right(sale, day, sold));
            if restates {
                return !counting.replaces.contains(&event) && is_right();
            }
            // What a row of this file stands in place of is not known by another of its rows.
            let mut stands = std::iter::successors(Some(event), |one| restated.get(one).copied());
            !stands.any(|one| gone.contains(&one))
        };
        // What counts comes before what was restated.
        let found = self.reported.repeated((day, sold), |event| now.contains_key(&event) && counts(event));
        match found.or_else(|| self.reported.repeated((day, sold), counts)) {
            None => {}
            Some(event) if !restates => return Ok(self.news_of_known(event, sold)),
            Some(event) => return self.restating(event, (day, sold), counting, restates_alone, program),
        }
        let Some(reference) = &sold.reference else { return Ok(RowNews::New) };
        let own = KnownSale {
            day,
            amount_minor: sold.amount_minor,
            period: sold.days,
            is_return: returned(sold).is_some(),
            said: sold.detail.as_deref().unwrap_or(&SaleDetail::NONE),
            event: None,
        };
        let known = match self.by_reference.entry((reference, sold.product())) {
            Entry::Occupied(mut known) => {
                let event = known.get().event;
                let gives_way = event.is_some_and(|event| counting.replaces.contains(&event))
                    || event.is_some_and(|event| self.gone.contains(&event))
                    || counting.within && event.is_some() && known.get().period == sold.days;
                if gives_way {
                    known.insert(own);
                    return Ok(RowNews::New);
                }
                *known.get()
            }
            Entry::Vacant(place) => {
                place.insert(own);
                return Ok(RowNews::New);
            }
        };
        if (known.day, known.amount_minor) == (day, sold.amount_minor) {
            let other = self.other_parts(reference, (known.event, known.said), own.said);
            return Ok(RowNews::Known(other));
        }
        Err(self.differs(reference, known, (day, sold), program))
    }

    /// Returns what a row is that restates others, where an event that counts says the same.
    ///
    /// # Errors
    /// Says that the event is not among those that are named.
    fn restating(
        &self,
        event: i64,
        (day, sold): (Day, &Sold),
        counting: &mut Counting,
        restates_alone: impl Fn(i64) -> bool,
        program: &Program,
    ) -> Result<RowNews, String> {
        let is_line = sold.reference.is_none() && !SaleSpan::new(0, day, sold).is_total();
        if counting.within {
            if counting.replaces.is_empty() && (is_line || restates_alone(event)) {
                return Ok(RowNews::Known(None));
            }
            counting.replaces.push(event);
            return Ok(RowNews::New);
        }
        match self.counting.get(&event) {
            Some(sale) if stands_in_place_of(sale, &counting.replaces) => Ok(RowNews::Known(None)),
            // The same may be sold twice.
            Some(sale) if !is_line => {
                let known = SaleSpan::of(sale).in_the_way();
                let fault = OverlapFault::Repeats { known, replaces: counting.replaces.clone() };
                Err(refused((day, sold), &fault, program))
            }
            _ => Ok(RowNews::New),
        }
    }

    /// Returns what a row is whose report is known by an event.
    fn news_of_known(&self, event: i64, sold: &Sold) -> RowNews {
        let stands = std::iter::successors(Some(event), |one| self.restated.get(one).copied());
        if let Some(by) = stands.last().filter(|by| *by != event && !self.counting.contains_key(&event)) {
            return RowNews::Restated { event, by };
        }
        if let Some(days) = self.counting.get(&event).and_then(|sale| other_days(sale, sold)) {
            return RowNews::OfOtherDays { event, days };
        }
        let known = self.counting.get(&event).map(|sale| (Some(event), sale.said()));
        let other = known.zip(sold.reference.as_ref()).and_then(|(known, reference)| {
            self.other_parts(reference, known, sold.detail.as_deref().unwrap_or(&SaleDetail::NONE))
        });
        RowNews::Known(other)
    }

    /// Returns which parts a row gives to a known invoice that neither counts with them nor was reported with them.
    fn other_parts(
        &self,
        reference: &str,
        (event, known): (Option<i64>, &SaleDetail),
        said: &SaleDetail,
    ) -> Option<OtherParts> {
        let sale = event.and_then(|event| self.counting.get(&event));
        let first = sale.and_then(|sale| sale.first.as_deref()?.sold.detail.as_deref());
        let parts = PARTS.into_iter().filter_map(|part| {
            let typed = said.part(part)?;
            let is_known = known.part(part) == Some(typed);
            let was_reported = first.and_then(|first| first.part(part)) == Some(typed);
            let recorded = known.part(part).map(str::to_owned);
            (!is_known && !was_reported).then(|| (part, recorded, typed.to_owned()))
        });
        let parts: Vec<(SalePart, Option<String>, String)> = parts.collect();
        let reference = reference.to_owned();
        (!parts.is_empty()).then_some(OtherParts { reference, event, parts })
    }

    /// Says that a row has the reference of a sale and differs from it.
    fn differs(
        &self,
        reference: &str,
        known: KnownSale,
        (day, sold): (Day, &Sold),
        program: &Program,
    ) -> String {
        let money = |minor: i64, said| reported_money(minor, said, program.currency);
        let sale = known.event.and_then(|event| self.counting.get(&event));
        let said = sale.and_then(|sale| sale.detail.as_deref());
        let recorded = (money(known.amount_minor, said), known.day);
        let reported = (money(sold.amount_minor, sold.detail.as_deref()), day);
        let is_of_sale = !known.is_return && returned(sold).is_some();
        match known.event {
            _ if is_of_sale => format!("ref `{reference}` is that of the sale; {OWN_REFERENCE}"),
            None => {
                let amount = money_in_words(&recorded.0);
                format!("ref `{reference}` is in the file twice, also with {amount} on {}", known.day)
            }
            Some(event) => {
                if let Some(sale) = sale.filter(|sale| sale.period != sold.days) {
                    let (reference, known) = (reference.to_owned(), SaleSpan::of(sale).in_the_way());
                    return refused((day, sold), &OverlapFault::OtherDays { reference, known }, program);
                }
                let step = step_to_correct(event, &recorded, &reported, program.currency.code());
                sale_differs(reference, &recorded.0, known.day, &step)
            }
        }
    }
}
