//! Plans of two partners that were merged: added up, one until the other is agreed, or of years that share days.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::corrections::merged::MergeChoice;
use crate::lifecycle::plans::events::{BusinessPlan, PlanFact, PlanVersion, quarters_of};
use crate::lifecycle::plans::planned::{PlannedDays, without};

/// Joins the plans that a merge brought to those that are there: with the event of the merge, and whose plans count.
///
/// Those of the same year are added up: from the day on which one of the two was drawn up or changed, the targets of both
/// count together; what is drawn up after the merge is meant for both. Of those of years that share days, the choice says
/// which count on these days.
pub(crate) fn join_plans(
    plans: &mut Vec<BusinessPlan>,
    brought: Vec<BusinessPlan>,
    (merge, choice): (i64, MergeChoice),
) {
    let mut others = Vec::new();
    for other in brought {
        match plans.iter_mut().find(|plan| plan.days == other.days) {
            Some(plan) => plan.versions = added(&plan.versions, &other.versions, merge),
            None => others.push(other),
        }
    }
    match choice {
        MergeChoice::Keep => {
            let left: Vec<BusinessPlan> = others.into_iter().filter_map(|one| beside(one, plans)).collect();
            plans.extend(left);
        }
        MergeChoice::Take => {
            let own = std::mem::take(plans).into_iter();
            plans.extend(own.filter_map(|one| beside(one, &others)));
            plans.extend(others);
        }
        MergeChoice::Add => {
            let own = plans.clone();
            for other in others {
                for plan in plans.iter_mut().filter(|plan| plan.days.shared(other.days).is_some()) {
                    let in_it = |version| in_year(version, other.days, plan.days);
                    let versions: Vec<PlanVersion> = other.versions.iter().filter_map(in_it).collect();
                    plan.versions = added(&plan.versions, &versions, merge);
                }
                plans.extend(beside(other, &own));
            }
        }
    }
}

/// Lays what was agreed of other plans beneath those of the same year: it counts until they are agreed.
pub(crate) fn lay_beneath(plans: &mut Vec<BusinessPlan>, beneath: Vec<BusinessPlan>) {
    for mut other in beneath {
        other.versions.retain(|version| version.agreed.is_some());
        match plans.iter_mut().find(|plan| plan.days == other.days) {
            Some(plan) => {
                plan.versions.splice(0..0, other.versions);
            }
            None if other.versions.is_empty() => {}
            None => plans.push(other),
        }
    }
}

fn added(own: &[PlanVersion], other: &[PlanVersion], merge: i64) -> Vec<PlanVersion> {
    let is_later = |version: &&PlanVersion| version.event.is_some_and(|event| event > merge);
    let (later, own): (Vec<&PlanVersion>, Vec<&PlanVersion>) = own.iter().partition(is_later);
    let other: Vec<&PlanVersion> = other.iter().collect();
    let sums = |versions: &[&PlanVersion], beside: &[&PlanVersion]| -> Vec<PlanVersion> {
        let sum = |version: &&PlanVersion| {
            let then = beside.iter().rev().find(|one| one.day <= version.day);
            let mut version = PlanVersion::clone(version);
            for (quarter, target) in version.targets_minor.iter_mut().enumerate() {
                *target = target.saturating_add(then.map_or(0, |then| then.targets_minor[quarter]));
            }
            for goal in then.iter().flat_map(|then| &then.goals) {
                match version.goals.iter_mut().find(|own| own.of == goal.of) {
                    Some(own) => own.target = own.target.saturating_add(goal.target),
                    None => version.goals.push(goal.clone()),
                }
            }
            version
        };
        versions.iter().map(sum).collect()
    };
    let mut all = [sums(&own, &other), sums(&other, &own), later.into_iter().cloned().collect()].concat();
    all.sort_by_key(|version| version.day);
    all
}

/// Returns what a version of the plan of a year says of the quarters of another year that share days with it: of each quarter
/// its part by days.
fn in_year(version: &PlanVersion, year: DayRange, other: DayRange) -> Option<PlanVersion> {
    let agreed = PlanVersion { agreed: Some(version.day), ..version.clone() };
    let planned = PlannedDays::of(std::iter::once(PlanFact { year, version: &agreed }), &[], version.day);
    let DayRange { first, last } = version.counted_days(year);
    let quarters = quarters_of(other.first);
    let whole = |day: Day| quarters.into_iter().find(|quarter| quarter.contains(day));
    if first > other.last || last < other.first {
        return None;
    }
    let minor = |quarter: DayRange| planned.within(quarter).map_or(0, |planned| planned.minor);
    Some(PlanVersion {
        targets_minor: quarters.map(|quarter| i64::try_from(minor(quarter)).unwrap_or(i64::MAX)),
        from: whole(first).map(|quarter| quarter.first),
        until: whole(last).map(|quarter| quarter.last),
        goals: Vec::new(),
        ..version.clone()
    })
}

/// Returns a plan with what of it counts on the days on which none of the others does; none if there are none.
fn beside(plan: BusinessPlan, others: &[BusinessPlan]) -> Option<BusinessPlan> {
    let agreed = others.iter().flat_map(|other| {
        let agreed = other.versions.iter().filter(|version| version.agreed.is_some());
        agreed.map(|version| version.counted_days(other.days))
    });
    let left = agreed.fold(vec![plan.days], |left, taken| without(&left, taken));
    let part = |version: &PlanVersion, days: DayRange| {
        let own = version.counted_days(plan.days);
        let counted = own.shared(days)?;
        let mut targets_minor = version.targets_minor;
        for (target, quarter) in targets_minor.iter_mut().zip(quarters_of(plan.days.first)) {
            let spread = quarter.shared(DayRange { last: plan.days.last, ..own });
            let (Some(spread), true) = (spread, quarter.contains(counted.first)) else { continue };
            let rest = spread.last.since(counted.first) + 1;
            let minor = i128::from(*target) * i128::from(rest) / i128::from(spread.count());
            *target = i64::try_from(minor).unwrap_or(*target);
        }
        let (from, until) = (Some(counted.first), Some(counted.last));
        let is_whole = counted == own;
        Some(if is_whole {
            version.clone()
        } else {
            PlanVersion { targets_minor, from, until, ..version.clone() }
        })
    };
    let versions: Vec<PlanVersion> = plan
        .versions
        .iter()
        .flat_map(|version| left.iter().filter_map(move |days| part(version, *days)))
        .collect();
    (!versions.is_empty()).then_some(BusinessPlan { versions, ..plan })
}
