//! The lifecycle itself: the program, events, the fold of a partner's events, and the rules.
//!
//! Everything here is pure: no input or output, no clock, no environment, no database.

mod arrange;
pub mod backing;
pub mod conflict;
pub mod day;
pub mod dues;
pub mod event;
pub mod fold;
mod fold_backing;
mod fold_records;
pub mod forget;
pub mod growth;
pub mod located;
mod mends;
pub mod money;
mod needs;
pub mod next;
pub mod partner;
pub mod period;
pub mod problem;
pub mod program;
pub mod questionnaire;
pub mod rules;
pub mod sale;
mod scene;
pub mod text;
