//! Paths: the file, what belongs to it, and making files and folders that only their owner can read.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use crate::store::error::{FileFault, Result, Unusable};

/// What the name of the file on which writers wait for their turn ends in.
pub(in crate::store) const LOCK: &str = ".lock";

/// Refuses names with which SQLite would store nothing.
pub(in crate::store) fn check_name(path: &Path) -> Result<()> {
    let name = path.as_os_str();
    if name.is_empty() {
        return Err(FileFault::unusable(path, Unusable::EmptyName));
    }
    if name == ":memory:" {
        return Err(FileFault::unusable(path, Unusable::InMemory));
    }
    Ok(())
}

/// Returns the file, and those that SQLite and we keep beside it.
pub(crate) fn companions(path: &Path) -> Vec<PathBuf> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut all = vec![path.to_owned()];
    for file in [path, real.as_path()] {
        all.extend(["-journal", "-wal", "-shm", LOCK].map(|suffix| beside(file, suffix)));
    }
    all
}

/// Returns the name of a file that goes with another one.
pub(in crate::store) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Returns the folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes an empty file that only its owner can read, before anything is in it.
pub(in crate::store) fn make_file(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(FileFault::unusable(path, Unusable::NotCreated(error.to_string()))),
    }
}

/// Makes a folder that only its owner can enter, if there is none.
///
/// # Errors
/// [`FileFault`] that names it.
pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let not_created = |error: std::io::Error| Unusable::NotCreated(error.to_string());
    builder.create(folder).map_err(|error| FileFault::unusable(folder, not_created(error)))
}

/// Lets only the owner read a file that is to be made.
pub(in crate::store) fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}
