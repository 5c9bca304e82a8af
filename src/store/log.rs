//! The log: actions and their events, appended and read back.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Row, params};
use sha2::{Digest, Sha256};

use super::{Reader, Result, StoreError, Writer};
use crate::domain::day::Day;
use crate::domain::event::{Event, PartnerId, Recorded};
use crate::domain::rules::History;

pub type ActionId = i64;

/// Who records when, and with which words.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub today: Day,
    /// The instant of recording, UTC.
    pub now: String,
    pub actor: String,
    pub words: String,
}

#[derive(Clone, Debug)]
pub struct Action {
    pub id: ActionId,
    pub recorded_on: Day,
    pub recorded_at: String,
    pub actor: String,
    pub words: String,
    pub said: String,
    pub kind: ActionKind,
    /// The first and the last number of its events.
    pub events: Option<(i64, i64)>,
    pub checksum: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    Record,
    Undo(ActionId),
    Redo(ActionId),
}

/// An event that is about to be appended; without a partner it is one of the program.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub partner: Option<PartnerId>,
    pub day: Day,
    pub event: Event,
}

/// A stored event with its place in the log.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    pub number: i64,
    pub action: ActionId,
    pub partner: Option<PartnerId>,
    pub day: Day,
    pub kind: String,
    pub body: String,
}

impl LoggedEvent {
    pub fn decode(&self) -> Result<Event> {
        Ok(Event::decode(&self.kind, &self.body)?)
    }
}

/// Which actions count: all that are not undone, or those known by the end of a day.
#[derive(Clone, Debug)]
pub(super) struct Known {
    last: ActionId,
    undone: HashMap<ActionId, ActionId>,
}

impl Known {
    pub(super) fn counts(&self, action: ActionId) -> bool {
        action <= self.last && !self.undone.contains_key(&action)
    }

    pub(super) fn undoes_exactly(&self, undone: &HashMap<ActionId, ActionId>) -> bool {
        self.undone == *undone
    }
}

impl Reader<'_> {
    /// The actions that count now, or that counted as far as was known at the end of `day`.
    pub(super) fn known(&self, day: Option<Day>) -> Result<Known> {
        let Some(day) = day else {
            let mut statement = self.connection.prepare_cached("select action, undo from undone")?;
            let undone = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            return Ok(Known { last: ActionId::MAX, undone: undone.collect::<rusqlite::Result<_>>()? });
        };
        let sql = "select coalesce(max(id), 0) from action where recorded_on <= ?1";
        let last = self.connection.prepare_cached(sql)?.query_row([day.number()], |row| row.get(0))?;
        Ok(Known { last, undone: self.undone_by_log(last)? })
    }

    /// The actions that are undone, each with its undo, by what the log says up to action `last`.
    pub(super) fn undone_by_log(&self, last: ActionId) -> Result<HashMap<ActionId, ActionId>> {
        let mut statement = self.connection.prepare_cached(
            "select id, kind, target from action where id <= ?1 and kind <> 'record' order by id",
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

    /// The events that count for a partner, with those of partners merged into it.
    pub fn history(&self, subject: PartnerId) -> Result<History> {
        self.history_as_known(subject, &self.known(None)?)
    }

    pub(super) fn history_as_known(&self, subject: PartnerId, known: &Known) -> Result<History> {
        let mut events = Vec::new();
        for logged in self.events_of_partner(subject)? {
            if let Some(partner) = logged.partner.filter(|_| known.counts(logged.action)) {
                events.push(recorded(&logged, partner)?);
            }
        }
        Ok(History { subject, events })
    }

    /// All events of a partner and of partners merged into it, also undone ones, in order of recording.
    pub fn events_of_partner(&self, subject: PartnerId) -> Result<Vec<LoggedEvent>> {
        let mut members = vec![subject];
        let mut reached = 0;
        while let Some(target) = members.get(reached).copied() {
            members.extend(self.merged_into(target)?);
            reached += 1;
        }
        let mut events = Vec::new();
        let mut statement = self.connection.prepare_cached(
            "select number, action, partner, day, kind, body from event where partner = ?1 order by number",
        )?;
        for member in members {
            let mut rows = statement.query([member])?;
            while let Some(row) = rows.next()? {
                events.push(logged_event(row)?);
            }
        }
        events.sort_by_key(|event| event.number);
        Ok(events)
    }

    fn merged_into(&self, target: PartnerId) -> Result<Vec<PartnerId>> {
        let sql = "select partner from merged where target = ?1 order by partner";
        let mut statement = self.connection.prepare_cached(sql)?;
        let partners = statement.query_map([target], |row| row.get(0))?;
        Ok(partners.collect::<rusqlite::Result<_>>()?)
    }

    /// The partners whose events belong to an action, in order of their number.
    pub fn partners_of(&self, action: &Action) -> Result<BTreeSet<PartnerId>> {
        let Some((first, last)) = action.events else {
            return Ok(BTreeSet::new());
        };
        let mut statement = self.connection.prepare_cached(
            "select distinct partner from event where number between ?1 and ?2 and partner is not null",
        )?;
        let partners = statement.query_map([first, last], |row| row.get(0))?;
        Ok(partners.collect::<rusqlite::Result<_>>()?)
    }

    pub fn action(&self, id: ActionId) -> Result<Option<Action>> {
        let mut statement = self.connection.prepare_cached("select * from action where id = ?1")?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(action).transpose()
    }

    /// Actions with an id below `before`, newest first.
    pub fn actions_before(&self, before: ActionId, mut wanted: impl FnMut(Action) -> bool) -> Result<()> {
        let mut statement =
            self.connection.prepare_cached("select * from action where id < ?1 order by id desc")?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            if !wanted(action(row)?) {
                break;
            }
        }
        Ok(())
    }

    /// The undo that took an action back, where it is undone at present.
    pub fn undone_by(&self, id: ActionId) -> Result<Option<ActionId>> {
        let mut statement = self.connection.prepare_cached("select undo from undone where action = ?1")?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// The events with these numbers, also those of undone actions.
    pub fn events(&self, numbers: (i64, i64)) -> Result<Vec<LoggedEvent>> {
        let mut statement = self.connection.prepare_cached(
            "select number, action, partner, day, kind, body from event
             where number between ?1 and ?2 order by number",
        )?;
        let mut rows = statement.query([numbers.0, numbers.1])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(logged_event(row)?);
        }
        Ok(events)
    }

    /// The number that the next event gets.
    pub fn next_number(&self) -> Result<i64> {
        let sql = "select coalesce(max(number), 0) + 1 from event";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// The number that the next partner gets; numbers of partners that were undone stay theirs.
    pub fn next_partner(&self) -> Result<PartnerId> {
        let sql = "select coalesce(max(partner), 0) + 1 from event";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Appends one action with its events and returns its number.
    pub fn append(&self, stamp: &Stamp, said: &str, events: &[NewEvent]) -> Result<ActionId> {
        let mut pending = self.begin(stamp)?;
        for event in events {
            pending.append(event)?;
        }
        Ok(pending.finish(said)?.unwrap_or_default())
    }

    /// Begins an action whose events come one by one; without any, none is recorded.
    pub fn begin(&self, stamp: &Stamp) -> Result<Pending<'_>> {
        let next = self.next_number()?;
        let action = self.new_action(stamp, ActionKind::Record)?;
        Ok(Pending { writer: self, action, first: next, next, digest: Sha256::new() })
    }

    /// Appends an undo or a redo of another action.
    pub(super) fn append_reversal(&self, stamp: &Stamp, said: &str, kind: ActionKind) -> Result<ActionId> {
        let mut action = self.new_action(stamp, kind)?;
        said.clone_into(&mut action.said);
        self.insert_action(&action)?;
        self.seal(&action, Sha256::new())?;
        let id = action.id;
        match kind {
            ActionKind::Undo(target) => {
                let sql = "insert into undone (action, undo) values (?1, ?2)";
                self.connection.prepare_cached(sql)?.execute([target, id])?;
            }
            ActionKind::Redo(target) => {
                self.connection.prepare_cached("delete from undone where action = ?1")?.execute([target])?;
            }
            ActionKind::Record => {}
        }
        Ok(id)
    }

    fn new_action(&self, stamp: &Stamp, kind: ActionKind) -> Result<Action> {
        let sql = "select coalesce(max(id), 0) + 1 from action";
        let id: ActionId = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let last = self.action(id - 1)?.map(|action| action.recorded_on);
        Ok(Action {
            id,
            // A clock that goes back must not change what was known on an earlier day.
            recorded_on: last.map_or(stamp.today, |last| last.max(stamp.today)),
            recorded_at: stamp.now.clone(),
            actor: stamp.actor.clone(),
            words: stamp.words.clone(),
            said: String::new(),
            kind,
            events: None,
            checksum: Vec::new(),
        })
    }

    fn insert_action(&self, action: &Action) -> Result<()> {
        let (word, target) = action.kind.stored();
        self.connection
            .prepare_cached(
                "insert into action (id, recorded_on, recorded_at, actor, words, said, kind, target, checksum)
                 values (?1, ?2, ?3, ?4, ?5, '', ?6, ?7, x'')",
            )?
            .execute(params![
                action.id,
                action.recorded_on.number(),
                action.recorded_at,
                action.actor,
                action.words,
                word,
                target
            ])?;
        Ok(())
    }

    /// Completes an action, within the transaction that began it.
    fn seal(&self, action: &Action, digest: Sha256) -> Result<()> {
        let (first, last) = action.events.unzip();
        let sum = checksum(action, digest);
        self.connection
            .prepare_cached(
                "update action set said = ?2, first_event = ?3, last_event = ?4, checksum = ?5 where id = ?1",
            )?
            .execute(params![action.id, action.said, first, last, sum])?;
        Ok(())
    }
}

/// An action that is being recorded.
pub struct Pending<'w> {
    writer: &'w Writer<'w>,
    action: Action,
    first: i64,
    next: i64,
    digest: Sha256,
}

impl Pending<'_> {
    /// The number that the next event gets.
    pub fn next_number(&self) -> i64 {
        self.next
    }

    /// Appends an event and returns its number.
    pub fn append(&mut self, new: &NewEvent) -> Result<i64> {
        if self.next == self.first {
            self.writer.insert_action(&self.action)?;
        }
        let logged = LoggedEvent {
            number: self.next,
            action: self.action.id,
            partner: new.partner,
            day: new.day,
            kind: new.event.kind().to_owned(),
            body: new.event.body(),
        };
        digest_event(&mut self.digest, &logged);
        let mut insert = self.writer.connection.prepare_cached(
            "insert into event (number, action, partner, day, kind, body) values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let day = logged.day.number();
        insert.execute(params![
            logged.number,
            logged.action,
            logged.partner,
            day,
            logged.kind,
            logged.body
        ])?;
        self.next += 1;
        Ok(logged.number)
    }

    /// Completes the action; nothing where it has no event.
    pub fn finish(mut self, said: &str) -> Result<Option<ActionId>> {
        if self.next == self.first {
            return Ok(None);
        }
        said.clone_into(&mut self.action.said);
        self.action.events = Some((self.first, self.next - 1));
        self.writer.seal(&self.action, self.digest)?;
        Ok(Some(self.action.id))
    }
}

impl ActionKind {
    fn stored(self) -> (&'static str, Option<ActionId>) {
        match self {
            ActionKind::Record => ("record", None),
            ActionKind::Undo(target) => ("undo", Some(target)),
            ActionKind::Redo(target) => ("redo", Some(target)),
        }
    }
}

/// The checksum of an action over its own row and, through `digest`, its events.
pub(super) fn checksum(action: &Action, mut digest: Sha256) -> Vec<u8> {
    let (word, target) = action.kind.stored();
    let (first, last) = action.events.unzip();
    for number in [Some(action.id), Some(action.recorded_on.number()), target, first, last] {
        digest.update(number.unwrap_or(i64::MIN).to_le_bytes());
    }
    for text in [&action.recorded_at, &action.actor, &action.words, &action.said, word] {
        digest_text(&mut digest, text);
    }
    digest.finalize().to_vec()
}

pub(super) fn digest_event(digest: &mut Sha256, event: &LoggedEvent) {
    for number in [event.number, event.action, event.partner.unwrap_or(i64::MIN), event.day.number()] {
        digest.update(number.to_le_bytes());
    }
    digest_text(digest, &event.kind);
    digest_text(digest, &event.body);
}

fn digest_text(digest: &mut Sha256, text: &str) {
    digest.update((text.len() as u64).to_le_bytes());
    digest.update(text.as_bytes());
}

pub(super) fn day_of(number: i64) -> Result<Day> {
    Day::from_number(number)
        .ok_or_else(|| StoreError::Damaged { why: format!("{number} is not the number of a day") })
}

pub(super) fn recorded(logged: &LoggedEvent, partner: PartnerId) -> Result<Recorded> {
    Ok(Recorded { number: logged.number, partner, day: logged.day, event: logged.decode()? })
}

pub(super) fn logged_event(row: &Row) -> Result<LoggedEvent> {
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
    let target: Option<ActionId> = row.get("target")?;
    let word: String = row.get("kind")?;
    match (word.as_str(), target) {
        ("record", None) => Ok(ActionKind::Record),
        ("undo", Some(target)) => Ok(ActionKind::Undo(target)),
        ("redo", Some(target)) => Ok(ActionKind::Redo(target)),
        _ => Err(StoreError::Damaged { why: format!("an action of kind `{word}`") }),
    }
}

pub(super) fn action(row: &Row) -> Result<Action> {
    let first: Option<i64> = row.get("first_event")?;
    let last: Option<i64> = row.get("last_event")?;
    Ok(Action {
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
