//! Reporting revenue: how a sale is taken in, the rules, and which reports are due.

use std::collections::{BTreeSet, HashMap};
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
use crate::lifecycle::revenue::events::{Sale, SalePart, Sold};
use crate::lifecycle::revenue::overlaps::{Counting, Overlap, OverlapFault, Overlaps, newly_counted_twice};
use crate::lifecycle::revenue::returns::{ReturnFault, ReturnableSales, UnfitReturn, broken_return};
use crate::lifecycle::revenue::spans::{InTheWay, SaleSpan, is_total};
use crate::lifecycle::revenue::typed::SaleFault;
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
    ReferenceTaken { reference: String, sale: i64, recorded: (Money, Day), reported: (Money, Day) },
    /// It is a return with the reference of a sale, which has to have its own.
    ReferenceOfSale { reference: String },
    /// It is a return that does not fit the sale that it names.
    Return { fault: ReturnFault, partner: String, key: String, currency: Currency },
    /// A return that is recorded would no longer fit the sale that it names.
    ReturnBroken { unfit: UnfitReturn, partner: String, key: String, currency: Currency },
    /// The record of these days would count twice, or cannot count as was said.
    Overlap { place: InTheWay, fault: OverlapFault, partner: String, currency: Currency, calendar: Calendar },
    /// After the change, the record of an event would count twice, or could not count as was said.
    OverlapMade { overlap: Overlap, partner: String, key: String, currency: Currency, calendar: Calendar },
    /// After the change, the parts of a sale would contradict each other.
    PartsContradict { event: i64, partner: String, key: String, fault: SaleFault },
}

/// Nothing is recorded: a sale of this reference, or a total of this period, with the same amount and day is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum SaleKnown {
    Reference { reference: String, amount: Amount, on: Day },
    Total { event: i64, amount: Amount, period: Period },
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
    let event = facts.partner.sales.iter().find(|one| is_same(one, sale))?.event;
    Some(SaleRepeated { amount: facts.program.currency.amount(sale.amount_minor.into()), period, event })
}

/// Returns whether a record of a period says the same as one without a reference that is known.
fn is_same(one: &Sale, sale: &Sold) -> bool {
    (one.period, one.reported_minor(), &one.reference, &one.detail)
        == (sale.days, sale.amount_minor, &sale.reference, &sale.detail)
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
pub fn sold(facts: PartnerFacts, request: Sold) -> Ruling {
    sold_as(facts, facts.partner, request, &Counting::default())
}

/// Records reported revenue that counts beside others of its days as `counting` says; `latest` is the partner with what
/// happened after the day too.
///
/// # Errors
/// Refused if the reference is known with another amount or day, and if it would count twice.
pub(crate) fn sold_as(
    facts: PartnerFacts,
    latest: &Partner,
    mut request: Sold,
    counting: &Counting,
) -> Ruling {
    let PartnerFacts { program, partner, day } = facts;
    let amount = |minor: i64| program.currency.money(i128::from(minor));
    let known = partner
        .sales
        .iter()
        .filter(|sale| request.reference.is_some() && sale.reference == request.reference)
        .find(|sale| sale.product() == request.product() && !counting.replaces.contains(&sale.event));
    if let Some(sale) = known {
        let reference = request.reference.as_deref().unwrap_or_default();
        if sale.reported_minor() == request.amount_minor && sale.day == day {
            let (reference, on) = (reference.to_owned(), sale.day);
            let amount = program.currency.amount(request.amount_minor.into());
            return Ok(Decision::already(SaleKnown::Reference { reference, amount, on }));
        }
        let is_return = request.detail.as_ref().is_some_and(|detail| detail.returns.is_some());
        if is_return && sale.detail.as_ref().is_none_or(|detail| detail.returns.is_none()) {
            let reference = reference.to_owned();
            return Err(Error::refused(RevenueRefusal::ReferenceOfSale { reference }));
        }
        if !counting.within || sale.period != request.days {
            return Err(Error::refused(RevenueRefusal::ReferenceTaken {
                reference: reference.to_owned(),
                sale: sale.event,
                recorded: (amount(sale.reported_minor()), sale.day),
                reported: (amount(request.amount_minor), day),
            }));
        }
    }
    let place = SaleSpan::new(i64::MAX, day, &request);
    let plain = !counting.beside && counting.replaces.is_empty();
    if let Some(days) = request.days.filter(|_| plain && place.is_total())
        && let Some(same) = latest.sales.iter().find(|one| is_same(one, &request))
    {
        let amount = program.currency.amount(request.amount_minor.into());
        let period = program.calendar.named(days);
        return Ok(Decision::already(SaleKnown::Total { event: same.event, amount, period }));
    }
    let is_alone =
        !place.is_total() && *counting == Counting::default() && !latest.sales.iter().any(is_total);
    if is_alone {
        return Decision::record(request);
    }
    let ties = Overlaps::of(&latest.sales).take(place, counting).map_err(|fault| {
        let place = place.in_the_way();
        let (partner, currency, calendar) = (partner.name().to_owned(), program.currency, program.calendar);
        Error::refused(RevenueRefusal::Overlap { place, fault, partner, currency, calendar })
    })?;
    request.ties = ties.map(Arc::new);
    check_replaced(facts, latest, &request)?;
    Decision::record(request)
}

/// Refuses to replace a sale of which a return would then name none that is recorded.
fn check_replaced(facts: PartnerFacts, latest: &Partner, request: &Sold) -> Result<(), Error> {
    let Some(ties) = request.ties.as_ref().filter(|ties| !ties.replaces.is_empty()) else { return Ok(()) };
    let mut after = latest.clone();
    let replaced: BTreeSet<i64> = ties.replaces.iter().copied().collect();
    after.sales.retain(|sale| !replaced.contains(&sale.event));
    after.sales.push(Sale {
        event: i64::MAX,
        day: facts.day,
        amount_minor: request.amount_minor,
        parts_minor: 0,
        period: request.days,
        reference: request.reference.clone(),
        detail: request.detail.clone(),
        ties: None,
    });
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

/// Checks that what two partners reported counts once if `going` is merged into the other, which then is `after`.
///
/// # Errors
/// Refused if a record of the one would count twice with one of the other.
pub(crate) fn check_merged_sales(
    program: &Program,
    (going, staying): (&Partner, &Partner),
    after: &Partner,
) -> Result<(), Error> {
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
    Err(Error::refused(RevenueRefusal::OverlapMade { overlap, partner, key, currency, calendar }))
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
