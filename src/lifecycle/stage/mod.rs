//! Stages: where a partner is in its lifecycle, and how it moves.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it and `reason.rs` of why partners leave, `rules.rs` is how moves are taken in and what is next, `moves.rs` is which moves are recorded and `refusal.rs`
//! why not, `imported.rs` reads histories from elsewhere. A chapter must not know files, reports or words for people;
//! its words are in `text/stage.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod imported;
pub(crate) mod moves;
pub(crate) mod reason;
pub(crate) mod refusal;
pub(crate) mod rules;
pub(crate) mod section;

pub use events::{Entered, Left, LeftAs, Parked, Why};
pub(crate) use events::{ExitCorrection, PARKED, Standing, Stay};
pub(crate) use imported::{ImportedReason, KeptReason, Move, Target, imported, other_reason, placed};
pub(crate) use moves::{
    Because, advance, back, beginning, earlier_stages, leave, park, refuse_foreign, refuse_unfit_reason,
    resume, return_to,
};
pub(crate) use reason::{ExitKind, ExitReason};
pub(crate) use refusal::{GateState, MissingGate, StageAlready, StageRefusal};
pub(crate) use rules::{
    StageMisfit, agreement_signed, due, moving_step, parked_step, past_agreement, placing_step,
};
