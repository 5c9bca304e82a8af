//! Periods keep their days when the fiscal year begins in another month; plans count for the days on which the partner is there.

use serde_json::Value as Json;

use crate::support::{Desk, Said};

/// A program of two stages whose fiscal year begins in a month.
fn program(first_month: u32, more: &str) -> String {
    format!(
        "[program]\nname = \"Channel\"\ncurrency = \"EUR\"\nfiscal_year_start = {first_month}\n{more}\n\
         [[stage]]\nkey = \"talks\"\n\n[[stage]]\nkey = \"growth\"\nsuccess = true\n\n\
         [[stage.milestone]]\nkey = \"budget\"\nevery = \"quarter\"\n"
    )
}

/// A desk with a program whose years begin in January, on a day.
fn desk(today: &str) -> Desk {
    let mut desk = Desk::empty();
    desk.set_today(today);
    desk.ok(&["init", "--program", &desk.file("january.toml", program(1, ""))]);
    desk
}

fn move_start(desk: &Desk, first_month: u32) {
    let moved = desk.file("moved.toml", program(first_month, ""));
    desk.ok(&["program", "apply", &moved]);
}

/// All that a command said.
fn heard(said: &Said) -> String {
    format!("{}{}", said.out, said.err)
}

/// The row of a table in which a column has a value.
fn row<'j>(table: &'j Json, column: &str, value: &str) -> &'j Json {
    let rows = table.as_array().expect("rows");
    rows.iter().find(|row| row[column] == value).unwrap_or_else(|| panic!("{value} in {table}"))
}

#[test]
fn another_first_month_moves_no_plan_review_or_report_and_undo_gives_the_names_back() {
    let mut desk = desk("2026-01-05");
    desk.ok(&["add-partner", "Nordic", "--stage", "growth", "--on", "2026-01-05"]);
    desk.ok(&["plan", "set", "nordic", "--target", "120000", "--agreed-by", "Eva", "--on", "2026-01-05"]);
    desk.set_today("2026-11-20");
    desk.ok(&["revenue", "add", "nordic", "20000", "--period", "2026-Q2"]);
    desk.ok(&["plan", "review", "nordic", "--period", "2026-Q2", "--on", "2026-07-10"]);
    desk.ok(&["done", "nordic", "budget", "--period", "2026-Q2"]);
    move_start(&desk, 4);
    let growth = desk.json(&["report", "growth"]);
    let first = row(&growth["quarters"], "quarter", "2027-Q1");
    assert_eq!((&first["first_day"], &first["last_day"]), (&"2026-04-01".into(), &"2026-06-30".into()));
    assert_eq!((first["plan"].as_f64(), first["actual"].as_f64()), (Some(30_000.0), Some(20_000.0)));
    assert!(desk.ok(&["report", "growth"]).contains("1 Jan to 31 Dec 2026"), "old days are said");
    let plan = desk.json(&["plan", "show", "nordic"]);
    assert_eq!(row(&plan["rows"], "period", "2026-01-01..2026-12-31")["target"].as_f64(), Some(120_000.0));
    assert_eq!(plan["reviews"][0]["period"], "2027-Q1");
    assert!(desk.ok(&["plan", "show", "nordic"]).contains("2027-Q1 is 1 Apr to 30 Jun 2026"));
    assert_eq!(desk.json(&["revenue", "list"])["rows"][0]["period"], "2027-Q1");
    desk.ok(&["reopen", "nordic", "budget", "--period", "2027-Q1"]);
    desk.check();
    desk.ok(&["undo"]);
    desk.ok(&["undo"]);
    assert_eq!(desk.json(&["revenue", "list"])["rows"][0]["period"], "2026-Q2");
    desk.check();
}

#[test]
fn a_quarter_that_does_not_fit_the_new_year_is_settled_once() {
    let mut desk = desk("2026-01-05");
    desk.ok(&["add-partner", "Nordic", "--stage", "growth", "--on", "2026-01-05"]);
    desk.set_today("2026-11-20");
    for quarter in ["2026-Q1", "2026-Q2", "2026-Q3"] {
        desk.ok(&["done", "nordic", "budget", "--period", quarter]);
    }
    move_start(&desk, 2);
    let missed = |desk: &Desk| {
        let shown = desk.json(&["show", "nordic"]);
        let all = shown["milestones"].as_array().expect("rows").clone();
        all.iter().filter(|one| one["milestone"] == "budget" && one["status"] == "missed").count()
    };
    assert_eq!(missed(&desk), 0, "{}", desk.ok(&["show", "nordic"]));
    desk.ok(&["reopen", "nordic", "budget", "--period", "2027-Q2"]);
    assert_eq!(missed(&desk), 1);
    desk.check();
}

#[test]
fn a_fiscal_year_says_its_days_and_may_be_named_for_the_year_in_which_it_starts() {
    let mut desk = Desk::empty();
    desk.set_today("2026-11-20");
    let named = program(4, "fiscal_year_named = \"start\"");
    desk.ok(&["init", "--program", &desk.file("april.toml", named)]);
    desk.ok(&["add-partner", "Nordic", "--stage", "growth", "--on", "2025-04-01"]);
    let said = heard(&desk.run(&["plan", "set", "nordic", "--period", "2025", "--target", "1000"]));
    assert!(said.contains("1 Apr 2025 to 31 Mar 2026") && said.contains("over"), "{said}");
    let wrong = program(4, "fiscal_year_named = \"both\"");
    let why = desk.fails(6, &["program", "check", &desk.file("wrong.toml", wrong)]);
    assert!(why.contains("fiscal_year_named") && why.contains("\"start\""), "{why}");
}

/// A desk with two partners in growth that have plans for 2026.
fn planned_desk() -> Desk {
    let mut desk = desk("2026-11-20");
    for (partner, target) in [("Stays", "100000"), ("Goes", "300000")] {
        desk.ok(&["add-partner", partner, "--stage", "growth", "--on", "2025-10-10"]);
        let key = partner.to_lowercase();
        let set = ["plan", "set", &key, "--period", "2026", "--target", target, "--agreed-by", "Eva"];
        desk.ok(&[&set[..], &["--on", "2026-01-10"]].concat());
    }
    desk.set_today("2026-11-20");
    desk
}

/// What is planned in each quarter of 2026.
fn by_quarter(desk: &Desk, more: &[&str]) -> Vec<Option<f64>> {
    let growth = desk.json(&[&["report", "growth"], more].concat());
    growth["quarters"].as_array().expect("quarters").iter().map(|one| one["plan"].as_f64()).collect()
}

#[test]
fn leaving_ends_later_quarters_and_coming_back_changes_no_past_one() {
    let desk = planned_desk();
    let before = by_quarter(&desk, &["--as-of", "2026-02-15"]);
    assert_eq!(before, [Some(100_000.0); 4]);
    desk.ok(&["leave", "goes", "--as", "terminated", "--reason", "sold", "--on", "2026-03-31"]);
    let gone = [Some(100_000.0), Some(25_000.0), Some(25_000.0), Some(25_000.0)];
    assert_eq!(by_quarter(&desk, &[]), gone);
    desk.ok(&["return", "goes", "--to", "growth", "--on", "2026-11-01"]);
    let back = by_quarter(&desk, &[]);
    assert_eq!(back[..3], gone[..3]);
    assert_eq!(back[3], Some(74_728.26), "October has no plan for who came back in November");
    assert_eq!(by_quarter(&desk, &["--as-of", "2026-02-15"]), before);
    assert_eq!(row(&desk.json(&["plan", "show", "goes"])["rows"], "period", "2026")["target"], 300_000.0);
    desk.check();
}

#[test]
fn a_first_plan_is_that_of_the_quarters_left_and_a_later_one_keeps_those_that_are_over() {
    let mut desk = desk("2026-11-20");
    desk.ok(&["add-partner", "Late", "--stage", "growth", "--on", "2026-07-15"]);
    desk.set_today("2026-11-20");
    let set = |target: &str, on: &str| {
        heard(&desk.run(&["plan", "set", "late", "--target", target, "--agreed-by", "Eva", "--on", on]))
    };
    let said = set("40000", "2026-07-20");
    assert!(said.contains("2026-Q1 to 2026-Q2 have no target"), "{said}");
    assert_eq!(by_quarter(&desk, &[]), [None, None, Some(20_000.0), Some(20_000.0)]);
    let said = set("50000", "2026-10-05");
    assert!(said.contains("keep 20000.00 EUR"), "{said}");
    assert_eq!(by_quarter(&desk, &[]), [None, None, Some(20_000.0), Some(30_000.0)]);
    assert_eq!(by_quarter(&desk, &["--as-of", "2026-10-01"])[3], Some(20_000.0));
    let why = desk.fails(4, &["plan", "set", "late", "--target", "10000"]);
    assert!(why.contains("keep 20000.00 EUR") && why.contains("--quarters"), "{why}");
    desk.check();
}

#[test]
fn a_plan_imported_without_a_day_is_that_of_the_whole_year() {
    let mut desk = desk("2026-11-20");
    desk.ok(&["add-partner", "Late", "--stage", "growth", "--on", "2026-07-01"]);
    desk.ok(&["add-partner", "Later", "--stage", "growth", "--on", "2026-07-01"]);
    desk.set_today("2026-11-20");
    let plans = "partner,period,target,agreed-by,on\nlate,2026,40000,Eva,\nlater,2026,40000,Eva,2026-07-20\n";
    let file = desk.file("plans.csv", plans);
    desk.ok(&["import", "plans", &file]);
    assert_eq!(by_quarter(&desk, &[])[0], Some(10_000.0));
    let growth = desk.json(&["report", "growth"]);
    assert_eq!(row(&growth["rows"], "partner", "later")["q3_plan"], 20_000.0);
    let again = heard(&desk.run(&["import", "plans", &file]));
    assert!(again.contains("2 already recorded") || again.contains("nothing new"), "{again}");
    desk.check();
}

#[test]
fn days_and_periods_are_typed_in_words() {
    let desk = planned_desk();
    desk.ok(&["revenue", "add", "stays", "1000", "--period", "2026-H1"]);
    desk.ok(&["revenue", "add", "stays", "500", "--period", "2026-W47", "--today", "2026-11-28"]);
    desk.ok(&["note", "stays", "called", "--on", "3m"]);
    desk.ok(&["note", "stays", "billed", "--on", "eoq"]);
    let log = desk.ok(&["log", "stays"]);
    assert!(log.contains("2026-08-20") && log.contains("2026-09-30"), "{log}");
    let halves = desk.json(&["report", "revenue", "--by", "half"]);
    assert_eq!(row(&halves["rows"], "half", "2026-H1")["amount"], 1000.0);
    let why = desk.fails(2, &["revenue", "add", "stays", "1", "--period", "2026-H3"]);
    assert!(why.contains("2026-H1") && why.contains("2026-W48"), "{why}");
    let why = desk.fails(2, &["note", "stays", "x", "--on", "someday"]);
    assert!(why.contains("3m") && why.contains("eoq"), "{why}");
}

#[test]
fn periods_are_understood_where_it_is_asked_since_when_until_when_or_as_of_when() {
    let desk = Desk::new();
    desk.ok(&[
        "add-partner",
        "Acme",
        "--stage",
        "growth",
        "--on",
        "2026-01-01",
        "--observed-from",
        "2026-H1",
    ]);
    for (amount, day) in
        [("1", "2026-06-30"), ("10", "2026-07-01"), ("100", "2026-09-30"), ("1000", "2026-10-01")]
    {
        desk.ok(&["revenue", "add", "acme", amount, "--on", day]);
    }
    let total = |words: &[&str]| desk.json(&[&["report", "revenue"], words].concat())["total"].as_f64();
    assert_eq!(total(&["--since", "2026-Q3"]), Some(1110.0));
    assert_eq!(total(&["--until", "2026-H1"]), Some(1.0));
    assert_eq!(total(&["--since", "2026-Q3", "--until", "2026-09"]), Some(110.0));
    assert_eq!(total(&["--since", "2026-W40", "--until", "2026-W40"]), Some(1100.0));
    assert_eq!(total(&["--as-of", "2026-Q3"]), Some(111.0));
    // Of a period that is not over, what there is.
    assert_eq!(total(&["--since", "2026-10", "--until", "2026-Q4"]), Some(1000.0));
    let found =
        |condition: &str| desk.json(&["list", "--where", condition])["rows"].as_array().map_or(0, Vec::len);
    assert_eq!(
        [found("since<2026"), found("since>=2026"), found("since<=2026"), found("since>2026-01")],
        [0, 1, 1, 0]
    );
    for words in [
        &["log", "--since", "2026-H2"][..],
        &["report", "growth", "--since", "2026-Q2"],
        &["show", "acme", "--known-on", "2026"],
    ] {
        desk.ok(words);
    }
    let said = desk.run(&["revenue", "add", "acme", "5", "--on", "2026-Q3"]);
    assert!(said.code == 2 && said.err.contains("`2026-Q3` is not a date"), "{}", said.err);
    let said = desk.run(&["report", "revenue", "--since", "2027-Q1"]);
    assert!(said.code == 2 && said.err.contains("in the future"), "{}", said.err);
}
