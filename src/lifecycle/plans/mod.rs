//! Joint business plans: revenue wanted by quarter, agreed by both sides, with reviews and actions.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how events are taken in and what may be recorded. A chapter must not know files, reports or
//! words for people; its words are in `text/plans.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod rules;
pub(crate) mod section;

pub use events::{Agreed, Finished, Planned, Reviewed, Sent, Tasked};
pub(crate) use events::{BusinessPlan, BusinessReview, PlanState, PlanVersion, Task};
pub(crate) use events::{quarters_of, split};
pub(crate) use rules::{
    PlanAlready, PlanMisfit, PlanRefusal, action_due, agree_plan, check_action, check_quarter, dues, finish,
    plan, review, send_plan, task,
};
pub(crate) use section::NoReviewQuestionnaire;
