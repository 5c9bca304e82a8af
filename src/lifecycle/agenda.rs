//! What is due for a partner, what waits for us, and what to do next: the items of all chapters in order.
//!
//! Each chapter makes its own items (launches, which are of no partner, come from `report/due.rs`); which of them comes
//! first is said here. To add one: make it in its chapter, and call it here.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::criteria::rules::declining_step;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::performance::selling::{growth_step, selling_step, year_without_plan};
use crate::lifecycle::plans::year_of;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::stage::events::Standing;
use crate::lifecycle::stage::section::Stage;
use crate::lifecycle::{enablement, funds, milestone, performance, plans, questions, revenue, stage, terms};

pub(crate) use crate::lifecycle::due::AgendaItem;
pub(crate) use crate::lifecycle::due::AnswersSoFar;
pub(crate) use crate::lifecycle::due::ClosedAs;
pub(crate) use crate::lifecycle::due::Due;
pub(crate) use crate::lifecycle::due::DueKind;
pub(crate) use crate::lifecycle::due::Lacking;
pub(crate) use crate::lifecycle::due::NextStep;
pub(crate) use crate::lifecycle::due::Over;
pub(crate) use crate::lifecycle::milestone::agenda::open_leaving;

/// Returns everything that is due for a partner, in order of day.
pub fn dues(facts: PartnerFacts) -> Vec<Due> {
    let mut all = waiting(facts);
    // What was promised stays until it is done or dropped, wherever the partner stands.
    all.extend(plans::dues(facts));
    match facts.partner.standing() {
        None => {}
        Some(Standing::In { stage }) => {
            all.extend(milestone_dues(facts, stage));
            all.extend(performance::due(facts));
            all.extend(revenue::rules::dues(facts));
            all.extend(ending(facts));
        }
        Some(Standing::Parked { .. }) => {
            all.extend(stage::due(facts));
            all.extend(ending(facts));
        }
        Some(Standing::Left { label, .. }) => all.extend(milestone::leaving_dues(facts, *label)),
    }
    all.sort_by(|a, b| (a.day, a.kind, &a.id).cmp(&(b.day, b.kind, &b.id)));
    all
}

/// Returns how something that was due for the partner came to be done, skipped or dropped, by its id; none if it was not, or
/// if that is not recorded of the thing itself.
pub(crate) fn closed(facts: PartnerFacts, id: &str) -> Option<ClosedAs> {
    milestone::closed(facts, id).or_else(|| plans::closed(facts, id))
}

/// Returns the milestones that are due; of a partner that the criteria say to decline, only the decision.
fn milestone_dues(facts: PartnerFacts, stage: &str) -> Vec<Due> {
    let all = milestone::dues(facts, stage);
    let Some(decline) = declining_step(facts, stage) else { return all };
    let decided = all.into_iter().filter(|due| matches!(due.step, Step::Overrule { .. }));
    decided.map(|due| Due { what: decline.what.clone(), step: decline.step.clone(), ..due }).collect()
}

/// Returns what waits for us: questions, requests for money, claims.
fn waiting(facts: PartnerFacts) -> Vec<Due> {
    let mut all = questions::waiting(facts);
    all.extend(funds::agenda::waiting(facts));
    all.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    all
}

/// Returns terms, certificates and money that end.
fn ending(facts: PartnerFacts) -> Vec<Due> {
    let mut all = terms::dues(facts);
    all.extend(enablement::dues(facts));
    all.extend(funds::agenda::dues(facts));
    all
}

/// Returns the first thing that would move this partner on, if there is any. `sold_since` is the first day of which a sale
/// is recorded, of any partner.
pub fn next_step(facts: PartnerFacts, sold_since: Option<Day>) -> Option<NextStep> {
    // Who waits for us comes before what we wait for.
    if let Some(Due { what, step, .. }) = waiting(facts).into_iter().next() {
        return Some(NextStep { what, step });
    }
    // What was promised for the day comes before what the stage asks for.
    if let Some(next) = plans::next_promise(facts) {
        return Some(next);
    }
    match facts.partner.standing() {
        None => Some(stage::placing_step(facts)),
        Some(Standing::In { stage }) => in_stage(facts, stage, sold_since),
        Some(Standing::Parked { .. }) => Some(stage::parked_step(facts)),
        Some(Standing::Left { label, .. }) => milestone::leaving_step(facts, *label),
    }
}

/// Returns what comes next of what was just recorded, if anything: a decision on a request, the approval of a plan.
pub(crate) fn follow_up(facts: PartnerFacts, recorded: &[Recorded]) -> Option<NextStep> {
    let waiting_for = |event: i64| {
        let due = waiting(facts).into_iter().find(|due| due.what.event() == Some(event))?;
        Some(NextStep { what: due.what, step: due.step })
    };
    let approval_step =
        |year: DayRange| plans::rules::approval_step(facts, &facts.program.calendar.named(year));
    recorded.iter().rev().find_map(|one| match &one.event {
        Event::Planned(planned) => approval_step(year_of(planned.starts)),
        Event::Sent(sent) => approval_step(sent.days?),
        Event::Asked(_) | Event::Requested(_) | Event::Claimed(_) => waiting_for(one.number),
        _ => None,
    })
}

fn in_stage(facts: PartnerFacts, key: &str, sold_since: Option<Day>) -> Option<NextStep> {
    let stage = facts.program.stage(key)?;
    if stage.success && facts.partner.is_self_service() {
        return in_order(facts, stage);
    }
    if stage.success
        && let Some(step) = growth_step(facts, sold_since)
    {
        return Some(step);
    }
    let next = in_order(facts, stage);
    // What is overdue in its stage is more pressing than anything else that is due.
    if facts.overdue_days().is_some() {
        return next;
    }
    let dues = dues(facts);
    let pressing = pressing(facts.program, facts.day, &dues);
    let Some(first) = pressing.first() else {
        return if stage.success { plan_to_make(facts).or(next) } else { next };
    };
    let is_known = |next: &NextStep| pressing.iter().any(|due| due.step == next.step);
    match first.kind {
        _ if !stage.success && next.as_ref().is_some_and(is_known) => next,
        DueKind::Report => revenue::rules::next_step(facts),
        _ => Some(NextStep { what: first.what.clone(), step: first.step.clone() }),
    }
}

/// Returns what the stage asks for: a decision, a gate, the move to the next stage, what was missed, what is open.
fn in_order(facts: PartnerFacts, stage: &Stage) -> Option<NextStep> {
    if let Some(step) = declining_step(facts, &stage.key) {
        return Some(step);
    }
    let missing_gate = facts.missing_gates().first().and_then(|gate| facts.program.milestone(gate));
    if let Some((_, gate)) = missing_gate {
        return Some(milestone::settling_step(facts, gate));
    }
    if let Some(step) = stage::moving_step(facts, &stage.key) {
        return Some(step);
    }
    if let Some(step) = milestone::missed_step(facts) {
        return Some(step);
    }
    let open = facts.asked_in(stage).find(|one| facts.is_open(one) && milestone::is_owed(facts, one))?;
    Some(milestone::settling_step(facts, open))
}

/// Returns the plan that a partner in growth is to have and has not.
fn plan_to_make(facts: PartnerFacts) -> Option<NextStep> {
    year_without_plan(facts)?;
    Some(NextStep { what: AgendaItem::NoPlan, step: selling_step(facts) })
}

/// What ends within so many days is pressing; money of funds that must be spent first, earlier.
const ENDS_DAYS: i64 = 30;
const MONEY_ENDS_DAYS: i64 = 60;

/// Returns what of all that is due is a reason to touch a partner, the most pressing first: what waits for us, what ends
/// soon or has ended, missing reports, then what else is late. Actions and follow-ups are promised for a day, and decisions on improvement
/// plans are reasons of growth.
pub(crate) fn pressing<'d>(program: &Program, today: Day, dues: &'d [Due]) -> Vec<&'d Due> {
    let wanted = |due: &&Due| match due.kind {
        DueKind::Action | DueKind::FollowUp | DueKind::Decision => false,
        DueKind::Waiting => true,
        // A plan of a year that is over changes nothing any more.
        _ if of_past_year(program, today, &due.step) => false,
        // What was left open in an earlier stage holds nobody up.
        _ if matches!(due.what, AgendaItem::Passed { .. }) => false,
        DueKind::Fund => due.day <= today.plus(MONEY_ENDS_DAYS),
        _ => due.day < today || (due.ends() && due.day <= today.plus(ENDS_DAYS)),
    };
    let rank = |due: &Due| match due.kind {
        DueKind::Waiting => 0,
        _ if due.ends() => 1,
        DueKind::Report => 2,
        _ => 3,
    };
    let mut found: Vec<&Due> = dues.iter().filter(wanted).collect();
    found.sort_by_key(|due| (rank(due), due.day));
    found
}

/// Whether a step is about the plan of a fiscal year that is over.
fn of_past_year(program: &Program, today: Day, step: &Step) -> bool {
    let (Step::SetPlan { year, .. } | Step::SendPlan { year, .. } | Step::AgreePlan { year, .. }) = step
    else {
        return false;
    };
    program.calendar.parse(year).is_ok_and(|year| year.last < today)
}
