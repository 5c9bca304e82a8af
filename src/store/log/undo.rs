//! Taking back whole actions, and bringing them back.
//!
//! Nothing is deleted: an undo is an action of its own, and the fold passes over what is undone.

use crate::lifecycle::base::error::{Error, ErrorKind};
use std::collections::BTreeSet;
use std::fmt::Display;

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::event::PartnerId;
use crate::store::engine::file::{Reader, Writer};
use crate::store::error::Result;
use crate::store::log::append::Stamp;
use crate::store::log::read::{Action, ActionId, ActionKind};

/// An undo or redo that was recorded.
#[derive(Clone, Debug)]
pub struct Reversal {
    /// The action that undoes or redoes.
    pub action: ActionId,
    pub target: Action,
    pub partners: BTreeSet<PartnerId>,
}

impl Writer<'_> {
    /// Takes back the actor's own last action, or the one with this number.
    ///
    /// # Errors
    /// A refusal where there is none, where others built on it, or where what is left contradicts itself.
    pub fn undo(&self, stamp: &Stamp, which: Option<ActionId>) -> anyhow::Result<Reversal> {
        let target = match which {
            Some(id) => self.to_undo(id)?,
            None => self.last_of(&stamp.actor)?,
        };
        self.refuse_what_others_built_on(&target, &stamp.actor)?;
        self.reverse(stamp, target, ActionKind::Undo)
    }

    /// Brings back what the actor undid last, or the action with this number.
    ///
    /// # Errors
    /// A refusal where there is none, or where it contradicts what was recorded since.
    pub fn redo(&self, stamp: &Stamp, which: Option<ActionId>) -> anyhow::Result<Reversal> {
        let target = match which {
            Some(id) => {
                let action = self.existing(id)?;
                if self.undone_by(id)?.is_none() {
                    return Err(Error::refused(format!("action {id} is not undone")).into());
                }
                action
            }
            None => self.last_undone_by(&stamp.actor)?,
        };
        self.reverse(stamp, target, ActionKind::Redo)
    }

    fn reverse(
        &self,
        stamp: &Stamp,
        target: Action,
        kind: fn(ActionId) -> ActionKind,
    ) -> anyhow::Result<Reversal> {
        if self.holds(&target, "forgotten")? {
            let why = format!("action {} erased who a partner is, which nothing can bring back", target.id);
            return Err(Error::refused(why).hint("a backup from before still has it").into());
        }
        let kind = kind(target.id);
        let (verb, word) = match kind {
            ActionKind::Redo(_) => ("Redid", "redone"),
            _ => ("Undid", "undone"),
        };
        let said = format!("{verb} action {}: {}", target.id, target.said);
        let partners = self.partners_of(&target)?;
        let action = self.append_reversal(stamp, &said, kind)?;
        let of_program = self.holds(&target, "program")?;
        let Some(in_force) = self.program(None, None)? else {
            return Err(Error::refused("a file can't be without a program")
                .hint("`chanlife program apply FILE` replaces it")
                .into());
        };
        let projected = if of_program {
            self.project_all(&in_force.aliases).and_then(|()| self.refuse_lost_stages(&in_force.program))
        } else {
            self.project(&partners, &in_force.aliases)
        };
        projected.map_err(|error| self.refused(&target, word, error))?;
        Ok(Reversal { action, target, partners })
    }

    /// Says of a refusal which action it is about, and of a contradiction which action is in the way.
    fn refused(&self, target: &Action, word: &str, error: anyhow::Error) -> anyhow::Error {
        let (id, said) =
            (target.id, |why: &dyn Display| format!("action {} can't be {word}: {why}", target.id));
        let refusal = match error.downcast::<Error>() {
            Ok(error) if matches!(error.kind, ErrorKind::File | ErrorKind::Busy) => return error.into(),
            Ok(refusal) => refusal,
            Err(error) => return error,
        };
        let Some(conflict) = refusal.facts::<Conflict>() else {
            return refusal.about(said(&refusal)).into();
        };
        let refusal = Error::refused(said(&format!("without that, {conflict}")));
        match self.event(conflict.event).map(|event| event.map(|one| one.action)) {
            Ok(Some(other)) if other != id => refusal.hint(format!("`chanlife undo {other}` first")).into(),
            _ => refusal.into(),
        }
    }

    fn to_undo(&self, id: ActionId) -> anyhow::Result<Action> {
        let action = self.existing(id)?;
        if let Some(undo) = self.undone_by(id)? {
            return Err(Error::refused(format!("action {id} is undone already, by action {undo}"))
                .hint(format!("`chanlife redo {id}` brings it back"))
                .into());
        }
        match action.kind {
            ActionKind::Record => Ok(action),
            ActionKind::Undo(target) => Err(Error::refused(format!("action {id} is an undo itself"))
                .hint(format!("`chanlife redo {target}` brings back what it undid"))
                .into()),
            ActionKind::Redo(target) => Err(Error::refused(format!("action {id} is a redo"))
                .hint(format!("`chanlife undo {target}` takes back what it brought back"))
                .into()),
        }
    }

    fn last_of(&self, actor: &str) -> anyhow::Result<Action> {
        let mut found = None;
        let mut failed = None;
        self.actions_before(ActionId::MAX, |action| {
            if action.actor != actor || action.kind != ActionKind::Record {
                return true;
            }
            match self.undone_by(action.id) {
                Ok(None) => found = Some(action),
                Ok(Some(_)) => return true,
                Err(error) => failed = Some(error),
            }
            false
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let refusal = || {
            Error::refused(format!("there is no action of {actor} to undo"))
                .hint("`chanlife log` lists all actions; `chanlife undo NUMBER` takes back an older one")
        };
        Ok(found.ok_or_else(refusal)?)
    }

    /// What the actor's newest action undid, where that is an undo that still holds.
    fn last_undone_by(&self, actor: &str) -> anyhow::Result<Action> {
        let mut newest = None;
        let mut redone = BTreeSet::new();
        self.actions_before(ActionId::MAX, |action| match action.kind {
            ActionKind::Redo(target) if action.actor == actor => {
                redone.insert(target);
                true
            }
            ActionKind::Undo(target) if redone.remove(&target) => true,
            _ if action.actor == actor => {
                newest = Some(action);
                false
            }
            _ => true,
        })?;
        let refusal = Error::refused(format!("nothing that {actor} did last was an undo"))
            .hint("`chanlife log` lists all actions; `chanlife redo NUMBER` brings back an older one");
        match newest.map(|action| action.kind) {
            Some(ActionKind::Undo(target)) => self.existing(target),
            _ => Err(refusal.into()),
        }
    }

    /// Refuses where somebody else recorded something later on one of the same partners, or on the program.
    fn refuse_what_others_built_on(&self, target: &Action, actor: &str) -> anyhow::Result<()> {
        let later = self.later_actions(target)?;
        for id in later {
            let Some(action) = self.action(id)?.filter(|action| action.actor != actor) else {
                continue;
            };
            let why = format!(
                "{} built on action {}: action {id} of {}, {}",
                action.actor, target.id, action.recorded_on, action.said
            );
            return Err(Error::refused(why)
                .hint(format!("ask {} to run `chanlife undo {id}` first", action.actor))
                .into());
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// The action with this number.
    ///
    /// # Errors
    /// A refusal where there is none.
    pub fn existing(&self, id: ActionId) -> anyhow::Result<Action> {
        let found = self.action(id)?;
        let refusal = || Error::refused(format!("there is no action {id}")).hint("`chanlife log` lists them");
        Ok(found.ok_or_else(refusal)?)
    }

    /// Later actions that still hold and have events of the same partners, or of the program too.
    fn later_actions(&self, target: &Action) -> Result<BTreeSet<ActionId>> {
        let mut later = BTreeSet::new();
        let mut statement = self.connection.prepare_cached(
            "select distinct action from event where partner is ?1 and action > ?2
               and action not in (select action from undone)",
        )?;
        let partners = self.partners_of(target)?.into_iter().map(Some);
        let program = self.holds(target, "program")?.then_some(None);
        for partner in partners.chain(program) {
            let actions = statement.query_map((partner, target.id), |row| row.get(0))?;
            later.extend(actions.collect::<rusqlite::Result<Vec<ActionId>>>()?);
        }
        Ok(later)
    }

    /// Whether an action has an event of this kind.
    fn holds(&self, action: &Action, kind: &str) -> Result<bool> {
        let Some((first, last)) = action.events else {
            return Ok(false);
        };
        let sql = "select exists (select 1 from event where number between ?1 and ?2 and kind = ?3)";
        Ok(self.connection.prepare_cached(sql)?.query_row((first, last, kind), |row| row.get(0))?)
    }
}
