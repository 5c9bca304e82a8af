//! The words for undo and redo, and for the titles of actions that the store records itself.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::store::{ActionKind, ActionTitle, ErasureCommand, ReversalRefusal};
use crate::text::actions::action_in_words;

impl Sentence for ActionTitle {
    fn sentence(&self) -> String {
        match self {
            ActionTitle::Undid { action, said } => format!("Undid action {action}: {said}"),
            ActionTitle::Redid { action, said } => format!("Redid action {action}: {said}"),
            ActionTitle::Unreadable => "(could not be read)".to_owned(),
        }
    }
}

impl Sentence for ErasureCommand {
    fn sentence(&self) -> String {
        format!("chanlife forget {}", self.key)
    }
}

impl Sentence for ReversalRefusal {
    fn sentence(&self) -> String {
        match self {
            ReversalRefusal::NoSuchAction { action } => format!("action not found: {action}"),
            ReversalRefusal::Erased { action } => {
                format!("action {action} erased the identity of a partner, which cannot be undone")
            }
            ReversalRefusal::NoProgramLeft { action } => {
                format!("action {action} cannot be undone: it began the database with its first program")
            }
            ReversalRefusal::NotUndone { action } => format!("action {action} is not undone"),
            ReversalRefusal::UndoneAlready { action, undo } => {
                format!("action {action} was already undone by action {undo}")
            }
            ReversalRefusal::IsUndo { action, .. } => format!("action {action} is itself an undo"),
            ReversalRefusal::IsRedo { action, .. } => format!("action {action} is itself a redo"),
            ReversalRefusal::NothingToUndo { actor } => format!("{actor} has no action to undo"),
            ReversalRefusal::NothingToRedo { actor } => format!("the last action of {actor} was not an undo"),
            ReversalRefusal::BuiltOn { action, by, program } => format!(
                "action {action} cannot be undone, because {} built on it with action {} of {}: {}",
                by.action.actor,
                by.action.id,
                by.action.recorded_on,
                action_in_words(by, program)
            ),
            ReversalRefusal::Refused { kind, why } => format!("{}: {why}", cannot_be(*kind)),
            ReversalRefusal::Contradicted { kind, conflict, .. } => {
                format!("{}: otherwise {}", cannot_be(*kind), conflict.sentence())
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = match self {
            ReversalRefusal::NoSuchAction { .. } => "`chanlife log` lists all actions".to_owned(),
            ReversalRefusal::Erased { .. } => "a backup from before the erasure still has it".to_owned(),
            ReversalRefusal::NoProgramLeft { .. } => {
                "`chanlife program apply FILE` replaces the program; `chanlife init --db FILE` begins another database".to_owned()
            }
            ReversalRefusal::UndoneAlready { action, .. } => {
                format!("`chanlife redo {action}` restores it")
            }
            ReversalRefusal::IsUndo { target, .. } => {
                format!("`chanlife redo {target}` restores what it undid")
            }
            ReversalRefusal::IsRedo { target, .. } => {
                format!("`chanlife undo {target}` undoes what it restored")
            }
            ReversalRefusal::NothingToUndo { .. } => {
                "`chanlife log` lists all actions; `chanlife undo NUMBER` undoes an older one".to_owned()
            }
            ReversalRefusal::NothingToRedo { .. } => {
                "`chanlife log` lists all actions; `chanlife redo NUMBER` restores an older one".to_owned()
            }
            ReversalRefusal::BuiltOn { by, .. } => {
                format!("ask {} to run `chanlife undo {}` first", by.action.actor, by.action.id)
            }
            ReversalRefusal::Contradicted { other: Some(other), .. } => {
                format!("run `chanlife undo {other}` first")
            }
            ReversalRefusal::NotUndone { .. }
            | ReversalRefusal::Refused { .. }
            | ReversalRefusal::Contradicted { other: None, .. } => return Vec::new(),
        };
        vec![hint.into()]
    }
}

fn cannot_be(kind: ActionKind) -> String {
    let word = if matches!(kind, ActionKind::Redo(_)) { "redone" } else { "undone" };
    format!("action {} cannot be {word}", kind.target().unwrap_or_default())
}
