//! Joint business plans: revenue wanted by quarter, agreed by both sides, with reviews and actions.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how events are taken in and what may be recorded, `follow_ups.rs` the same of follow-ups and of moving and dropping. A chapter must not know files, reports or
//! words for people; its words are in `text/plans.rs`. To add an event, see `happening.rs`.

pub(crate) mod added;
pub(crate) mod assignee;
mod counting;
pub(crate) mod events;
pub(crate) mod follow_ups;
pub(crate) mod goals;
pub(crate) mod hands;
mod meant;
pub(crate) mod planned;
pub(crate) mod rules;
pub(crate) mod section;

pub(crate) use assignee::WithAnother;
pub(crate) use counting::counts_once_agreed;
pub use events::{Agreed, Finished, Planned, Reviewed, Sent, TaskDropped, TaskGiven, TaskMoved, Tasked};
pub(crate) use events::{BusinessPlan, BusinessReview, PlanState, PlanVersion, Task, TaskHand};
pub(crate) use events::{GoalMeasure, PlanFact, PlanGoal};
pub(crate) use events::{begins, quarterly, quarters_of, year_of};
pub(crate) use follow_ups::{
    FollowUpAlready, FollowUpRefusal, closed, drop_action, drop_follow_up, finish, finish_follow_up, follow,
    move_action, move_follow_up, move_task, next_promise, over_of_task, refuse_before_promise,
};
pub(crate) use hands::{give_action, give_follow_up, work_left_with};
pub(crate) use meant::year_meant;
pub(crate) use rules::{
    PlanAlready, PlanMisfit, PlanRefusal, PlanTargets, TaskNumber, action_due, agree_plan, check_action,
    check_quarter, drawn_up, dues, plan, review, send_plan, task,
};
pub(crate) use section::NoReviewQuestionnaire;
