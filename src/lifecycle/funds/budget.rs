//! Budgets of funds are those of all partners together: no grant, and no change of the program, may overdraw one.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{Calendar, DayRange, Every};
use crate::lifecycle::funds::fund::{Fund, Funding};
use crate::lifecycle::program::definition::Program;

/// The budget of a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BudgetYear {
    /// In minor units.
    pub amount_minor: i64,
    /// Its days, if the program names them; without them those of the fiscal year.
    pub days: Option<DayRange>,
}

impl BudgetYear {
    /// Returns its days; `year` is what it is called.
    pub(crate) fn days(self, calendar: Calendar, year: &str) -> Option<DayRange> {
        self.days.or_else(|| calendar.parse(year).ok().map(|year| year.days()))
    }
}

/// Budgets by the year that they are called.
pub(crate) type Budget = BTreeMap<String, BudgetYear>;

/// Finds the budget that money is granted from on a day: that of the fiscal year, or else one that names days with this one.
pub(crate) fn budget_on(budget: &Budget, calendar: Calendar, day: Day) -> Option<(&str, DayRange)> {
    let now = calendar.containing(day, Every::Year)?.days();
    let all = || budget.iter().filter_map(|(year, one)| Some((year.as_str(), one.days(calendar, year)?)));
    all().find(|(_, days)| *days == now).or_else(|| all().find(|(_, days)| days.contains(day)))
}

/// What was granted from one budget, in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct GrantedSum {
    pub fund: String,
    /// What the year was called.
    pub period: String,
    pub days: Option<DayRange>,
    pub granted: i128,
}

/// Finds the budget that was granted from: the one with the same days, or else the one that is called so.
pub(crate) fn budget_of<'b>(
    budget: &'b Budget,
    calendar: Calendar,
    (period, days): (&str, Option<DayRange>),
) -> Option<(&'b str, BudgetYear)> {
    let same = |(year, one): &(&String, &BudgetYear)| days.is_some() && one.days(calendar, year) == days;
    let found = budget.iter().find(same).or_else(|| budget.get_key_value(period));
    found.map(|(year, one)| (year.as_str(), *one))
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
