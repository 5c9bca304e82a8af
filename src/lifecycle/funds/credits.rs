//! Money that comes into a fund: accrued from revenue, or granted from a budget.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::Scene;
use crate::lifecycle::funds::events::{Accrued, Granted};
use crate::lifecycle::funds::fund::{Fund, Funding, accrual};
use crate::lifecycle::funds::ledger::{Balance, FundLedger};
use crate::lifecycle::funds::refusal::FundRefusal;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

impl Scene<'_> {
    /// Returns an amount of minor units with its currency.
    pub(crate) fn amount(self, minor: impl Into<i128>) -> Amount {
        self.program.currency.amount(minor.into())
    }

    /// The balance of one of the partner's funds at the end of the day.
    pub(crate) fn balance(self, fund: &str) -> Balance {
        self.partner.books.on(self.day).ledger(fund).map(FundLedger::balance).unwrap_or_default()
    }
}

/// Posts what a quarter's revenue brings, less what was posted of it before; without a quarter that of the last one
/// that is over, and whatever changed in quarters of which something was posted.
///
/// # Errors
/// Refused for a partner that has left, and for a quarter that is not over or whose money would be gone.
pub fn accrue(scene: Scene, funds: &[&Fund], quarter: Option<&Period>) -> Ruling {
    refuse_left(scene)?;
    let Scene { partner, day, .. } = scene;
    let (mut events, mut said, mut spent) = (Vec::<Event>::new(), Vec::new(), Vec::new());
    if let Some(quarter) = quarter.filter(|quarter| quarter.last > day) {
        return Err(Error::refused(FundRefusal::QuarterNotOver { quarter: quarter.clone(), day }));
    }
    let books = partner.books.on(day);
    for fund in funds {
        let Funding::Accrues { percent } = fund.funding else { continue };
        let nothing = FundLedger::default();
        let ledger = books.ledger(&fund.key).unwrap_or(&nothing);
        for quarter in quarters(scene, ledger, quarter) {
            let label = quarter.to_string();
            let sold = partner.sales.iter().filter(|sale| (quarter.first..=quarter.last).contains(&sale.day));
            let revenue: i128 = sold.map(|sale| i128::from(sale.amount_minor)).sum();
            let due = i128::from(accrual(percent, revenue).unwrap_or_default());
            let posted = ledger.accrued_for(&label);
            let until = fund.valid_days.map(|days| quarter.last.plus(days));
            let left: i128 = ledger.own_lots(&label).map(|lot| i128::from(lot.left_minor)).sum();
            let amount = (due - posted).max(-left);
            let missing = posted - due + amount;
            if missing > 0 {
                spent.push(format!("{} of {label} is asked for already and stays", scene.amount(missing)));
            }
            let amount_minor = i64::try_from(amount).unwrap_or_default();
            if let Some(until) = until.filter(|until| amount_minor > 0 && *until < day) {
                said.push(format!("what {label} brings was to be used by {until}"));
                continue;
            }
            if amount_minor != 0 {
                said.push(format!("{} for {label} to {}", scene.amount(amount_minor), fund.key));
                events.push(Accrued { fund: fund.key.clone(), period: label, amount_minor, until }.into());
            }
        }
    }
    said.append(&mut spent);
    let name = partner.name();
    match (events.is_empty(), said.is_empty()) {
        (true, true) => Ok(Decision::AlreadySo(format!("{name}: nothing more accrues"))),
        (true, false) => Ok(Decision::AlreadySo(format!("{name}: {}", said.join("; ")))),
        (false, _) => Ok(Decision::Record { events, said: format!("{name}: {}", said.join("; ")) }),
    }
}

/// The quarters of which something may be posted: the one that is asked for, or the last that is over and those of
/// which something was posted.
fn quarters(scene: Scene, ledger: &FundLedger, asked: Option<&Period>) -> Vec<Period> {
    if let Some(asked) = asked {
        return vec![asked.clone()];
    }
    let calendar = scene.program.calendar;
    let now = calendar.containing(scene.day, Every::Quarter);
    let over = now.map(|now| if now.last == scene.day { now.last } else { now.first.plus(-1) });
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
pub fn grant(scene: Scene, fund: &Fund, amount_minor: i64, until: Option<Day>) -> Ruling {
    refuse_left(scene)?;
    let (Scene { program, partner, day }, key) = (scene, &fund.key);
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
    refuse_nothing(scene, amount_minor)?;
    let until = until.or_else(|| fund.valid_days.map(|days| day.plus(days)));
    if let Some(until) = until.filter(|until| *until < day) {
        return Err(Error::refused(FundRefusal::GoneBefore { until, day }));
    }
    let ends = until.map_or_else(String::new, |until| format!(", to be approved by {until}"));
    let said = format!(
        "{}: {} of {key} granted from the budget of {period}{ends}",
        partner.name(),
        scene.amount(amount_minor)
    );
    Decision::record(Granted { fund: key.clone(), period, amount_minor, until }, said)
}

pub(crate) fn refuse_nothing(scene: Scene, amount_minor: i64) -> Result<(), Error> {
    if amount_minor > 0 {
        return Ok(());
    }
    Err(Error::refused(FundRefusal::NoAmount { amount: scene.amount(amount_minor) }))
}
