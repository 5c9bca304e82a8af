//! Opening: whose file it is, which format it has, and taking turns to write.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::lifecycle::base::error::Error;
use crate::store::engine::file::{Keep, Store, waited};
use crate::store::engine::migrate::{APPLICATION_ID, MIGRATIONS, format_of, is_older};
use crate::store::error::{FileFault, Result};
use crate::store::log::append::Stamp;

/// What the name of the file on which writers wait for their turn ends in.
const LOCK: &str = ".lock";

impl Store {
    /// Opens the file at `path`, of whatever format; only a write brings it to the newest one.
    ///
    /// # Errors
    /// [`FileFault`] where there is no file, or it is empty, not ours, newer than this version, or damaged.
    pub fn open(path: &Path, wait: Duration) -> anyhow::Result<Store> {
        let store = Store::connect(path, wait)?;
        if store.is_new()? {
            return Err(FileFault::Empty { path: path.to_owned() }.error().into());
        }
        Ok(store)
    }

    /// Opens the file at `path`, or makes it with this program in force. Says whether it was made.
    ///
    /// # Errors
    /// Those of [`Store::open`], and a refusal of the program.
    pub fn open_or_make(
        path: &Path,
        wait: Duration,
        stamp: &Stamp,
        toml: &str,
    ) -> anyhow::Result<(Store, bool)> {
        check_name(path)?;
        if !path.exists() {
            make_file(path)?;
        }
        let mut store = Store::connect(path, wait)?;
        if !store.is_new()? {
            return Ok((store, false));
        }
        let made = store.write(Keep::Commit, |writer| {
            if writer.reader.program(None, None)?.is_some() {
                return Ok(false);
            }
            writer.apply_program(stamp, toml, stamp.today)?;
            Ok(true)
        })?;
        Ok((store, made))
    }

    pub(in crate::store) fn connect(path: &Path, wait: Duration) -> Result<Store> {
        check_name(path)?;
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => return Err(FileFault::unusable(path, "is not a file")),
            Ok(_) => {}
            Err(_) if path.is_symlink() => {
                return Err(FileFault::unusable(path, "is a link to a file that is not there"));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(FileFault::Missing { path: path.to_owned() }.error());
            }
            Err(error) => return Err(FileFault::unusable(path, format!("can't be opened: {error}"))),
        }
        let connection = connect(path)?;
        connection.busy_timeout(wait)?;
        Ok(Store { connection, path: path.to_owned(), wait, in_memory: None, announce: None })
    }

    /// Whether nothing was ever recorded: a file that was just made, or whose making was cut off.
    pub(in crate::store) fn is_new(&self) -> Result<bool> {
        let sql = "select (select application_id from pragma_application_id),
                          (select user_version from pragma_user_version),
                          exists (select 1 from sqlite_schema)";
        let row = self.connection.query_row(sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?))
        });
        let (application, format, has_tables) = row.map_err(|error| self.whose(error))?;
        let known = MIGRATIONS.len() as i64;
        match (application, format, has_tables) {
            (0, 0, false) => Ok(true),
            (APPLICATION_ID, found, _) if found > known => {
                Err(FileFault::Newer { path: self.path.clone(), found, known }.error())
            }
            (APPLICATION_ID, _, true) => Ok(false),
            _ => Err(FileFault::Foreign { path: self.path.clone() }.error()),
        }
    }

    fn whose(&self, error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => FileFault::Foreign { path: self.path.clone() }.error(),
            _ => waited(error.into(), self.wait),
        }
    }
}

/// Names with which SQLite would store nothing.
pub(in crate::store) fn check_name(path: &Path) -> Result<()> {
    let name = path.as_os_str();
    if name.is_empty() {
        return Err(FileFault::unusable(path, "is an empty name, not that of a file"));
    }
    if name == ":memory:" {
        return Err(FileFault::unusable(path, "would keep nothing; name a file"));
    }
    Ok(())
}

/// The file, and those that SQLite and we keep beside it.
pub(crate) fn companions(path: &Path) -> Vec<PathBuf> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut all = vec![path.to_owned()];
    for file in [path, real.as_path()] {
        all.extend(["-journal", "-wal", "-shm", LOCK].map(|suffix| beside(file, suffix)));
    }
    all
}

/// The name of a file that goes with another one.
pub(in crate::store) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes an empty file that only its owner can read, before anything is in it.
pub(in crate::store) fn make_file(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(FileFault::unusable(path, format!("can't be made: {error}"))),
    }
}

/// Makes a folder that only its owner can enter, where there is none.
///
/// # Errors
/// [`FileFault`] that names it.
pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| FileFault::unusable(folder, format!("can't be made: {error}")))
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Opens without URI names; for reading only where the file can't be written.
pub(in crate::store) fn connect(path: &Path) -> Result<Connection> {
    let cannot = |error: rusqlite::Error| FileFault::unusable(path, format!("can't be opened: {error}"));
    let shared = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // A leading `./` keeps SQLite from reading a name such as `file:x` as anything but a name.
    let name = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    let connection = Connection::open_with_flags(&name, OpenFlags::SQLITE_OPEN_READ_WRITE | shared)
        .or_else(|_| Connection::open_with_flags(&name, OpenFlags::SQLITE_OPEN_READ_ONLY | shared))
        .map_err(cannot)?;
    configured(connection)
}

/// Settings of every connection.
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

/// Settings under which an acknowledged write survives a power cut.
///
/// A file of an older format keeps no empty journal beside it: what is tried and not kept leaves the folder as it was.
pub(in crate::store) fn prepare_to_write(connection: &Connection) -> Result<()> {
    let mode = if is_older(format_of(connection)?) { "delete" } else { "truncate" };
    connection.query_row(&format!("pragma journal_mode = {mode}"), [], |_| Ok(()))?;
    // A large import keeps up to 64 MiB of pages before it spills them.
    connection.execute_batch("pragma synchronous = full; pragma cache_size = -65536")?;
    Ok(())
}

/// Waits for the turn to write, first come, first served, by a lock on a file beside the database.
///
/// SQLite's own waiting has no queue, so that the unlucky wait long; it still guards the file.
/// Where locks or the file can't be had, that guard is enough.
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
