//! Growth: revenue to the minor unit, plans, who does not perform, tiers, leaving.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use crate::support::Desk;

/// Two partners in growth since 2025, with a plan of 100,000 each for 2026.
fn desk() -> Desk {
    let desk = Desk::new();
    for name in ["Acme", "Beta"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2025-06-01"]);
    }
    let plan = ["plan", "set", "--where", "stage=growth", "--period", "2026", "--target", "100000"];
    desk.ok(&[&plan[..], &["--agreed-by", "both", "--on", "2026-01-05", "--yes"]].concat());
    desk
}

fn performance(desk: &Desk, as_of: &str, partner: usize) -> Value {
    let rows = desk.json(&["list", "--columns", "key,performance,care", "--as-of", as_of]);
    rows["rows"][partner]["performance"].clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn revenue_agrees_with_a_direct_sum_of_the_rows_also_after_corrections_and_undo(
        rows in prop::collection::vec((0..4_usize, 0..3_usize, 1_i64..60, 1..99_999_i64, 0..700_i64, any::<bool>()), 1..60),
        corrected in any::<prop::sample::Index>(),
    ) {
        let desk = Desk::new();
        let mut csv = String::from("partner,productIdentifier,quantitySold,unitPrice,salesDate,ref\n");
        let mut sums: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        for name in ["p0", "p1", "p2", "p3"] {
            desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2024-01-01"]);
        }
        let first = chrono::NaiveDate::from_ymd_opt(2024, 12, 1).expect("a day");
        for (at, (partner, product, quantity, cents, days, returned)) in rows.iter().enumerate() {
            let quantity = if *returned { -quantity } else { *quantity };
            let day = first + chrono::Days::new(days.unsigned_abs());
            let price = format!("{}.{:02}", cents / 100, cents % 100);
            csv.push_str(&format!("p{partner},SKU-{product},{quantity},{price},{day},R{at}\n"));
            let quarter = day.format("%Y-").to_string() + &format!("Q{}", (chrono::Datelike::month0(&day) / 3) + 1);
            *sums.entry((format!("p{partner}"), format!("SKU-{product}"), quarter)).or_default() += quantity * cents;
        }
        let file = desk.file("sell-through.csv", &csv);
        desk.ok(&["import", "revenue", &file]);
        let totals = || -> BTreeMap<(String, String, String), i64> {
            let report = desk.json(&["report", "revenue", "--by", "partner,product,quarter"]);
            let minor = |row: &Value| (row["amount"].as_f64().expect("an amount") * 100.0).round() as i64;
            let key = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
            let rows = report["rows"].as_array().expect("rows").iter();
            rows.map(|row| ((key(row, "partner"), key(row, "product"), key(row, "quarter")), minor(row))).collect()
        };
        prop_assert_eq!(totals(), sums.clone());
        // The same file again changes nothing; a correction counts, and is undone.
        desk.ok(&["import", "revenue", &file]);
        let sales = desk.json(&["revenue", "list"])["rows"].as_array().expect("rows").clone();
        prop_assert_eq!(sales.len(), rows.len());
        let event = corrected.get(&sales)["event"].to_string();
        let before = desk.ok(&["report", "growth", "--as-of", "2026-11-01", "--known-on", "2026-11-22", "--format", "json"]);
        let without = ["--without", "quantity,unit-price,currency,list-amount"];
        desk.ok(&[&["correct", &event, "--amount", "0.01"][..], &without].concat());
        prop_assert!(totals() != sums || corrected.get(&sales)["amount"] == 0.01);
        prop_assert_eq!(
            desk.ok(&["report", "growth", "--as-of", "2026-11-01", "--known-on", "2026-11-22", "--format", "json"]),
            before
        );
        desk.check();
        desk.ok(&["undo"]);
        prop_assert_eq!(totals(), sums);
        desk.ok(&["undo"]);
        prop_assert_eq!(totals(), BTreeMap::new());
        desk.check();
    }
}

#[test]
fn a_partner_is_judged_by_whole_quarters_against_the_plan_that_held() {
    let desk = desk();
    // Half of 25,000 is 12,500: on it is not below it.
    for (on, amount) in [("2026-02-01", "12499.99"), ("2026-05-01", "12499.99")] {
        desk.ok(&["revenue", "add", "acme", amount, "--on", on]);
        desk.ok(&["revenue", "add", "beta", "12500", "--on", on]);
    }
    assert_eq!(performance(&desk, "2026-06-29", 0), "no plan", "the fourth quarter of 2025 has none");
    assert_eq!(performance(&desk, "2026-06-30", 0), "underperforming");
    assert_eq!(performance(&desk, "2026-06-30", 1), "performing");
    // Nothing is reported of the third quarter, so it can't be said; nothing sold can.
    assert_eq!(performance(&desk, "2026-09-30", 0), "reports owed");
    desk.ok(&["revenue", "add", "acme", "0", "--period", "2026-Q3"]);
    assert_eq!(performance(&desk, "2026-09-30", 0), "underperforming");
    assert_eq!(desk.run(&["report", "--fail-on", "underperforming", "--as-of", "2026-10-01"]).code, 1);
    assert_eq!(desk.run(&["report", "--fail-on", "underperforming", "--as-of", "2026-03-31"]).code, 0);
    desk.check();
}

#[test]
fn a_partner_is_watched_improved_and_decided_on_and_all_of_it_is_undone_whole() {
    let desk = desk();
    for (partner, amount) in [("acme", "100"), ("beta", "90000")] {
        desk.ok(&["revenue", "add", partner, amount, "--on", "2026-02-01"]);
        desk.ok(&["revenue", "add", partner, amount, "--on", "2026-05-01"]);
    }
    let err = desk.fails(4, &["improve", "acme", "--on", "2026-07-01"]);
    assert!(err.contains("not on the watch list") && err.contains("chanlife watch acme"), "{err}");
    desk.fails(4, &["decide", "acme", "recover", "--reason", "x"]);
    let where_under = ["--where", "performance=underperforming"];
    let said = desk.run(&["watch", where_under[0], where_under[1], "--reason", "Q2", "--dry-run"]);
    assert!(said.out.contains("acme") || said.err.contains("0 partners"), "{}{}", said.out, said.err);
    desk.ok(&["watch", "acme", "--reason", "half of plan", "--on", "2026-07-01"]);
    desk.ok(&["improve", "acme", "--on", "2026-07-02"]);
    let shown = desk.json(&["show", "acme"]);
    assert!(shown["care"].as_str().expect("care").contains("to 2026-09-30"), "{}", shown["care"]);
    let before = desk.picture();
    desk.ok(&["decide", "acme", "leave", "--reason", "no seller", "--on", "2026-10-01"]);
    let shown = desk.json(&["show", "acme"]);
    assert_eq!(shown["stage"], "left");
    assert_eq!(shown["leaving_open"].as_array().expect("items").len(), 7);
    desk.ok(&["done", "acme", "notice-given", "access-removed", "--on", "2026-10-02"]);
    assert_eq!(desk.json(&["show", "acme"])["leaving_open"].as_array().expect("items").len(), 5);
    desk.fails(4, &["done", "beta", "notice-given"]);
    desk.ok(&["undo"]);
    desk.ok(&["undo"]);
    assert_eq!(desk.picture(), before);
    // After a decision, what came before it is settled.
    desk.ok(&["decide", "acme", "recover", "--reason", "new owner", "--on", "2026-10-01"]);
    assert_eq!(performance(&desk, "2026-11-23", 0), "too early");
    desk.check();
}

#[test]
fn who_returns_begins_anew_and_keeps_the_history() {
    let desk = desk();
    desk.ok(&["revenue", "add", "acme", "500", "--on", "2026-02-01"]);
    desk.ok(&["watch", "acme", "--reason", "x", "--on", "2026-03-01"]);
    desk.ok(&["plan", "action", "acme", "call", "--due", "2026-12-01", "--on", "2026-03-01"]);
    desk.ok(&["leave", "acme", "--as", "withdrew", "--reason", "sold", "--on", "2026-04-01"]);
    desk.fails(4, &["plan", "set", "acme", "--period", "2026", "--target", "5"]);
    desk.ok(&["done", "acme", "notice-given", "--on", "2026-04-02"]);
    desk.ok(&["return", "acme", "--to", "growth", "--on", "2026-06-01"]);
    let shown = desk.json(&["show", "acme"]);
    assert_eq!(shown["care"], Value::Null);
    assert_eq!(shown["actions"].as_array().expect("actions").len(), 1, "what is to be done stays: {shown}");
    let plan = desk.json(&["plan", "show", "acme"]);
    assert_eq!(plan["rows"].as_array().expect("rows").len(), 5, "the plan of the year is there: {plan}");
    assert_eq!(desk.json(&["revenue", "list", "acme"])["rows"].as_array().expect("rows").len(), 1);
    // The next time it leaves, the list begins anew.
    desk.ok(&["leave", "acme", "--as", "withdrew", "--reason", "again", "--on", "2026-10-01"]);
    assert_eq!(desk.json(&["show", "acme"])["leaving_open"].as_array().expect("items").len(), 7);
    desk.check();
}

#[test]
fn plans_by_command_and_by_file_come_to_the_same_and_twice_is_once() {
    let (typed, imported) = (desk(), desk());
    let on = ["--on", "2026-02-01"];
    let quarters = ["plan", "set", "acme", "--period", "2027", "--quarters", "1,2,3,4"];
    typed.ok(&[&quarters[..], &["--agreed-by", "Jane"], &on].concat());
    typed.ok(&[&["plan", "set", "beta", "--period", "2027", "--target", "10.01"][..], &on].concat());
    let file = imported.file(
        "plans.csv",
        "partner,period,target,agreed-by,on\nacme,2027-Q1,1,Jane,2026-02-01\nacme,2027-Q2,2,Jane,2026-02-01\n\
         acme,2027-Q3,3,Jane,2026-02-01\nacme,2027-Q4,4,Jane,2026-02-01\nbeta,2027,10.01,,2026-02-01\n",
    );
    imported.ok(&["import", "plans", &file]);
    let list = |desk: &Desk| desk.ok(&["plan", "list", "--period", "2027", "--format", "csv"]);
    assert_eq!(list(&typed), list(&imported));
    let before = imported.picture();
    imported.ok(&["import", "plans", &file]);
    assert_eq!(imported.picture(), before, "a second import records nothing");
    let bad = imported.file(
        "bad.csv",
        "partner,period,target\nacme,2027-11,5\nacme,2028,x\nacme,2028,-5\nzeta,2028,5\nacme,2029,1\nacme,2029-Q1,1\n",
    );
    let err = imported.fails(6, &["import", "plans", &bad]);
    for part in ["line 2", "line 3", "line 4", "line 5", "line 7", "neither a fiscal year"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert_eq!(imported.picture(), before);
}

#[test]
fn the_questionnaire_of_reviews_is_answered_with_a_review_and_is_no_criterion() {
    let desk = Desk::empty();
    let program = "[program]\nname = \"T\"\ncurrency = \"EUR\"\n[[stage]]\nkey = \"talks\"\n[[stage]]\nkey = \"biz\"\n\
                   success = true\n[[stage.milestone]]\nkey = \"held\"\nevery = \"quarter\"\nsettled_by = \"review\"\n\
                   [planning]\nreview = \"qbr\"\n[[questionnaire]]\nkey = \"qbr\"\nstage = \"biz\"\nside = \"vendor\"\n\
                   title = \"Review\"\n[[questionnaire.question]]\nkey = \"mood\"\ntext = \"?\"\ntype = \"scale\"\n";
    desk.ok(&["init", "--program", &desk.file("p.toml", program)]);
    desk.ok(&["add-partner", "Acme", "--stage", "biz", "--on", "2026-01-01"]);
    let actions = || desk.json(&["log"])["rows"].as_array().expect("rows").len();
    let before = actions();
    desk.ok(&["plan", "review", "acme", "--period", "2026-Q4", "--answer", "mood=4", "--text", "well"]);
    assert_eq!(actions(), before + 1, "one action");
    let shown = desk.json(&["show", "acme"]);
    assert_eq!((&shown["milestones"][0]["status"], &shown["verdict"]), (&Value::from("done"), &Value::Null));
    assert_eq!(desk.json(&["show", "acme", "--assessments"])["rows"][0]["questionnaire"], "qbr");
    desk.fails(2, &["plan", "review", "acme", "--answer", "mood=9"]);
    desk.check();
}

#[test]
fn actions_reviews_and_care_come_from_files_too_and_twice_is_once() {
    let desk = desk();
    let files = [
        ("actions", "partner,what,due,owner,period,on\nacme,call,2026-12-01,ana,2026,2026-02-01\n"),
        ("reviews", "partner,period,text,on\nacme,2026-Q1,well,2026-04-10\nbeta,2026-Q1,,2026-04-11\n"),
        (
            "care",
            "partner,step,on,until,reason\nbeta,watch,2026-07-01,,below plan\n\
             beta,improvement,2026-07-02,2026-10-01,\nbeta,recover,2026-10-02,,above plan\n",
        ),
    ];
    for (what, csv) in files {
        let file = desk.file("in.csv", csv);
        desk.ok(&["import", what, &file]);
        let before = desk.picture();
        desk.ok(&["import", what, &file]);
        assert_eq!(desk.picture(), before, "{what} twice");
    }
    assert_eq!(desk.json(&["show", "acme"])["actions"].as_array().expect("actions").len(), 1);
    assert!(desk.json(&["show", "beta"])["care"].as_str().expect("care").contains("recover"));
    assert_eq!(desk.json(&["plan", "show", "beta"])["reviews"].as_array().expect("reviews").len(), 1);
    let before = desk.picture();
    let bad = "partner,step,on,until,reason\nacme,recover,2026-07-01,,x\nbeta,leave,2026-10-03,,x\nbeta,watch,2026-10-03,,\n";
    let err = desk.fails(6, &["import", "care", &desk.file("bad.csv", bad)]);
    for part in ["line 2", "not on the watch list", "line 3", "chanlife decide", "line 4", "no reason"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert_eq!(desk.picture(), before);
    desk.check();
}

#[test]
fn a_quarter_belongs_to_the_fiscal_year_of_the_program() {
    let desk = Desk::new();
    let program = desk.ok(&["program", "show"]).replace("fiscal_year_start = 1 ", "fiscal_year_start = 7 ");
    desk.ok(&["program", "apply", &desk.file("july.toml", program)]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2025-01-01"]);
    let set = ["plan", "set", "acme", "--period", "2027", "--quarters", "10,20,30,40", "--agreed-by", "J"];
    desk.ok(&[&set[..], &["--on", "2026-07-01"]].concat());
    desk.ok(&["revenue", "add", "acme", "5", "--on", "2026-09-30"]);
    desk.ok(&["revenue", "add", "acme", "7", "--on", "2026-10-01"]);
    let quarters = desk.json(&["report", "growth"])["quarters"].clone();
    let shown = |at: usize| {
        (quarters[at]["quarter"].clone(), quarters[at]["plan"].clone(), quarters[at]["actual"].clone())
    };
    assert_eq!(shown(0), ("2027-Q1".into(), 10.0.into(), 5.0.into()));
    assert_eq!(shown(1), ("2027-Q2".into(), 20.0.into(), 7.0.into()));
    assert_eq!(shown(2).2, Value::Null, "what has not begun has no actual");
    // 54 of the 92 days of the second quarter have passed: 20 x 54 / 92 = 11.739.
    assert_eq!(quarters[1]["plan_to_date"], 11.74);
}

#[test]
fn tiers_are_proposed_with_evidence_and_applied_as_one_action() {
    let desk = desk();
    desk.ok(&["revenue", "add", "acme", "120000", "--on", "2026-05-01"]);
    desk.ok(&["edit", "beta", "--tier", "gold"]);
    let program = desk.ok(&["program", "show"]);
    let before = program.replace("key = \"silver\"", "key = \"house\"");
    desk.ok(&["program", "apply", &desk.file("before.toml", before)]);
    desk.ok(&["add-partner", "Gamma", "--tier", "house"]);
    desk.ok(&["program", "apply", &desk.file("program.toml", program), "--drop", "house"]);
    let review = desk.json(&["tier", "review"]);
    let rows = review["rows"].as_array().expect("rows");
    let moved: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            (text("partner"), text("proposed"), text("move"))
        })
        .collect();
    let gone = ("gamma", "", "tier no longer in the program");
    assert_eq!(moved, [("acme", "silver", "first assignment"), ("beta", "silver", "demotion"), gone]);
    let actions = || desk.json(&["log"])["rows"].as_array().expect("rows").len();
    let before = actions();
    desk.ok(&["tier", "review", "--apply", "--yes"]);
    assert_eq!(actions(), before + 1);
    let tiers = desk.json(&["list", "--columns", "key,tier"])["rows"].clone();
    assert_eq!((&tiers[0]["tier"], &tiers[1]["tier"]), (&Value::from("silver"), &Value::from("silver")));
    assert_eq!(tiers[2]["tier"], "house", "a tier that is not the program's is left alone");
    let left = desk.json(&["tier", "review"])["rows"].clone();
    let left: Vec<&Value> =
        left.as_array().expect("rows").iter().filter(|row| row["partner"] != "gamma").collect();
    assert!(left.iter().all(|row| row["move"] == "cannot be judged"), "{left:?}");
    desk.check();
}

/// Ten partners from their first stage on, with revenue after so many days, or left, or neither.
fn pioneers() -> Desk {
    let desk = Desk::new();
    let (mut stages, mut revenue) =
        ("partner,stage,entered_on\n".to_owned(), "partner,on,amount\n".to_owned());
    let begun = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
    let day = |days: u64| begun + chrono::Days::new(days);
    for at in 0..24_u64 {
        stages.push_str(&format!("p{at:02},recruitment,{begun}\n"));
        match at % 4 {
            0 | 1 => revenue.push_str(&format!("p{at:02},{},{}\n", day(10 * (at + 1)), (at + 1) * 1000)),
            2 => stages.push_str(&format!("p{at:02},withdrew,{}\n", day(10 * (at + 1)))),
            _ => {}
        }
    }
    desk.ok(&["import", "stages", &desk.file("s.csv", stages), "--complete-history"]);
    desk.ok(&["import", "revenue", &desk.file("r.csv", revenue)]);
    desk
}

/// Time to first revenue by hand: exits on days 10, 20 (revenue), 30 (left), 50, 60 (revenue), 70 (left), ...; nobody
/// is censored before the end, so that the incidence is the plain share of the 24.
#[test]
fn time_to_first_revenue_counts_leaving_as_another_end() {
    let desk = pioneers();
    let row = desk.json(&["report", "growth"])["time_to_revenue"][0].clone();
    let number = |key: &str| row[key].as_i64().unwrap_or(-1);
    assert_eq!(
        (number("partners"), number("reached"), number("left_before"), number("open")),
        (24, 12, 6, 6)
    );
    // By day 90: those of days 10, 20, 50, 60, 90.
    assert!((row["p_90d"].as_f64().expect("a share") - 5.0 / 24.0).abs() < 1e-12, "{row}");
    assert!((row["p_365d"].as_f64().expect("a share") - 12.0 / 24.0).abs() < 1e-12, "{row}");
    assert_eq!(number("q50_days"), 220, "the twelfth of 24");
}

/// Shares by hand: revenue 1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21 and 22 thousand, 138 in all; those of more than a year
/// ago count no more.
#[test]
fn few_partners_bring_most_of_the_revenue() {
    let desk = pioneers();
    let report = desk.json(&["report", "growth", "--as-of", "2025-12-31"]);
    assert_eq!(report["revenue_12m"], 138_000.0);
    assert_eq!(report["partners_with_revenue"], 12);
    // The top fifth of twelve are three: 22, 21 and 18.
    assert!((report["share_of_top_fifth"].as_f64().expect("a share") - 61.0 / 138.0).abs() < 1e-12);
    // 22, 21, 18, 17, 14, 13, 10 make 115 of 138, the first sum above 110.4.
    assert_eq!(report["partners_that_make_80_percent"], 7);
    let later = desk.json(&["report", "growth", "--as-of", "2026-02-20"]);
    assert_eq!(later["revenue_12m"], 130_000.0, "those of days 10, 20 and 50 are more than 12 months ago");
}

#[test]
fn the_back_test_says_what_became_of_those_whom_the_rule_would_have_flagged() {
    let desk = Desk::new();
    let mut revenue = "partner,on,amount\n".to_owned();
    for (name, quarters) in [("lost", [1; 4]), ("well", [9; 4]), ("risen", [1, 1, 9, 9])] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2025-01-01"]);
        for (at, amount) in quarters.into_iter().enumerate() {
            revenue.push_str(&format!("{name},2025-{:02}-10,{amount}\n", 3 * at + 2));
        }
    }
    desk.ok(&["import", "revenue", &desk.file("r.csv", revenue)]);
    desk.ok(&["leave", "lost", "--as", "terminated", "--reason", "x", "--on", "2025-12-15"]);
    let set = ["plan", "set", "--where", "stage=growth,left", "--period", "2025", "--target", "40"];
    desk.run(&[&set[..], &["--agreed-by", "J", "--on", "2025-01-02", "--yes"]].concat());
    let test =
        desk.json(&["report", "nonperforming", "--back-test", "--grace", "0", "--as-of", "2026-01-01"]);
    let row = &test["rows"][0];
    assert_eq!(row["quarter"], "2025-Q2", "{test}");
    let number = |key: &str| row[key].as_i64().expect("a count");
    assert_eq!(
        [number("flagged"), number("flagged_left"), number("flagged_recovered"), number("performing")],
        [2, 1, 1, 1],
        "{test}"
    );
    assert_eq!(number("performing_stayed_above"), 1);
}

#[test]
fn a_plan_that_is_drawn_up_is_not_called_no_plan_and_one_that_is_new_is_too_early() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2025-01-05"]);
    let says = |what: &str| {
        for page in [&["show", "acme"][..], &["report", "growth"], &["report", "nonperforming", "--all"]] {
            let said = desk.ok(page).split_whitespace().collect::<Vec<&str>>().join(" ");
            assert!(said.contains(what), "{page:?}: {what}: {said}");
        }
        desk.ok(&["report", "review", "acme"])
    };
    let review = says("no plan for 2026");
    assert!(review.contains("no plan for 2026"), "{review}");
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--target", "100000"]);
    let review = says("2026 plan is a draft");
    assert!(review.contains("2026 plan is a draft"), "{review}");
    desk.ok(&["plan", "send", "acme", "--period", "2026"]);
    let review = says("2026 plan awaiting partner approval");
    assert!(review.contains("2026 plan awaiting partner approval"), "{review}");
    let listed = desk.ok(&["report", "nonperforming"]);
    assert!(listed.contains("not in the table: acme;"), "{listed}");
    desk.ok(&["plan", "agree", "acme", "--period", "2026"]);
    let shown = desk.ok(&["show", "acme", "--as-of", "2026-11-23"]);
    assert!(!shown.contains("Performance    no plan"), "{shown}");
}
