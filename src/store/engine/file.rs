//! The file while it is open: reading on one consistent state, and writing in one durable transaction.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::store::engine::migrate::migrate;
use crate::store::engine::open::{prepare_to_write, take_turn};
use crate::store::error::{FileFault, Result};
use crate::store::log::read::ActionId;

/// A file that is open, or that the first write will make.
pub struct Store {
    pub(in crate::store) connection: Connection,
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) wait: Duration,
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

/// Reads and writes within one transaction; it can't commit by itself.
pub struct Writer<'c> {
    reader: Reader<'c>,
}

impl<'c> std::ops::Deref for Writer<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl Store {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on one consistent state of the file.
    ///
    /// # Errors
    /// Those of `work`, and [`FileFault`] where the file can't be read.
    pub fn read<T>(&mut self, work: impl FnOnce(&Reader) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let wait = self.wait;
        let transaction = self.connection.transaction().map_err(|error| waited(error.into(), wait))?;
        work(&Reader { connection: &transaction, hold: Hold::ToTheEnd })
    }

    /// Runs `work` on one consistent state of the file, without keeping writers waiting once it has called
    /// [`Reader::let_go`].
    ///
    /// Where somebody wrote between that and the end of `work`, it is run again, and writers wait.
    ///
    /// # Errors
    /// Those of [`Store::read`].
    pub fn read_briefly<T>(&mut self, work: impl Fn(&Reader) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let wait = self.wait;
        let transaction = self.connection.transaction().map_err(|error| waited(error.into(), wait))?;
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
    /// Those of `work`, and [`FileFault`] where the file can't be written; then nothing is kept.
    #[expect(clippy::disallowed_methods, reason = "this is the one way to write")]
    pub fn write<T>(
        &mut self,
        keep: Keep,
        work: impl FnOnce(&Writer) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let _turn = take_turn(&self.path, self.wait)?;
        prepare_to_write(&self.connection)?;
        let wait = self.wait;
        let named = |error: rusqlite::Error| waited(error.into(), wait);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(named)?;
        let writer = Writer { reader: Reader { connection: &transaction, hold: Hold::ToTheEnd } };
        if migrate(&transaction)?
            && let Some(in_force) = writer.program(None, None)?
        {
            writer.project_all(&in_force.aliases)?;
        }
        let before = writer.last_seal()?;
        let done = work(&writer)?;
        if keep == Keep::DryRun {
            transaction.rollback().map_err(named)?;
            return Ok(done);
        }
        let written = writer.last_seal()?;
        if let Err(error) = transaction.commit() {
            let failed = if written == before { None } else { self.unconfirmed(written) };
            return Err(failed.unwrap_or_else(|| named(error)).into());
        }
        Ok(done)
    }

    /// Where the very last sync of a commit fails, what was written is there all the same; this says so.
    fn unconfirmed(&self, written: Option<(ActionId, Vec<u8>)>) -> Option<Error> {
        let reader = Reader { connection: &self.connection, hold: Hold::ToTheEnd };
        let now = reader.last_seal().ok()?;
        let (action, _) = written.filter(|written| now.as_ref() == Some(written))?;
        Some(FileFault::Unconfirmed { what: format!("action {action} was recorded") }.error())
    }
}

impl Reader<'_> {
    /// Lets writers go on while what was read is computed on; what is read after this has to be little, since all is
    /// done again where somebody wrote before the end.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn let_go(&self) -> Result<()> {
        if let Hold::UntilLetGo(seen) = &self.hold
            && seen.get().is_none()
        {
            seen.set(Some(self.version()?));
            self.connection.execute_batch("commit")?;
        }
        Ok(())
    }

    /// Whether all that was read is of one state of the file.
    fn is_undisturbed(&self) -> Result<bool> {
        match &self.hold {
            Hold::UntilLetGo(seen) => seen.get().map_or(Ok(true), |version| Ok(self.version()? == version)),
            Hold::ToTheEnd => Ok(true),
        }
    }

    /// A number that changes where another process wrote.
    fn version(&self) -> Result<i64> {
        Ok(self.connection.query_row("pragma data_version", [], |row| row.get(0))?)
    }
}

/// Says how long was waited, where the file was busy.
pub(in crate::store) fn waited(error: Error, wait: Duration) -> Error {
    if error.kind == ErrorKind::Busy { FileFault::Busy { waited: wait }.error() } else { error }
}
