//! Commands on the database: creating, checking, backing up, rescuing and exporting it.
//!
//! This room has their options and messages; it must not know how a database is stored, which `store` and `export`
//! do. To add a command, give it a file here.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod rescue;
