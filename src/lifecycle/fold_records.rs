//! The fold of records beside stages: questionnaires, plans, reviews, tasks, care.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Assessed, Event, Overridden, Recorded};
use crate::lifecycle::fold::Step as Fold;
use crate::lifecycle::partner::{Assessment, Override, Partner, Standing};
use crate::lifecycle::performance::{WatchRecord, WatchStatus, WatchStep};
use crate::lifecycle::plans::{
    Agreed, BusinessPlan, BusinessReview, PlanState, PlanVersion, Planned, Sent, Task,
};

/// Takes one of these events into what is known of the partner.
pub(crate) fn grow(partner: &mut Partner, day: Day, recorded: &Recorded) -> Fold {
    if let Some(Standing::Left { .. }) = partner.standing() {
        // A task may be finished by whoever winds things up.
        if !matches!(recorded.event, Event::Finished(_)) {
            return Err(format!("is `{}` of a partner that has left", recorded.event.kind()));
        }
    }
    let (event, life) = (recorded.number, partner.returns);
    match &recorded.event {
        Event::Planned(planned) => {
            plan(partner, day, event, planned);
            Ok(())
        }
        Event::Sent(sent) => send(partner, day, sent),
        Event::Agreed(agreed) => agree(partner, day, agreed),
        Event::Reviewed(reviewed) => {
            let (period, text) = (reviewed.period.clone(), reviewed.text.clone());
            partner.reviews.push(BusinessReview { event, day, period, text, life });
            Ok(())
        }
        Event::Tasked(tasked) => {
            partner.tasks.push(Task {
                event,
                day,
                what: tasked.what.clone(),
                owner: tasked.owner.clone(),
                due: tasked.due,
                plan: tasked.plan.clone(),
                done: None,
                life,
            });
            Ok(())
        }
        Event::Finished(finished) => {
            let found = partner.tasks.iter_mut().find(|task| task.event == finished.task);
            let task = found.ok_or_else(|| format!("finishes task {}, which is not there", finished.task))?;
            if task.done.is_some() {
                return Err(format!("finishes task {} a second time", finished.task));
            }
            task.done = Some(day);
            Ok(())
        }
        Event::Watched(watched) => {
            step(partner, day, event, WatchStep::Watched, Some(watched.reason.clone()), |care| {
                !care.is_open()
            })
        }
        Event::Improving(improving) => {
            let until = WatchStep::Improving { until: improving.until };
            step(partner, day, event, until, improving.reason.clone(), WatchStatus::is_open)
        }
        Event::Decided(decided) => {
            let decision = WatchStep::Decided(decided.outcome);
            step(partner, day, event, decision, Some(decided.reason.clone()), WatchStatus::is_open)
        }
        _ => Ok(()),
    }
}

fn plan(partner: &mut Partner, day: Day, event: i64, planned: &Planned) {
    let life = partner.returns;
    let (sent, agreed, agreed_by) = (None, None, None);
    let version = PlanVersion { event, day, targets_minor: planned.targets_minor, sent, agreed, agreed_by };
    let known = partner.plans.iter_mut().find(|plan| plan.life == life && plan.period == planned.period);
    match known {
        Some(plan) => plan.versions.push(version),
        None => partner.plans.push(BusinessPlan {
            period: planned.period.clone(),
            starts: planned.starts,
            life,
            versions: vec![version],
        }),
    }
}

fn send(partner: &mut Partner, day: Day, sent: &Sent) -> Fold {
    let version = newest(partner, &sent.period)?;
    if version.state() != PlanState::Editing {
        return Err(format!("sends the plan of {}, which is not being edited", sent.period));
    }
    version.sent = Some(day);
    Ok(())
}

fn agree(partner: &mut Partner, day: Day, agreed: &Agreed) -> Fold {
    let version = newest(partner, &agreed.period)?;
    if version.state() != PlanState::Waiting {
        return Err(format!("agrees to the plan of {}, which does not wait for it", agreed.period));
    }
    version.agreed = Some(day);
    version.agreed_by.clone_from(&agreed.by);
    Ok(())
}

fn newest<'p>(partner: &'p mut Partner, period: &str) -> Result<&'p mut PlanVersion, String> {
    let life = partner.returns;
    let plan = partner.plans.iter_mut().find(|plan| plan.life == life && plan.period == period);
    plan.and_then(|plan| plan.versions.last_mut())
        .ok_or_else(|| format!("is of a plan of {period}, which is not there"))
}

/// Takes a step where what is done so far lets it.
fn step(
    partner: &mut Partner,
    day: Day,
    event: i64,
    step: WatchStep,
    reason: Option<String>,
    fits: impl FnOnce(WatchStatus) -> bool,
) -> Fold {
    if !fits(partner.watch_status()) {
        return Err(match step {
            WatchStep::Watched => "puts on the watch list a partner that is watched already".to_owned(),
            _ => format!("is `{}` of a partner that is not on the watch list", step.word()),
        });
    }
    partner.watch_records.push(WatchRecord { event, day, step, reason, life: partner.returns });
    Ok(())
}

/// Takes an answered questionnaire into what is known of the partner.
pub(crate) fn assess(partner: &mut Partner, day: Day, event: i64, assessed: &Assessed) -> Fold {
    if let Some(Standing::Left { .. }) = partner.standing() {
        return Err(format!("is an assessment by `{}` after the partner left", assessed.questionnaire));
    }
    let life = partner.returns;
    let assessed = assessed.clone();
    // An override is of answers: other evidence for them leaves it as it is.
    let earlier = partner.assessment(&assessed.questionnaire);
    let earlier = earlier.filter(|earlier| earlier.assessed.answers == assessed.answers);
    let overridden = earlier.and_then(|earlier| earlier.overridden.clone());
    partner.assessments.push(Assessment { event, day, assessed, overridden, life });
    Ok(())
}

/// Lets the newest answers to questionnaires count as passed.
pub(crate) fn overrule(partner: &mut Partner, day: Day, event: i64, overridden: &Overridden) -> Fold {
    if let Some(Standing::Left { .. }) = partner.standing() {
        return Err("overrides a verdict after the partner left".to_owned());
    }
    let life = partner.returns;
    let mut meant = Vec::new();
    for key in &overridden.questionnaires {
        let newest = |one: &Assessment| one.life == life && one.assessed.questionnaire == *key;
        match partner.assessments.iter().rposition(newest) {
            Some(at) => meant.push(at),
            None => return Err(format!("overrides the verdict of `{key}`, which was not answered")),
        }
    }
    for at in meant {
        // One that was overridden before stays so since then.
        let reason = overridden.reason.clone();
        partner.assessments[at].overridden.get_or_insert(Override { event, day, reason });
    }
    Ok(())
}
