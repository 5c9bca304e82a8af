//! Copies of the file: made while others use it, checked before they count, and put back; repair, which needs one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::engine::connection::{connect, prepare_to_write, take_turn};
use crate::store::engine::copy::{Unplaced, copy_pages, put, unwritable};
use crate::store::engine::file::{Keep, Store};
use crate::store::engine::paths::{beside, folder_of, make_private_folder};
use crate::store::error::{Damage, FileFault, Result, damaged};
use crate::store::upkeep::check::Checked;

/// What was put back.
#[derive(Clone, Debug)]
pub struct Restored {
    pub checked: Checked,
    /// Where what was there before is kept, if anything was.
    pub kept: Option<PathBuf>,
}

impl Store {
    /// Copies the file as it is at one instant, while others may read and write, checks the copy, and only then
    /// gives it the name `to`.
    ///
    /// # Errors
    /// [`FileFault`] if there is a file already and `replace` does not allow for it, if the copy cannot be
    /// written, or if it is not sound; then nothing is left behind.
    pub fn back_up(&self, to: &Path, replace: bool) -> anyhow::Result<Checked> {
        let (copy, checked) = self.checked_copy(to)?;
        put(copy, to, replace)?;
        Ok(checked)
    }

    /// Puts the copy `from` in place of the file at `path`, and what was there before to `kept`.
    ///
    /// Processes that have the file open go on with what was put back. A file that SQLite can no longer read is
    /// moved away instead.
    ///
    /// # Errors
    /// [`FileFault`] if the copy is not sound, or the file cannot be written; then it stays as it was.
    pub fn restore(path: &Path, from: &Path, kept: &Path, wait: Duration) -> anyhow::Result<Restored> {
        let source = Store::connect(from, wait)?;
        if source.is_new()? {
            return Err(FileFault::Empty { path: from.to_owned() }.error().into());
        }
        make_private_folder(folder_of(path))?;
        let (copy, checked) = source.checked_copy(path)?;
        if !path.exists() {
            put(copy, path, false)?;
            return Ok(Restored { checked, kept: None });
        }
        let _turn = take_turn(path, wait)?;
        match replace_pages(path, copy.path(), kept, wait) {
            Err(error) if matches!(error.facts(), Some(FileFault::Damaged { .. })) => {
                move_away(path, kept)?;
                put(copy, path, false)?;
            }
            done => done?,
        }
        Ok(Restored { checked, kept: Some(kept.to_owned()) })
    }

    /// Writes all that follows from the events anew, and never an event, after the file as it is was copied to
    /// `kept`.
    ///
    /// # Errors
    /// [`FileFault`] if it cannot be copied or written, and a conflict if events contradict each other; then
    /// it stays as it was.
    pub fn repair(&mut self, kept: &Path) -> anyhow::Result<()> {
        put(self.copy(kept)?, kept, false)?;
        self.write(Keep::Commit, |writer| {
            let in_force = writer.reader.program_now()?;
            writer.project_all(&in_force.aliases)
        })
    }

    /// Returns a copy beside the place `to`, of the newest format, that is sound.
    fn checked_copy(&self, to: &Path) -> anyhow::Result<(Unplaced, Checked)> {
        let copy = self.copy(to)?;
        let checked = Store::open(copy.path(), self.wait)?.check()?;
        match checked.findings.first() {
            Some(finding) => Err(damaged(Damage::Found(finding.clone())).into()),
            None => Ok((copy, checked)),
        }
    }

    /// Returns a copy beside the place `to`, as it is.
    fn copy(&self, to: &Path) -> Result<Unplaced> {
        let copy = Unplaced::beside(to)?;
        copy_pages(&self.connection, &mut connect(copy.path())?, self.wait)?;
        Ok(copy)
    }
}

/// Writes all pages of the copy into the file, in one transaction of SQLite, after what is there is kept.
fn replace_pages(path: &Path, copy: &Path, kept: &Path, wait: Duration) -> Result<()> {
    let mut current = Store::connect(path, wait)?;
    // If this fails, it is no database any more; one of another program is not ours to replace.
    let _: i64 = current.connection.query_row("pragma application_id", [], |row| row.get(0))?;
    match current.is_new() {
        Ok(_) => {}
        Err(error) if matches!(error.facts(), Some(FileFault::Newer { .. })) => {}
        Err(error) => return Err(error),
    }
    prepare_to_write(&current.connection)?;
    put(current.copy(kept)?, kept, false)?;
    copy_pages(&connect(copy)?, &mut current.connection, wait)
}

/// Renames the file, and with it the journal that belongs to it and to no other.
fn move_away(path: &Path, kept: &Path) -> Result<()> {
    let journal = beside(path, "-journal");
    if journal.exists() {
        fs::rename(&journal, beside(kept, "-journal")).map_err(|error| unwritable(kept, &error))?;
    }
    fs::rename(path, kept).map_err(|error| unwritable(kept, &error))
}
