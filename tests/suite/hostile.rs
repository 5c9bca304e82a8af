//! Input that breaks importers and command lines: a clear answer, nothing half done, never a panic.

use crate::support::Desk;

/// What should become of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    /// It is imported.
    Taken,
    /// Nothing of it is imported, and it is said where and why.
    Refused,
}

use Verdict::{Refused, Taken};

fn with_header(rows: &[u8]) -> Vec<u8> {
    [b"partner,stage,entered_on\n", rows].concat()
}

fn nasty_files() -> Vec<(&'static str, Vec<u8>, Verdict)> {
    let good = b"P1,recruitment,2025-01-02\nP1,terms,2025-02-03\n";
    let wide: Vec<u8> = [
        b"partner,stage,entered_on".to_vec(),
        (0..100_000).flat_map(|n| format!(",c{n}").into_bytes()).collect(),
    ]
    .concat();
    let date = |text: &str| with_header(format!("P1,terms,{text}\n").as_bytes());
    vec![
        ("plain", with_header(good), Taken),
        ("byte order mark", [&b"\xef\xbb\xbf"[..], &with_header(good)].concat(), Taken),
        ("CRLF", String::from_utf8_lossy(&with_header(good)).replace('\n', "\r\n").into_bytes(), Taken),
        (
            "old Mac line ends",
            String::from_utf8_lossy(&with_header(good)).replace('\n', "\r").into_bytes(),
            Taken,
        ),
        ("no line end at the end", with_header(good).strip_suffix(b"\n").unwrap().to_vec(), Taken),
        ("empty", vec![], Refused),
        ("blank lines only", b"\n\n\n".to_vec(), Refused),
        ("header only", with_header(b""), Taken),
        ("no header", good.to_vec(), Refused),
        ("a header twice", b"partner,stage,stage,entered_on\nP1,terms,terms,2025-01-02\n".to_vec(), Refused),
        ("columns in another order", b"entered_on,partner,stage\n2025-01-02,P1,terms\n".to_vec(), Taken),
        ("a column too many", b"partner,stage,entered_on,colour\nP1,terms,2025-01-02,red\n".to_vec(), Taken),
        ("a column missing", b"partner,entered_on\nP1,2025-01-02\n".to_vec(), Refused),
        ("a short row", with_header(b"P1,terms\n"), Refused),
        ("a long row", with_header(b"P1,terms,2025-01-02,x\n"), Refused),
        ("a quote never closed", with_header(b"\"P1,terms,2025-01-02\nP2,terms,2025-01-02\n"), Refused),
        (
            "a quote never closed at the end",
            with_header(b"P1,terms,2025-01-02\nP2,terms,\"2025-01-02\n"),
            Refused,
        ),
        ("a quote inside", with_header(b"P1,ter\"ms,2025-01-02\n"), Refused),
        ("a line end in a name", with_header(b"\"P1\nP2\",terms,2025-01-02\n"), Refused),
        ("a NUL byte", with_header(b"P\0,terms,2025-01-02\n"), Refused),
        ("Latin-1", with_header(b"P\xe9,terms,2025-01-02\n"), Refused),
        ("UTF-16", "partner,stage,entered_on\n".encode_utf16().flat_map(u16::to_le_bytes).collect(), Refused),
        (
            "UTF-16 with its mark",
            [vec![0xff, 0xfe], "partner".encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
            Refused,
        ),
        ("a surrogate", with_header(b"P\xed\xa0\x80,terms,2025-01-02\n"), Refused),
        ("an overlong encoding", with_header(b"P\xc0\xaf,terms,2025-01-02\n"), Refused),
        (
            "one name in two Unicode forms",
            with_header("Café,terms,2025-01-02\nCafe\u{301},launch,2025-01-03\n".as_bytes()),
            Taken,
        ),
        ("a name in two spellings", with_header(b"P1,terms,2025-01-02\np1 ,launch,2025-01-03\n"), Refused),
        ("no name", with_header(b",terms,2025-01-02\n"), Refused),
        ("an unknown stage", with_header(b"P1,Termz,2025-01-02\n"), Refused),
        (
            "a formula as a name",
            with_header(b"\"=HYPERLINK(\"\"http://x\"\")\",terms,2025-01-02\n+1,terms,2025-01-02\n"),
            Taken,
        ),
        ("an escape sequence", with_header(b"P\x1b[2J,terms,2025-01-02\n"), Refused),
        ("a C1 control", with_header("P\u{9b}31m,terms,2025-01-02\n".as_bytes()), Refused),
        ("a bidirectional override", with_header("P\u{202e}gnp.exe,terms,2025-01-02\n".as_bytes()), Refused),
        ("a zero-width space", with_header("P\u{200b}1,terms,2025-01-02\n".as_bytes()), Refused),
        ("SQL in a name", with_header(b"Robert'); drop table event;--,terms,2025-01-02\n"), Taken),
        ("30 February", date("2026-02-30"), Refused),
        ("a date of zeros", date("0000-00-00"), Refused),
        ("month 13", date("2026-13-01"), Refused),
        ("slashes", date("03/04/2026"), Refused),
        ("the year 10000", date("10000-01-01"), Refused),
        ("a year below zero", date("-0001-01-01"), Refused),
        ("25 o'clock", date("2026-01-01T25:00:00Z"), Refused),
        ("no date", date(""), Refused),
        ("a word for a date", date("yesterday"), Refused),
        ("seconds since 1970", date("1767225600"), Refused),
        ("Arabic digits", date("٢٠٢٦-٠١-٠١"), Refused),
        ("a leap day", date("2024-02-29"), Taken),
        ("a day to come", date("2999-01-01"), Refused),
        ("a time zone", date("2026-01-01T23:30:00-08:00"), Taken),
        ("rows out of order", with_header(b"P1,terms,2025-02-03\nP1,recruitment,2025-01-02\n"), Taken),
        ("two moves on one day", with_header(b"P1,recruitment,2025-01-02\nP1,terms,2025-01-02\n"), Taken),
        ("all rows twice", with_header(&[&good[..], good].concat()), Taken),
        ("the same stage twice", with_header(b"P1,terms,2025-01-02\nP1,terms,2025-01-05\n"), Taken),
        ("a row after leaving", with_header(b"P1,declined,2025-01-02\nP1,terms,2025-01-05\n"), Refused),
        (
            "a name of 10 MB",
            with_header(&[&b"P"[..], &vec![b'x'; 10_000_000], b",terms,2025-01-02\n"].concat()),
            Refused,
        ),
        ("100,000 columns", wide, Refused),
    ]
}

#[test]
fn files_that_break_importers_are_taken_or_refused_as_a_whole() {
    for (name, bytes, verdict) in nasty_files() {
        let desk = Desk::new();
        let before = desk.picture();
        let file = desk.file("nasty.csv", bytes);
        let said = desk.run(&["import", "stages", &file, "--complete-history"]);
        let expected = if verdict == Taken { 0 } else { 6 };
        assert_eq!(said.code, expected, "{name}: {}", said.err);
        if verdict == Refused {
            assert_eq!(desk.picture(), before, "{name}");
            assert!(said.err.contains("line "), "{name} names no line: {}", said.err);
            assert!(said.err.len() < 5_000, "{name} is told at length");
        }
        assert!(!said.err.chars().any(|c| c.is_control() && c != '\n'), "{name}: {:?}", said.err);
        desk.check();
    }
}

#[test]
fn the_same_files_given_as_partners_revenue_and_programs_never_panic() {
    for (name, bytes, _) in nasty_files() {
        let desk = Desk::new();
        let file = desk.file("nasty", bytes);
        for words in [
            &["import", "partners", &file, "--map", "partner=name"][..],
            &["import", "revenue", &file, "--map", "entered_on=on", "--map", "stage=amount"],
            &["program", "check", &file],
            &["program", "apply", &file],
            &["list", "--db", &file],
        ] {
            let said = desk.run(words);
            assert!(
                [0, 5, 6].contains(&said.code),
                "{name}: {words:?} ended with {}: {}",
                said.code,
                said.err
            );
        }
        desk.check();
    }
}

#[test]
fn programs_that_are_none_are_told_why() {
    let deep = format!("x = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for (name, text) in [
        ("empty", String::new()),
        ("a comment", "# nothing".to_owned()),
        ("no stages", "[program]\nname = \"x\"\ncurrency = \"EUR\"\n".to_owned()),
        ("nested too deep", deep),
        ("stages of another type", "stage = 1\nprogram = []\nfield = {}\n".to_owned()),
        ("a thousand stages", "[[stage]]\nkey = \"a\"\n".repeat(1000)),
        ("a control character", "[program]\nname = \"a\\u001b[2J\"\ncurrency = \"EUR\"\n".to_owned()),
        ("a huge number", "[[stage]]\nkey = \"a\"\ntarget_days = 99999999999999999999\n".to_owned()),
        ("an infinite amount", "[productive]\nrevenue_12m = inf\n".to_owned()),
        ("a date for a key", "[[stage]]\nkey = 2026-01-01\n".to_owned()),
    ] {
        let desk = Desk::new();
        let file = desk.file("p.toml", text);
        let err = desk.fails(6, &["program", "check", &file]);
        assert!(err.contains("p.toml:") && err.contains("hint: "), "{name}: {err}");
        desk.fails(6, &["program", "apply", &file]);
        desk.check();
    }
}

#[test]
fn texts_on_the_command_line_are_kept_as_they_are_or_refused() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Robert'); drop table event;--", "--owner", "=1+1", "--region", "a,b\"c"]);
    let list = desk.ok(&["list", "--columns", "name,owner,region", "--format", "csv"]);
    assert_eq!(list, "name,owner,region,region_all\nRobert'); drop table event;--,=1+1,a,\"a;b\"\"c\"\n");
    let excel = desk.ok(&["list", "--columns", "name,owner", "--excel"]);
    assert_eq!(excel, "\u{feff}name,owner\r\nRobert'); drop table event;--,'=1+1\r\n");
    for bad in ["", " ", "a\u{1b}b", "a\u{202e}b", "a\nb", &"x".repeat(100_000)] {
        let err = desk.fails(2, &["add-partner", bad]);
        assert!(err.len() < 1_000, "{err}");
    }
    let err = desk.fails(3, &["show", "a\u{1b}[2J"]);
    assert!(!err.contains('\u{1b}'), "{err:?}");
    desk.ok(&["add-partner", "| pipe `tick` <b> *star*"]);
    let markdown = desk.ok(&["list", "--columns", "name", "--format", "md"]);
    assert!(markdown.contains("\\| pipe \\`tick\\` \\<b\\> \\*star\\*"), "{markdown}");
    desk.check();
}

#[cfg(unix)]
#[test]
fn words_that_are_not_text_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let bytes = std::ffi::OsStr::from_bytes(b"a\xff");
    let said =
        crate::support::said(desk.command().args(["add-partner"]).arg(bytes).output().expect("it starts"));
    assert_eq!(said.code, 2, "{}", said.err);
}

#[test]
fn a_variable_that_is_empty_is_not_set_and_one_that_makes_no_sense_is_refused() {
    let desk = Desk::new();
    let run = |name: &str, value: &str| {
        let mut command = desk.command();
        command.args(["add-partner"]).env(name, value);
        crate::support::said(command.output().expect("it starts"))
    };
    for yes in ["1", "true", "yes", "on", "0", "no", ""] {
        let said = run("CHANLIFE_NO_INPUT", yes);
        assert!(said.code == 2 && said.err.contains("name"), "{yes}: {}", said.err);
        assert!(!said.err.contains("not a boolean"), "{yes}: {}", said.err);
    }
    assert!(run("CHANLIFE_NO_INPUT", "perhaps").err.contains("--no-input: `perhaps` is neither yes nor no"));
    for name in ["CHANLIFE_DB", "CHANLIFE_FORMAT", "CHANLIFE_TODAY", "CHANLIFE_ACTOR", "CHANLIFE_WAIT"] {
        let mut command = desk.command();
        command.args(["add-partner", &format!("Acme {name}"), "--on", "2020-01-01"]).env(name, "");
        let said = crate::support::said(command.output().expect("it starts"));
        assert_eq!(said.code, 0, "{name}: {}", said.err);
    }
    assert!(desk.folder().join(".local/share/chanlife/chanlife.db").exists());
    desk.fails(2, &["list", "--db", ""]);
}

#[test]
fn words_of_any_length_are_not_said_back_at_length() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let long = "x".repeat(50_000);
    for words in [
        &["show", &long][..],
        &["list", "--where", &long],
        &["list", "--as-of", &long],
        &["list", "--wait", &long],
        &["list", "--format", &long],
        &["edit", "acme", "--set", &long],
        &["edit", "acme", "--contact", &long],
        &["revenue", "add", "acme", &long],
        &["import", "stages", &long],
        &["import", "stages", "h.csv", "--map", &long],
        &[&long],
        &["list", &format!("--{long}")],
    ] {
        let said = desk.run(words);
        assert!(said.code > 1 && said.err.len() < 2_000, "{}: {}", words[0], said.err.len());
    }
}

#[test]
fn a_time_to_wait_beyond_a_day_is_refused() {
    let desk = Desk::new();
    desk.ok(&["list", "--wait", "86400"]);
    for seconds in ["86401", "2147484", "18446744073709551615"] {
        let err = desk.fails(2, &["list", &format!("--wait={seconds}")]);
        assert!(err.contains("--wait") && err.contains("86400"), "{err}");
    }
}

#[test]
fn things_that_are_no_files_of_ours_are_refused_and_left_as_they_are() {
    let desk = Desk::new();
    let text = desk.file("text.db", "just a text, long enough to look like a header of something");
    let other = desk.folder().join("other.db");
    let connection = rusqlite::Connection::open(&other).expect("a database");
    connection.execute_batch("create table theirs (x); insert into theirs values (1)").expect("made");
    drop(connection);
    let other = other.display().to_string();
    for file in [&text, &other] {
        let before = std::fs::read(file).expect("there");
        for words in
            [&["list", "--db", file][..], &["add-partner", "X", "--db", file], &["init", "--db", file]]
        {
            desk.fails(5, words);
        }
        assert_eq!(std::fs::read(file).expect("there"), before);
    }
    let folder = desk.folder().display().to_string();
    desk.fails(5, &["list", "--db", &folder]);
    desk.fails(5, &["init", "--db", "no/such/file/../x.db"]);
    desk.fails(5, &["add-partner", "X", "--db", "/dev/null"]);
}
