//! The user's files: read whole, or written, all of it or nothing and never over the database.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::app::context::Context;
use crate::app::exit::unwritable;
use crate::lifecycle::base::error::Error;
use crate::store::{companions, folder_of};

impl Context {
    /// Writes a file, all of it or nothing.
    ///
    /// # Errors
    /// If it is there already without --force, or cannot be written.
    pub fn print_to(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        self.check_writable(path)?;
        let cannot = |error: io::Error| unwritable(path, &error);
        let mut file = temporary_file(path).map_err(cannot)?;
        let mut out = io::BufWriter::new(file.as_file_mut());
        write(&mut out).and_then(|()| out.flush()).map_err(cannot)?;
        drop(out);
        file.as_file().sync_all().map_err(cannot)?;
        file.persist(path).map_err(|error| cannot(error.error))?;
        Ok(())
    }

    /// Checks before any work that a file can be written, so that nothing is recorded in vain.
    ///
    /// # Errors
    /// [`Error`] if it is the database, or already exists without --force, or cannot be created.
    pub fn check_writable(&self, path: &Path) -> anyhow::Result<()> {
        if self.path().is_ok_and(|db| companions(&db).iter().any(|one| same_file(path, one))) {
            let why = format!("`{}` is part of the database", path.display());
            return Err(Error::usage(why).hint("name another file to write").into());
        }
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            let why = format!("`{}` is not a regular file", path.display());
            return Err(Error::usage(why).hint("name a file").into());
        }
        if !self.global.force && fs::symlink_metadata(path).is_ok() {
            let why = format!("`{}` already exists", path.display());
            return Err(Error::usage(why).hint("add --force to overwrite it").into());
        }
        temporary_file(path).map_err(|error| unwritable(path, &error))?;
        Ok(())
    }
}

/// Returns whether both paths lead to one file, existing or not.
pub(crate) fn same_file(one: &Path, other: &Path) -> bool {
    resolved(one) == resolved(other)
}

/// The path without links and detours, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let in_folder = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// Creates a file next to the one that it will become, readable as the user's other files are.
fn temporary_file(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder_of(path))
}

/// The longest text file, in bytes: far more than any program or questionnaire has.
const LIMIT: u64 = 1 << 20;

/// Reads a text file that a user wrote; `-` is standard input.
///
/// # Errors
/// [`Error`] for a file that cannot be read, is too long or is not UTF-8.
pub(crate) fn read_text(file: &Path) -> Result<String, Error> {
    let bad = |why: String| Error::input(format!("`{}` {why}", file.display()));
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().take(LIMIT + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(file).and_then(|open| open.take(LIMIT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| bad(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > LIMIT {
        return Err(bad(format!("is longer than {LIMIT} bytes; check that it is the right file")));
    }
    let text = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&bytes).to_vec();
    String::from_utf8(text).map_err(|error| {
        bad(format!("is not UTF-8 text, at byte {}; save it as UTF-8", error.utf8_error().valid_up_to() + 1))
    })
}
