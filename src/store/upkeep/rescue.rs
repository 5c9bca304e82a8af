//! Rescuing: a new, sound file of all that a damaged one still says, with a list of what is missing.
//!
//! Numbers stay what they were. If events cannot be read, one of kind `lost` stands for them; if an action cannot
//! be read, one stands for it that says so.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::corrections::Lost;
use crate::lifecycle::event::Event;
use crate::lifecycle::program::Program;
use crate::store::engine::connection::connect;
use crate::store::engine::copy::{Unplaced, put};
use crate::store::engine::file::{Keep, Store, Writer};
use crate::store::engine::paths::beside;
use crate::store::error::{Damage, FileFault, Unusable, damaged};
use crate::store::log::append::checksum_over;
use crate::store::log::logged::Stamp;
use crate::store::log::logged::{ActionId, ActionKind, HIGHEST_NUMBER, LoggedEvent, RecordedAction};
use crate::store::log::said::ActionTitle;
use crate::store::projection::project::Schema;
use crate::store::schema::records::projected_tables;
use crate::store::upkeep::check::Checked;
use crate::store::upkeep::salvage::{Salvaged, salvage};

/// Something that the new file does not have, or has without proof.
#[derive(Clone, PartialEq, Debug)]
pub struct Missing {
    pub action: ActionId,
    pub what: Loss,
}

/// What is missing or unproven.
#[derive(Clone, PartialEq, Debug)]
pub enum Loss {
    /// No program could be read, so that the built-in one is in force.
    Program,
    /// An action of which `lost` of its `events` events are missing, and what it was called and when; nothing if
    /// the action itself is missing too.
    Events { action: Option<(String, Day)>, lost: i64, events: i64 },
    /// An event was left out because it contradicts the others.
    LeftOut { conflict: Conflict, kind: String, body: String },
}

/// What was rescued.
#[derive(Clone, Debug)]
pub struct Rescued {
    pub checked: Checked,
    pub missing: Vec<Missing>,
}

/// What can still be read of a damaged file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Readable {
    pub actions: usize,
    /// Those whose checksum fits them and all their events.
    pub proven: usize,
}

impl Store {
    /// Makes the file `to` of all that can be read in `broken`, which is left as it is.
    ///
    /// If no program is left, `toml` is put in force.
    ///
    /// # Errors
    /// [`FileFault`] if `broken` holds nothing of ours, or `to` is there already or cannot be written.
    pub fn rescue(
        broken: &Path,
        to: &Path,
        wait: Duration,
        stamp: &Stamp,
        toml: &str,
    ) -> anyhow::Result<Rescued> {
        let salvaged = salvage(&read(broken)?);
        if salvaged.actions.is_empty() && salvaged.events.is_empty() {
            return Err(FileFault::unusable(broken, Unusable::NothingRecorded).into());
        }
        let copy = Unplaced::beside(to)?;
        let mut store = Store::connect(copy.path(), wait)?;
        let rescued = store.write(Keep::Commit, |writer| {
            let mut missing = Vec::new();
            for (action, rows) in history(&salvaged, stamp.today, &mut missing) {
                writer.adopt(&action, &rows)?;
            }
            writer.adopt_undone()?;
            if writer.reader.program(None, None)?.is_none() {
                let action = writer.apply_program(stamp, toml, Day::FIRST)?;
                missing.push(Missing { action, what: Loss::Program });
            }
            writer.leave_out_contradictions(&mut missing)?;
            let checked = writer.reader.check()?;
            match checked.findings.first() {
                None => Ok(Rescued { checked, missing }),
                Some(finding) => Err(damaged(Damage::Found(finding.clone())).into()),
            }
        })?;
        drop(store);
        put(copy, to, false)?;
        Ok(rescued)
    }
}

/// Returns how much of a damaged file a rescue would find.
///
/// # Errors
/// [`FileFault`] if it cannot be read at all.
pub(crate) fn readable(broken: &Path) -> anyhow::Result<Readable> {
    let salvaged = salvage(&read(broken)?);
    let proven =
        salvaged.actions.values().filter(|all| all.iter().any(|one| proof(one, &salvaged).is_some()));
    let proven = proven.count();
    Ok(Readable { proven, actions: salvaged.actions.len() })
}

/// Returns the bytes of a file, as they are once what a dead process left half done is taken back.
fn read(broken: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = |error: std::io::Error| FileFault::unusable(broken, Unusable::NotRead(error.to_string()));
    if !fs::metadata(broken).map_err(cannot)?.is_file() {
        return Err(FileFault::unusable(broken, Unusable::NotAFile).into());
    }
    let journal = beside(broken, "-journal");
    if !fs::metadata(&journal).is_ok_and(|journal| journal.len() > 0) {
        return Ok(fs::read(broken).map_err(cannot)?);
    }
    let folder = tempfile::tempdir().map_err(cannot)?;
    let copy = folder.path().join("copy");
    fs::copy(broken, &copy).map_err(cannot)?;
    fs::copy(&journal, beside(&copy, "-journal")).map_err(cannot)?;
    // Reading anything takes back what is half done; if that fails, the pages are read as they are.
    let _ = connect(&copy).map(|one| one.query_row("select count(*) from sqlite_schema", [], |_| Ok(())));
    Ok(fs::read(&copy).map_err(cannot)?)
}

/// Returns all actions in order with the rows of their events, nothing left out.
fn history(
    salvaged: &Salvaged,
    today: Day,
    missing: &mut Vec<Missing>,
) -> Vec<(RecordedAction, Vec<LoggedEvent>)> {
    let proven: BTreeMap<ActionId, (&RecordedAction, Vec<LoggedEvent>)> = salvaged
        .actions
        .values()
        .flatten()
        .filter_map(|one| Some((one.id, (one, proof(one, salvaged)?))))
        .collect();
    let read: BTreeMap<ActionId, &RecordedAction> =
        salvaged.actions.iter().filter_map(|(id, all)| Some((*id, all.last()?))).collect();
    // A number that is itself damaged must not make a history without end.
    let found = (read.len() + salvaged.events.len()) as i64;
    let most = proven.keys().last().copied().unwrap_or(0).saturating_add(found);
    let named = salvaged.events.values().flatten().map(|row| row.action);
    let last = read.keys().copied().chain(named).filter(|id| *id <= most).max().unwrap_or(0);
    let mut all = Vec::new();
    let (mut next, mut recorded_on) = (1, Day::FIRST);
    for id in 1..=last {
        if let Some((action, rows)) = proven.get(&id).filter(|(action, _)| follows(action, next)) {
            (next, recorded_on) = (end(action, next), action.recorded_on.max(recorded_on));
            all.push(((*action).clone(), rows.clone()));
            continue;
        }
        // Its events reach to where those of the next action that is proven begin.
        let later = proven.range(id + 1..).find_map(|(_, (action, _))| action.events);
        let bound = later.map_or(HIGHEST_NUMBER, |(first, _)| first - 1);
        let newer = proven.range(id + 1..).next().map(|(_, (action, _))| action.recorded_on);
        let recorded_by = newer.unwrap_or(today).max(recorded_on);
        let is_last = (id + 1..=last).take_while(|id| !proven.contains_key(id)).count() == 0;
        let known = read.get(&id).filter(|action| follows(action, next) && end(action, next) - 1 <= bound);
        let until_bound = salvaged.events.range(next..).take_while(|(number, _)| **number <= bound);
        let events = until_bound.filter_map(|(_, rows)| rows.last()).filter(|row| row.action == id);
        let ends = events.clone().filter_map(|row| Some(row.number.saturating_add(row.count().ok()?) - 1));
        let reached = ends.filter(|last| *last <= bound).max();
        let until = match (known, later) {
            (Some(action), _) => end(action, next) - 1,
            (None, Some(_)) if is_last => bound,
            _ => reached.unwrap_or(next - 1),
        };
        let first = next;
        let recorded_by =
            known.map_or(recorded_by, |action| action.recorded_on.clamp(recorded_on, recorded_by));
        let events = events.filter(|row| row.number <= until && row.day <= recorded_by);
        let (rows, lost) = unproven_rows(events, id, first..until + 1, recorded_on);
        next = until + 1;
        let newest = rows.iter().map(|row| row.day).fold(recorded_on, Day::max);
        let action = known.map_or_else(
            || unreadable(id, newest),
            |action| RecordedAction { recorded_on: recorded_by, ..(*action).clone() },
        );
        missing.push(Missing { action: id, what: what_is_missing(known.copied(), lost, until + 1 - first) });
        recorded_on = action.recorded_on;
        let events = (first <= until).then_some((first, until));
        all.push((sealed(RecordedAction { events, ..action }, &rows), rows));
    }
    all
}

/// Returns the rows of an action that cannot be proven, for these numbers of events, and how many events are lost.
fn unproven_rows<'s>(
    events: impl Iterator<Item = &'s LoggedEvent>,
    id: ActionId,
    numbers: Range<i64>,
    day: Day,
) -> (Vec<LoggedEvent>, i64) {
    let (mut rows, mut lost, mut next) = (Vec::new(), 0, numbers.start);
    for row in events {
        let fits = |count: &i64| row.number >= next && row.number.saturating_add(*count) - 1 < numbers.end;
        let Some(count) = whole(row).filter(fits) else { continue };
        lost += fill(&mut rows, id, next, row.number, row.day);
        rows.push(row.clone());
        next = row.number + count;
    }
    lost += fill(&mut rows, id, next, numbers.end, day);
    (rows, lost)
}

/// Returns whether the events of an action come next, if it has any.
fn follows(action: &RecordedAction, next: i64) -> bool {
    action.events.is_none_or(|(first, last)| first == next && last >= first)
}

/// Returns the number behind the events of an action.
fn end(action: &RecordedAction, next: i64) -> i64 {
    action.events.map_or(next, |(_, last)| last.saturating_add(1))
}

/// Returns the rows of the events of an action, if its checksum proves them.
fn proof(action: &RecordedAction, salvaged: &Salvaged) -> Option<Vec<LoggedEvent>> {
    let mut rows = Vec::new();
    if let Some((first, last)) = action.events {
        let mut next = first;
        while next <= last {
            let row = salvaged.events.get(&next)?.iter().find(|row| row.action == action.id)?;
            next = next.checked_add(row.count().ok()?.max(1))?;
            rows.push(row.clone());
        }
    }
    (checksum_over(action, &rows) == action.checksum).then_some(rows)
}

/// Returns how many events a row stands for, if it can be decoded.
fn whole(row: &LoggedEvent) -> Option<i64> {
    let each = row.clone().each().ok()?;
    let is_sound = |one: &LoggedEvent| match one.decode() {
        Ok(Event::Applied(applied)) => Program::parse(&applied.toml).is_ok(),
        decoded => decoded.is_ok(),
    };
    each.iter().all(is_sound).then(|| row.count().ok()).flatten().filter(|count| *count > 0)
}

/// Adds a row that stands for the events from `next` to before `number`, if there are any, and says how many.
fn fill(rows: &mut Vec<LoggedEvent>, action: ActionId, next: i64, number: i64, day: Day) -> i64 {
    let events = number - next;
    if events > 0 {
        rows.push(lost(action, next, events, day));
    }
    events.max(0)
}

fn lost(action: ActionId, number: i64, events: i64, day: Day) -> LoggedEvent {
    let event = Event::from(Lost { events });
    LoggedEvent { number, action, partner: None, day, kind: event.kind().to_owned(), body: event.body() }
}

fn unreadable(id: ActionId, recorded_on: Day) -> RecordedAction {
    RecordedAction {
        id,
        recorded_on,
        recorded_at: format!("{recorded_on}T00:00:00Z"),
        actor: "unknown".to_owned(),
        words: ActionTitle::Unreadable.sentence(),
        said: ActionTitle::Unreadable.sentence(),
        kind: ActionKind::Record,
        events: None,
        checksum: Vec::new(),
    }
}

/// Returns the action with the checksum over itself and its rows.
fn sealed(action: RecordedAction, rows: &[LoggedEvent]) -> RecordedAction {
    RecordedAction { checksum: checksum_over(&action, rows), ..action }
}

fn what_is_missing(known: Option<&RecordedAction>, lost: i64, events: i64) -> Loss {
    // Only older versions recorded a sentence.
    let said = |action: &RecordedAction| {
        if action.said.is_empty() { format!("`{}`", action.words) } else { action.said.clone() }
    };
    let action = known.map(|action| (said(action), action.recorded_on));
    Loss::Events { action, lost, events }
}

impl Writer<'_> {
    /// Puts events that contradict what is left, such as those of a partner whose adding is lost, out of the history,
    /// and writes what follows from the others.
    fn leave_out_contradictions(&self, missing: &mut Vec<Missing>) -> anyhow::Result<()> {
        loop {
            for table in projected_tables() {
                self.reader.connection.execute_batch(&format!("delete from main.{table}"))?;
            }
            let in_force = self.reader.program_now()?;
            let conflicts =
                self.reader.rebuild(Schema::Main, &self.reader.known(None)?, &in_force.aliases)?;
            let Some(first) = conflicts.first().cloned() else { return Ok(()) };
            let before = missing.len();
            for conflict in conflicts {
                let sql = "select max(number) from event where number <= ?1";
                let number: i64 =
                    self.reader.connection.query_row(sql, [conflict.event], |row| row.get(0))?;
                let Some(row) =
                    self.reader.events((number, number))?.pop().filter(|row| row.partner.is_some())
                else {
                    continue;
                };
                let gone = lost(row.action, row.number, row.count()?, row.day);
                let sql = "update event set partner = null, kind = ?2, body = ?3 where number = ?1";
                self.reader.connection.execute(sql, (gone.number, &gone.kind, &gone.body))?;
                let action = self.reader.existing(row.action)?;
                let rows =
                    action.events.map(|numbers| self.reader.events(numbers)).transpose()?.unwrap_or_default();
                self.seal_anew(&action, &rows)?;
                let what = Loss::LeftOut { conflict, kind: row.kind, body: row.body };
                missing.push(Missing { action: row.action, what });
            }
            if missing.len() == before {
                return Err(Error::from(first).into());
            }
        }
    }
}
