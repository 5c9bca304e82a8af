//! The words for people: what refusals, events, hints and next steps say, under the name of their chapter.
//!
//! This room knows the lifecycle and the store, and nothing of reports, formats or the command line's grammar.
//! To add words: implement `Sentence` for the chapter's enum in the file that bears the chapter's name.

pub mod help;
pub mod partner;
pub mod steps;
