//! Recurring milestones that are due before their period begins.

use serde_json::Value as Json;

use crate::support::Desk;

const PROGRAM: &str = r#"
[program]
name = "Plans ahead"
currency = "EUR"

[[stage]]
key = "talk"

[[stage]]
key = "growth"
success = true

[[stage.milestone]]
key = "plan"
name = "Plan agreed"
every = "year"
lead_days = 30
needs = "planned"

[[stage.milestone]]
key = "budget"
name = "Budget set aside"
every = "year"
lead_days = 60
"#;

/// A desk with a partner that was seen to enter growth on a day.
fn desk(entered: &str) -> Desk {
    let mut desk = Desk::empty();
    let today = desk.today().to_owned();
    desk.set_today(entered);
    desk.ok(&["init", "--program", &desk.file("ahead.toml", PROGRAM)]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth"]);
    desk.set_today(&today);
    desk
}

/// Returns status and due day of a milestone by period.
fn periods(desk: &Desk, milestone: &str) -> Vec<(String, String, Option<String>)> {
    let shown = desk.json(&["show", "acme"]);
    let rows = shown["milestones"].as_array().expect("rows").iter();
    let of_it = rows.filter(|row| row["milestone"] == milestone);
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let mut found: Vec<_> = of_it
        .map(|row| {
            (text(&row["period"]).expect("a period"), text(&row["status"]).expect("one"), text(&row["due"]))
        })
        .collect();
    found.sort();
    found
}

fn period(label: &str, status: &str, due: &str) -> (String, String, Option<String>) {
    (label.to_owned(), status.to_owned(), Some(due.to_owned()))
}

#[test]
fn the_plan_of_next_year_is_due_before_it_begins() {
    let desk = desk("2025-06-02");
    let now = [
        period("2025", "missed", "2025-07-02"),
        period("2026", "overdue", "2025-12-02"),
        period("2027", "open", "2026-12-02"),
    ];
    assert_eq!(periods(&desk, "plan"), now);
    let calendar = desk.json(&["calendar"]).to_string();
    assert!(
        calendar.contains("2026-12-02") && calendar.contains("plan set acme --period 2027"),
        "{calendar}"
    );
    desk.ok(&["plan", "set", "acme", "--period", "2027", "--target", "1000", "--agreed-by", "Kim Poe"]);
    assert!(!periods(&desk, "plan").contains(&period("2027", "open", "2026-12-02")));
    assert!(!desk.json(&["calendar"]).to_string().contains("plan set acme --period 2027"));
    desk.check();
}

#[test]
fn a_partner_has_as_many_days_after_it_came_into_the_stage() {
    let desk = desk("2026-10-05");
    assert_eq!(
        periods(&desk, "plan"),
        [period("2026", "overdue", "2026-11-04"), period("2027", "open", "2026-12-02")]
    );
    // Sixty days after it came, the year has fewer than sixty days left.
    let open = ("2026".to_owned(), "open".to_owned(), None);
    assert_eq!(periods(&desk, "budget"), [open, period("2027", "open", "2026-12-04")]);
}

#[test]
fn what_was_due_before_a_partner_was_watched_is_not_late() {
    let desk = Desk::empty();
    desk.ok(&["init", "--program", &desk.file("ahead.toml", PROGRAM)]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--since", "2025-06-02"]);
    let open = ("2026".to_owned(), "open".to_owned(), None);
    assert_eq!(periods(&desk, "plan"), [open, period("2027", "open", "2026-12-02")]);
}

#[test]
fn what_is_due_before_its_year_is_recorded_before_it() {
    let desk = desk("2025-06-02");
    assert!(desk.json(&["calendar"]).to_string().contains("done acme budget --period 2027"));
    desk.ok(&["done", "acme", "budget", "--period", "2027"]);
    desk.fails(4, &["done", "acme", "budget", "--period", "2028"]);
    assert!(!periods(&desk, "budget").iter().any(|(label, ..)| label == "2027"));
    desk.check();
}

#[test]
fn days_before_a_period_are_for_recurring_milestones_and_no_longer_than_a_period() {
    let desk = Desk::empty();
    for (milestone, why, remedy) in [
        (
            "lead_days = 30",
            "lead_days is for a recurring milestone only",
            "add every = \"year\", or write due_days",
        ),
        ("every = \"month\"\nlead_days = 29", "lead_days is longer than the month before", "from 1 to 28"),
        ("every = \"quarter\"\nlead_days = 0", "lead_days is `0`", "from 1 to 365"),
    ] {
        let program = PROGRAM.to_owned() + "\n[[stage.milestone]]\nkey = \"more\"\n" + milestone;
        let err = desk.fails(6, &["program", "check", &desk.file("bad.toml", program)]);
        assert!(err.contains(why) && err.contains(remedy), "{err}");
    }
    desk.ok(&["init", "--program", &desk.file("ahead.toml", PROGRAM)]);
    let sooner = PROGRAM.replace("lead_days = 30", "lead_days = 45");
    let diff = desk.json(&["program", "diff", &desk.file("sooner.toml", sooner)]).to_string();
    assert!(diff.contains("lead_days") && diff.contains("45"), "{diff}");
    let shown = desk.json(&["program", "show"]);
    assert_eq!(shown["milestones"][0]["lead_days"], 30);
}
