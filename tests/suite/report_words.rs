//! The words and columns of reports: what is explained is there, what matters is not hidden, reasons are real.

use crate::support::Desk;
use crate::terminal::Terminal;
use crate::tidy::sources::sources;

/// Each explanation with the files whose columns and titles it explains.
const EXPLAINED: &[(&str, &str, &[&str])] = &[
    (
        "page",
        include_str!("../../src/text/explain/page.txt"),
        &["page", "pipeline", "todo", "growth_watch", "reason", "promises"],
    ),
    ("next", include_str!("../../src/text/explain/next.txt"), &["todo", "due", "promises", "due"]),
    ("stuck", include_str!("../../src/text/explain/stuck.txt"), &["stuck"]),
    ("intervene", include_str!("../../src/text/explain/intervene.txt"), &["intervene"]),
    (
        "intervene --toward",
        include_str!("../../src/text/explain/intervene_toward.txt"),
        &["intervene_toward"],
    ),
    ("velocity", include_str!("../../src/text/explain/velocity.txt"), &["velocity"]),
    ("pipeline", include_str!("../../src/text/explain/pipeline.txt"), &["pipeline", "criteria"]),
    (
        "growth",
        include_str!("../../src/text/explain/growth.txt"),
        &["growth", "plan_goals", "concentration", "first_revenue", "estimate/waiting"],
    ),
    ("cohorts", include_str!("../../src/text/explain/cohorts.txt"), &["cohorts"]),
    (
        "communication",
        include_str!("../../src/text/explain/communication.txt"),
        &["communication", "estimate/waiting"],
    ),
    ("compare", include_str!("../../src/text/explain/compare.txt"), &["compare", "compare_outcomes"]),
    ("flow", include_str!("../../src/text/explain/flow.txt"), &["flow", "exit_reasons"]),
    ("forecast", include_str!("../../src/text/explain/forecast.txt"), &["forecast"]),
    ("funds", include_str!("../../src/text/explain/funds.txt"), &["funds", "estimate/waiting"]),
    (
        "nonperforming",
        include_str!("../../src/text/explain/nonperforming.txt"),
        &["nonperforming", "back_test"],
    ),
    ("overrides", include_str!("../../src/text/explain/overrides.txt"), &["overrides"]),
    ("readiness", include_str!("../../src/text/explain/readiness.txt"), &["enablement"]),
    ("reporting", include_str!("../../src/text/explain/reporting.txt"), &["reporting"]),
    ("revenue", include_str!("../../src/text/explain/revenue.txt"), &["revenue", "revenue_totals"]),
    ("terms", include_str!("../../src/text/explain/terms.txt"), &["terms", "terms_kept"]),
    ("review", include_str!("../../src/text/explain/review.txt"), &["review", "review_agenda"]),
    ("tiers", include_str!("../../src/text/explain/tiers.txt"), &["tiers"]),
];

/// What begins a paragraph and is neither a column nor a table.
const OTHER_TERMS: [&str; 21] = [
    "Margin given, by partner",
    "Growth",
    "Small channels",
    "Lead",
    "Toward sales",
    "Quiet",
    "Order",
    "What to do with it",
    "What it cannot say",
    "How sure",
    "Method",
    "Methods",
    "95 % CI",
    "Stage columns",
    "The column with the name of the success stage",
    "The table of the time to the success stage",
    "These are counts, not estimates",
    "A difference is not yet a cause",
    "Cohort",
    "Work waits here",
    "This shows where work waits, not where an improvement pays most",
];

/// The terms that an explanation explains: what stands before a colon at the beginning of a paragraph or a sentence.
fn terms(explanation: &str) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in explanation.split("\n\n") {
        let text = paragraph.replace('\n', " ");
        for (at, sentence) in text.split(". ").enumerate() {
            let Some((term, _)) = sentence.split_once(": ") else { continue };
            let words = term.split(' ').count();
            let is_name = term.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
            if is_name && !term.contains(['"', '`']) && (at == 0 || words <= 3) {
                found.push(term.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_column_named_in_an_explanation_is_in_its_report() {
    let explanations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/explain"));
    assert_eq!(
        explanations.expect("the folder").count(),
        EXPLAINED.len(),
        "an explanation is missing in EXPLAINED"
    );
    for (name, explanation, files) in EXPLAINED {
        let paths: Vec<String> = files.iter().map(|file| format!("src/report/{file}.rs")).collect();
        let sources = sources().iter().filter(|source| paths.contains(&source.path));
        let written: Vec<String> = sources
            .flat_map(|source| &source.literals)
            .filter_map(|(text, _)| Some(text.split('{').next()?.trim().to_lowercase()))
            .collect();
        assert!(!written.is_empty(), "{name} has no sources");
        for term in terms(explanation).iter().filter(|term| !OTHER_TERMS.contains(&term.as_str())) {
            for one in term.split(", ").flat_map(|part| part.split(" and ")) {
                let one = one.to_lowercase();
                let there = written.iter().any(|text| text.starts_with(&one));
                assert!(there, "{name} explains `{term}`, which it does not show");
            }
        }
    }
}

/// A channel of three partners, whose keys fit beside little else on a narrow screen.
fn channel() -> Desk {
    let desk = Desk::new();
    for (name, owner) in [("Danube Distribution", "ana"), ("Nordic Networks", "ben"), ("Acme", "ana")] {
        desk.ok(&["add-partner", name, "--owner", owner, "--region", "EMEA", "--on", "2026-06-01"]);
    }
    desk
}

#[test]
fn the_next_step_stays_on_a_narrow_screen_and_hidden_columns_say_how_to_see_them() {
    let desk = channel();
    let (_, shown) = Terminal::open(&desk, 60, &["next"]).end();
    let heading = shown.lines().find(|line| line.contains("Stage") || line.contains("Reason"));
    assert!(heading.is_some_and(|line| line.contains("Next step")), "{shown}");
    let hidden = shown.lines().find(|line| line.starts_with("Hidden columns: ")).expect("hidden columns");
    assert!(!hidden.contains("Next step"), "{shown}");
    assert!(shown.replace(['\r', '\n'], " ").contains("A wider window or `-o FILE.md` shows"), "{shown}");
}

#[test]
fn columns_that_were_named_to_be_shown_or_to_sort_by_are_never_hidden() {
    let desk = channel();
    let columns = ["list", "--columns", "key,name,region,owner,stage,since,days,overdue"];
    let (_, shown) = Terminal::open(&desk, 80, &columns).end();
    assert!(!shown.contains("Hidden columns") && shown.contains("Since"), "{shown}");
    let (_, shown) = Terminal::open(&desk, 60, &["list", "--sort", "owner"]).end();
    let heading = shown.lines().find(|line| line.contains("Key")).expect("a heading");
    assert!(heading.contains("Owner") && heading.contains("Stage") && heading.contains("Days"), "{shown}");
}

#[test]
fn the_longest_visit_in_progress_is_not_cut_off() {
    let desk = Desk::new();
    let since = "2010-01-01";
    desk.ok(&["add-partner", "Old", "--on", since, "--observed-from", since]);
    let velocity = desk.json(&["report", "velocity"]);
    let pipeline = desk.json(&["report", "pipeline"]);
    let longest = &velocity["rows"][0]["oldest_open_days"];
    assert_eq!(longest, &pipeline["rows"][0]["oldest_days"]);
    assert!(longest.as_i64().is_some_and(|days| days > 4095), "{longest}");
}

#[test]
fn stages_and_tiers_compare_in_the_order_of_the_program() {
    let desk = Desk::new();
    for (name, stage) in [("A", "recruitment"), ("B", "terms"), ("C", "launch"), ("D", "growth")] {
        desk.ok(&["add-partner", name, "--stage", stage, "--since", "2026-06-01", "--on", "2026-06-01"]);
    }
    desk.ok(&["leave", "b", "--as", "withdrew", "--reason", "test", "--on", "2026-06-02"]);
    let keys = |condition: &str| {
        let rows = desk.json(&["list", "--where", condition])["rows"].clone();
        let keys =
            rows.as_array().expect("rows").iter().map(|row| row["key"].as_str().expect("a key").to_owned());
        keys.collect::<Vec<String>>()
    };
    assert_eq!(keys("stage>recruitment"), ["c", "d"]);
    assert_eq!(keys("stage<launch"), ["a"]);
    assert_eq!(keys("stage>=launch"), ["c", "d"]);
    let sorted = desk.json(&["list", "--sort", "stage"])["rows"].clone();
    let sorted: Vec<&str> =
        sorted.as_array().expect("rows").iter().filter_map(|row| row["key"].as_str()).collect();
    assert_eq!(sorted, ["a", "c", "d", "b"]);
    desk.ok(&["edit", "c", "--tier", "silver"]);
    desk.ok(&["edit", "d", "--tier", "gold"]);
    assert_eq!(keys("tier>silver"), ["d"]);
    let error = desk.fails(2, &["list", "--where", "stage>left"]);
    assert!(error.contains("stage: `left` has no place in the order of the program"), "{error}");
    let error = desk.fails(2, &["list", "--where", "verdict>review"]);
    assert!(error.contains("`verdict` has no order; use = or !="), "{error}");
}

#[test]
fn the_list_says_what_is_overdue_and_names_those_that_left_last() {
    let mut desk = Desk::new();
    desk.set_today("2026-11-20");
    desk.ok(&["add-partner", "Asker", "--stage", "growth", "--since", "2026-11-01", "--on", "2026-11-01"]);
    desk.ok(&["ask", "asker", "How do we register deals?", "--on", "2026-11-05"]);
    desk.ok(&["add-partner", "Gone", "--stage", "growth", "--since", "2026-10-01", "--on", "2026-10-01"]);
    desk.ok(&["leave", "gone", "--as", "terminated", "--reason", "test", "--on", "2026-10-20"]);
    desk.ok(&["add-partner", "Late", "--on", "2026-10-20"]);
    let shown = desk.ok(&["next"]);
    let next = shown.split("Due dates").next().expect("the list");
    let line = |partner: &str| next.lines().position(|line| line.starts_with(partner)).expect("a line");
    assert!(next.contains("question waiting 15 d"), "{next}");
    assert!(next.lines().nth(line("late")).is_some_and(|line| line.contains("gate ")), "{next}");
    assert!(line("gone") > line("asker") && line("gone") > line("late"), "{next}");
}
