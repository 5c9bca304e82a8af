//! Which day is today: one day for all who use a file, wherever they are.

use crate::support::{Desk, Said, said};

/// Runs on a machine of another time zone, whose own clock counts.
fn run_in(desk: &Desk, zone: &str, words: &[&str]) -> Said {
    let mut command = desk.command();
    command.env_remove("CHANLIFE_TODAY").env("TZ", zone);
    said(command.args(words).output().expect("it starts"))
}

#[test]
fn a_program_names_a_time_zone_that_this_machine_knows() {
    let desk = Desk::new();
    let program = desk.ok(&["program", "show"]);
    let zoned = |zone: &str| {
        program.replace("fiscal_year_start", &format!("time_zone = \"{zone}\"\nfiscal_year_start"))
    };
    for wrong in ["Europe/Berln", "../Berlin", "/etc/passwd", "+02:00", ""] {
        let err = desk.fails(6, &["program", "check", &desk.file("wrong.toml", zoned(wrong))]);
        assert!(err.contains("time_zone") && err.contains("wrong.toml"), "{err}");
    }
    let file = desk.file("berlin.toml", zoned("Europe/Berlin"));
    desk.ok(&["program", "apply", &file]);
    assert!(desk.ok(&["program", "show", "--format", "json"]).contains("Europe/Berlin"));
    desk.check();
}

#[test]
fn without_a_time_zone_the_newest_day_of_recording_is_today_for_those_in_the_west() {
    let desk = Desk::empty();
    let run = |zone: &str, words: &[&str]| run_in(&desk, zone, words);
    assert_eq!(run("SST11", &["init"]).code, 0);
    // Kiribati is 25 hours ahead of Samoa.
    let added = run("KIR-14", &["add-partner", "Kiri"]);
    assert_eq!(added.code, 0, "{}", added.err);
    let listed = run("SST11", &["list", "--format", "json"]);
    assert!(listed.out.contains("\"kiri\""), "{}{}", listed.out, listed.err);
    assert!(listed.err.contains("today counts as"), "{}", listed.err);
    let done = run("SST11", &["done", "kiri", "profile-match"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let zoned = run("SST11", &["program", "show"])
        .out
        .replace("fiscal_year_start", "time_zone = \"Pacific/Kiritimati\"\nfiscal_year_start");
    assert_eq!(run("SST11", &["program", "apply", &desk.file("kiri.toml", zoned)]).code, 0);
    let there = run("SST11", &["list", "--format", "json"]);
    assert!(there.out.contains("\"kiri\"") && !there.err.contains("today counts"), "{}", there.err);
}

#[test]
fn after_a_move_to_a_time_zone_in_the_west_the_day_to_name_is_said() {
    let desk = Desk::empty();
    let run = |words: &[&str]| run_in(&desk, "UTC", words);
    assert_eq!(run(&["init"]).code, 0);
    let program = run(&["program", "show"]).out;
    let zoned = |zone: &str| {
        let text =
            program.replace("fiscal_year_start", &format!("time_zone = \"{zone}\"\nfiscal_year_start"));
        desk.file("zoned.toml", text)
    };
    assert_eq!(run(&["program", "apply", &zoned("Pacific/Kiritimati")]).code, 0);
    assert_eq!(run(&["add-partner", "Kiri"]).code, 0);
    assert_eq!(run(&["program", "apply", &zoned("Pacific/Midway")]).code, 0);
    // Midway is 25 hours behind Kiritimati.
    let shown = run(&["show", "kiri"]);
    assert!(
        shown.err.contains("is not shown yet: --today ") && shown.err.contains("with --today"),
        "{}",
        shown.err
    );
    let (_, day) = shown.err.split_once("not shown yet: --today ").expect("the day to name");
    assert_eq!(run(&["show", "kiri", "--today", &day[..10]]).code, 0);
}

#[test]
fn a_clock_that_was_wrong_is_named_and_changes_no_day() {
    let mut desk = Desk::empty();
    desk.set_today("2199-01-01");
    desk.ok(&["init"]);
    desk.ok(&["add-partner", "Acme", "--on", "2026-01-01"]);
    let said = run_in(&desk, "UTC", &["list"]);
    assert!(said.err.contains("one of the two clocks is wrong"), "{}", said.err);
}

#[test]
fn nothing_is_recorded_on_a_day_that_is_far_ahead_by_mistake() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-01-10"]);
    let before = desk.picture();
    for words in [
        &["note", "acme", "a typo", "--today", "2027-11-23"][..],
        &["undo", "--today", "2027-05-01"],
        &["add-partner", "Beta", "--today", "2028-01-01"],
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains("nothing is recorded") && err.contains("CHANLIFE_TODAY="), "{words:?}: {err}");
    }
    assert_eq!(desk.picture(), before);
    desk.ok(&["report", "--today", "2027-11-23"]);
    desk.ok(&["note", "acme", "meant", "--today", "2026-12-20"]);
    desk.check();
}
