//! The words for what is wrong with the file, and for what it refuses to record.
//!
//! This room knows the store's facts, and must not know SQL, reports or commands. To add words for a fact, implement
//! `Sentence` in the file of its subject: `findings` (damage, checks, rescue), `log` (undo, redo, titles of actions),
//! `content` (the program, names, budgets, forgetting), or here for the file itself.

pub(crate) mod content;
mod findings;
mod log;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::store::{FileFault, FormatStep, OlderFormat, Unusable, WriteDone};

impl Sentence for FileFault {
    fn sentence(&self) -> String {
        match self {
            FileFault::Missing { path } => format!("file not found: `{}`", path.display()),
            FileFault::Empty { path } => {
                format!("`{}` is empty, probably because its creation was interrupted", path.display())
            }
            FileFault::Unusable { path, why } => format!("`{}` {}", path.display(), unusable(why)),
            FileFault::Foreign { path } => {
                format!("`{}` is not a chanlife file; nothing was changed", path.display())
            }
            FileFault::Newer { path, found, known } => format!(
                "`{}` has format {found}, and this version of chanlife supports formats up to {known}; \
                 nothing was changed",
                path.display()
            ),
            FileFault::NotMigrated { path, from, to } => {
                format!("`{}` has format {from} and cannot be updated to format {to}", path.display())
            }
            FileFault::Damaged { why } => format!("the file is damaged: {}", why.sentence()),
            FileFault::Unconfirmed { done } => {
                let done = match done {
                    WriteDone::Action(action) => format!("action {action} was recorded"),
                    WriteDone::File(path) => format!("`{}` was written", path.display()),
                };
                format!("{done}, but the disk did not confirm it; it may be lost if the power fails")
            }
            FileFault::Busy { waited } => format!(
                "another process is using the file, after waiting {} s; nothing was recorded",
                waited.as_secs()
            ),
            FileFault::Full => "the disk is full; nothing was recorded".to_owned(),
            FileFault::ReadOnly => {
                "the file or its folder cannot be written; nothing was recorded".to_owned()
            }
            FileFault::Failed { why } => format!("the file cannot be used: {why}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = match self {
            FileFault::Missing { .. } => {
                "`chanlife init` creates it, `chanlife init --program FILE` with your own program; or name \
                 another file with --db or CHANLIFE_DB"
            }
            FileFault::Empty { .. } => "`chanlife init` completes it; name another with --db or CHANLIFE_DB",
            FileFault::Unusable { .. } => "name another file with --db or CHANLIFE_DB",
            FileFault::Foreign { .. } => {
                "name another file with --db or CHANLIFE_DB; if it was a chanlife file, \
                 `chanlife rescue FILE --to NEW` recovers what it can"
            }
            FileFault::Newer { .. } => "install the newer version of chanlife",
            FileFault::Damaged { .. } => {
                "`chanlife restore FILE` replaces it with your last good backup and keeps the damaged file; without a \
                 backup, `chanlife rescue FILE --to NEW` recovers what it can"
            }
            FileFault::Unconfirmed { .. } => "check the disk for errors before you record more",
            FileFault::Busy { .. } => "try again, or wait longer with --wait SECONDS",
            FileFault::Full => "free some space and try again",
            FileFault::ReadOnly => "check the permissions of the file and its folder",
            FileFault::NotMigrated { .. } => "`chanlife rescue FILE --to NEW` recovers what it can",
            FileFault::Failed { .. } => "check the disk, and the permissions of the file and its folder",
        };
        vec![hint.into()]
    }
}

/// Returns why a path cannot be used, to follow the path.
fn unusable(why: &Unusable) -> String {
    match why {
        Unusable::NotAFile => "is not a file".to_owned(),
        Unusable::DanglingLink => "is a link to a file that does not exist".to_owned(),
        Unusable::EmptyName => "is an empty file name".to_owned(),
        Unusable::InMemory => "is not a file and would lose everything".to_owned(),
        Unusable::AlreadyExists => "already exists".to_owned(),
        Unusable::HasHistory => "already has a history".to_owned(),
        Unusable::NothingRecorded => "contains nothing that chanlife recorded".to_owned(),
        Unusable::NotOpened(why) => format!("cannot be opened: {why}"),
        Unusable::NotCreated(why) => format!("cannot be created: {why}"),
        Unusable::NotRead(why) => format!("cannot be read: {why}"),
        Unusable::NotWritten(why) => format!("cannot be written: {why}"),
    }
}

impl Sentence for FormatStep {
    fn sentence(&self) -> String {
        let kept = match &self.kept {
            Some(kept) => format!("a copy in the old format is kept as `{}`", kept.display()),
            None => "no copy is kept, because a copy would still name the partner".to_owned(),
        };
        let FormatStep { path, from, to, .. } = self;
        format!("note: updating `{}` from format {from} to format {to}; {kept}", path.display())
    }
}

impl Sentence for OlderFormat {
    fn sentence(&self) -> String {
        format!(
            "note: `{}` has format {}; the next change updates it to format {} and keeps a copy",
            self.path.display(),
            self.format,
            self.newest
        )
    }
}
