//! The log: actions and their events, as they are read.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use rusqlite::{OptionalExtension, Params, Row};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::history::FoldedHistory;
use crate::lifecycle::program::Aliases;
use crate::lifecycle::rule::History;
use crate::store::engine::file::Reader;
use crate::store::error::{Coded, Damage, Result, damaged};
use crate::store::log::logged::{ActionId, ActionKind, LoggedEvent, RecordedAction};
use crate::store::log::packed;

/// Which actions count: all that are not undone, or those known by the end of a day.
#[derive(Clone, Debug)]
pub(in crate::store) struct KnownActions {
    /// The newest action that was known; none if all are.
    last: Option<ActionId>,
    /// Each with its undo; what was known before each of many actions shares it until something is undone or redone.
    undone: Rc<HashMap<ActionId, ActionId>>,
}

impl KnownActions {
    /// Returns whether an action counts.
    pub(in crate::store) fn counts(&self, action: ActionId) -> bool {
        self.last.is_none_or(|last| action <= last) && !self.undone.contains_key(&action)
    }

    /// Goes on to what was known before an action, if nothing was undone or redone since.
    pub(in crate::store) fn go_on_to(&mut self, action: ActionId) {
        self.last = Some(action - 1);
    }

    /// Takes what the next action undoes or redoes.
    pub(in crate::store) fn take(&mut self, action: &RecordedAction) {
        match action.kind {
            ActionKind::Undo(target) => Rc::make_mut(&mut self.undone).insert(target, action.id),
            ActionKind::Redo(target) => Rc::make_mut(&mut self.undone).remove(&target),
            ActionKind::Record => None,
        };
    }

    /// Returns whether these actions, each with its undo, are those that are undone.
    pub(in crate::store) fn undoes_exactly(&self, undone: &HashMap<ActionId, ActionId>) -> bool {
        *self.undone == *undone
    }
}

impl Reader<'_> {
    /// Returns the first day of which revenue is recorded, of any partner.
    pub fn sold_since(&self) -> Result<Option<Day>> {
        let mut statement = self.connection.prepare_cached("select min(first_day) from sales")?;
        let first: Option<i64> = statement.query_row([], |row| row.get(0))?;
        first.map(day_of).transpose()
    }

    /// Returns the actions that count now, or that counted as far as was known at the end of `day`.
    pub(in crate::store) fn known(&self, day: Option<Day>) -> Result<KnownActions> {
        let Some(day) = day else {
            let mut statement = self.connection.prepare_cached("select action, undo from undone")?;
            let undone = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let undone = undone.collect::<rusqlite::Result<HashMap<ActionId, ActionId>>>()?;
            return Ok(KnownActions { last: None, undone: Rc::new(undone) });
        };
        let sql = "select coalesce(max(id), 0) from action where recorded_on <= ?1";
        let last = self.connection.prepare_cached(sql)?.query_row([day.number()], |row| row.get(0))?;
        Ok(KnownActions { last: Some(last), undone: Rc::new(self.undone_by_log(Some(last))?) })
    }

    /// Returns the actions that counted before this one was recorded.
    pub(in crate::store) fn known_before(&self, action: ActionId) -> Result<KnownActions> {
        let last = Some(action - 1);
        Ok(KnownActions { last, undone: Rc::new(self.undone_by_log(last)?) })
    }

    /// Returns the actions that are undone, each with its undo, by what the log says up to action `last`.
    pub(in crate::store) fn undone_by_log(
        &self,
        last: Option<ActionId>,
    ) -> Result<HashMap<ActionId, ActionId>> {
        let mut statement = self.connection.prepare_cached(
            "select id, kind, target from action where (?1 is null or id <= ?1) and kind <> 'record' order by id",
        )?;
        let mut undone = HashMap::new();
        let mut rows = statement.query([last])?;
        while let Some(row) = rows.next()? {
            match kind_of(row)? {
                ActionKind::Undo(target) => undone.insert(target, row.get("id")?),
                ActionKind::Redo(target) => undone.remove(&target),
                ActionKind::Record => None,
            };
        }
        Ok(undone)
    }

    /// Returns the events that count for a partner, with those of partners merged into it.
    pub fn history(&self, subject: PartnerId) -> Result<History> {
        self.history_as_known(subject, &self.known(None)?)
    }

    /// Reads the history of a partner once, with those of partners merged into it, and folds it once.
    pub fn folded_history(&self, subject: PartnerId, aliases: &Aliases) -> Result<FoldedHistory> {
        Ok(FoldedHistory::of(self.history(subject)?, aliases))
    }

    /// Returns the events of a partner that count as far as was known.
    pub(in crate::store) fn history_as_known(
        &self,
        subject: PartnerId,
        known: &KnownActions,
    ) -> Result<History> {
        let mut events = Vec::new();
        for logged in self.rows_of_partner(subject)? {
            if let Some(partner) = logged.partner.filter(|_| known.counts(logged.action)) {
                logged.each_recorded(partner, |one| events.push(one))?;
            }
        }
        Ok(History { subject, events })
    }

    /// Returns all events of a partner and of partners merged into it, also undone ones, in order of recording.
    pub fn events_of_partner(&self, subject: PartnerId) -> Result<Vec<LoggedEvent>> {
        let mut events = Vec::new();
        for row in self.rows_of_partner(subject)? {
            events.extend(row.each()?);
        }
        events.sort_by_key(|event| event.number);
        Ok(events)
    }

    /// Returns the words of the command that recorded an event; none if there is no such event.
    ///
    /// # Errors
    /// Those of reading.
    pub(crate) fn words_of(&self, event: i64) -> Result<Option<String>> {
        let sql =
            "select action.words from event join action on action.id = event.action where event.number = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([event], |row| row.get(0)).optional()?)
    }

    /// Returns all events of an action, in order of recording.
    pub fn events_of_action(&self, action: &RecordedAction) -> Result<Vec<LoggedEvent>> {
        let mut events = Vec::new();
        if let Some(numbers) = action.events {
            for row in self.events(numbers)? {
                events.extend(row.each()?);
            }
        }
        Ok(events)
    }

    /// Returns the actions with an event of this kind.
    pub fn actions_with(&self, kind: &str) -> Result<HashSet<ActionId>> {
        let row_kind = if kind == packed::PACKS { packed::KIND } else { kind };
        let sql = "select distinct action from event where kind in (?1, ?2)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let actions = statement.query_map([kind, row_kind], |row| row.get(0))?;
        Ok(actions.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the rows of the log of a partner and of partners merged into it, member by member.
    fn rows_of_partner(&self, subject: PartnerId) -> Result<Vec<LoggedEvent>> {
        let mut events = Vec::new();
        for member in self.members(subject)? {
            events.extend(self.rows_of(member)?);
        }
        Ok(events)
    }

    /// Returns the rows of the log of one partner alone.
    pub(in crate::store) fn rows_of(&self, partner: PartnerId) -> Result<Vec<LoggedEvent>> {
        self.rows("where partner = ?1 order by number", [partner])
    }

    /// Returns the rows of the log that this clause of SQL chooses.
    pub(in crate::store) fn rows(&self, which: &str, values: impl Params) -> Result<Vec<LoggedEvent>> {
        let sql = format!("select number, action, partner, day, kind, body from event {which}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(values)?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(logged_event(row)?);
        }
        Ok(events)
    }

    /// Returns a partner and those that were merged into it, directly or through others.
    pub fn members(&self, subject: PartnerId) -> Result<Vec<PartnerId>> {
        let mut members = vec![subject];
        let mut reached = 0;
        while let Some(target) = members.get(reached).copied() {
            let more = self.merged_into(target)?;
            members.extend(more.iter().filter(|one| **one != subject));
            reached += 1;
        }
        Ok(members)
    }

    fn merged_into(&self, target: PartnerId) -> Result<Vec<PartnerId>> {
        let sql = "select partner from merged where target = ?1 order by partner";
        let mut statement = self.connection.prepare_cached(sql)?;
        let partners = statement.query_map([target], |row| row.get(0))?;
        Ok(partners.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the partners whose events belong to an action, in order of their number.
    pub fn partners_of(&self, action: &RecordedAction) -> Result<BTreeSet<PartnerId>> {
        let Some((first, last)) = action.events else {
            return Ok(BTreeSet::new());
        };
        let mut statement = self.connection.prepare_cached(
            "select distinct partner from event where number between ?1 and ?2 and partner is not null",
        )?;
        let partners = statement.query_map([first, last], |row| row.get(0))?;
        Ok(partners.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the action with this number.
    pub fn action(&self, id: ActionId) -> Result<Option<RecordedAction>> {
        let mut statement = self.connection.prepare_cached("select * from action where id = ?1")?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(action).transpose()
    }

    /// Returns the newest action and its checksum.
    pub(in crate::store) fn last_seal(&self) -> Result<Option<(ActionId, Vec<u8>)>> {
        let sql = "select id, checksum from action order by id desc limit 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        Ok(rows.next()?.map(|row| Ok::<_, rusqlite::Error>((row.get(0)?, row.get(1)?))).transpose()?)
    }

    /// Hands over actions with a number below `before`, or all, newest first, until `wanted` returns false.
    pub fn actions_before(
        &self,
        before: Option<ActionId>,
        mut wanted: impl FnMut(RecordedAction) -> bool,
    ) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("select * from action where ?1 is null or id < ?1 order by id desc")?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            if !wanted(action(row)?) {
                break;
            }
        }
        Ok(())
    }

    /// Returns the undo that took an action back, if it is undone at present.
    pub fn undone_by(&self, id: ActionId) -> Result<Option<ActionId>> {
        let mut statement = self.connection.prepare_cached("select undo from undone where action = ?1")?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// Returns the event with this number, also of an undone action.
    pub fn event(&self, number: i64) -> Result<Option<LoggedEvent>> {
        let Some(row) = self.rows("where number <= ?1 order by number desc limit 1", [number])?.pop() else {
            return Ok(None);
        };
        Ok(row.each()?.into_iter().find(|event| event.number == number))
    }

    /// Returns the rows of the log with these numbers, also those of undone actions.
    pub(in crate::store) fn events(&self, numbers: (i64, i64)) -> Result<Vec<LoggedEvent>> {
        self.rows("where number between ?1 and ?2 order by number", numbers)
    }

    /// Returns who recorded an event.
    pub fn actor_of(&self, event: i64) -> Result<String> {
        let sql = "select action.actor from event join action on action.id = event.action
                   where number <= ?1 order by number desc limit 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([event], |row| row.get(0))?)
    }

    /// Returns the number that the next event gets.
    pub fn next_number(&self) -> Result<i64> {
        let sql = "select coalesce(max(last_event), 0) + 1 from action";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Returns the number that the next partner gets; numbers of partners that were undone stay theirs.
    pub fn next_partner(&self) -> Result<PartnerId> {
        let sql = "select coalesce(max(partner), 0) + 1 from event";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }
}

/// Reads the number of a day.
pub(in crate::store) fn day_of(number: i64) -> Result<Day> {
    Day::from_number(number).ok_or_else(|| damaged(Damage::NotADay { number }))
}

/// Reads a row of the table of events.
pub(in crate::store) fn logged_event(row: &Row) -> Result<LoggedEvent> {
    Ok(LoggedEvent {
        number: row.get("number")?,
        action: row.get("action")?,
        partner: row.get("partner")?,
        day: day_of(row.get("day")?)?,
        kind: row.get("kind")?,
        body: row.get("body")?,
    })
}

fn kind_of(row: &Row) -> Result<ActionKind> {
    let word: String = row.get("kind")?;
    let kind = ActionKind::of(&word, row.get("target")?);
    kind.ok_or_else(|| damaged(Damage::UnknownCode { of: Coded::ActionKind, code: word }))
}

/// Reads a row of the table of actions.
pub(in crate::store) fn action(row: &Row) -> Result<RecordedAction> {
    let first: Option<i64> = row.get("first_event")?;
    let last: Option<i64> = row.get("last_event")?;
    Ok(RecordedAction {
        id: row.get("id")?,
        recorded_on: day_of(row.get("recorded_on")?)?,
        recorded_at: row.get("recorded_at")?,
        actor: row.get("actor")?,
        words: row.get("words")?,
        said: row.get("said")?,
        kind: kind_of(row)?,
        events: first.zip(last),
        checksum: row.get("checksum")?,
    })
}
