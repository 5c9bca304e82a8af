//! Which of a partner's plans is meant if none is named.

use crate::lifecycle::base::period::Period;
use crate::lifecycle::facts::PartnerFacts;

/// Returns the year of the plan that is meant if none is named: the fiscal year, or if the partner has no plan for it, that of
/// its only plan for the day. Its days may be those of another fiscal calendar.
pub(crate) fn year_meant(facts: PartnerFacts, year: Period) -> Period {
    let PartnerFacts { program, partner, day } = facts;
    if partner.plan(year.days()).is_some() {
        return year;
    }
    let mut covering = partner.plans.iter().filter(|plan| plan.days.contains(day));
    match (covering.next(), covering.next()) {
        (Some(only), None) => program.calendar.named(only.days),
        _ => year,
    }
}
