//! The words for what is wrong with the file.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::store::{FileFault, FormatStep};

impl Sentence for FileFault {
    fn sentence(&self) -> String {
        match self {
            FileFault::Missing { path } => format!("there is no file `{}`", path.display()),
            FileFault::Empty { path } => {
                format!("`{}` is empty, as if its making had been cut off", path.display())
            }
            FileFault::Unusable { path, why } => format!("`{}` {why}", path.display()),
            FileFault::Foreign { path } => {
                format!("`{}` is not a chanlife file; it was left as it is", path.display())
            }
            FileFault::Newer { path, found, known } => format!(
                "`{}` has format {found}, and this version of chanlife knows formats up to {known}; \
                 it was left as it is",
                path.display()
            ),
            FileFault::NotMigrated { path, from, to } => format!(
                "`{}` has format {from}, and this version of chanlife needs to bring it to format {to}",
                path.display()
            ),
            FileFault::Damaged { why } => format!("the file is damaged: {why}"),
            FileFault::Unconfirmed { what } => {
                format!("{what}, but the disk did not confirm it; it may be lost if the power fails")
            }
            FileFault::Busy { waited } => format!(
                "another process is using the file, after waiting {} s; nothing was recorded",
                waited.as_secs()
            ),
            FileFault::Full => "the disk is full; nothing was recorded".to_owned(),
            FileFault::ReadOnly => "the file or its folder can't be written; nothing was recorded".to_owned(),
            FileFault::Failed { why } => format!("the file can't be used: {why}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = match self {
            FileFault::Missing { .. } => {
                "`chanlife init` makes a new file; name another with --db or CHANLIFE_DB"
            }
            FileFault::Empty { .. } => "`chanlife init` completes it; name another with --db or CHANLIFE_DB",
            FileFault::Unusable { .. } => "name another file with --db or CHANLIFE_DB",
            FileFault::Foreign { .. } => {
                "name another file with --db or CHANLIFE_DB; if it was one, `chanlife rescue FILE --to NEW` saves \
                 what is left of it"
            }
            FileFault::Newer { .. } => "install the newer version of chanlife",
            FileFault::Damaged { .. } => {
                "`chanlife restore FILE` puts your last good copy in its place, and keeps it; without one, \
                 `chanlife rescue FILE --to NEW` saves what can still be read"
            }
            FileFault::Unconfirmed { .. } => "look whether the disk has errors before you write again",
            FileFault::Busy { .. } => "try again, or wait longer with --wait SECONDS",
            FileFault::Full => "free some space and try again",
            FileFault::ReadOnly => "check the permissions of the file and its folder",
            FileFault::NotMigrated { .. } | FileFault::Failed { .. } => return Vec::new(),
        };
        vec![hint.into()]
    }
}

impl Sentence for FormatStep {
    fn sentence(&self) -> String {
        format!(
            "note: updating `{}` from format {} to format {}; a copy in the old format is kept as `{}`",
            self.path.display(),
            self.from,
            self.to,
            self.kept.display()
        )
    }
}
