//! Taking over a history as it was recorded elsewhere: from a text, or from what is left of a damaged file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::store::engine::file::{Keep, Reader, Store, Writer};
use crate::store::engine::paths::{check_name, companions, make_file};
use crate::store::error::{FileFault, Result, Unusable};
use crate::store::log::logged::{ActionId, LoggedEvent, RecordedAction};
use crate::store::upkeep::check::Checked;

impl Store {
    /// Makes a file with the history that `work` takes over.
    ///
    /// # Errors
    /// Those of `work`, and [`FileFault`] if the file has a history or cannot be made; then no new file is left.
    pub fn make_with<T>(
        path: &Path,
        wait: Duration,
        work: impl FnOnce(&Writer) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        check_name(path)?;
        let was_there = path.exists();
        if !was_there {
            make_file(path)?;
        }
        let made = Store::connect(path, wait).map_err(Into::into).and_then(|mut store| {
            let has_history = || FileFault::unusable(path, Unusable::HasHistory);
            if !store.is_new()? {
                return Err(has_history().into());
            }
            store.write(Keep::Commit, |writer| match writer.reader.action(1)? {
                None => work(writer),
                Some(_) => Err(has_history().into()),
            })
        });
        if made.is_err() && !was_there && fs::metadata(path).is_ok_and(|file| file.len() == 0) {
            for file in companions(path) {
                let _ = fs::remove_file(file);
            }
        }
        made
    }
}

impl Reader<'_> {
    /// Hands over all actions with the rows of their events, in order of recording.
    ///
    /// # Errors
    /// Those of `take`, and [`FileFault`] if the file cannot be read.
    pub fn each_action(
        &self,
        mut take: impl FnMut(RecordedAction, Vec<LoggedEvent>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut next: ActionId = 1;
        while let Some(action) = self.action(next)? {
            let rows = action.events.map(|numbers| self.events(numbers)).transpose()?;
            next = action.id + 1;
            take(action, rows.unwrap_or_default())?;
        }
        Ok(())
    }
}

impl Writer<'_> {
    /// Appends an action with its rows of events as they are, with their numbers and the checksum.
    pub fn adopt(&self, action: &RecordedAction, rows: &[LoggedEvent]) -> Result<()> {
        self.insert_action(action)?;
        rows.iter().try_for_each(|row| self.insert_event(row))
    }

    /// Writes what follows from the actions that were adopted, and checks all of it.
    ///
    /// # Errors
    /// A conflict if events contradict each other, and a refusal if there is no program.
    pub fn complete(&self) -> anyhow::Result<Checked> {
        self.adopt_undone()?;
        let in_force = self.reader.program_now()?;
        self.project_all(&in_force.aliases)?;
        self.reader.check()
    }

    /// Writes which of the actions that were adopted are undone.
    pub(in crate::store) fn adopt_undone(&self) -> Result<()> {
        for (action, undo) in self.reader.undone_by_log(None)? {
            let sql = "insert into undone (action, undo) values (?1, ?2)";
            self.reader.connection.prepare_cached(sql)?.execute([action, undo])?;
        }
        Ok(())
    }
}
