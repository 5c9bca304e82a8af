//! Whom to touch first: the front page and `next` on channels in which growth, small numbers and old visits matter.

use proptest::prelude::*;
use serde_json::Value;

use crate::support::Desk;

fn page(desk: &Desk) -> Value {
    desk.json(&["report"])
}

fn keys(table: &Value) -> Vec<String> {
    let rows = table.as_array().into_iter().flatten();
    rows.map(|row| row["partner"].as_str().expect("a key").to_owned()).collect()
}

fn row<'v>(table: &'v Value, partner: &str) -> &'v Value {
    let rows = table.as_array().expect("rows");
    rows.iter().find(|row| row["partner"] == partner).unwrap_or_else(|| panic!("{partner} is not in {table}"))
}

/// Adds a partner in growth since a day.
fn grown(desk: &Desk, name: &str, since: &str) {
    desk.ok(&["add-partner", name, "--stage", "growth", "--on", since]);
}

fn plan(desk: &Desk, partner: &str, target: &str) {
    let set = ["plan", "set", partner, "--period", "2026", "--target", target, "--agreed-by", "Jo"];
    desk.ok(&[&set[..], &["--on", "2026-01-15"]].concat());
}

#[test]
fn what_a_touch_can_still_bring_comes_first_and_equal_amounts_by_the_whole_gap() {
    let desk = Desk::new();
    for (name, target) in [("Seller", "36500"), ("Small", "1000"), ("Large", "90000"), ("Largest", "120000")]
    {
        grown(&desk, name, "2025-06-01");
        plan(&desk, &name.to_lowercase(), target);
    }
    for month in 1..=11 {
        desk.ok(&["revenue", "add", "seller", "3000", "--on", &format!("2026-{month:02}-10")]);
    }
    let page = page(&desk);
    let first = keys(&page["touch_first"]);
    assert_eq!(
        &first[..3],
        ["largest", "large", "small"],
        "the rest of the year can bring as much of the first two"
    );
    let [largest, large, small] = ["largest", "large", "small"].map(|key| row(&page["touch_first"], key));
    assert_eq!(largest["at_stake"], large["at_stake"]);
    assert_eq!(largest["gap"], 120_000.0);
    assert_eq!(small["at_stake"], 1000.0, "the whole gap is within reach");
    // 33,000 in the last 365 days, and 38 days to come.
    assert_eq!(large["at_stake"].as_f64().map(f64::round), Some(3436.0));
    assert_eq!(large["yardstick"], "plan");
}

#[test]
fn a_partner_that_goes_on_at_the_pace_of_its_plan_is_not_on_the_list_of_those_below_it() {
    let desk = Desk::new();
    grown(&desk, "Even", "2025-06-01");
    plan(&desk, "even", "36000");
    for month in 6..=12 {
        desk.ok(&["revenue", "add", "even", "3100", "--period", &format!("2025-{month:02}")]);
    }
    for month in 1..=10 {
        desk.ok(&["revenue", "add", "even", "3100", "--period", &format!("2026-{month:02}")]);
    }
    let page = page(&desk);
    assert_eq!(page["growth"], Value::Null, "{page}");
}

#[test]
fn a_partner_without_a_plan_is_held_against_what_it_expected_and_else_against_its_type() {
    let desk = Desk::new();
    let answers = desk.file("a.toml", "revenue-expected = 50000\n");
    for name in ["Expecting", "Unasked", "One", "Two", "Three"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2025-06-01", "--type", "msp"]);
    }
    desk.ok(&["assess", "expecting", "partner-criteria", "--answers", &answers, "--on", "2025-06-02"]);
    for (partner, amount) in [("one", "20000"), ("two", "30000"), ("three", "40000")] {
        desk.ok(&["revenue", "add", partner, amount, "--on", "2026-05-04"]);
    }
    let next = desk.json(&["next"]);
    assert_eq!(row(&next["rows"], "expecting")["yardstick"], "expectation");
    assert_eq!(row(&next["rows"], "expecting")["gap"], 50_000.0);
    assert_eq!(row(&next["rows"], "unasked")["yardstick"], "median");
    assert_eq!(row(&next["rows"], "unasked")["gap"], 30_000.0);
}

#[test]
fn a_partner_that_stopped_selling_has_gone_quiet_and_one_with_the_same_pauses_has_not() {
    let desk = Desk::new();
    grown(&desk, "Stopped", "2024-12-01");
    grown(&desk, "Steady", "2024-12-01");
    for (year, months) in [(2025, 1..=12), (2026, 1..=11)] {
        for month in months {
            let on = format!("{year}-{month:02}-10");
            if (year, month) < (2026, 7) {
                desk.ok(&["revenue", "add", "stopped", "900", "--on", &on]);
            }
            desk.ok(&["revenue", "add", "steady", "900", "--on", &on]);
        }
    }
    let next = desk.json(&["next"]);
    let reason = |key: &str| row(&next["rows"], key)["reason"].as_str().expect("words").to_owned();
    assert!(reason("stopped").contains("no sale for 166 d, usually every 31 d"), "{}", reason("stopped"));
    assert!(!reason("steady").contains("no sale for"), "{}", reason("steady"));
}

#[test]
fn whoever_stopped_selling_long_ago_is_for_a_decision_and_whoever_stopped_lately_is_not() {
    let desk = Desk::new();
    let names =
        ["Steady", "Late", "Gone one", "Gone two", "Gone three", "Gone four", "Gone five", "Gone six"];
    for name in names {
        grown(&desk, name, "2023-12-01");
    }
    let mut sales = String::from("partner,on,amount\n");
    for month in 0..35 {
        let on = format!("{}-{:02}-10", 2024 + month / 12, month % 12 + 1);
        let sells = |name: &&str| match *name {
            "Steady" => true,
            "Late" => month < 28,
            _ => month < 6,
        };
        names
            .iter()
            .filter(|name| sells(name))
            .for_each(|name| sales.push_str(&format!("{name},{on},900\n")));
    }
    desk.ok(&["import", "revenue", &desk.file("s.csv", &sales)]);
    let page = page(&desk);
    let (act, decide) = (keys(&page["touch_first"]), keys(&page["decide"]));
    assert!(act.contains(&"late".to_owned()), "{page}");
    assert!(!act.iter().any(|key| key.starts_with("gone")), "{act:?}");
    assert_eq!(decide.len(), 5, "the first of six: {decide:?}");
}

#[test]
fn nothing_is_said_to_be_unsold_before_a_partner_was_watched_unless_sales_of_that_time_are_recorded() {
    let desk = Desk::new();
    let csv = desk.file(
        "p.csv",
        "key,name,stage,since\nlong,Long,growth,2024-01-10\nseller,Seller,growth,2024-01-10\n",
    );
    desk.ok(&["import", "partners", &csv, "--observed-from", "2026-11-01"]);
    desk.ok(&["revenue", "add", "seller", "900", "--on", "2026-11-10"]);
    assert!(!page(&desk)["growth"].to_string().contains("nothing sold"), "it is watched for three weeks");
    let sales = desk.file("s.csv", "partner,on,amount,ref\nseller,2025-02-03,500,S1\n");
    desk.ok(&["import", "revenue", &sales]);
    let reason = row(&page(&desk)["touch_first"], "long")["reason"].to_string();
    assert!(reason.contains("nothing sold in 658 d"), "{reason}");
}

#[test]
fn whoever_is_left_to_itself_is_not_asked_for_revenue() {
    let desk = Desk::new();
    grown(&desk, "Alone", "2025-01-01");
    grown(&desk, "Seller", "2025-01-01");
    desk.ok(&["revenue", "add", "seller", "900", "--on", "2026-03-10"]);
    assert!(page(&desk)["growth"].to_string().contains("nothing sold"));
    desk.ok(&["watch", "alone", "--reason", "nothing sold", "--on", "2026-10-01"]);
    desk.ok(&["decide", "alone", "self-service", "--reason", "too small", "--on", "2026-10-02"]);
    assert!(!page(&desk)["growth"].to_string().contains("nothing sold"));
}

#[test]
fn reasons_without_money_stand_behind_by_days_late_and_promises_stand_above() {
    let desk = Desk::new();
    for name in ["Asker", "Older", "Payer"] {
        desk.ok(&["add-partner", name, "--on", "2026-11-20"]);
    }
    desk.ok(&["ask", "asker", "When?", "--on", "2026-11-21"]);
    desk.ok(&["ask", "older", "Why?", "--on", "2026-11-20"]);
    grown(&desk, "Below", "2025-01-01");
    plan(&desk, "below", "1000");
    desk.ok(&["plan", "action", "below", "Call Jane", "--due", "2026-11-20", "--on", "2026-11-02"]);
    let page = page(&desk);
    assert_eq!(keys(&page["touch_first"]), ["below", "older", "asker"]);
    assert_eq!(keys(&page["promised"]), ["below"]);
    let text = desk.ok(&["report"]);
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} is not said"));
    assert!(at("Follow-ups and actions due") < at("Top priorities"));
}

#[test]
fn a_visit_without_a_chance_is_for_a_decision_and_never_among_the_first() {
    let desk = Desk::new();
    // Twelve partners came through within 100 days; one has stood in the first stage for three years.
    let mut csv = String::from("partner,stage,entered_on\n");
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
    for partner in 0..40_u64 {
        let mut day = first + chrono::Days::new(partner * 20);
        for (at, stage) in ["recruitment", "terms", "readiness", "launch", "growth"].iter().enumerate() {
            csv.push_str(&format!("p{partner},{stage},{day}\n"));
            day = day + chrono::Days::new(10 + (partner * 7 + at as u64 * 3) % 30);
        }
    }
    csv.push_str("old,recruitment,2023-11-23\nnew,recruitment,2026-11-01\nslow,recruitment,2026-09-10\n");
    let file = desk.file("history.csv", &csv);
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    let page = page(&desk);
    assert_eq!(
        keys(&page["decide"]),
        ["old"],
        "74 days are twice as long as all others, but not half a year more"
    );
    assert!(!keys(&page["touch_first"]).contains(&"old".to_owned()));
    assert_eq!(keys(&desk.json(&["next"])["decide"]), ["old"]);
}

#[test]
fn in_a_small_channel_each_stage_is_held_against_its_target_and_nothing_is_said_of_a_chance() {
    let desk = Desk::new();
    let day = |days: u64| {
        (chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day") - chrono::Days::new(days)).to_string()
    };
    for partner in 0..9_u64 {
        let on = day(200 - partner * 10);
        desk.ok(&["add-partner", &format!("P{partner}"), "--on", &on]);
        if partner < 4 {
            let to = ["advance", &format!("p{partner}"), "--to", "terms", "--override", "test"];
            desk.ok(&[&to[..], &["--on", &day(100)]].concat());
        }
    }
    let page = page(&desk);
    let targets = page["targets"].as_array().expect("targets");
    assert_eq!(targets[0]["stage"], "recruitment");
    assert_eq!((&targets[0]["completed"], &targets[0]["in_progress"]), (&Value::from(4), &Value::from(5)));
    assert_eq!(targets[0]["beyond_target"], 5);
    assert_eq!(targets[0]["median_days"], Value::Null, "four completed visits carry no interval");
    let text = desk.ok(&["report"]);
    assert!(text.contains("5 of 5 in progress are beyond the target of 56 days"), "{text}");
    assert_eq!(page["verdict"], "too few to tell", "{page}");
    assert!(page["touch_first"].as_array().expect("rows").iter().all(|row| row["at_stake"].is_null()));
}

#[test]
fn from_ten_completed_visits_on_a_stage_is_slower_than_its_target_if_all_of_its_interval_is() {
    let desk = Desk::new();
    let mut csv = String::from("partner,stage,entered_on\n");
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
    for partner in 0..12_u64 {
        let began = first + chrono::Days::new(partner * 9);
        let left = began + chrono::Days::new(80 + partner * 5);
        csv.push_str(&format!("p{partner},recruitment,{began}\np{partner},terms,{left}\n"));
    }
    let file = desk.file("history.csv", &csv);
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    let page = page(&desk);
    let target = &page["targets"][0];
    assert_eq!(target["slower_than_target"], true);
    assert!(target["median_days_low"].as_i64().expect("a limit") > 56);
    assert!(
        desk.ok(&["report"])
            .contains("significantly slower than its target: median 105 days (95 % CI 85 to 125) against 56")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn the_front_page_names_the_same_first_five_as_next(
        partners in prop::collection::vec((0..6_usize, 3..900_u64, 0..5_u32, any::<bool>()), 1..25),
    ) {
        let desk = Desk::new();
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        let stages = ["recruitment", "terms", "readiness", "launch", "growth", "growth"];
        let mut csv = String::from("key,name,stage,since\n");
        let mut sales = String::from("partner,on,amount,ref\n");
        for (at, (stage, days, sold, _)) in partners.iter().enumerate() {
            csv.push_str(&format!("p{at},P {at},{},{}\n", stages[*stage], today - chrono::Days::new(*days)));
            for sale in 0..*sold {
                let on = today - chrono::Days::new(days * u64::from(sale) / 6);
                sales.push_str(&format!("p{at},{on},{},S{at}-{sale}\n", 100 * (at + 1)));
            }
        }
        let (csv, sales) = (desk.file("partners.csv", &csv), desk.file("sales.csv", &sales));
        desk.ok(&["import", "partners", &csv, "--observed-from", "since"]);
        desk.ok(&["import", "revenue", &sales]);
        for (at, (_, days, _, asks)) in partners.iter().enumerate() {
            if *asks {
                let on = (today - chrono::Days::new(3.min(*days))).to_string();
                desk.ok(&["ask", &format!("p{at}"), "When?", "--on", &on]);
            }
        }
        let first = keys(&page(&desk)["touch_first"]);
        let next = keys(&desk.json(&["next"])["rows"]);
        prop_assert_eq!(&first[..], &next[..first.len()]);
        // One row a partner, and none in both lists.
        let decide = keys(&desk.json(&["next"])["decide"]);
        let mut all: Vec<&String> = next.iter().chain(&decide).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        prop_assert_eq!(all.len(), count);
    }
}

#[test]
fn in_a_small_channel_the_stage_of_those_whom_a_touch_can_still_move_on_is_named() {
    let desk = Desk::new();
    let day = |days: u64| {
        (chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day") - chrono::Days::new(days)).to_string()
    };
    for partner in ["Olda", "Oldb", "Oldc"] {
        desk.ok(&["add-partner", partner, "--on", &day(500)]);
    }
    let text = desk.ok(&["report"]);
    assert!(
        text.contains("3 of 3 in progress are beyond the target of 56 days, all left for a decision"),
        "{text}"
    );
    for partner in ["Newa", "Newb"] {
        desk.ok(&["add-partner", partner, "--on", &day(120)]);
        let key = partner.to_lowercase();
        desk.ok(&["advance", &key, "--to", "terms", "--override", "test", "--on", &day(110)]);
    }
    let page = page(&desk);
    assert_eq!(keys(&page["decide"]).len(), 3);
    let targets = page["targets"].as_array().expect("targets");
    assert_eq!((&targets[0]["beyond_target"], &targets[0]["for_decision"]), (&3.into(), &3.into()));
    let gates = page["hold_ups"].as_array().expect("gates");
    assert!(!gates.is_empty() && gates.iter().all(|gate| gate["stage"] == "terms"), "{gates:?}");
    for report in [&["report"][..], &["report", "intervene"]] {
        let text = desk.ok(report);
        let headline = text.lines().find(|line| line.contains("Where to intervene")).expect("a headline");
        assert!(headline.contains("2 of 2 in progress are beyond"), "{headline}");
    }
}
