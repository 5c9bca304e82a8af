//! The step from an earlier format of the file to the newest.

use rusqlite::Connection;

use crate::store::error::Result;
use crate::store::schema::MIGRATIONS;

/// `CHLF`, which tells our files from those of other programs.
pub(in crate::store) const APPLICATION_ID: i64 = 0x4348_4c46;

/// Brings the file to the newest format, within the transaction that is about to write, and says whether it was
/// another one: then projections are to be written anew.
pub(in crate::store) fn migrate(connection: &Connection) -> Result<bool> {
    let format = format_of(connection)?;
    let done = usize::try_from(format).unwrap_or(0);
    if done >= MIGRATIONS.len() {
        return Ok(false);
    }
    for sql in &MIGRATIONS[done..] {
        connection.execute_batch(sql)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    Ok(true)
}

/// Returns the format of the file.
pub(in crate::store) fn format_of(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("pragma user_version", [], |row| row.get(0))?)
}

/// Returns whether a file of this format is to be brought to the newest one; a new file has no format yet.
pub(in crate::store) fn is_older(format: i64) -> bool {
    (1..MIGRATIONS.len() as i64).contains(&format)
}
