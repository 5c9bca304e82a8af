//! Opening: whose file it is, and which format it has.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::lifecycle::base::error::Error;
use crate::store::engine::connection::{connect, take_turn, waited};
use crate::store::engine::copy::{Unplaced, put};
use crate::store::engine::file::{Keep, Store};
use crate::store::engine::migrate::APPLICATION_ID;
use crate::store::engine::paths::{check_name, make_file};
use crate::store::error::{FileFault, Result, Unusable};
use crate::store::log::logged::Stamp;
use crate::store::schema::MIGRATIONS;

/// A file that is open to record in. A new one gets its name only once something is recorded in it.
pub(crate) struct Begun {
    pub store: Store,
    unplaced: Option<NewFile>,
}

/// A file without a name, the place where it goes, and the turn that keeps other first commands waiting.
struct NewFile {
    file: Unplaced,
    path: PathBuf,
    _turn: Option<File>,
}

impl Begun {
    /// Gives a new file its name if something was recorded in it, and drops it otherwise; returns whether it got one.
    ///
    /// # Errors
    /// [`FileFault`] if the file cannot be put in its place, or another process made one there in the meantime.
    pub(crate) fn settle(self, recorded: bool) -> Result<bool> {
        let Begun { store, unplaced } = self;
        drop(store);
        match unplaced {
            Some(new) if recorded => put(new.file, &new.path, false).map(|()| true),
            _ => Ok(false),
        }
    }
}

impl From<Store> for Begun {
    fn from(store: Store) -> Begun {
        Begun { store, unplaced: None }
    }
}

impl Store {
    /// Opens the file at `path`; if it is missing, makes one with this program in force, which has no name yet.
    ///
    /// # Errors
    /// Those of [`Store::open_or_make`].
    pub(crate) fn begin(path: &Path, wait: Duration, stamp: &Stamp, toml: &str) -> anyhow::Result<Begun> {
        let turn = take_turn(path, wait)?;
        if path.exists() {
            drop(turn);
            let (store, _) = Store::open_or_make(path, wait, stamp, toml)?;
            return Ok(store.into());
        }
        let file = Unplaced::beside(path)?;
        let (store, _) = Store::open_or_make(file.path(), wait, stamp, toml)?;
        Ok(Begun { store, unplaced: Some(NewFile { file, path: path.to_owned(), _turn: turn }) })
    }

    /// Opens the file at `path`, of whatever format; only a write brings it to the newest one.
    ///
    /// # Errors
    /// [`FileFault`] if there is no file, or it is empty, not ours, newer than this version, or damaged.
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

    /// Connects to a file, whatever is in it.
    pub(in crate::store) fn connect(path: &Path, wait: Duration) -> Result<Store> {
        check_name(path)?;
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => return Err(FileFault::unusable(path, Unusable::NotAFile)),
            Ok(_) => {}
            Err(_) if path.is_symlink() => {
                return Err(FileFault::unusable(path, Unusable::DanglingLink));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(FileFault::Missing { path: path.to_owned() }.error());
            }
            Err(error) => return Err(FileFault::unusable(path, Unusable::NotOpened(error.to_string()))),
        }
        let connection = connect(path)?;
        connection.busy_timeout(wait)?;
        Ok(Store { connection, path: path.to_owned(), wait, in_memory: None, announce: None })
    }

    /// Returns whether nothing was ever recorded: a file that was just made, or whose making was cut off.
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
            (APPLICATION_ID, from, true) if from < 1 => {
                Err(FileFault::NotMigrated { path: self.path.clone(), from, to: known }.error())
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
