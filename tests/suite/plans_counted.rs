//! What of a plan counts is said alike on every page, and what never counts is not called active.

use serde_json::Value as Json;

use crate::support::Desk;

/// A desk of November 2026 with a partner in growth since October 2024.
fn desk() -> Desk {
    let mut desk = Desk::empty();
    desk.set_today("2025-01-02");
    desk.ok(&["init"]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2024-10-02"]);
    desk.set_today("2026-11-23");
    desk
}

fn set(desk: &Desk, partner: &str, more: &[&str]) -> String {
    let said = desk.run(&[&["plan", "set", partner, "--agreed-by", "Eva"], more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    said.out + &said.err
}

#[test]
fn a_plan_of_days_before_the_partner_came_counts_for_nothing_on_any_page() {
    let desk = desk();
    desk.ok(&["add-partner", "New", "--stage", "growth", "--on", "2026-05-16"]);
    let said = set(&desk, "new", &["--period", "2025", "--target", "100", "--on", "2026-05-20"]);
    assert!(said.contains("no day of it counts") && !said.contains("now active"), "{said}");
    for words in [&["plan", "show", "new"][..], &["plan", "list", "--period", "2025"]] {
        let shown = desk.json(words);
        let row = &shown["rows"][0];
        assert_eq!((&row["counts"], &row["attainment"]), (&0.0.into(), &Json::Null), "{shown}");
    }
}

#[test]
fn a_version_that_never_counts_is_not_called_active() {
    let desk = desk();
    set(&desk, "acme", &["--period", "2026", "--target", "365000", "--on", "2026-02-01"]);
    let said = set(&desk, "acme", &["--period", "2026", "--target", "800000", "--on", "2025-12-01"]);
    assert!(said.contains("no day of it counts") && !said.contains("now active"), "{said}");
    assert!(said.contains("the version drafted on 2026-02-01 counts: 365000.00 EUR"), "{said}");
    // One that takes the days that are left does.
    let said = set(&desk, "acme", &["--period", "2026", "--target", "500000"]);
    assert!(said.contains("now active"), "{said}");
}

#[test]
fn a_version_whose_days_are_in_another_plan_is_not_called_active_and_no_plan_is_named_that_is_not_there() {
    let desk = desk();
    set(&desk, "acme", &["--period", "2026", "--target", "365000", "--on", "2026-01-05"]);
    desk.ok(&["revenue", "add", "acme", "10", "--on", "2026-02-02"]);
    let april =
        desk.ok(&["program", "show", "default"]).replace("fiscal_year_start = 1", "fiscal_year_start = 4");
    desk.ok(&["program", "apply", &desk.file("april.toml", april), "-y"]);
    let shown = desk.ok(&["show", "acme"]);
    assert!(shown.contains("behind its plan of 1 Jan to 31 Dec 2026"), "{shown}");
    set(&desk, "acme", &["--target", "500000"]);
    assert!(desk.ok(&["show", "acme"]).contains("behind its 2027 plan (1 Apr 2026 to 31 Mar 2027)"));
    let said = set(&desk, "acme", &["--period", "2026-01-01..2026-12-31", "--target", "500000"]);
    assert!(said.contains("no day of it counts") && !said.contains("now active"), "{said}");
}

#[test]
fn growth_is_told_against_a_year_that_is_recorded_whole() {
    let desk = desk();
    let growth = |desk: &Desk| desk.json(&["report", "growth"]);
    desk.ok(&["revenue", "add", "acme", "10", "--on", "2025-07-31"]);
    desk.ok(&["revenue", "add", "acme", "1000", "--on", "2026-08-01"]);
    let told = growth(&desk);
    assert_eq!((&told["growth"], &told["rows"][0]["growth"]), (&Json::Null, &Json::Null), "{told}");
    assert_eq!(told["revenue_recorded_since"], "2025-07-31");
    assert_eq!(told["movers"], serde_json::json!([]));
    let text = desk.ok(&["report", "growth"]);
    assert!(text.contains("No year over year: revenue is recorded since 2025-07-31."), "{text}");
    assert!(text.contains("Who made up 80 % of revenue on 2025-11-23 is not known"), "{text}");
    let reviewed = |desk: &Desk| {
        let review = desk.json(&["report", "review", "acme", "--period", "2026-Q3"]);
        let rows = review["quarters"].as_array().expect("quarters").clone();
        rows.iter().map(|row| row["last_year"].clone()).collect::<Vec<Json>>()
    };
    assert_eq!(reviewed(&desk)[2], Json::Null);
    desk.ok(&["revenue", "add", "acme", "0", "--period", "2024-10"]);
    let told = growth(&desk);
    assert_eq!(told["revenue_recorded_since"], Json::Null, "{told}");
    assert!(told["growth"].is_number() && told["rows"][0]["growth"].is_number(), "{told}");
    assert_eq!(reviewed(&desk)[2], 10.0);
}

#[test]
fn a_draft_for_all_quarters_shows_them_beside_an_agreed_plan_of_the_later_ones() {
    let mut desk = Desk::new();
    desk.set_today("2026-07-15");
    desk.ok(&["add-partner", "One Co", "--stage", "growth", "--on", "2025-06-01"]);
    desk.ok(&["revenue", "add", "one-co", "5000", "--period", "2026-Q1"]);
    desk.ok(&["plan", "set", "one-co", "--period", "2026", "--target", "60000", "--agreed-by", "X"]);
    desk.ok(&["plan", "set", "one-co", "--period", "2026", "--quarters", "5000,10000,10000,20000"]);
    let shown = desk.json(&["plan", "show", "one-co"]);
    let first: Vec<_> =
        shown["rows"].as_array().into_iter().flatten().filter(|row| row["period"] == "2026-Q1").collect();
    assert_eq!(first[0]["target"], serde_json::Value::Null, "the agreed plan has no target for it");
    assert_eq!((&first[1]["target"], &first[1]["actual"]), (&5000.0.into(), &5000.0.into()), "{shown}");
    let listed = desk.json(&["plan", "list", "--period", "2026"]);
    let actual = |at: usize| listed["rows"][at]["actual_to_date"].clone();
    assert_eq!((actual(0), actual(1)), (0.0.into(), 5000.0.into()), "{listed}");
}
