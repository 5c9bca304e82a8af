//! Files of every format that a version of chanlife wrote open for ever; those in tests/formats were written by the
//! last version of their format, with the same history of three partners.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::Desk;

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats");
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ext| ext == "db")).collect();
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

/// The names of the files in the folder of a desk.
fn names_in(desk: &Desk) -> Vec<String> {
    let entries = std::fs::read_dir(desk.folder()).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.contains(".lock"));
    names.sort();
    names
}

/// A file as it is on the disk.
fn as_it_is(desk: &Desk) -> (Vec<u8>, std::time::SystemTime, Vec<String>) {
    let bytes = std::fs::read(desk.db()).expect("bytes");
    let modified = std::fs::metadata(desk.db()).and_then(|file| file.modified()).expect("a time");
    (bytes, modified, names_in(desk))
}

/// Files of older formats with their format.
fn older() -> Vec<(PathBuf, i64)> {
    let mut files = files();
    files.pop();
    files.into_iter().zip(1..).collect()
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn a_file_of_each_format_is_read_with_its_history_and_the_first_write_brings_it_to_the_newest() {
    let newest = format_of(&Desk::new());
    let files = files();
    assert_eq!(files.len() as i64, newest, "a file of each format, the newest too: {files:?}");
    for (file, format) in files.iter().zip(1..) {
        let desk = desk_with(file);
        let before = as_it_is(&desk);
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
        desk.check();
        desk.ok(&["list", "--as-of", "2026-03-05", "--known-on", "2026-03-05"]);
        let exported = desk.ok(&["export", "--all"]);
        let expected = std::fs::read_to_string(file.with_extension("jsonl")).expect("the text of the file");
        assert!(exported == expected, "the text of {} is another one:\n{exported}", file.display());
        assert!(as_it_is(&desk) == before, "reading changed the file of format {format}");
        desk.ok(&["undo", "--actor", "ana"]);
        assert_eq!(format_of(&desk), newest);
        desk.check();
        desk.ok(&["redo", "--actor", "ana"]);
        let all = desk.ok(&["export", "--all"]);
        let added = all.strip_prefix(&expected).expect("the same lines first");
        assert_eq!(added.lines().count(), 2, "format {format}: an undo and a redo: {added}");
        desk.file("all.jsonl", all);
        desk.ok(&["import", "--all", "all.jsonl", "--db", "again.db"]);
    }
}

#[test]
fn the_first_write_says_that_it_updates_the_file_and_keeps_it_as_it_was() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        let kept = desk.db().with_file_name(format!("{}.format-{format}", name_of(&desk.db())));
        std::fs::write(&kept, "mine").expect("written");
        let said = desk.run(&["note", "acme-gmbh", "called"]);
        let second = kept.with_file_name(format!("{}-2", name_of(&kept)));
        let newest = format_of(&desk);
        assert!(said.err.contains(&format!("from format {format} to format {newest}")), "{}", said.err);
        assert!(said.err.contains(&name_of(&second)), "{}", said.err);
        assert_eq!(std::fs::read_to_string(&kept).expect("read"), "mine", "never overwritten");
        let mode = std::fs::metadata(&second).expect("kept").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let connection = rusqlite::Connection::open(&second).expect("open");
        let of_copy: i64 = connection.query_row("pragma user_version", [], |row| row.get(0)).expect("read");
        assert_eq!(of_copy, format);
        let again = desk.run(&["note", "acme-gmbh", "called again"]);
        assert!(!again.err.contains("format"), "{}", again.err);
        let names = names_in(&desk);
        desk.check();
        assert_eq!(names_in(&desk), names);
    }
}

#[test]
fn dry_runs_refusals_and_what_is_so_already_leave_an_older_file_as_it_is() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        let before = as_it_is(&desk);
        let tried = desk.run(&["note", "acme-gmbh", "called", "--dry-run"]);
        assert_eq!(tried.code, 0, "{}", tried.err);
        desk.ok(&["park", "beta-ltd", "--reason", "again"]);
        desk.fails(4, &["advance", "gamma"]);
        desk.fails(3, &["note", "nobody", "called"]);
        desk.ok(&["edit", "acme-gmbh", "--owner", "ana"]);
        assert!(as_it_is(&desk) == before, "the file of format {format} changed: {:?}", names_in(&desk));
    }
}

#[test]
fn quiet_does_not_silence_the_update_and_check_names_the_format() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        let checked = desk.run(&["check"]);
        assert_eq!(checked.code, 0, "{}", checked.err);
        assert!(checked.err.contains(&format!("has format {format}; the next change")), "{}", checked.err);
        let said = desk.run(&["note", "acme-gmbh", "called", "--quiet"]);
        assert!(said.err.contains(&format!("from format {format} to format")), "{}", said.err);
        assert!(!desk.run(&["check"]).err.contains("format"));
    }
}

#[test]
fn forgetting_leaves_no_copy_in_the_older_format_and_names_the_copies_from_before() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        let dry = desk.run(&["forget", "acme-gmbh", "--dry-run"]);
        assert_eq!(dry.code, 0, "{}", dry.err);
        assert_eq!(format_of(&desk), format);
        let said = desk.run(&["forget", "acme-gmbh", "--yes", "--quiet"]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("no copy is kept"), "{}", said.err);
        let is_copy = |name: &String| name.contains(".format-") || name.starts_with(".chanlife");
        assert!(!names_in(&desk).iter().any(is_copy), "{:?}", names_in(&desk));
        for name in names_in(&desk) {
            let text = String::from_utf8_lossy(&std::fs::read(desk.folder().join(&name)).expect("bytes"))
                .to_lowercase();
            // The comments of a program have a partner of this name as an example.
            let bytes = text.replace("chanlife agree acme", "").into_bytes();
            assert!(!bytes.windows(4).any(|part| part == b"acme"), "{name} still names the partner");
        }
        desk.check();
    }
    for (file, format) in older() {
        let desk = desk_with(&file);
        desk.ok(&["note", "acme-gmbh", "called"]);
        let copy = format!("{}.format-{format}", name_of(&desk.db()));
        let said = desk.run(&["forget", "acme-gmbh", "--yes"]);
        assert!(said.err.contains(&copy) && !said.err.contains("no copy is kept"), "{}", said.err);
    }
}

#[test]
fn reading_an_older_file_needs_no_right_to_write_and_leaves_nothing_beside_it() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        std::fs::set_permissions(desk.db(), std::fs::Permissions::from_mode(0o400)).expect("set");
        std::fs::set_permissions(desk.folder(), std::fs::Permissions::from_mode(0o500)).expect("set");
        let before = as_it_is(&desk);
        for words in [
            &["list"][..],
            &["report"],
            &["list", "--known-on", "2026-03-05"],
            &["export", "--all"],
            &["note", "acme-gmbh", "called", "--dry-run"],
        ] {
            desk.ok(words);
            let left = std::fs::read_dir(desk.folder()).expect("a folder").count();
            assert_eq!(left, before.2.len(), "{words:?}, format {format}: {:?}", names_in(&desk));
        }
        assert!(as_it_is(&desk) == before, "reading changed the file of format {format}");
        std::fs::set_permissions(desk.folder(), std::fs::Permissions::from_mode(0o700)).expect("set");
    }
}

#[test]
fn a_read_of_an_older_file_that_is_killed_leaves_nothing() {
    let (file, _) = older().remove(0);
    let desk = desk_with(&file);
    let before = as_it_is(&desk);
    for delay in [0, 1, 2, 4, 8, 16, 32] {
        let mut command = desk.command();
        command.args(["report"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut reading = command.spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(delay));
        let _ = reading.kill();
        reading.wait().expect("it ends");
        let left = std::fs::read_dir(desk.folder()).expect("a folder").count();
        assert_eq!(left, before.2.len(), "after {delay} ms: {:?}", names_in(&desk));
        assert!(as_it_is(&desk) == before, "the file changed after {delay} ms");
    }
}

#[test]
fn two_writers_at_once_update_an_older_file_once() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        let writer = |text: &str| {
            let mut command = desk.command();
            command.args(["note", "acme-gmbh", text]).stderr(std::process::Stdio::piped());
            command.stdout(std::process::Stdio::null()).spawn().expect("it starts")
        };
        let writers = [writer("one"), writer("two")];
        let said = writers.map(|one| one.wait_with_output().expect("it ends"));
        assert!(said.iter().all(|one| one.status.success()), "{said:?}");
        let told =
            said.iter().filter(|one| String::from_utf8_lossy(&one.stderr).contains("to format")).count();
        assert_eq!(told, 1, "{said:?}");
        let kept =
            names_in(&desk).into_iter().filter(|name| name.contains(&format!(".format-{format}"))).count();
        assert_eq!(kept, 1, "{:?}", names_in(&desk));
        desk.check();
        let log = desk.ok(&["log", "acme-gmbh", "--format", "json"]);
        assert!(log.contains("one") && log.contains("two"), "{log}");
    }
}

#[test]
fn without_room_for_the_copy_an_older_file_is_not_updated() {
    for (file, format) in older() {
        let desk = desk_with(&file);
        let before = as_it_is(&desk);
        let plain = desk.command();
        let mut command = std::process::Command::new("sh");
        // Writing beyond the limit fails as on a full disk.
        command.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" note acme-gmbh called"]);
        command.env_clear().arg(plain.get_program());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(plain.get_current_dir().unwrap_or(desk.folder()));
        let output = command.output().expect("it starts");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{err}");
        assert!(as_it_is(&desk) == before, "the file of format {format} changed: {:?}", names_in(&desk));
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
        desk.ok(&["note", "acme-gmbh", "called"]);
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
