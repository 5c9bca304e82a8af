//! The words for people: what refusals, events, hints and next steps say, under the name of their chapter.
//!
//! This room knows the lifecycle and the store, and nothing of reports, formats or the command line's grammar.
//! To add words: implement `Sentence` for the chapter's enum in the file that bears the chapter's name.

pub mod announcements;
pub mod corrections;
pub mod criteria;
pub mod enablement;
pub mod events;
pub mod funds;
pub mod help;
pub mod milestone;
pub mod partner;
pub mod performance;
pub mod plans;
pub mod questions;
pub mod revenue;
pub mod stage;
pub mod steps;
pub mod store;
pub mod terms;
pub mod tiers;
