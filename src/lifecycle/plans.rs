//! Joint business plans: revenue wanted by quarter, agreed by both sides, with reviews and actions.

use chrono::Months;
use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::{Amount, Money};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::SettledBy;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// A business plan was drawn up or changed; it counts once both sides agreed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Planned {
    /// The fiscal year, such as `2026`.
    pub period: String,
    /// The first day of its first quarter, by the calendar of that day.
    pub starts: Day,
    /// Revenue wanted in each quarter, in minor units of the program's currency.
    pub targets_minor: [i64; 4],
}

impl Happening for Planned {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let life = partner.returns;
        let version = PlanVersion {
            day: at.day,
            targets_minor: self.targets_minor,
            sent: None,
            agreed: None,
            agreed_by: None,
        };
        let known = partner.plans.iter_mut().find(|plan| plan.life == life && plan.period == self.period);
        match known {
            Some(plan) => plan.versions.push(version),
            None => partner.plans.push(BusinessPlan {
                period: self.period.clone(),
                starts: self.starts,
                life,
                versions: vec![version],
            }),
        }
        Ok(())
    }
}

/// We agree to the plan, and the partner has it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub period: String,
}

impl Happening for Sent {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let version = newest(partner, &self.period)?;
        if version.state() != PlanState::Editing {
            return Err(PlanMisfit::NotEdited { year: self.period.clone() }.into());
        }
        version.sent = Some(at.day);
        Ok(())
    }
}

/// The partner agreed to the plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Agreed {
    pub period: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Happening for Agreed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let version = newest(partner, &self.period)?;
        if version.state() != PlanState::Waiting {
            return Err(PlanMisfit::NotWaiting { year: self.period.clone() }.into());
        }
        version.agreed = Some(at.day);
        version.agreed_by.clone_from(&self.by);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.by);
    }
}

/// The business was reviewed with the partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reviewed {
    /// The quarter.
    pub period: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Happening for Reviewed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let (event, day, life) = (at.event, at.day, partner.returns);
        let (period, text) = (self.period.clone(), self.text.clone());
        partner.reviews.push(BusinessReview { event, day, period, text, life });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.text);
    }
}

/// Something to be done by a day, as a part of a plan, or to improve.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tasked {
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub due: Day,
    /// The plan that it belongs to; none for one of an improvement plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
}

impl Happening for Tasked {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        partner.tasks.push(Task {
            event: at.event,
            day: at.day,
            what: self.what.clone(),
            owner: self.owner.clone(),
            due: self.due,
            plan: self.plan.clone(),
            done: None,
            life: partner.returns,
        });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.what);
        erase(&mut self.owner);
    }
}

/// What was to be done is done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// The number of the event that brought the task.
    pub task: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

impl Happening for Finished {
    // A task may be finished by whoever winds things up after the partner left.
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let found = partner.tasks.iter_mut().find(|task| task.event == self.task);
        let task = found.ok_or(PlanMisfit::NoAction { action: self.task })?;
        if task.done.is_some() {
            return Err(PlanMisfit::DoneTwice { action: self.task }.into());
        }
        task.done = Some(at.day);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.outcome);
    }
}

/// The plan of one fiscal year, with all its versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BusinessPlan {
    pub period: String,
    pub starts: Day,
    /// How often the partner had come back after leaving when it was drawn up.
    pub life: u32,
    /// In order; at least one.
    pub versions: Vec<PlanVersion>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanVersion {
    pub day: Day,
    pub targets_minor: [i64; 4],
    pub sent: Option<Day>,
    pub agreed: Option<Day>,
    /// Who agreed for the partner, if that was said.
    pub agreed_by: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlanState {
    /// We work on it.
    Editing,
    /// The partner has it.
    Waiting,
    /// Both agreed.
    Active,
}

/// A business review of one quarter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BusinessReview {
    pub event: i64,
    pub day: Day,
    pub period: String,
    pub text: Option<String>,
    pub life: u32,
}

/// Something to be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    pub event: i64,
    pub day: Day,
    pub what: String,
    pub owner: Option<String>,
    pub due: Day,
    pub plan: Option<String>,
    pub done: Option<Day>,
    pub life: u32,
}

impl PlanState {
    /// Returns the word for machines.
    pub fn word(self) -> &'static str {
        match self {
            PlanState::Editing => "editing",
            PlanState::Waiting => "waiting for the partner",
            PlanState::Active => "active",
        }
    }
}

impl PlanVersion {
    /// Returns where the version stands: being edited, waiting for the partner, or agreed.
    pub fn state(&self) -> PlanState {
        match (self.sent, self.agreed) {
            (_, Some(_)) => PlanState::Active,
            (Some(_), None) => PlanState::Waiting,
            (None, None) => PlanState::Editing,
        }
    }

    /// Adds up the targets of the year, in minor units.
    pub fn year_minor(&self) -> i128 {
        self.targets_minor.iter().map(|target| i128::from(*target)).sum()
    }
}

impl BusinessPlan {
    /// Returns the version that was drawn up last.
    pub fn newest(&self) -> Option<&PlanVersion> {
        self.versions.last()
    }

    /// Returns the version that counts: the last one that both sides agreed to.
    pub fn active(&self) -> Option<&PlanVersion> {
        self.versions.iter().rev().find(|version| version.agreed.is_some())
    }
}

/// Returns the first and the last day of each quarter of a year that starts on `starts`.
pub(crate) fn quarters_of(starts: Day) -> [(Day, Day); 4] {
    let first = |quarter: u32| {
        let date = starts.date().checked_add_months(Months::new(3 * quarter));
        date.and_then(Day::from_date).unwrap_or(Day::LAST)
    };
    [0, 1, 2, 3].map(|quarter| (first(quarter), first(quarter + 1).plus(-1)))
}

/// Divides a year's target into four equal parts, to the minor unit; what can't be divided goes to the last quarters.
pub(crate) fn split(year_minor: i64) -> [i64; 4] {
    let (part, rest) = (year_minor.div_euclid(4), year_minor.rem_euclid(4));
    [0, 1, 2, 3].map(|quarter| part + i64::from(quarter >= 4 - rest))
}

/// Why an event of a plan does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlanMisfit {
    NoPlan {
        year: String,
    },
    /// A plan is sent that is not being edited.
    NotEdited {
        year: String,
    },
    /// A plan is agreed to that does not wait for the partner.
    NotWaiting {
        year: String,
    },
    NoAction {
        action: i64,
    },
    DoneTwice {
        action: i64,
    },
}

/// Why something about a business plan, a review or an action is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlanRefusal {
    NegativeTarget {
        target: Money,
    },
    /// We did not agree to the plan ourselves yet.
    NotSent {
        partner: String,
        key: String,
        year: String,
    },
    NoPlan {
        partner: String,
        key: String,
        year: String,
    },
    /// An action of an improvement plan, and the partner has none.
    NoImprovementPlan {
        partner: String,
        key: String,
    },
    /// There is no action of this number; `open` are those that are, with what is to be done.
    NoAction {
        partner: String,
        action: i64,
        open: Vec<(i64, String)>,
    },
}

/// Why nothing is recorded about a business plan: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlanAlready {
    Drafted {
        partner: String,
        year: String,
        sum: Amount,
    },
    InState {
        partner: String,
        year: String,
        state: PlanState,
    },
    Reviewed {
        partner: String,
        quarter: String,
    },
    /// The same action is open.
    Planned {
        what: String,
        due: Day,
    },
    Completed {
        what: String,
        since: Day,
    },
}

/// `[planning]` names a questionnaire that the program does not have; `questionnaires` are those that it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NoReviewQuestionnaire {
    pub key: String,
    pub questionnaires: Vec<String>,
}

/// Draws up the plan of a fiscal year, or changes it; it counts when both sides agreed.
///
/// # Errors
/// Refused for a partner that has left, and for targets below nothing.
pub(crate) fn plan(scene: Scene, year: &Period, targets_minor: [i64; 4]) -> Ruling {
    refuse_left(scene)?;
    let Scene { program, partner, .. } = scene;
    let money = |minor: i128| program.currency.money(minor);
    if let Some(target) = targets_minor.iter().find(|target| **target < 0) {
        return Err(Error::refused(PlanRefusal::NegativeTarget { target: money(i128::from(*target)) }));
    }
    let known = partner.plan(&year.to_string()).and_then(BusinessPlan::newest);
    let sum: i128 = targets_minor.iter().map(|target| i128::from(*target)).sum();
    if known.is_some_and(|known| known.targets_minor == targets_minor) {
        let (partner, year) = (partner.name().to_owned(), year.to_string());
        let sum = program.currency.amount(sum);
        return Ok(Decision::already(PlanAlready::Drafted { partner, year, sum }));
    }
    Decision::record(Planned { period: year.to_string(), starts: year.first, targets_minor })
}

/// Records that we agree to a plan, and the partner gets it.
///
/// # Errors
/// Refused if there is no plan, or the partner agreed to it.
pub(crate) fn send_plan(scene: Scene, year: &str) -> Ruling {
    match plan_state(scene, year)? {
        PlanState::Editing => Decision::record(Sent { period: year.to_owned() }),
        state => Ok(already_in(scene, year, state)),
    }
}

/// Records that the partner agrees to a plan, which then counts.
///
/// # Errors
/// Refused if there is no plan, or we did not agree to it ourselves.
pub(crate) fn agree_plan(scene: Scene, year: &str, by: Option<&str>) -> Ruling {
    let name = scene.partner.name();
    match plan_state(scene, year)? {
        PlanState::Waiting => Decision::record(Agreed { period: year.to_owned(), by: by.map(str::to_owned) }),
        PlanState::Active => Ok(already_in(scene, year, PlanState::Active)),
        PlanState::Editing => Err(Error::refused(PlanRefusal::NotSent {
            partner: name.to_owned(),
            key: scene.partner.key.clone(),
            year: year.to_owned(),
        })),
    }
}

fn already_in(scene: Scene, year: &str, state: PlanState) -> Decision {
    let (partner, year) = (scene.partner.name().to_owned(), year.to_owned());
    Decision::already(PlanAlready::InState { partner, year, state })
}

fn plan_state(scene: Scene, year: &str) -> Result<PlanState, Error> {
    refuse_left(scene)?;
    let newest = scene.partner.plan(year).and_then(BusinessPlan::newest);
    newest.map(PlanVersion::state).ok_or_else(|| {
        let (partner, key) = (scene.partner.name().to_owned(), scene.partner.key.clone());
        Error::refused(PlanRefusal::NoPlan { partner, key, year: year.to_owned() })
    })
}

/// Records a business review of a quarter.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn review(scene: Scene, quarter: &Period, text: Option<&str>) -> Ruling {
    refuse_left(scene)?;
    let period = quarter.to_string();
    let known = scene.partner.reviews.iter().rev().find(|one| one.period == period);
    if known.is_some_and(|known| known.text.as_deref() == text && known.day == scene.day) {
        let partner = scene.partner.name().to_owned();
        return Ok(Decision::already(PlanAlready::Reviewed { partner, quarter: period }));
    }
    Decision::record(Reviewed { period, text: text.map(str::to_owned) })
}

/// Adds something to be done by a day.
///
/// # Errors
/// Refused for a partner that has left, and if neither the plan nor an improvement plan is there.
pub(crate) fn task(scene: Scene, request: Tasked) -> Ruling {
    refuse_left(scene)?;
    let (partner, name) = (scene.partner, scene.partner.name());
    if let Some(year) = &request.plan {
        plan_state(scene, year)?;
    } else if !partner.watch_status().is_open() {
        return Err(Error::refused(PlanRefusal::NoImprovementPlan {
            partner: name.to_owned(),
            key: partner.key.clone(),
        }));
    }
    if partner.open_tasks().iter().any(|one| one.what == request.what && one.due == request.due) {
        return Ok(Decision::already(PlanAlready::Planned { what: request.what, due: request.due }));
    }
    Decision::record(request)
}

/// Records that what was to be done is done.
///
/// # Errors
/// Refused if there is no such task.
pub(crate) fn finish(scene: Scene, task: i64, outcome: Option<&str>) -> Ruling {
    let partner = scene.partner;
    let Some(found) = partner.tasks.iter().find(|one| one.event == task) else {
        let open = partner.open_tasks();
        let open = open.iter().map(|one| (one.event, one.what.clone())).collect();
        let partner = partner.name().to_owned();
        return Err(Error::refused(PlanRefusal::NoAction { partner, action: task, open }));
    };
    if let Some(day) = found.done {
        return Ok(Decision::already(PlanAlready::Completed { what: found.what.clone(), since: day }));
    }
    Decision::record(Finished { task, outcome: outcome.map(str::to_owned) })
}

/// Reads `[planning]`: the questionnaire of business reviews.
pub(crate) fn read_planning(
    mut section: Section,
    reader: &mut TomlReader,
    questionnaires: &[&str],
) -> Option<String> {
    let key = section.required_text(reader, "review");
    if let Some(key) = key.as_ref().filter(|key| !questionnaires.contains(&key.value.as_str())) {
        let questionnaires = questionnaires.iter().map(|one| (*one).to_owned()).collect();
        reader.fault(&key.span, NoReviewQuestionnaire { key: key.value.clone(), questionnaires });
    }
    section.finish(reader);
    key.map(|key| key.value)
}

fn newest<'p>(partner: &'p mut Partner, period: &str) -> Result<&'p mut PlanVersion, Misfit> {
    let life = partner.returns;
    let plan = partner.plans.iter_mut().find(|plan| plan.life == life && plan.period == period);
    plan.and_then(|plan| plan.versions.last_mut())
        .ok_or_else(|| PlanMisfit::NoPlan { year: period.to_owned() }.into())
}

/// Returns the actions that are to be done.
pub(crate) fn dues(scene: Scene) -> Vec<Due> {
    let due = |task: &Task| Due {
        day: task.due,
        kind: DueKind::Action,
        what: AgendaItem::Action { what: task.what.clone(), owner: task.owner.clone() },
        step: Step::FinishAction { partner: scene.partner.key.clone(), action: task.event },
        id: format!("action.{}", task.event),
    };
    scene.partner.open_tasks().into_iter().map(due).collect()
}

/// Returns the first action that is due by the day.
pub(crate) fn next_step(scene: Scene) -> Option<NextStep> {
    let task = scene.partner.open_tasks().into_iter().find(|task| task.due <= scene.day)?;
    Some(NextStep {
        what: AgendaItem::ActionDue { what: task.what.clone(), due: task.due },
        step: Step::FinishAction { partner: scene.partner.key.clone(), action: task.event },
    })
}

/// Returns the step that makes the record which settles a milestone of a period: the plan of a fiscal year, or the review
/// of a quarter.
pub(crate) fn step_of_period(scene: Scene, by: SettledBy, period: &Period) -> Option<Step> {
    let (partner, label) = (scene.partner.key.clone(), period.to_string());
    match by {
        SettledBy::Plan => {
            let newest = scene.partner.plan(&label).and_then(BusinessPlan::newest);
            Some(match newest.map(PlanVersion::state) {
                None | Some(PlanState::Active) => Step::SetPlan { partner, year: label },
                Some(PlanState::Editing) => Step::SendPlan { partner, year: label },
                Some(PlanState::Waiting) => Step::AgreePlan { partner, year: label },
            })
        }
        SettledBy::Review => Some(Step::ReviewPlan { partner, quarter: label }),
        SettledBy::Report => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_years_target_is_divided_to_the_minor_unit() {
        for year in [0, 1, 2, 3, 4, 399_999_999, i64::MAX] {
            assert_eq!(split(year).iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(year));
        }
        assert_eq!(split(10), [2, 2, 3, 3]);
    }

    #[test]
    fn quarters_follow_each_other_from_the_first_day_of_the_year() {
        let day = |text: &str| Day::parse_iso(text).expect("a day");
        let quarters = quarters_of(day("2025-07-01"));
        assert_eq!(quarters[0], (day("2025-07-01"), day("2025-09-30")));
        assert_eq!(quarters[3], (day("2026-04-01"), day("2026-06-30")));
    }
}
