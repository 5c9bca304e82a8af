//! Where the file lies: who else can read it, whether its disk has room, and what a dead process left beside it.

use std::fs;
use std::path::Path;

use crate::store::engine::file::Store;
use crate::store::engine::open::{beside, folder_of};
use crate::store::error::Result;
use crate::store::upkeep::check::Finding;

/// The part of findings that are of the place, not of what is in the file.
const PLACE: &str = "place";

/// A mebibyte.
const MIB: u64 = 1 << 20;

/// What is said of the journal of a process that died, which the next reading takes back; asked before the file is
/// opened.
pub(crate) fn left_behind(path: &Path) -> Option<String> {
    let journal = fs::metadata(beside(path, "-journal")).ok().filter(|journal| journal.len() > 0)?;
    Some(format!(
        "note: a process died while it wrote and left a journal of {} bytes; what it left half done is taken back",
        journal.len()
    ))
}

impl Store {
    /// What is wrong with the place of the file.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn check_place(&self) -> Result<Vec<Finding>> {
        let about = fs::metadata(&self.path)?;
        let free = fs4::available_space(folder_of(&self.path))?;
        Ok([open_to_others(&about), crowded(about.len(), free)].into_iter().flatten().collect())
    }
}

#[cfg(unix)]
fn open_to_others(about: &fs::Metadata) -> Option<Finding> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777;
    let what = format!(
        "others on this machine can use the file (mode {mode:o}); `chmod 600` with it keeps them out"
    );
    (mode & 0o077 != 0).then_some(Finding { part: PLACE, what })
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> Option<Finding> {
    None
}

/// A disk on which a copy of the file, or the journal of a large import, has no room.
fn crowded(size: u64, free: u64) -> Option<Finding> {
    let what = format!(
        "the disk has {} MiB free, and the file {} MiB: a copy or a large import may not fit",
        free / MIB,
        size.div_ceil(MIB)
    );
    (free < size.max(MIB)).then_some(Finding { part: PLACE, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_crowded_where_a_copy_of_the_file_has_no_room() {
        assert_eq!(crowded(5 * MIB, 5 * MIB), None);
        let found = crowded(5 * MIB, 5 * MIB - 1).expect("crowded");
        assert!(found.what.contains("4 MiB free, and the file 5 MiB"), "{found}");
        assert!(crowded(100, 1000).is_some());
    }
}
