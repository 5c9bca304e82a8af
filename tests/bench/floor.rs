//! The bare programs that chanlife is held against: each does to SQLite what must be done, and nothing else.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// To so many partners something is announced.
pub(crate) const TOLD: i64 = 5_000;

/// Opens and reads one row.
pub(crate) fn read(db: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(db, flags).expect("open");
    let key: String = connection.query_row("select key from partner", [], |row| row.get(0)).expect("a row");
    println!("{key}");
}

/// Opens and inserts one row durably.
pub(crate) fn write(db: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(db, flags).expect("open");
    connection.query_row("pragma journal_mode = truncate", [], |_| Ok(())).expect("set");
    connection.execute_batch("pragma synchronous = full").expect("set");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).expect("begun");
    transaction.execute("insert into log (what) values ('advanced')", []).expect("inserted");
    transaction.commit().expect("kept");
}

/// Inserts a row for each of 5,000 partners durably.
pub(crate) fn tell(db: &Path) {
    let mut connection = Connection::open(db).expect("open");
    connection.query_row("pragma journal_mode = truncate", [], |_| Ok(())).expect("set");
    connection.execute_batch("pragma synchronous = full").expect("set");
    connection
        .execute_batch("create table if not exists told (partner integer, what text) strict")
        .expect("made");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).expect("begun");
    {
        let mut insert = transaction.prepare("insert into told values (?1, 'atlas-3')").expect("sql");
        for partner in 0..TOLD {
            insert.execute([partner]).expect("inserted");
        }
    }
    transaction.commit().expect("kept");
}

/// Reads a CSV file into one table without an index.
pub(crate) fn import(db: &Path, csv: &Path) {
    let _ = fs::remove_file(db);
    let mut connection = Connection::open(db).expect("open");
    connection
        .execute_batch("create table row (partner text, stage text, entered_on text) strict")
        .expect("made");
    let transaction = connection.transaction().expect("begun");
    {
        let mut insert = transaction.prepare("insert into row values (?1, ?2, ?3)").expect("sql");
        let mut reader = csv::Reader::from_path(csv).expect("open");
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).expect("a row") {
            insert.execute([&record[0], &record[1], &record[2]]).expect("inserted");
        }
    }
    transaction.commit().expect("kept");
}

/// Reads all stays in order and counts them.
pub(crate) fn count(db: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(db, flags).expect("open");
    let sql = "select partner, standing, stage, entered from stay order by partner, seq";
    let mut statement = connection.prepare(sql).expect("sql");
    let mut rows = statement.query([]).expect("rows");
    let (mut count, mut days) = (0_i64, 0_i64);
    while let Some(row) = rows.next().expect("a row") {
        count += 1 + row.get::<_, i64>(1).expect("standing");
        days = days.wrapping_add(row.get::<_, i64>(3).expect("entered"));
    }
    println!("{count} {days}");
}
