//! Follow-ups, and how what is to be done is moved to another day or dropped: how its events are taken in, and the rules.
//!
//! A follow-up is an action that belongs to no plan. A partner can have it in any stage, parked, or after it left: what was
//! promised comes back on its day until it is done or dropped.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::due::{AgendaItem, Closed, Due, NextStep};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::events::{Task, TaskDropped, TaskMoved, Tasked};
use crate::lifecycle::plans::rules::{PlanMisfit, action_due, finished, no_action, open_task};
use crate::lifecycle::rule::{Decision, Ruling};

impl Happening for TaskMoved {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let found = partner.tasks.iter_mut().find(|one| one.event == self.task);
        let task = found.ok_or(PlanMisfit::NoAction { action: self.task })?;
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
        open_task(partner, self.task)?.dropped = Some(at.day);
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
    /// It is done or was dropped on a day.
    Over { what: String, on: Day },
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
}

/// Adds a follow-up; one of a day that is over is overdue at once.
///
/// # Errors
/// None; the type is that of all rules.
pub(crate) fn follow(facts: PartnerFacts, what: &str, owner: Option<&str>, due: Day) -> Ruling {
    let partner = facts.partner;
    let same = |one: &&Task| one.what == what && one.due == due && one.owner.as_deref() == owner;
    if let Some(known) = partner.open_follow_ups().into_iter().find(same) {
        let (partner, number) = (partner.name().to_owned(), known.event);
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
    finished(follow_up(facts, number)?, outcome)
}

/// Records that a follow-up is not to be done any more.
///
/// # Errors
/// Refused if there is none of this number, or if it is done.
pub(crate) fn drop_follow_up(facts: PartnerFacts, number: i64, reason: Option<&str>) -> Ruling {
    follow_up(facts, number)?;
    drop_task(facts, number, reason)
}

/// Records that an action or a follow-up is not to be done any more.
///
/// # Errors
/// Refused if there is none of this number, or if it is done.
pub(crate) fn drop_task(facts: PartnerFacts, number: i64, reason: Option<&str>) -> Ruling {
    let partner = facts.partner;
    let Some(task) = partner.tasks.iter().find(|one| one.event == number) else {
        return Err(no_action(partner, number));
    };
    if let Some(since) = task.dropped {
        return Ok(Decision::already(FollowUpAlready::Dropped { what: task.what.clone(), since }));
    }
    refuse_over(task)?;
    Decision::record(TaskDropped { task: number, reason: reason.map(str::to_owned) })
}

/// Moves a follow-up to another day.
///
/// # Errors
/// Refused if there is none of this number, if it is over, and for a day before that of the agreement.
pub(crate) fn move_follow_up(facts: PartnerFacts, number: i64, to: Day, reason: &str) -> Ruling {
    follow_up(facts, number)?;
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
    Decision::record(TaskMoved { task: number, to, reason: reason.to_owned() })
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

fn refuse_over(task: &Task) -> Result<(), Error> {
    match task.done.or(task.dropped) {
        Some(on) => Err(Error::refused(FollowUpRefusal::Over { what: task.what.clone(), on })),
        None => Ok(()),
    }
}

fn follow_up(facts: PartnerFacts<'_>, number: i64) -> Result<&Task, Error> {
    let partner = facts.partner;
    match partner.tasks.iter().find(|one| one.event == number) {
        Some(task) if task.follow_up => Ok(task),
        Some(task) => {
            let (key, what) = (partner.key.clone(), task.what.clone());
            Err(Error::refused(FollowUpRefusal::IsAction { key, action: number, what }))
        }
        None => Err(unknown(partner, number, |task| task.follow_up)),
    }
}

fn unknown(partner: &Partner, number: i64, wanted: fn(&Task) -> bool) -> Error {
    let open = partner.tasks.iter().filter(|task| task.is_open_in(partner.returns) && wanted(task));
    let open = open.map(|one| (one.event, one.what.clone())).collect();
    let (name, key) = (partner.name().to_owned(), partner.key.clone());
    Error::refused(FollowUpRefusal::Unknown { partner: name, key, number, open })
}

/// Returns the follow-ups that are to be done.
pub(crate) fn follow_up_dues(facts: PartnerFacts) -> Vec<Due> {
    let open = facts.partner.open_follow_ups().into_iter();
    open.map(|task| action_due(&facts.partner.key, task)).collect()
}

/// Returns the first follow-up that is due by the day.
pub(crate) fn next_follow_up(facts: PartnerFacts) -> Option<NextStep> {
    let task = facts.partner.open_follow_ups().into_iter().find(|task| task.due <= facts.day)?;
    let Due { step, .. } = action_due(&facts.partner.key, task);
    Some(NextStep { what: AgendaItem::ActionDue { what: task.what.clone(), due: task.due }, step })
}

/// Returns how an action or a follow-up came to be done or dropped, by the id of what was due.
pub(crate) fn closed(facts: PartnerFacts, id: &str) -> Option<Closed> {
    let number = id.strip_prefix("follow-up.").or_else(|| id.strip_prefix("action."))?;
    let number: i64 = number.parse().ok()?;
    let task = facts.partner.tasks.iter().find(|task| task.event == number)?;
    let done = task.done.map(|on| Closed::Done { on });
    done.or(task.dropped.map(|on| Closed::Dropped { on }))
}
