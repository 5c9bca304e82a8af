//! The programs that come with chanlife: each is valid and leads a partner to the end, and the Italian one says the same
//! as the built-in one.

use serde_json::Value as Json;
use toml::{Table, Value};

use crate::support::Desk;

fn names(desk: &Desk) -> Vec<String> {
    let listed = desk.json(&["program", "list"]);
    let rows = listed["programs"].as_array().expect("rows").iter();
    rows.map(|row| row["program"].as_str().expect("a name").to_owned()).collect()
}

fn parsed(desk: &Desk, name: &str) -> Table {
    desk.ok(&["program", "show", name]).parse().expect("TOML")
}

/// Returns the types of partner that a program knows.
fn types(program: &Table) -> Vec<String> {
    let fields = program.get("field").and_then(Value::as_array);
    let kind = fields.into_iter().flatten().find(|field| field["key"].as_str() == Some("type"));
    let options = kind.and_then(|kind| kind["options"].as_array()).into_iter().flatten();
    options.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn every_ready_program_is_valid_and_begins_a_file_anywhere() {
    let desk = Desk::empty();
    let names = names(&desk);
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let desk = Desk::empty();
        desk.ok(&["program", "check", &name]);
        desk.ok(&["init", "--program", &name]);
        assert_eq!(desk.ok(&["program", "show"]), desk.ok(&["program", "show", &name]));
        let diff = desk.ok(&["program", "diff", &name]);
        assert!(diff.contains("No differences."), "{name}: {diff}");
    }
}

#[test]
fn a_partner_of_each_type_is_led_through_every_ready_program() {
    let desk = Desk::empty();
    for name in names(&desk) {
        let desk = Desk::empty();
        let program = parsed(&desk, &name);
        desk.ok(&["init", "--program", &name]);
        let types = types(&program);
        let kinds = types.iter().map(|kind| Some(kind.as_str())).chain(types.is_empty().then_some(None));
        for (at, kind) in kinds.enumerate() {
            let partner = format!("partner-{at}");
            let kind = kind.map(|kind| ["--type", kind]);
            let words = ["add-partner", &partner, "--on", "2026-01-05"].into_iter();
            desk.ok(&words.chain(kind.into_iter().flatten()).collect::<Vec<&str>>());
            for _ in 1..100 {
                let shown = desk.json(&["show", &partner]);
                if stage(&program, &shown)["success"] == Value::Boolean(true) {
                    break;
                }
                desk.ok(&["next"]);
                desk.ok(&["advance", &partner, "--override", "to see the next stage"]);
            }
            let shown = desk.json(&["show", &partner]);
            assert_eq!(stage(&program, &shown)["success"], Value::Boolean(true), "{name}: {shown}");
        }
        for report in [&["report"][..], &["next"], &["calendar"], &["program", "show", "--format", "table"]] {
            desk.ok(report);
        }
        desk.check();
    }
}

/// Returns the stage of the program in which a partner stands, with `success` even if it is not written.
fn stage(program: &Table, shown: &Json) -> Table {
    let mut stages = program["stage"].as_array().expect("stages").iter().filter_map(Value::as_table);
    let mut stage =
        stages.find(|one| one["key"].as_str() == shown["stage"].as_str()).cloned().expect("a stage");
    stage.entry("success").or_insert(Value::Boolean(false));
    stage
}

/// What people read, and what another language may add.
const WORDS: [&str; 5] = ["name", "title", "text", "help", "evidence"];

fn assert_same(place: &str, ours: &Value, theirs: &Value) {
    match (ours, theirs) {
        (Value::Table(ours), Value::Table(theirs)) => {
            let keys = |table: &Table| {
                let keys = table.keys().filter(|key| !WORDS.contains(&key.as_str()));
                keys.cloned().collect::<Vec<String>>()
            };
            assert_eq!(keys(ours), keys(theirs), "{place}");
            for (key, value) in ours {
                let place = format!("{place}.{key}");
                let Some(other) = theirs.get(key) else { panic!("{place} is not translated") };
                if WORDS.contains(&key.as_str()) {
                    assert_ne!(value, other, "{place} is in English");
                } else {
                    assert_same(&place, value, other);
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "{place}");
            for (at, (one, other)) in ours.iter().zip(theirs).enumerate() {
                let key = one.get("key").and_then(Value::as_str);
                let at = key.map_or_else(|| at.to_string(), str::to_owned);
                assert_same(&format!("{place}.{at}"), one, other);
            }
        }
        _ => assert_eq!(ours, theirs, "{place}"),
    }
}

#[test]
fn the_italian_program_has_the_keys_and_figures_of_the_built_in_one_and_other_words() {
    let desk = Desk::empty();
    let built_in = Value::Table(parsed(&desk, "default"));
    assert_same("program", &built_in, &Value::Table(parsed(&desk, "italiano")));
}

#[test]
fn a_word_that_is_neither_a_ready_program_nor_a_file_is_refused_with_the_list() {
    let desk = Desk::empty();
    for words in
        [&["init", "--program", "mssp"][..], &["program", "check", "mssp"], &["program", "show", "mssp"]]
    {
        let err = desk.fails(2, words);
        assert!(err.contains("no ready program is called `mssp`, did you mean `msp`?"), "{err}");
        for name in names(&desk) {
            assert!(err.contains(&format!("`{name}`: ")), "{err}");
        }
        assert!(err.contains("`./mssp`"), "{err}");
    }
    assert!(!desk.db().exists());
    let small = include_str!("../../examples/small-program.toml");
    // A word with a slash or `.toml` is a file, whatever it is called.
    desk.file("msp.toml", small);
    desk.file("msp", small);
    for file in ["msp.toml", "./msp"] {
        assert_eq!(desk.ok(&["program", "show", file]), small);
    }
    assert_ne!(desk.ok(&["program", "show", "msp"]), small);
}

#[test]
fn a_plan_is_the_step_only_for_those_of_whom_the_program_asks_one() {
    let desk = Desk::empty();
    desk.ok(&["init", "--program", "two-tier-distribution"]);
    for (name, kind) in [("Dist", "distributor"), ("Res", "reseller"), ("Other", "reseller")] {
        let since = ["--on", "2025-09-01", "--observed-from", "2025-09-01"];
        desk.ok(&[&["add-partner", name, "--type", kind, "--stage", "growth"][..], &since].concat());
    }
    desk.ok(&["revenue", "add", "other", "900", "--on", "2025-10-01"]);
    let step = |partner: &str| desk.json(&["show", partner])["next"].to_string();
    assert!(!step("res").contains("plan set"), "{}", step("res"));
    let page = desk.json(&["report"])["touch_first"].to_string();
    assert!(page.contains("\"res\"") && !page.contains("plan set res"), "{page}");
    assert!(page.contains("plan set dist") || step("dist").contains("plan"), "{page}");
}
