//! The file while it is open: reading on one consistent state, and writing in one durable transaction.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::lifecycle::base::error::Error;
use crate::store::engine::connection::{ours, prepare_to_write, take_turn, waited};
use crate::store::engine::migrate::{format_of, is_older, migrate};
use crate::store::engine::older::{
    InMemory, OlderCopy, OlderFile, OlderFormat, StepNotice, into_memory, not_migrated,
};
use crate::store::error::{FileFault, Result, WriteDone};
use crate::store::log::logged::ActionId;

/// A file that is open, or that the first write will make.
pub struct Store {
    pub(in crate::store) connection: Connection,
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) wait: Duration,
    /// What is read instead of a file of an older format.
    pub(in crate::store) in_memory: Option<InMemory>,
    pub(in crate::store) announce: Option<StepNotice>,
}

/// Whether a write is kept or only tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    Commit,
    /// Everything is done as if, and then taken back.
    DryRun,
}

/// Reads within one transaction.
pub struct Reader<'c> {
    pub(in crate::store) connection: &'c Connection,
    hold: Hold,
}

/// How long a reader keeps writers waiting.
enum Hold {
    ToTheEnd,
    /// Until it lets go; then the version of the file that it saw.
    UntilLetGo(Cell<Option<i64>>),
}

/// Reads and writes within one transaction; it cannot commit by itself.
pub struct Writer<'c> {
    pub(in crate::store) reader: Reader<'c>,
}

impl<'c> Writer<'c> {
    /// Returns what reads the file as it is within this transaction.
    pub fn reader(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl Store {
    /// Returns the path as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on one consistent state of the file.
    ///
    /// # Errors
    /// Those of `work`, and [`FileFault`] if the file cannot be read.
    pub fn read<T>(&mut self, work: impl FnOnce(&Reader) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let wait = self.wait;
        let transaction = self.readable()?.transaction().map_err(|error| waited(error.into(), wait))?;
        work(&Reader { connection: &transaction, hold: Hold::ToTheEnd })
    }

    /// Runs `work` on one consistent state of the file, without keeping writers waiting once it has called
    /// [`Reader::let_go`].
    ///
    /// If somebody wrote between that and the end of `work`, it is run again, and writers wait.
    ///
    /// # Errors
    /// Those of [`Store::read`].
    pub fn read_briefly<T>(&mut self, work: impl Fn(&Reader) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let wait = self.wait;
        let transaction = self.readable()?.transaction().map_err(|error| waited(error.into(), wait))?;
        let reader = Reader { connection: &transaction, hold: Hold::UntilLetGo(Cell::new(None)) };
        let done = work(&reader);
        if reader.is_undisturbed()? {
            return done;
        }
        drop(transaction);
        self.read(work)
    }

    /// Runs `work` in one durable transaction: all that it writes is kept, or nothing.
    ///
    /// # Errors
    /// Those of `work`, and [`FileFault`] if the file cannot be written; then nothing is kept.
    pub fn write<T>(
        &mut self,
        keep: Keep,
        work: impl FnOnce(&Writer) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.write_after(OlderCopy::Kept, keep, work)
    }

    /// Runs `work` as [`Store::write`] does, and keeps a copy of a file of an older format or none.
    #[expect(clippy::disallowed_methods, reason = "this is the one way to write")]
    pub(in crate::store) fn write_after<T>(
        &mut self,
        older_copy: OlderCopy,
        keep: Keep,
        work: impl FnOnce(&Writer) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let (wait, path) = (self.wait, self.path.clone());
        let named = |error: rusqlite::Error| waited(error.into(), wait);
        if keep == Keep::DryRun && is_older(self.format()?) {
            let transaction = self.readable()?.transaction().map_err(named)?;
            let reader = Reader { connection: &transaction, hold: Hold::ToTheEnd };
            return work(&Writer { reader });
        }
        let _turn = take_turn(&path, wait)?;
        prepare_to_write(&self.connection)?;
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(named)?;
        let writer = Writer { reader: Reader { connection: &transaction, hold: Hold::ToTheEnd } };
        let format = format_of(&transaction)?;
        let older = is_older(format).then(|| OlderFile::of(&path, format, older_copy, wait)).transpose()?;
        let migrated = writer.migrate();
        if older.is_some() {
            migrated.map_err(|error| not_migrated(error, &path, format))?;
        } else {
            migrated?;
        }
        let (before, changes) = (writer.reader.last_seal()?, transaction.total_changes());
        let done = work(&writer).map_err(ours)?;
        if keep == Keep::DryRun || older.is_some() && transaction.total_changes() == changes {
            transaction.rollback().map_err(named)?;
            return Ok(done);
        }
        let written = writer.reader.last_seal()?;
        let kept = older.map(|older| older.keep(self.announce.as_ref())).transpose()?.flatten();
        if let Err(error) = transaction.commit() {
            let failed = if written == before { None } else { self.unconfirmed(written) };
            if let (None, Some(kept)) = (&failed, kept) {
                let _ = std::fs::remove_file(kept);
            }
            return Err(failed.unwrap_or_else(|| named(error)).into());
        }
        Ok(done)
    }

    /// Lets `announce` say that a file is brought to the newest format, before the first write does it.
    pub fn announcing(mut self, announce: StepNotice) -> Store {
        self.announce = Some(announce);
        self
    }

    /// Returns the format of a file that the next write will update.
    ///
    /// # Errors
    /// [`FileFault`] if the file cannot be read.
    pub fn older_format(&self) -> Result<Option<OlderFormat>> {
        let format = self.format()?;
        Ok(is_older(format).then(|| OlderFormat::of(&self.path, format)))
    }

    fn format(&self) -> Result<i64> {
        format_of(&self.connection).map_err(|error| waited(error, self.wait))
    }

    /// Returns what is to be read: the file, or a copy in memory of one of an older format, brought to the newest.
    fn readable(&mut self) -> anyhow::Result<&mut Connection> {
        let format = self.format()?;
        if !is_older(format) {
            return Ok(&mut self.connection);
        }
        let version = data_version(&self.connection)?;
        let in_memory = match self.in_memory.take().filter(|copy| copy.version == version) {
            Some(copy) => copy,
            None => {
                let mut connection = into_memory(&self.connection, self.wait)?;
                migrate_in(&mut connection).map_err(|error| not_migrated(error, &self.path, format))?;
                InMemory { connection, version }
            }
        };
        Ok(&mut self.in_memory.insert(in_memory).connection)
    }

    /// Returns the error for a commit whose very last sync failed, if what was written can be read again.
    fn unconfirmed(&self, written: Option<(ActionId, Vec<u8>)>) -> Option<Error> {
        let reader = Reader { connection: &self.connection, hold: Hold::ToTheEnd };
        let now = reader.last_seal().ok()?;
        let (action, _) = written.filter(|written| now.as_ref() == Some(written))?;
        Some(FileFault::Unconfirmed { done: WriteDone::Action(action) }.error())
    }
}

/// Brings a copy to the newest format.
fn migrate_in(connection: &mut Connection) -> anyhow::Result<()> {
    let transaction = connection.transaction()?;
    let reader = Reader { connection: &transaction, hold: Hold::ToTheEnd };
    Writer { reader }.migrate()?;
    Ok(transaction.commit()?)
}

impl Writer<'_> {
    /// Brings the file to the newest format, and writes anew what follows from its events.
    fn migrate(&self) -> anyhow::Result<()> {
        if migrate(self.reader.connection)?
            && let Some(in_force) = self.reader.program(None, None)?
        {
            self.project_all(&in_force.aliases)?;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Lets writers go on while what was read is computed on; what is read after this has to be little, since all is
    /// done again if somebody wrote before the end.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn let_go(&self) -> Result<()> {
        if let Hold::UntilLetGo(seen) = &self.hold
            && seen.get().is_none()
        {
            seen.set(Some(self.version()?));
            self.connection.execute_batch("commit")?;
        }
        Ok(())
    }

    /// Returns whether all that was read is of one state of the file.
    fn is_undisturbed(&self) -> Result<bool> {
        match &self.hold {
            Hold::UntilLetGo(seen) => seen.get().map_or(Ok(true), |version| Ok(self.version()? == version)),
            Hold::ToTheEnd => Ok(true),
        }
    }

    /// Returns a number that changes if another process wrote.
    fn version(&self) -> Result<i64> {
        data_version(self.connection)
    }
}

fn data_version(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("pragma data_version", [], |row| row.get(0))?)
}
