//! Why a partner that is to be judged by its plan cannot be: it has none, both sides have not agreed yet, or it is too new.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Calendar, Every, Period};
use crate::lifecycle::plans::planned::PlannedDays;
use crate::lifecycle::plans::{PlanFact, PlanState, PlanVersion};

/// Why quarters of a partner have no plan to be judged by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlanLack {
    /// No plan of the fiscal year is agreed; `drawn_up` says where the one stands that was drawn up, if one was.
    NotAgreed { year: Period, drawn_up: Option<PlanState> },
    /// A plan counts since this day, or will from it: too late for the quarters that are judged.
    TooNew { since: Day },
    /// The plan has no target for this quarter.
    NoTarget { quarter: Period },
}

impl PlanLack {
    /// Returns why `quarter`, the first of those that are judged without a plan, has none, as known on a day.
    pub(crate) fn of<'f>(
        calendar: Calendar,
        plans: impl DoubleEndedIterator<Item = PlanFact<'f>>,
        planned: &PlannedDays,
        quarter: &Period,
        day: Day,
    ) -> Option<PlanLack> {
        let year = calendar.containing(day, Every::Year)?;
        Some(match planned.counts_since(day) {
            Some(since) if since > quarter.first => PlanLack::TooNew { since },
            Some(_) => PlanLack::NoTarget { quarter: quarter.clone() },
            None => PlanLack::NotAgreed { drawn_up: drawn_up(plans, &year, day), year },
        })
    }
}

/// Returns where the newest version of the plan of a year stood on a day; none if none was drawn up.
pub(crate) fn drawn_up<'f>(
    plans: impl DoubleEndedIterator<Item = PlanFact<'f>>,
    year: &Period,
    day: Day,
) -> Option<PlanState> {
    let mut known = plans.rev().filter(|plan| plan.year == year.days() && plan.version.day <= day);
    known.next().map(|plan| PlanVersion::state(plan.version))
}
