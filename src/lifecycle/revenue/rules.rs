//! Reporting revenue: how a sale is taken in, the rules, and which reports are due.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::countries::Country;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::{Amount, Currency, Money};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::events::{Sale, Sold};
use crate::lifecycle::revenue::returns::{ReturnFault, ReturnableSales, UnfitReturn, broken_return};
use crate::lifecycle::rule::{Decision, Ruling};

impl Happening for Sold {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        partner.sales.push(Sale {
            event: at.event,
            day: at.day,
            amount_minor: at.amount_minor(self.amount_minor),
            period: self.period.as_deref().map(|name| at.days(name, self.days, std::iter::empty())),
            reference: self.reference.clone(),
            detail: match at.corrected_sale {
                Some(right) => right.applied_to(self.detail.as_ref()),
                None => self.detail.clone(),
            },
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
}

/// Nothing is recorded: a sale of this reference, with the same amount and day, is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleKnown {
    pub reference: String,
    pub amount: Amount,
    pub on: Day,
}

/// A sale without a reference has the period and the amount of one that an event recorded: it may be typed twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleRepeated {
    pub amount: Amount,
    pub period: String,
    pub event: i64,
}

/// Returns the sale that is recorded a second time, if it seems so.
pub(crate) fn repeated(facts: PartnerFacts, sale: &Sold) -> Option<SaleRepeated> {
    let same = |one: &&Sale| {
        (one.period, one.amount_minor, &one.reference, &one.detail)
            == (sale.days, sale.amount_minor, &sale.reference, &sale.detail)
    };
    let period = sale.period.clone().filter(|_| sale.reference.is_none())?;
    let event = facts.partner.sales.iter().find(same)?.event;
    Some(SaleRepeated { amount: facts.program.currency.amount(sale.amount_minor.into()), period, event })
}

/// Records reported revenue; a reference makes recording it twice harmless, for each product of an invoice.
///
/// # Errors
/// Refused if the reference is known with another amount or day.
pub fn sold(facts: PartnerFacts, request: Sold) -> Ruling {
    let PartnerFacts { program, partner, day } = facts;
    let amount = |minor: i64| program.currency.money(i128::from(minor));
    let known = partner
        .sales
        .iter()
        .filter(|sale| request.reference.is_some() && sale.reference == request.reference)
        .find(|sale| sale.product() == request.product());
    if let Some(sale) = known {
        let reference = request.reference.as_deref().unwrap_or_default();
        if sale.amount_minor == request.amount_minor && sale.day == day {
            let (reference, on) = (reference.to_owned(), sale.day);
            let amount = program.currency.amount(sale.amount_minor.into());
            return Ok(Decision::already(SaleKnown { reference, amount, on }));
        }
        let is_return = request.detail.as_ref().is_some_and(|detail| detail.returns.is_some());
        if is_return && sale.detail.as_ref().is_none_or(|detail| detail.returns.is_none()) {
            let reference = reference.to_owned();
            return Err(Error::refused(RevenueRefusal::ReferenceOfSale { reference }));
        }
        return Err(Error::refused(RevenueRefusal::ReferenceTaken {
            reference: reference.to_owned(),
            sale: sale.event,
            recorded: (amount(sale.amount_minor), sale.day),
            reported: (amount(request.amount_minor), day),
        }));
    }
    Decision::record(request)
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

/// Returns the reports that are owed and the one that comes next.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let due_days = facts.program.report_due_days();
    let due = |period: &Period, what: AgendaItem| Due {
        day: period.last.plus(due_days),
        kind: DueKind::Report,
        step: report_step(facts, period),
        id: format!("report.{period}"),
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
