//! What to do next for a partner.

use super::day::Day;
use super::partner::{Partner, Standing};
use super::program::{Milestone, Need, Program};
use super::questionnaire::{Verdict, Verdicts};
use super::rules::Scene;

/// The next step, why it is next, and the command that records it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextStep {
    pub what: String,
    pub command: String,
}

/// The first thing that would move this partner on, where there is any.
pub fn next_step(program: &Program, partner: &Partner, today: Day) -> Option<NextStep> {
    let key = &partner.key;
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
        Some(Standing::Left { .. }) => None,
    }
}

fn in_stage(program: &Program, partner: &Partner, stage: &str, today: Day) -> Option<NextStep> {
    let key = &partner.key;
    let stage = program.stage(stage)?;
    let scene = Scene { program, partner, day: today };
    if declined(program, partner, &stage.key) {
        let command = format!("chanlife leave {key} --as declined --reason REASON");
        return Some(NextStep { what: "the criteria say decline".to_owned(), command });
    }
    let missing_gate = partner.missing_gates(program).first().copied();
    let open = missing_gate.or_else(|| match program.next_stage(&stage.key) {
        Some(_) => None,
        None => stage.milestones.iter().find(|one| is_open(scene, one)).map(|one| one.key.as_str()),
    });
    if let Some(open) = open {
        let (_, milestone) = program.milestone(open)?;
        return Some(settling(partner, milestone));
    }
    let next = program.next_stage(&stage.key)?;
    let what = format!("all gates are done, on to {}", next.name);
    Some(NextStep { what, command: format!("chanlife advance {key}") })
}

/// Whether the criteria say not to take the partner in, while it stands where they are asked.
fn declined(program: &Program, partner: &Partner, stage: &str) -> bool {
    let asked_here = program.criteria_stage().is_some_and(|criteria| criteria.key == stage);
    let verdicts = partner.verdict(program, stage);
    asked_here && verdicts.and_then(Verdicts::decided) == Some(Verdict::Fail)
}

/// How to settle an open milestone.
fn settling(partner: &Partner, milestone: &Milestone) -> NextStep {
    let (key, what) = (&partner.key, milestone.name.clone());
    let Some(Need::Questionnaire(questionnaire)) = &milestone.needs else {
        return NextStep { what, command: format!("chanlife done {key} {}", milestone.key) };
    };
    let assess = format!("chanlife assess {key} {questionnaire}");
    match partner.assessment(questionnaire).map(|one| one.verdicts().decided()) {
        None => NextStep { what, command: assess },
        Some(None) => NextStep { what: format!("{what}: answers are missing"), command: assess },
        Some(Some(verdict)) => {
            let what = format!("{what}: {}, so it is for you to decide", verdict.word());
            NextStep { what, command: format!("{assess} --override REASON") }
        }
    }
}

/// Whether a milestone is open, for a recurring one in the period that contains the day.
pub fn is_open(scene: Scene, milestone: &Milestone) -> bool {
    let calendar = scene.program.calendar;
    let period = milestone.every.and_then(|every| calendar.containing(scene.day, every));
    scene.partner.held(milestone, period.as_ref()).is_none()
}
