//! The budgets of a fund, a year each, and the days of those years.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Calendar, DayRange, Every};

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
    let now = calendar.days_containing(day, Every::Year)?;
    let all = || budget.iter().filter_map(|(year, one)| Some((year.as_str(), one.days(calendar, year)?)));
    all().find(|(_, days)| *days == now).or_else(|| all().find(|(_, days)| days.contains(day)))
}

/// Returns the name for the budget of a fiscal year: its own, or, if a budget of other days has that, the nearest year before or
/// after it that none has.
pub(crate) fn free_name(budget: &Budget, year: &str) -> String {
    let Ok(own) = year.parse::<i32>() else { return year.to_owned() };
    let near = std::iter::once(0).chain((1..=100).flat_map(|by| [-by, by]));
    let names = near.map(|by| format!("{:04}", own + by));
    names.into_iter().find(|name| !budget.contains_key(name)).unwrap_or_else(|| year.to_owned())
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
