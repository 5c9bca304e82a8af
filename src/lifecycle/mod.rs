//! The lifecycle itself: the program, events, the fold of a partner's events, and the rules.
//!
//! Everything here is pure: the floor must not know input or output, the clock, the environment, the database, reports or
//! words for people. Its rooms from the ground up: base/; of each chapter what is recorded and what the program says of
//! it; `event.rs`, partner/ and program/, which put these together; `facts.rs`; of each chapter the rules; `fold.rs`,
//! `history.rs` and `agenda.rs`. To add a chapter: a folder as questions/ is (as terms/ if the program says something
//! of it, read by program/), its state in `partner/state.rs`, its words in `text/`.

pub(crate) mod agenda;
pub(crate) mod announcements;
pub(crate) mod base;
pub(crate) mod corrections;
pub(crate) mod criteria;
pub(crate) mod due;
pub(crate) mod enablement;
pub(crate) mod event;
pub(crate) mod facts;
pub(crate) mod fold;
pub(crate) mod forget;
pub(crate) mod funds;
pub(crate) mod happening;
pub(crate) mod history;
pub(crate) mod milestone;
pub(crate) mod partner;
pub(crate) mod performance;
pub(crate) mod plans;
pub(crate) mod program;
pub(crate) mod questions;
pub(crate) mod renamed;
pub(crate) mod revenue;
pub(crate) mod rule;
pub(crate) mod stage;
pub(crate) mod terms;
pub(crate) mod texts;
pub(crate) mod tiers;
