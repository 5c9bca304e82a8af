//! Plans of two partners that were merged: added up, or one until the other is agreed.

use crate::lifecycle::plans::events::{BusinessPlan, PlanVersion};

/// Adds plans to those of the same year: from the day on which one of the two was drawn up or changed, the targets
/// of both count together.
pub(crate) fn add_plans(plans: &mut Vec<BusinessPlan>, beside: Vec<BusinessPlan>) {
    for other in beside {
        match plans.iter_mut().find(|plan| plan.days == other.days) {
            Some(plan) => plan.versions = added(&plan.versions, &other.versions),
            None => plans.push(other),
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

fn added(own: &[PlanVersion], other: &[PlanVersion]) -> Vec<PlanVersion> {
    let sums = |versions: &[PlanVersion], beside: &[PlanVersion]| -> Vec<PlanVersion> {
        let sum = |version: &PlanVersion| {
            let then = beside.iter().rev().find(|one| one.day <= version.day);
            let mut version = version.clone();
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
    let mut all = [sums(own, other), sums(other, own)].concat();
    all.sort_by_key(|version| version.day);
    all
}
