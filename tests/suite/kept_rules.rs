//! Rules that hold when something is recorded hold for corrections, undo and reviews of any period, too.

use proptest::prelude::*;
use serde_json::Value;

use crate::support::Desk;

/// A partner in growth with a sale of 1,000 on March 1 (event 4, action 3) of which 900 were returned on March 10 (event 5,
/// action 4).
fn desk() -> Desk {
    let desk = Desk::new();
    let add = ["add-partner", "Acme", "--stage", "growth", "--since", "2026-01-01"];
    desk.ok(&[&add[..], &["--observed-from", "2026-01-01"]].concat());
    desk.ok(&["revenue", "add", "acme", "1000", "--ref", "S1", "--on", "2026-03-01"]);
    desk.ok(&["revenue", "add", "acme", "-900", "--returns", "S1", "--on", "2026-03-10"]);
    desk
}

#[test]
fn a_correction_that_leaves_a_return_without_its_sale_is_refused_and_names_the_return() {
    let desk = desk();
    let before = desk.picture();
    for (words, why) in [
        (&["4", "--amount", "899.99"][..], "at most 899.99 EUR of `S1` can be returned"),
        (&["4", "--on", "2026-05-01"], "`S1` was sold on 2026-05-01, which is after the return"),
        (&["4", "--amount", "-800"], "Acme has no sale with the reference `S1`"),
    ] {
        let err = desk.fails(4, &[&["correct"], words].concat());
        assert!(err.contains("the return of 2026-03-10 (event 5) would not fit its sale"), "{err}");
        assert!(err.contains(why) && err.contains("chanlife log acme"), "{err}");
    }
    for (words, why) in [
        (&["5", "--amount", "-1000.01"][..], "at most 1000.00 EUR of `S1` can be returned"),
        (&["5", "--amount", "5000"], "it returns `S1`, so its amount must be negative"),
        (&["5", "--amount", "0"], "its amount must be negative"),
        (&["5", "--on", "2026-02-28"], "`S1` was sold on 2026-03-01, which is after the return"),
    ] {
        let err = desk.fails(4, &[&["correct"], words].concat());
        assert!(err.contains(why) && err.contains("chanlife revenue list acme"), "{err}");
    }
    assert_eq!(desk.picture(), before);
    desk.ok(&["correct", "4", "--amount", "900", "--on", "2026-03-10"]);
    desk.ok(&["correct", "5", "--amount", "-1"]);
    desk.ok(&["correct", "4", "--amount", "1"]);
    desk.check();
}

#[test]
fn an_undo_or_redo_that_leaves_a_return_without_its_sale_is_refused_and_names_the_return() {
    let desk = desk();
    let err = desk.fails(4, &["undo", "3"]);
    assert!(err.contains("action 3 cannot be undone: the return of 2026-03-10 (event 5)"), "{err}");
    assert!(err.contains("chanlife log acme"), "{err}");
    desk.ok(&["undo", "4"]);
    desk.ok(&["undo", "3"]);
    let err = desk.fails(4, &["redo", "4"]);
    assert!(err.contains("Acme has no sale with the reference `S1`"), "{err}");
    desk.ok(&["redo", "3"]);
    desk.ok(&["redo", "4"]);
    // A correction that made room for a return is not undone under it.
    desk.ok(&["correct", "4", "--amount", "2000"]);
    desk.ok(&["revenue", "add", "acme", "-1000", "--returns", "S1", "--on", "2026-03-12"]);
    let log = desk.json(&["log"]);
    let actions = log["rows"].as_array().expect("rows");
    let correction = actions[actions.len() - 2]["action"].to_string();
    let err = desk.fails(4, &["undo", &correction]);
    assert!(err.contains("the return of 2026-03-12") && err.contains("at most 100.00 EUR"), "{err}");
    desk.check();
}

#[test]
fn an_undone_merge_takes_no_sale_from_a_return() {
    let desk = Desk::new();
    for name in ["Acme", "Twin"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--since", "2026-01-01"]);
    }
    desk.ok(&["revenue", "add", "twin", "1000", "--ref", "S1", "--on", "2026-03-01"]);
    desk.ok(&["merge", "twin", "--into", "acme", "--without-stages"]);
    let log = desk.json(&["log"]);
    let merge = log["rows"].as_array().expect("rows").last().expect("an action")["action"].to_string();
    desk.ok(&["revenue", "add", "acme", "-900", "--returns", "S1", "--on", "2026-03-10"]);
    let err = desk.fails(4, &["undo", &merge]);
    assert!(err.contains("Acme has no sale with the reference `S1`"), "{err}");
    desk.check();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_corrected_no_more_is_returned_than_was_sold(
        corrections in prop::collection::vec((4..=5_i32, -1500..1500_i32), 1..6),
    ) {
        let desk = desk();
        let (mut sold, mut returned) = (1000, 900);
        for (event, amount) in corrections {
            let (number, typed) = (event.to_string(), amount.to_string());
            let words = ["correct", &number, "--amount", &typed];
            let fits = if event == 4 { amount >= returned } else { amount < 0 && -amount <= sold };
            if fits {
                desk.ok(&words);
                if event == 4 { sold = amount } else { returned = -amount }
            } else {
                desk.fails(4, &words);
            }
        }
        prop_assert!(returned <= sold);
        let total = desk.json(&["show", "acme"])["revenue_12m"].as_f64();
        prop_assert_eq!(total, Some(f64::from(sold - returned)));
    }
}

#[test]
fn a_lower_tier_is_lower_than_the_tier_now() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--tier", "silver"]);
    desk.ok(&["watch", "acme", "--reason", "weak"]);
    let decide = |tier: &'static str| ["decide", "acme", "lower-tier", "--tier", tier, "--reason", "weak"];
    let err = desk.fails(4, &decide("Gold"));
    assert!(err.contains("`gold` is not below `silver`, the tier of Acme"), "{err}");
    assert!(err.contains("lower tiers: `registered`"), "{err}");
    let err = desk.fails(4, &decide("silver"));
    assert!(err.contains("Acme is in `silver` already"), "{err}");
    desk.ok(&decide("registered"));
    desk.ok(&["watch", "acme", "--reason", "still weak"]);
    let err = desk.fails(4, &decide("gold"));
    assert!(err.contains("Acme is in `registered`, the lowest tier"), "{err}");
    desk.check();
}

#[test]
fn a_period_that_has_not_begun_or_was_over_before_the_partner_joined_is_not_reviewed() {
    let desk = desk();
    let review = |words: &[&str]| desk.fails(4, &[&["plan", "review", "acme"], words].concat());
    let err = review(&["--period", "2030-Q1"]);
    assert!(err.contains("2030-Q1 begins on 2030-01-01, after"), "{err}");
    let err = review(&["--period", "2026-Q3", "--on", "2026-02-02"]);
    assert!(err.contains("2026-Q3 begins on 2026-07-01, after 2026-02-02"), "{err}");
    let err = review(&["--period", "2025-Q4"]);
    assert!(err.contains("2025-Q4 was over before Acme joined, on 2026-01-01"), "{err}");
    assert!(err.contains("chanlife plan review acme --period 2026-Q1"), "{err}");
    let err = desk.fails(4, &["done", "acme", "business-review", "--period", "2025-Q4"]);
    assert!(err.contains("2025-Q4 was over before Acme joined, on 2026-01-01"), "{err}");
    let err = desk.fails(4, &["report", "review", "acme", "--period", "2025-Q4"]);
    assert!(err.contains("2025-Q4 was over before Acme joined") && err.contains("--period 2026-Q1"), "{err}");
    let rows =
        "partner,period,on\nacme,2025-Q4,2026-02-01\nacme,2026-Q3,2026-02-02\nacme,2026-Q1,2026-04-02\n";
    let err = desk.fails(6, &["import", "reviews", &desk.file("r.csv", rows)]);
    assert!(err.contains("line 2") && err.contains("was over before Acme joined"), "{err}");
    assert!(err.contains("line 3") && err.contains("begins on 2026-07-01"), "{err}");
    desk.ok(&["plan", "review", "acme", "--period", "2026-Q1"]);
    desk.ok(&["report", "review", "acme", "--period", "2026-Q1"]);
    desk.check();
}

#[test]
fn a_partner_above_the_tier_that_it_has_earned_reads_what_keeps_it_and_not_the_tier_below() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--tier", "gold"]);
    let shown = desk.run(&["show", "acme"]).out;
    assert!(shown.contains("Keeps tier") && shown.contains("gold with "), "{shown}");
    assert!(!shown.contains("Next tier"), "{shown}");
    let tiers = desk.run(&["report", "tiers"]).out;
    assert!(tiers.contains("keeps gold") && !tiers.contains("silver"), "{tiers}");
    for more in [&[][..], &["--for-partner"]] {
        let words = [&["report", "review", "acme", "--period", "2026-Q1"][..], more].concat();
        let review = desk.run(&words).out;
        assert!(review.contains("to keep tier gold") && !review.contains("silver"), "{review}");
    }
    let json = desk.json(&["show", "acme"]);
    assert_eq!((&json["next_tier"], &json["keeps_tier"]), (&Value::from("silver"), &Value::from("gold")));
    assert!(!json["keeps_tier_with"].as_array().expect("a list").is_empty(), "{json}");
    // One in the tier that it has earned reads of the next one.
    desk.ok(&["edit", "acme", "--tier", "registered"]);
    let shown = desk.run(&["show", "acme"]).out;
    assert!(shown.contains("Next tier") && shown.contains("silver: "), "{shown}");
    assert!(!shown.contains("Keeps tier"), "{shown}");
    assert_eq!(desk.json(&["show", "acme"])["keeps_tier"], Value::Null);
}

#[test]
fn a_review_of_a_quarter_that_is_not_over_holds_sales_against_the_plan_to_date() {
    let mut desk = Desk::new();
    desk.set_today("2026-11-15");
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--since", "2026-01-01"]);
    let plan = ["plan", "set", "acme", "--period", "2026", "--target", "368"];
    desk.ok(&[&plan[..], &["--agreed-by", "both", "--on", "2026-01-05"]].concat());
    // 92 for the quarter of 92 days; 46 days have passed.
    desk.ok(&["revenue", "add", "acme", "50", "--on", "2026-10-20"]);
    let review = ["report", "review", "acme", "--period", "2026-Q4"];
    let headline = desk.run(&review).out;
    let json = desk.json(&review);
    assert!(headline.contains("2026-Q4 to 2026-11-15: sold 50 EUR, 109 % of plan to date"), "{headline}");
    assert!(!json["proposals"].to_string().contains("below plan"), "{json}");
    assert_eq!(json["quarters"][3]["plan_to_date"], Value::from(46.0));
    desk.ok(&["revenue", "add", "acme", "-10", "--on", "2026-10-21"]);
    let json = desk.json(&review);
    let proposals = json["proposals"].as_array().expect("rows").clone();
    let gap = proposals.iter().find(|one| one["why"] == "2026-Q4 below plan to date").expect("a gap");
    assert_eq!(gap["what"], "make up 6 EUR");
    for one in &proposals {
        assert!(one["due"].as_str().is_none_or(|due| due >= "2027-01-01"), "{one}");
    }
    desk.set_today("2026-12-31");
    let json = desk.json(&review);
    assert!(json["proposals"].to_string().contains("2026-Q4 below plan\""), "{json}");
}

#[test]
fn no_proposal_is_due_in_the_past_or_before_the_quarter_that_it_is_for() {
    let mut desk = desk();
    desk.set_today("2026-11-27");
    desk.ok(&["agree", "acme", "contract-end=2026-12-31", "--on", "2026-02-01"]);
    for (quarter, earliest) in
        [("2026-Q1", "2026-11-27"), ("2026-Q3", "2026-11-27"), ("2026-Q4", "2027-01-01")]
    {
        let json = desk.json(&["report", "review", "acme", "--period", quarter]);
        let proposals = json["proposals"].as_array().expect("rows").clone();
        assert!(!proposals.is_empty());
        for one in proposals {
            assert!(one["due"].as_str().is_none_or(|due| due >= earliest), "{one}");
        }
    }
    let json = desk.json(&["report", "review", "acme", "--period", "2026-Q4"]);
    assert!(json["proposals"].to_string().contains("since 2026-10-02"), "{json}");
}

#[test]
fn a_certificate_for_a_course_that_is_not_for_the_partner_is_refused_by_file_as_by_hand() {
    let desk = Desk::empty();
    let program = "[program]\nname = \"P\"\ncurrency = \"EUR\"\n[[stage]]\nkey = \"growth\"\nsuccess = true\n\
                   [[course]]\nkey = \"sales\"\ntypes = [\"msp\"]\n";
    desk.ok(&["init", "--program", &desk.file("p.toml", program)]);
    desk.ok(&["add-partner", "Res", "--type", "reseller", "--on", "2026-01-05"]);
    desk.ok(&["add-partner", "Msp", "--type", "msp", "--on", "2026-01-05"]);
    let by_hand = desk.run(&["certify", "res", "sales", "Jo <jo@res.example>", "--on", "2026-02-01"]);
    assert!(by_hand.err.contains("course `sales` is not for Res"), "{}", by_hand.err);
    let row = |partner: &str| format!("partner,course,person,on\n{partner},sales,Jo,2026-02-01\n");
    let by_file = desk.run(&["import", "certifications", &desk.file("c.csv", row("res"))]);
    assert!(by_file.err.contains("course `sales` is not for Res: it is for"), "{}", by_file.err);
    desk.ok(&["import", "certifications", &desk.file("d.csv", row("msp"))]);
    desk.check();
}

#[test]
fn a_stage_that_is_not_for_the_partner_is_refused_by_file_as_by_hand() {
    let desk = Desk::empty();
    let program = "[program]\nname = \"P\"\ncurrency = \"EUR\"\n[[stage]]\nkey = \"start\"\n\
                   [[stage]]\nkey = \"mid\"\ntypes = [\"msp\"]\n[[stage]]\nkey = \"growth\"\nsuccess = true\n";
    desk.ok(&["init", "--program", &desk.file("p.toml", program)]);
    for (name, kind) in [("Res", "reseller"), ("Msp", "msp")] {
        desk.ok(&["add-partner", name, "--type", kind, "--on", "2026-01-05"]);
    }
    assert!(desk.fails(4, &["advance", "res", "--to", "mid"]).contains("mid does not apply to `res`"));
    let since = ["--observed-from", "2026-01-05"];
    let import = |kind: &str, rows: &str| {
        let file = desk.file("rows.csv", rows);
        desk.run(&[&["import", kind, &file][..], &since].concat())
    };
    let said = import("stages", "partner,stage,entered_on\nres,mid,2026-02-05\n");
    assert!(said.code == 6 && said.err.contains("mid does not apply to `res`: it is for"), "{}", said.err);
    let said = import("partners", "key,name,type,stage,since\nnew,New,reseller,mid,2026-02-01\n");
    assert!(said.code == 6 && said.err.contains("mid does not apply"), "{}", said.err);
    let said = import("stages", "partner,stage,entered_on\nmsp,mid,2026-02-05\nunknown,mid,2026-02-05\n");
    assert_eq!(said.code, 0, "{}", said.err);
    desk.check();
}
