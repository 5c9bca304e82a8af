//! Appending to the log: one action at a time, sealed with a checksum.

use rusqlite::params;
use sha2::{Digest, Sha256};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId};
use crate::store::engine::file::Writer;
use crate::store::error::Result;
use crate::store::log::logged::{ActionId, ActionKind, LoggedEvent, RecordedAction, Stamp};
use crate::store::log::packed::Packing;

/// An event that is about to be appended; without a partner it is one of the program.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub partner: Option<PartnerId>,
    pub day: Day,
    pub event: Event,
}

impl Writer<'_> {
    /// Appends one action with this event and returns its number.
    pub fn append(&self, stamp: &Stamp, event: &NewEvent) -> Result<ActionId> {
        let mut pending = self.begin(stamp)?;
        pending.append(event)?;
        let action = pending.action.id;
        pending.finish()?;
        Ok(action)
    }

    /// Begins an action whose events come one by one; without any, none is recorded.
    pub fn begin(&self, stamp: &Stamp) -> Result<Pending<'_>> {
        let next = self.reader.next_number()?;
        let action = self.new_action(stamp, ActionKind::Record)?;
        Ok(Pending { writer: self, action, first: next, next, digest: Sha256::new() })
    }

    /// Appends an undo or a redo of another action.
    pub(in crate::store) fn append_reversal(&self, stamp: &Stamp, kind: ActionKind) -> Result<ActionId> {
        let action = self.new_action(stamp, kind)?;
        self.insert_action(&action)?;
        self.seal(&action, Sha256::new())?;
        let id = action.id;
        match kind {
            ActionKind::Undo(target) => {
                let sql = "insert into undone (action, undo) values (?1, ?2)";
                self.reader.connection.prepare_cached(sql)?.execute([target, id])?;
            }
            ActionKind::Redo(target) => {
                self.reader
                    .connection
                    .prepare_cached("delete from undone where action = ?1")?
                    .execute([target])?;
            }
            ActionKind::Record => {}
        }
        Ok(id)
    }

    fn new_action(&self, stamp: &Stamp, kind: ActionKind) -> Result<RecordedAction> {
        let sql = "select coalesce(max(id), 0) + 1 from action";
        let id: ActionId = self.reader.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let last = self.reader.action(id - 1)?.map(|action| action.recorded_on);
        Ok(RecordedAction {
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

    /// Inserts an action as it is.
    pub(in crate::store) fn insert_action(&self, action: &RecordedAction) -> Result<()> {
        let (first, last) = action.events.unzip();
        self.reader
            .connection
            .prepare_cached(
                "insert into action (id, recorded_on, recorded_at, actor, words, said, kind, target,
                                     first_event, last_event, checksum)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                action.id,
                action.recorded_on.number(),
                action.recorded_at,
                action.actor,
                action.words,
                action.said,
                action.kind.word(),
                action.kind.target(),
                first,
                last,
                action.checksum
            ])?;
        Ok(())
    }

    /// Inserts a row of the log as it is.
    pub(in crate::store) fn insert_event(&self, event: &LoggedEvent) -> Result<()> {
        let mut insert = self.reader.connection.prepare_cached(
            "insert into event (number, action, partner, day, kind, body) values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let LoggedEvent { number, action, partner, day, kind, body } = event;
        insert.execute(params![number, action, partner, day.number(), kind, body])?;
        Ok(())
    }

    /// Completes an action, within the transaction that began it.
    fn seal(&self, action: &RecordedAction, digest: Sha256) -> Result<()> {
        let (first, last) = action.events.unzip();
        let sum = checksum(action, digest);
        self.reader
            .connection
            .prepare_cached(
                "update action set first_event = ?2, last_event = ?3, checksum = ?4 where id = ?1",
            )?
            .execute(params![action.id, first, last, sum])?;
        Ok(())
    }
}

/// An action that is being recorded.
pub struct Pending<'w> {
    writer: &'w Writer<'w>,
    action: RecordedAction,
    first: i64,
    next: i64,
    digest: Sha256,
}

impl Pending<'_> {
    /// Returns the number that the next event gets.
    pub fn next_number(&self) -> i64 {
        self.next
    }

    /// Appends an event and returns its number.
    pub fn append(&mut self, new: &NewEvent) -> Result<i64> {
        self.insert(new.partner, new.day, new.event.kind(), new.event.body(), 1)
    }

    /// Appends sales of a partner, in one row, and returns the number of the first.
    pub fn append_sales(&mut self, partner: PartnerId, sales: Packing) -> Result<i64> {
        let Packing { day, kind, body, count } = sales;
        self.insert(Some(partner), day, kind, body, count)
    }

    /// Inserts a row that stands for `count` events.
    fn insert(
        &mut self,
        partner: Option<PartnerId>,
        day: Day,
        kind: &str,
        body: String,
        count: i64,
    ) -> Result<i64> {
        if self.next == self.first {
            self.writer.insert_action(&self.action)?;
        }
        let (number, action) = (self.next, self.action.id);
        let logged = LoggedEvent { number, action, partner, day, kind: kind.to_owned(), body };
        digest_event(&mut self.digest, &logged);
        self.writer.insert_event(&logged)?;
        self.next += count;
        Ok(logged.number)
    }

    /// Completes the action; returns none if it has no event.
    pub fn finish(mut self) -> Result<Option<ActionId>> {
        if self.next == self.first {
            return Ok(None);
        }
        self.action.events = Some((self.first, self.next - 1));
        self.writer.seal(&self.action, self.digest)?;
        Ok(Some(self.action.id))
    }
}

/// Returns the checksum of an action over its own row and the rows of its events.
pub(in crate::store) fn checksum_over(action: &RecordedAction, rows: &[LoggedEvent]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for row in rows {
        digest_event(&mut digest, row);
    }
    checksum(action, digest)
}

/// Returns the checksum of an action over its own row and, through `digest`, its events.
fn checksum(action: &RecordedAction, mut digest: Sha256) -> Vec<u8> {
    let (first, last) = action.events.unzip();
    for number in [Some(action.id), Some(action.recorded_on.number()), action.kind.target(), first, last] {
        digest.update(number.unwrap_or(i64::MIN).to_le_bytes());
    }
    for text in [&action.recorded_at, &action.actor, &action.words, &action.said, action.kind.word()] {
        digest_text(&mut digest, text);
    }
    digest.finalize().to_vec()
}

fn digest_event(digest: &mut Sha256, event: &LoggedEvent) {
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
