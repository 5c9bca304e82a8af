//! Commands on the database: creating, checking, backing up, rescuing and exporting it.
//!
//! This room has their options and messages; it must not know how a database is stored, which `store` and `export`
//! do. To add a command, give it a file here.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod init;
pub(crate) mod rescue;

use std::path::Path;

use crate::lifecycle::base::error::Error;
use crate::store::FileFault;

/// Adds to an error about a file that was named as an argument what to do; the hints of the database in use do not fit.
fn hint_of_file(error: anyhow::Error, file: &Path, hint: &str) -> anyhow::Error {
    match error.downcast_ref::<Error>().and_then(Error::facts) {
        Some(
            FileFault::Missing { path }
            | FileFault::Empty { path }
            | FileFault::Foreign { path }
            | FileFault::Unusable { path, .. },
        ) if path == file => Error::file(error.to_string()).hint(hint).into(),
        _ => error,
    }
}
