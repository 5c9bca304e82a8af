//! Files of older formats: reading leaves them as they are, and the first write keeps a copy and brings them to the
//! newest format.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::lifecycle::base::error::Error;
use crate::store::engine::connection::{configured, connect};
use crate::store::engine::copy::{Unplaced, copy_pages, put};
use crate::store::engine::paths::beside;
use crate::store::error::{FileFault, Result};
use crate::store::schema::MIGRATIONS;

/// A file of an older format, which reading leaves as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OlderFormat {
    pub path: PathBuf,
    pub format: i64,
    /// The format to which the next write brings it.
    pub newest: i64,
}

impl OlderFormat {
    /// Returns what a file of this format needs.
    pub(in crate::store) fn of(path: &Path, format: i64) -> OlderFormat {
        OlderFormat { path: path.to_owned(), format, newest: MIGRATIONS.len() as i64 }
    }
}

/// Whether the file as it was is kept when it is brought to the newest format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::store) enum OlderCopy {
    Kept,
    /// The write erases what a copy would still have.
    None,
}

/// A step from an older format to the newest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormatStep {
    pub path: PathBuf,
    pub from: i64,
    pub to: i64,
    /// Where the file as it was is kept; nowhere if the write erases what it has.
    pub kept: Option<PathBuf>,
}

/// Who says that a file is brought to the newest format, before it is.
pub(crate) type StepNotice = Box<dyn Fn(&FormatStep)>;

/// A copy in memory of a file of an older format, brought to the newest one.
pub(in crate::store) struct InMemory {
    pub(in crate::store) connection: Connection,
    /// The version of the file that was copied.
    pub(in crate::store) version: i64,
}

/// A file of an older format as it is, copied before anything is written.
pub(in crate::store) struct OlderFile {
    copy: Option<(Unplaced, PathBuf)>,
    step: FormatStep,
}

impl OlderFile {
    /// Copies the file beside itself unless no copy is to be kept, while this process holds the right to write to it.
    ///
    /// The copy is read through a connection of its own: what the writing one has changed is not in it.
    pub(in crate::store) fn of(
        path: &Path,
        from: i64,
        older_copy: OlderCopy,
        wait: Duration,
    ) -> Result<OlderFile> {
        let step = FormatStep { path: path.to_owned(), from, to: MIGRATIONS.len() as i64, kept: None };
        if older_copy == OlderCopy::None {
            return Ok(OlderFile { copy: None, step });
        }
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let kept = free_name(&real, from);
        let copy = Unplaced::beside(&kept)?;
        copy_pages(&connect(&real)?, &mut connect(copy.path())?, wait)?;
        Ok(OlderFile { copy: Some((copy, kept)), step })
    }

    /// Gives the copy its name, announces the step, and returns where the copy is.
    pub(in crate::store) fn keep(mut self, announce: Option<&StepNotice>) -> Result<Option<PathBuf>> {
        if let Some((copy, kept)) = self.copy {
            put(copy, &kept, false)?;
            self.step.kept = Some(kept);
        }
        if let Some(announce) = announce {
            announce(&self.step);
        }
        Ok(self.step.kept)
    }
}

/// Returns the first of NAME.format-3, NAME.format-3-2 and so on that nothing has.
fn free_name(path: &Path, format: i64) -> PathBuf {
    let mut name = beside(path, &format!(".format-{format}"));
    let mut number = 2;
    while name.symlink_metadata().is_ok() {
        name = beside(path, &format!(".format-{format}-{number}"));
        number += 1;
    }
    name
}

/// Copies all pages of the file into memory.
pub(in crate::store) fn into_memory(connection: &Connection, wait: Duration) -> Result<Connection> {
    let mut memory = configured(Connection::open_in_memory()?)?;
    copy_pages(connection, &mut memory, wait)?;
    Ok(memory)
}

/// Says of an error which step failed.
pub(in crate::store) fn not_migrated(error: anyhow::Error, path: &Path, from: i64) -> anyhow::Error {
    let kind = error.downcast_ref::<Error>().map(|error| error.kind);
    let hints = error.downcast_ref::<Error>().map(Error::hints).unwrap_or_default();
    let fault = FileFault::NotMigrated { path: path.to_owned(), from, to: MIGRATIONS.len() as i64 };
    let failed = kind.map_or_else(|| fault.clone().error(), |kind| Error::new(kind, fault.clone()));
    error.context(hints.into_iter().fold(failed, Error::hint))
}
