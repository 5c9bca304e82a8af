//! The same question asked again has the same answer, whatever was recorded since.

use crate::support::Desk;

const FORMATS: [&str; 4] = ["table", "json", "csv", "md"];

/// What reports say of a past day, as it was known on a past day.
fn answers(desk: &Desk, as_of: &str, known_on: &str, formats: &[&str]) -> Vec<String> {
    let mut answers = Vec::new();
    for format in formats {
        for question in [
            &["report"][..],
            &["report", "pipeline"],
            &["report", "pipeline", "--where", "owner=ana"],
            &["report", "--where", "missing=decision"],
            &["list", "--columns", "key,name,owner,stage,since,days,overdue,missing,done,revenue-12m"],
            &["revenue", "list"],
            &["show", "acme"],
        ] {
            let clocks = ["--as-of", as_of, "--known-on", known_on, "--format", format];
            let words: Vec<&str> = question.iter().copied().chain(clocks).collect();
            answers.push(desk.ok(&words));
        }
    }
    answers
}

/// A channel as it was recorded up to 2026-09-15.
fn channel() -> Desk {
    let mut desk = Desk::empty();
    desk.set_today("2026-03-01");
    desk.ok(&["init"]);
    for (name, owner) in [("Acme", "ana"), ("Beta", "ben"), ("Gamma", "ana")] {
        desk.ok(&["add-partner", name, "--owner", owner]);
    }
    desk.set_today("2026-06-20");
    desk.ok(&["done", "acme", "profile-match", "decision", "--on", "2026-05-02"]);
    desk.ok(&["advance", "acme", "--override", "x", "--on", "2026-05-10"]);
    desk.ok(&["advance", "beta", "--override", "x", "--on", "2026-04-01"]);
    desk.ok(&["revenue", "add", "acme", "1000", "--on", "2026-06-01", "--ref", "R1"]);
    desk.set_today("2026-09-15");
    desk.ok(&["park", "gamma", "--reason", "x", "--on", "2026-08-01"]);
    desk.ok(&["edit", "beta", "--owner", "ana", "--on", "2026-07-01"]);
    desk.ok(&["add-partner", "Acme 2", "--owner", "ana", "--key", "twin"]);
    desk
}

#[test]
fn what_was_known_on_a_day_stays_what_it_was_after_recording_of_any_kind() {
    let mut desk = channel();
    desk.set_today("2026-09-16");
    let questions = [
        ("2026-09-15", "2026-09-15"),
        ("2026-06-30", "2026-09-15"),
        ("2026-06-30", "2026-06-20"),
        ("2026-03-01", "2026-03-05"),
    ];
    let ask = |desk: &Desk, formats: &[&str]| -> Vec<Vec<String>> {
        questions.iter().map(|(as_of, known_on)| answers(desk, as_of, known_on, formats)).collect()
    };
    let (before, in_all_formats) = (ask(&desk, &["csv"]), ask(&desk, &FORMATS));
    let history =
        desk.file("history.csv", "partner,stage,entered_on\nAcme,launch,2026-05-20\nOld,terms,2026-01-02\n");
    let program = desk.ok(&["program", "show"]);
    let renamed = program
        .replace("key = \"terms\"", "key = \"contract\"\nwas = \"terms\"")
        .replace("target_days = 56", "target_days = 10");
    let renamed = desk.file("renamed.toml", renamed);
    let later: [&[&str]; 16] = [
        &["undo"],
        &["undo", "3"],
        &["done", "beta", "agreement-signed", "--on", "2026-05-01"],
        &["advance", "acme", "--override", "x", "--on", "2026-06-15"],
        &["correct", "9", "--on", "2026-04-20"],
        &["correct", "12", "--amount", "7"],
        &["edit", "acme", "--owner", "zoe", "--name", "Acme Holding", "--on", "2026-03-01"],
        &["revenue", "add", "beta", "5000", "--on", "2026-06-05"],
        &["leave", "beta", "--as", "terminated", "--reason", "x", "--on", "2026-05-30"],
        &["import", "stages", &history, "--observed-from", "2026-01-01"],
        &["program", "apply", &renamed],
        &["resume", "gamma", "--on", "2026-08-20"],
        &["remove", "gamma", "--reason", "x"],
        &["undo"],
        &["redo"],
        &["merge", "acme", "--into", "beta", "--without-stages", "--yes"],
    ];
    for (at, words) in later.into_iter().enumerate() {
        desk.set_today(&format!("2026-10-{:02}", at + 1));
        let said = desk.run(words);
        assert!([0, 4].contains(&said.code), "{words:?}: {}", said.err);
        assert_eq!(ask(&desk, &["csv"]), before, "after {words:?}");
    }
    assert_eq!(ask(&desk, &FORMATS), in_all_formats);
    desk.check();
}

#[test]
fn a_clock_that_goes_back_changes_nothing_of_what_was_known() {
    let mut desk = channel();
    let before = answers(&desk, "2026-06-30", "2026-09-14", &FORMATS);
    desk.set_today("2026-06-25");
    desk.ok(&["note", "acme", "recorded with a wrong clock"]);
    desk.ok(&["advance", "acme", "--override", "x"]);
    desk.set_today("2026-09-15");
    assert_eq!(answers(&desk, "2026-06-30", "2026-09-14", &FORMATS), before);
    desk.check();
}

#[test]
fn names_owners_and_programs_are_those_of_the_day_looked_from() {
    let mut desk = channel();
    let program = desk.ok(&["program", "show"]);
    let renamed = desk.file(
        "p.toml",
        program
            .replace("name = \"Terms\"", "name = \"Contract\"")
            .replace("name = \"Channel program\"", "name = \"New program\""),
    );
    desk.ok(&["program", "apply", &renamed]);
    desk.ok(&["edit", "acme", "--name", "Acme Holding"]);
    desk.set_today("2026-09-20");
    let then = desk.ok(&["report", "--as-of", "2026-09-14"]);
    assert!(
        then.contains("Channel program") && then.contains("Terms") && !then.contains("Contract"),
        "{then}"
    );
    let now = desk.ok(&["report"]);
    assert!(now.contains("New program") && now.contains("Contract"), "{now}");
    let owners = |as_of| {
        desk.ok(&[
            "list",
            "--columns",
            "key,name",
            "--where",
            "owner=ana",
            "--as-of",
            as_of,
            "--format",
            "csv",
        ])
    };
    assert_eq!(owners("2026-06-30"), "key,name\nacme,Acme\ngamma,Gamma\n");
    assert_eq!(owners("2026-09-20"), "key,name\nacme,Acme Holding\nbeta,Beta\ngamma,Gamma\ntwin,Acme 2\n");
}

#[test]
fn estimates_as_known_on_a_day_stay_what_they_were() {
    let mut desk = Desk::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/channel.csv");
    desk.ok(&["import", "stages", file, "--complete-history"]);
    let known_on = desk.today().to_owned();
    desk.set_today("2026-11-24");
    let reports = ["report", "intervene", "velocity", "stuck", "forecast", "cohorts", "flow", "next"];
    let ask = |desk: &Desk| -> Vec<String> {
        let mut answers = Vec::new();
        for (name, format) in reports.iter().flat_map(|name| FORMATS.map(|format| (*name, format))) {
            let question = match name {
                "report" => vec!["report"],
                "next" => vec!["next"],
                name => vec!["report", name],
            };
            let clocks = ["--as-of", "2026-09-30", "--known-on", known_on.as_str(), "--format", format];
            answers.push(desk.ok(&[question, clocks.to_vec()].concat()));
        }
        answers
    };
    let before = ask(&desk);
    let late = desk
        .file("late.csv", "partner,stage,entered_on\nLate,recruitment,2026-01-05\nLate,terms,2026-02-01\n");
    desk.ok(&["import", "stages", &late, "--complete-history"]);
    desk.ok(&["remove", "partner-6", "--reason", "x"]);
    desk.ok(&["leave", "partner-17", "--as", "withdrew", "--reason", "x", "--on", "2026-09-01"]);
    desk.ok(&["revenue", "add", "partner-1", "100", "--on", "2026-08-01"]);
    assert_eq!(ask(&desk), before);
}
