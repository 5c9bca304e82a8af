//! The examples run as they are.

use std::path::Path;
use std::process::Command;

use crate::support::{BINARY, Desk, Said, said};

fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
}

fn run(desk: &Desk, script: &str, arguments: &[&str]) -> Said {
    let mut command = Command::new("sh");
    command.arg(examples().join(script)).args(arguments).env("CHANLIFE", BINARY);
    command.env("CHANLIFE_DB", desk.db()).env("CHANLIFE_TODAY", desk.today()).env("CHANLIFE_ACTOR", "ana");
    said(command.output().expect("it starts"))
}

#[test]
fn the_quickstart_ends_with_the_pipeline() {
    let desk = Desk::empty();
    let Said { code, out, err } = run(&desk, "quickstart.sh", &[]);
    assert_eq!(code, 0, "{err}");
    let report = out.split("$ chanlife report\n").nth(1).expect("the report");
    let words = |line: &str| line.split_whitespace().collect::<Vec<&str>>().join(" ");
    let lines: Vec<String> = report.lines().map(words).collect();
    for row in ["Growth 1 0 0 147 d 48 000", "Parked 1 0 42 d 0", "Left 1 0 0", "Total 4 1 0 48 000"] {
        assert!(lines.iter().any(|line| line == row), "`{row}` is missing:\n{report}");
    }
    assert!(out.contains("(refused: exit code 4)"), "{out}");
    assert!(!desk.db().exists(), "the file of the user is left alone");
}

#[test]
fn the_weekly_report_prints_only_what_deserves_a_look() {
    let desk = Desk::new();
    let folder = desk.folder().join("reports").display().to_string();
    desk.ok(&["add-partner", "Acme"]);
    let quiet = run(&desk, "weekly-report.sh", &[&folder]);
    assert_eq!(quiet, Said { code: 0, out: String::new(), err: String::new() });
    desk.ok(&["add-partner", "Beta", "--on", "2026-06-01"]);
    let loud = run(&desk, "weekly-report.sh", &[&folder]);
    assert_eq!(loud.code, 1, "{}", loud.err);
    assert!(loud.out.contains("Overdue partners") && loud.out.contains("beta"), "{}", loud.out);
    let pages: Vec<_> = std::fs::read_dir(&folder).expect("a folder").collect();
    assert_eq!(pages.len(), 1);
    std::fs::remove_file(desk.db()).expect("removed");
    assert_eq!(run(&desk, "weekly-report.sh", &[&folder]).code, 5);
}

#[test]
fn the_lifecycle_takes_three_partners_through_all_stages_and_reads_every_report() {
    let desk = Desk::empty();
    let Said { code, out, err } = run(&desk, "lifecycle.sh", &[]);
    assert_eq!(code, 0, "{err}");
    let cli = <chanlife::face::cli::Cli as clap::CommandFactory>::command();
    let reports = cli.find_subcommand("report").expect("there").get_subcommands();
    for report in reports.map(|report| format!("$ chanlife report {}", report.get_name())) {
        assert!(out.contains(&report), "`{report}` is not read");
    }
    for verb in [
        "assess",
        "agree",
        "certify",
        "deliver",
        "fund claim",
        "fund pay",
        "announce",
        "ask",
        "answer",
        "calendar",
        "next",
    ] {
        assert!(
            out.contains(&format!("$ chanlife {verb} ")) || out.contains(&format!("$ chanlife {verb}\n")),
            "{verb}"
        );
    }
    let words = |line: &str| line.split_whitespace().collect::<Vec<&str>>().join(" ");
    let lines: Vec<String> = out.lines().map(words).collect();
    for row in [
        "co-op 2 2 100.00 900.00 0.00 0.00 1 200.00 0.00 0.00 43 %",
        "mdf 1 3 000.00 0.00 200.00 0.00 2 800.00 0.00 0.00 0 %",
        "atlas-3 2025-09-25 2025-12-15 3 3 100 % 6 2 0 1 33 %",
        "(refused: exit code 4)",
    ] {
        assert!(lines.iter().any(|line| line == row), "`{row}` is missing:\n{out}");
    }
    assert!(out.contains("\nOK: "), "the file is sound at the end");
    assert!(!desk.db().exists(), "the file of the user is left alone");
}

#[test]
fn the_example_program_is_valid_and_begins_a_file() {
    let desk = Desk::empty();
    let path = examples().join("small-program.toml").display().to_string();
    desk.ok(&["program", "check", &path]);
    desk.ok(&["init", "--program", &path]);
    desk.ok(&["add-partner", "Acme"]);
    assert_eq!(desk.json(&["show", "acme"])["stage"], "talking");
    desk.check();
}

#[test]
fn the_example_history_is_imported_with_the_words_of_its_header() {
    let desk = Desk::new();
    let path = examples().join("history.csv").display().to_string();
    let maps = [
        "--map",
        "Account=partner",
        "--map",
        "Changed on=entered_on",
        "--stage-map",
        "Lost=declined",
        "--stage-map",
        "On hold=parked",
    ];
    let words: Vec<&str> =
        ["import", "stages", &path, "--complete-history"].into_iter().chain(maps).collect();
    desk.ok(&words);
    let pipeline = desk.json(&["report", "pipeline"]);
    assert_eq!(
        (&pipeline["partners"], &pipeline["stays"], &pipeline["declined"]),
        (&7.into(), &19.into(), &1.into())
    );
}

#[test]
fn the_story_of_growth_ends_with_a_partner_let_go_in_good_order() {
    let desk = Desk::empty();
    let Said { code, out, err } = run(&desk, "growth.sh", &[]);
    assert_eq!(code, 0, "{err}");
    for part in [
        "underperforming  2026-Q1 16 % of plan, 2026-Q2 12 % of plan",
        "Left from Growth on 2026-10-20: terminated",
        "deals-handed-over  Open deals handed over",
        "door-left-open",
        "OK:",
    ] {
        assert!(out.contains(part), "`{part}` is missing:\n{out}");
    }
    assert!(
        out.lines().any(|line| line.starts_with("acme") && line.contains("yes")),
        "Acme is productive:\n{out}"
    );
}
