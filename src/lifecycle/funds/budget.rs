//! Budgets of funds are those of all partners together: no grant, and no change of the program, may overdraw one.

use std::collections::BTreeMap;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::funds::budget_years::{Budget, BudgetYear, budget_of, budget_on};
use crate::lifecycle::funds::fund::{Fund, Funding};
use crate::lifecycle::program::definition::Program;

/// What was granted from one budget, in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct GrantedSum {
    pub fund: String,
    /// What the year was called.
    pub period: String,
    pub days: Option<DayRange>,
    pub granted: i128,
}

/// More of a budget would be granted than it has, in minor units.
#[derive(Clone, Debug)]
pub(crate) struct Overdrawn {
    pub fund: String,
    /// What its year is called.
    pub year: String,
    /// Its days, if the program has such a budget.
    pub period: Option<Period>,
    pub granted: i128,
    pub budget: i128,
    pub currency: Currency,
}

/// A budget from which grants were made would have other days.
#[derive(Clone, Debug)]
pub(crate) struct BudgetMoved {
    pub fund: String,
    pub period: String,
    pub granted: i128,
    /// The days of the budget until now.
    pub days: DayRange,
    /// Those that it would have.
    pub new: DayRange,
    pub budget: i128,
    pub currency: Currency,
}

/// Two budgets of a fund that have days in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SharedBudgetDays {
    pub fund: String,
    /// What their years are called, with their days, in order.
    pub years: [(String, DayRange); 2],
    pub days: DayRange,
    /// What the year of the one is called that grants on the first of these days draw on.
    pub granted_from: String,
}

/// Returns which budgets of a program have days in common. Money of each is granted once, but what is meant for those days
/// may stand in both.
pub(crate) fn shared_budget_days(program: &Program) -> Vec<SharedBudgetDays> {
    let mut all = Vec::new();
    for fund in &program.funds {
        let Funding::Budget(budget) = &fund.funding else { continue };
        let days =
            |(year, one): (&String, &BudgetYear)| Some((year.clone(), one.days(program.calendar, year)?));
        let mut years: Vec<(String, DayRange)> = budget.iter().filter_map(days).collect();
        years.sort_by_key(|(_, days)| *days);
        for (at, one) in years.iter().enumerate() {
            for other in &years[at + 1..] {
                let Some(days) = one.1.shared(other.1) else { continue };
                let granted_from = budget_on(budget, program.calendar, days.first);
                all.push(SharedBudgetDays {
                    fund: fund.key.clone(),
                    years: [one.clone(), other.clone()],
                    days,
                    granted_from: granted_from.map_or_else(String::new, |(year, _)| year.to_owned()),
                });
            }
        }
    }
    all
}

/// Gives the funds of a program of an earlier day the budgets that those have `now`: that is the money which can be granted.
pub(crate) fn take_budgets(program: &mut Program, now: &Program) {
    for fund in &mut program.funds {
        let current = now.fund(&fund.key).map(|fund| &fund.funding);
        if let (Funding::Budget(budget), Some(Funding::Budget(current))) = (&mut fund.funding, current) {
            budget.clone_from(current);
        }
    }
}

/// Refuses more grants than a budget has; `granted` has all grants together.
///
/// # Errors
/// [`Overdrawn`].
pub(crate) fn refuse_overdrawn(program: &Program, granted: &[GrantedSum]) -> Result<(), Error> {
    let mut sums: BTreeMap<(&str, &str), (i128, BudgetYear)> = BTreeMap::new();
    for one in granted {
        // A fund that the program no longer has grants nothing more.
        let Some(Fund { funding: Funding::Budget(budget), .. }) = program.fund(&one.fund) else { continue };
        let found = budget_of(budget, program.calendar, (&one.period, one.days));
        let none = || (one.period.as_str(), BudgetYear { amount_minor: 0, days: one.days });
        let (year, budget) = found.unwrap_or_else(none);
        let sum = sums.entry((&one.fund, year)).or_insert((0, budget));
        sum.0 += one.granted;
    }
    for ((fund, year), (granted, found)) in sums {
        let (budget, currency) = (i128::from(found.amount_minor), program.currency);
        if granted > budget {
            let period = found.days(program.calendar, year).map(|days| program.calendar.named(days));
            let (fund, year) = (fund.to_owned(), year.to_owned());
            return Err(Error::refused(Overdrawn { fund, year, period, granted, budget, currency }));
        }
    }
    Ok(())
}

/// Returns which budget of a new program takes the place of a `known` one: the one `found`, unless that has another amount and
/// names no days, and the known year is still there. Then years are named otherwise, and that one goes on with other days.
fn called_as_before<'b>(
    after: &'b Budget,
    (year, known): (&str, BudgetYear),
    found: (&'b str, BudgetYear),
) -> (&'b str, BudgetYear) {
    let is_other = found.0 != year && found.1.days.is_none() && found.1.amount_minor != known.amount_minor;
    let same_name = after.get_key_value(year).filter(|_| is_other);
    same_name.map_or(found, |(year, budget)| (year.as_str(), *budget))
}

/// Refuses a new program in which a budget from which grants were made would have other days.
///
/// # Errors
/// [`BudgetMoved`].
pub(crate) fn refuse_moved_budgets(
    (old, new): (&Program, &Program),
    granted: &[GrantedSum],
) -> Result<(), Error> {
    for one in granted.iter().filter(|one| one.granted > 0) {
        let (Some(Funding::Budget(before)), Some(Funding::Budget(after))) =
            (old.fund(&one.fund).map(|fund| &fund.funding), new.fund(&one.fund).map(|fund| &fund.funding))
        else {
            continue;
        };
        let known = budget_of(before, old.calendar, (&one.period, one.days));
        let days = known.and_then(|(year, known)| known.days(old.calendar, year));
        let found = budget_of(after, new.calendar, (&one.period, one.days));
        let found = known.zip(found).map(|(known, found)| called_as_before(after, known, found));
        let moved =
            found.and_then(|(year, found)| Some((year, found.amount_minor, found.days(new.calendar, year)?)));
        if let (Some(days), Some((period, budget, new_days))) =
            (days.filter(|days| Some(*days) == one.days), moved)
            && new_days != days
        {
            return Err(Error::refused(BudgetMoved {
                fund: one.fund.clone(),
                period: period.to_owned(),
                granted: one.granted,
                days,
                new: new_days,
                budget: i128::from(budget),
                currency: new.currency,
            }));
        }
    }
    Ok(())
}
