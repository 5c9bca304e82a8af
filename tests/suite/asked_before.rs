//! What recurs is asked for once for most days, however the fiscal year moves: what was over by then keeps its days.

use crate::support::Desk;

/// A program whose fiscal year begins in a month, with what recurs by year and by quarter.
fn program(first_month: u32) -> String {
    format!(
        "[program]\nname = \"Channel\"\ncurrency = \"EUR\"\nfiscal_year_start = {first_month}\n\n\
         [[stage]]\nkey = \"talks\"\n\n[[stage]]\nkey = \"growth\"\nsuccess = true\n\n\
         [[stage.milestone]]\nkey = \"joint-plan\"\nevery = \"year\"\nlead_days = 30\nneeds = \"planned\"\n\n\
         [[stage.milestone]]\nkey = \"qbr\"\nevery = \"quarter\"\nneeds = \"reviewed\"\n\n\
         [[stage.milestone]]\nkey = \"budget\"\nevery = \"quarter\"\n"
    )
}

/// A desk of a day of 2026 whose fiscal years began in January, with a partner in growth since December 2025.
fn desk(today: &str) -> Desk {
    let mut desk = Desk::empty();
    desk.set_today("2025-12-02");
    desk.ok(&["init", "--program", &desk.file("first.toml", program(1))]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2025-12-02"]);
    desk.set_today(today);
    desk.ok(&["edit", "acme", "--observed-from", "2026-01-01"]);
    desk
}

/// What is overdue, each with its due day and its step.
fn overdue(desk: &Desk) -> Vec<String> {
    let rows = desk.json(&["calendar"])["rows"].as_array().expect("rows").clone();
    let late = rows.iter().filter(|row| row["days_left"].as_i64().is_some_and(|days| days < 0));
    let words = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    late.map(|row| format!("{} {}", words(row, "due"), words(row, "command"))).collect()
}

#[test]
fn a_move_of_the_fiscal_year_asks_for_no_year_of_before_and_leaves_a_missed_quarter_its_days() {
    let desk = desk("2026-11-23");
    desk.ok(&["plan", "set", "acme", "--target", "400", "--agreed-by", "Eva", "--on", "2026-01-15"]);
    for quarter in ["2026-Q1", "2026-Q2"] {
        desk.ok(&["plan", "review", "acme", "--period", quarter]);
        desk.ok(&["done", "acme", "budget", "--period", quarter]);
    }
    let days = "2026-07-01..2026-09-30";
    let asked = |period: &str| {
        [
            format!("2026-09-30 chanlife done acme budget --period {period}"),
            format!("2026-09-30 chanlife plan review acme --period {period}"),
        ]
    };
    assert_eq!(overdue(&desk), asked("2026-Q3"));
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(2))]);
    assert_eq!(overdue(&desk), asked(days));
    // The steps can be typed, and settle what they are for.
    desk.ok(&["done", "acme", "budget", "--period", days]);
    desk.ok(&["plan", "review", "acme", "--period", days]);
    assert_eq!(overdue(&desk), [""; 0]);
    assert!(!desk.ok(&["show", "acme"]).contains("Recorded under another fiscal year"));
}

#[test]
fn a_quarter_that_has_mostly_days_of_one_that_was_over_is_not_asked_for() {
    let mut desk = desk("2026-10-05");
    for quarter in ["2026-Q1", "2026-Q2", "2026-Q3"] {
        desk.ok(&["plan", "review", "acme", "--period", quarter]);
        desk.ok(&["done", "acme", "budget", "--period", quarter]);
    }
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(2))]);
    desk.set_today("2026-11-23");
    let late = overdue(&desk);
    assert!(!late.iter().any(|one| one.contains("budget") || one.contains("review")), "{late:?}");
    desk.set_today("2027-02-03");
    let late = overdue(&desk);
    assert!(late.contains(&"2027-01-31 chanlife done acme budget --period 2027-Q4".to_owned()), "{late:?}");
}

#[test]
fn a_later_day_that_was_agreed_for_a_quarter_that_is_over_goes_with_it() {
    let desk = desk("2026-11-23");
    desk.ok(&["due", "acme", "budget", "2026-11-30", "--period", "2026-Q3", "--reason", "travels"]);
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(2))]);
    let due = desk.json(&["calendar"]).to_string();
    assert_eq!(due.matches("2026-11-30").count(), 1, "{due}");
    assert!(due.contains("chanlife done acme budget --period 2026-07-01..2026-09-30"), "{due}");
}

#[test]
fn a_plan_of_the_very_year_settles_its_milestone_before_one_of_another_calendar() {
    let desk = desk("2026-11-23");
    desk.ok(&["plan", "set", "acme", "--target", "400", "--agreed-by", "Eva", "--on", "2026-01-15"]);
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(2))]);
    let shown = desk.ok(&["show", "acme"]);
    assert!(shown.contains("plan agreed on 2026-01-15"), "{shown}");
    desk.ok(&["plan", "set", "acme", "--period", "2027", "--target", "900", "--agreed-by", "Eva"]);
    let shown = desk.ok(&["show", "acme"]);
    assert!(shown.contains("plan agreed on 2026-11-23"), "{shown}");
}

#[test]
fn a_draft_of_another_fiscal_year_is_brought_on_and_named_by_its_days() {
    let desk = desk("2026-05-13");
    desk.ok(&["plan", "set", "acme", "--target", "400"]);
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(4))]);
    let send = "chanlife plan send acme --period 2026-01-01..2026-12-31";
    let late = overdue(&desk);
    assert!(late.iter().any(|one| one.ends_with(send)), "{late:?}");
    assert!(!late.iter().any(|one| one.contains("plan set")), "{late:?}");
    desk.ok(&send.split(' ').skip(1).collect::<Vec<_>>());
    let late = overdue(&desk);
    assert!(
        late.iter().any(|one| one.contains("plan agree acme --period 2026-01-01..2026-12-31")),
        "{late:?}"
    );
}
