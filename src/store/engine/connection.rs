//! Connections to SQLite: their settings, and taking turns to write.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::store::engine::migrate::{format_of, is_older};
use crate::store::engine::paths::{LOCK, beside, private};
use crate::store::error::{FileFault, Result, Unusable};

/// Opens without URI names; for reading only if the file cannot be written.
pub(in crate::store) fn connect(path: &Path) -> Result<Connection> {
    // The system says better than SQLite what keeps us out.
    let why = |error: rusqlite::Error| {
        File::open(path).err().map_or_else(|| error.to_string(), |own| own.to_string())
    };
    let cannot = |error: rusqlite::Error| FileFault::unusable(path, Unusable::NotOpened(why(error)));
    let shared = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // A leading `./` keeps SQLite from reading a name such as `file:x` as anything but a name.
    let name = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    let connection = Connection::open_with_flags(&name, OpenFlags::SQLITE_OPEN_READ_WRITE | shared)
        .or_else(|_| Connection::open_with_flags(&name, OpenFlags::SQLITE_OPEN_READ_ONLY | shared))
        .map_err(cannot)?;
    configured(connection)
}

/// Gives a connection the settings of all.
pub(in crate::store) fn configured(connection: Connection) -> Result<Connection> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    // Otherwise a statement may be planned anew each time that it is given other values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    #[cfg(test)]
    let connection = counted(connection)?;
    Ok(connection)
}

/// Counts the statements of this connection for tests.
#[cfg(test)]
fn counted(mut connection: Connection) -> Result<Connection> {
    use rusqlite::trace::{TraceEvent, TraceEventCodes};
    let count = |event: TraceEvent| {
        if let TraceEvent::Stmt(statement, _) = event {
            crate::lifecycle::base::tally::count_statement(&statement.sql());
        }
    };
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(count))?;
    Ok(connection)
}

/// Sets a connection up, under settings with which an acknowledged write survives a power cut.
///
/// A file of an older format keeps no empty journal beside it: what is tried and not kept leaves the folder as it was.
pub(in crate::store) fn prepare_to_write(connection: &Connection) -> Result<()> {
    let mode = if is_older(format_of(connection)?) { "delete" } else { "truncate" };
    connection.query_row(&format!("pragma journal_mode = {mode}"), [], |_| Ok(()))?;
    // A large import keeps up to 64 MiB of pages before it spills them.
    connection.execute_batch("pragma synchronous = full; pragma cache_size = -65536")?;
    Ok(())
}

/// Returns an error of SQLite as ours, which says it in words and with hints; any other stays.
pub(in crate::store) fn ours(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<rusqlite::Error>() {
        Ok(error) => Error::from(error).into(),
        Err(other) => other,
    }
}

/// Waits for the turn to write, first come, first served, by a lock on a file beside the database.
///
/// SQLite's own waiting has no queue, so that the unlucky wait long; it still guards the file.
/// If locks or the file cannot be had, that guard is enough.
pub(in crate::store) fn take_turn(path: &Path, wait: Duration) -> Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private(&mut options);
    let Ok(file) = options.open(beside(path, LOCK)) else {
        return Ok(None);
    };
    match file.try_lock() {
        Ok(()) => return Ok(Some(file)),
        Err(fs::TryLockError::Error(_)) => return Ok(None),
        Err(fs::TryLockError::WouldBlock) => {}
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let locked = file.lock().map(|()| file);
        let _ = sender.send(locked);
    });
    match receiver.recv_timeout(wait) {
        Ok(locked) => Ok(locked.ok()),
        Err(_) => Err(FileFault::Busy { waited: wait }.error()),
    }
}

/// Says how long was waited, if the file was busy.
pub(in crate::store) fn waited(error: Error, wait: Duration) -> Error {
    if error.kind == ErrorKind::Busy { FileFault::Busy { waited: wait }.error() } else { error }
}
