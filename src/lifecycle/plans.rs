//! Joint business plans.

pub use crate::lifecycle::growth::event::{Agreed, Finished, Planned, Reviewed, Sent, Tasked};
pub use crate::lifecycle::growth::plan::{Plan, PlanState, PlanVersion, Review, Task, quarters_of, split};
pub use crate::lifecycle::rules::growth::{agree_plan, finish, plan, review, send_plan, task};
