//! Whether a version of a plan comes into force by being agreed.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::events::{BusinessPlan, PlanFact, PlanVersion};
use crate::lifecycle::plans::planned::PlannedDays;

/// Returns whether any day counts of the version of a plan that both sides agree to on a day: `then` is the partner as it
/// stands on that day, with the version, `latest` has what was recorded of later days, such as a version that goes before it.
pub(crate) fn counts_once_agreed(latest: PartnerFacts, then: &Partner, year: DayRange, agreed: Day) -> bool {
    let Some(newest) = then.plan(year).and_then(BusinessPlan::newest) else { return false };
    let version = PlanVersion { agreed: Some(agreed), ..newest.clone() };
    let is_it = |plan: &PlanFact| {
        plan.year == year && plan.version.agreed.is_none() && plan.version.day == newest.day
    };
    let others = latest
        .plans_since_it_came()
        .map(|plan| if is_it(&plan) { PlanFact { year, version: &version } } else { plan });
    let planned = PlannedDays::of(others, &latest.away(), Day::LAST);
    planned.has_days_of(year, version.from.unwrap_or(year.first), agreed)
}
