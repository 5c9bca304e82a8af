//! What an action changed, as much of it as one sentence needs: few statements, never a whole history.

use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::partner::parent_number;
use crate::lifecycle::program::PARENT;
use crate::store::engine::file::Reader;
use crate::store::error::Result;
use crate::store::log::logged::{LoggedEvent, RecordedAction};
use crate::store::programs::InForce;

/// How many rows of an action are read.
const ROWS: i64 = 8;

/// An action with its first events.
#[derive(Clone, Debug)]
pub struct ActionSummary {
    pub action: RecordedAction,
    /// Of an undo or a redo: the action that it is about.
    pub target: Option<Box<ActionSummary>>,
    /// The first events that belong to no partner.
    pub of_program: Vec<LoggedEvent>,
    /// The first events of the first partner, with its name.
    pub of_partner: Option<(String, Vec<LoggedEvent>)>,
    /// The name of another partner that the first event is about: the one merged into, or the parent.
    pub other: Option<String>,
    /// Of a move of a person from one partner to another: the person, and the partner that it came to.
    pub moved: Option<(String, String)>,
    /// How many partners have events in it.
    pub partners: usize,
    /// How many of them it added.
    pub new_partners: usize,
    /// Of an action that put a program in force: the one in force before, and the new one.
    pub programs: Option<Box<(InForce, InForce)>>,
}

impl Reader<'_> {
    /// Summarizes an action; one of an older version, which stored its sentence, without its events.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn summarize(&self, action: RecordedAction) -> Result<ActionSummary> {
        let mut summary = ActionSummary {
            action,
            target: None,
            of_program: Vec::new(),
            of_partner: None,
            other: None,
            moved: None,
            partners: 0,
            new_partners: 0,
            programs: None,
        };
        if !summary.action.said.is_empty() {
            return Ok(summary);
        }
        if let Some(target) = summary.action.kind.target().map(|id| self.action(id)).transpose()?.flatten() {
            summary.target = Some(Box::new(self.summarize(target)?));
        }
        let Some(numbers) = summary.action.events else { return Ok(summary) };
        let which = "where number between ?1 and ?2 order by number limit ?3";
        let rows = self.rows(which, (numbers.0, numbers.1, ROWS))?;
        let first = rows.iter().find_map(|row| row.partner);
        let mut second: Option<(PartnerId, LoggedEvent)> = None;
        for row in rows {
            let Some(partner) = row.partner else {
                summary.of_program.extend(row.each()?);
                continue;
            };
            match &mut summary.of_partner {
                None => summary.of_partner = Some((self.name_ever(partner)?, row.each()?)),
                Some((_, events)) if first == Some(partner) => events.extend(row.each()?),
                Some(_) if second.is_none() => {
                    second = row.each()?.into_iter().next().map(|one| (partner, one));
                }
                Some(_) => {}
            }
        }
        let first = summary.of_partner.as_ref().and_then(|(_, events)| events.first());
        let other = first.map(other_partner).transpose()?.flatten();
        summary.other = other.map(|id| self.name_ever(id)).transpose()?;
        (summary.partners, summary.new_partners) = self.count_partners(numbers)?;
        let from = summary.of_partner.as_ref().and_then(|(_, events)| events.first());
        if let (Some(from), Some((to, came)), 2) = (from, &second, summary.partners) {
            let name = moved_person(&from.decode()?, &came.decode()?);
            summary.moved = name.map(|name| self.name_ever(*to).map(|to| (name, to))).transpose()?;
        }
        if summary.of_program.first().is_some_and(|event| event.kind == "program") {
            // The log can be read even if a program cannot.
            summary.programs = self.programs_around(numbers.0).ok().flatten().map(Box::new);
        }
        Ok(summary)
    }

    /// Counts the partners with events in an action, and those that it added.
    fn count_partners(&self, numbers: (i64, i64)) -> Result<(usize, usize)> {
        let sql = "select count(distinct partner), count(iif(kind = 'joined', 1, null))
                   from event where number between ?1 and ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let counts: (i64, i64) = statement.query_row(numbers, |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((usize::try_from(counts.0).unwrap_or_default(), usize::try_from(counts.1).unwrap_or_default()))
    }

    /// Returns the name of a partner; of one that does not count any more, the name under which it was added.
    fn name_ever(&self, id: PartnerId) -> Result<String> {
        let known = self.lookup(id)?;
        if known.key != format!("#{id}") {
            return Ok(known.name);
        }
        let joined = self.rows("where partner = ?1 and kind = 'joined' order by number limit 1", [id])?.pop();
        match joined.as_ref().map(LoggedEvent::decode).transpose()? {
            Some(Event::Joined(mut joined)) => Ok(joined.attributes.remove("name").unwrap_or(joined.key)),
            _ => Ok(known.name),
        }
    }
}

/// Returns the other partner that an event names: the one that stays after a merge, or the one above it.
fn other_partner(event: &LoggedEvent) -> Result<Option<PartnerId>> {
    if !["merged", "edited", "joined"].contains(&event.kind.as_str()) {
        return Ok(None);
    }
    Ok(match event.decode()? {
        Event::Merged(merged) => Some(merged.into),
        Event::Edited(edited) => {
            edited.attributes.get(PARENT).and_then(Option::as_deref).and_then(parent_number)
        }
        Event::Joined(joined) => joined.attributes.get(PARENT).map(String::as_str).and_then(parent_number),
        _ => None,
    })
}

/// Returns the name of the person who went with one event and came to another partner with the other.
fn moved_person(went: &Event, came: &Event) -> Option<String> {
    let (Event::Edited(went), Event::Edited(came)) = (went, came) else { return None };
    match (&went.contacts_gone[..], &went.contacts[..], &came.contacts[..]) {
        ([_], [], [person]) => Some(person.name.clone()),
        _ => None,
    }
}
