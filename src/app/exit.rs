//! How a run ends: the exit codes, and which error leads to which.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::exchange::{BadInput, Rejected};
use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::rule::Refusal;
use crate::store::{NotFound, StoreError};

/// The exit codes; scripts rely on them, so they never change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Done; also when there was nothing to do or to show.
    Done = 0,
    /// Something was found: by `check`, or by `report --fail-on`.
    Found = 1,
    /// The command line can't be understood, or an answer is needed and there is no terminal.
    Usage = 2,
    /// No such partner, or several that could be meant.
    Partner = 3,
    /// Refused by a rule of the lifecycle.
    Refused = 4,
    /// The file can't be used.
    File = 5,
    /// Data given to the command is bad.
    Input = 6,
    /// Another process holds the file.
    Busy = 7,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A failure that says itself how the run ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    pub exit: Exit,
    pub why: String,
    pub hints: Vec<String>,
}

impl Failure {
    pub fn usage(why: impl Into<String>) -> Failure {
        Failure { exit: Exit::Usage, why: why.into(), hints: Vec::new() }
    }

    /// An answer that is needed, and the option that gives it.
    pub fn missing(what: &str, option: &str) -> Failure {
        Failure::usage(format!("{what} is missing")).hint(format!("give it with {option}"))
    }

    /// A file of the user's, not the database, that can't be written.
    pub fn unwritable(path: &Path, error: &io::Error) -> Failure {
        let why = format!("`{}` can't be written: {error}", path.display());
        let hints = match error.kind() {
            io::ErrorKind::NotFound => vec!["make its folder first, or name another file".to_owned()],
            _ => io_hint(error),
        };
        Failure { exit: Exit::File, why, hints }
    }

    pub fn interrupted() -> Failure {
        let why = "interrupted; nothing was recorded".to_owned();
        Failure { exit: Exit::Interrupted, why, hints: Vec::new() }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Failure {}

/// Everything that is wrong with a file that a user wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadFile {
    pub file: String,
    pub problems: Vec<Problem>,
}

impl std::fmt::Display for BadFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {}", counted(self.problems.len(), "problem"), self.file)?;
        for problem in &self.problems {
            write!(f, "\n{}:{problem}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for BadFile {}

/// What to tell the user, and how the run ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explained {
    pub exit: Exit,
    pub why: String,
    pub causes: Vec<String>,
    pub hints: Vec<String>,
}

/// How many bad rows are told one by one.
const SHOWN_REJECTS: usize = 20;

/// Finds in the chain of causes what decides the exit code.
pub fn explain(error: &anyhow::Error) -> Explained {
    let mut texts = error.chain().map(ToString::to_string);
    let why = texts.next().unwrap_or_default();
    let mut causes: Vec<String> = texts.collect();
    let (exit, hints) = if let Some(failure) = error.downcast_ref::<Failure>() {
        (failure.exit, failure.hints.clone())
    } else if let Some(refusal) = error.downcast_ref::<Refusal>() {
        (Exit::Refused, refusal.hints.clone())
    } else if error.downcast_ref::<Conflict>().is_some() {
        (Exit::Refused, Vec::new())
    } else if let Some(not_found) = error.downcast_ref::<NotFound>() {
        (Exit::Partner, candidates(not_found))
    } else if let Some(bad) = error.downcast_ref::<BadInput>() {
        (Exit::Input, bad.hints.clone())
    } else if let Some(rejected) = error.downcast_ref::<Rejected>() {
        causes.extend(rejected_rows(rejected));
        let all = "--rejects FILE writes all of them to a file; --skip-errors imports the other rows";
        (Exit::Input, rejected.hints.iter().cloned().chain([all.to_owned()]).collect())
    } else if error.downcast_ref::<BadFile>().is_some() {
        (Exit::Input, Vec::new())
    } else if let Some(store) = error.downcast_ref::<StoreError>() {
        explain_store(store)
    } else if let Some(sqlite) = error.downcast_ref::<rusqlite::Error>() {
        let (exit, hints) = explain_store(&StoreError::from(copied(sqlite)));
        return Explained { exit, why: format!("the file can't be used: {sqlite}"), causes, hints };
    } else if let Some(io) = error.downcast_ref::<io::Error>() {
        (Exit::File, io_hint(io))
    } else {
        (Exit::File, Vec::new())
    };
    Explained { exit, why, causes, hints }
}

fn explain_store(error: &StoreError) -> (Exit, Vec<String>) {
    let exit = if matches!(error, StoreError::Busy { .. }) { Exit::Busy } else { Exit::File };
    (exit, error.hint().map(str::to_owned).into_iter().collect())
}

/// The part of an SQLite error that decides what it means.
fn copied(error: &rusqlite::Error) -> rusqlite::Error {
    match error.sqlite_error() {
        Some(code) => rusqlite::Error::SqliteFailure(*code, None),
        None => rusqlite::Error::InvalidQuery,
    }
}

fn io_hint(error: &io::Error) -> Vec<String> {
    match error.kind() {
        io::ErrorKind::StorageFull => vec!["free some space and try again".to_owned()],
        io::ErrorKind::PermissionDenied => vec!["check the permissions of the file".to_owned()],
        _ => Vec::new(),
    }
}

fn candidates(not_found: &NotFound) -> Vec<String> {
    let named = |one: &crate::store::Lookup| match one.key == one.name {
        true => format!("`{}`", one.key),
        false => format!("`{}` ({})", one.key, one.name),
    };
    let names: Vec<String> = not_found.candidates.iter().map(named).collect();
    if names.is_empty() {
        return vec!["`chanlife list` shows all partners; `chanlife add-partner` adds one".to_owned()];
    }
    let verb = if not_found.ambiguous { "write the key of one of" } else { "did you mean" };
    let end = if not_found.ambiguous { "" } else { "?" };
    vec![format!("{verb} {}{end}", names.join(", "))]
}

fn rejected_rows(rejected: &Rejected) -> Vec<String> {
    let shown = rejected.rejects.iter().take(SHOWN_REJECTS);
    let mut rows: Vec<String> = shown.map(crate::exchange::Reject::sentence).collect();
    if rejected.rejects.len() > SHOWN_REJECTS {
        rows.push(format!("and {} more", rejected.rejects.len() - SHOWN_REJECTS));
    }
    rows
}
