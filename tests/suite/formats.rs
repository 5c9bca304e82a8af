//! Files of every format that a version of chanlife wrote open for ever; those in tests/formats were written by the
//! last version of their format, with the same history of three partners.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::Desk;

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats");
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.collect();
    files.sort();
    files
}

/// A desk with a copy of this file.
fn desk_with(file: &PathBuf) -> Desk {
    let desk = Desk::empty();
    std::fs::write(desk.db(), "").expect("made");
    std::fs::set_permissions(desk.db(), std::fs::Permissions::from_mode(0o600)).expect("set");
    std::fs::write(desk.db(), std::fs::read(file).expect("bytes")).expect("copied");
    desk
}

fn format_of(desk: &Desk) -> i64 {
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.query_row("pragma user_version", [], |row| row.get(0)).expect("a number")
}

#[test]
fn a_file_of_each_format_opens_with_its_history_and_is_brought_to_the_newest() {
    let newest = format_of(&Desk::new());
    let files = files();
    assert_eq!(files.len() as i64, newest, "a file of each format, the newest too: {files:?}");
    for (file, format) in files.iter().zip(1..) {
        let desk = desk_with(file);
        assert_eq!(format_of(&desk), format, "{}", file.display());
        let list = desk.ok(&["list", "--columns", "key,name,type,owner,ref,stage,since", "--format", "csv"]);
        let expected = "key,name,type,owner,ref,stage,since\n\
                        acme-gmbh,Acme GmbH,reseller,ana,crm-1,readiness,2026-03-01\n\
                        beta-ltd,Beta Ltd,msp,,beta-limited,parked,2026-03-01\n\
                        gamma,Gamma,,,,left,2026-04-07\n";
        assert_eq!(list, expected, "{}", file.display());
        let revenue = desk.ok(&["revenue", "list", "--format", "json"]);
        for sale in ["1250.50", "99.00", "10.00", "20.50"] {
            assert!(revenue.contains(sale), "{}: {revenue}", file.display());
        }
        let log = desk.json(&["log", "--limit", "0"]);
        let actions = log["rows"].as_array().expect("rows");
        assert!(actions.len() >= 20, "{log}");
        assert_eq!(format_of(&desk), newest);
        desk.check();
        desk.ok(&["undo", "--actor", "ana"]);
        desk.ok(&["export", "--all", "-o", "all.jsonl"]);
        desk.ok(&["import", "--all", "all.jsonl", "--db", "again.db"]);
    }
}

#[test]
fn a_copy_of_an_earlier_format_is_restored() {
    let oldest = files().remove(0);
    let desk = Desk::new();
    desk.ok(&["restore", &oldest.display().to_string(), "--yes"]);
    assert!(desk.ok(&["list"]).contains("acme-gmbh"));
    desk.check();
}

#[test]
fn a_migration_that_fails_half_way_leaves_the_old_file_whole() {
    for (file, table) in files().iter().zip(["plan", "plan", "question"]) {
        let desk = desk_with(file);
        let format = format_of(&desk);
        let connection = rusqlite::Connection::open(desk.db()).expect("open");
        let in_the_way = format!("create table {table} (x) strict");
        connection.execute_batch(&in_the_way.replace("(x)", "(x text)")).expect("made");
        drop(connection);
        let before = std::fs::read(desk.db()).expect("bytes");
        let err = desk.fails(5, &["list"]);
        assert!(err.contains(&format!("has format {format}")) && err.contains(table), "{err}");
        assert!(std::fs::read(desk.db()).expect("bytes") == before, "the file of format {format} changed");
        let connection = rusqlite::Connection::open(desk.db()).expect("open");
        connection.execute_batch(&format!("drop table {table}")).expect("dropped");
        drop(connection);
        assert!(desk.ok(&["list"]).contains("acme-gmbh"));
        desk.check();
    }
}

#[test]
fn a_file_of_a_newer_version_is_refused_with_both_formats_and_left_as_it_is() {
    let desk = Desk::new();
    let newest = format_of(&desk);
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.pragma_update(None, "user_version", newest + 1).expect("set");
    drop(connection);
    let before = std::fs::read(desk.db()).expect("bytes");
    for words in [&["list"][..], &["add-partner", "Acme"], &["check"], &["backup", "copy.db"]] {
        let err = desk.fails(5, words);
        assert!(err.contains(&format!("has format {}", newest + 1)), "{err}");
        assert!(err.contains(&format!("formats up to {newest}")), "{err}");
    }
    assert!(std::fs::read(desk.db()).expect("bytes") == before);
}
