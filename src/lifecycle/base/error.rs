//! Why something cannot be done: one type of error for every floor.
//!
//! An error is a kind, which decides how the run ends; a sentence, which is a value with its facts until it is
//! printed; and hints, which are values too. A refusal of a chapter is an enum of that chapter; its words stand
//! in `text/` under the chapter's name, as an implementation of [`Sentence`].

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::lifecycle::base::hint::Hint;

/// What went wrong, in kinds that scripts tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The command line cannot be understood, or an answer is needed and nobody can be asked.
    Usage,
    /// No such partner, or several that could be meant.
    Partner,
    /// A rule of the lifecycle forbids it.
    Refused,
    /// The database, or another file, cannot be used.
    File,
    /// Data given to the command is bad.
    Input,
    /// Another process holds the database.
    Busy,
    /// The user interrupted.
    Interrupted,
}

/// A value that has words for people; they are written in `text/`.
pub trait Sentence: Any + fmt::Debug + Send + Sync {
    /// Says it in one sentence: lower case, no full stop.
    fn sentence(&self) -> String;

    /// Suggests what would help, the most helpful first.
    fn hints(&self) -> Vec<Hint> {
        Vec::new()
    }
}

/// Why something cannot be done, and what would help.
#[derive(Clone, Debug)]
pub struct Error {
    pub kind: ErrorKind,
    what: Arc<dyn Sentence>,
    hints: Vec<Hint>,
}

impl Error {
    /// Makes an error of this kind.
    pub fn new(kind: ErrorKind, what: impl Sentence) -> Error {
        Error { kind, what: Arc::new(what), hints: Vec::new() }
    }

    /// Makes the refusal of a rule.
    pub fn refused(what: impl Sentence) -> Error {
        Error::new(ErrorKind::Refused, what)
    }

    /// Makes the error of a command line that cannot be understood.
    pub fn usage(what: impl Sentence) -> Error {
        Error::new(ErrorKind::Usage, what)
    }

    /// Makes the error of bad data given to a command.
    pub fn input(what: impl Sentence) -> Error {
        Error::new(ErrorKind::Input, what)
    }

    /// Makes the error of a file that cannot be used.
    pub fn file(what: impl Sentence) -> Error {
        Error::new(ErrorKind::File, what)
    }

    /// Adds a hint behind those that the sentence has itself.
    pub fn hint(mut self, hint: impl Into<Hint>) -> Error {
        self.hints.push(hint.into());
        self
    }

    /// Says the same in other words, with the same kind and hints.
    pub fn about(&self, what: impl Sentence) -> Error {
        Error { kind: self.kind, what: Arc::new(what), hints: self.hints() }
    }

    /// Returns the facts behind the sentence, if they are of this type.
    pub fn facts<T: Sentence>(&self) -> Option<&T> {
        let what: &dyn Any = &*self.what;
        what.downcast_ref()
    }

    /// Returns all hints, the most helpful first.
    pub fn hints(&self) -> Vec<Hint> {
        self.what.hints().into_iter().chain(self.hints.iter().cloned()).collect()
    }
}

impl Sentence for String {
    fn sentence(&self) -> String {
        self.clone()
    }
}

impl Sentence for &'static str {
    fn sentence(&self) -> String {
        (*self).to_owned()
    }
}

impl PartialEq for Error {
    fn eq(&self, other: &Error) -> bool {
        self.kind == other.kind && self.to_string() == other.to_string() && self.hints() == other.hints()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what.sentence())
    }
}

impl std::error::Error for Error {}
