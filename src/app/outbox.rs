//! A folder of many files, written aside first and put in its place once all else is settled.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::app::context::Context;
use crate::app::exit::unwritable;
use crate::lifecycle::base::error::Error;
use crate::store::folder_of;

/// Files that are written and wait to be put in place; they are deleted if that never happens.
pub struct Outbox {
    staging: tempfile::TempDir,
    names: Vec<String>,
    folder: PathBuf,
}

impl Context {
    /// Writes files aside, to be put into `folder`.
    ///
    /// # Errors
    /// [`Error`] if one of them is there already without --force, or cannot be written.
    pub fn outbox(&self, folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<Outbox> {
        check_folder(folder)?;
        if let Some((name, _)) =
            files.iter().find(|(name, _)| fs::symlink_metadata(folder.join(name)).is_ok())
            && !self.global.force
        {
            let why = format!("`{}` already exists", folder.join(name).display());
            return Err(Error::usage(why).hint("add --force to overwrite it, or name another folder").into());
        }
        let cannot = |error: io::Error| unwritable(folder, &error);
        let staging = tempfile::Builder::new().prefix(".messages").tempdir_in(folder_of(folder));
        // The path that the error names is one that nobody asked for.
        let staging = staging.map_err(|error| cannot(error.kind().into()))?;
        for (name, bytes) in files {
            fs::write(staging.path().join(name), bytes).map_err(cannot)?;
        }
        let names = files.iter().map(|(name, _)| name.clone()).collect();
        Ok(Outbox { staging, names, folder: folder.to_owned() })
    }
}

/// Checks before any work that a path can be a folder of files.
///
/// # Errors
/// [`Error`] if something else is there.
pub(crate) fn check_folder(folder: &Path) -> anyhow::Result<()> {
    if fs::metadata(folder).is_ok_and(|found| !found.is_dir()) {
        let why = format!("`{}` is not a folder", folder.display());
        return Err(Error::usage(why).hint("name a folder for the messages").into());
    }
    Ok(())
}

impl Outbox {
    /// Puts the files in place.
    ///
    /// # Errors
    /// [`Error`] if one of them cannot be put there.
    pub fn place(self) -> anyhow::Result<()> {
        let cannot = |error: io::Error| unwritable(&self.folder, &error);
        fs::create_dir_all(&self.folder).map_err(cannot)?;
        for name in &self.names {
            fs::rename(self.staging.path().join(name), self.folder.join(name)).map_err(cannot)?;
        }
        Ok(())
    }
}
