//! Everything as text, and back: the same bytes in every report; what was changed on the way is refused.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::{BINARY, Desk, said};

/// A desk whose file is that of the lifecycle story, of examples/lifecycle.sh, with some more of what is rare.
pub(crate) fn desk_with_a_story() -> Desk {
    let mut desk = Desk::empty();
    let keep =
        format!("#!/bin/sh\n\"{BINARY}\" \"$@\"; code=$?; cp \"$CHANLIFE_DB\" \"$KEPT\"; exit $code\n");
    let wrapper = desk.file("chanlife", keep);
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).expect("set");
    let mut story = Command::new("sh");
    story.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lifecycle.sh"));
    story.env("CHANLIFE", wrapper).env("KEPT", desk.db());
    let told = said(story.output().expect("it starts"));
    assert_eq!(told.code, 0, "{}", told.err);
    desk.set_today("2026-11-26");
    let sales = "partner,amount,on,ref\nacme-gmbh,10,2026-01-02,a\nacme-gmbh,20.50,2026-01-02,b\n\
                 beta-ltd,-5,2026-02-03,c\nacme-gmbh,7,2026-03-04,d\n";
    let sales = desk.file("sales.csv", sales);
    desk.ok(&["import", "revenue", &sales, "--beside"]);
    desk.ok(&["note", "beta-ltd", "a \"quoted\" \\ note, with ünïcode"]);
    desk.ok(&["undo"]);
    desk.ok(&["redo"]);
    desk.ok(&["note", "beta-ltd", "a note that is taken back"]);
    desk.ok(&["undo"]);
    desk.ok(&["add-partner", "Beta Limited"]);
    desk.ok(&["merge", "beta-limited", "--into", "beta-ltd", "--yes"]);
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    let draft = "insert into draft values ('ben', 1, 'match', '{\"segment\":\"x\"}')";
    connection.execute_batch(draft).expect("a draft");
    desk
}

/// All that can be asked of the channel, and the review of one partner.
fn answers(desk: &Desk, db: &str) -> Vec<(String, String)> {
    let cli = <chanlife::face::cli::Cli as clap::CommandFactory>::command();
    let reports = cli.find_subcommand("report").expect("there").get_subcommands();
    let mut questions: Vec<String> = reports.map(|report| format!("report {}", report.get_name())).collect();
    let others = ["report", "list", "next", "calendar", "questions", "log", "check", "program show"];
    questions.extend(others.map(str::to_owned));
    let partner = desk.json(&["list", "--db", db])["rows"][0]["key"].as_str().expect("a key").to_owned();
    let ask = |question: String| {
        let mut words: Vec<&str> = question.split(' ').collect();
        match question.as_str() {
            "report compare" => words.extend(["--by", "type"]),
            "report review" => words.push(&partner),
            "log" => words.extend(["--limit", "0"]),
            _ => {}
        }
        if question != "program show" {
            words.extend(["--format", "json"]);
        }
        let answer = desk.ok(&[&words[..], &["--db", db]].concat());
        assert!(answer.len() > 2, "{question} says nothing");
        (question, answer)
    };
    questions.into_iter().map(ask).collect()
}

#[test]
fn every_report_has_the_same_bytes_after_everything_went_through_text() {
    let desk = desk_with_a_story();
    desk.ok(&["export", "--all", "-o", "all.jsonl"]);
    let text = std::fs::read_to_string(desk.folder().join("all.jsonl")).expect("text");
    assert!(text.contains(r#""row":"#) && text.contains(r#"{"draft":"ben""#), "not all kinds of line");
    desk.ok(&["import", "--all", "all.jsonl", "--db", "again.db"]);
    assert_eq!(desk.ok(&["export", "--all", "--db", "again.db"]), text);
    let file = desk.db().display().to_string();
    for ((question, one), (_, other)) in answers(&desk, &file).into_iter().zip(answers(&desk, "again.db")) {
        assert_eq!(one, other, "{question}");
    }
}

#[test]
fn what_is_recorded_later_only_adds_lines() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let before = desk.ok(&["export", "--all"]);
    desk.ok(&["note", "acme", "later"]);
    desk.ok(&["undo"]);
    let after = desk.ok(&["export", "--all"]);
    let added = after.strip_prefix(&before).expect("the same lines first");
    assert_eq!(added.lines().count(), 3, "{added}");
}

#[test]
fn a_text_that_was_changed_is_refused_with_the_place_and_no_file_is_left() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    desk.ok(&["note", "acme", "hello"]);
    let text = desk.ok(&["export", "--all"]);
    let lines: Vec<&str> = text.lines().collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n");
    let wide = format!("{}\n{{\"event\":{}1", lines[0], " ".repeat(1 << 24));
    for (changed, place) in [
        (text.replace("hello", "goodbye"), "action 3 or its events were changed"),
        (text.replace("\"actor\":\"ana\"", "\"actor\":\"eve\""), "action 1 or its events were changed"),
        (text.replace("hello", "he\\u202ello"), "line 7: hides a character, U+202E"),
        (text.replace("\"actor\":\"ana\"", "\"actor\":\"a\\u001bna\""), "line 2: hides a character, U+001B"),
        (without(0), "line 1: does not say that this is a chanlife file"),
        (without(1), "line 2: is an event before any action"),
        (without(2), "line 4: is event 2, where 1 is next"),
        (without(3), "line 6: is action 3, where 2 is next"),
        (text.replace("\"version\":1", "\"version\":2"), "line 1: is version 2"),
        (text.replace("\"kind\":\"record\"", "\"kind\":\"erase\""), "line 2: is no whole action"),
        (format!("{text}{{\"event\":"), "line 9: is no line of a chanlife text"),
        (text.replacen("\"day\"", "\"night\"", 1), "line 3: is no line of a chanlife text"),
        (String::new(), "has no action"),
        (lines[0].to_owned(), "has no action"),
        ("\u{0}\u{1}".to_owned(), "line 1"),
        (wide, "line 2: is longer than"),
    ] {
        let file = desk.file("changed.jsonl", changed);
        let err = desk.fails(6, &["import", "--all", &file, "--db", "new.db"]);
        assert!(err.contains(place), "{err}, where `{place}` was expected");
        let left = std::fs::read_dir(desk.folder()).expect("a folder").map(|entry| entry.expect("one"));
        let left: Vec<_> = left.filter(|one| one.file_name().to_string_lossy().contains("new.db")).collect();
        assert!(left.is_empty(), "{left:?} is left");
    }
    let err = desk.fails(5, &["import", "--all", &desk.file("whole.jsonl", text)]);
    assert!(err.contains("already has a history"), "{err}");
    desk.check();
}

#[test]
fn one_partner_is_handed_over_with_all_that_is_kept_and_nothing_of_others() {
    let desk = desk_with_a_story();
    let text = desk.ok(&["export", "beta-ltd"]);
    let of = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["partner"].as_i64();
    let partners: std::collections::BTreeSet<i64> = text.lines().filter_map(of).collect();
    assert_eq!(partners.len(), 2, "itself and the one merged into it: {partners:?}");
    let log = desk.json(&["log", "beta-ltd", "--limit", "0"]);
    for event in log["rows"].as_array().expect("rows") {
        let number = format!("{{\"event\":{},", event["event"]);
        assert!(text.contains(&number), "{event} is missing");
    }
    assert!(text.contains("a note that is taken back") && text.contains("\"kind\":\"undo\""));
    let file = desk.file("beta.jsonl", text);
    let err = desk.fails(6, &["import", "--all", &file, "--db", "new.db"]);
    assert!(err.contains("one partner only"), "{err}");
}
