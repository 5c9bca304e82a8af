//! Taking back whole actions, and bringing them back.
//!
//! Nothing is deleted: an undo is an action of its own, and the fold passes over what is undone.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{
    Sale, SaleEffect, check_not_twice, check_sales_kept, check_together, effects_on_others,
};
use crate::store::engine::file::{Reader, Writer};
use crate::store::error::Result;
use crate::store::log::logged::Stamp;
use crate::store::log::logged::{ActionId, ActionKind, RecordedAction};
use crate::store::log::summary::ActionSummary;
use crate::store::programs::InForce;

/// The kinds of events by which sales come, go, or count otherwise.
const OF_SALES: [&str; 5] = ["sold", "sales", "corrected", "removed", "merged"];

/// An undo or redo that was recorded.
#[derive(Clone, Debug)]
pub struct Reversal {
    /// The action that undoes or redoes.
    pub action: ActionId,
    pub target: RecordedAction,
    pub partners: BTreeSet<PartnerId>,
    /// The sales of other actions that count otherwise by it.
    pub(crate) effects: Vec<SaleEffect>,
}

/// Why an action cannot be undone or redone.
#[derive(Clone, Debug)]
pub(crate) enum ReversalRefusal {
    NoSuchAction {
        action: ActionId,
    },
    /// It erased who a partner is.
    Erased {
        action: ActionId,
    },
    /// Without it the file has no program.
    NoProgramLeft {
        action: ActionId,
    },
    NotUndone {
        action: ActionId,
    },
    UndoneAlready {
        action: ActionId,
        undo: ActionId,
    },
    IsUndo {
        action: ActionId,
        target: ActionId,
    },
    IsRedo {
        action: ActionId,
        target: ActionId,
    },
    NothingToUndo {
        actor: String,
    },
    NothingToRedo {
        actor: String,
    },
    /// Somebody else recorded something later on one of the same partners, or on the program.
    BuiltOn {
        action: ActionId,
        by: Box<ActionSummary>,
        program: Box<Program>,
    },
    /// A rule refuses what the file would hold then.
    Refused {
        kind: ActionKind,
        why: Error,
    },
    /// An event contradicts what is left; `other` is the action that brought it.
    Contradicted {
        kind: ActionKind,
        conflict: Conflict,
        other: Option<ActionId>,
    },
}

impl Writer<'_> {
    /// Takes back the actor's own last action, or the one with this number.
    ///
    /// # Errors
    /// A refusal if there is none, if others built on it, or if what is left contradicts itself.
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
    /// A refusal if there is none, or if it contradicts what was recorded since.
    pub fn redo(&self, stamp: &Stamp, which: Option<ActionId>) -> anyhow::Result<Reversal> {
        let target = match which {
            Some(id) => {
                let action = self.reader.existing(id)?;
                if self.reader.undone_by(id)?.is_none() {
                    return Err(Error::refused(ReversalRefusal::NotUndone { action: id }).into());
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
        target: RecordedAction,
        kind: fn(ActionId) -> ActionKind,
    ) -> anyhow::Result<Reversal> {
        if self.reader.holds(&target, "forgotten")? {
            return Err(Error::refused(ReversalRefusal::Erased { action: target.id }).into());
        }
        let kind = kind(target.id);
        let partners = self.reader.partners_of(&target)?;
        let before = self.sellers(&target, &partners)?;
        let action = self.append_reversal(stamp, kind)?;
        let of_program = self.reader.holds(&target, "program")?;
        let Some(in_force) = self.reader.program(None, None)? else {
            return Err(Error::refused(ReversalRefusal::NoProgramLeft { action: target.id }).into());
        };
        let projected = if of_program {
            self.project_all(&in_force.aliases)
                .and_then(|()| self.reader.refuse_lost_stages(&in_force.program))
        } else {
            self.project(&partners, &in_force.aliases)
        };
        let kept = projected.and_then(|()| self.check_sales((&target, kind), &in_force, &before));
        let effects = kept.map_err(|error| self.refused(target.id, kind, error))?;
        Ok(Reversal { action, target, partners, effects })
    }

    /// Returns the sales of the partners whose sales an action has a say in, and of those that they were merged into.
    fn sellers(
        &self,
        target: &RecordedAction,
        partners: &BTreeSet<PartnerId>,
    ) -> anyhow::Result<BTreeMap<PartnerId, Vec<Sale>>> {
        let mut sellers = BTreeMap::new();
        for kind in OF_SALES {
            if !self.reader.holds(target, kind)? {
                continue;
            }
            let aliases = self.reader.program_now()?.aliases;
            for partner in partners {
                for seller in [*partner, self.reader.survivor(*partner)?] {
                    let held = self.reader.folded_history(seller, &aliases)?;
                    sellers.insert(seller, held.partner().map_or_else(Vec::new, |held| held.sales.clone()));
                }
            }
            break;
        }
        Ok(sellers)
    }

    /// Refuses what leaves a return without the sale that it names or lets a sale count twice, of these partners and of those that they are merged into
    /// by now. Returns which sales of other actions count otherwise.
    fn check_sales(
        &self,
        (target, kind): (&RecordedAction, ActionKind),
        in_force: &InForce,
        before: &BTreeMap<PartnerId, Vec<Sale>>,
    ) -> anyhow::Result<Vec<SaleEffect>> {
        let Some((first, last)) = target.events else { return Ok(Vec::new()) };
        let mut now: Vec<Sale> = Vec::new();
        let mut sellers: Vec<Partner> = Vec::new();
        for (partner, sales) in before {
            let held = self.reader.folded_history(*partner, &in_force.aliases)?;
            if let Some(after) = held.partner() {
                check_sales_kept(&in_force.program, sales, after, &(first..=last))?;
                if let ActionKind::Redo(_) = kind {
                    check_not_twice(&in_force.program, after, &(first..=last))?;
                }
                sellers.push(after.clone());
                now.extend_from_slice(&after.sales);
            }
        }
        check_together(&sellers)?;
        // That sales go and come with their partner is what is asked for.
        if self.reader.holds(target, "removed")? {
            return Ok(Vec::new());
        }
        Ok(effects_on_others(before.values().flatten(), now.iter(), &(first..=last)))
    }

    /// Says of a refusal which action it is about, and of a contradiction which action is in the way.
    fn refused(&self, target: ActionId, kind: ActionKind, error: anyhow::Error) -> anyhow::Error {
        let why = match error.downcast::<Error>() {
            Ok(error) if matches!(error.kind, ErrorKind::File | ErrorKind::Busy) => return error.into(),
            Ok(refusal) => refusal,
            Err(error) => return error,
        };
        let Some(conflict) = why.facts::<Conflict>().cloned() else {
            return why.about(ReversalRefusal::Refused { kind, why: why.clone() }).into();
        };
        let event = self.reader.event(conflict.event).ok().flatten();
        let other = event.map(|event| event.action).filter(|other| *other != target);
        Error::refused(ReversalRefusal::Contradicted { kind, conflict, other }).into()
    }

    fn to_undo(&self, id: ActionId) -> anyhow::Result<RecordedAction> {
        let action = self.reader.existing(id)?;
        let refusal = match (self.reader.undone_by(id)?, action.kind) {
            (Some(undo), _) => ReversalRefusal::UndoneAlready { action: id, undo },
            (None, ActionKind::Record) => return Ok(action),
            (None, ActionKind::Undo(target)) => ReversalRefusal::IsUndo { action: id, target },
            (None, ActionKind::Redo(target)) => ReversalRefusal::IsRedo { action: id, target },
        };
        Err(Error::refused(refusal).into())
    }

    fn last_of(&self, actor: &str) -> anyhow::Result<RecordedAction> {
        let mut found = None;
        let mut failed = None;
        self.reader.actions_before(None, |action| {
            if action.actor != actor || action.kind != ActionKind::Record {
                return true;
            }
            match self.reader.undone_by(action.id) {
                Ok(None) => found = Some(action),
                Ok(Some(_)) => return true,
                Err(error) => failed = Some(error),
            }
            false
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let refusal = || Error::refused(ReversalRefusal::NothingToUndo { actor: actor.to_owned() });
        Ok(found.ok_or_else(refusal)?)
    }

    /// Returns what the actor's newest action undid, if that is an undo that still holds.
    fn last_undone_by(&self, actor: &str) -> anyhow::Result<RecordedAction> {
        let mut newest = None;
        let mut redone = BTreeSet::new();
        self.reader.actions_before(None, |action| match action.kind {
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
        let refusal = Error::refused(ReversalRefusal::NothingToRedo { actor: actor.to_owned() });
        match newest.map(|action| action.kind) {
            Some(ActionKind::Undo(target)) => self.reader.existing(target),
            _ => Err(refusal.into()),
        }
    }

    /// Refuses if somebody else recorded something later on one of the same partners, or on the program.
    fn refuse_what_others_built_on(&self, target: &RecordedAction, actor: &str) -> anyhow::Result<()> {
        let later = self.reader.later_actions(target)?;
        for id in later {
            let Some(action) = self.reader.action(id)?.filter(|action| action.actor != actor) else {
                continue;
            };
            let program = Box::new(self.reader.program_now()?.program);
            let by = Box::new(self.reader.summarize(action)?);
            let refusal = ReversalRefusal::BuiltOn { action: target.id, by, program };
            return Err(Error::refused(refusal).into());
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns the action with this number.
    ///
    /// # Errors
    /// A refusal if there is none.
    pub fn existing(&self, id: ActionId) -> anyhow::Result<RecordedAction> {
        let found = self.action(id)?;
        let refusal = || Error::refused(ReversalRefusal::NoSuchAction { action: id });
        Ok(found.ok_or_else(refusal)?)
    }

    /// Returns later actions that still hold and have events of the same partners, or of the program too.
    fn later_actions(&self, target: &RecordedAction) -> Result<BTreeSet<ActionId>> {
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

    /// Returns whether an action has an event of this kind.
    fn holds(&self, action: &RecordedAction, kind: &str) -> Result<bool> {
        let Some((first, last)) = action.events else {
            return Ok(false);
        };
        let sql = "select exists (select 1 from event where number between ?1 and ?2 and kind = ?3)";
        Ok(self.connection.prepare_cached(sql)?.query_row((first, last, kind), |row| row.get(0))?)
    }
}
