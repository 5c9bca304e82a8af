//! The log: actions and their events. What is recorded never changes; an undo is an action of its own.

pub(in crate::store) mod append;
pub(in crate::store) mod packed;
pub(in crate::store) mod read;
pub(in crate::store) mod summary;
pub(in crate::store) mod undo;
