//! Completions that a shell offers while an option is typed: keys of partners, stages, questionnaires and milestones.
//!
//! The database is read silently, since a shell cannot show an error.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

use crate::app::context::default_path;
use crate::store::{Reader, Store};
use crate::text::program_templates::PROGRAM_TEMPLATES;

/// How many candidates a shell is given.
const MOST: usize = 200;

/// Returns the keys of partners that begin with what is typed.
pub(super) fn partner_keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    from_store(|reader| {
        let names = reader.names()?;
        let fitting = names.into_iter().filter(|one| one.key.starts_with(&typed)).take(MOST);
        Ok(fitting.map(|one| CompletionCandidate::new(one.key).help(Some(one.name.into()))).collect())
    })
}

/// Returns the keys of the program's stages.
pub(super) fn stage_keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    from_store(|reader| {
        let program = reader.program_now()?.program;
        let fitting = program.stages().iter().filter(|stage| stage.key.starts_with(&typed));
        Ok(fitting
            .map(|stage| CompletionCandidate::new(&stage.key).help(Some(stage.name.clone().into())))
            .collect())
    })
}

/// Returns the keys of the program's reasons for leaving.
pub(super) fn reason_keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    from_store(|reader| {
        let program = reader.program_now()?.program;
        let fitting = program.reasons.iter().filter(|reason| reason.key.starts_with(&typed));
        Ok(fitting
            .map(|reason| CompletionCandidate::new(&reason.key).help(Some(reason.name.clone().into())))
            .collect())
    })
}

/// Returns the keys of partners and of the program's questionnaires.
pub(super) fn partner_keys_and_questionnaires(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut candidates = partner_keys(typed);
    let typed = typed.to_string_lossy().to_lowercase();
    candidates.extend(from_store(|reader| {
        let program = reader.program_now()?.program;
        let fitting = program.questionnaires().iter().filter(|one| one.key.starts_with(&typed));
        Ok(fitting
            .map(|one| CompletionCandidate::new(&one.key).help(Some(one.title.clone().into())))
            .collect())
    }));
    candidates
}

/// Returns the keys of partners and of the program's milestones.
pub(super) fn partner_keys_and_milestones(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut candidates = partner_keys(typed);
    let typed = typed.to_string_lossy().to_lowercase();
    candidates.extend(from_store(|reader| {
        let program = reader.program_now()?.program;
        let fitting = program.milestones().filter(|(_, one)| one.key.starts_with(&typed));
        Ok(fitting
            .map(|(_, one)| CompletionCandidate::new(&one.key).help(Some(one.name.clone().into())))
            .collect())
    }));
    candidates
}

/// Returns the names of ready programs, then files.
pub(super) fn ready_programs_and_files(typed: &OsStr) -> Vec<CompletionCandidate> {
    let word = typed.to_string_lossy();
    let fitting = PROGRAM_TEMPLATES.iter().filter(|one| one.name.starts_with(&*word));
    let ready = fitting.map(|one| CompletionCandidate::new(one.name).help(Some(one.purpose.into())));
    ready.chain(PathCompleter::file().complete(typed)).collect()
}

/// Reads the database silently: a shell cannot show an error.
#[expect(clippy::disallowed_methods, reason = "there are no options yet while a shell completes them")]
fn from_store(
    ask: impl FnOnce(&Reader) -> anyhow::Result<Vec<CompletionCandidate>>,
) -> Vec<CompletionCandidate> {
    let named = std::env::var_os("CHANLIFE_DB").map(PathBuf::from);
    let Some(path) = named.or_else(default_path) else {
        return Vec::new();
    };
    let store = Store::open(&path, Duration::from_millis(50));
    store.ok().and_then(|mut store| store.read(ask).ok()).unwrap_or_default()
}
