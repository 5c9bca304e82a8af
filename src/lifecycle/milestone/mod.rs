//! Milestones: done, skipped, open again, or settled by what they need.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how events are taken in and what may be recorded. A chapter must not know files, reports or
//! words for people; its words are in `text/milestone.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod rules;
pub(crate) mod section;

pub use events::{Done, Reopened, Skipped};
pub(crate) use events::{MilestoneRecord, Status};
pub(crate) use rules::{
    MilestoneAlready, MilestoneMisfit, MilestoneNamed, MilestoneRefusal, MilestoneRequest, Settlement,
    days_after_period, done, dues, leaving_dues, leaving_step, reopen, settling_step, skip,
};
pub(crate) use section::SettledBy;
