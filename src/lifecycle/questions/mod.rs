//! Questions that partners ask, and our answers.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `rules.rs` is how events are taken in and
//! what may be recorded. A chapter must not know files, reports or words for people; its words are in
//! `text/questions.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod rules;

pub use events::{Asked, Replied};
pub(crate) use events::{PartnerQuestion, QuestionAnswer};
pub(crate) use rules::{QuestionAlready, QuestionMisfit, QuestionRefusal, ask, reply, waiting};
