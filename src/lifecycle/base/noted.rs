//! What is kept in mind of a document while it is read: values with their places, and former keys.

use std::ops::Range;

/// A value and the bytes of the source that it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A value of an attribute of partners that a section names, to be checked once the whole document is read.
pub(crate) struct NotedValue {
    /// The key under which it is named.
    pub key: &'static str,
    pub attribute: &'static str,
    pub word: Located<String>,
}

/// The key that a section of a noun had before, and the one that it has.
#[derive(Clone)]
pub(crate) struct FormerKey {
    pub noun: &'static str,
    pub was: Located<String>,
    pub key: String,
}
