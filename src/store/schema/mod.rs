//! What is in the file: the SQL of each format, and the table of records that follow from events.
//!
//! The SQL never changes once a version with it is out. This room must not know connections or transactions. To add a
//! projected table, add a file of SQL and one more record in [`records`]; projecting, reading as of a day, and checking
//! follow from it.

pub(in crate::store) mod records;
pub(in crate::store) mod table;
