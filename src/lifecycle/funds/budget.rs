//! Budgets of funds are those of all partners together: no grant, and no change of the program, may overdraw one.

use std::collections::BTreeMap;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::funds::budget_years::budget_of;
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
    pub period: String,
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

/// Refuses more grants than a budget has; `granted` has all grants together.
///
/// # Errors
/// [`Overdrawn`].
pub(crate) fn refuse_overdrawn(program: &Program, granted: &[GrantedSum]) -> Result<(), Error> {
    let mut sums: BTreeMap<(&str, &str), (i128, i128)> = BTreeMap::new();
    for one in granted {
        // A fund that the program no longer has grants nothing more.
        let Some(Fund { funding: Funding::Budget(budget), .. }) = program.fund(&one.fund) else { continue };
        let found = budget_of(budget, program.calendar, (&one.period, one.days));
        let (year, amount) = found.map_or((one.period.as_str(), 0), |(year, one)| (year, one.amount_minor));
        let sum = sums.entry((&one.fund, year)).or_insert((0, i128::from(amount)));
        sum.0 += one.granted;
    }
    for ((fund, period), (granted, budget)) in sums {
        if granted > budget {
            let (fund, period, currency) = (fund.to_owned(), period.to_owned(), program.currency);
            return Err(Error::refused(Overdrawn { fund, period, granted, budget, currency }));
        }
    }
    Ok(())
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
