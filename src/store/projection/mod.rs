//! What follows from the events of a partner, kept in tables so that reports need not fold every history.
//!
//! This room must not know how a partner follows from its events, which is the lifecycle's matter, nor what a column
//! means. To add a projected table, add a record as `schema/mod.rs` says; it is written and checked like the others.

pub(in crate::store) mod project;
