//! What follows from the events of a partner, kept in tables so that reports need not fold every history.

pub(in crate::store) mod project;
pub(in crate::store) mod rows;
pub(in crate::store) mod rows_backing;
pub(in crate::store) mod rows_growth;
pub(in crate::store) mod view_backing;
pub(in crate::store) mod view_growth;
