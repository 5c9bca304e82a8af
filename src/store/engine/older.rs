//! Files of older formats: reading leaves them as they are, and the first write keeps a copy and brings them to the
//! newest format.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::lifecycle::base::error::Error;
use crate::store::engine::copy::{Unplaced, copy_pages, put};
use crate::store::engine::migrate::MIGRATIONS;
use crate::store::engine::open::{beside, configured, connect};
use crate::store::error::{FileFault, Result};

/// A step from an older format to the newest, with where the file as it was is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormatStep {
    pub path: PathBuf,
    pub from: i64,
    pub to: i64,
    pub kept: PathBuf,
}

/// Who says that a file is brought to the newest format, before it is.
pub(crate) type Announce = Box<dyn Fn(&FormatStep)>;

/// A copy in memory of a file of an older format, brought to the newest one.
pub(in crate::store) struct InMemory {
    pub(in crate::store) connection: Connection,
    /// The version of the file that was copied.
    pub(in crate::store) version: i64,
}

/// A file of an older format as it is, copied before anything is written.
pub(in crate::store) struct OlderFile {
    copy: Unplaced,
    step: FormatStep,
}

impl OlderFile {
    /// Copies the file beside itself, while this process holds the right to write to it.
    ///
    /// The copy is read through a connection of its own: what the writing one has changed is not in it.
    pub(in crate::store) fn copied(path: &Path, from: i64, wait: Duration) -> Result<OlderFile> {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let kept = free_name(&real, from);
        let copy = Unplaced::beside(&kept)?;
        copy_pages(&connect(&real)?, &mut connect(copy.path())?, wait)?;
        let step = FormatStep { path: path.to_owned(), from, to: MIGRATIONS.len() as i64, kept };
        Ok(OlderFile { copy, step })
    }

    /// Gives the copy its name, and says so.
    pub(in crate::store) fn keep(self, announce: Option<&Announce>) -> Result<PathBuf> {
        put(self.copy, &self.step.kept, false)?;
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
