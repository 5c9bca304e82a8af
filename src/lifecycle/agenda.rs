//! What is due for a partner, what waits for us, and what to do next: the items of all chapters in order.
//!
//! Each chapter makes its own items; here stands which of them comes first. To add one: make it in its chapter, and call
//! it here.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::assessment::declining_step;
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::stage::Standing;
use crate::lifecycle::{enablement, funds, milestone, performance, plans, questions, revenue, stage, terms};

pub(crate) use crate::lifecycle::due::{AgendaItem, AnswersSoFar, Due, DueKind, Lacking, NextStep};
pub(crate) use crate::lifecycle::milestone::open_leaving;

/// Returns everything that is due for a partner, in order of day.
pub fn dues(scene: Scene) -> Vec<Due> {
    let mut all = waiting(scene);
    match scene.partner.standing() {
        None => {}
        Some(Standing::In { stage }) => {
            all.extend(milestone::dues(scene, stage));
            all.extend(plans::dues(scene));
            all.extend(performance::due(scene));
            all.extend(revenue::reporting::dues(scene));
            all.extend(ending(scene));
        }
        Some(Standing::Parked { .. }) => {
            all.extend(stage::due(scene));
            all.extend(ending(scene));
        }
        Some(Standing::Left { label, .. }) => all.extend(milestone::leaving_dues(scene, *label)),
    }
    all.sort_by(|a, b| (a.day, a.kind, &a.id).cmp(&(b.day, b.kind, &b.id)));
    all
}

/// Returns what waits for us: questions, requests for money, claims.
fn waiting(scene: Scene) -> Vec<Due> {
    let mut all = questions::waiting(scene);
    all.extend(funds::agenda::waiting(scene));
    all.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    all
}

/// Returns terms, certificates and money that end.
fn ending(scene: Scene) -> Vec<Due> {
    let mut all = terms::dues(scene);
    all.extend(enablement::dues(scene));
    all.extend(funds::agenda::dues(scene));
    all
}

/// Returns the first thing that would move this partner on, if there is any.
pub fn next_step(program: &Program, partner: &Partner, today: Day) -> Option<NextStep> {
    let scene = Scene { program, partner, day: today };
    // Who waits for us comes before what we wait for.
    if let Some(Due { what, step, .. }) = waiting(scene).into_iter().next() {
        return Some(NextStep { what, step });
    }
    match partner.standing() {
        None => Some(stage::placing_step(scene)),
        Some(Standing::In { stage }) => in_stage(scene, stage),
        Some(Standing::Parked { .. }) => Some(stage::parked_step(scene)),
        Some(Standing::Left { label, .. }) => milestone::leaving_step(scene, *label),
    }
}

fn in_stage(scene: Scene, key: &str) -> Option<NextStep> {
    let program = scene.program;
    let stage = program.stage(key)?;
    if stage.success
        && let Some(step) = in_growth(scene)
    {
        return Some(step);
    }
    if let Some(step) = declining_step(scene, &stage.key) {
        return Some(step);
    }
    let missing_gate = scene.missing_gates().first().and_then(|gate| program.milestone(gate));
    if let Some((_, gate)) = missing_gate {
        return Some(milestone::settling_step(scene, gate));
    }
    if let Some(step) = stage::moving_step(scene, &stage.key) {
        return Some(step);
    }
    let open = stage.milestones.iter().find(|one| scene.is_open(one))?;
    Some(milestone::settling_step(scene, open))
}

/// Returns what growth asks for before milestones do: decisions that are due, actions, reports.
fn in_growth(scene: Scene) -> Option<NextStep> {
    if let Some(step) = performance::watch_step(scene) {
        return Some(step);
    }
    if performance::is_self_service(scene.partner) {
        return None;
    }
    plans::next_step(scene)
        .or_else(|| performance::rule_step(scene))
        .or_else(|| revenue::reporting::next_step(scene))
}
