//! Copies of the file: sound while others write, never half there, and put back whatever became of the file.

use std::fs;
use std::path::PathBuf;
use std::thread;

use crate::support::Desk;

/// The files in a folder, by name.
fn files(folder: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

fn replaced(desk: &Desk) -> Vec<String> {
    files(desk.folder().to_owned()).into_iter().filter(|name| name.contains("-replaced-")).collect()
}

fn desk_with_acme() -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-09-01"]);
    desk
}

/// Four writers at once, each with ten notes on acme.
fn four_write_notes<'s>(scope: &'s thread::Scope<'s, '_>, desk: &'s Desk) {
    for writer in 0..4 {
        scope.spawn(move || {
            for note in 0..10 {
                desk.ok(&["note", "acme", &format!("{writer} {note}"), "--wait", "60"]);
            }
        });
    }
}

#[test]
fn copies_are_sound_and_nothing_acknowledged_is_lost_while_many_write() {
    let desk = desk_with_acme();
    thread::scope(|scope| {
        four_write_notes(scope, &desk);
        let mut before = 0;
        for copy in 0..8 {
            let file = format!("copy-{copy}.db");
            desk.ok(&["backup", &file, "--wait", "60"]);
            let checked = desk.json(&["check", "--db", &file]);
            assert_eq!(checked["sound"], true, "{checked}");
            let actions = checked["actions"].as_i64().expect("a number");
            assert!(actions >= before, "{actions} actions after {before}");
            before = actions;
        }
    });
    assert_eq!(desk.json(&["check"])["actions"], 42);
}

#[test]
fn what_is_acknowledged_while_a_copy_is_put_back_is_in_the_file_or_in_what_was_replaced() {
    let desk = desk_with_acme();
    desk.ok(&["backup", "copy.db"]);
    thread::scope(|scope| {
        four_write_notes(scope, &desk);
        for _ in 0..4 {
            desk.ok(&["restore", "copy.db", "--yes", "--wait", "60"]);
        }
    });
    // Two actions are in the copy, and so in all of them.
    let kept = replaced(&desk);
    assert_eq!(kept.len(), 4);
    let notes = kept.iter().map(String::as_str).chain(["channel.db"]).map(|file| {
        let checked = desk.json(&["check", "--db", file]);
        assert_eq!(checked["sound"], true, "{file}: {checked}");
        checked["actions"].as_i64().expect("a number") - 2
    });
    assert_eq!(notes.sum::<i64>(), 40);
}

#[test]
fn a_copy_is_no_other_than_the_file_and_holds_nothing_readable_by_others() {
    let desk = desk_with_acme();
    desk.ok(&["backup", "copy.db"]);
    let picture = desk.picture();
    desk.ok(&["leave", "acme", "--as", "withdrew", "--reason", "x"]);
    assert_ne!(desk.picture(), picture);
    desk.ok(&["restore", "copy.db", "--yes"]);
    assert_eq!(desk.picture(), picture);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in ["copy.db", "channel.db", replaced(&desk)[0].as_str()] {
            let mode = fs::metadata(desk.folder().join(name)).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}

#[test]
fn what_restore_replaced_can_be_put_back_too() {
    let desk = desk_with_acme();
    desk.ok(&["backup", "copy.db"]);
    desk.ok(&["add-partner", "Beta", "--on", "2026-09-01"]);
    let picture = desk.picture();
    desk.ok(&["restore", "copy.db", "--yes"]);
    let kept = replaced(&desk);
    assert_eq!(kept.len(), 1);
    desk.ok(&["restore", &kept[0], "--yes"]);
    assert_eq!(desk.picture(), picture);
    assert_eq!(replaced(&desk).len(), 2);
    desk.check();
}

#[test]
fn a_file_that_is_damaged_anywhere_is_replaced_by_a_good_copy_and_kept() {
    for damaged in [0..100, 4096..12_288, 20_000..40_000] {
        let desk = desk_with_acme();
        desk.ok(&["backup", "copy.db"]);
        let picture = desk.picture();
        let mut bytes = fs::read(desk.db()).expect("a file");
        bytes[damaged.clone()].fill(0x5a);
        fs::write(desk.db(), &bytes).expect("written");
        desk.ok(&["restore", "copy.db", "--yes"]);
        assert_eq!(desk.picture(), picture, "{damaged:?}");
        desk.check();
        let kept = fs::read(desk.folder().join(&replaced(&desk)[0])).expect("kept");
        assert_eq!(kept.len(), bytes.len());
        assert!(kept[damaged.clone()].iter().all(|byte| *byte == 0x5a), "{damaged:?}");
    }
}

#[test]
fn a_file_that_does_not_say_the_truth_is_not_copied_as_if_it_did() {
    let desk = desk_with_acme();
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.execute("update event set day = day + 1 where kind = 'joined'", []).expect("changed");
    drop(connection);
    let before = files(desk.folder().to_owned());
    let said = desk.fails(5, &["backup", "copy.db"]);
    assert!(said.contains("damaged") && said.contains("action 2"), "{said}");
    assert_eq!(files(desk.folder().to_owned()), before);
    fs::copy(desk.db(), desk.folder().join("false.db")).expect("copied");
    let bytes = fs::read(desk.db()).expect("a file");
    desk.fails(5, &["restore", "false.db", "--yes"]);
    assert_eq!(fs::read(desk.db()).expect("a file"), bytes);
    assert_eq!(replaced(&desk), [""; 0]);
}

#[test]
fn only_the_oldest_dated_copies_of_this_file_are_deleted() {
    let desk = desk_with_acme();
    let folder = desk.folder().join("copies");
    fs::create_dir(&folder).expect("a folder");
    let stay = ["channel-notes.db", "other-2020-01-01T000000Z.db", "channel-2020-01-01T000000Z.txt"];
    let old = ["channel-2020-01-01T000000Z.db", "channel-2020-01-02T000000Z.db"];
    for name in stay.iter().chain(&old) {
        fs::write(folder.join(name), "x").expect("a file");
    }
    desk.ok(&["backup", "--keep", "2", "copies"]);
    let left = files(folder);
    assert_eq!(left.len(), 5, "{left:?}");
    assert!(stay.iter().chain(&old[1..]).all(|name| left.contains(&(*name).to_owned())), "{left:?}");
}

#[test]
fn a_file_of_another_program_is_neither_restored_nor_replaced() {
    let desk = desk_with_acme();
    desk.ok(&["backup", "copy.db"]);
    let other = desk.folder().join("other.db");
    rusqlite::Connection::open(&other).expect("open").execute_batch("create table x (a)").expect("made");
    let bytes = fs::read(&other).expect("a file");
    desk.fails(5, &["restore", "other.db", "--yes"]);
    desk.fails(5, &["restore", "copy.db", "--yes", "--db", "other.db"]);
    assert_eq!(fs::read(&other).expect("a file"), bytes);
    desk.fails(2, &["restore", "channel.db", "--yes"]);
    desk.ok(&["restore", "copy.db", "--db", "new/emea.db"]);
    assert_eq!(desk.json(&["check", "--db", "new/emea.db"])["partners"], 1);
}

#[test]
fn repair_writes_anew_what_follows_from_the_events_and_keeps_the_file_as_it_was() {
    let desk = desk_with_acme();
    desk.ok(&["advance", "acme", "--override", "x", "--on", "2026-10-01"]);
    let picture = desk.picture();
    let change = |sql: &str| {
        rusqlite::Connection::open(desk.db()).expect("open").execute_batch(sql).expect("changed");
    };
    change("delete from stay where partner = 1; update partner set key = 'other'");
    assert!(desk.run(&["check", "--quiet"]).out.contains("differ from the recorded events"));
    assert!(desk.fails(1, &["check"]).contains("chanlife check --repair"));
    desk.ok(&["check", "--repair"]);
    assert_eq!(desk.picture(), picture);
    desk.check();
    assert_eq!(desk.ok(&["check", "--quiet"]), "");
    let kept: Vec<String> = files(desk.folder().to_owned())
        .into_iter()
        .filter(|name| name.starts_with("channel-unrepaired-"))
        .collect();
    desk.fails(1, &["check", "--db", &kept[0]]);
    // Nothing to repair: nothing is written, and no copy either.
    desk.ok(&["check", "--repair"]);
    change("update event set body = replace(body, 'Acme', 'Bcme')");
    let bytes = fs::read(desk.db()).expect("a file");
    let said = desk.fails(1, &["check", "--repair"]);
    assert!(said.contains("chanlife restore FILE"), "{said}");
    assert_eq!(fs::read(desk.db()).expect("a file"), bytes);
    let kept = files(desk.folder().to_owned()).into_iter().filter(|name| name.contains("-unrepaired-"));
    assert_eq!(kept.count(), 1);
}
