//! What was before a partner is watched, or before it was imported with its history, is unknown: not late, and not 0.

use serde_json::Value;

use crate::support::Desk;

/// Two years of two partners in growth, imported today: one that sold, one that never did.
fn imported() -> Desk {
    let desk = Desk::new();
    let mut stages = "partner,stage,entered_on\n".to_owned();
    for name in ["Alfa", "Halo"] {
        let days = ["2024-10-01", "2024-11-01", "2025-01-10", "2025-02-10", "2025-03-05"];
        let all = ["recruitment", "terms", "readiness", "launch", "growth"].iter().zip(days);
        stages.push_str(&all.map(|(stage, day)| format!("{name},{stage},{day}\n")).collect::<String>());
    }
    stages.push_str("Gone,recruitment,2024-10-01\nGone,terms,2024-11-01\nGone,terminated,2025-01-01\n");
    desk.ok(&["import", "stages", &desk.file("stages.csv", stages), "--complete-history"]);
    desk.ok(&["revenue", "add", "alfa", "1000", "--on", "2026-05-05"]);
    desk
}

fn rows(report: &Value, table: &str) -> Vec<Value> {
    report[table].as_array().expect("rows").clone()
}

fn dues(desk: &Desk) -> Vec<Value> {
    rows(&desk.json(&["calendar", "--limit", "0"]), "rows")
}

#[test]
fn an_import_of_two_years_makes_nothing_overdue() {
    let mut desk = imported();
    let late = |desk: &Desk| -> Vec<Value> {
        dues(desk).into_iter().filter(|one| one["days_left"].as_i64() < Some(0)).collect()
    };
    assert_eq!(late(&desk), Vec::<Value>::new());
    assert_eq!(rows(&desk.json(&["report", "reporting"]), "rows"), Vec::<Value>::new());
    let shown = desk.json(&["show", "halo"]);
    assert_eq!(shown["reports_owed"], serde_json::json!([]));
    let overdue = rows(&shown, "milestones").into_iter().filter(|one| one["status"] == "overdue").count();
    assert_eq!(overdue, 0, "{shown}");
    // From now on it is asked: the report of December, the review of the quarter that begins in January.
    desk.set_today("2027-04-20");
    let kinds: Vec<String> = late(&desk)
        .iter()
        .filter(|one| one["partner"] == "halo")
        .map(|one| format!("{} {}", one["kind"].as_str().unwrap_or_default(), one["what"]))
        .collect();
    assert!(kinds.iter().any(|one| one.contains("sell-through report for 2026-12")), "{kinds:?}");
    assert!(!kinds.iter().any(|one| one.contains("2026-11")), "{kinds:?}");
}

#[test]
fn missing_reports_of_a_partner_are_one_row_for_people_and_each_its_own_for_machines() {
    let desk = Desk::new();
    let since = ["--on", "2026-01-05", "--observed-from", "2026-01-05"];
    desk.ok(&[&["add-partner", "Beta", "--stage", "growth"][..], &since].concat());
    let missing =
        |one: &&Value| one["what"].as_str().is_some_and(|what| what.contains("sell-through report"));
    let machines =
        dues(&desk).iter().filter(missing).filter(|one| one["days_left"].as_i64() < Some(0)).count();
    assert_eq!(machines, 9, "February to October");
    let people = desk.ok(&["calendar", "--limit", "0"]);
    let line = "9 sell-through reports are missing, the first for 2026-02";
    assert_eq!(people.matches(line).count(), 1, "{people}");
    assert!(people.contains("If nothing was sold, report 0."), "{people}");
    desk.ok(&["revenue", "add", "beta", "0", "--period", "2026-Q1"]);
    assert!(desk.ok(&["calendar"]).contains("7 sell-through reports are missing, the first for 2026-04"));
}

#[test]
fn a_report_is_received_when_its_revenue_is_recorded_and_not_by_saying_so() {
    let desk = Desk::new();
    let since = ["--on", "2026-01-05", "--observed-from", "2026-01-05"];
    desk.ok(&[&["add-partner", "Beta", "--stage", "growth"][..], &since].concat());
    let remedy = "chanlife revenue add beta AMOUNT --period 2026-10` records it, 0 if nothing was sold";
    let done = desk.fails(4, &["done", "beta", "sell-through-received", "--period", "2026-10"]);
    assert!(done.contains("not by hand") && done.contains(remedy), "{done}");
    let period = ["sell-through-received", "--period", "2026-10", "--reason", "x"];
    let skipped = desk.fails(4, &[&["skip", "beta"][..], &period].concat());
    assert!(skipped.contains(remedy), "{skipped}");
    // The month that runs is not reported as a whole yet.
    let running = desk.fails(4, &["done", "beta", "sell-through-received"]);
    assert!(running.contains("`chanlife revenue add beta AMOUNT` records it"), "{running}");
}

#[test]
fn since_when_a_partner_is_watched_can_be_said_later_and_then_counts() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Beta", "--stage", "launch", "--on", "2026-01-05"]);
    let overdue = |desk: &Desk| {
        let all = rows(&desk.json(&["show", "beta"]), "milestones");
        all.iter().filter(|one| one["status"] == "overdue").count()
    };
    assert_eq!(overdue(&desk), 0, "it is watched since today");
    desk.ok(&["edit", "beta", "--observed-from", "2026-01-05"]);
    assert!(overdue(&desk) > 3);
    desk.ok(&["undo"]);
    assert_eq!(overdue(&desk), 0);
    desk.check();
}

#[test]
fn what_was_open_stays_open_after_the_partner_moves_on() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Lia", "--stage", "launch", "--on", "2026-07-21"]);
    let open = |desk: &Desk| -> Vec<String> {
        let all = rows(&desk.json(&["show", "lia"]), "milestones");
        let of_launch = all.iter().filter(|one| one["stage"] == "launch" && one["gate"] == false);
        of_launch.map(|one| one["milestone"].as_str().expect("a key").to_owned()).collect()
    };
    let before = open(&desk);
    desk.ok(&["advance", "lia", "--override", "sold already"]);
    assert_eq!(open(&desk), before);
}

#[test]
fn a_review_says_which_quarters_are_known() {
    let desk = imported();
    let quarters = |partner: &str| -> Vec<(Value, Value)> {
        let review = desk.json(&["report", "review", partner]);
        rows(&review, "quarters").iter().map(|row| (row["known"].clone(), row["actual"].clone())).collect()
    };
    let known = |partner: &str| -> Vec<String> {
        quarters(partner).iter().map(|(known, _)| known.as_str().expect("a word").to_owned()).collect()
    };
    assert_eq!(known("halo"), ["not reported", "not reported", "not reported", "running"]);
    assert_eq!(known("alfa"), ["not reported", "reported in part", "not reported", "running"]);
    assert_eq!(quarters("halo")[0].1, Value::Null, "unknown is not 0");
    assert!(desk.ok(&["report", "review", "halo"]).contains("2026-Q3: not reported."));
    desk.ok(&["add-partner", "Nova", "--stage", "growth", "--on", "2025-02-01"]);
    assert_eq!(known("nova")[0], "not watched");
    let refused = desk.fails(2, &["report", "review", "halo", "--where", "region=EMEA"]);
    assert!(refused.contains("leave out --where"), "{refused}");
}

#[test]
fn who_did_not_report_the_newest_quarter_is_not_said_to_perform() {
    let desk = Desk::new();
    let since = ["--on", "2025-11-01", "--observed-from", "2025-11-01"];
    desk.ok(&[&["add-partner", "Beta", "--stage", "growth"][..], &since].concat());
    desk.ok(&["plan", "set", "beta", "--period", "2026", "--target", "120000", "--on", "2026-01-02"]);
    desk.ok(&["plan", "send", "beta", "--period", "2026", "--on", "2026-01-02"]);
    desk.ok(&["plan", "agree", "beta", "--period", "2026", "--on", "2026-01-02"]);
    desk.ok(&["revenue", "add", "beta", "30000", "--period", "2026-Q2"]);
    let row = |desk: &Desk| rows(&desk.json(&["report", "nonperforming", "--all"]), "rows")[0].clone();
    assert_eq!(row(&desk)["performance"], "reports owed");
    assert_eq!(row(&desk)["command"], "chanlife revenue add beta AMOUNT --period 2026-Q3");
    let review = desk.ok(&["report", "review", "beta"]);
    assert!(review.contains("cannot be judged: 2026-Q3 not reported"), "{review}");
    desk.ok(&["revenue", "add", "beta", "0", "--period", "2026-Q3"]);
    assert_eq!(row(&desk)["performance"], "performing");
    let review = desk.ok(&["report", "review", "beta"]);
    assert!(review.contains("performing: 2026-Q2 100 % of plan, 2026-Q3 0 % of plan"), "{review}");
}

#[test]
fn what_was_told_elsewhere_needs_no_text_and_can_get_one_later() {
    let desk = Desk::new();
    for name in ["Beta", "Coda"] {
        desk.ok(&["add-partner", name, "--stage", "growth"]);
    }
    desk.ok(&["announce", "summer", "beta", "--told-by", "newsletter"]);
    let told = desk.json(&["report", "communication"]);
    assert_eq!(rows(&told, "rows")[0]["told"], 1, "{told}");
    let missing = desk.fails(2, &["announce", "summer", "coda"]);
    assert!(missing.contains("the subject is missing") && missing.contains("--told-by HOW"), "{missing}");
    let body = desk.file("body.txt", "Hello {partner}");
    desk.ok(&["announce", "summer", "coda", "--subject", "Summer", "--body", &body]);
    let other = desk.fails(4, &["announce", "summer", "beta", "--subject", "Winter", "--body", &body]);
    assert!(other.contains("summer"), "{other}");
    desk.check();
}

#[test]
fn a_pause_does_not_make_missing_reports_into_nothing_sold() {
    let (since, day) = (["--on", "2026-01-05", "--observed-from", "2026-01-05"], "2026-11-20");
    for pause in
        [&["park", "beta", "--reason", "x"][..], &["leave", "beta", "--as", "withdrew", "--reason", "x"]]
    {
        let desk = Desk::new();
        desk.ok(&[&["add-partner", "Beta", "--stage", "growth"][..], &since].concat());
        let owed = |desk: &Desk| desk.json(&["show", "beta"])["reports_owed"].clone();
        let before = owed(&desk);
        assert_eq!(before.as_array().map(Vec::len), Some(9), "{before}");
        desk.ok(&[pause, &["--on", day, "-y"]].concat());
        let not_reported = |desk: &Desk| {
            let review = desk.json(&["report", "review", "beta", "--period", "2026-Q3"]);
            let third = rows(&review, "quarters")[2].clone();
            assert_eq!(
                (&third["known"], &third["actual"]),
                (&"not reported".into(), &Value::Null),
                "{pause:?}"
            );
        };
        not_reported(&desk);
        if pause[0] == "park" {
            desk.ok(&["resume", "beta", "--on", "2026-11-21"]);
            assert_eq!(owed(&desk), before, "what was owed stays owed");
            not_reported(&desk);
        }
    }
}

#[test]
fn nothing_is_asked_for_the_months_that_were_spent_parked() {
    let desk = Desk::new();
    let since = ["--on", "2026-01-01", "--observed-from", "2026-01-01"];
    desk.ok(&[&["add-partner", "Beta", "--stage", "growth"][..], &since].concat());
    desk.ok(&["park", "beta", "--reason", "x", "--on", "2026-03-01"]);
    desk.ok(&["resume", "beta", "--on", "2026-09-01"]);
    let owed = desk.json(&["show", "beta"])["reports_owed"].clone();
    assert_eq!(owed, serde_json::json!(["2026-01", "2026-02", "2026-09", "2026-10"]));
    let review = desk.ok(&["report", "review", "beta", "--period", "2026-Q1"]);
    assert!(!review.contains("2026-03 "), "{review}");
}

#[test]
fn a_stage_and_a_day_since_when_partners_are_watched_make_nothing_overdue_in_an_import() {
    let desk = Desk::new();
    let list = desk.file("p.csv", "key,name,stage,since,type\nd1,D1,growth,2024-05-01,reseller\n");
    let stages = desk.file("s.csv", "partner,stage,entered_on\nd1,growth,2024-05-01\n");
    let watched = ["--observed-from", "2024-01-01"];
    for words in [
        &["import", "partners", &list, "--complete-history"][..],
        &[&["import", "partners", &list][..], &watched].concat(),
        &[&["import", "stages", &stages][..], &watched].concat(),
    ] {
        desk.ok(words);
        let late = |one: &Value| one["days_left"].as_i64() < Some(0);
        assert!(!dues(&desk).iter().any(late), "{words:?}: {:?}", dues(&desk));
        assert_eq!(desk.json(&["show", "d1"])["reports_owed"], serde_json::json!([]), "{words:?}");
        // The review of a quarter that is not reported claims no report that nothing else claims.
        let review = desk.json(&["report", "review", "d1"]);
        assert!(!review["open"].to_string().contains("sell-through report"), "{review}");
        desk.ok(&["undo", "--yes"]);
    }
}
