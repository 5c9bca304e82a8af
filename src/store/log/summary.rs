//! What an action changed, as much of it as one sentence needs: few statements, never a whole history.

use std::collections::BTreeSet;

use crate::lifecycle::event::{Event, PartnerId};
use crate::store::engine::file::Reader;
use crate::store::error::Result;
use crate::store::log::logged::{ActionId, LoggedEvent, RecordedAction};
use crate::store::log::read::logged_event;

/// How many rows of an action are read.
const ROWS: usize = 8;

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
    /// How many partners have events in it.
    pub partners: usize,
}

impl Reader<'_> {
    /// Summarizes an action; one of an older version, which stored its sentence, without its events.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn summarize(&self, action: RecordedAction) -> Result<ActionSummary> {
        let mut summary =
            ActionSummary { action, target: None, of_program: Vec::new(), of_partner: None, partners: 0 };
        if !summary.action.said.is_empty() {
            return Ok(summary);
        }
        if let Some(target) = summary.action.kind.target().map(|id| self.action(id)).transpose()?.flatten() {
            summary.target = Some(Box::new(self.summarize(target)?));
        }
        let Some(numbers) = summary.action.events else { return Ok(summary) };
        let rows = self.first_rows(numbers)?;
        let mut partners: BTreeSet<PartnerId> = BTreeSet::new();
        let is_all = rows.len() < ROWS;
        for row in rows {
            let Some(partner) = row.partner else {
                summary.of_program.extend(row.each()?);
                continue;
            };
            partners.insert(partner);
            match &mut summary.of_partner {
                None => summary.of_partner = Some((self.name_ever(partner)?, row.each()?)),
                Some((_, events)) if partners.len() == 1 => events.extend(row.each()?),
                Some(_) => {}
            }
        }
        summary.partners = if is_all { partners.len() } else { self.count_partners(numbers)? };
        Ok(summary)
    }

    /// Summarizes the action with this number.
    ///
    /// # Errors
    /// A refusal if there is none.
    pub fn summarize_existing(&self, id: ActionId) -> anyhow::Result<ActionSummary> {
        Ok(self.summarize(self.existing(id)?)?)
    }

    fn first_rows(&self, numbers: (i64, i64)) -> Result<Vec<LoggedEvent>> {
        let mut statement = self.connection.prepare_cached(
            "select number, action, partner, day, kind, body from event
             where number between ?1 and ?2 order by number limit ?3",
        )?;
        let mut rows = statement.query((numbers.0, numbers.1, ROWS as i64))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(logged_event(row)?);
        }
        Ok(events)
    }

    fn count_partners(&self, numbers: (i64, i64)) -> Result<usize> {
        let sql = "select count(distinct partner) from event where number between ?1 and ?2";
        let count: i64 = self.connection.prepare_cached(sql)?.query_row(numbers, |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Returns the name of a partner; of one that does not count any more, the name under which it was added.
    fn name_ever(&self, id: PartnerId) -> Result<String> {
        let known = self.lookup(id)?;
        if known.key != format!("#{id}") {
            return Ok(known.name);
        }
        let mut statement = self.connection.prepare_cached(
            "select number, action, partner, day, kind, body from event
             where partner = ?1 and kind = 'joined' order by number limit 1",
        )?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { return Ok(known.name) };
        match logged_event(row)?.decode()? {
            Event::Joined(mut joined) => Ok(joined.attributes.remove("name").unwrap_or(joined.key)),
            _ => Ok(known.name),
        }
    }
}
