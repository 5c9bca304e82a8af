//! Correcting: how these events are taken in, and the rules.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::corrections::events::{Corrected, Forgotten, Lost, Merged, Removed};
use crate::lifecycle::corrections::merged::MergePart;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::history::History;
use crate::lifecycle::partner::events::Edited;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::Aliases;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::copies::is_return_of;
use crate::lifecycle::revenue::corrected::TypedCorrection;
use crate::lifecycle::revenue::events::{Sale, SaleCorrection, SalePart};
use crate::lifecycle::revenue::reported::Invoice;
use crate::lifecycle::revenue::rules::{check_sales_kept, forget_place};
use crate::lifecycle::revenue::typed::{SaleFault, check_list_amount, check_place};
use crate::lifecycle::rule::{Decision, Ruling};
use crate::lifecycle::stage::events::{ExitCorrection, Standing, Stay, Why};
use crate::lifecycle::stage::moves::refuse_unfit_reason;
use crate::lifecycle::stage::reason::ExitKind;

/// Why a correction is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CorrectionRefusal {
    /// The partner with this name and key has no such event.
    NoSuchEvent {
        partner: String,
        key: String,
        event: i64,
    },
    /// The event is a correction, a removal or a merge itself.
    IsCorrection {
        event: i64,
    },
    NoAmount {
        event: i64,
        kind: &'static str,
    },
    /// The event is no sale, and a part of one is to be corrected.
    NoSale {
        event: i64,
        kind: &'static str,
    },
    /// The event is neither a leaving nor a parking, and how or why is to be corrected.
    NoExit {
        key: String,
        event: i64,
        kind: &'static str,
        /// The event by which the partner left or was parked last.
        exit: Option<i64>,
    },
    /// What would be right of the sale does not fit together.
    Sale {
        fault: SaleFault,
    },
    /// Money of a fund cannot be nothing or less.
    NoMoney {
        event: i64,
    },
    /// The event brought the partner into the file; `first_move` is the one that placed it.
    NoMove {
        partner: String,
        event: i64,
        first_move: Option<i64>,
    },
    /// Revenue of a period counts on its last day; `key` is that of the partner.
    OfPeriod {
        event: i64,
        period: Period,
        key: String,
    },
    /// Another record replaces the sale, which counts no more.
    Replaced {
        event: i64,
        by: i64,
    },
    /// Another partner that was merged reported the sale too, and that record counts.
    CountedOnce {
        event: i64,
        by: i64,
    },
    /// A merge kept what the other partner reported of its days; `key` is that of the partner.
    GaveWay {
        event: i64,
        merge: i64,
        key: String,
    },
    /// The day is before the partner came into the file; `kind` is that of the event.
    BeforeJoining {
        kind: &'static str,
        /// Of a certificate: the course and the person.
        certificate: Option<(String, String)>,
        key: String,
        partner: String,
        since: Day,
        day: Day,
    },
}

/// The day and the amount of an event are what the correction says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CorrectedAlready {
    pub event: i64,
}

// What these change is settled before the fold begins: they hold whatever their day.
impl Happening for Corrected {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        erase(&mut self.reason);
        erase(&mut self.exit.text);
        let sale = &mut self.sale;
        forget_place(&mut sale.ship_to);
        sale.returns = sale.returns.take().map(|text| forgetting.instead("sale", &text));
        sale.reference = sale.reference.take().map(|text| forgetting.instead("sale", &text));
        sale.customer = sale.customer.take().map(|text| forgetting.instead("customer", &text));
        sale.deal = sale.deal.take().map(|text| forgetting.instead("deal", &text));
    }
}

impl Happening for Removed {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Merged {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

impl Happening for Forgotten {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

impl Happening for Lost {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

/// Mends the day or the amount of an event, or other parts of a sale.
///
/// # Errors
/// Refused for events that have no amount, for corrections themselves, and for days on which the event
/// can't have happened.
pub fn correct(facts: PartnerFacts, history: &History, aliases: &Aliases, request: Corrected) -> Ruling {
    let partner = facts.partner;
    let number = request.event;
    let Some(wrong) = history.events.iter().find(|one| one.number == number) else {
        let (partner, key) = (partner.name().to_owned(), partner.key.clone());
        return Err(Error::refused(CorrectionRefusal::NoSuchEvent { partner, key, event: number }));
    };
    if let Event::Corrected(_) | Event::Removed(_) | Event::Merged(_) = wrong.event {
        return Err(Error::refused(CorrectionRefusal::IsCorrection { event: number }));
    }
    let held = history.fold(aliases, None);
    let day = held.order.iter().find(|(_, one)| one.number == number).map_or(wrong.day, |(day, _)| *day);
    refuse_replaced(history, number)?;
    refuse_counted_once(partner, history, wrong)?;
    let sale = partner.sales.iter().find(|sale| sale.event == number).map(Sale::reported_minor);
    let movement = partner.movements.iter().find(|movement| movement.event == number);
    let amount_now = sale.or(movement.and_then(|movement| movement.amount_minor));
    if request.amount_minor.is_some() && amount_now.is_none() {
        let kind = wrong.event.kind();
        return Err(Error::refused(CorrectionRefusal::NoAmount { event: number, kind }));
    }
    if let (Some(amount), Some(_)) = (request.amount_minor, movement)
        && amount <= 0
    {
        return Err(Error::refused(CorrectionRefusal::NoMoney { event: number }));
    }
    let sold = partner.sales.iter().find(|sale| sale.event == number);
    if sold.is_none() && !request.sale.is_nothing() {
        let kind = wrong.event.kind();
        return Err(Error::refused(CorrectionRefusal::NoSale { event: number, kind }));
    }
    let same_exit = check_right_exit(facts, wrong, &request)?;
    if let Some(new) = request.day {
        refuse_before_it_joined(partner, wrong, new)?;
    }
    let same_day = request.day.is_none_or(|new| new == day);
    if !same_day {
        refuse_day_of_period(facts, wrong)?;
    }
    let same_amount = request.amount_minor.is_none() || request.amount_minor == amount_now;
    let same_sale = sold.is_none_or(|sale| {
        request.sale.applied_to(sale.detail.as_ref()) == sale.detail
            && request.sale.right(SalePart::Ref, sale.reference.as_ref()) == sale.reference
    });
    if same_day && same_amount && same_sale && same_exit {
        return Ok(Decision::already(CorrectedAlready { event: number }));
    }
    if let Some(sale) = sold.filter(|_| !same_amount || !same_sale) {
        check_right_sale(facts.program, sale, &request)?;
    }
    let watched = watched_from(partner, wrong, day, request.day);
    let mut all = returns_along(partner, &request);
    all.insert(0, request);
    refuse_broken_sales(facts, &all)?;
    let mut events: Vec<Event> = all.into_iter().map(Event::from).collect();
    events.extend(watched);
    Ok(Decision::Record(events))
}

/// Returns the corrections of the returns that name a sale by its reference or product, if that is corrected: they go along.
fn returns_along(partner: &Partner, request: &Corrected) -> Vec<Corrected> {
    let of_event = |sale: &&Sale| sale.event == request.event;
    let Some(sale) = partner.sales.iter().find(of_event).filter(|sale| sale.reference.is_some()) else {
        return Vec::new();
    };
    let right = &request.sale;
    let now = right.right(SalePart::Ref, sale.reference.as_ref());
    let product = right.right(SalePart::Product, sale.said().product.as_ref());
    let (is_named_anew, is_other) = (now != sale.reference, product != sale.said().product);
    let Some(now) = now.filter(|_| is_named_anew || is_other) else { return Vec::new() };
    let is_of_another =
        |one: &Sale| partner.sales.iter().any(|other| other.event != sale.event && is_return_of(one, other));
    let along = partner.sales.iter().filter(|one| is_return_of(one, sale) && !is_of_another(one));
    let corrected = along.filter_map(|one| {
        let returns = Some(now.clone()).filter(|_| is_named_anew);
        let mut right = SaleCorrection { returns, ..SaleCorrection::default() };
        if is_other && one.said().product.is_some() {
            match &product {
                Some(product) => right.product = Some(product.clone()),
                None => drop(right.without.insert(SalePart::Product)),
            }
        }
        let sale = Box::new(right);
        (!sale.is_nothing()).then(|| Corrected {
            event: one.event,
            sale,
            reason: request.reason.clone(),
            ..Corrected::default()
        })
    });
    corrected.collect()
}

/// Refuses another day for what was sold in a period.
fn refuse_day_of_period(facts: PartnerFacts, wrong: &Recorded) -> Result<(), Error> {
    let Event::Sold(sold) = &wrong.event else { return Ok(()) };
    let Some(called) = &sold.period else { return Ok(()) };
    let (calendar, event) = (facts.program.calendar, wrong.number);
    let recorded = facts.partner.sales.iter().find(|sale| sale.event == event);
    let days = recorded.and_then(|sale| sale.period).or(sold.days);
    let period = days.map_or_else(|| calendar.parse(called), |days| Ok(calendar.named(days)));
    let (period, key) = (period.map_err(Error::usage)?, facts.partner.key.clone());
    Err(Error::refused(CorrectionRefusal::OfPeriod { event, period, key }))
}

/// Returns whether a leaving or a parking is so already; a reason that is named must be one for it.
fn check_right_exit(facts: PartnerFacts, wrong: &Recorded, request: &Corrected) -> Result<bool, Error> {
    let ExitCorrection { label, why, without_why, text } = &request.exit;
    if request.exit.is_nothing() {
        return Ok(true);
    }
    let stay = facts.partner.stays.iter().find(|stay| stay.event == wrong.number);
    let exit = match (&wrong.event, stay.map(|stay| &stay.standing)) {
        (Event::Parked(_), _) if label.is_none() => ExitKind::Parked,
        (Event::Left(_), Some(Standing::Left { label: known, .. })) => {
            ExitKind::Left(label.unwrap_or(*known))
        }
        (Event::Left(left), _) => ExitKind::Left(label.unwrap_or(left.label)),
        (other, _) => {
            let kind = other.kind();
            let is_exit =
                |stay: &&Stay| matches!(stay.standing, Standing::Left { .. } | Standing::Parked { .. });
            let exit = facts.partner.stays.iter().rev().find(is_exit).map(|stay| stay.event);
            let (key, event) = (facts.partner.key.clone(), wrong.number);
            return Err(Error::refused(CorrectionRefusal::NoExit { key, event, kind, exit }));
        }
    };
    let cause = stay.and_then(|stay| stay.cause.as_ref());
    if let Some(named) = why.as_ref().or(cause).filter(|_| !without_why) {
        refuse_unfit_reason(facts.program, named, exit)?;
    }
    let is_label = label.is_none_or(|label| {
        stay.is_some_and(
            |stay| matches!(stay.standing, Standing::Left { label: known, .. } if known == label),
        )
    });
    let is_why =
        if *without_why { cause.is_none() } else { why.as_ref().is_none_or(|why| Some(why) == cause) };
    let words = stay.and_then(|stay| stay.reason.as_ref());
    Ok(is_label && is_why && text.as_ref().is_none_or(|text| Some(text) == words))
}

/// Returns the right amount of a sale in minor units and its other right parts, from what is typed.
///
/// # Errors
/// Refused if parts contradict each other or cannot be read; an amount that cannot be read is an error of usage.
pub(crate) fn correct_sale(
    program: &Program,
    sale: &Sale,
    typed: &TypedCorrection,
) -> Result<(Option<i64>, SaleCorrection), Error> {
    typed.of(sale, program.currency).map_err(|fault| match fault {
        SaleFault::Amount(_) => Error::usage(CorrectionRefusal::Sale { fault }),
        fault => Error::refused(CorrectionRefusal::Sale { fault }),
    })
}

/// What is replaced counts no more, so nothing of it can be right; what counts in its place may be replaced as well.
fn refuse_replaced(history: &History, number: i64) -> Result<(), Error> {
    let by_another = |number: i64| {
        history.events.iter().find_map(|one| match &one.event {
            Event::Sold(sold) => {
                sold.ties.as_ref().filter(|ties| ties.replaces.contains(&number)).map(|_| one.number)
            }
            _ => None,
        })
    };
    let newer = |of: &i64| by_another(*of).filter(|by| by > of);
    let newest = std::iter::successors(by_another(number), newer).last();
    newest.map_or(Ok(()), |by| Err(Error::refused(CorrectionRefusal::Replaced { event: number, by })))
}

/// What two merged partners reported counts once, so only the record that counts can be right.
fn refuse_counted_once(partner: &Partner, history: &History, wrong: &Recorded) -> Result<(), Error> {
    let Event::Sold(sold) = &wrong.event else { return Ok(()) };
    if partner.sales.iter().any(|sale| sale.event == wrong.number) {
        return Ok(());
    }
    let said = sold.says();
    let alike = |sale: &&Sale| {
        let first = Invoice::first(sale);
        sold.reference.is_some()
            && first.reference == sold.reference.as_deref()
            && first.said.returns == said.returns
            && first.said.product == said.product
    };
    let event = wrong.number;
    if let Some(other) = partner.sales.iter().find(alike) {
        return Err(Error::refused(CorrectionRefusal::CountedOnce { event, by: other.event }));
    }
    let chooses = |one: &&Recorded| match &one.event {
        Event::Merged(merged) => {
            one.number > event && merged.choices.iter().any(|all| all.contains_key(&MergePart::Sales))
        }
        _ => false,
    };
    let merge = history.events.iter().find(chooses);
    merge.map_or(Ok(()), |merge| {
        let (merge, key) = (merge.number, partner.key.clone());
        Err(Error::refused(CorrectionRefusal::GaveWay { event, merge, key }))
    })
}

/// Each return still fits the sale that it names, whichever of the two is corrected, and nothing counts twice; the first
/// correction is the one that is asked for.
fn refuse_broken_sales(facts: PartnerFacts, corrections: &[Corrected]) -> Result<(), Error> {
    let PartnerFacts { program, partner, .. } = facts;
    let Some(first) = corrections.first() else { return Ok(()) };
    if partner.sales.iter().all(|sale| sale.event != first.event) {
        return Ok(());
    }
    let mut after = partner.clone();
    let each = |sale: &Sale| corrections.iter().find(|one| one.event == sale.event);
    for (sale, request) in after.sales.iter_mut().filter_map(|sale| each(sale).map(|one| (sale, one))) {
        sale.day = request.day.unwrap_or(sale.day);
        let reported = request.amount_minor.unwrap_or(sale.reported_minor());
        sale.amount_minor = reported.saturating_sub(sale.parts_minor);
        sale.detail = request.sale.applied_to(sale.detail.as_ref());
        sale.reference = request.sale.right(SalePart::Ref, sale.reference.as_ref());
    }
    check_sales_kept(program, &partner.sales, &after, &(first.event..=first.event))
}

/// The price by the list has the sign of the amount, and the place shipped to is in a country.
fn check_right_sale(program: &Program, sale: &Sale, request: &Corrected) -> Result<(), Error> {
    let amount = request.amount_minor.unwrap_or(sale.reported_minor());
    let Some(detail) = request.sale.applied_to(sale.detail.as_ref()) else { return Ok(()) };
    let place = request.sale.ship_to.as_deref();
    let checked = check_list_amount(&detail, amount, program.currency).and_then(|()| check_place(place));
    checked.map_err(|fault| Error::refused(CorrectionRefusal::Sale { fault }))
}

/// Since when a partner is known follows from its moves and its revenue; nothing else happens before.
fn refuse_before_it_joined(partner: &Partner, wrong: &Recorded, new: Day) -> Result<(), Error> {
    let name = || partner.name().to_owned();
    match &wrong.event {
        Event::Joined(_) => Err(Error::refused(CorrectionRefusal::NoMove {
            partner: name(),
            event: wrong.number,
            first_move: partner.stays.first().map(|stay| stay.event),
        })),
        Event::Entered(_) | Event::Parked(_) | Event::Left(_) | Event::Sold(_) => Ok(()),
        _ if new < partner.since => {
            let partner_key = &partner.key;
            let (kind, partner, since) = (wrong.event.kind(), name(), partner.since);
            let certificate = match &wrong.event {
                Event::Certified(one) => Some((one.course.clone(), one.person.clone())),
                _ => None,
            };
            let key = partner_key.clone();
            Err(Error::refused(CorrectionRefusal::BeforeJoining {
                kind,
                certificate,
                key,
                partner,
                since,
                day: new,
            }))
        }
        _ => Ok(()),
    }
}

/// A partner watched since the very day it was placed was watched since the day that is right.
fn watched_from(partner: &Partner, wrong: &Recorded, day: Day, right: Option<Day>) -> Option<Event> {
    let placed = matches!(&wrong.event, Event::Entered(entered) if entered.why == Why::Placed);
    if !placed || partner.observed_from != day {
        return None;
    }
    let asked = right.filter(|_| partner.asked_from == day);
    right.map(|right| {
        Event::from(Edited { observed_from: Some(right), asked_from: asked, ..Edited::default() })
    })
}
