//! Milestones of a stage.

pub use crate::lifecycle::event::{Done, Reopened, Skipped};
pub use crate::lifecycle::partner::{MilestoneRecord, Status};
pub use crate::lifecycle::rules::milestones::{MilestoneRequest, done, reopen, skip};
