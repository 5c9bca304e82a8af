//! Which due day of a milestone holds, if it was moved for the partner.
//!
//! A move holds for the visit to the stage in which it was made, one of a recurring milestone for its period, or for
//! the one of the fiscal calendar in force that has most of its days: a partner that comes into the stage again, or back after
//! leaving, begins anew. Parking ends a visit only in so far as a day that was agreed before the partner was resumed, and
//! is over by then, lapses.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::events::MovedDue;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::stage::events::{Standing, Stay};

/// A day that was agreed for a milestone and does not hold any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LapsedMove {
    pub milestone: String,
    pub agreed: Day,
}

/// Returns how the due day of a milestone was moved, in order: of a recurring one in a period, of any other in the visit
/// that began on `entered`.
pub(crate) fn due_moves(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
    entered: Day,
) -> Vec<DueMove> {
    let partner = facts.partner;
    if partner.moved_dues.is_empty() {
        return Vec::new();
    }
    let Some(period) = period else { return moves_of_visit(partner, &milestone.key, entered) };
    let calendar = facts.program.calendar;
    let is_of = |days: DayRange| milestone.every.is_some_and(|every| calendar.is_of(days, period, every));
    moves_of_period(partner, &milestone.key, is_of)
}

/// Returns how the due day of a milestone that recurs was moved, in order, in the periods that are wanted by their days.
pub(super) fn moves_of_period(
    partner: &Partner,
    milestone: &str,
    is_wanted: impl Fn(DayRange) -> bool,
) -> Vec<DueMove> {
    let same = |one: &&MovedDue| is_own(partner, milestone, one) && one.days.is_some_and(&is_wanted);
    partner.moved_dues.iter().filter(same).map(|one| one.moved.clone()).collect()
}

/// Returns how the due day of a milestone that does not recur was moved, in order, in the visit that began on `entered`.
pub(super) fn moves_of_visit(partner: &Partner, milestone: &str, entered: Day) -> Vec<DueMove> {
    if partner.moved_dues.is_empty() {
        return Vec::new();
    }
    let of_visit = |entered: Day| {
        let same = move |one: &&MovedDue| {
            is_own(partner, milestone, one) && one.days.is_none() && one.entered == entered
        };
        partner.moved_dues.iter().filter(same).map(|one| one.moved.clone())
    };
    let mut all: Vec<DueMove> = Vec::new();
    for visit in visits_with(partner, entered) {
        if all.last().is_some_and(|last| last.to < visit) {
            all.clear();
        }
        all.extend(of_visit(visit));
    }
    all
}

/// Returns whether a move is of this milestone since the partner last came back.
fn is_own(partner: &Partner, milestone: &str, moved: &MovedDue) -> bool {
    moved.life == partner.returns && moved.milestone == milestone
}

/// Returns the first days of a visit and of those before it that only parking parts from it, in order.
fn visits_with(partner: &Partner, entered: Day) -> Vec<Day> {
    let mut days = vec![entered];
    let Some(at) = partner.stays.iter().rposition(|stay| stay.entered == entered && !is_parked(stay)) else {
        return days;
    };
    let stage = partner.stays[at].standing.in_stage();
    for stay in partner.stays[..at].iter().rev() {
        if is_parked(stay) {
            continue;
        }
        if stage.is_none() || stay.standing.in_stage() != stage {
            break;
        }
        days.push(stay.entered);
    }
    days.reverse();
    days.dedup();
    days
}

fn is_parked(stay: &Stay) -> bool {
    matches!(stay.standing, Standing::Parked { .. })
}

/// Returns the day to which the due day of a milestone was moved last, if it was.
pub(super) fn moved_to(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
    entered: Day,
) -> Option<Day> {
    due_moves(facts, milestone, period, entered).last().map(|one| one.to)
}

/// Returns the first day of the partner's last visit to the stage of a milestone, if it was there.
pub(crate) fn last_entered(facts: PartnerFacts, milestone: &Milestone) -> Option<Day> {
    let (stage, _) = facts.program.milestone(&milestone.key)?;
    facts.partner.last_visit(&stage.key).map(|(stay, _)| stay.entered)
}

/// Returns the days that were agreed for open milestones of the partner's stage and held until it came back to it, and hold
/// no more: they were over on that day, or it had left.
pub(crate) fn lapsed_moves(before: PartnerFacts, after: PartnerFacts) -> Vec<LapsedMove> {
    if before.partner.moved_dues.is_empty() {
        return Vec::new();
    }
    let stage = after.stage().and_then(|key| after.program.stage(key));
    let once = stage.into_iter().flat_map(|stage| &stage.milestones).filter(|one| one.every.is_none());
    let last = |facts: PartnerFacts, one: &Milestone| moved_to(facts, one, None, last_entered(facts, one)?);
    let lapsed = once.filter(|one| after.is_open(one)).filter_map(|one| {
        let agreed = last(before, one).filter(|_| last(after, one).is_none())?;
        Some(LapsedMove { milestone: one.key.clone(), agreed })
    });
    lapsed.collect()
}
