//! Targets of a plan beside its revenue, and how far they are reached: by product, of new customers and of deals.
//!
//! A target is spread evenly over the days of the year that the plan is for; days on which the partner is not in the channel
//! have none, and those for which a later plan has a target of the same count in that plan only.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::plans::events::{GoalMeasure, PlanGoal, PlanVersion, begins};
use crate::lifecycle::plans::planned::without;
use crate::lifecycle::revenue::{NamedSales, Sale, kept_by_name};

/// A version of a plan that counts and has targets beside revenue.
pub(crate) struct GoalPlan<'v> {
    /// The fiscal year.
    pub year: DayRange,
    /// The days of it that the plan is for.
    pub days: DayRange,
    pub version: &'v PlanVersion,
    /// The days of plans that were agreed later, with those.
    later: Vec<(DayRange, &'v PlanVersion)>,
}

/// How far a target is reached. A target and what is reached is a number; of a product, an amount in minor units.
pub(crate) struct GoalProgress<'g> {
    pub goal: &'g PlanGoal,
    /// What of the target counts: target x days that it is for and on which the partner is there / days of the plan.
    pub counts: f64,
    /// The same of the days up to today.
    pub to_date: f64,
    pub reached: i128,
}

/// Returns the plans that count by the day of the facts and have targets beside revenue, in order of their days.
pub(crate) fn goal_plans<'f>(facts: impl Facts<'f>) -> Vec<GoalPlan<'f>> {
    let mut by_year: BTreeMap<DayRange, Vec<&PlanVersion>> = BTreeMap::new();
    for plan in facts.plans().filter(|plan| plan.agreed_by(facts.day())) {
        by_year.entry(plan.year).or_default().push(plan.version);
    }
    let newest = by_year.into_iter().filter_map(|(year, versions)| {
        let first = begins(year, versions.iter().copied());
        let version = versions.last().copied().filter(|version| !version.goals.is_empty())?;
        Some(GoalPlan { year, days: DayRange { first, ..year }, version, later: Vec::new() })
    });
    let mut plans: Vec<GoalPlan> = newest.collect();
    let all: Vec<(DayRange, &PlanVersion)> = plans.iter().map(|plan| (plan.days, plan.version)).collect();
    for (at, plan) in plans.iter_mut().enumerate() {
        // Of two that were agreed on one day, that of the later year is the later one.
        let own = (plan.version.agreed, at);
        let later = all.iter().enumerate().filter(|(at, (_, version))| (version.agreed, *at) > own);
        plan.later = later.map(|(_, later)| *later).collect();
    }
    plans
}

impl<'v> GoalPlan<'v> {
    /// Returns those of its days on which no later plan has a target of the same.
    fn own_days(&self, goal: &PlanGoal) -> Vec<DayRange> {
        let takes = |later: &&(DayRange, &PlanVersion)| later.1.goals.iter().any(|one| one.of == goal.of);
        self.later.iter().filter(takes).fold(vec![self.days], |left, (days, _)| without(&left, *days))
    }

    /// Returns how far each of its targets is reached by `today` with some sales of the partner, all up to that day.
    #[expect(clippy::cast_precision_loss, reason = "days and targets of a year are far below 2^52")]
    pub(crate) fn progress(&self, away: &[DayRange], sales: &[Sale], today: Day) -> Vec<GoalProgress<'v>> {
        let all = self.days.count().max(1) as f64;
        let named = NamedSales::of(sales);
        let progress = |goal: &'v PlanGoal| {
            let own = self.own_days(goal);
            let present = away.iter().fold(own.clone(), |left, away| without(&left, *away));
            let counted = |until: Day| {
                let days =
                    present.iter().filter_map(|days| days.shared(DayRange { last: until, ..self.days }));
                goal.target as f64 * days.map(DayRange::count).sum::<i64>() as f64 / all
            };
            let passed = |days: DayRange| {
                (days.first <= today).then(|| DayRange { last: days.last.min(today), ..days })
            };
            let days: Vec<DayRange> = own.into_iter().filter_map(passed).collect();
            GoalProgress {
                counts: counted(self.days.last),
                to_date: counted(today.min(self.days.last)),
                reached: reached(&goal.of, (sales, &named), &days),
                goal,
            }
        };
        self.version.goals.iter().map(progress).collect()
    }
}

/// Returns what was reached on some days: revenue of a product, in minor units; customers or deals of which the first sale
/// that they kept was on one of them.
fn reached(of: &GoalMeasure, (sales, named): (&[Sale], &NamedSales), days: &[DayRange]) -> i128 {
    let within = |day: Day| days.iter().any(|one| one.contains(day));
    match of {
        GoalMeasure::Product(product) => {
            let own = |sale: &&Sale| within(sale.day) && named.product_of(sale) == Some(product.as_str());
            sales.iter().filter(own).map(|sale| i128::from(sale.amount_minor)).sum()
        }
        GoalMeasure::Customers => first_sold(sales, within, |sale| named.customer_of(sale)),
        GoalMeasure::Deals => first_sold(sales, within, |sale| named.deal_of(sale)),
    }
}

/// Counts the names that a sale which was not returned had for the first time on one of some days.
fn first_sold<'s>(
    sales: &'s [Sale],
    within: impl Fn(Day) -> bool,
    name: impl Fn(&'s Sale) -> Option<&'s str>,
) -> i128 {
    let kept = kept_by_name(sales.iter(), name);
    let first = kept.values().filter_map(|sales| sales.first());
    first.map(|sale| i128::from(within(sale.day))).sum()
}

/// Returns the targets of a plan with others put in their place; a target of 0 takes one out.
pub(crate) fn restated(goals: &[PlanGoal], wanted: &[PlanGoal]) -> Vec<PlanGoal> {
    let mut all: BTreeMap<&GoalMeasure, i64> = goals.iter().map(|goal| (&goal.of, goal.target)).collect();
    all.extend(wanted.iter().map(|goal| (&goal.of, goal.target)));
    let kept = all.into_iter().filter(|(_, target)| *target != 0);
    kept.map(|(of, target)| PlanGoal { of: of.clone(), target }).collect()
}
