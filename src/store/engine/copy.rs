//! Copies of the file, page by page: made beside the place where they go, and named only once they are whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use tempfile::NamedTempFile;

use crate::lifecycle::base::error::Error;
use crate::store::engine::paths::{companions, folder_of};
use crate::store::error::{FileFault, Result, Unusable, WriteDone};

/// A file that goes, with all that SQLite and we kept beside it, unless it is put in its place.
pub(in crate::store) struct Unplaced {
    file: NamedTempFile,
    beside: Leftovers,
}

/// Files that go at the end.
struct Leftovers(Vec<PathBuf>);

impl Drop for Leftovers {
    fn drop(&mut self) {
        for file in &self.0 {
            let _ = fs::remove_file(file);
        }
    }
}

impl Unplaced {
    /// Returns an empty file beside the place `to`.
    pub(in crate::store) fn beside(to: &Path) -> Result<Unplaced> {
        let mut builder = tempfile::Builder::new();
        let made = builder.prefix(".chanlife-").suffix(".db").tempfile_in(folder_of(to));
        let file = made.map_err(|error| unwritable(to, &error))?;
        let mut leftovers = companions(file.path());
        leftovers.retain(|one| one != file.path());
        Ok(Unplaced { file, beside: Leftovers(leftovers) })
    }

    /// Returns where the file is for now.
    pub(in crate::store) fn path(&self) -> &Path {
        self.file.path()
    }
}

/// Copies all pages in one go, so that writers cannot make it begin anew again and again.
pub(in crate::store) fn copy_pages(from: &Connection, to: &mut Connection, wait: Duration) -> Result<()> {
    match Backup::new(from, to)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(FileFault::Busy { waited: wait }.error()),
    }
}

/// Gives a finished copy its name, durably.
pub(in crate::store) fn put(copy: Unplaced, to: &Path, replace: bool) -> Result<()> {
    let Unplaced { file, beside: _gone } = copy;
    let persisted = if replace { file.persist(to) } else { file.persist_noclobber(to) };
    persisted.map_err(|error| unwritable(to, &error.error))?;
    #[cfg(unix)]
    File::open(folder_of(to))
        .and_then(|folder| folder.sync_all())
        .map_err(|_| FileFault::Unconfirmed { done: WriteDone::File(to.to_owned()) }.error())?;
    Ok(())
}

/// Returns the error without the name of the copy, which nobody asked for.
pub(in crate::store) fn unwritable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists => FileFault::unusable(path, Unusable::AlreadyExists),
        io::ErrorKind::StorageFull => FileFault::Full.error(),
        kind => {
            let why = error.raw_os_error().map_or_else(|| kind.into(), io::Error::from_raw_os_error);
            FileFault::unusable(path, Unusable::NotWritten(why.to_string()))
        }
    }
}
