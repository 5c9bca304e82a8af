//! What a file says of the days on which it is recorded in, read before anything else: which day is today depends on it.

use std::path::Path;
use std::time::Duration;

use rusqlite::OptionalExtension;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::program::Program;
use crate::store::engine::connection::connect;
use crate::store::error::Result;

/// What a file says of today.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct RecordedClock {
    /// The newest day of recording.
    pub newest: Option<Day>,
    /// The time zone of the newest program, by its IANA name.
    pub time_zone: Option<String>,
}

impl RecordedClock {
    /// Reads it from the file at `path`, of whatever format; nothing from what is no database of ours, since the command says
    /// that itself.
    pub(crate) fn read(path: &Path, wait: Duration) -> RecordedClock {
        if path.is_file() { read(path, wait).unwrap_or_default() } else { RecordedClock::default() }
    }
}

/// Reads two rows by their keys, without a transaction.
fn read(path: &Path, wait: Duration) -> Result<RecordedClock> {
    let connection = connect(path)?;
    connection.busy_timeout(wait)?;
    let newest = connection
        .query_row("select recorded_on from action order by id desc limit 1", [], |row| row.get::<_, i64>(0));
    let toml = connection.query_row(
        "select body ->> '$.toml' from event
         where partner is null and kind = 'program' and action not in (select action from undone)
         order by number desc limit 1",
        [],
        |row| row.get::<_, String>(0),
    );
    Ok(RecordedClock {
        newest: newest.optional()?.and_then(Day::from_number),
        time_zone: toml.optional()?.as_deref().and_then(Program::time_zone_of),
    })
}
