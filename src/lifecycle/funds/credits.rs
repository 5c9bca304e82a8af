//! Money that comes into a fund: accrued from revenue, or granted from a budget; and what is taken back of it.

use rust_decimal::Decimal;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::funds::budget_years::{budget_on, free_name};
use crate::lifecycle::funds::events::{Accrued, Expired, Granted, TakenBack};
use crate::lifecycle::funds::fund::{AccrualRate, Fund, Funding, accrual};
use crate::lifecycle::funds::ledger::{Balance, FundLedger};
use crate::lifecycle::funds::refusal::{FundRefusal, FundSettled, NotPosted};
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

impl PartnerFacts<'_> {
    /// Returns an amount of minor units with its currency.
    pub(crate) fn amount(self, minor: impl Into<i128>) -> Amount {
        self.program.currency.amount(minor.into())
    }

    /// Returns the balance of one of the partner's funds at the end of the day.
    pub(crate) fn balance(self, fund: &str) -> Balance {
        self.partner.books.on(self.day).ledger(fund).map(FundLedger::balance).unwrap_or_default()
    }
}

/// Posts what a quarter's revenue brings, less what was posted of it before; without a quarter that of all that are over from
/// the first day that was accrued on, and of the last one that is over if none was.
///
/// What was posted and is not due any more is taken back, be it spent: what accrues next is set against the rest.
///
/// # Errors
/// Refused for a partner that has left, and for a quarter that is not over or whose money would be gone.
pub fn accrue(facts: PartnerFacts, funds: &[&Fund], quarter: Option<&Period>) -> Ruling {
    Ok(accruals(facts, funds, quarter)?.decision(facts, quarter))
}

/// What is to be posted to funds, and what is not although something was sold.
pub(crate) struct Accruals {
    pub posted: Vec<Accrued>,
    pub not_posted: Vec<NotPosted>,
}

impl Accruals {
    /// Returns whether nothing is to be posted and nothing is to be said of that.
    pub(crate) fn is_nothing(&self) -> bool {
        self.posted.is_empty() && self.not_posted.is_empty()
    }

    /// Decides to post it; `quarter` is the one that was asked for, if one was.
    pub(crate) fn decision(self, facts: PartnerFacts, quarter: Option<&Period>) -> Decision {
        if self.posted.is_empty() {
            let (partner, not_posted) = (facts.partner.name().to_owned(), self.not_posted);
            let quarter = quarter.cloned();
            return Decision::already(FundSettled::NothingAccrues { partner, quarter, not_posted });
        }
        Decision::Record(self.posted.into_iter().map(Event::from).collect())
    }
}

/// Returns what [`accrue`] posts.
///
/// # Errors
/// Those of [`accrue`].
pub(crate) fn accruals(
    facts: PartnerFacts,
    funds: &[&Fund],
    quarter: Option<&Period>,
) -> Result<Accruals, Error> {
    let PartnerFacts { partner, day, .. } = facts;
    let left = partner.current().filter(|_| partner.has_left()).map(|stay| stay.entered);
    // What it sold while it was there, and what came back of it, is settled after it left, too.
    let was_there = |first: Day| left.is_none_or(|left| first <= left);
    if quarter.is_some_and(|quarter| !was_there(quarter.first)) {
        refuse_left(facts)?;
    }
    if let Some(quarter) = quarter.filter(|quarter| quarter.last > day) {
        return Err(Error::refused(FundRefusal::QuarterNotOver { quarter: quarter.clone(), day }));
    }
    let mut all = Accruals { posted: Vec::new(), not_posted: Vec::new() };
    let books = partner.books.on(day);
    let nothing = FundLedger::default();
    for fund in funds {
        let ledger = books.ledger(&fund.key).unwrap_or(&nothing);
        let days = accrued_days(facts, ledger, quarter).into_iter().filter(|one| was_there(one.days.first));
        for accrued in days {
            match posted(facts, fund, ledger, &accrued) {
                Ok(Some(accrued)) => all.posted.push(accrued),
                Ok(None) => {}
                Err(why) => all.not_posted.push(why),
            }
        }
    }
    Ok(all)
}

/// Returns what is to be posted of some days: none if all of it is.
///
/// # Errors
/// Why nothing is posted of them though something was sold.
fn posted(
    facts: PartnerFacts,
    fund: &Fund,
    ledger: &FundLedger,
    AccruedDays { days, parts }: &AccruedDays,
) -> Result<Option<Accrued>, NotPosted> {
    let Funding::Accrues(rate) = &fund.funding else { return Ok(None) };
    let (days, period) = (*days, facts.program.calendar.named(*days));
    let tier = facts.partner.attribute_on("tier", days.last);
    let percent = percent(facts, (fund, rate), days, tier);
    let sold: i128 = parts.iter().map(|part| facts.sold(part.first, part.last)).sum();
    let due = percent.and_then(|percent| accrual(percent, sold)).map_or(0, i128::from);
    let amount_minor = i64::try_from(due - ledger.accrued_for(days)).unwrap_or_default();
    let until = fund.valid_days.map(|valid| days.last.plus(valid));
    if let Some(until) = until.filter(|until| amount_minor > 0 && *until < facts.day) {
        return Err(NotPosted::Expired { period, until });
    }
    let tier = tier.map(str::to_owned);
    if amount_minor == 0 {
        let none = percent.is_none() && sold != 0;
        return if none { Err(NotPosted::NoPercent { period, tier }) } else { Ok(None) };
    }
    let percent = percent.map(|percent| percent.normalize().to_string());
    let (fund, period, days) = (fund.key.clone(), period.to_string(), Some(days));
    Ok(Some(Accrued { fund, period, days, amount_minor, until, percent, tier }))
}

/// Returns of which earlier days nothing has accrued to a fund though it could have, from how it stood before an accrual and how
/// it stands now: if something has just been posted, if nothing has ever accrued, and if something was taken back, which may
/// have come to earlier days. Of what expired only what did since the accrual before; of days before the first ones that ever
/// accrued nothing is said again otherwise.
pub(crate) fn left_out(before: PartnerFacts, after: PartnerFacts, fund: &Fund) -> Vec<NotPosted> {
    let calendar = after.program.calendar;
    let books = [before, after].map(|facts| facts.partner.books.on(facts.day));
    let nothing = FundLedger::default();
    let [old, new] = [&books[0], &books[1]].map(|books| books.ledger(&fund.key).unwrap_or(&nothing));
    let (known, accrued) = (days_accrued(old), days_accrued(new));
    let added = accrued.iter().filter(|days| !known.contains(days)).map(|days| days.first).max();
    let first_sold = after.partner.sales.first();
    let first_sold = first_sold.and_then(|sale| calendar.containing(sale.day, Every::Quarter));
    let (first_sold, first_known) =
        (first_sold.map(|quarter| quarter.first), known.iter().map(|days| days.first).min());
    let (first, until) = match (first_known, added) {
        (None, None) => (first_sold, last_over(after).map(|last| last.plus(1))),
        (first, Some(added)) => (first.or(first_sold), Some(added)),
        (Some(first), None) if takes_back(before, after, fund) => (first_sold, Some(first)),
        (Some(_), None) => (None, None),
    };
    let Some((first, until)) = first.zip(until).filter(|(first, until)| first < until) else {
        return Vec::new();
    };
    let newest = old.lots.iter().filter(|lot| !lot.granted).map(|lot| lot.day).max();
    let mut all: Vec<NotPosted> = Vec::new();
    let (mut open, mut amount_minor): (Option<(Period, DayRange)>, i128) = (None, 0);
    for quarter in calendar.each_within(DayRange { first, last: until.plus(-1) }, Every::Quarter) {
        let days = DayRange { first: quarter.first.max(first), last: quarter.last };
        for rest in without(days, &accrued) {
            match posted(after, fund, new, &AccruedDays { days: rest, parts: vec![rest] }) {
                Ok(Some(accrued)) => {
                    let (begin, since) = open.unwrap_or((quarter.clone(), rest));
                    open = Some((begin, DayRange { last: rest.last, ..since }));
                    amount_minor += i128::from(accrued.amount_minor);
                }
                Err(NotPosted::Expired { period, until }) if newest.is_some_and(|newest| until >= newest) => {
                    all.push(NotPosted::Expired { period, until });
                }
                Ok(None) | Err(_) => {}
            }
        }
    }
    all.extend(open.map(|(begin, days)| {
        let is_earlier = accrued.iter().all(|known| days.first < known.first);
        NotPosted::LeftOut {
            days,
            amount: after.amount(amount_minor),
            begin: Some(begin).filter(|_| is_earlier),
        }
    }));
    all
}

/// Returns whether an accrual since `before` takes something back of a fund.
fn takes_back(before: PartnerFacts, after: PartnerFacts, fund: &Fund) -> bool {
    let newest = before.partner.movements.iter().map(|movement| movement.event).max();
    let new = after.partner.movements.iter().filter(|movement| Some(movement.event) > newest);
    new.into_iter().any(|movement| {
        matches!(&movement.what, Event::Accrued(one) if one.fund == fund.key && one.amount_minor < 0)
    })
}

/// Returns the last day of the last quarter that is over.
fn last_over(facts: PartnerFacts) -> Option<Day> {
    let now = facts.program.calendar.containing(facts.day, Every::Quarter)?;
    Some(if now.last == facts.day { now.last } else { now.first.plus(-1) })
}

/// Returns the percentage of a quarter's revenue that accrues to a partner that was in this tier on its last day: the one by
/// which it was posted, or else that of the program.
fn percent(
    facts: PartnerFacts,
    (fund, rate): (&Fund, &AccrualRate),
    quarter: DayRange,
    tier: Option<&str>,
) -> Option<Decimal> {
    let posted = facts.partner.movements.iter().rev().find_map(|movement| match &movement.what {
        Event::Accrued(one) if one.fund == fund.key && one.days == Some(quarter) => Some(one),
        _ => None,
    });
    let posted = posted.filter(|one| one.tier.as_deref() == tier);
    let posted = posted.and_then(|one| one.percent.as_deref()?.parse().ok());
    posted.or_else(|| rate.of_tier(tier))
}

/// Returns what was set so far against what was overpaid or not covered of a fund, in minor units.
pub(crate) fn settled_minor(facts: PartnerFacts, fund: &str) -> i128 {
    let books = facts.partner.books.on(facts.day);
    let overpayments = books.ledger(fund).into_iter().flat_map(|ledger| &ledger.overpayments);
    overpayments.map(|one| i128::from(one.overpaid_minor) - i128::from(one.open_minor)).sum()
}

/// Days whose revenue brings money together: a quarter, or what of it was not accrued with another one.
struct AccruedDays {
    days: DayRange,
    /// Those of them that were accrued first with it, so that each sale brings money once.
    parts: Vec<DayRange>,
}

/// Returns the days of which something was posted, in order of that.
fn days_accrued(ledger: &FundLedger) -> Vec<DayRange> {
    let mut posted: Vec<(i64, DayRange)> =
        ledger.lots.iter().filter(|lot| !lot.granted).map(|lot| (lot.event, lot.days)).collect();
    posted.extend(ledger.overpayments.iter().map(|one| (one.event, one.days)));
    posted.sort_by_key(|(event, _)| *event);
    let mut known: Vec<DayRange> = Vec::new();
    for (_, days) in posted {
        if !known.contains(&days) {
            known.push(days);
        }
    }
    known
}

/// The days of which something may be posted: those of which something was posted, and what they leave over of the quarter
/// that is asked for, or of the last one that is over and of all from the first day that was accrued on.
fn accrued_days(facts: PartnerFacts, ledger: &FundLedger, asked: Option<&Period>) -> Vec<AccruedDays> {
    let known = days_accrued(ledger);
    let calendar = facts.program.calendar;
    let mut new: Vec<DayRange> = asked.map(|asked| vec![asked.days()]).unwrap_or_default();
    if let (None, Some(over)) = (asked, last_over(facts)) {
        new.extend(calendar.days_containing(over, Every::Quarter));
        if let Some(first) = known.iter().map(|days| days.first).min().filter(|first| *first <= over) {
            let since = calendar.each_within(DayRange { first, last: over }, Every::Quarter);
            new.extend(since.iter().map(|one| DayRange { first: one.first.max(first), last: one.last }));
        }
    }
    let mut all: Vec<AccruedDays> = Vec::new();
    for (at, days) in known.iter().enumerate() {
        if asked.is_none_or(|asked| asked.days().shared(*days).is_some()) {
            all.push(AccruedDays { days: *days, parts: without(*days, &known[..at]) });
        }
    }
    for days in new {
        for rest in without(days, &known) {
            if all.iter().all(|one| one.days != rest) {
                all.push(AccruedDays { days: rest, parts: vec![rest] });
            }
        }
    }
    all.sort_by_key(|one| one.days);
    all
}

/// Returns what is left of days without others, in order.
fn without(days: DayRange, others: &[DayRange]) -> Vec<DayRange> {
    let mut left = vec![days];
    for other in others {
        left = left
            .into_iter()
            .flat_map(|part| match part.shared(*other) {
                None => vec![part],
                Some(shared) => [
                    DayRange { first: part.first, last: shared.first.plus(-1) },
                    DayRange { first: shared.last.plus(1), last: part.last },
                ]
                .into_iter()
                .filter(|rest| rest.first <= rest.last)
                .collect(),
            })
            .collect();
    }
    left.sort();
    left
}

/// Gives a partner money from the budget of a fiscal year.
///
/// Whether the budget has it is for whoever records to find out, since it is the budget of all partners.
///
/// # Errors
/// Refused for a partner that has left, a fund without a budget of the year, and an amount of nothing.
pub fn grant(facts: PartnerFacts, fund: &Fund, amount_minor: i64, until: Option<Day>) -> Ruling {
    refuse_left(facts)?;
    let (PartnerFacts { program, partner, day }, key) = (facts, &fund.key);
    let Funding::Budget(budget) = &fund.funding else {
        return Err(Error::refused(FundRefusal::NotGranted {
            fund: key.clone(),
            partner: partner.key.clone(),
        }));
    };
    let Some((period, days)) = budget_on(budget, program.calendar, day) else {
        let year = program.calendar.containing(day, Every::Year);
        let year = year.unwrap_or_else(|| program.calendar.named(DayRange { first: day, last: day }));
        let free = free_name(budget, &year.to_string());
        return Err(Error::refused(FundRefusal::NoBudget { fund: key.clone(), year, free }));
    };
    let (period, days) = (period.to_owned(), Some(days));
    refuse_nothing(facts, amount_minor)?;
    let until = until.or_else(|| fund.valid_days.map(|days| day.plus(days)));
    if let Some(until) = until.filter(|until| *until < day) {
        return Err(Error::refused(FundRefusal::GoneBefore { until, day }));
    }
    Decision::record(Granted { fund: key.clone(), period, days, amount_minor, until })
}

/// Takes back what is left of a grant, or a part of it.
///
/// # Errors
/// Refused for what is no grant of the partner, and for more than is left of it.
pub fn take_back(facts: PartnerFacts, grant: i64, amount_minor: Option<i64>, reason: Option<&str>) -> Ruling {
    let books = facts.partner.books.on(facts.day);
    let Some((fund, lot)) = books.grant(grant) else {
        let (partner, key) = (facts.partner.name().to_owned(), facts.partner.key.clone());
        return Err(Error::refused(FundRefusal::NotAGrant { partner, key, number: grant }));
    };
    let amount = amount_minor.unwrap_or(lot.left_minor);
    if lot.left_minor > 0 {
        refuse_nothing(facts, amount)?;
    }
    if lot.posted_minor == 0 {
        return Ok(Decision::already(FundSettled::TakenBack { grant }));
    }
    if amount > lot.left_minor || lot.left_minor == 0 {
        return Err(Error::refused(FundRefusal::AboveLeft {
            grant,
            fund: fund.to_owned(),
            key: facts.partner.key.clone(),
            amount: facts.amount(if amount == 0 { lot.posted_minor } else { amount }),
            granted: facts.amount(lot.posted_minor),
            expired: facts.amount(lot.expired_minor),
            left: facts.amount(lot.left_minor),
        }));
    }
    let reason = reason.map(str::to_owned);
    Decision::record(TakenBack { grant, amount_minor: amount, reason })
}

/// Lets what is available of a fund expire now, or a part of it.
///
/// # Errors
/// Refused for an amount of nothing, and for more than is available.
pub fn expire(facts: PartnerFacts, fund: &Fund, amount_minor: Option<i64>, reason: Option<&str>) -> Ruling {
    let (balance, key) = (facts.balance(&fund.key), &fund.key);
    if amount_minor.is_none() && balance.available == 0 {
        let held = [(balance.committed, "committed"), (balance.claimed, "awaiting payment")];
        let held = held.into_iter().filter(|(minor, _)| *minor > 0);
        return Ok(Decision::already(FundSettled::NothingAvailable {
            partner: facts.partner.name().to_owned(),
            fund: key.clone(),
            held: held.map(|(minor, word)| (facts.amount(minor), word)).collect(),
        }));
    }
    let amount = amount_minor.unwrap_or_else(|| i64::try_from(balance.available).unwrap_or(i64::MAX));
    refuse_nothing(facts, amount)?;
    if i128::from(amount) > balance.available {
        return Err(Error::refused(FundRefusal::ExpiresAbove {
            fund: key.clone(),
            amount: facts.amount(amount),
            available: facts.amount(balance.available),
        }));
    }
    let reason = reason.map(str::to_owned);
    Decision::record(Expired { fund: key.clone(), amount_minor: amount, reason })
}

/// Refuses an amount that is not above zero.
pub(crate) fn refuse_nothing(facts: PartnerFacts, amount_minor: i64) -> Result<(), Error> {
    if amount_minor > 0 {
        return Ok(());
    }
    Err(Error::refused(FundRefusal::NoAmount { amount: facts.amount(amount_minor) }))
}
