//! Tiers: what they ask for, the partner score, what the next one takes, and that a review is recorded.

use serde_json::Value;

use crate::support::Desk;

/// A program without tiers but for those that follow it.
fn program(tiers: &str) -> String {
    let head = r#"
[program]
name = "Tiers"
currency = "EUR"
[[stage]]
key = "growth"
success = true
[[stage.milestone]]
key = "story"
[[course]]
key = "sales"
[[course]]
key = "technical"
[[score]]
key = "performance"
measure = "revenue_12m"
weight = 60
linear = { worst = 0, best = 300000 }
[[score]]
key = "skills"
measure = "certified:sales"
weight = 30
bands = [{ score = 0 }, { from = 1, score = 50 }, { from = 2, score = 100 }]
[[score]]
key = "reach"
name = "Customers"
measure = "customers"
weight = 10
linear = { worst = 0, best = 4 }
[[tier]]
key = "member"
"#;
    format!("{head}{tiers}")
}

fn desk(tiers: &str) -> Desk {
    let desk = Desk::empty();
    let file = desk.file("tiers.toml", program(tiers));
    desk.ok(&["init", "--program", &file]);
    desk
}

/// Returns what the tier review says of a partner.
fn review(desk: &Desk, partner: &str) -> Value {
    desk.json(&["tier", "review", partner])["rows"][0].clone()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text")).collect()
}

#[test]
fn each_condition_says_what_there_is_and_what_is_missing() {
    let desk = desk(
        "[[tier]]\nkey = \"gold\"\nrevenue_12m = 100000\ngrowth_12m = 10\ncustomers = 3\n\
         certified = { sales = 2, technical = 1 }\nmilestones = \"story\"\nscore = 70\n\
         score_parts = { performance = 10, skills = 20 }\n",
    );
    desk.ok(&[
        "add-partner",
        "Acme",
        "--stage",
        "growth",
        "--on",
        "2024-01-01",
        "--observed-from",
        "2024-01-01",
    ]);
    desk.ok(&["certify", "acme", "sales", "Ana Bell <ana@acme.example>, sales", "--on", "2026-01-01"]);
    desk.ok(&["revenue", "add", "acme", "80000", "--on", "2025-05-01"]);
    desk.ok(&["revenue", "add", "acme", "60000", "--on", "2026-05-01", "--customer", "Nord"]);
    desk.ok(&["revenue", "add", "acme", "26000", "--on", "2026-06-01", "--customer", "nord "]);
    desk.ok(&["revenue", "add", "acme", "-1", "--on", "2026-06-02", "--customer", "Sud"]);
    let found = review(&desk, "acme");
    assert_eq!((&found["proposed"], &found["next_tier"]), (&"member".into(), &"gold".into()));
    assert_eq!(
        texts(&found["evidence"]),
        [
            "gold: 85999.00 of 100000.00 EUR in 12 months, not met",
            "gold: 7 of 10 % growth in 12 months, not met",
            "gold: 1 of 3 customers in 12 months, not met",
            "gold: 1 of 2 certified for `sales`, not met",
            "gold: 0 of 1 certified for `technical`, not met",
            "gold: `story` open, not met",
            "gold: 34.7 of 70 points (performance 17.2 of 60; skills 15 of 30; reach 2.5 of 10), not met",
            "gold: 15 of 20 points in `skills`, not met",
        ]
    );
    assert_eq!(
        texts(&found["missing"]),
        [
            "14001.00 EUR more revenue in 12 months",
            "10 % growth in 12 months (7 % now)",
            "2 more customers in 12 months",
            "1 more person certified for `sales`",
            "1 more person certified for `technical`",
            "`story` done",
            "35.3 more points (34.7 of 70)",
            "5 more points in `skills`",
        ]
    );
    let report = desk.json(&["report", "tiers"]);
    assert_eq!(report["rows"][0]["missing"], found["missing"]);
    assert_eq!(
        (&report["score"][0]["score"], &report["score"][0]["performance"]),
        (&34.7.into(), &17.2.into())
    );
    let shown = desk.ok(&["show", "acme"]);
    assert!(shown.contains("gold: 14001.00 EUR more revenue"), "{shown}");
    desk.check();
}

#[test]
fn what_is_unknown_neither_raises_nor_lowers_a_partner_and_the_review_says_how_to_record_it() {
    let desk = desk(
        "[[tier]]\nkey = \"silver\"\nrevenue_12m = 1000\n\
         [[tier]]\nkey = \"gold\"\nplan_attainment = 80\n[[tier]]\nkey = \"top\"\nscore = 20\n\
         [[tier]]\nkey = \"platinum\"\ncertified = { technical = 1 }\n",
    );
    let add = |name: &str, tier: &str, watched: &str| {
        desk.ok(&[
            "add-partner",
            name,
            "--stage",
            "growth",
            "--on",
            "2024-01-01",
            "--observed-from",
            watched,
            "--tier",
            tier,
        ]);
    };
    add("Held", "gold", "2024-01-01");
    add("Raised", "member", "2024-01-01");
    add("Down", "platinum", "2024-01-01");
    add("Poor", "gold", "2024-01-01");
    add("Lately", "silver", "2026-06-01");
    for partner in ["held", "raised", "down"] {
        desk.ok(&["revenue", "add", partner, "90000", "--on", "2026-03-01"]);
    }
    let of = |partner: &str| {
        let found = review(&desk, partner);
        (found["proposed"].clone(), found["move"].clone())
    };
    assert_eq!(of("held"), ("gold".into(), "cannot be judged".into()));
    assert_eq!(of("raised"), ("silver".into(), "promotion".into()), "gold is not known");
    // Of platinum it is known that nobody is certified; of the score, that it may be 28 of 20 points.
    assert_eq!(of("down"), ("top".into(), "demotion".into()));
    assert_eq!(of("poor"), ("member".into(), "demotion".into()), "it is known that nothing was sold");
    assert_eq!(of("lately"), ("silver".into(), "cannot be judged".into()), "sales before June are not known");
    let found = desk.json(&["tier", "review"]);
    assert_eq!((&found["unknown"], &found["demotions"]), (&4.into(), &2.into()));
    let said = desk.ok(&["tier", "review"]);
    for remedy in [
        "gold cannot be judged: no quarter with a plan is over",
        "chanlife plan set PARTNER",
        "--observed-from",
    ] {
        assert!(said.contains(remedy), "{remedy}: {said}");
    }
    desk.ok(&["tier", "review", "--apply"]);
    for (partner, tier) in [("held", "gold"), ("down", "top"), ("lately", "silver")] {
        assert_eq!(desk.json(&["show", partner])["tier"], tier);
        assert_eq!(desk.ok(&["log", partner, "--kind", "tiered", "--format", "csv"]).lines().count(), 2);
    }
    desk.check();
}

#[test]
fn what_cannot_be_known_says_why() {
    let desk = desk("[[tier]]\nkey = \"gold\"\ngrowth_12m = 10\ncustomers = 1\nplan_attainment = 80\n");
    desk.ok(&["add-partner", "Young", "--stage", "growth", "--on", "2026-01-01"]);
    desk.ok(&[
        "add-partner",
        "Quiet",
        "--stage",
        "growth",
        "--on",
        "2024-01-01",
        "--observed-from",
        "2024-01-01",
    ]);
    for partner in ["young", "quiet"] {
        desk.ok(&["revenue", "add", partner, "100", "--on", "2026-05-01"]);
    }
    let missing = |partner: &str| review(&desk, partner)["missing"].clone();
    assert_eq!(
        texts(&missing("young")),
        [
            "80 % of plan (no quarter with a plan is over)",
            "10 % growth in 12 months (unknown: not tracked for 24 months)",
            "1 customers in 12 months (unknown: no sale names one)",
        ]
    );
    assert_eq!(
        texts(&missing("quiet"))[1],
        "10 % growth in 12 months (unknown: nothing sold in the 12 months before)"
    );
}

#[test]
fn one_alternative_is_enough() {
    let desk = desk(
        "[[tier]]\nkey = \"gold\"\nany = [{ revenue_12m = 50000 }, { customers = 2, certified = [\"sales\"] }]\n",
    );
    desk.ok(&[
        "add-partner",
        "Acme",
        "--stage",
        "growth",
        "--on",
        "2024-01-01",
        "--observed-from",
        "2024-01-01",
    ]);
    for customer in ["Nord", "Sud"] {
        desk.ok(&[
            "revenue",
            "add",
            "acme",
            "100",
            "--on",
            "2026-05-01",
            "--customer",
            customer,
            "--ref",
            customer,
        ]);
    }
    assert_eq!(
        texts(&review(&desk, "acme")["missing"]),
        ["one of: 49800.00 EUR more revenue in 12 months; or 1 more person certified for `sales`"]
    );
    desk.ok(&["certify", "acme", "sales", "Ana Bell <ana@acme.example>, sales", "--on", "2026-06-01"]);
    assert_eq!(review(&desk, "acme")["proposed"], "gold");
}

#[test]
fn a_review_that_changes_nothing_is_recorded_once_a_day_and_keeps_the_tier_as_it_is() {
    let desk = desk("[[tier]]\nkey = \"gold\"\nrevenue_12m = 50000\n");
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2024-01-01", "--tier", "member"]);
    let said = desk.run(&["tier", "review", "acme", "--apply", "--on", "2026-11-20"]);
    assert!(said.err.contains("Reviewed the tier of Acme: stays in member"), "{}", said.err);
    let tiered = || desk.ok(&["log", "acme", "--kind", "tiered", "--format", "csv"]).lines().count() - 1;
    assert_eq!(tiered(), 1);
    desk.ok(&["tier", "review", "acme", "--apply", "--on", "2026-11-20"]);
    assert_eq!(tiered(), 1, "twice on a day is once");
    // A tier that was changed before the review, and recorded after it, holds.
    desk.ok(&["edit", "acme", "--tier", "gold", "--on", "2026-11-10"]);
    assert_eq!(desk.json(&["show", "acme"])["tier"], "gold");
    desk.check();
}

#[test]
fn a_fault_of_tiers_and_score_names_the_place_and_a_remedy() {
    let desk = Desk::new();
    for (tiers, said) in [
        ("[[tier]]\nkey = \"x\"\ncertified = { saels = 2 }", "did you mean `sales`?"),
        ("[[tier]]\nkey = \"x\"\ncertified = { sales = 0 }", "write certified = { sales = 2 }"),
        (
            "[[tier]]\nkey = \"x\"\nscore_parts = { skill = 5 }",
            "the parts are `performance`, `skills` and `reach`",
        ),
        ("[[tier]]\nkey = \"x\"\nscore_parts = { skills = 31 }", "at most its weight of 30"),
        ("[[tier]]\nkey = \"x\"\nany = []", "any has no alternative"),
        ("[[tier]]\nkey = \"x\"\nany = [{}]", "tier `x`, alternative 1 asks for nothing"),
        ("[[tier]]\nkey = \"x\"\ngrowth_12m = 0", "growth_12m"),
        (
            "[[score]]\nkey = \"y\"\nmeasure = \"sales\"\nweight = 5\nlinear = { worst = 0, best = 1 }",
            "unknown measure `sales`",
        ),
        (
            "[[score]]\nkey = \"y\"\nmeasure = \"customers\"\nweight = 5",
            "does not say what is worth how many points",
        ),
        (
            "[[score]]\nkey = \"y\"\nmeasure = \"customers\"\nweight = 5\nlinear = { worst = 0, best = 1 }",
            "the weights of the score add up to 105, not to 100",
        ),
    ] {
        let err = desk.fails(6, &["program", "check", &desk.file("bad.toml", program(tiers))]);
        assert!(err.contains(said) && err.contains("bad.toml:"), "{tiers}: {err}");
    }
    let diff = desk.ok(&["program", "diff", &desk.file("good.toml", program(""))]);
    assert!(diff.contains("Customers: weight 10, customers, score 0 at 0, 100 at 4"), "{diff}");
}

#[test]
fn a_tier_that_the_program_dropped_is_listed_even_if_no_other_is_earned() {
    let tiers = |keys: &str| program(keys).replace("[[tier]]\nkey = \"member\"\n", "");
    let desk = Desk::empty();
    let gold = "[[tier]]\nkey = \"gold\"\nrevenue_12m = 500000\n";
    let file =
        desk.file("two.toml", tiers(&format!("[[tier]]\nkey = \"silver\"\nrevenue_12m = 1000\n{gold}")));
    desk.ok(&["init", "--program", &file]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2024-01-01", "--set", "tier=silver"]);
    let file = desk.file("one.toml", tiers(gold));
    desk.ok(&["program", "apply", &file, "--drop", "silver", "--yes"]);
    let found = desk.json(&["tier", "review"]);
    assert_eq!(found["rows"][0]["move"], "tier no longer in the program", "{found}");
    assert!(desk.ok(&["tier", "review"]).contains("chanlife edit acme --unset tier"));
    desk.ok(&["edit", "acme", "--unset", "tier"]);
    assert!(desk.ok(&["tier", "review"]).contains("No tier changes proposed."));
}
