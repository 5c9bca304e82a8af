//! What follows from the events of a partner, kept in tables so that reports need not fold every history.

pub(in crate::store) mod project;
