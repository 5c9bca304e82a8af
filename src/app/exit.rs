//! How a run ends: the exit codes, and which kind of error leads to which.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::lifecycle::base::error::{Error, ErrorKind, Sentence};
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::text::counted;
use crate::text::steps::hint_line;

/// The exit codes; scripts rely on them, so they never change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Done; also if there was nothing to do or to show.
    Done = 0,
    /// Something was found: by `check`, or by `report --fail-on`.
    Found = 1,
    /// The command line cannot be parsed, or an answer is needed and there is no terminal.
    Usage = 2,
    /// No partner, or several partners, match the name.
    Partner = 3,
    /// Refused by a rule of the lifecycle.
    Refused = 4,
    /// The database cannot be used.
    File = 5,
    /// Invalid input data.
    Input = 6,
    /// Another process uses the database.
    Busy = 7,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Exit {
        match kind {
            ErrorKind::Usage => Exit::Usage,
            ErrorKind::Partner => Exit::Partner,
            ErrorKind::Refused => Exit::Refused,
            ErrorKind::File => Exit::File,
            ErrorKind::Input => Exit::Input,
            ErrorKind::Busy => Exit::Busy,
            ErrorKind::Interrupted => Exit::Interrupted,
        }
    }
}

/// Returns the error that an answer is missing, with the option that gives it, if one does; an example is added to it
/// when it is shown.
pub(crate) fn missing(what: &str, option: &str) -> Error {
    let failure = Error::usage(format!("{what} is missing"));
    if option.is_empty() { failure } else { failure.hint(format!("give it with {option}")) }
}

/// Returns the error that a file of the user's, not the database, cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Error {
    let failed = Error::file(format!("`{}` cannot be written: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::NotFound => failed.hint("create its folder first, or name another file"),
        kind => io_hints(kind).iter().fold(failed, |failed, hint| failed.hint(*hint)),
    }
}

/// Returns the error that the user interrupted and nothing was recorded.
pub(crate) fn interrupted() -> Error {
    Error::new(ErrorKind::Interrupted, "interrupted; nothing was recorded")
}

/// Everything that is wrong with a file that a user wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BadFile {
    pub file: String,
    pub problems: Vec<Problem>,
}

impl Sentence for BadFile {
    fn sentence(&self) -> String {
        let mut all = format!("{} in {}", counted(self.problems.len(), "problem"), self.file);
        for problem in &self.problems {
            all.push_str(&format!("\n{}:{problem}", self.file));
        }
        all
    }
}

/// What the user reads, and how the run ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Explained {
    pub exit: Exit,
    pub why: String,
    pub causes: Vec<String>,
    pub hints: Vec<String>,
}

/// Finds what decides the exit code: the kind of our own error, or that of the system.
pub(crate) fn explain(error: &anyhow::Error) -> Explained {
    let mut texts = error.chain().map(ToString::to_string);
    let why = texts.next().unwrap_or_default();
    let causes: Vec<String> = texts.collect();
    let (exit, hints) = if let Some(own) = error.downcast_ref::<Error>() {
        (own.kind.into(), own.hints().iter().map(hint_line).collect())
    } else {
        let system = error.downcast_ref::<io::Error>().map(io::Error::kind);
        let hints = system.map(io_hints).unwrap_or_default();
        (Exit::File, hints.iter().map(|hint| (*hint).to_owned()).collect())
    };
    Explained { exit, why, causes, hints }
}

fn io_hints(kind: io::ErrorKind) -> &'static [&'static str] {
    match kind {
        io::ErrorKind::StorageFull => &["free some disk space and try again"],
        io::ErrorKind::PermissionDenied => &["check the permissions of the file"],
        _ => &[],
    }
}
