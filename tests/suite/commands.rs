//! Random sequences of commands to the real binary: the file stays sound, and undo takes back exactly one.

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::support::Desk;

const PARTNERS: [&str; 3] = ["acme", "beta", "gamma"];
const STAGES: [&str; 5] = ["recruitment", "terms", "readiness", "launch", "growth"];
const MILESTONES: [&str; 5] = ["profile-match", "decision", "agreement-signed", "kickoff", "business-review"];
const DAYS: [&str; 6] = ["2026-11-23", "2026-11-20", "2026-10-01", "2026-06-15", "2026-02-01", "2025-12-31"];

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn command() -> impl Strategy<Value = Vec<String>> {
    let partner = || prop::sample::select(&PARTNERS[..]);
    let stage = || prop::sample::select(&STAGES[..]);
    let milestone = || prop::sample::select(&MILESTONES[..]);
    let on = || prop::sample::select(&DAYS[..]);
    let number = || 1_u32..40;
    prop_oneof![
        3 => (partner(), on()).prop_map(|(p, on)| words(&["add-partner", p, "--on", on])),
        6 => (partner(), on()).prop_map(|(p, on)| words(&["advance", p, "--override", "x", "--on", on])),
        2 => (partner(), stage(), on())
            .prop_map(|(p, s, on)| words(&["advance", p, "--to", s, "--override", "x", "--on", on])),
        2 => (partner(), stage(), on())
            .prop_map(|(p, s, on)| words(&["back", p, "--to", s, "--reason", "x", "--on", on])),
        2 => (partner(), on()).prop_map(|(p, on)| words(&["park", p, "--reason", "x", "--on", on])),
        2 => (partner(), on()).prop_map(|(p, on)| words(&["resume", p, "--on", on])),
        1 => (partner(), on())
            .prop_map(|(p, on)| words(&["leave", p, "--as", "withdrew", "--reason", "x", "--on", on])),
        1 => (partner(), on()).prop_map(|(p, on)| words(&["return", p, "--on", on])),
        4 => (partner(), milestone(), on()).prop_map(|(p, m, on)| words(&["done", p, m, "--on", on])),
        1 => (partner(), milestone(), on())
            .prop_map(|(p, m, on)| words(&["skip", p, m, "--reason", "x", "--on", on])),
        1 => (partner(), milestone(), on()).prop_map(|(p, m, on)| words(&["reopen", p, m, "--on", on])),
        2 => (partner(), on(), 1_u32..999)
            .prop_map(|(p, on, amount)| words(&["revenue", "add", p, &amount.to_string(), "--on", on])),
        2 => (partner(), on(), prop::sample::select(&["ana", "ben", "mia"][..]))
            .prop_map(|(p, on, owner)| words(&["edit", p, "--owner", owner, "--on", on])),
        1 => partner().prop_map(|p| words(&["edit", p, "--ref", &format!("CRM-{p}")])),
        2 => (number(), on()).prop_map(|(n, on)| words(&["correct", &n.to_string(), "--on", on])),
        1 => number().prop_map(|n| words(&["correct", &n.to_string(), "--amount", "5"])),
        1 => partner().prop_map(|p| words(&["remove", p, "--reason", "x"])),
        1 => (partner(), partner()).prop_map(|(p, q)| words(&["merge", p, "--into", q, "--yes"])),
        1 => (partner(), partner()).prop_map(|(p, q)| words(&["merge", p, "--into", q, "--without-stages"])),
        2 => Just(words(&["undo"])),
        1 => number().prop_map(|n| words(&["undo", &n.to_string()])),
        1 => Just(words(&["redo"])),
    ]
}

/// What may be answered: done, no such partner, refused. Anything else is a bug.
const EXPECTED: [i32; 3] = [0, 3, 4];

fn run(desk: &Desk, command: &[String]) -> i32 {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let said = desk.run(&words);
    assert!(EXPECTED.contains(&said.code), "chanlife {words:?} ended with {}: {}", said.code, said.err);
    said.code
}

fn newest_action(desk: &Desk) -> i64 {
    let log = desk.json(&["log"]);
    log["rows"].as_array().and_then(|rows| rows.last()).map_or(0, |row| row["action"].as_i64().unwrap_or(0))
}

proptest! {
    #![proptest_config(Config { cases: 24, ..Config::default() })]

    #[test]
    fn after_any_commands_everything_follows_from_what_happened(
        commands in prop::collection::vec(command(), 1..25)
    ) {
        let desk = Desk::new();
        for command in &commands {
            run(&desk, command);
        }
        desk.check();
    }

    #[test]
    fn undo_after_a_command_is_the_identity_and_redo_brings_it_back(
        commands in prop::collection::vec(command(), 1..15),
        last in command().prop_filter("a command that records", |words| !words[0].ends_with("do")),
    ) {
        let desk = Desk::new();
        for command in &commands {
            run(&desk, command);
        }
        let (before, action) = (desk.picture(), newest_action(&desk));
        run(&desk, &last);
        let after = desk.picture();
        if newest_action(&desk) == action {
            prop_assert_eq!(&before, &after, "what records nothing changes nothing");
        } else {
            desk.ok(&["undo"]);
            prop_assert_eq!(&before, &desk.picture());
            desk.ok(&["redo"]);
            prop_assert_eq!(&after, &desk.picture());
        }
        desk.check();
    }

    #[test]
    fn a_dry_run_records_nothing_and_ends_as_the_real_run_would(
        commands in prop::collection::vec(command(), 1..10),
        last in command(),
    ) {
        let desk = Desk::new();
        for command in &commands {
            run(&desk, command);
        }
        let bytes = std::fs::read(desk.db()).expect("the file");
        let tried = run(&desk, &[last.clone(), words(&["--dry-run"])].concat());
        prop_assert_eq!(bytes, std::fs::read(desk.db()).expect("the file"));
        prop_assert_eq!(tried, run(&desk, &last));
    }
}

#[test]
fn a_merge_takes_references_along_in_either_direction_and_undo_gives_them_back() {
    for (from, into) in [("beta", "acme"), ("acme", "beta")] {
        let desk = Desk::new();
        let file = desk
            .file("h.csv", "partner,stage,entered_on\nAcme,recruitment,2026-01-01\nBeta,terms,2026-02-01\n");
        desk.ok(&["import", "stages", &file, "--complete-history"]);
        let before = desk.picture();
        desk.ok(&["merge", from, "--into", into, "--without-stages"]);
        assert_eq!(desk.json(&["show", from])["key"], into);
        desk.check();
        desk.ok(&["undo"]);
        assert_eq!(desk.picture(), before, "{from} into {into}");
        desk.ok(&["redo"]);
        desk.check();
    }
}

#[test]
fn a_reference_of_another_partner_is_refused_with_a_command_that_can_be_typed() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--ref", "ACME Inc"]);
    desk.ok(&["add-partner", "Beta"]);
    let err = desk.fails(4, &["edit", "beta", "--ref", "ACME Inc"]);
    assert!(err.contains("`chanlife show 'ACME Inc'` shows that partner"), "{err}");
}

#[test]
fn since_when_a_partner_is_known_is_mended_by_its_first_stage_and_by_nothing_else() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-03-01"]);
    desk.ok(&["edit", "acme", "--owner", "ben", "--on", "2026-04-01"]);
    let before = desk.picture();
    let err = desk.fails(4, &["correct", "2", "--on", "2026-02-01"]);
    assert!(err.contains("`chanlife correct 3 --on DATE` corrects the day of its first stage"), "{err}");
    let err = desk.fails(4, &["correct", "4", "--on", "2026-02-01"]);
    assert!(err.contains("was added to chanlife on 2026-03-01"), "{err}");
    assert_eq!(desk.picture(), before);
    desk.ok(&["correct", "3", "--on", "2026-02-01"]);
    desk.ok(&["correct", "4", "--on", "2026-02-15"]);
    assert_eq!(desk.json(&["show", "acme"])["since"], "2026-02-01");
    desk.check();
}

#[test]
fn a_day_to_come_is_refused_wherever_it_says_what_has_happened() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let file = desk.file("h.csv", "partner,stage,entered_on\nBeta,terms,2026-03-01\n");
    for words in [
        &["edit", "acme"][..],
        &["add-partner", "Gamma"],
        &["import", "stages", &file],
        &["import", "partners", &file],
    ] {
        let err = desk.fails(2, &[words, &["--observed-from", "2027-01-01"]].concat());
        assert!(err.contains("--observed-from: 2027-01-01 is in the future"), "{err}");
    }
}
