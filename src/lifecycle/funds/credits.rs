//! Money that comes into a fund: accrued from revenue, or granted from a budget.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::events::{Accrued, Granted};
use crate::lifecycle::funds::fund::{Fund, Funding, accrual};
use crate::lifecycle::funds::ledger::{Balance, FundLedger};
use crate::lifecycle::funds::refusal::{FundRefusal, FundSettled, NotPosted};
use crate::lifecycle::revenue::events::Sale;
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

/// Posts what a quarter's revenue brings, less what was posted of it before; without a quarter that of the last one
/// that is over, and whatever changed in quarters of which something was posted.
///
/// # Errors
/// Refused for a partner that has left, and for a quarter that is not over or whose money would be gone.
pub fn accrue(facts: PartnerFacts, funds: &[&Fund], quarter: Option<&Period>) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { partner, day, .. } = facts;
    if let Some(quarter) = quarter.filter(|quarter| quarter.last > day) {
        return Err(Error::refused(FundRefusal::QuarterNotOver { quarter: quarter.clone(), day }));
    }
    let (mut events, mut not_posted) = (Vec::<Event>::new(), Vec::new());
    let books = partner.books.on(day);
    let nothing = FundLedger::default();
    for fund in funds {
        let ledger = books.ledger(&fund.key).unwrap_or(&nothing);
        for quarter in quarters(facts, ledger, quarter) {
            let Some(accrual) = QuarterAccrual::of(facts, fund, ledger, &quarter) else { continue };
            let period = quarter.to_string();
            if accrual.kept() > 0 {
                let amount = facts.amount(accrual.kept());
                not_posted.push(NotPosted::Requested { period: period.clone(), amount });
            }
            let amount_minor = i64::try_from(accrual.to_post()).unwrap_or_default();
            let until = fund.valid_days.map(|days| quarter.last.plus(days));
            if let Some(until) = until.filter(|until| amount_minor > 0 && *until < day) {
                not_posted.push(NotPosted::Expired { period, until });
                continue;
            }
            if amount_minor != 0 {
                events.push(Accrued { fund: fund.key.clone(), period, amount_minor, until }.into());
            }
        }
    }
    if events.is_empty() {
        let partner = partner.name().to_owned();
        return Ok(Decision::already(FundSettled::NothingAccrues { partner, not_posted }));
    }
    Ok(Decision::Record(events))
}

/// What the revenue of a quarter brings to a fund, in minor units.
struct QuarterAccrual {
    due: i128,
    posted: i128,
    /// What is left of what was posted: nobody requested it.
    left: i128,
}

impl QuarterAccrual {
    /// Adds up a quarter; nothing for a fund that does not accrue.
    fn of(facts: PartnerFacts, fund: &Fund, ledger: &FundLedger, quarter: &Period) -> Option<QuarterAccrual> {
        let Funding::Accrues { percent } = fund.funding else { return None };
        let in_quarter = |sale: &&Sale| (quarter.first..=quarter.last).contains(&sale.day);
        let sold = facts.partner.sales.iter().filter(in_quarter);
        let revenue: i128 = sold.map(|sale| i128::from(sale.amount_minor)).sum();
        let period = quarter.to_string();
        Some(QuarterAccrual {
            due: i128::from(accrual(percent, revenue).unwrap_or_default()),
            posted: ledger.accrued_for(&period),
            left: ledger.own_lots(&period).map(|lot| i128::from(lot.left_minor)).sum(),
        })
    }

    /// Returns what is to be posted; below zero it is taken back, as far as nobody requested it.
    fn to_post(&self) -> i128 {
        (self.due - self.posted).max(-self.left)
    }

    /// Returns what was posted beyond what is due and cannot be taken back; not above zero if all can.
    fn kept(&self) -> i128 {
        self.posted - self.due + self.to_post()
    }
}

/// Returns what stays posted beyond what is due, in minor units, when this is posted to the partner of `facts`.
pub(crate) fn kept_minor(facts: PartnerFacts, accrued: &Accrued) -> i128 {
    let books = facts.partner.books.on(facts.day);
    let nothing = FundLedger::default();
    let ledger = books.ledger(&accrued.fund).unwrap_or(&nothing);
    let quarter = facts.program.calendar.parse(&accrued.period).ok();
    let accrual = facts.program.fund(&accrued.fund).zip(quarter);
    let accrual = accrual.and_then(|(fund, quarter)| QuarterAccrual::of(facts, fund, ledger, &quarter));
    accrual.map_or(0, |accrual| accrual.kept())
}

/// The quarters of which something may be posted: the one that is asked for, or the last that is over and those of
/// which something was posted.
fn quarters(facts: PartnerFacts, ledger: &FundLedger, asked: Option<&Period>) -> Vec<Period> {
    if let Some(asked) = asked {
        return vec![asked.clone()];
    }
    let calendar = facts.program.calendar;
    let now = calendar.containing(facts.day, Every::Quarter);
    let over = now.map(|now| if now.last == facts.day { now.last } else { now.first.plus(-1) });
    let last = over.and_then(|day| calendar.containing(day, Every::Quarter));
    let posted =
        ledger.lots.iter().filter(|lot| !lot.granted).filter_map(|lot| calendar.parse(&lot.period).ok());
    let mut quarters: Vec<Period> = posted.chain(last).collect();
    quarters.sort();
    quarters.dedup();
    quarters
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
    let year = program.calendar.containing(day, Every::Year);
    let period = year.map(|year| year.to_string()).unwrap_or_default();
    if !budget.contains_key(&period) {
        return Err(Error::refused(FundRefusal::NoBudget { fund: key.clone(), year: period }));
    }
    refuse_nothing(facts, amount_minor)?;
    let until = until.or_else(|| fund.valid_days.map(|days| day.plus(days)));
    if let Some(until) = until.filter(|until| *until < day) {
        return Err(Error::refused(FundRefusal::GoneBefore { until, day }));
    }
    Decision::record(Granted { fund: key.clone(), period, amount_minor, until })
}

/// Refuses an amount that is not above zero.
pub(crate) fn refuse_nothing(facts: PartnerFacts, amount_minor: i64) -> Result<(), Error> {
    if amount_minor > 0 {
        return Ok(());
    }
    Err(Error::refused(FundRefusal::NoAmount { amount: facts.amount(amount_minor) }))
}
