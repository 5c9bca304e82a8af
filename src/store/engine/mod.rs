//! Opening the file, its formats, and its transactions. Nothing here knows what the tables mean.
//!
//! A new format is one more file of SQL in `schema/` and one more line in [`migrate`].

pub(in crate::store) mod copy;
pub(in crate::store) mod file;
pub(in crate::store) mod migrate;
pub(in crate::store) mod older;
pub(in crate::store) mod open;
