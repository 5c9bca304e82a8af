//! Growth: business plans, who reports what, partners that do not perform, tiers.

pub mod care;
pub mod event;
pub mod performance;
pub mod plan;
pub mod reporting;
pub mod tier;

pub use care::{Care, CareStep, Step};
pub use event::{
    Agreed, Decided, DecidedAs, Finished, Improving, Planned, Reviewed, Sent, Tasked, Tiered, Watched,
};
pub use performance::{Actuals, Judged, Measure, Performance, Quarter, RuleOf, judge};
pub use plan::{Plan, PlanState, PlanVersion, Review, Task, quarters_of, split};
pub use reporting::{Reporting, owed};
pub use tier::{Condition, Evidence, Tier, proposed};
