//! Which due day of a milestone holds, if it was moved for the partner.
//!
//! A move holds for the visit to the stage in which it was made, one of a recurring milestone for its period, or for
//! the one of the fiscal calendar in force that has most of its days: a partner that comes into the stage again, or back after
//! leaving, begins anew.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::events::MovedDue;
use crate::lifecycle::milestone::section::Milestone;

/// Returns how the due day of a milestone was moved, in order: of a recurring one in a period, of any other in the visit
/// that began on `entered`.
pub(crate) fn due_moves(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
    entered: Day,
) -> Vec<DueMove> {
    let calendar = facts.program.calendar;
    let is_of = |days: DayRange, period: &Period| {
        milestone.every.is_some_and(|every| calendar.is_of(days, period, every))
    };
    let is_same = |one: &&MovedDue| {
        one.life == facts.partner.returns
            && one.milestone == milestone.key
            && match (one.days, period) {
                (Some(days), Some(period)) => is_of(days, period),
                (None, None) => one.entered == entered,
                _ => false,
            }
    };
    facts.partner.moved_dues.iter().filter(is_same).map(|one| one.moved.clone()).collect()
}

/// Returns the day to which the due day of a milestone was moved last, if it was.
pub(super) fn moved_to(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
    entered: Day,
) -> Option<Day> {
    if facts.partner.moved_dues.is_empty() {
        return None;
    }
    due_moves(facts, milestone, period, entered).last().map(|one| one.to)
}
