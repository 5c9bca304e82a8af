//! What is in the file: the SQL of each format, and the table of records that follow from events.
//!
//! The SQL never changes once a version with it is out. This room must not know connections or transactions. To add a
//! projected table, create it in a new file of SQL, add that file to [`MIGRATIONS`], and add its record and its line of
//! `RECORDS` in [`records`]. Projecting, reading back as of a day (if the record is `ReadBack`), `check`, hiding and
//! forgetting follow from these; files of older formats get the table, filled, with their next change.

pub(in crate::store) mod records;
pub(in crate::store) mod table;

/// One file of SQL for each format, in order; the format is `user_version`.
pub(in crate::store) const MIGRATIONS: &[&str] =
    &[include_str!("0001.sql"), include_str!("0002.sql"), include_str!("0003.sql"), include_str!("0004.sql")];
