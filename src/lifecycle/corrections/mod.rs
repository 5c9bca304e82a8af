//! Corrections, removals and merges: events that change what was recorded, and the order in which events then count.
//!
//! Data below, behavior above: `events.rs` is what is recorded, `order.rs` what then counts, `merged.rs` whose
//! word counts after a merge (`conflicts.rs` what both have, `plan_years.rs` of which years plans are,
//! `sides.rs` which placing moves nobody), `rules.rs` is how events
//! are taken in and what may be recorded. A chapter must not know files, reports or words for people; its words are
//! in `text/corrections.rs`. To add an event, see `happening.rs`.

pub(crate) mod conflicts;
pub(crate) mod events;
pub(crate) mod merged;
pub(crate) mod order;
mod plan_years;
pub(crate) mod rules;
mod sides;

pub(crate) use conflicts::{
    ConflictValues, MergeConflict, OtherHands, PlanHeld, SharedPerson, StageChange, StaysAway, StaysEnded,
    leaves_with, merge_conflicts, plans_to_date, shared_people, stage_change, stage_kept, stays_away,
    stays_ended, taken_over, work_of_another,
};
pub use events::Corrected;
pub(crate) use events::{Forgotten, Lost, Merged, Removed};
pub(crate) use merged::{MergeChoice, MergeChoices, MergePart};
pub(crate) use order::CorrectionMisfit;
pub use rules::correct;
pub(crate) use rules::{CorrectedAlready, CorrectionRefusal, correct_sale};
