//! What is due for a partner, what waits for us, and what to do next: the items of all chapters in order.
//!
//! Each chapter makes its own items (launches, which are of no partner, come from `report/due.rs`); which of them comes
//! first is said here. To add one: make it in its chapter, and call it here.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::criteria::rules::declining_step;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::stage::events::Standing;
use crate::lifecycle::{enablement, funds, milestone, performance, plans, questions, revenue, stage, terms};

pub(crate) use crate::lifecycle::due::AgendaItem;
pub(crate) use crate::lifecycle::due::AnswersSoFar;
pub(crate) use crate::lifecycle::due::Due;
pub(crate) use crate::lifecycle::due::DueKind;
pub(crate) use crate::lifecycle::due::Lacking;
pub(crate) use crate::lifecycle::due::NextStep;
pub(crate) use crate::lifecycle::milestone::agenda::open_leaving;

/// Returns everything that is due for a partner, in order of day.
pub fn dues(facts: PartnerFacts) -> Vec<Due> {
    let mut all = waiting(facts);
    match facts.partner.standing() {
        None => {}
        Some(Standing::In { stage }) => {
            all.extend(milestone_dues(facts, stage));
            all.extend(plans::dues(facts));
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

/// Returns the first thing that would move this partner on, if there is any.
pub fn next_step(program: &Program, partner: &Partner, today: Day) -> Option<NextStep> {
    let facts = PartnerFacts { program, partner, day: today };
    // Who waits for us comes before what we wait for.
    if let Some(Due { what, step, .. }) = waiting(facts).into_iter().next() {
        return Some(NextStep { what, step });
    }
    match partner.standing() {
        None => Some(stage::placing_step(facts)),
        Some(Standing::In { stage }) => in_stage(facts, stage),
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
    recorded.iter().rev().find_map(|one| match &one.event {
        Event::Planned(planned) => plans::rules::approval_step(facts, &planned.period),
        Event::Sent(sent) => plans::rules::approval_step(facts, &sent.period),
        Event::Asked(_) | Event::Requested(_) | Event::Claimed(_) => waiting_for(one.number),
        Event::Watched(_) => performance::watch_step(facts, None),
        _ => None,
    })
}

fn in_stage(facts: PartnerFacts, key: &str) -> Option<NextStep> {
    let program = facts.program;
    let stage = program.stage(key)?;
    if stage.success
        && let Some(step) = in_growth(facts)
    {
        return Some(step);
    }
    if let Some(step) = declining_step(facts, &stage.key) {
        return Some(step);
    }
    let missing_gate = facts.missing_gates().first().and_then(|gate| program.milestone(gate));
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

/// Returns what growth asks for before milestones do: decisions that are due, actions, reports.
fn in_growth(facts: PartnerFacts) -> Option<NextStep> {
    if let Some(step) = performance::watch_step(facts, None) {
        return Some(step);
    }
    if facts.partner.is_self_service() {
        return None;
    }
    plans::next_step(facts)
        .or_else(|| performance::watch_step(facts, Some(facts.performance()?.performance)))
        .or_else(|| revenue::rules::next_step(facts))
}
