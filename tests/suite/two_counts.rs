//! Generated channels of sixty partners on which reports must tell one story: `report growth` and `report intervene --toward`
//! of the same partners, and `report`, `next`, `show` of the same step.

use serde_json::Value;

use crate::support::Desk;

const STAGES: [&str; 5] = ["recruitment", "terms", "readiness", "launch", "growth"];

/// Numbers that look random, the same for the same seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A channel with a complete history of three years: two of three come to growth, most sell, some for a while only, the first
/// time within so many days and five.
fn channel(seed: u64, partners: u64, slow: u64) -> Desk {
    let mut draws = Draws(seed);
    let begun = chrono::NaiveDate::from_ymd_opt(2023, 12, 1).expect("a day");
    let last = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let (mut stages, mut revenue) =
        ("partner,stage,entered_on\n".to_owned(), "partner,on,amount\n".to_owned());
    for at in 0..partners {
        let mut day = begun + chrono::Days::new(draws.below(900));
        let mut came = true;
        for stage in STAGES {
            if day > last {
                came = false;
                break;
            }
            stages.push_str(&format!("p{at:03},{stage},{day}\n"));
            if stage != "growth" && draws.below(10) == 0 {
                let left = day + chrono::Days::new(1 + draws.below(60));
                if left <= last {
                    stages.push_str(&format!("p{at:03},terminated,{left}\n"));
                }
                came = false;
                break;
            }
            day = if stage == "growth" { day } else { day + chrono::Days::new(10 + draws.below(60)) };
        }
        let mut sales = if draws.below(4) == 0 { 0 } else { 1 + draws.below(20) };
        let mut day = day + chrono::Days::new(5 + draws.below(slow));
        while came && sales > 0 && day <= last {
            revenue.push_str(&format!("p{at:03},{day},{}\n", 2000 + 500 * draws.below(30)));
            day = day + chrono::Days::new(5 + draws.below(60));
            sales -= 1;
        }
    }
    let desk = Desk::new();
    desk.ok(&["import", "stages", &desk.file("s.csv", &stages), "--complete-history"]);
    desk.ok(&["import", "revenue", &desk.file("r.csv", &revenue)]);
    desk
}

fn rows<'v>(report: &'v Value, key: &str) -> Vec<&'v Value> {
    report[key].as_array().into_iter().flatten().collect()
}

#[test]
fn growth_and_intervene_count_the_same_partners_and_the_chance_by_stage_is_near_the_one_counted_directly() {
    let mut compared = 0;
    for seed in 1..=4 {
        let desk = channel(seed, 60, 90);
        let growth = desk.json(&["report", "growth"]);
        for (at, end) in ["first-revenue", "productive"].into_iter().enumerate() {
            let waits = rows(&growth, "time_to_revenue")[at];
            let toward = desk.json(&["report", "intervene", "--toward", end]);
            assert_eq!(toward["reached"], waits["reached"], "{seed} {end}");
            assert_eq!(toward["horizon_days"], 365);
            assert_eq!(toward["p_success_direct"], waits["p_365d"], "{seed} {end}");
            let chances = toward["p_success"].as_f64().zip(toward["p_success_direct"].as_f64());
            let Some((by_stage, direct)) = chances else { continue };
            compared += 1;
            assert!((by_stage - direct).abs() < 0.12, "{seed} {end}: {by_stage} by stage, {direct} directly");
            let said = desk.ok(&["report", "intervene", "--toward", end]).replace('\n', " ");
            assert!(said.contains("by stage and sale"), "{said}");
        }
    }
    assert!(compared >= 4, "{compared}");
}

#[test]
fn whom_an_improvement_concerns_are_those_of_next_and_none_that_is_given_up() {
    let mut named = 0;
    for seed in 1..=3 {
        let desk = channel(seed, 150, 400);
        let next = desk.json(&["next", "--limit", "0"]);
        let order: Vec<&str> = rows(&next, "rows").iter().filter_map(|row| row["partner"].as_str()).collect();
        let given_up: Vec<&str> =
            rows(&next, "decide").iter().filter_map(|row| row["partner"].as_str()).collect();
        for end in ["first-revenue", "productive"] {
            let toward = desk.json(&["report", "intervene", "--toward", end]);
            let touched: Vec<&str> =
                rows(&toward, "touched").iter().filter_map(|row| row["partner"].as_str()).collect();
            named += touched.len();
            assert!(touched.iter().all(|one| !given_up.contains(one)), "{seed} {end}: {touched:?}");
            let places: Vec<usize> =
                touched.iter().filter_map(|one| order.iter().position(|other| other == one)).collect();
            assert!(places.is_sorted(), "{seed} {end}: {touched:?} in the order of next");
            for row in rows(&toward, "touched") {
                let step = row["command"].as_str().unwrap_or_default();
                assert!(!step.contains("revenue add"), "{step}");
            }
        }
    }
    assert!(named > 0);
}

#[test]
fn the_page_next_and_show_name_the_same_step() {
    let mut compared = 0;
    for seed in 1..=4 {
        let desk = channel(seed, 60, 90);
        let next = desk.json(&["next", "--limit", "0"]);
        let page = desk.json(&["report"]);
        let first: Vec<&Value> = rows(&page, "touch_first").iter().map(|row| &row["partner"]).collect();
        let of_next: Vec<&Value> = rows(&next, "rows").iter().take(5).map(|row| &row["partner"]).collect();
        assert_eq!(first, of_next, "{seed}");
        for row in rows(&next, "rows") {
            let partner = row["partner"].as_str().expect("a key");
            compared += 1;
            let shown = desk.json(&["show", partner]);
            assert_eq!(row["command"], shown["command"], "{seed} {partner}: {}", row["reason"]);
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn the_page_on_a_part_of_the_channel_judges_by_the_whole_as_next_does() {
    let mut quiet = 0;
    for seed in 1..=4 {
        let desk = channel(seed, 60, 90);
        for part in ["since<2025-06-01", "days>300", "stage=growth"] {
            let next = desk.json(&["next", "--where", part, "--limit", "0"]);
            let page = desk.json(&["report", "--where", part]);
            for (of_page, of_next) in [("touch_first", "rows"), ("decide", "decide")] {
                let said =
                    |row: &&Value| ["partner", "reason", "at_stake", "command"].map(|one| row[one].clone());
                let first: Vec<_> = rows(&page, of_page).iter().map(said).collect();
                let same: Vec<_> = rows(&next, of_next).iter().take(first.len()).map(said).collect();
                assert_eq!(first, same, "{seed} {part} {of_page}");
                quiet += first.iter().filter(|row| row[1].to_string().contains("usually every")).count();
            }
        }
    }
    assert!(quiet > 0);
}

#[test]
fn without_a_verdict_the_page_and_intervene_say_the_same() {
    let headline = |desk: &Desk, words: &[&str]| {
        let said = desk.ok(words).replace("\n\n", "\0").replace('\n', " ");
        said.split('\0').find(|line| line.starts_with("Where to intervene")).map(str::to_owned)
    };
    let desk = Desk::new();
    desk.ok(&["add-partner", "Slow", "--stage", "recruitment", "--on", "2025-01-05"]);
    for name in ["A", "B", "C"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2025-01-05"]);
    }
    desk.ok(&["revenue", "add", "a", "90000", "--on", "2025-02-01"]);
    for part in ["stage=growth", "stage=recruitment", "key!=a"] {
        let page = headline(&desk, &["report", "--where", part]);
        assert_eq!(page, headline(&desk, &["report", "intervene", "--where", part]), "{part}");
        assert!(page.is_some(), "{part}");
        assert_eq!(desk.json(&["report", "--where", part])["verdict"], "too few to tell");
    }
}

#[test]
fn who_sold_last_far_longer_ago_than_any_pause_is_for_a_decision_unless_others_stand_below_it() {
    let desk = Desk::new();
    let mut revenue = "partner,on,amount\n".to_owned();
    for name in ["A", "B", "C", "D", "Silent", "Above"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2024-01-05"]);
    }
    desk.ok(&["add-partner", "Below", "--stage", "growth", "--on", "2026-11-01", "--parent", "above"]);
    for name in ["a", "b", "c", "d"] {
        for month in 1..=11 {
            revenue.push_str(&format!("{name},2026-{month:02}-05,1000\n"));
        }
    }
    for name in ["silent", "above"] {
        for month in 2..=5 {
            revenue.push_str(&format!("{name},2024-{month:02}-05,1000\n"));
        }
    }
    desk.ok(&["import", "revenue", &desk.file("r.csv", &revenue)]);
    let page = desk.json(&["report"]);
    let keys = |table: &str| -> Vec<String> {
        rows(&page, table).iter().filter_map(|row| row["partner"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(keys("decide"), ["silent"], "{page}");
    assert!(keys("touch_first").contains(&"above".to_owned()), "{page}");
    assert!(rows(&page, "decide").iter().all(|row| row["at_stake"].is_null()));
}

#[test]
fn what_waits_for_us_is_named_beside_money_and_comes_before_all_steps() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Seller", "--stage", "growth", "--on", "2025-01-05"]);
    desk.ok(&["add-partner", "Mute", "--stage", "growth", "--on", "2025-01-05"]);
    desk.ok(&["revenue", "add", "seller", "90000", "--on", "2025-02-01"]);
    desk.ok(&["ask", "mute", "Who?", "--on", "2026-11-01"]);
    desk.ok(&["ask", "mute", "When?", "--on", "2026-11-01"]);
    let next = desk.json(&["next"]);
    let mute = rows(&next, "rows").into_iter().find(|row| row["partner"] == "mute").expect("a row");
    let reason = mute["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("nothing sold in") && reason.contains("question waiting 22 d and 1 more"),
        "{reason}"
    );
    let step = mute["command"].as_str().expect("a step");
    assert!(step.contains("answer"), "{step}");
    assert_eq!(desk.json(&["show", "mute"])["command"], step);
}
