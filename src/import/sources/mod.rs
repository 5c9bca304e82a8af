//! Where rows come from: each kind of file becomes rows of cells under the fields that they are mapped to.
//!
//! A source knows nothing of partners or events. To add one, write a file whose table hands over [`csv::SourceRow`]s.

pub(super) mod csv;
pub(super) mod strict;
