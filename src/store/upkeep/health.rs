//! Where the file lies: who else can read it, whether its disk has room, and what a dead process left beside it.

use std::fs;
use std::path::Path;

use crate::store::engine::file::Store;
use crate::store::engine::paths::{beside, folder_of};
use crate::store::error::{Finding, Result};

/// A mebibyte.
const MIB: u64 = 1 << 20;

/// The journal of a process that died while it wrote; the next read rolls back what it left unfinished.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LeftJournal {
    pub bytes: u64,
}

/// Returns the journal that a dead process left; to be called before the file is opened.
pub(crate) fn left_behind(path: &Path) -> Option<LeftJournal> {
    let journal = fs::metadata(beside(path, "-journal")).ok().filter(|journal| journal.len() > 0)?;
    Some(LeftJournal { bytes: journal.len() })
}

impl Store {
    /// Returns what is wrong with the place of the file.
    ///
    /// # Errors
    /// The system does not say.
    pub fn check_place(&self) -> Result<Vec<Finding>> {
        let about = fs::metadata(&self.path)?;
        let free = fs4::available_space(folder_of(&self.path))?;
        Ok([open_to_others(&self.path, &about), crowded(about.len(), free)].into_iter().flatten().collect())
    }
}

#[cfg(unix)]
fn open_to_others(file: &Path, about: &fs::Metadata) -> Option<Finding> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777;
    (mode & 0o077 != 0).then(|| Finding::OpenToOthers { file: file.to_owned(), mode })
}

#[cfg(not(unix))]
fn open_to_others(_: &Path, _: &fs::Metadata) -> Option<Finding> {
    None
}

/// Returns a disk on which a copy of the file, or the journal of a large import, has no room.
fn crowded(size: u64, free: u64) -> Option<Finding> {
    let found = Finding::DiskCrowded { free_mib: free / MIB, size_mib: size.div_ceil(MIB) };
    (free < size.max(MIB)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_crowded_where_a_copy_of_the_file_has_no_room() {
        assert_eq!(crowded(5 * MIB, 5 * MIB), None);
        let found = Finding::DiskCrowded { free_mib: 4, size_mib: 5 };
        assert_eq!(crowded(5 * MIB, 5 * MIB - 1), Some(found));
        assert!(crowded(100, 1000).is_some());
    }
}
