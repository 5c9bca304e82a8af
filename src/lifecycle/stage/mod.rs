//! Stages: where a partner is in its lifecycle, and how it moves.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how moves are taken in and what is next, `moves.rs` is which moves are recorded and `refusal.rs`
//! why not, `imported.rs` reads histories from elsewhere. A chapter must not know files, reports or words for people;
//! its words are in `text/stage.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod imported;
pub(crate) mod moves;
pub(crate) mod refusal;
pub(crate) mod rules;
pub(crate) mod section;

pub use events::{Entered, Left, LeftAs, Parked, Why};
pub(crate) use events::{Standing, Stay};
pub(crate) use imported::{Move, PARKED, Target, imported, placed};
pub(crate) use moves::{
    advance, back, beginning, earlier_stages, leave, park, refuse_foreign, resume, return_to,
};
pub(crate) use refusal::{GateState, MissingGate, StageAlready, StageRefusal};
pub(crate) use rules::{StageMisfit, due, moving_step, parked_step, placing_step};
