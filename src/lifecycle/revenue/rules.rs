//! Reporting revenue: how a sale is taken in, the rules, and which reports are due.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::countries::Country;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::{Amount, Currency, Money};
use crate::lifecycle::base::period::{Calendar, Period};
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::corrected::check_parts;
use crate::lifecycle::revenue::events::{FirstReport, Sale, SaleDetail, SalePart, Sold};
use crate::lifecycle::revenue::overlaps::{Counting, Overlap, OverlapFault, Overlaps, newly_counted_twice};
use crate::lifecycle::revenue::reported::{says_the_same, says_what_is_right, stands_in_place_of};
use crate::lifecycle::revenue::returns::{
    ReturnFault, ReturnableSales, UnfitReturn, broken_return, unfit_returns,
};
use crate::lifecycle::revenue::spans::{InTheWay, SaleSpan, is_total};
use crate::lifecycle::revenue::typed::{SaleFault, foreign_minor};
use crate::lifecycle::revenue::ways_out::{WayOut, ways_out};
use crate::lifecycle::rule::{Decision, Ruling};

impl Happening for Sold {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        partner.sales.push(Sale {
            event: at.event,
            day: at.day,
            amount_minor: at.amount_minor(self.amount_minor),
            parts_minor: 0,
            period: self.period.as_deref().map(|name| at.days(name, self.days, std::iter::empty())),
            reference: match at.corrected_sale {
                Some(right) => right.right(SalePart::Ref, self.reference.as_ref()),
                None => self.reference.clone(),
            },
            detail: match at.corrected_sale {
                Some(right) => right.applied_to(self.detail.as_ref()),
                None => self.detail.clone(),
            },
            ties: self.ties.clone(),
            first: at.corrected_by.map(|corrected_by| {
                let sold = Sold { ties: None, ..self.clone() };
                Arc::new(FirstReport { day: at.recorded_day, sold, corrected_by })
            }),
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.reference = self.reference.take().map(|text| forgetting.instead("sale", &text));
        if let Some(detail) = self.detail.take() {
            let mut detail = (*detail).clone();
            forget_place(&mut detail.ship_to);
            detail.returns = detail.returns.map(|text| forgetting.instead("sale", &text));
            detail.customer = detail.customer.map(|text| forgetting.instead("customer", &text));
            detail.deal = detail.deal.map(|text| forgetting.instead("deal", &text));
            self.detail = Some(Arc::new(detail));
        }
    }
}

/// Leaves of a place its country, which names nobody, so that the territory can still be checked.
pub(crate) fn forget_place(place: &mut Option<String>) {
    match place.as_deref().and_then(Country::of_place) {
        Some(country) => *place = Some(country.code().to_owned()),
        None => erase(place),
    }
}

/// Why reported revenue is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RevenueRefusal {
    /// The reference is known with another amount or day; `sale` is the number of the event that recorded it.
    ReferenceTaken {
        reference: String,
        sale: i64,
        recorded: (ReportedMoney, Day),
        reported: (ReportedMoney, Day),
        /// The code of the program's currency.
        own: &'static str,
    },
    /// It is a return with the reference of a sale, which has to have its own.
    ReferenceOfSale { reference: String },
    /// It is a return that does not fit the sale that it names.
    Return { fault: ReturnFault, partner: String, key: String, currency: Currency },
    /// The sale that a return names counts no more: `by` stands in its place.
    ReturnOfRestated { reference: String, event: i64, by: i64 },
    /// A return that is recorded would no longer fit the sale that it names.
    ReturnBroken { unfit: UnfitReturn, partner: String, key: String, currency: Currency },
    /// The record of these days would count twice, or cannot count as was said.
    Overlap {
        place: InTheWay,
        fault: OverlapFault,
        /// How it is taken all the same.
        ways: Vec<WayOut>,
        partner: String,
        currency: Currency,
        calendar: Calendar,
    },
    /// After the change, two records would say the same of one invoice or report.
    NamedTwice { reference: String, events: [i64; 2], partner: String, key: String },
    /// The very same line would come back that was recorded again since.
    BackTwice { event: i64, again: i64, amount: Amount, on: Day, partner: String },
    /// A record would count in place of another, or as a part of it, that is another partner's then.
    TornApart { event: i64, other: i64, partner: String, whose: String },
    /// After the change, the record of an event would count twice, or could not count as was said.
    OverlapMade {
        overlap: Overlap,
        /// The events in whose place the record stands.
        replaces: Vec<i64>,
        partner: String,
        key: String,
        currency: Currency,
        calendar: Calendar,
    },
    /// After the change, the parts of a sale would contradict each other.
    PartsContradict { event: i64, partner: String, key: String, fault: SaleFault },
}

/// An amount in the currency in which it was reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ReportedMoney {
    pub amount: Money,
    /// If it is not the program's.
    pub code: Option<String>,
}

/// Returns an amount as it was reported; `minor` is what it comes to in the program's currency.
pub(crate) fn reported_money(minor: i64, detail: Option<&SaleDetail>, currency: Currency) -> ReportedMoney {
    let foreign = detail.and_then(|said| {
        let own = Currency::from_code(said.currency.as_deref()?)?;
        Some(ReportedMoney { amount: own.money(foreign_minor(said)?.into()), code: said.currency.clone() })
    });
    foreign.unwrap_or_else(|| ReportedMoney { amount: currency.money(minor.into()), code: None })
}

/// Nothing is recorded: this is the very same as an event that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleKnown {
    pub event: i64,
    pub reference: Option<String>,
    pub amount: Amount,
    /// The period, or else the day.
    pub period: Option<Period>,
    pub on: Day,
    /// What is right of it since it was corrected, if that is another amount or day.
    pub corrected: Option<(Amount, Day)>,
}

/// A record of nothing beside those of its days, which count on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct GivesWay {
    /// How many there are, with the first of them and the sum of all.
    pub count: usize,
    pub event: i64,
    pub amount: Amount,
}

/// A sale without a reference has the period and the amount of one that an event recorded: it may be typed twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleRepeated {
    pub amount: Amount,
    pub period: Period,
    pub event: i64,
}

/// Returns the sale that is recorded a second time, if it seems so.
pub(crate) fn repeated(facts: PartnerFacts, sale: &Sold) -> Option<SaleRepeated> {
    let days = sale.days.filter(|_| sale.reference.is_none())?;
    let period = facts.program.calendar.named(days);
    let event = facts.partner.sales.iter().find(|one| says_the_same(one, facts.day, sale))?.event;
    Some(SaleRepeated { amount: facts.program.currency.amount(sale.amount_minor.into()), period, event })
}

/// Returns what a total of nothing gives way to, if there is something.
pub(crate) fn gives_way(facts: PartnerFacts, sale: &Sold) -> Option<GivesWay> {
    let place = SaleSpan::new(i64::MAX, facts.day, sale);
    if sale.amount_minor != 0 || !place.is_total() {
        return None;
    }
    let counted = Overlaps::of(&facts.partner.sales).counted_on(&place);
    let sum = counted.iter().map(|one| i128::from(one.amount_minor)).sum();
    let event = counted.iter().map(|one| one.event).min()?;
    Some(GivesWay { count: counted.len(), event, amount: facts.program.currency.amount(sum) })
}

/// Records reported revenue; a reference makes recording it twice harmless, for each product of an invoice.
///
/// # Errors
/// Refused if the reference is known with another amount or day, and if it would count twice.
pub fn sold(facts: PartnerFacts, request: &Sold) -> Ruling {
    sold_as(facts, facts.partner, request, &Counting::default())
}

/// Records reported revenue that counts beside others of its days as `counting` says; `latest` is the partner with what
/// happened after the day too.
///
/// # Errors
/// Refused if the reference is known with another amount or day, and if it would count twice.
pub(crate) fn sold_as(facts: PartnerFacts, latest: &Partner, request: &Sold, counting: &Counting) -> Ruling {
    let record = |counting: &Counting| sold_in_one_way(facts, latest, request.clone(), counting);
    record(counting).map_err(|refused| match refused.facts::<RevenueRefusal>().cloned() {
        Some(RevenueRefusal::Overlap { place, fault, partner, currency, calendar, .. }) => {
            let ways = ways_out(counting, record, fault_of);
            Error::refused(RevenueRefusal::Overlap { place, fault, ways, partner, currency, calendar })
        }
        _ => refused,
    })
}

/// Returns which record is in the way of one that is refused, if one is.
fn fault_of(refused: &Error) -> Option<&OverlapFault> {
    match refused.facts::<RevenueRefusal>()? {
        RevenueRefusal::Overlap { fault, .. } => Some(fault),
        _ => None,
    }
}

/// Records reported revenue as [`sold_as`] does, without other ways if it is refused.
fn sold_in_one_way(facts: PartnerFacts, latest: &Partner, mut request: Sold, counting: &Counting) -> Ruling {
    let PartnerFacts { program, day, .. } = facts;
    let place = SaleSpan::new(i64::MAX, day, &request);
    let mut counting = counting.clone();
    match again(latest, day, &request, &counting) {
        Again::New => {}
        Again::Known(sale) => return Ok(Decision::already(known(program, sale, day, &request))),
        Again::Instead(sale) => counting.replaces.push(sale.event),
        Again::Beside(sale) => {
            let (known, replaces) = (SaleSpan::of(sale).in_the_way(), counting.replaces);
            return Err(overlap(facts, &place, OverlapFault::Repeats { known, replaces }));
        }
        Again::Differs(sale) if sale.period != request.days => {
            let reference = request.reference.clone().unwrap_or_default();
            let known = SaleSpan::of(sale).in_the_way();
            return Err(overlap(facts, &place, OverlapFault::OtherDays { reference, known }));
        }
        Again::Differs(sale) => return Err(differs(program, sale, day, &request)),
    }
    let is_alone = !place.is_total() && counting == Counting::default() && !latest.sales.iter().any(is_total);
    if is_alone {
        return Decision::record(request);
    }
    let ties = Overlaps::of(&latest.sales).take(place, &counting);
    let ties = ties.map_err(|fault| overlap(facts, &place, fault))?;
    request.ties = ties.map(Arc::new);
    check_replaced(facts, latest, &request)?;
    Decision::record(request)
}

/// Says why a record cannot count as was said.
fn overlap(facts: PartnerFacts, place: &SaleSpan, fault: OverlapFault) -> Error {
    let PartnerFacts { program, partner, .. } = facts;
    let (place, partner) = (place.in_the_way(), partner.name().to_owned());
    let (currency, calendar) = (program.currency, program.calendar);
    Error::refused(RevenueRefusal::Overlap { place, fault, ways: Vec::new(), partner, currency, calendar })
}

/// What a report that comes is to those that are known.
enum Again<'s> {
    New,
    /// It is the very same as this one.
    Known(&'s Sale),
    /// It is the very same, and is to stand in place of all within its days.
    Instead(&'s Sale),
    /// It is the very same, and is to stand in place of others that are named.
    Beside(&'s Sale),
    /// It has the reference of this one and says something else.
    Differs(&'s Sale),
}

fn again<'s>(latest: &'s Partner, day: Day, request: &Sold, counting: &Counting) -> Again<'s> {
    let place = SaleSpan::new(i64::MAX, day, request);
    let is_named = request.reference.is_some();
    let restates = counting.within || !counting.replaces.is_empty();
    let mut others = latest.sales.iter().filter(|sale| !counting.replaces.contains(&sale.event));
    let is_same = |sale: &&Sale| {
        if restates { says_what_is_right(sale, day, request) } else { says_the_same(sale, day, request) }
    };
    if is_named || place.is_total() && !counting.beside {
        match others.clone().find(is_same) {
            None => {}
            Some(sale) if !restates => return Again::Known(sale),
            Some(sale) => {
                let is_alone = || {
                    let overlaps = Overlaps::of(&latest.sales);
                    overlaps.restates_nothing_but(&place, sale.event, &HashSet::new())
                };
                let is_known = if counting.within {
                    counting.replaces.is_empty() && is_alone()
                } else {
                    stands_in_place_of(sale, &counting.replaces)
                };
                return match counting.within {
                    _ if is_known => Again::Known(sale),
                    true => Again::Instead(sale),
                    false => Again::Beside(sale),
                };
            }
        }
    }
    let named = others
        .find(|sale| is_named && sale.reference == request.reference && sale.product() == request.product());
    match named {
        Some(sale) if !counting.within || sale.period != request.days => Again::Differs(sale),
        _ => Again::New,
    }
}

/// Says that a report repeats a sale.
fn known(program: &Program, sale: &Sale, day: Day, request: &Sold) -> SaleKnown {
    let amount = |minor: i64| program.currency.amount(minor.into());
    let right = (sale.reported_minor(), sale.day);
    SaleKnown {
        event: sale.event,
        reference: request.reference.clone(),
        amount: amount(request.amount_minor),
        period: request.days.map(|days| program.calendar.named(days)),
        on: day,
        corrected: (sale.first.is_some() && right != (request.amount_minor, day))
            .then(|| (amount(right.0), right.1)),
    }
}

/// Says that a report has the reference of a sale and differs from it.
fn differs(program: &Program, sale: &Sale, day: Day, request: &Sold) -> Error {
    let reference = request.reference.clone().unwrap_or_default();
    if request.says().returns.is_some() && sale.said().returns.is_none() {
        return Error::refused(RevenueRefusal::ReferenceOfSale { reference });
    }
    let money = |minor: i64, said| reported_money(minor, Some(said), program.currency);
    Error::refused(RevenueRefusal::ReferenceTaken {
        reference,
        sale: sale.event,
        recorded: (money(sale.reported_minor(), sale.said()), sale.day),
        reported: (money(request.amount_minor, request.says()), day),
        own: program.currency.code(),
    })
}

/// Refuses to replace a sale of which a return would then name none that is recorded.
fn check_replaced(facts: PartnerFacts, latest: &Partner, request: &Sold) -> Result<(), Error> {
    let Some(ties) = request.ties.as_ref().filter(|ties| !ties.replaces.is_empty()) else { return Ok(()) };
    let mut after = latest.clone();
    let replaced: BTreeSet<i64> = ties.replaces.iter().copied().collect();
    after.sales.retain(|sale| !replaced.contains(&sale.event));
    after.sales.push(Sale::reported(i64::MAX, facts.day, request));
    check_returns_kept(facts.program, &latest.sales, &after, &(i64::MAX..=i64::MAX))
}

/// Checks a return that names the sale that it returns, among all sales of the partner, those of later days too.
///
/// # Errors
/// Refused if it does not fit that sale.
pub(crate) fn check_return(facts: PartnerFacts, request: &Sold) -> Result<(), Error> {
    let PartnerFacts { program, partner, day } = facts;
    let Some(returns) = request.detail.as_ref().and_then(|detail| detail.returns.as_deref()) else {
        return Ok(());
    };
    let sales = ReturnableSales::of(&partner.sales);
    let fits = sales.check(day, request.amount_minor, returns, request.product());
    let fits = fits.and_then(|()| request.detail.as_ref().map_or(Ok(()), |detail| sales.check_money(detail)));
    fits.map_err(|fault| {
        let (partner, key) = (partner.name().to_owned(), partner.key.clone());
        Error::refused(RevenueRefusal::Return { fault, partner, key, currency: program.currency })
    })
}

/// Checks a change of what is recorded of a partner against its returns: `after` is the partner with the change, `before`
/// the sales without it, `changed` the numbers of the events that the change is about.
///
/// # Errors
/// Refused if a return that fitted the sale that it names does not fit it any more.
pub(crate) fn check_returns_kept(
    program: &Program,
    before: &[Sale],
    after: &Partner,
    changed: &RangeInclusive<i64>,
) -> Result<(), Error> {
    let Some(unfit) = broken_return(before, &after.sales) else { return Ok(()) };
    let (partner, key, currency) = (after.name().to_owned(), after.key.clone(), program.currency);
    if changed.contains(&unfit.event) {
        let fault = unfit.fault;
        return Err(Error::refused(RevenueRefusal::Return { fault, partner, key, currency }));
    }
    Err(Error::refused(RevenueRefusal::ReturnBroken { unfit, partner, key, currency }))
}

/// Checks a change of what is recorded of a partner: each return still fits the sale that it names, and nothing counts twice
/// that did not before. `after` is the partner with the change, `before` the sales without it, `changed` the numbers of the
/// events that the change is about.
///
/// # Errors
/// Refused if a return that fitted does not fit any more, or if a record would count twice.
pub(crate) fn check_sales_kept(
    program: &Program,
    before: &[Sale],
    after: &Partner,
    changed: &RangeInclusive<i64>,
) -> Result<(), Error> {
    check_returns_kept(program, before, after, changed)?;
    refuse_named_twice(before, after)?;
    refuse_contradictions(program, before, after)?;
    refuse_counted_twice(program, &[before], after, after)
}

/// Refuses what leaves parts of a sale that contradict each other and did not before.
fn refuse_contradictions(program: &Program, before: &[Sale], after: &Partner) -> Result<(), Error> {
    let detailed = |sale: &&Sale| sale.detail.is_some();
    let known: HashMap<i64, &Sale> = before.iter().filter(detailed).map(|sale| (sale.event, sale)).collect();
    let is_as_before = |sale: &&Sale| {
        known.get(&sale.event).is_some_and(|known| {
            known.detail == sale.detail && known.reported_minor() == sale.reported_minor()
        })
    };
    for sale in after.sales.iter().filter(detailed).filter(|sale| !is_as_before(sale)) {
        let Err(fault) = check_parts(sale, program.currency) else { continue };
        let was_wrong =
            known.get(&sale.event).is_some_and(|known| check_parts(known, program.currency).is_err());
        if !was_wrong {
            let (partner, key) = (after.name().to_owned(), after.key.clone());
            return Err(Error::refused(RevenueRefusal::PartsContradict {
                event: sale.event,
                partner,
                key,
                fault,
            }));
        }
    }
    Ok(())
}

/// Refuses a line of an invoice that would be there twice and was not before.
fn refuse_named_twice(before: &[Sale], after: &Partner) -> Result<(), Error> {
    type Lines<'s> = HashMap<(&'s str, Option<&'s str>), Vec<i64>>;
    fn lines(sales: &[Sale]) -> Lines<'_> {
        let mut found = Lines::new();
        for sale in sales {
            if let Some(reference) = &sale.reference {
                found.entry((reference, sale.product())).or_default().push(sale.event);
            }
        }
        found
    }
    let twice = lines(&after.sales).into_iter().filter(|(_, events)| events.len() > 1);
    let mut twice: Vec<_> = twice.collect();
    if twice.is_empty() {
        return Ok(());
    }
    twice.sort_unstable();
    let before = lines(before);
    let new = twice.iter().find(|(line, all)| before.get(line).map_or(0, Vec::len) < all.len());
    let Some(((reference, _), all)) = new else { return Ok(()) };
    let [.., one, other] = all[..] else { return Ok(()) };
    Err(Error::refused(RevenueRefusal::NamedTwice {
        reference: (*reference).to_owned(),
        events: [one.min(other), one.max(other)],
        partner: after.name().to_owned(),
        key: after.key.clone(),
    }))
}

/// Checks that what two partners reported counts once if `going` is merged into the other, which then is `after`.
///
/// # Errors
/// Refused if a record of the one would count twice with one of the other, or more would be returned than was sold.
pub(crate) fn check_merged_sales(
    program: &Program,
    (going, staying): (&Partner, &Partner),
    after: &Partner,
) -> Result<(), Error> {
    let before = [&going.sales[..], &staying.sales];
    let unfit: Vec<i64> = before.into_iter().flat_map(unfit_returns).map(|unfit| unfit.event).collect();
    let broken = unfit_returns(&after.sales).into_iter().find(|one| !unfit.contains(&one.event));
    if let Some(unfit) = broken {
        let (partner, key, currency) = (after.name().to_owned(), after.key.clone(), program.currency);
        return Err(Error::refused(RevenueRefusal::ReturnBroken { unfit, partner, key, currency }));
    }
    refuse_counted_twice(program, &[&going.sales, &staying.sales], after, going)
}

/// Refuses what makes records count twice; those that `other` has are its own, the others those of `after`.
fn refuse_counted_twice(
    program: &Program,
    before: &[&[Sale]],
    after: &Partner,
    other: &Partner,
) -> Result<(), Error> {
    let Some(overlap) = newly_counted_twice(before, &after.sales) else { return Ok(()) };
    let is_of = |one: &Partner| one.sales.iter().any(|sale| sale.event == overlap.record.event);
    let owner = if is_of(other) { other } else { after };
    let (partner, key) = (owner.name().to_owned(), owner.key.clone());
    let (currency, calendar) = (program.currency, program.calendar);
    let record = owner.sales.iter().find(|sale| sale.event == overlap.record.event);
    let ties = record.and_then(|sale| sale.ties.as_deref());
    let replaces = ties.map_or_else(Vec::new, |ties| ties.replaces.clone());
    Err(Error::refused(RevenueRefusal::OverlapMade { overlap, replaces, partner, key, currency, calendar }))
}

/// Returns the reports that are owed and the one that comes next.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let due_days = facts.program.report_due_days();
    let due = |period: &Period, what: AgendaItem| Due {
        day: period.last.plus(due_days),
        kind: DueKind::Report,
        step: report_step(facts, period),
        id: format!("report.{}", period.lasting_name()),
        what,
    };
    let owed = facts.reports_owed();
    let missing = owed.iter().zip(owed.first().into_iter().cycle()).map(|(period, first)| {
        let (period, first) = (period.clone(), first.clone());
        due(&period.clone(), AgendaItem::ReportMissing { period, first, count: owed.len() })
    });
    let to_come = facts.report_to_come();
    let to_come = to_come.map(|period| due(&period.clone(), AgendaItem::Report { period }));
    missing.chain(to_come).collect()
}

/// Returns the step for the first report that is owed.
pub(crate) fn next_step(facts: PartnerFacts) -> Option<NextStep> {
    let owed = facts.reports_owed();
    let first = owed.first()?;
    Some(NextStep {
        what: AgendaItem::ReportsOwed { first: first.clone(), count: owed.len() },
        step: report_step(facts, first),
    })
}

/// Returns the step that reports a period: of one that is not over, single sales.
pub(crate) fn report_step(facts: PartnerFacts, period: &Period) -> Step {
    if period.last > facts.day {
        return Step::AddRevenue { partner: facts.partner.key.clone() };
    }
    Step::ReportRevenue { partner: facts.partner.key.clone(), period: period.to_string() }
}
