//! Who is to do what was promised: how it is given to somebody else, and what of one person's work stays with this person.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::assignee::assignee;
use crate::lifecycle::plans::events::{Task, TaskGiven, TaskHand};
use crate::lifecycle::plans::follow_ups::{FollowUpAlready, find_action, find_follow_up, refuse_over};
use crate::lifecycle::plans::rules::{PlanMisfit, TaskNumber};
use crate::lifecycle::rule::{Decision, Ruling};

impl Happening for TaskGiven {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let found = partner.tasks.iter_mut().find(|one| one.event == self.task);
        let number = TaskNumber { number: self.task, follow_up: self.follow_up };
        let task = found.ok_or(PlanMisfit::NoTask(number))?;
        // It may have been done sooner than it was given away, and recorded later.
        if task.is_open() {
            let from = task.owner.replace(self.to.clone());
            task.hands.push(TaskHand { day: at.day, from, to: self.to.clone() });
        }
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        forgetting.colleague(&mut self.from);
        let mut to = Some(std::mem::take(&mut self.to));
        forgetting.colleague(&mut to);
        self.to = to.unwrap_or_default();
        erase(&mut self.reason);
    }
}

/// Gives a follow-up to somebody else, unless this person has it.
///
/// # Errors
/// Refused if there is none of this number, and if it is over.
pub(crate) fn give_follow_up(facts: PartnerFacts, number: i64, to: &str, reason: Option<&str>) -> Ruling {
    give(facts, find_follow_up(facts.partner, number)?, to, reason)
}

/// Gives an action to somebody else, unless this person has it.
///
/// # Errors
/// Refused if there is none of this number, if it is a follow-up, and if it is over.
pub(crate) fn give_action(facts: PartnerFacts, action: i64, to: &str, reason: Option<&str>) -> Ruling {
    give(facts, find_action(facts.partner, action)?, to, reason)
}

fn give(facts: PartnerFacts, task: &Task, to: &str, reason: Option<&str>) -> Ruling {
    refuse_over(task)?;
    if task.owner.as_deref() == Some(to) {
        return Ok(Decision::already(FollowUpAlready::With { what: task.what.clone(), who: to.to_owned() }));
    }
    let from = assignee(facts.partner, task).map(str::to_owned);
    let (to, reason) = (to.to_owned(), reason.map(str::to_owned));
    Decision::record(TaskGiven { task: task.event, from, to, reason, follow_up: task.follow_up })
}

/// Returns the open actions and follow-ups of a partner that were given to one person by name: they stay with this person
/// although the partner gets another owner.
pub(crate) fn work_left_with<'p>(partner: &'p Partner, who: &str) -> Vec<&'p Task> {
    let mut open = partner.open_work();
    open.retain(|task| task.owner.as_deref().map(folded) == Some(folded(who)));
    open
}
