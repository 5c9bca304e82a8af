//! Why the file cannot be used: facts, whose words stand in `text/store/`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ffi::ErrorCode;

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::event::Undecodable;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the file cannot be used.
#[derive(Clone, PartialEq, Debug)]
pub enum FileFault {
    /// The file does not exist.
    Missing { path: PathBuf },
    /// The file exists, and nothing is in it.
    Empty { path: PathBuf },
    /// The path cannot be that of a file of ours.
    Unusable { path: PathBuf, why: Unusable },
    /// A file of another program.
    Foreign { path: PathBuf },
    /// A file of a newer version.
    Newer { path: PathBuf, found: i64, known: i64 },
    /// A file of an older format that cannot be brought to the newest.
    NotMigrated { path: PathBuf, from: i64, to: i64 },
    /// The file has been damaged.
    Damaged { why: Damage },
    /// The write is done, but its last sync failed.
    Unconfirmed { done: WriteDone },
    /// Another process holds the file.
    Busy { waited: Duration },
    /// The disk is full.
    Full,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// Anything else that SQLite or the system reports.
    Failed { why: String },
}

/// Why a path cannot be used; texts are those of the system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unusable {
    NotAFile,
    DanglingLink,
    EmptyName,
    /// `:memory:`, with which SQLite would keep nothing.
    InMemory,
    AlreadyExists,
    HasHistory,
    NothingRecorded,
    NotOpened(String),
    NotCreated(String),
    NotRead(String),
    NotWritten(String),
}

/// A write that was done but not confirmed by the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteDone {
    Action(i64),
    File(PathBuf),
}

/// Content of a row that is kept as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    ProfileFields,
    AssessmentAnswers,
    Contacts,
    DueMoves,
    TaskHands,
    PlanGoals,
    Sales,
    Draft,
}

/// Content of a row of sales that cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadSales {
    NoEvent,
    NotASale,
    Empty,
}

/// A word or code of which only some are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coded {
    Verdict,
    Standing,
    ActionKind,
    WatchStep,
}

/// What shows that the file is damaged.
#[derive(Clone, PartialEq, Debug)]
pub enum Damage {
    NoProgram,
    /// The text of the program in force has a problem.
    Program {
        problem: String,
    },
    /// A text cannot be parsed; the reason is that of the parser.
    Unreadable {
        content: Content,
        why: String,
    },
    Sales(BadSales),
    UnknownCode {
        of: Coded,
        code: String,
    },
    NotADay {
        number: i64,
    },
    /// An event whose body is not JSON.
    NotJson {
        event: i64,
        why: String,
    },
    /// An event that the fund's books refuse, with their reason.
    Books {
        event: i64,
        why: String,
    },
    Undecodable(Undecodable),
    /// The first finding of a check.
    Found(Finding),
    /// SQLite's own words.
    Sqlite(String),
}

/// Something that is wrong with the file, as a check finds it.
#[derive(Clone, PartialEq, Debug)]
pub enum Finding {
    /// A line of SQLite's own check.
    Integrity {
        line: String,
    },
    DanglingRow {
        table: String,
        parent: String,
    },
    ActionMissing {
        action: i64,
    },
    /// An action was recorded before the one before it.
    ActionOutOfOrder {
        action: i64,
    },
    /// Events before this number belong to no action.
    EventsBefore {
        number: i64,
    },
    ActionChanged {
        action: i64,
    },
    EventsWithoutAction {
        count: i64,
    },
    /// Which actions are undone does not follow from the log.
    UndoneDiffers,
    EventMissing {
        event: i64,
        action: i64,
    },
    /// An event happened after the day on which it was recorded.
    EventTooLate {
        event: i64,
    },
    ProgramInvalid {
        event: i64,
        problem: String,
    },
    EventUnreadable {
        event: i64,
        why: String,
    },
    NoProgram,
    Contradiction(Conflict),
    /// Rows of a table do not follow from the events.
    RowsDiffer {
        table: &'static str,
        rows: i64,
    },
    /// Partners are each other's parents, by their keys: each stands under the next one, the last one under the first.
    ParentCircle {
        keys: Vec<String>,
    },
    /// Others on this machine can use the file.
    OpenToOthers {
        file: PathBuf,
        mode: u32,
    },
    /// The disk has less room than the file takes, in MiB.
    DiskCrowded {
        free_mib: u64,
        size_mib: u64,
    },
}

impl Finding {
    /// Returns the part of the file that it is about: `integrity`, `references`, `log`, `events`, `program`,
    /// `projections` or `place`.
    pub fn part(&self) -> &'static str {
        match self {
            Finding::Integrity { .. } => "integrity",
            Finding::DanglingRow { .. } => "references",
            Finding::ActionMissing { .. }
            | Finding::ActionOutOfOrder { .. }
            | Finding::EventsBefore { .. }
            | Finding::ActionChanged { .. }
            | Finding::EventsWithoutAction { .. }
            | Finding::UndoneDiffers
            | Finding::EventMissing { .. }
            | Finding::EventTooLate { .. } => "log",
            Finding::ProgramInvalid { .. } | Finding::NoProgram => "program",
            Finding::EventUnreadable { .. } | Finding::Contradiction(_) => "events",
            Finding::RowsDiffer { .. } => "projections",
            Finding::ParentCircle { .. } => "parents",
            Finding::OpenToOthers { .. } | Finding::DiskCrowded { .. } => "place",
        }
    }
}

impl FileFault {
    /// Makes the error with these facts.
    pub(in crate::store) fn error(self) -> Error {
        let kind = if matches!(self, FileFault::Busy { .. }) { ErrorKind::Busy } else { ErrorKind::File };
        Error::new(kind, self)
    }

    /// Makes the error of a path that cannot be used.
    pub(in crate::store) fn unusable(path: &Path, why: Unusable) -> Error {
        FileFault::Unusable { path: path.to_owned(), why }.error()
    }
}

/// Makes the error of a damaged file.
pub(crate) fn damaged(why: Damage) -> Error {
    FileFault::Damaged { why }.error()
}

/// Makes the error of a damaged file with a text that cannot be parsed.
pub(crate) fn unreadable(content: Content, why: &dyn std::fmt::Display) -> Error {
    damaged(Damage::Unreadable { content, why: why.to_string() })
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
                FileFault::Damaged { why: Damage::Sqlite(error.to_string()) }
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
        damaged(Damage::Undecodable(error))
    }
}
