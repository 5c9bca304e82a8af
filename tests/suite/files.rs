//! Files that are written at a user's word: never over what is kept or read, and known before any work.

use crate::support::Desk;

const ROWS: &str = "partner,stage,entered_on\nAcme,terms,2026-03-01\nBeta,Termz,2026-03-02\n";

#[test]
fn an_answer_never_replaces_the_database_or_what_belongs_to_it() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let before = std::fs::read(desk.db()).expect("the file");
    let rows = desk.file("h.csv", ROWS);
    for name in ["channel.db", "./channel.db", "channel.db-journal", "channel.db-wal", "channel.db.lock"] {
        for words in [
            &["list", "--force", "-o", name][..],
            &["note", "acme", "hi", "--format", "json", "--force", "-o", name],
            &["import", "stages", &rows, "--complete-history", "--skip-errors", "--force", "--rejects", name],
        ] {
            let err = desk.fails(2, words);
            assert!(err.contains(&format!("`{name}` is part of the database")), "{err}");
        }
    }
    assert_eq!(std::fs::read(desk.db()).expect("the file"), before);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_database_is_not_replaced_either() {
    let desk = Desk::new();
    let folder = desk.folder();
    std::os::unix::fs::symlink(desk.db(), folder.join("link.db")).expect("a link");
    desk.fails(2, &["list", "--force", "-o", "link.db"]);
    desk.fails(2, &["list", "--db", "link.db", "--force", "-o", "channel.db-journal"]);
    desk.fails(2, &["list", "--force", "-o", "/dev/null"]);
    desk.ok(&["list", "--db", "link.db"]);
}

#[test]
fn the_file_that_is_imported_is_not_written_over() {
    let desk = Desk::new();
    let rows = desk.file("h.csv", ROWS);
    let import = ["import", "stages", "h.csv", "--complete-history", "--skip-errors", "--force"];
    for option in ["-o", "--rejects"] {
        let err = desk.fails(2, &[&import[..], &[option, &rows]].concat());
        assert!(err.contains("is the file to import"), "{err}");
    }
    let err = desk.fails(2, &[&import[..], &["-o", "r.csv", "--rejects", "./r.csv"]].concat());
    assert!(err.contains("--output and --rejects name the same file"), "{err}");
    assert_eq!(std::fs::read_to_string(rows).expect("there"), ROWS);
}

#[test]
fn a_file_that_can_not_be_written_is_refused_before_anything_is_recorded() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let rows = desk.file("h.csv", ROWS);
    let there = desk.file("there.txt", "mine");
    let before = std::fs::read(desk.db()).expect("the file");
    let import = ["import", "stages", &rows, "--complete-history", "--skip-errors"];
    let note = ["note", "acme", "hi", "--format", "json"];
    for (code, words) in [
        (5, [&import[..], &["--rejects", "nowhere/r.csv"]].concat()),
        (5, [&import[..], &["-o", "nowhere/r.csv"]].concat()),
        (2, [&import[..], &["--rejects", &there]].concat()),
        (5, [&note[..], &["-o", "nowhere/note.json"]].concat()),
        (2, [&note[..], &["-o", &there]].concat()),
        (2, [&note[..], &["-o", "."]].concat()),
    ] {
        let err = desk.fails(code, &words);
        assert!(err.contains("hint: ") && !err.contains("--db"), "{err}");
        assert_eq!(std::fs::read(desk.db()).expect("the file"), before, "{words:?}");
    }
    assert_eq!(std::fs::read_to_string(there).expect("there"), "mine");
}

#[test]
fn a_dry_run_leaves_the_file_of_rejects_to_the_real_run() {
    let desk = Desk::new();
    let rows = desk.file("h.csv", ROWS);
    let import = ["import", "stages", &rows, "--complete-history", "--skip-errors", "--rejects", "r.csv"];
    desk.ok(&[&import[..], &["--dry-run"]].concat());
    assert!(!desk.folder().join("r.csv").exists());
    desk.ok(&import);
    assert!(desk.folder().join("r.csv").exists());
}

#[test]
fn a_file_that_can_not_be_used_is_told_with_a_remedy_that_helps() {
    let desk = Desk::empty();
    desk.file("empty.db", "");
    let err = desk.fails(5, &["list", "--db", "empty.db"]);
    assert!(
        err.contains("`empty.db` is empty") && err.contains("`chanlife init --db empty.db` completes it"),
        "{err}"
    );
    let damaged = Desk::new();
    let mut bytes = std::fs::read(damaged.db()).expect("the file");
    bytes[100..].fill(0xee);
    std::fs::write(damaged.db(), bytes).expect("written");
    let said = damaged.run(&["check"]);
    assert!(said.code != 0 && !said.err.contains("chanlife check"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_said_to_be_one() {
    let desk = Desk::empty();
    std::os::unix::fs::symlink("gone.db", desk.folder().join("link.db")).expect("a link");
    for words in [&["init", "--db", "link.db"][..], &["list", "--db", "link.db"]] {
        let err = desk.fails(5, words);
        assert!(err.contains("is a link to a file that does not exist") && !err.contains("init"), "{err}");
    }
}

#[test]
fn days_and_amounts_beyond_what_can_be_kept_are_told_their_limits() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let err = desk.fails(2, &["list", "--as-of", "1899-12-31"]);
    assert!(err.contains("is not between 1900-01-01 and 2199-12-31"), "{err}");
    let err = desk.fails(2, &["revenue", "add", "acme", "99999999999999999999"]);
    assert!(err.contains("is too large; the largest amount is 92233720368547758.07"), "{err}");
}

/// Takes a file without revenue back to format 1: what later formats added or changed goes, and comes back as it was.
fn to_format_1(desk: &Desk) {
    let first = rusqlite::Connection::open_in_memory().expect("a file");
    first.execute_batch(include_str!("../../src/store/schema/0001.sql")).expect("format 1");
    let parts_of = |connection: &rusqlite::Connection| -> Vec<(String, String, String)> {
        let sql =
            "select type, name, sql from sqlite_schema where type in ('view', 'table') and sql is not null
                   and name not like 'sqlite_%' order by type desc, name";
        let mut statement = connection.prepare(sql).expect("a schema");
        let parts =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("parts");
        parts.collect::<Result<_, _>>().expect("parts")
    };
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    let (old, new) = (parts_of(&first), parts_of(&connection));
    for (kind, name, _) in new.iter().filter(|part| !old.contains(part)) {
        connection.execute_batch(&format!("drop {kind} {name}")).expect("dropped");
    }
    for (.., sql) in old.iter().filter(|part| !new.contains(part)) {
        connection.execute_batch(sql).expect("made");
    }
    connection.pragma_update(None, "user_version", 1).expect("format 1");
}

/// The newest format: that of a new file.
fn newest() -> i64 {
    format_of(&Desk::new())
}

fn format_of(desk: &Desk) -> i64 {
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.query_row("pragma user_version", [], |row| row.get(0)).expect("a format")
}

#[test]
fn a_file_of_format_1_is_read_as_it_is_and_brought_to_the_newest_by_the_first_write() {
    for words in [&["report"][..], &["list"], &["check"], &["assess", "acme", "--answer", "credit=pass"]] {
        let desk = Desk::new();
        desk.ok(&["add-partner", "Acme", "--on", "2026-10-01"]);
        let before = desk.picture();
        to_format_1(&desk);
        desk.ok(words);
        if words[0] == "assess" {
            assert_eq!(format_of(&desk), newest());
        } else {
            assert_eq!(format_of(&desk), 1, "{words:?}");
            assert_eq!(desk.picture(), before, "{words:?}");
            desk.ok(&["note", "acme", "hello"]);
            assert_eq!(format_of(&desk), newest());
            desk.ok(&["undo"]);
            assert_eq!(format_of(&desk), newest());
        }
        desk.check();
    }
}

#[test]
fn a_file_of_format_1_is_read_while_another_process_writes_and_not_written() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    to_format_1(&desk);
    let holder = rusqlite::Connection::open(desk.db()).expect("open");
    holder.execute_batch("begin immediate").expect("held");
    assert!(desk.ok(&["report", "--wait", "0"]).contains("Recruitment"));
    let err = desk.fails(7, &["note", "acme", "hello", "--wait", "0"]);
    assert!(err.contains("another process") && !err.contains("format"), "{err}");
    drop(holder);
    assert_eq!(format_of(&desk), 1);
}
