//! Why the file can't be used.

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::ffi::ErrorCode;

use crate::lifecycle::event::Undecodable;

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum StoreError {
    /// There is no such file.
    Missing {
        path: PathBuf,
    },
    /// The file is there, and nothing is in it.
    Empty {
        path: PathBuf,
    },
    /// The name can't be that of a file of ours, with the reason.
    Unusable {
        path: PathBuf,
        why: String,
    },
    /// A file of another program.
    Foreign {
        path: PathBuf,
    },
    /// A file of a newer version.
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// The file has been damaged.
    Damaged {
        why: String,
    },
    /// What was done is there, but its last sync failed.
    Unconfirmed {
        what: String,
    },
    /// Another process holds the file.
    Busy {
        waited_seconds: u64,
    },
    Full,
    ReadOnly,
    /// Anything else that SQLite or the system says.
    Failed(rusqlite::Error),
    Io(std::io::Error),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Missing { path } => write!(f, "there is no file `{}`", path.display()),
            StoreError::Empty { path } => {
                write!(f, "`{}` is empty, as if its making had been cut off", path.display())
            }
            StoreError::Unusable { path, why } => write!(f, "`{}` {why}", path.display()),
            StoreError::Foreign { path } => {
                write!(f, "`{}` is not a chanlife file; it was left as it is", path.display())
            }
            StoreError::Newer { path, found, known } => write!(
                f,
                "`{}` has format {found}, and this version of chanlife knows formats up to {known}; \
                 it was left as it is",
                path.display()
            ),
            StoreError::Damaged { why } => write!(f, "the file is damaged: {why}"),
            StoreError::Unconfirmed { what } => {
                write!(f, "{what}, but the disk did not confirm it; it may be lost if the power fails")
            }
            StoreError::Busy { waited_seconds } => write!(
                f,
                "another process is using the file, after waiting {waited_seconds} s; nothing was recorded"
            ),
            StoreError::Full => write!(f, "the disk is full; nothing was recorded"),
            StoreError::ReadOnly => {
                write!(f, "the file or its folder can't be written; nothing was recorded")
            }
            StoreError::Failed(error) => write!(f, "the file can't be used: {error}"),
            StoreError::Io(error) => write!(f, "the file can't be used: {error}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            StoreError::Missing { .. } => {
                Some("`chanlife init` makes a new file; name another with --db or CHANLIFE_DB")
            }
            StoreError::Empty { .. } => {
                Some("`chanlife init` completes it; name another with --db or CHANLIFE_DB")
            }
            StoreError::Unusable { .. } => Some("name another file with --db or CHANLIFE_DB"),
            StoreError::Foreign { .. } => Some(
                "name another file with --db or CHANLIFE_DB; if it was one, `chanlife rescue FILE --to NEW` saves \
                 what is left of it",
            ),
            StoreError::Newer { .. } => Some("install the newer version of chanlife"),
            StoreError::Damaged { .. } => Some(
                "`chanlife restore FILE` puts your last good copy in its place, and keeps it; without one, \
                     `chanlife rescue FILE --to NEW` saves what can still be read",
            ),
            StoreError::Unconfirmed { .. } => Some("look whether the disk has errors before you write again"),
            StoreError::Busy { .. } => Some("try again, or wait longer with --wait SECONDS"),
            StoreError::Full => Some("free some space and try again"),
            StoreError::ReadOnly => Some("check the permissions of the file and its folder"),
            StoreError::Failed(_) | StoreError::Io(_) => None,
        }
    }

    pub(in crate::store) fn unusable(path: &Path, why: impl Into<String>) -> StoreError {
        StoreError::Unusable { path: path.to_owned(), why: why.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        let Some(code) = error.sqlite_error() else {
            return StoreError::Failed(error);
        };
        match code.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy { waited_seconds: 0 },
            ErrorCode::DiskFull => StoreError::Full,
            ErrorCode::ReadOnly => StoreError::ReadOnly,
            ErrorCode::DatabaseCorrupt => StoreError::Damaged { why: error.to_string() },
            ErrorCode::NotADatabase => StoreError::Damaged { why: error.to_string() },
            _ => StoreError::Failed(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> StoreError {
        match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly
            }
            std::io::ErrorKind::StorageFull => StoreError::Full,
            _ => StoreError::Io(error),
        }
    }
}

impl From<Undecodable> for StoreError {
    fn from(error: Undecodable) -> StoreError {
        StoreError::Damaged { why: error.to_string() }
    }
}
