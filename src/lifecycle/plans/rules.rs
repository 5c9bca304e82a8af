//! Planning with partners: how its events are taken in, the rules, and what is due.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::{Amount, Money};
use crate::lifecycle::base::moved::first_due;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::assignee::refuse_other_hands;
use crate::lifecycle::plans::events::{
    Agreed, BusinessPlan, BusinessReview, Finished, PlanFact, PlanGoal, PlanState, PlanVersion, Planned,
    Reviewed, Sent, Task, Tasked, quarterly, quarters_of, split, year_of,
};
use crate::lifecycle::plans::goals::restated;
use crate::lifecycle::plans::planned::PlannedDays;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

impl Happening for Planned {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let version = PlanVersion {
            event: Some(at.event),
            day: at.day,
            targets_minor: self.targets_minor,
            from: self.from,
            until: at.plan_ends(),
            goals: self.goals.clone(),
            sent: None,
            agreed: None,
            agreed_by: None,
        };
        let year = year_of(self.starts);
        let known = partner.plans.iter_mut().find(|plan| plan.days == year);
        match known {
            Some(plan) => plan.versions.push(version),
            None => partner.plans.push(BusinessPlan {
                days: year,
                called: self.period.clone(),
                versions: vec![version],
            }),
        }
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

impl Happening for Sent {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let (year, version) = newest(partner, at, (&self.period, self.days))?;
        if version.state() != PlanState::Editing {
            return Err(PlanMisfit::NotEdited { year: at.calendar.named(year) }.into());
        }
        version.sent = Some(at.day);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

impl Happening for Agreed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let (year, version) = newest(partner, at, (&self.period, self.days))?;
        if version.state() != PlanState::Waiting {
            return Err(PlanMisfit::NotWaiting { year: at.calendar.named(year) }.into());
        }
        version.agreed = Some(at.day);
        version.agreed_by.clone_from(&self.by);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.by);
    }
}

impl Happening for Reviewed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let (event, day, life) = (at.event, at.day, partner.returns);
        let days = at.days(&self.period, self.days, std::iter::empty());
        partner.reviews.push(BusinessReview { event, day, days, text: self.text.clone(), life });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.text);
    }
}

impl Happening for Tasked {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if !self.follow_up {
            at.refuse_left(partner)?;
        }
        partner.tasks.push(Task {
            event: at.event,
            day: at.day,
            what: self.what.clone(),
            owner: self.owner.clone(),
            due: self.due,
            plan: self.plan.as_deref().map(|year| at.days(year, self.plan_days, called(&partner.plans))),
            done: None,
            outcome: None,
            life: partner.returns,
            follow_up: self.follow_up,
            moves: Vec::new(),
            dropped: None,
            hands: Vec::new(),
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.what);
        forgetting.colleague(&mut self.owner);
    }
}

impl Happening for Finished {
    // A task may be finished by whoever winds things up after the partner left.
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let task = open_task(partner, TaskNumber { number: self.task, follow_up: self.follow_up })?;
        task.done = Some(at.day);
        task.outcome.clone_from(&self.outcome);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.outcome);
    }
}

/// Returns an open action or follow-up by its number.
///
/// # Errors
/// There is none, or it is done or dropped.
pub(super) fn open_task(partner: &mut Partner, task: TaskNumber) -> Result<&mut Task, Misfit> {
    let found = partner.tasks.iter_mut().find(|one| one.event == task.number);
    let found = found.ok_or(PlanMisfit::NoTask(task))?;
    let task = TaskNumber { follow_up: found.follow_up, ..task };
    if found.done.is_some() {
        return Err(PlanMisfit::DoneTwice(task).into());
    }
    if found.dropped.is_some() {
        return Err(PlanMisfit::Dropped(task).into());
    }
    Ok(found)
}

/// What a plan is to have as targets, in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PlanTargets {
    /// Of the year; it is spread over the quarters that are left.
    Year(i64),
    /// Of each quarter, also of those that are over.
    Quarters([i64; 4]),
    /// What the newest version has.
    Kept,
}

impl PlanTargets {
    fn all(self) -> Vec<i64> {
        match self {
            PlanTargets::Year(target) => vec![target],
            PlanTargets::Quarters(targets) => targets.to_vec(),
            PlanTargets::Kept => Vec::new(),
        }
    }
}

/// Why an event of a plan does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlanMisfit {
    NoPlan {
        year: Period,
    },
    /// A plan is sent that is not being edited.
    NotEdited {
        year: Period,
    },
    /// A plan is agreed to that does not wait for the partner.
    NotWaiting {
        year: Period,
    },
    NoTask(TaskNumber),
    DoneTwice(TaskNumber),
    /// It was dropped before.
    Dropped(TaskNumber),
}

/// An action of a plan or a follow-up, by the number of its event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TaskNumber {
    pub number: i64,
    pub follow_up: bool,
}

/// Why something about a business plan, a review or an action is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlanRefusal {
    NegativeTarget {
        target: Money,
    },
    /// The target of a year is less than what its quarters up to `until`, which are over, keep.
    BelowKept {
        target: Amount,
        kept: Amount,
        until: Period,
    },
    /// We did not agree to the plan ourselves yet.
    NotSent {
        partner: String,
        key: String,
        year: Period,
    },
    /// It has none for these days; `others` are the years of those that it has.
    NoPlan {
        partner: String,
        key: String,
        year: Period,
        others: Vec<Period>,
    },
    /// An action of an improvement plan, and the partner has none.
    NoImprovementPlan {
        partner: String,
        key: String,
    },
    /// The quarter that is reviewed begins after the day of the review.
    QuarterToCome {
        quarter: Period,
        on: Day,
    },
    /// The quarter that is reviewed ended before the partner came into the file; `first` is the first that can be reviewed.
    QuarterBefore {
        partner: String,
        key: String,
        quarter: Period,
        since: Day,
        first: Option<Period>,
    },
    /// It was dropped on a day.
    Dropped {
        action: i64,
        what: String,
        on: Day,
    },
    /// It was completed on a day with another outcome, or none.
    OtherOutcome {
        what: String,
        on: Day,
        outcome: Option<String>,
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
        year: Period,
        sum: Amount,
    },
    InState {
        partner: String,
        year: Period,
        state: PlanState,
    },
    Reviewed {
        partner: String,
        quarter: Period,
        on: Day,
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

/// Draws up the plan of a fiscal year, or changes it; it counts when both sides agreed.
///
/// # Errors
/// Refused for a partner that has left, for targets below nothing, and for less than the quarters that are over keep.
pub(crate) fn plan(facts: PartnerFacts, year: &Period, wanted: PlanTargets, goals: &[PlanGoal]) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { program, partner, .. } = facts;
    let below = wanted.all().into_iter().chain(goals.iter().map(|goal| goal.target)).find(|one| *one < 0);
    if let Some(target) = below {
        let target = program.currency.money(i128::from(target));
        return Err(Error::refused(PlanRefusal::NegativeTarget { target }));
    }
    let mut drawn = drawn_up(facts, year, wanted)?;
    let known = partner.plan(year.days()).and_then(BusinessPlan::newest);
    drawn.goals = restated(known.map_or(&[], |known| &known.goals), goals);
    if known.is_some_and(|known| is_same(facts, year, (known, &drawn))) {
        let sum = program.currency.amount(drawn.targets_minor.iter().map(|one| i128::from(*one)).sum());
        let (partner, year) = (partner.name().to_owned(), year.clone());
        return Ok(Decision::already(PlanAlready::Drafted { partner, year, sum }));
    }
    Decision::record(drawn)
}

/// Returns whether a plan says what the newest version says, and if that is agreed, counts as it does: who came back in the
/// middle of a quarter can have a new target for the rest of it.
fn is_same(facts: PartnerFacts, year: &Period, (known, drawn): (&PlanVersion, &Planned)) -> bool {
    let same = known.targets_minor == drawn.targets_minor && known.goals == drawn.goals;
    if !same || known.agreed.is_none() {
        return same;
    }
    let version = PlanVersion { from: drawn.from, agreed: Some(facts.day), ..known.clone() };
    let with_it = facts.plans().chain([PlanFact { year: year.days(), version: &version }]);
    PlannedDays::of(with_it, &facts.away(), facts.day).counts_as(&facts.planned(facts.day))
}

/// Draws up what is wanted of a year: it is divided evenly among the quarters that are left: all of a year that has not begun, or is over. Quarters before
/// that of the day keep what they have, or have no target if no plan was agreed for them.
///
/// # Errors
/// Refused for less than the quarters that are over keep.
pub(crate) fn drawn_up(facts: PartnerFacts, year: &Period, wanted: PlanTargets) -> Result<Planned, Error> {
    let planned = |targets_minor, from| Planned {
        period: year.to_string(),
        starts: year.first,
        targets_minor,
        from,
        goals: Vec::new(),
    };
    let target = match wanted {
        PlanTargets::Kept => {
            let newest = facts.partner.plan(year.days()).and_then(BusinessPlan::newest);
            let newest = newest.ok_or_else(|| no_plan(facts, year))?;
            return Ok(planned(newest.targets_minor, newest.from));
        }
        PlanTargets::Quarters(targets_minor) => return Ok(planned(targets_minor, None)),
        PlanTargets::Year(target) if !year.days().contains(facts.day) => {
            return Ok(planned(quarterly(target), None));
        }
        PlanTargets::Year(target) => target,
    };
    let quarters = quarters_of(year.first);
    let now = quarters.iter().position(|quarter| quarter.contains(facts.day)).unwrap_or(0);
    let came = facts.away().iter().map(|one| one.last.plus(1)).filter(|back| *back <= facts.day).max();
    let from = quarters[now].first.max(came.unwrap_or(facts.partner.since));
    let agreed = facts.planned(facts.day);
    let kept_on = |days: &DayRange| agreed.within(*days).map_or(0, |planned| planned.minor);
    let kept: Vec<i64> = quarters[..now].iter().map(|one| i64::try_from(kept_on(one)).unwrap_or(0)).collect();
    // Days of the quarter before a return keep what they have, too.
    let before = DayRange { first: quarters[now].first, last: from.plus(-1) };
    let kept_now = if before.first > before.last { 0 } else { i64::try_from(kept_on(&before)).unwrap_or(0) };
    let rest = target - kept.iter().sum::<i64>() - kept_now;
    if rest < 0 {
        return Err(Error::refused(PlanRefusal::BelowKept {
            target: facts.amount(target),
            kept: facts.amount(target - rest),
            until: facts.program.calendar.named(quarters[now.saturating_sub(1)]),
        }));
    }
    let mut targets_minor = [0; 4];
    let parts = kept.into_iter().chain(split(rest, 4 - now));
    targets_minor.iter_mut().zip(parts).for_each(|(target, part)| *target = part);
    Ok(planned(targets_minor, Some(from).filter(|from| *from > year.first)))
}

/// Records that we agree to a plan, and the partner gets it.
///
/// # Errors
/// Refused if there is no plan, or the partner agreed to it.
pub(crate) fn send_plan(facts: PartnerFacts, year: &Period) -> Ruling {
    match plan_state(facts, year)? {
        PlanState::Editing => Decision::record(Sent { period: year.to_string(), days: Some(year.days()) }),
        state => Ok(already_in(facts, year, state)),
    }
}

/// Records that the partner agrees to a plan, which then counts.
///
/// # Errors
/// Refused if there is no plan, or we did not agree to it ourselves.
pub(crate) fn agree_plan(facts: PartnerFacts, year: &Period, by: Option<&str>) -> Ruling {
    let name = facts.partner.name();
    match plan_state(facts, year)? {
        PlanState::Waiting => Decision::record(Agreed {
            period: year.to_string(),
            days: Some(year.days()),
            by: by.map(str::to_owned),
        }),
        PlanState::Active => Ok(already_in(facts, year, PlanState::Active)),
        PlanState::Editing => Err(Error::refused(PlanRefusal::NotSent {
            partner: name.to_owned(),
            key: facts.partner.key.clone(),
            year: year.clone(),
        })),
    }
}

fn already_in(facts: PartnerFacts, year: &Period, state: PlanState) -> Decision {
    let (partner, year) = (facts.partner.name().to_owned(), year.clone());
    Decision::already(PlanAlready::InState { partner, year, state })
}

fn plan_state(facts: PartnerFacts, year: &Period) -> Result<PlanState, Error> {
    refuse_left(facts)?;
    let newest = facts.partner.plan(year.days()).and_then(BusinessPlan::newest);
    newest.map(PlanVersion::state).ok_or_else(|| no_plan(facts, year))
}

fn no_plan(facts: PartnerFacts, year: &Period) -> Error {
    let (partner, key) = (facts.partner.name().to_owned(), facts.partner.key.clone());
    let others = facts.partner.plans.iter().map(|plan| facts.program.calendar.named(plan.days));
    Error::refused(PlanRefusal::NoPlan { partner, key, year: year.clone(), others: others.collect() })
}

/// Records a business review of a quarter.
///
/// # Errors
/// Refused for a partner that has left, and for a quarter that has not begun or was over before the partner joined.
pub(crate) fn review(facts: PartnerFacts, quarter: &Period, text: Option<&str>) -> Ruling {
    refuse_left(facts)?;
    let known = facts.partner.review(quarter.days());
    if let Some(known) = known.filter(|known| text.is_none() || known.text.as_deref() == text) {
        let (partner, on) = (facts.partner.name().to_owned(), known.day);
        return Ok(Decision::already(PlanAlready::Reviewed { partner, quarter: quarter.clone(), on }));
    }
    check_quarter(facts, quarter)?;
    let period = quarter.to_string();
    Decision::record(Reviewed { period, days: Some(quarter.days()), text: text.map(str::to_owned) })
}

/// Checks that there is something of a quarter to review.
///
/// # Errors
/// Refused for a quarter that has not begun, or was over before the partner joined.
pub(crate) fn check_quarter(facts: PartnerFacts, quarter: &Period) -> Result<(), Error> {
    let PartnerFacts { program, partner, day } = facts;
    let quarter = quarter.clone();
    if quarter.first > day {
        return Err(Error::refused(PlanRefusal::QuarterToCome { quarter, on: day }));
    }
    if quarter.last < partner.since {
        let (partner, key, since) = (partner.name().to_owned(), partner.key.clone(), partner.since);
        let first = program.calendar.containing(since, Every::Quarter);
        return Err(Error::refused(PlanRefusal::QuarterBefore { partner, key, quarter, since, first }));
    }
    Ok(())
}

/// Adds something to be done by a day, unless it is open; `latest` is the partner as known now.
///
/// # Errors
/// Refused for a partner that has left, if neither the plan nor an improvement plan is there, and if the same is open and
/// another one is to do it.
pub(crate) fn task(facts: PartnerFacts, latest: &Partner, request: Tasked) -> Ruling {
    let year = request.plan_days.map(|days| facts.program.calendar.named(days));
    check_action(facts, year.as_ref())?;
    let is_due = |one: &Task| one.due == request.due || first_due(&one.moves) == Some(request.due);
    let mut open = [facts.partner, latest].into_iter().flat_map(Partner::open_tasks);
    let known = open.find(|one| one.what == request.what && is_due(one) && one.plan == request.plan_days);
    if let Some(known) = known {
        refuse_other_hands(latest, known, request.owner.as_deref())?;
        return Ok(Decision::already(PlanAlready::Planned { what: request.what, due: request.due }));
    }
    Decision::record(request)
}

/// Checks that there is a plan for an action: that of a fiscal year, or else an improvement plan.
///
/// # Errors
/// Refused for a partner that has left, and if there is no such plan.
pub(crate) fn check_action(facts: PartnerFacts, year: Option<&Period>) -> Result<(), Error> {
    refuse_left(facts)?;
    let partner = facts.partner;
    if let Some(year) = year {
        plan_state(facts, year)?;
    } else if !partner.watch_status().is_open() {
        return Err(Error::refused(PlanRefusal::NoImprovementPlan {
            partner: partner.name().to_owned(),
            key: partner.key.clone(),
        }));
    }
    Ok(())
}

/// Returns the days of the plan that an event names, with those if it keeps them, and its newest version.
fn newest<'p>(
    partner: &'p mut Partner,
    at: &Moment,
    (name, days): (&str, Option<DayRange>),
) -> Result<(DayRange, &'p mut PlanVersion), Misfit> {
    let year = at.days(name, days, called(&partner.plans));
    let plan = partner.plans.iter_mut().find(|plan| plan.days == year);
    let newest = plan.and_then(|plan| plan.versions.last_mut());
    newest
        .map(|newest| (year, newest))
        .ok_or_else(|| PlanMisfit::NoPlan { year: at.calendar.named(year) }.into())
}

/// Returns the days of plans by what their years were called.
fn called(plans: &[BusinessPlan]) -> impl DoubleEndedIterator<Item = (&str, DayRange)> {
    plans.iter().map(|plan| (plan.called.as_str(), plan.days))
}

/// Returns the actions and follow-ups that are to be done.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let open = facts.partner.open_work().into_iter();
    open.map(|task| action_due(&facts.partner.key, task)).collect()
}

/// Returns when an action or a follow-up is due, for the partner with this key.
pub(crate) fn action_due(partner: &str, task: &Task) -> Due {
    let (partner, action) = (partner.to_owned(), task.event);
    let what = AgendaItem::Action { what: task.what.clone(), owner: task.owner.clone() };
    let (kind, step, word) = if task.follow_up {
        (DueKind::FollowUp, Step::FinishFollowUp { partner, follow_up: action }, "follow-up")
    } else {
        (DueKind::Action, Step::FinishAction { partner, action }, "action")
    };
    Due { day: task.due, kind, what, step, id: format!("{word}.{action}") }
}

/// Returns that an action or a follow-up is due on a day.
pub(super) fn what_is_due(task: &Task, day: Day) -> AgendaItem {
    let late_days = day.since(task.due);
    AgendaItem::ActionDue { what: task.what.clone(), due: task.due, late_days, follow_up: task.follow_up }
}

/// Returns the first action that is due by the day.
pub(crate) fn next_step(facts: PartnerFacts) -> Option<NextStep> {
    let task = facts.partner.open_tasks().into_iter().find(|task| task.due <= facts.day)?;
    Some(NextStep {
        what: what_is_due(task, facts.day),
        step: Step::FinishAction { partner: facts.partner.key.clone(), action: task.event },
    })
}

/// Returns the step that brings the newest version of a plan on, until both sides agree.
pub(crate) fn approval_step(facts: PartnerFacts, year: &Period) -> Option<NextStep> {
    let plan = plan_for(facts, year)?;
    let (newest, what) = (plan.newest()?, facts.program.calendar.named(plan.days));
    let (partner, year) = (facts.partner.key.clone(), what.to_string());
    match newest.state() {
        PlanState::Editing => Some(NextStep {
            what: AgendaItem::SendPlan { year: what },
            step: Step::SendPlan { partner, year },
        }),
        PlanState::Waiting => Some(NextStep {
            what: AgendaItem::AwaitPlan { year: what },
            step: Step::AgreePlan { partner, year },
        }),
        PlanState::Active => None,
    }
}

/// Returns the plan of a fiscal year; without one a plan of another calendar with most of its days in it that is not agreed.
fn plan_for<'f>(facts: PartnerFacts<'f>, year: &Period) -> Option<&'f BusinessPlan> {
    let is_home = |days: DayRange| facts.program.calendar.home(days, Every::Year).as_ref() == Some(year);
    let pending = || facts.partner.plans.iter().find(|plan| plan.active().is_none() && is_home(plan.days));
    facts.partner.plan(year.days()).or_else(pending)
}

/// Returns the step that brings the plan of a fiscal year on, or draws up a new one.
pub(crate) fn plan_step(facts: PartnerFacts, year: &Period) -> Step {
    let plan = plan_for(facts, year);
    let label =
        plan.map_or_else(|| year.to_string(), |plan| facts.program.calendar.named(plan.days).to_string());
    let (partner, newest) = (facts.partner.key.clone(), plan.and_then(BusinessPlan::newest));
    match newest.map(PlanVersion::state) {
        None | Some(PlanState::Active) => Step::SetPlan { partner, year: label },
        Some(PlanState::Editing) => Step::SendPlan { partner, year: label },
        Some(PlanState::Waiting) => Step::AgreePlan { partner, year: label },
    }
}

/// Returns the step that records the business review of a quarter.
pub(crate) fn review_step(facts: PartnerFacts, quarter: &Period) -> Step {
    Step::ReviewPlan { partner: facts.partner.key.clone(), quarter: quarter.to_string() }
}
