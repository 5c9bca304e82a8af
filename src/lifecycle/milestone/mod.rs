//! Milestones: done, skipped, open again, or settled by what they need.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how events are taken in and what may be recorded. A chapter must not know files, reports or
//! words for people; its words are in `text/milestone.rs`. To add an event, see `happening.rs`.

pub(crate) mod agenda;
pub(crate) mod events;
pub(crate) mod held;
pub(crate) mod lacking;
pub(crate) mod moves;
pub(crate) mod needs;
pub(crate) mod postponed;
pub(crate) mod proof;
pub(crate) mod rules;
pub(crate) mod section;

pub(crate) use agenda::{
    LeftOpen, closed, due_day, due_in_visit, dues, is_owed, is_reported, leaving_day, leaving_dues,
    leaving_items, leaving_step, left_open, missed_step, moved_due, newly_settled, settling_step, to_prepare,
};
pub use events::{Done, DueMoved, Reopened, Skipped};
pub(crate) use events::{MilestoneRecord, MovedDue, Status};
pub use held::MilestoneFacts;
pub(crate) use held::{Held, MetNeed};
pub(crate) use moves::{LapsedMove, due_moves, lapsed_moves, last_entered};
pub(crate) use postponed::move_due;
pub(crate) use proof::{Proof, ProvenFact, proofs};
pub(crate) use rules::{
    MilestoneAlready, MilestoneMisfit, MilestoneNamed, MilestoneRefusal, MilestoneRequest, OffStage,
    Settlement, done, reopen, skip,
};
pub(crate) use section::Doer;
