//! Processes that meet, are killed, or cannot print what they did.

use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::{Desk, said};

#[test]
fn many_writers_at_once_all_succeed_and_nothing_is_lost() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let failed = AtomicUsize::new(0);
    thread::scope(|scope| {
        for writer in 0..8 {
            let (desk, failed) = (&desk, &failed);
            scope.spawn(move || {
                for note in 0..12 {
                    let said = desk.run(&["note", "acme", &format!("writer {writer} note {note}")]);
                    failed.fetch_add(usize::from(said.code != 0), Ordering::Relaxed);
                }
            });
        }
        for _ in 0..10 {
            desk.ok(&["report"]);
        }
    });
    assert_eq!(failed.into_inner(), 0);
    let log = desk.ok(&["log", "acme", "--format", "csv"]);
    assert_eq!(log.lines().filter(|line| line.contains(",noted,")).count(), 96);
    desk.check();
}

#[test]
fn two_first_commands_at_once_make_one_file() {
    for _ in 0..5 {
        let desk = Desk::empty();
        let run = |name: &'static str| {
            let mut command = desk.command();
            command.env_remove("CHANLIFE_DB").args(["add-partner", name]);
            command.spawn().expect("it starts")
        };
        for mut child in [run("Acme"), run("Beta"), run("Gamma")] {
            assert!(child.wait().expect("it ends").success());
        }
        let mut list = desk.command();
        list.env_remove("CHANLIFE_DB").args(["list", "--columns", "key", "--format", "csv"]);
        assert_eq!(said(list.output().expect("it starts")).out, "key\nacme\nbeta\ngamma\n");
    }
}

#[test]
fn a_file_that_another_process_holds_is_said_to_be_busy() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let holder = rusqlite::Connection::open(desk.db()).expect("open");
    holder.execute_batch("begin exclusive").expect("held");
    for words in
        [&["note", "acme", "x", "--wait", "1"][..], &["list", "--wait", "0"], &["undo", "--wait", "0"]]
    {
        let err = desk.fails(7, words);
        assert!(err.contains("another process is using the file") && err.contains("--wait"), "{err}");
    }
    holder.execute_batch("rollback").expect("released");
    desk.ok(&["note", "acme", "x"]);
    desk.check();
}

#[test]
fn the_queue_of_writers_is_left_after_the_time_that_was_given() {
    let desk = Desk::new();
    let lock = std::fs::File::create(desk.folder().join("channel.db.lock")).expect("the lock");
    lock.lock().expect("locked");
    let err = desk.fails(7, &["add-partner", "Acme", "--wait", "1"]);
    assert!(err.contains("after waiting 1 s"), "{err}");
    desk.ok(&["list"]);
    drop(lock);
    desk.ok(&["add-partner", "Acme"]);
}

/// Kills a command after a while, and tells whether it ended well before.
fn ends_before_it_is_killed(desk: &Desk, args: &[&str], delay: Duration) -> bool {
    let mut command = desk.command();
    let started = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = started.expect("it starts");
    thread::sleep(delay);
    let _ = child.kill();
    child.wait().expect("it ends").success()
}

/// Deterministic delays that spread over a command's life.
fn delays(count: u64, longest_micros: u64) -> impl Iterator<Item = Duration> {
    (0..count).map(move |n| Duration::from_micros(n * longest_micros / count))
}

#[test]
fn a_command_that_is_killed_has_happened_whole_or_not_at_all() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let mut acknowledged = 0;
    for (number, delay) in delays(60, 12_000).enumerate() {
        let text = format!("note {number}");
        acknowledged += usize::from(ends_before_it_is_killed(&desk, &["note", "acme", &text], delay));
        desk.check();
    }
    let log = desk.ok(&["log", "acme", "--format", "csv"]);
    assert!(log.lines().filter(|line| line.contains(",noted,")).count() >= acknowledged);
    desk.ok(&["note", "acme", "after"]);
}

#[test]
fn an_import_that_is_killed_has_brought_all_or_nothing() {
    let desk = Desk::new();
    let rows: String =
        (0..3000).map(|n| format!("P{n},recruitment,2025-01-01\nP{n},terms,2025-02-01\n")).collect();
    let file = desk.file("h.csv", format!("partner,stage,entered_on\n{rows}"));
    let mut interrupted = 0;
    for delay in delays(25, 400_000) {
        let import = ["import", "stages", &file, "--complete-history"];
        interrupted += usize::from(!ends_before_it_is_killed(&desk, &import, delay));
        desk.check();
        let partners = desk.json(&["report"])["partners"].as_u64();
        assert!(partners == Some(0) || partners == Some(3000), "{partners:?}");
        if partners == Some(3000) {
            desk.ok(&["undo"]);
        }
    }
    assert!(interrupted > 0, "no import was caught at work");
}

#[test]
fn an_answer_that_nobody_reads_is_no_failure() {
    let desk = Desk::new();
    for n in 0..50 {
        desk.ok(&["add-partner", &format!("Partner with a rather long name, number {n}"), "-q"]);
    }
    for words in
        [&["list", "--limit", "0"][..], &["report", "--format", "json"], &["program", "show"], &["--help"]]
    {
        let mut child = desk.command().args(words).stdout(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let status = child.wait().expect("it ends");
        assert!(matches!(status.code(), Some(0)), "{words:?}: {status:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_can_not_be_written_is_a_failure_that_says_what_was_recorded() {
    let full =
        || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device"));
    let desk = Desk::new();
    let report = desk.command().args(["report"]).stdout(full()).output().expect("it starts");
    assert_eq!(report.status.code(), Some(5));
    let add = desk.command().args(["add-partner", "Acme", "--format", "json"]).stdout(full()).output();
    let add = said(add.expect("it starts"));
    assert_eq!(add.code, 5);
    assert!(add.err.contains("action 2 was recorded, but the output could not be written"), "{}", add.err);
    assert_eq!(desk.json(&["show", "acme"])["stage"], "recruitment");
    // Nowhere to complain to: the exit code still tells.
    let silent = desk.command().args(["show", "nobody"]).stderr(full()).status().expect("it starts");
    assert_eq!(silent.code(), Some(3));
}

#[test]
fn what_is_changed_behind_our_back_is_found() {
    for damage in [
        "update event set body = replace(body, '\"advanced\"', '\"back\"') where kind = 'entered' and number > 3",
        "update event set day = day - 1 where kind = 'done'",
        "delete from event where kind = 'noted'",
        "update action set actor = 'eve' where id = 3",
        "delete from action where id = 3",
        "update stay set entered = entered - 5 where seq = 1",
        "delete from milestone",
        "update profile set owner = 'eve'",
        "insert into undone (action, undo) values (3, 4)",
        "insert into event values (999, 3, 1, 20000, 'noted', '{\"text\":\"x\"}')",
        "update event set kind = 'teleported' where kind = 'noted'",
    ] {
        let desk = Desk::new();
        desk.ok(&["add-partner", "Acme", "--on", "2026-06-01"]);
        desk.ok(&["done", "acme", "profile-match", "--on", "2026-06-10"]);
        desk.ok(&["advance", "acme", "--override", "x", "--on", "2026-07-01"]);
        desk.ok(&["note", "acme", "hello"]);
        desk.check();
        let connection = rusqlite::Connection::open(desk.db()).expect("open");
        connection.execute_batch("pragma foreign_keys = off").expect("set");
        connection.execute_batch(damage).expect("damaged");
        drop(connection);
        let found = desk.run(&["check"]);
        assert_eq!(found.code, 1, "{damage}: {}{}", found.out, found.err);
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file_from_its_first_byte() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::empty();
    let mut add = desk.command();
    add.env_remove("CHANLIFE_DB").args(["add-partner", "Acme"]);
    assert!(add.status().expect("it starts").success());
    let folder = desk.folder().join(".local/share/chanlife");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[cfg(unix)]
#[test]
fn check_says_who_else_can_use_the_file_and_what_a_dead_process_left() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let mode = |mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(desk.db(), mode).expect("set");
    };
    mode(0o640);
    let found = desk.run(&["check", "--quiet"]);
    assert!(found.code == 1 && found.out.contains("mode 640"), "{}{}", found.out, found.err);
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.execute_batch("delete from stay").expect("damaged");
    drop(connection);
    let both = desk.run(&["check"]);
    assert!(both.code == 1 && both.err.contains("check --repair"), "{}{}", both.out, both.err);
    desk.fails(1, &["check", "--repair"]);
    mode(0o600);
    desk.check();
    // A writer that is stopped in the middle of a large write leaves a journal.
    let holder = rusqlite::Connection::open(desk.db()).expect("open");
    holder
        .execute_batch("pragma cache_size = 1; begin immediate; update event set day = day - 1")
        .expect("begun");
    let copy = |name: &str, to: &str| {
        std::fs::copy(desk.folder().join(name), desk.folder().join(to)).expect("copied");
    };
    copy("channel.db", "dead.db");
    copy("channel.db-journal", "dead.db-journal");
    holder.execute_batch("rollback").expect("taken back");
    let said = desk.run(&["check", "--db", "dead.db"]);
    assert!(said.code == 0 && said.err.contains("left a journal of"), "{}{}", said.out, said.err);
}

#[test]
fn a_file_whose_making_was_cut_off_is_new() {
    let desk = Desk::empty();
    desk.file("channel.db", "");
    #[cfg(unix)]
    std::fs::set_permissions(desk.db(), std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
    desk.fails(5, &["list"]);
    desk.ok(&["init"]);
    desk.ok(&["add-partner", "Acme"]);
    desk.check();
}

#[test]
fn the_sqlite_inside_is_new_enough_not_to_lose_commits() {
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}
