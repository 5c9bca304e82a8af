//! What to do next for a partner.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::verdict::{Verdict, Verdicts};
use crate::lifecycle::dues::{Due, waiting};
use crate::lifecycle::event::LeftAs;
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::needs::{Lacking, lacking};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::performance::{DecidedAs, Performance, WatchStatus};
use crate::lifecycle::plans::{BusinessPlan, PlanState, PlanVersion};
use crate::lifecycle::program::{Milestone, Program, SettledBy};
use crate::lifecycle::stage::Standing;

/// The next step, why it is next, and the command that records it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextStep {
    pub what: String,
    pub command: String,
}

/// The first thing that would move this partner on, where there is any.
pub fn next_step(program: &Program, partner: &Partner, today: Day) -> Option<NextStep> {
    let key = &partner.key;
    // Who waits for us comes before what we wait for.
    if let Some(Due { what, command, .. }) =
        waiting(Scene { program, partner, day: today }).into_iter().next()
    {
        return Some(NextStep { what, command });
    }
    match partner.standing() {
        None => {
            let first = program.first_stage();
            let command = format!("chanlife advance {key} --to {}", first.key);
            Some(NextStep { what: format!("place it in {}", first.name), command })
        }
        Some(Standing::In { stage }) => in_stage(program, partner, stage, today),
        Some(Standing::Parked { .. }) => {
            let until = partner.current().and_then(|stay| stay.until);
            let what = match until {
                Some(until) if until > today => format!("wait until {until}"),
                Some(until) => format!("take it up again, parked until {until}"),
                None => "take it up again when its time has come".to_owned(),
            };
            Some(NextStep { what, command: format!("chanlife resume {key}") })
        }
        Some(Standing::Left { label, .. }) => winding_up(program, partner, *label),
    }
}

/// The first open item of the list for partners that leave; one that was declined has nothing to wind up.
fn winding_up(program: &Program, partner: &Partner, label: LeftAs) -> Option<NextStep> {
    let open = open_leaving(program, partner, label).into_iter().next()?;
    let command = format!("chanlife done {} {}", partner.key, open.key);
    Some(NextStep { what: open.name.clone(), command })
}

/// What is still to be done for a partner that left.
pub(crate) fn open_leaving<'p>(program: &'p Program, partner: &Partner, label: LeftAs) -> Vec<&'p Milestone> {
    let items = program.leaving.iter().filter(|_| label != LeftAs::Declined);
    items.filter(|one| partner.milestone(&one.key, None).is_none()).collect()
}

/// What growth asks for before milestones do: decisions that are due, actions, reports.
fn in_growth(scene: Scene) -> Option<NextStep> {
    let Scene { partner, day, .. } = scene;
    let key = &partner.key;
    let step = |what: String, command: String| Some(NextStep { what, command });
    let care = partner.watch_status();
    match care {
        WatchStatus::Improving { until, .. } if until <= day => {
            let command =
                format!("chanlife decide {key} recover|lower-tier|self-service|leave --reason REASON");
            return step(format!("its improvement plan ended on {until}, decide"), command);
        }
        WatchStatus::Watched { since } => {
            return step(
                format!("on the watch list since {since}, agree how to improve"),
                format!("chanlife improve {key}"),
            );
        }
        WatchStatus::Settled { outcome: DecidedAs::SelfService, .. } => return None,
        _ => {}
    }
    if let Some(task) = partner.open_tasks().into_iter().find(|task| task.due <= day) {
        let command = format!("chanlife plan done {key} {}", task.event);
        return step(format!("{}, due {}", task.what, task.due), command);
    }
    let under = scene.performance().is_some_and(|judged| judged.performance == Performance::Under);
    if under && !care.is_open() {
        let command = format!("chanlife watch {key} --reason REASON");
        return step("it is below what the program's rule asks for".to_owned(), command);
    }
    let owed = scene.reports_owed();
    let first = owed.first()?;
    let what = match owed.len() {
        1 => format!("it owes the report of {first}"),
        count => format!("it owes {count} reports, the first of {first}"),
    };
    step(what, format!("chanlife revenue add {key} AMOUNT --period {first}"))
}

fn in_stage(program: &Program, partner: &Partner, stage: &str, today: Day) -> Option<NextStep> {
    let key = &partner.key;
    let stage = program.stage(stage)?;
    let scene = Scene { program, partner, day: today };
    if stage.success
        && let Some(step) = in_growth(scene)
    {
        return Some(step);
    }
    if declined(scene, &stage.key) {
        let command = format!("chanlife leave {key} --as declined --reason REASON");
        return Some(NextStep { what: "the criteria say decline".to_owned(), command });
    }
    let missing_gate = scene.missing_gates().first().copied();
    let open = missing_gate.or_else(|| match program.next_stage(&stage.key) {
        Some(_) => None,
        None => stage.milestones.iter().find(|one| scene.is_open(one)).map(|one| one.key.as_str()),
    });
    if let Some(open) = open {
        let (_, milestone) = program.milestone(open)?;
        return Some(settling(scene, milestone));
    }
    let next = program.next_stage(&stage.key)?;
    let what = format!("all gates are done, on to {}", next.name);
    Some(NextStep { what, command: format!("chanlife advance {key}") })
}

/// Whether the criteria say not to take the partner in, while it stands where they are asked.
fn declined(scene: Scene, stage: &str) -> bool {
    let asked_here = scene.program.criteria_stage().is_some_and(|criteria| criteria.key == stage);
    let verdicts = scene.verdict(stage);
    asked_here && verdicts.and_then(Verdicts::decided) == Some(Verdict::Fail)
}

/// How to settle an open milestone.
fn settling(scene: Scene, milestone: &Milestone) -> NextStep {
    let what = milestone.name.clone();
    let Some(need) = &milestone.needs else {
        return NextStep { what, command: recorded_by(scene, milestone) };
    };
    let Lacking { so_far, command, .. } = lacking(scene, need);
    let what = so_far.map_or(what.clone(), |so_far| format!("{what}: {so_far}"));
    NextStep { what, command }
}

/// The command that settles a milestone which needs nothing else.
pub(crate) fn recorded_by(scene: Scene, milestone: &Milestone) -> String {
    let command = milestone.settled_by.and_then(|by| recording(scene, milestone, by));
    command.unwrap_or_else(|| format!("chanlife done {} {}", scene.partner.key, milestone.key))
}

/// The command that makes the record that settles a milestone.
fn recording(scene: Scene, milestone: &Milestone, by: SettledBy) -> Option<String> {
    let (key, calendar) = (&scene.partner.key, scene.program.calendar);
    let period = calendar.containing(scene.day, milestone.every?)?;
    Some(
        match (
            by,
            scene.partner.plan(&period.to_string()).and_then(BusinessPlan::newest).map(PlanVersion::state),
        ) {
            (SettledBy::Plan, None | Some(PlanState::Active)) => {
                format!("chanlife plan set {key} --period {period} --target AMOUNT")
            }
            (SettledBy::Plan, Some(PlanState::Editing)) => {
                format!("chanlife plan send {key} --period {period}")
            }
            (SettledBy::Plan, Some(PlanState::Waiting)) => {
                format!("chanlife plan agree {key} --period {period}")
            }
            (SettledBy::Review, _) => format!("chanlife plan review {key} --period {period}"),
            (SettledBy::Report, _) => return None,
        },
    )
}
