//! Plans through the year: old days, leaving and coming back, later and earlier versions, and what is said of them.

use serde_json::Value as Json;

use crate::support::{Desk, Said};

fn program(first_month: u32) -> String {
    format!(
        "[program]\nname = \"Channel\"\ncurrency = \"EUR\"\nfiscal_year_start = {first_month}\n\n\
         [[stage]]\nkey = \"talks\"\n\n[[stage]]\nkey = \"growth\"\nsuccess = true\n"
    )
}

/// A desk with a partner in growth since 2025, of a program whose years begin in January.
fn desk() -> Desk {
    let mut desk = Desk::empty();
    desk.set_today("2026-11-20");
    desk.ok(&["init", "--program", &desk.file("january.toml", program(1))]);
    desk.ok(&["add-partner", "Lumen", "--stage", "growth", "--on", "2025-10-10"]);
    desk
}

fn move_start(desk: &Desk, first_month: u32) {
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(first_month))]);
}

fn plan(desk: &Desk, more: &[&str]) -> String {
    heard(&desk.run(&[&["plan", "set", "lumen", "--agreed-by", "Eva"], more].concat()))
}

/// All that a command said.
fn heard(said: &Said) -> String {
    format!("{}{}", said.out, said.err)
}

/// The number in a column of the row of a period.
fn of_period(table: &Json, column: &str, period: &str) -> Option<f64> {
    let rows = table["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["period"] == period || row["quarter"] == period);
    row.unwrap_or_else(|| panic!("{period} in {table}"))[column].as_f64()
}

#[test]
fn a_plan_of_old_days_is_sent_agreed_and_given_actions() {
    let desk = desk();
    desk.ok(&["plan", "set", "lumen", "--period", "2027", "--target", "40000"]);
    plan(&desk, &["--period", "2026", "--target", "20000", "--on", "2026-01-10"]);
    move_start(&desk, 4);
    let why = desk.fails(4, &["plan", "send", "lumen", "--period", "2028"]);
    assert!(why.contains("--period 2027-01-01..2027-12-31"), "{why}");
    desk.ok(&["plan", "send", "lumen", "--period", "2027-01-01..2027-12-31"]);
    desk.ok(&["plan", "agree", "lumen", "--period", "2027-01-01..2027-12-31", "--by", "Eva"]);
    desk.ok(&["plan", "action", "lumen", "hire", "--due", "2026-12-15"]);
    desk.ok(&[
        "plan",
        "action",
        "lumen",
        "train",
        "--due",
        "2027-02-15",
        "--period",
        "2027-01-01..2027-12-31",
    ]);
    assert!(desk.ok(&["show", "lumen"]).contains("20000.00 EUR agreed"), "show keeps its line on the plan");
    let said = plan(&desk, &["--period", "2027-01-01..2027-12-31", "--target", "50000"]);
    assert!(said.contains("plan of 1 Jan to 31 Dec 2027"), "{said}");
    desk.fails(2, &["plan", "send", "lumen", "--period", "2027-02-01..2027-12-31"]);
    desk.check();
}

#[test]
fn a_plan_is_held_against_what_of_it_counts_wherever_it_is_shown() {
    let desk = desk();
    plan(&desk, &["--period", "2026", "--target", "400000", "--on", "2026-01-10"]);
    for (amount, on) in [("100000", "2026-02-10"), ("45000", "2026-05-10")] {
        desk.ok(&["revenue", "add", "lumen", amount, "--on", on]);
    }
    desk.ok(&["leave", "lumen", "--as", "withdrew", "--reason", "sold", "--on", "2026-05-15"]);
    let (shown, growth) = (desk.json(&["plan", "show", "lumen"]), desk.json(&["report", "growth"]));
    let quarters = serde_json::json!({ "rows": growth["quarters"] });
    for quarter in ["2026-Q1", "2026-Q2"] {
        assert_eq!(of_period(&shown, "attainment", quarter), of_period(&quarters, "attainment", quarter));
        assert_eq!(of_period(&shown, "counts", quarter), of_period(&quarters, "plan", quarter));
    }
    let listed = desk.json(&["plan", "list"])["rows"][0].clone();
    assert_eq!(listed["attainment"].as_f64(), of_period(&shown, "attainment", "2026"));
    assert_eq!(listed["partner_left"], true);
    let review = desk.ok(&["report", "review", "lumen", "--period", "2026-Q2"]);
    assert!(!review.contains("make up") && !review.contains("at the rate of the last 12 months"), "{review}");
}

#[test]
fn a_day_counts_in_one_plan_only() {
    let desk = desk();
    plan(&desk, &["--period", "2026", "--target", "400000", "--on", "2026-01-10"]);
    desk.ok(&["revenue", "add", "lumen", "1000", "--on", "2026-02-10"]);
    desk.ok(&["revenue", "add", "lumen", "500", "--on", "2026-05-10"]);
    move_start(&desk, 4);
    plan(&desk, &["--period", "2027", "--quarters", "1000,2000,3000,4000"]);
    let shown = desk.json(&["plan", "show", "lumen"]);
    let old = "2026-01-01..2026-12-31";
    assert_eq!(of_period(&shown, "counts", old), Some(100_000.0));
    assert_eq!(of_period(&shown, "actual", old), Some(1000.0));
    assert_eq!(of_period(&shown, "counts", "2027"), Some(10_000.0));
    assert_eq!(of_period(&shown, "actual", "2027"), Some(500.0));
    let listed = desk.json(&["plan", "list"]);
    let counts: f64 =
        listed["rows"].as_array().expect("rows").iter().filter_map(|row| row["counts"].as_f64()).sum();
    assert!((counts - 110_000.0).abs() < 0.001, "{listed}");
}

#[test]
fn answers_say_which_version_counts() {
    let desk = desk();
    plan(&desk, &["--period", "2026", "--target", "400000", "--on", "2026-02-01"]);
    let said = plan(&desk, &["--period", "2026", "--target", "800000", "--on", "2025-12-01"]);
    assert!(said.contains("From 2026-01-01 the version drafted on 2026-02-01 counts"), "{said}");
    let again = plan(&desk, &["--period", "2026", "--target", "400000"]);
    assert!(again.contains("already") && !again.contains("approved"), "{again}");
    desk.ok(&["leave", "lumen", "--as", "withdrew", "--reason", "sold", "--on", "2026-10-10"]);
    desk.ok(&["return", "lumen", "--to", "growth", "--on", "2026-11-10"]);
    let back = plan(&desk, &["--period", "2026", "--target", "400000"]);
    assert!(back.contains("now active"), "a new target for the rest of the quarter: {back}");
    assert!(plan(&desk, &["--period", "2026", "--target", "400000"]).contains("already"));
    let shown = desk.json(&["plan", "show", "lumen"]);
    assert_eq!(of_period(&shown, "counts", "2026-Q4"), Some(100_000.0), "with ten days of October");
    assert_eq!(of_period(&shown, "counts", "2026"), Some(400_000.0));
    let draft = heard(&desk.run(&["plan", "set", "lumen", "--period", "2026", "--target", "900000"]));
    assert!(draft.contains("applies until Lumen approves"), "{draft}");
    let before = heard(&desk.run(&["plan", "set", "lumen", "--period", "2024", "--target", "1000"]));
    assert!(before.contains("nothing of it counts"), "{before}");
    desk.check();
}

#[test]
fn another_day_of_a_plan_says_that_its_quarters_stay() {
    let desk = desk();
    plan(&desk, &["--period", "2026", "--target", "400000", "--on", "2026-08-10"]);
    let said = heard(&desk.run(&["correct", "4", "--on", "2026-01-10"]));
    assert!(said.contains("stay as drafted") && said.contains("plan set lumen --period 2026"), "{said}");
}

#[test]
fn the_running_quarter_has_the_target_of_a_plan_that_ends_within_it() {
    let desk = desk();
    plan(&desk, &["--period", "2026", "--target", "40000", "--on", "2026-01-10"]);
    move_start(&desk, 2);
    let review = desk.json(&["report", "review", "lumen", "--period", "2027-Q4"]);
    let growth = desk.json(&["report", "growth"]);
    let planned =
        |table: &Json| of_period(&serde_json::json!({ "rows": table["quarters"] }), "plan", "2027-Q4");
    assert_eq!(planned(&review), planned(&growth));
    assert_eq!(planned(&review), Some(6630.43));
}

/// The row of a target beside revenue.
fn goal<'j>(table: &'j Json, measure: &str) -> &'j Json {
    let rows = table["goals"].as_array().expect("targets beside revenue");
    rows.iter().find(|row| row["measure"] == measure).unwrap_or_else(|| panic!("{measure} in {table}"))
}

#[test]
fn a_plan_has_targets_by_product_and_of_new_customers_and_deals_with_pace() {
    let desk = desk();
    let sales = "partner,on,amount,product,customer,deal\n\
                 lumen,2025-11-01,500,Atlas,Old,D-0\n\
                 lumen,2026-02-01,1500,Atlas,Old,D-1\nlumen,2026-03-01,700,Orbit,New,D-2\n\
                 lumen,2026-09-01,2500,Atlas,New,D-3\n";
    desk.ok(&["import", "revenue", &desk.file("sales.csv", sales)]);
    plan(&desk, &["--period", "2026", "--target", "40000", "--on", "2026-01-01"]);
    let before = desk.picture();
    let asked = ["--period", "2026", "--product", "Atlas=7300", "--customers", "4", "--deals", "6"];
    let said = plan(&desk, &[&asked[..], &["--on", "2026-01-02"]].concat());
    assert!(said.contains("Atlas 7300.00 EUR, 4 new customers, 6 new deals"), "{said}");
    let shown = desk.json(&["plan", "show", "lumen", "--as-of", "2026-07-02"]);
    assert_eq!(of_period(&shown, "target", "2026"), Some(40_000.0), "the revenue stays");
    let atlas = goal(&shown, "product");
    assert_eq!((&atlas["product"], &atlas["target"]), (&"Atlas".into(), &7300.0.into()));
    assert_eq!((atlas["to_date"].as_f64(), atlas["actual"].as_f64()), (Some(3660.0), Some(1500.0)));
    let growth = desk.json(&["report", "growth"]);
    assert_eq!(goal(&growth, "product")["actual"], 4000.0);
    assert_eq!(goal(&growth, "customers")["actual"], 1, "a customer of 2025 is not new");
    assert_eq!(goal(&growth, "deals")["actual"], 3);
    assert!(desk.json(&["report", "growth", "--as-of", "2026-01-01"])["goals"].is_null());
    plan(&desk, &["--period", "2026", "--deals", "0"]);
    let goals = desk.json(&["plan", "show", "lumen"])["goals"].as_array().map(Vec::len);
    assert_eq!(goals, Some(2), "0 takes a target out");
    desk.check();
    desk.ok(&["undo"]);
    desk.ok(&["undo"]);
    assert_eq!(desk.picture(), before);
    desk.fails(4, &["plan", "set", "lumen", "--period", "2028", "--customers", "4"]);
    desk.fails(2, &["plan", "set", "lumen", "--product", "Atlas"]);
}

#[test]
fn a_customer_or_a_deal_that_returned_all_it_bought_is_not_new_and_spellings_of_one_customer_are_one() {
    let desk = desk();
    plan(
        &desk,
        &["--period", "2026", "--target", "9", "--customers", "4", "--deals", "4", "--on", "2026-01-02"],
    );
    let sales = "partner,on,amount,customer,deal,ref,returns\n\
                 lumen,2026-02-01,100,Kolb,D-1,R1,\nlumen,2026-02-02,100,Lenz,D-2,R2,\n\
                 lumen,2026-02-03,100,LENZ ,D-3,R3,\nlumen,2026-03-01,-100,,,C1,R1\nlumen,2026-03-02,-40,,,C2,R2\n";
    desk.ok(&["import", "revenue", &desk.file("sales.csv", sales)]);
    let reached = |day: &str| {
        let shown = desk.json(&["plan", "show", "lumen", "--as-of", day]);
        ["customers", "deals"].map(|of| goal(&shown, of)["actual"].as_i64())
    };
    assert_eq!(reached("2026-02-28"), [Some(2), Some(3)]);
    assert_eq!(reached("2026-03-31"), [Some(1), Some(2)], "Kolb and D-1 came back in full");
    desk.check();
}

#[test]
fn targets_by_product_and_of_new_customers_are_imported_once() {
    let desk = desk();
    let alone = desk.file("alone.csv", "partner,period,target,product\nlumen,2026,7300,Atlas\n");
    assert!(desk.fails(6, &["import", "plans", &alone]).contains("no plan for 2026"));
    let rows = "partner,period,target,product,customers,deals,agreed-by\n\
                lumen,2026,40000,,4,6,Eva\nlumen,2026,7300,Atlas,,,Eva\n";
    let file = desk.file("plans.csv", rows);
    desk.ok(&["import", "plans", &file]);
    let shown = desk.json(&["plan", "show", "lumen"]);
    assert_eq!(goal(&shown, "product")["target"], 7300.0);
    assert_eq!(goal(&shown, "customers")["target"], 4.0);
    assert_eq!(of_period(&shown, "target", "2026"), Some(40_000.0));
    let before = desk.picture();
    desk.ok(&["import", "plans", &file]);
    assert_eq!(desk.picture(), before);
    desk.check();
}

#[test]
fn a_plan_that_is_agreed_today_leaves_nobody_behind_today() {
    let mut desk = Desk::empty();
    desk.set_today("2026-08-10");
    let program = "[program]\nname = \"Channel\"\ncurrency = \"EUR\"\n\n[[stage]]\nkey = \"talks\"\n\n\
                   [[stage]]\nkey = \"growth\"\nsuccess = true\n";
    desk.ok(&["init", "--program", &desk.file("p.toml", program)]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2025-01-10"]);
    desk.ok(&["revenue", "add", "acme", "10", "--on", "2026-08-01"]);
    let behind = |desk: &Desk| {
        let (next, page) = (desk.ok(&["next"]), desk.ok(&["show", "acme"]));
        let review = desk.json(&["report", "review", "acme", "--period", "2026-Q3"]).to_string();
        [
            next.contains("% of plan up to"),
            page.contains("behind its 2026 plan"),
            review.contains("below plan to date"),
        ]
    };
    let said = heard(&desk.run(&["plan", "set", "acme", "--target", "9200", "--agreed-by", "Eva"]));
    assert!(!said.contains("behind"), "{said}");
    assert_eq!(behind(&desk), [false; 3]);
    // How much of it is reached by then is said all the same.
    let pace = desk.json(&["report", "growth"])["quarters"][2]["plan_to_date"].as_f64();
    assert!(pace.is_some_and(|to_date| to_date > 1000.0), "{pace:?}");
    desk.set_today("2026-09-15");
    assert_eq!(behind(&desk), [true; 3]);
    // Quarters that were over when it was agreed to them are meant as they were sold.
    let quarters = ["plan", "set", "acme", "--quarters", "100,100,0,0", "--agreed-by", "Eva"];
    desk.ok(&quarters);
    assert!(desk.ok(&["next"]).contains("5 % of plan up to"), "{}", desk.ok(&["next"]));
    desk.check();
}

#[test]
fn targets_beside_revenue_of_two_plans_count_once_by_days() {
    let desk = desk();
    let whole = ["--quarters", "1,1,1,1", "--period"];
    let first = ["2026", "--customers", "365", "--deals", "365", "--on", "2026-01-10"];
    plan(&desk, &[&whole[..], &first].concat());
    move_start(&desk, 4);
    plan(&desk, &[&whole[..], &["2027", "--customers", "730", "--on", "2026-04-10"]].concat());
    let shown = desk.json(&["plan", "show", "lumen"]);
    let of = |first: &str, measure: &str| {
        let all = shown["goals"].as_array().expect("targets");
        let row = all.iter().find(|row| row["first_day"] == first && row["measure"] == measure);
        row.and_then(|row| row["counts"].as_f64())
    };
    assert_eq!(of("2026-01-01", "customers"), Some(90.0), "January to March, {shown}");
    assert_eq!(of("2026-04-01", "customers"), Some(730.0), "{shown}");
    // Of what the later plan has no target, the earlier one keeps all.
    assert_eq!(of("2026-01-01", "deals"), Some(365.0), "{shown}");
    assert!(desk.ok(&["plan", "show", "lumen"]).contains("Of it counts"));
}

#[test]
fn targets_by_quarter_say_the_days_of_those_quarters_to_machines() {
    let desk = desk();
    plan(&desk, &["--period", "2026", "--quarters", "1,2,3,4"]);
    move_start(&desk, 4);
    let row = desk.json(&["plan", "list", "--period", "2026"])["rows"][0].clone();
    let days = |at: usize| [&row[format!("q{at}_first_day")], &row[format!("q{at}_last_day")]];
    assert_eq!(days(1), [&Json::from("2026-01-01"), &Json::from("2026-03-31")], "{row}");
    assert_eq!(days(4), [&Json::from("2026-10-01"), &Json::from("2026-12-31")], "{row}");
    let growing = desk.json(&["report", "growth"])["rows"][0].clone();
    assert_eq!(growing["q1_first_day"], "2026-04-01", "{growing}");
}
