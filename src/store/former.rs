//! What was known of partners before each of the last actions: for what was in a calendar and is not any more.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::rule::History;
use crate::store::as_of::View;
use crate::store::log::logged::{ActionId, ActionKind, RecordedAction};
use crate::store::log::read::KnownActions;
use crate::store::programs::InForce;

/// A partner as it stood before an action that changed something of it, or changed the program.
pub(crate) struct FormerPartner<'f> {
    pub partner: &'f Partner,
    /// The program that was in force then.
    pub in_force: &'f InForce,
    /// The day on which the action was recorded.
    pub until: Day,
}

/// What was known before an action.
struct Before {
    known: KnownActions,
    until: Day,
    in_force: Rc<InForce>,
}

/// A row of the log of a partner, with the events that it stands for.
struct DecodedRow {
    action: ActionId,
    partner: PartnerId,
    events: Vec<Recorded>,
}

impl View<'_> {
    /// Hands over each partner as it stood before each action since `since` that was about it, also partners that were
    /// removed, merged or taken back since; partner by partner, each partner's in order. A new program is about all.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn each_former(
        &self,
        since: Day,
        mut take: impl FnMut(PartnerId, FormerPartner),
    ) -> anyhow::Result<()> {
        let reader = self.reader();
        let mut actions: Vec<RecordedAction> = Vec::new();
        reader.actions_before(None, |action| {
            let is_wanted = action.recorded_on >= since;
            if is_wanted {
                actions.push(action);
            }
            is_wanted
        })?;
        actions.reverse();
        let mut of_partner: BTreeMap<PartnerId, BTreeSet<ActionId>> = BTreeMap::new();
        let mut of_all: BTreeSet<ActionId> = BTreeSet::new();
        let mut merges: BTreeSet<(PartnerId, PartnerId)> = BTreeSet::new();
        for action in &actions {
            let changed = match action.kind {
                ActionKind::Record => Some(action.clone()),
                ActionKind::Undo(target) | ActionKind::Redo(target) => reader.action(target)?,
            };
            let Some(changed) = changed else { continue };
            for partner in self.concerned(&changed, &mut merges)? {
                of_partner.entry(partner).or_default().insert(action.id);
            }
            if self.is_program(&changed)? {
                of_all.insert(action.id);
            }
        }
        if !of_all.is_empty() {
            for partner in self.partners()? {
                of_partner.entry(partner.id).or_default().extend(&of_all);
            }
        }
        let before = self.before_each(&actions, &of_all)?;
        for (subject, ids) in of_partner {
            let rows = self.rows_of_group(subject, &merges)?;
            for before in ids.iter().filter_map(|id| before.get(id)) {
                let history = history_before(subject, &rows, &before.known);
                let folded = history.fold(&before.in_force.aliases, Some(before.until));
                if let Some(partner) = folded.partner() {
                    let (in_force, until) = (&before.in_force, before.until);
                    take(subject, FormerPartner { partner, in_force, until });
                }
            }
        }
        Ok(())
    }

    /// Returns what was known before each of these actions, which follow each other; `programs` are those that changed the
    /// program.
    fn before_each(
        &self,
        actions: &[RecordedAction],
        programs: &BTreeSet<ActionId>,
    ) -> anyhow::Result<HashMap<ActionId, Before>> {
        let mut all = HashMap::new();
        let Some(first) = actions.first() else { return Ok(all) };
        let reader = self.reader();
        let mut known = reader.known_before(first.id)?;
        let mut in_force = Rc::new(self.in_force.clone());
        let mut is_changed = !programs.is_empty();
        for action in actions {
            known.go_on_to(action.id);
            if is_changed && let Some(former) = reader.program_as_known(&known, action.recorded_on)? {
                in_force = Rc::new(former);
            }
            is_changed = programs.contains(&action.id);
            let (known_then, in_force) = (known.clone(), Rc::clone(&in_force));
            all.insert(action.id, Before { known: known_then, until: action.recorded_on, in_force });
            known.take(action);
        }
        Ok(all)
    }

    /// Returns the partners whose histories an action changed, those into which others were merged included, and adds those
    /// merges, which may have been undone since.
    fn concerned(
        &self,
        action: &RecordedAction,
        merges: &mut BTreeSet<(PartnerId, PartnerId)>,
    ) -> anyhow::Result<BTreeSet<PartnerId>> {
        let mut partners = self.reader().partners_of(action)?;
        if let Some((first, last)) = action.events {
            let which = "where number between ?1 and ?2 and kind = 'merged'";
            for logged in self.reader().rows(which, (first, last))? {
                if let Event::Merged(merged) = logged.decode()? {
                    partners.insert(merged.into);
                    merges.extend(logged.partner.map(|partner| (partner, merged.into)));
                }
            }
        }
        // What was recorded of a partner counts for the one that it was merged into.
        let into = partners.iter().map(|partner| self.reader().survivor(*partner));
        let into = into.collect::<Result<BTreeSet<PartnerId>, _>>()?;
        partners.extend(into);
        Ok(partners)
    }

    fn is_program(&self, action: &RecordedAction) -> anyhow::Result<bool> {
        let Some((first, _)) = action.events else { return Ok(false) };
        let event = self.reader().event(first)?;
        Ok(event.is_some_and(|event| event.kind == "program"))
    }

    /// Returns the rows of the log of a partner and of all that are merged into it now, or were by one of these merges.
    fn rows_of_group(
        &self,
        subject: PartnerId,
        merges: &BTreeSet<(PartnerId, PartnerId)>,
    ) -> anyhow::Result<Vec<DecodedRow>> {
        let mut members: BTreeSet<PartnerId> = self.reader().members(subject)?.into_iter().collect();
        loop {
            let into_them = merges.iter().filter(|(_, into)| members.contains(into));
            let more: Vec<PartnerId> =
                into_them.map(|(partner, _)| *partner).filter(|one| !members.contains(one)).collect();
            if more.is_empty() {
                break;
            }
            for member in more {
                members.extend(self.reader().members(member)?);
            }
        }
        let mut rows = Vec::new();
        for member in members {
            for row in self.reader().rows_of(member)? {
                let Some(partner) = row.partner else { continue };
                let mut events = Vec::new();
                row.each_recorded(partner, |one| events.push(one))?;
                rows.push(DecodedRow { action: row.action, partner, events });
            }
        }
        Ok(rows)
    }
}

/// Returns the history of a partner as far as was known: with those of the partners that were merged into it by then.
fn history_before(subject: PartnerId, rows: &[DecodedRow], known: &KnownActions) -> History {
    let known = || rows.iter().filter(|row| known.counts(row.action));
    let merges: Vec<(PartnerId, PartnerId)> = known()
        .flat_map(|row| row.events.iter().map(move |one| (row.partner, &one.event)))
        .filter_map(|(partner, event)| match event {
            Event::Merged(merged) => Some((partner, merged.into)),
            _ => None,
        })
        .collect();
    let mut members: HashSet<PartnerId> = [subject].into();
    let mut is_growing = true;
    while is_growing {
        let more: Vec<PartnerId> = merges
            .iter()
            .filter(|(partner, into)| members.contains(into) && !members.contains(partner))
            .map(|(partner, _)| *partner)
            .collect();
        is_growing = !more.is_empty();
        members.extend(more);
    }
    let of_members = known().filter(|row| members.contains(&row.partner));
    History { subject, events: of_members.flat_map(|row| row.events.iter().cloned()).collect() }
}
