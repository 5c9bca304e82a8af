//! Forgetting a partner: what says who it is goes from the log, from what follows from it, and from free pages.
//!
//! This is the one place where recorded events change. They keep their numbers, days and amounts; the checksums of
//! the actions are computed anew.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use crate::lifecycle::base::error::{Error, ErrorKind, Sentence};
use crate::lifecycle::base::text::folded;
use crate::lifecycle::corrections::Forgotten;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, Names, forgotten_key, forgotten_name};
use crate::lifecycle::program::Program;
use crate::store::engine::connection::take_turn;
use crate::store::engine::file::{Keep, Reader, Store, Writer};
use crate::store::engine::older::OlderCopy;
use crate::store::error::{Damage, Result, damaged};
use crate::store::log::append::{NewEvent, checksum_over};
use crate::store::log::logged::Stamp;
use crate::store::log::logged::{ActionId, ActionKind, LoggedEvent, RecordedAction};
use crate::store::log::read::logged_event;
use crate::store::log::said::{ActionTitle, ErasureCommand};
use crate::store::names::NotFound;

/// What was erased, and what was not.
#[derive(Clone, Debug)]
pub struct Erased {
    pub action: ActionId,
    /// The name that the partner had.
    pub name: String,
    /// The key that it has from now on.
    pub key: String,
    /// How many events and how many words of commands were changed, and how many drafts deleted.
    pub events: usize,
    pub words: usize,
    pub drafts: usize,
    /// Events of other partners or of the program that name it still, by number.
    pub naming: Vec<i64>,
}

/// The key that a forgotten partner gets belongs to another.
#[derive(Clone, Debug)]
pub(crate) struct ForgottenKeyTaken {
    pub key: String,
    pub other: String,
}

/// A partner is forgotten, but free pages of the file may still hold what was erased.
#[derive(Clone, Debug)]
pub(crate) struct NotWiped {
    pub name: String,
    pub key: String,
    pub why: String,
}

impl Store {
    /// Erases who a partner is, and those merged into it, and then what the file's free pages still hold of it.
    ///
    /// # Errors
    /// If there is no such partner, its new key is taken, or the file cannot be written; then nothing is changed.
    pub fn forget(&mut self, partner: &str, stamp: &Stamp, keep: Keep) -> anyhow::Result<Erased> {
        // What was changed behind our back must not get a checksum that fits.
        if let Some(finding) = Store::open(&self.path, self.wait)?.check()?.findings.first() {
            return Err(damaged(Damage::Found(finding.clone())).into());
        }
        let settings = "pragma secure_delete = on; pragma temp_store = memory";
        self.connection.execute_batch(settings).map_err(Error::from)?;
        // A copy in the older format would still say who the partner is.
        let erased = self.write_after(OlderCopy::None, keep, |writer| {
            writer.forget(writer.reader.ever_named(partner)?, stamp)
        })?;
        if keep == Keep::Commit {
            let _turn = take_turn(&self.path, self.wait)?;
            let wiped = self.connection.execute_batch("vacuum");
            wiped.map_err(|error| {
                let (name, key, why) = (erased.name.clone(), erased.key.clone(), error.to_string());
                Error::file(NotWiped { name, key, why })
            })?;
        }
        Ok(erased)
    }
}

impl Writer<'_> {
    fn forget(&self, partner: PartnerId, stamp: &Stamp) -> anyhow::Result<Erased> {
        let before = self.reader.lookup(partner)?;
        let members: BTreeSet<PartnerId> = self.reader.members(partner)?.into_iter().collect();
        self.refuse_taken_keys(&members)?;
        let in_force = self.reader.program_now()?;
        let mut found = BTreeSet::from([before.key, before.name.clone()]);
        let mut changed: BTreeMap<ActionId, usize> = BTreeMap::new();
        for member in &members {
            let rows = self.reader.rows_of(*member)?;
            let versions = self.reader.versions_answered(&rows)?;
            let mut forgetting = Forgetting::new(*member, &in_force.program, &versions);
            // Once for the names alone: who is one of the partner's may be said last.
            for row in &rows {
                forget_row(row.clone(), &mut forgetting)?;
            }
            for row in rows {
                let forgotten = forget_row(row.clone(), &mut forgetting)?;
                if forgotten.body != row.body {
                    let sql = "update event set body = ?2 where number = ?1";
                    self.reader
                        .connection
                        .prepare_cached(sql)?
                        .execute(params![row.number, forgotten.body])?;
                }
                *changed.entry(row.action).or_default() += usize::from(forgotten.body != row.body);
            }
            found.append(&mut forgetting.into_names());
        }
        found.retain(|name| is_telling(name, &in_force.program, &members));
        let names = Names::new(&as_written(found));
        let mut words = 0;
        self.reader.each_action(|action, rows| {
            let forgotten = forget_words(&action, &rows, &members, &names, &changed);
            words += usize::from(forgotten.words != action.words || forgotten.said != action.said);
            Ok(self.seal_anew(&forgotten, &rows)?)
        })?;
        let mut drafts = 0;
        for member in &members {
            drafts += self.reader.connection.execute("delete from draft where partner = ?1", [member])?;
        }
        let key = forgotten_key(partner);
        let erasing = Stamp { words: ErasureCommand { key: key.clone() }.sentence(), ..stamp.clone() };
        // One whose adding was undone has no history that this could be a part of.
        let counts = !self.reader.history(partner)?.events.is_empty();
        let event = Event::from(Forgotten {});
        let event = NewEvent { partner: Some(partner).filter(|_| counts), day: stamp.today, event };
        let action = self.append(&erasing, &event)?;
        self.project(&members, &in_force.aliases)?;
        let naming = self.reader.naming(&names, &members)?;
        Ok(Erased { action, name: before.name, key, events: changed.values().sum(), words, drafts, naming })
    }

    /// Refuses if another partner has the key that one of these is to get.
    fn refuse_taken_keys(&self, members: &BTreeSet<PartnerId>) -> anyhow::Result<()> {
        for key in members.iter().copied().map(forgotten_key) {
            if let Some(other) = self.reader.partner_named(&key)?.filter(|other| !members.contains(other)) {
                let other = self.reader.lookup(other)?.name;
                return Err(Error::refused(ForgottenKeyTaken { key, other }).into());
            }
        }
        Ok(())
    }

    /// Writes the words of an action and the checksum over it and its rows, as they are by now.
    pub(in crate::store) fn seal_anew(&self, action: &RecordedAction, rows: &[LoggedEvent]) -> Result<()> {
        let sum = checksum_over(action, rows);
        if sum == action.checksum {
            return Ok(());
        }
        let sql = "update action set words = ?2, said = ?3, checksum = ?4 where id = ?1";
        self.reader.connection.prepare_cached(sql)?.execute(params![
            action.id,
            action.words,
            action.said,
            sum
        ])?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns the partner with exactly this key, reference or name, even if it was removed or its adding was undone.
    ///
    /// # Errors
    /// [`NotFound`] with what a part of a name could mean, since nothing brings back what is erased.
    fn ever_named(&self, text: &str) -> anyhow::Result<PartnerId> {
        if let Some(id) = self.partner_named(text)? {
            return Ok(id);
        }
        let mut ids: BTreeSet<PartnerId> =
            self.names()?.iter().filter(|one| folded(&one.name) == folded(text)).map(|one| one.id).collect();
        let mut statement = self.connection.prepare(
            "select number, action, partner, day, kind, body from event
             where kind = 'joined' and partner not in (select id from partner)",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let row = logged_event(row)?;
            let named = |name: &String| folded(name) == folded(text);
            if let (Some(id), Event::Joined(joined)) = (row.partner, row.decode()?)
                && (joined.key == text || joined.attributes.get("name").is_some_and(named))
            {
                ids.insert(id);
            }
        }
        if let (1, Some(id)) = (ids.len(), ids.first()) {
            return Ok(*id);
        }
        let meant = self.find(text)?;
        Err(Error::new(
            ErrorKind::Partner,
            NotFound { text: text.to_owned(), candidates: vec![meant], ambiguous: false },
        )
        .into())
    }

    /// Returns the versions of the program whose questionnaires were answered in these rows, by the number of their event.
    fn versions_answered(&self, rows: &[LoggedEvent]) -> anyhow::Result<BTreeMap<i64, Program>> {
        let mut versions = BTreeMap::new();
        for row in rows.iter().filter(|row| row.kind == "assessed") {
            if let Event::Assessed(assessed) = row.decode()?
                && let Some(version) = self.program_version(assessed.version)?
            {
                versions.insert(assessed.version, version.program);
            }
        }
        Ok(versions)
    }

    /// Events of others that name one of these names in a text.
    fn naming(&self, names: &Names, members: &BTreeSet<PartnerId>) -> Result<Vec<i64>> {
        let mut naming = Vec::new();
        let sql = "select number, action, partner, day, kind, body from event where kind <> 'program' order by number";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let row = logged_event(row)?;
            let is_own = row.partner.is_some_and(|partner| members.contains(&partner));
            if !is_own && names.replaced_in(&row.body, FORGOTTEN).is_some() {
                naming.push(row.number);
            }
        }
        Ok(naming)
    }
}

/// Returns the action without the names. Nothing is left of what was said of this partner alone, and no words of commands that
/// touched it.
fn forget_words(
    action: &RecordedAction,
    rows: &[LoggedEvent],
    members: &BTreeSet<PartnerId>,
    names: &Names,
    changed: &BTreeMap<ActionId, usize>,
) -> RecordedAction {
    let mut forgotten = action.clone();
    for text in [&mut forgotten.words, &mut forgotten.said] {
        if let Some(without) = names.replaced_in(text, FORGOTTEN) {
            *text = without;
        }
    }
    if rows.iter().any(|row| row.kind == "forgotten") {
        return forgotten;
    }
    let is_own = |row: &LoggedEvent| row.partner.is_some_and(|partner| members.contains(&partner));
    let reverses = action.kind.target().is_some_and(|target| changed.contains_key(&target));
    if reverses || rows.iter().any(is_own) {
        FORGOTTEN.clone_into(&mut forgotten.words);
    }
    if !forgotten.said.is_empty() && (reverses || !rows.is_empty() && rows.iter().all(is_own)) {
        forgotten.said = match action.kind {
            ActionKind::Record => FORGOTTEN.to_owned(),
            ActionKind::Undo(action) => ActionTitle::Undid { action, said: FORGOTTEN.to_owned() }.sentence(),
            ActionKind::Redo(action) => ActionTitle::Redid { action, said: FORGOTTEN.to_owned() }.sentence(),
        };
    }
    forgotten
}

/// Returns whether a name tells these partners from others wherever it stands: it is no number, no word of the program, and
/// none that forgetting gave.
fn is_telling(name: &str, program: &Program, members: &BTreeSet<PartnerId>) -> bool {
    let is_same = |word: &str| folded(word) == folded(name);
    name.chars().any(char::is_alphabetic)
        && !program.stages().iter().any(|stage| is_same(&stage.key) || is_same(&stage.name))
        && !members.iter().any(|member| name == forgotten_key(*member) || name == forgotten_name(*member))
}

/// Returns these names, and what they look like in the words of commands and in JSON.
fn as_written(mut names: BTreeSet<String>) -> BTreeSet<String> {
    let written = names.iter().flat_map(|name| {
        let json = serde_json::to_string(name).unwrap_or_default();
        [name.replace('\'', "'\\''"), json.trim_matches('"').to_owned()]
    });
    let written: Vec<String> = written.collect();
    names.extend(written);
    names
}

/// Returns the row with all events that it stands for forgotten.
fn forget_row(row: LoggedEvent, forgetting: &mut Forgetting) -> Result<LoggedEvent> {
    let events = row.each()?.into_iter().map(|one| {
        let body = forgetting.forget(&one.decode()?).body();
        Ok(LoggedEvent { body, ..one })
    });
    LoggedEvent::joined(events.collect::<Result<_>>()?)
}
