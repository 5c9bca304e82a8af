//! `report compare`: segments are those of the day on which a visit began, and what became of their partners.

use serde_json::Value;

use crate::support::Desk;

fn row<'r>(report: &'r Value, table: &str, stage: Option<&str>, group: &str) -> &'r Value {
    let rows = report[table].as_array().expect("rows");
    let found =
        rows.iter().find(|row| row["group"] == group && stage.is_none_or(|stage| row["stage"] == stage));
    found.unwrap_or_else(|| panic!("no {group} in {rows:?}"))
}

/// Twenty partners: half of them in EMEA, each 20 days in recruitment and then in terms; the first sold after 40 days.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut partners = String::from("name,region\n");
    let mut moves = String::from("partner,stage,entered_on\n");
    for number in 0..20 {
        let region = if number % 2 == 0 { "EMEA" } else { "APAC" };
        partners.push_str(&format!("P{number},{region}\n"));
        moves.push_str(&format!("P{number},recruitment,2026-01-05\nP{number},terms,2026-01-25\n"));
        moves.push_str(&format!("P{number},growth,2026-02-{:02}\n", 1 + number));
    }
    let moves = desk.file("moves.csv", moves);
    let partners = desk.file("partners.csv", partners);
    let day = |desk: &mut Desk, day: &str| desk.set_today(day);
    let mut desk = desk;
    day(&mut desk, "2026-01-05");
    desk.ok(&["import", "partners", &partners]);
    day(&mut desk, "2026-11-23");
    desk.ok(&["import", "stages", &moves, "--complete-history"]);
    desk.ok(&["revenue", "add", "p0", "1000", "--on", "2026-02-14"]);
    desk
}

#[test]
fn a_share_is_known_if_all_visits_were_completed_before_the_horizon() {
    let desk = desk();
    let report = desk.json(&["report", "compare", "--by", "region", "--horizon", "90"]);
    for group in ["EMEA", "APAC"] {
        let row = row(&report, "rows", Some("recruitment"), group);
        assert_eq!((&row["stays"], &row["exits"], &row["p_advanced"]), (&10.into(), &10.into(), &1.0.into()));
        assert_eq!(row["p_difference"], 0.0);
    }
    let out = desk.ok(&["report", "compare", "--by", "region", "--horizon", "90"]);
    assert!(out.contains("100 %"), "{out}");
}

#[test]
fn a_share_is_not_known_beyond_the_age_of_those_who_are_still_there() {
    let desk = desk();
    desk.ok(&["add-partner", "Slow", "--on", "2026-11-01", "--region", "EMEA"]);
    let report = desk.json(&["report", "compare", "--by", "region", "--horizon", "90"]);
    assert_eq!(row(&report, "rows", Some("recruitment"), "EMEA")["p_advanced"], Value::Null);
    assert_eq!(row(&report, "rows", Some("recruitment"), "APAC")["p_advanced"], 1.0);
}

#[test]
fn a_visit_stays_in_the_segment_in_which_it_began() {
    let desk = desk();
    let before = desk.json(&["report", "compare", "--by", "region"]);
    // All of EMEA moves once its visits are over; what they were does not change.
    desk.ok(&["edit", "--where", "region=EMEA", "--region", "LATAM", "--on", "2026-10-01"]);
    assert_eq!(desk.json(&["report", "compare", "--by", "region"]), before);
    // From the day of a change on, visits belong to the new segment.
    desk.ok(&["undo"]);
    desk.ok(&["edit", "p0", "--region", "LATAM", "--on", "2026-01-20"]);
    let after = desk.json(&["report", "compare", "--by", "region"]);
    assert_eq!(row(&after, "rows", Some("recruitment"), "EMEA")["stays"], 10);
    assert_eq!(row(&after, "rows", Some("terms"), "EMEA")["stays"], 9);
    assert_eq!(row(&after, "rows", Some("terms"), "LATAM")["stays"], 1);
    // Partners belong to where they began.
    assert_eq!(row(&after, "segments", None, "EMEA")["partners"], 10);
    desk.check();
}

#[test]
fn a_value_recorded_after_the_visit_began_is_named_and_can_be_dated_back() {
    let desk = desk();
    desk.ok(&["edit", "--where", "region=EMEA", "--tier", "gold"]);
    let out = desk.ok(&["report", "compare", "--by", "tier"]);
    assert!(out.contains("30 visits began before the tier of the partner was recorded"), "{out}");
    desk.ok(&["edit", "--where", "tier=gold", "--tier", "gold", "--on", "2026-01-05"]);
    let report = desk.json(&["report", "compare", "--by", "tier"]);
    assert_eq!(row(&report, "rows", Some("terms"), "gold")["stays"], 10);
    assert!(!desk.ok(&["report", "compare", "--by", "tier"]).contains("began before the tier"));
}

#[test]
fn segments_say_what_became_of_their_partners() {
    let desk = desk();
    desk.ok(&["add-partner", "Late", "--on", "2026-11-22", "--region", "EMEA"]);
    let report = desk.json(&["report", "compare", "--by", "region", "--horizon", "200"]);
    let (emea, apac) = (row(&report, "segments", None, "EMEA"), row(&report, "segments", None, "APAC"));
    assert_eq!(
        (&emea["partners"], &emea["reached_growth"], &emea["with_revenue"]),
        (&11.into(), &10.into(), &1.into())
    );
    assert_eq!(
        (&apac["partners"], &apac["reached_growth"], &apac["with_revenue"]),
        (&10.into(), &10.into(), &0.into())
    );
    assert_eq!(apac["p_growth"], 1.0);
    // One of 10 that are watched long enough had revenue, 40 days after it began; the eleventh is watched for a day.
    let p = emea["p_revenue"].as_f64().expect("a share");
    assert!((p - 0.1).abs() < 1e-9, "{p}");
    assert_eq!(apac["p_revenue"], 0.0);
    // 1,000.00 over 10 partners since 2026-01-05 (322 days each) and one of a day.
    let years = f64::from(10 * 322 + 1) / 365.25;
    let each: f64 = emea["revenue_per_partner_year"].as_str().map_or_else(
        || emea["revenue_per_partner_year"].as_f64().expect("an amount"),
        |text| text.parse().expect("an amount"),
    );
    assert!((each - 1000.0 / years).abs() < 0.01, "{each}");
    let sum: i64 = report["segments"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|one| one["partners"].as_i64().expect("a count"))
        .sum();
    assert_eq!(sum, 21, "each partner once");
}

#[test]
fn what_lies_in_the_future_of_a_visit_cannot_be_grouped_by() {
    let desk = desk();
    for word in [
        "stage",
        "since",
        "days",
        "overdue",
        "parked-from",
        "left-as",
        "joined",
        "missing",
        "done",
        "revenue-12m",
        "productive",
        "performance",
        "care",
        "certified",
        "told",
        "ref",
    ] {
        let err = desk.fails(2, &["report", "compare", "--by", word]);
        assert!(
            err.contains("known only once a visit is under way") && err.contains("hint:"),
            "{word}: {err}"
        );
    }
    for word in
        ["region", "type", "tier", "owner", "verdict", "vendor-score", "segment-fit", "margin", "quarter"]
    {
        desk.ok(&["report", "compare", "--by", word]);
    }
}
