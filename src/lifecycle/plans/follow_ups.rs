//! Follow-ups, and how what is to be done is moved to another day or dropped: how its events are taken in, and the rules.
//!
//! A follow-up is an action that belongs to no plan. A partner can have it in any stage, parked, or after it left. What was
//! promised, an action of a plan too, comes back on its day until it is done or dropped, wherever the partner stands.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::moved::{DueMove, first_due};
use crate::lifecycle::due::{ClosedAs, Due, NextStep};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::assignee::refuse_other_hands;
use crate::lifecycle::plans::events::{Finished, Task, TaskDropped, TaskMoved, Tasked};
use crate::lifecycle::plans::rules::{
    PlanAlready, PlanMisfit, PlanRefusal, TaskNumber, action_due, open_task, what_is_due,
};
use crate::lifecycle::rule::{Decision, Ruling};

impl Happening for TaskMoved {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let found = partner.tasks.iter_mut().find(|one| one.event == self.task);
        let number = TaskNumber { number: self.task, follow_up: self.follow_up };
        let task = found.ok_or(PlanMisfit::NoTask(number))?;
        // It may have been done sooner than it was moved, and recorded later.
        if !task.is_open() {
            return Ok(());
        }
        let (from, to) = (Some(task.due), self.to);
        task.moves.push(DueMove { day: at.day, from, to, reason: Some(self.reason.clone()) });
        task.due = to;
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for TaskDropped {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let number = TaskNumber { number: self.task, follow_up: self.follow_up };
        open_task(partner, number)?.dropped = Some(at.day);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

/// Why something about a follow-up, or about the day of an action, is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FollowUpRefusal {
    /// There is none of this number; `open` are those that there are, with what is to be done.
    Unknown { partner: String, key: String, number: i64, open: Vec<(i64, String)> },
    /// The number is that of an action of a plan.
    IsAction { key: String, action: i64, what: String },
    /// The number is that of a follow-up, not of an action.
    IsFollowUp { key: String, follow_up: i64, what: String },
    /// It was done or dropped on a day.
    Over { what: String, closed: ClosedAs },
    /// It was promised on a day after the one of which something is recorded.
    PromisedLater { number: i64, what: String, promised: Day, on: Day },
    /// It would be due before the day on which that is agreed.
    DueBefore { due: Day, on: Day },
}

/// Why nothing is recorded about a follow-up: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FollowUpAlready {
    /// The same is open.
    Open {
        partner: String,
        number: i64,
        what: String,
        due: Day,
    },
    Dropped {
        what: String,
        since: Day,
    },
    /// It is due on that day.
    DueThen {
        what: String,
        due: Day,
    },
    /// It is the work of this person.
    With {
        what: String,
        who: String,
    },
}

/// Adds a follow-up, unless the same is open; one of a day that is over is overdue at once. `latest` is the partner as known
/// now, with what was promised after the day.
///
/// # Errors
/// Refused if the same is open and another one is to do it.
pub(crate) fn follow(
    facts: PartnerFacts,
    latest: &Partner,
    (what, owner): (&str, Option<&str>),
    due: Day,
) -> Ruling {
    let is_due = |one: &Task| one.due == due || first_due(&one.moves) == Some(due);
    let same = |one: &&Task| one.what == what && is_due(one);
    let mut open = [facts.partner, latest].into_iter().flat_map(Partner::open_follow_ups);
    if let Some(known) = open.find(same) {
        refuse_other_hands(latest, known, owner)?;
        let (partner, number, due) = (facts.partner.name().to_owned(), known.event, known.due);
        return Ok(Decision::already(FollowUpAlready::Open { partner, number, what: what.to_owned(), due }));
    }
    let (what, owner) = (what.to_owned(), owner.map(str::to_owned));
    Decision::record(Tasked { what, owner, due, plan: None, plan_days: None, follow_up: true })
}

/// Records that a follow-up is done.
///
/// # Errors
/// Refused if there is none of this number, or if it was dropped.
pub(crate) fn finish_follow_up(facts: PartnerFacts, number: i64, outcome: Option<&str>) -> Ruling {
    finished(find_follow_up(facts.partner, number)?, outcome)
}

/// Records that a follow-up is not to be done any more.
///
/// # Errors
/// Refused if there is none of this number, or if it is done.
pub(crate) fn drop_follow_up(facts: PartnerFacts, number: i64, reason: Option<&str>) -> Ruling {
    dropped(find_follow_up(facts.partner, number)?, reason)
}

/// Records that an action or a follow-up is not to be done any more, unless it is so already.
///
/// # Errors
/// Refused if it is done.
fn dropped(task: &Task, reason: Option<&str>) -> Ruling {
    if let Some(since) = task.dropped {
        return Ok(Decision::already(FollowUpAlready::Dropped { what: task.what.clone(), since }));
    }
    refuse_over(task)?;
    let (reason, follow_up) = (reason.map(str::to_owned), task.follow_up);
    Decision::record(TaskDropped { task: task.event, reason, follow_up })
}

/// Checks that an action or a follow-up of the partner as known now was there on the day of which something is recorded.
///
/// # Errors
/// Refused if it was promised later.
pub(crate) fn refuse_before_promise(facts: PartnerFacts, latest: &Partner, number: i64) -> Result<(), Error> {
    let later = latest.tasks.iter().find(|one| one.event == number && one.day > facts.day);
    match later {
        Some(task) => Err(Error::refused(FollowUpRefusal::PromisedLater {
            number,
            what: task.what.clone(),
            promised: task.day,
            on: facts.day,
        })),
        None => Ok(()),
    }
}

/// Moves a follow-up to another day.
///
/// # Errors
/// Refused if there is none of this number, if it is over, and for a day before that of the agreement.
pub(crate) fn move_follow_up(facts: PartnerFacts, number: i64, to: Day, reason: &str) -> Ruling {
    find_follow_up(facts.partner, number)?;
    move_task(facts, number, to, reason)
}

/// Moves an action or a follow-up to another day.
///
/// # Errors
/// Refused if there is none of this number, if it is over, and for a day before that of the agreement.
pub(crate) fn move_task(facts: PartnerFacts, number: i64, to: Day, reason: &str) -> Ruling {
    let partner = facts.partner;
    let Some(task) = partner.tasks.iter().find(|one| one.event == number) else {
        return Err(unknown(partner, number, |_| true));
    };
    refuse_over(task)?;
    refuse_due_before(facts, to)?;
    if task.due == to {
        return Ok(Decision::already(FollowUpAlready::DueThen { what: task.what.clone(), due: to }));
    }
    let (from, reason, follow_up) = (Some(task.due), reason.to_owned(), task.follow_up);
    Decision::record(TaskMoved { task: number, from, to, reason, follow_up })
}

/// Checks that something is not due before the day on which that is agreed.
///
/// # Errors
/// Refused if it would be.
pub(crate) fn refuse_due_before(facts: PartnerFacts, due: Day) -> Result<(), Error> {
    if due >= facts.day {
        return Ok(());
    }
    Err(Error::refused(FollowUpRefusal::DueBefore { due, on: facts.day }))
}

/// Checks that a task is still to be done.
///
/// # Errors
/// Refused if it is done or dropped.
pub(super) fn refuse_over(task: &Task) -> Result<(), Error> {
    match over_of_task(task) {
        Some(closed) => Err(Error::refused(FollowUpRefusal::Over { what: task.what.clone(), closed })),
        None => Ok(()),
    }
}

/// Finds a follow-up by its number.
///
/// # Errors
/// Refused if there is none of this number, and if it is that of an action.
pub(super) fn find_follow_up(partner: &Partner, number: i64) -> Result<&Task, Error> {
    match partner.tasks.iter().find(|one| one.event == number) {
        Some(task) if task.follow_up => Ok(task),
        Some(task) => {
            let (key, what) = (partner.key.clone(), task.what.clone());
            Err(Error::refused(FollowUpRefusal::IsAction { key, action: number, what }))
        }
        None => Err(unknown(partner, number, |task| task.follow_up)),
    }
}

/// Records that an action is not to be done any more.
///
/// # Errors
/// Refused if there is none of this number, if it is a follow-up, or if it is done.
pub(crate) fn drop_action(facts: PartnerFacts, action: i64, reason: Option<&str>) -> Ruling {
    dropped(find_action(facts.partner, action)?, reason)
}

/// Moves an action to another day.
///
/// # Errors
/// Refused if there is none of this number, if it is a follow-up or over, and for a day before that of the agreement.
pub(crate) fn move_action(facts: PartnerFacts, action: i64, to: Day, reason: &str) -> Ruling {
    find_action(facts.partner, action)?;
    move_task(facts, action, to, reason)
}

/// Records that an action is done.
///
/// # Errors
/// Refused if there is none of this number, and if it is a follow-up.
pub(crate) fn finish(facts: PartnerFacts, task: i64, outcome: Option<&str>) -> Ruling {
    finished(find_action(facts.partner, task)?, outcome)
}

/// Returns the refusal of an action that the partner does not have.
fn no_action(partner: &Partner, action: i64) -> Error {
    let open = partner.open_tasks();
    let open = open.iter().map(|one| (one.event, one.what.clone())).collect();
    Error::refused(PlanRefusal::NoAction { partner: partner.name().to_owned(), action, open })
}

/// Records that an action or a follow-up is done, unless it is so already.
///
/// # Errors
/// Refused if it was dropped, and if it is done with another outcome.
fn finished(task: &Task, outcome: Option<&str>) -> Ruling {
    if let Some(since) = task.done {
        if outcome.is_some() && task.outcome.as_deref() != outcome {
            let (what, outcome) = (task.what.clone(), task.outcome.clone());
            return Err(Error::refused(PlanRefusal::OtherOutcome { what, on: since, outcome }));
        }
        return Ok(Decision::already(PlanAlready::Completed { what: task.what.clone(), since }));
    }
    if let Some(on) = task.dropped {
        let (action, what) = (task.event, task.what.clone());
        return Err(Error::refused(PlanRefusal::Dropped { action, what, on }));
    }
    let (outcome, follow_up) = (outcome.map(str::to_owned), task.follow_up);
    Decision::record(Finished { task: task.event, outcome, follow_up })
}

/// Finds an action by its number.
///
/// # Errors
/// Refused if there is none of this number, and if it is that of a follow-up.
pub(super) fn find_action(partner: &Partner, action: i64) -> Result<&Task, Error> {
    match partner.tasks.iter().find(|one| one.event == action) {
        Some(task) if task.follow_up => {
            let (key, what) = (partner.key.clone(), task.what.clone());
            Err(Error::refused(FollowUpRefusal::IsFollowUp { key, follow_up: action, what }))
        }
        Some(task) => Ok(task),
        None => Err(no_action(partner, action)),
    }
}

fn unknown(partner: &Partner, number: i64, wanted: fn(&Task) -> bool) -> Error {
    let open = partner.tasks.iter().filter(|task| task.is_open() && wanted(task));
    let open = open.map(|one| (one.event, one.what.clone())).collect();
    let (name, key) = (partner.name().to_owned(), partner.key.clone());
    Error::refused(FollowUpRefusal::Unknown { partner: name, key, number, open })
}

/// Returns the first of what was promised that is due by the day: a follow-up, and of a partner that is parked or has left
/// also an action of a plan, which comes in its turn while the partner is in a stage.
pub(crate) fn next_promise(facts: PartnerFacts) -> Option<NextStep> {
    let is_away = facts.partner.stage().is_none();
    let mut open = facts.partner.open_work().into_iter().filter(|task| is_away || task.follow_up);
    let task = open.find(|task| task.due <= facts.day)?;
    let Due { step, .. } = action_due(&facts.partner.key, task);
    Some(NextStep { what: what_is_due(task, facts.day), step })
}

/// Returns how an action or a follow-up came to be done or dropped, by the id of what was due.
pub(crate) fn closed(facts: PartnerFacts, id: &str) -> Option<ClosedAs> {
    let number = id.strip_prefix("follow-up.").or_else(|| id.strip_prefix("action."))?;
    let number: i64 = number.parse().ok()?;
    let task = facts.partner.tasks.iter().find(|task| task.event == number)?;
    over_of_task(task)
}

/// Returns how it came to be done or dropped; none while it is open.
pub(crate) fn over_of_task(task: &Task) -> Option<ClosedAs> {
    let done = task.done.map(|on| ClosedAs::Done { on });
    done.or(task.dropped.map(|on| ClosedAs::Dropped { on }))
}
