//! Why the file can't be used: facts, whose words stand in `text/`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ffi::ErrorCode;

use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::event::Undecodable;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the file can't be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileFault {
    /// There is no such file.
    Missing { path: PathBuf },
    /// The file is there, and nothing is in it.
    Empty { path: PathBuf },
    /// The name can't be that of a file of ours, with the reason.
    Unusable { path: PathBuf, why: String },
    /// A file of another program.
    Foreign { path: PathBuf },
    /// A file of a newer version.
    Newer { path: PathBuf, found: i64, known: i64 },
    /// A file of an older format that can't be brought to the newest.
    NotMigrated { path: PathBuf, from: i64, to: i64 },
    /// The file has been damaged.
    Damaged { why: String },
    /// What was done is there, but its last sync failed.
    Unconfirmed { what: String },
    /// Another process holds the file.
    Busy { waited: Duration },
    /// The disk is full.
    Full,
    /// The file or its folder can't be written.
    ReadOnly,
    /// Anything else that SQLite or the system says.
    Failed { why: String },
}

impl FileFault {
    /// Makes the error with these facts.
    pub(in crate::store) fn error(self) -> Error {
        let kind = if matches!(self, FileFault::Busy { .. }) { ErrorKind::Busy } else { ErrorKind::File };
        Error::new(kind, self)
    }

    pub(in crate::store) fn unusable(path: &Path, why: impl Into<String>) -> Error {
        FileFault::Unusable { path: path.to_owned(), why: why.into() }.error()
    }
}

/// Makes the error of a file that holds what can't be.
pub(crate) fn damaged(why: impl Into<String>) -> Error {
    FileFault::Damaged { why: why.into() }.error()
}

impl From<FileFault> for Error {
    fn from(fault: FileFault) -> Error {
        fault.error()
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        let failed = |error: rusqlite::Error| FileFault::Failed { why: error.to_string() };
        let error = match error {
            // A value that we could not read says itself why.
            rusqlite::Error::FromSqlConversionFailure(at, kind, inner) => match inner.downcast::<Error>() {
                Ok(own) => return *own,
                Err(inner) => rusqlite::Error::FromSqlConversionFailure(at, kind, inner),
            },
            error => error,
        };
        let Some(code) = error.sqlite_error() else {
            return failed(error).error();
        };
        let fault = match code.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => FileFault::Busy { waited: Duration::ZERO },
            ErrorCode::DiskFull => FileFault::Full,
            ErrorCode::ReadOnly => FileFault::ReadOnly,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                FileFault::Damaged { why: error.to_string() }
            }
            _ => failed(error),
        };
        fault.error()
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        let fault = match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                FileFault::ReadOnly
            }
            std::io::ErrorKind::StorageFull => FileFault::Full,
            _ => FileFault::Failed { why: error.to_string() },
        };
        fault.error()
    }
}

impl From<Undecodable> for Error {
    fn from(error: Undecodable) -> Error {
        damaged(error.to_string())
    }
}
