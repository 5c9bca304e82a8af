//! The log: actions and their events. What is recorded never changes; an undo is an action of its own.
//!
//! This room must not know what an event means, except that sales are packed. To add a kind of action, add it to
//! [`logged::ActionKind`], and its title to [`said`].

pub(in crate::store) mod append;
pub(in crate::store) mod logged;
pub(in crate::store) mod packed;
pub(in crate::store) mod read;
pub(in crate::store) mod said;
mod search;
pub(in crate::store) mod summary;
pub(in crate::store) mod undo;
