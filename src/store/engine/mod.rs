//! Opening the file, its formats, and its transactions.
//!
//! This room must not know what the tables mean, nor any rule. To add a format, write one more file of SQL in `schema/`
//! and add it to the list in [`migrate`].

pub(in crate::store) mod connection;
pub(in crate::store) mod copy;
pub(in crate::store) mod file;
pub(in crate::store) mod migrate;
pub(in crate::store) mod older;
pub(in crate::store) mod open;
pub(in crate::store) mod paths;
