//! Parts of the program that are for some partners only: the same answer for every command and report.

use serde_json::Value;

use crate::support::Desk;

const PROGRAM: &str = r#"
[program]
name = "Two kinds"
currency = "EUR"
[verdict]
fail_below = 60
pass_above = 75
[productive]
revenue_12m = 100
types = ["reseller"]
[non_performing]
below_revenue_in_quarter = 100
quarters = 1
improvement_days = 90
types = ["reseller"]
[reporting]
every = "month"
types = ["reseller"]
[[tier]]
key = "basic"
[[tier]]
key = "gold"
[[field]]
key = "type"
type = "choice"
options = ["reseller", "referral"]
[[course]]
key = "sales"
types = ["reseller"]
[[course]]
key = "advanced"
tiers = ["gold"]
regions = ["EMEA"]
[[stage]]
key = "recruitment"
[[stage.milestone]]
key = "signed"
gate = true
[[stage.milestone]]
key = "fit"
gate = true
needs = "questionnaire:reseller-fit"
[[stage]]
key = "readiness"
target_days = 10
types = ["reseller"]
[[stage.milestone]]
key = "kickoff"
gate = true
[[stage]]
key = "launch"
[[stage.milestone]]
key = "trained"
gate = true
needs = { all = ["certified:sales:1", "agreed:margin"] }
[[stage.milestone]]
key = "seller-trained"
gate = true
needs = "certified:sales:1"
[[stage.milestone]]
key = "stock-plan"
gate = true
types = ["reseller"]
[[stage]]
key = "growth"
success = true
[[term]]
key = "margin"
type = "number"
[[questionnaire]]
key = "reseller-fit"
stage = "recruitment"
side = "vendor"
types = ["reseller"]
[[questionnaire.question]]
key = "fits"
text = "Does it fit?"
type = "yes-no"
weight = 1
[[questionnaire]]
key = "any-fit"
stage = "recruitment"
side = "vendor"
[[questionnaire.question]]
key = "honest"
text = "Is it honest?"
type = "yes-no"
weight = 1
"#;

/// A reseller, a referral partner and one whose type is not known, in the first stage.
fn desk() -> Desk {
    let desk = Desk::empty();
    desk.ok(&["init", "--program", &desk.file("two-kinds.toml", PROGRAM)]);
    desk.ok(&["add-partner", "Reseller", "--type", "Reseller", "--on", "2026-06-01"]);
    desk.ok(&["add-partner", "Referral", "--type", "referral", "--on", "2026-06-01"]);
    desk.ok(&["add-partner", "Unknown", "--on", "2026-06-01"]);
    desk
}

fn missing(desk: &Desk, partner: &str, as_of: &str) -> Vec<String> {
    let key = format!("key={partner}");
    let columns = ["list", "--where", &key, "--columns", "key,missing", "--as-of", as_of];
    let texts = |all: &Value| -> Vec<String> {
        all.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text").to_owned()).collect()
    };
    let listed = texts(&desk.json(&columns)["rows"][0]["missing_gates"]);
    // `show` says the same.
    let shown = desk.json(&["show", partner, "--as-of", as_of])["milestones"].clone();
    let open = shown.as_array().expect("milestones").iter();
    let open = open.filter(|one| one["gate"] == true && one["on"].is_null());
    let open: Vec<String> = open.map(|one| one["milestone"].as_str().expect("a key").to_owned()).collect();
    assert_eq!(listed, open, "{partner}");
    listed
}

#[test]
fn what_a_partner_is_free_of_blocks_no_gate_and_is_counted_nowhere() {
    let desk = desk();
    let today = desk.today().to_owned();
    assert_eq!(missing(&desk, "reseller", &today), ["signed", "fit"]);
    assert_eq!(missing(&desk, "referral", &today), ["signed"]);
    assert_eq!(missing(&desk, "unknown", &today), ["signed", "fit"], "until the type is known");
    desk.ok(&["done", "referral", "signed", "--on", "2026-06-02"]);
    desk.ok(&["advance", "referral", "--on", "2026-06-03"]);
    assert_eq!(desk.json(&["show", "referral"])["stage"], "launch", "readiness is passed over");
    assert_eq!(
        missing(&desk, "referral", &today),
        ["trained"],
        "of all that it needs, the course is left out"
    );
    let next = desk.json(&["show", "referral"])["command"].as_str().expect("a command").to_owned();
    assert!(next.contains("agree referral margin"), "{next}");
    desk.ok(&["agree", "referral", "margin=10", "--on", "2026-06-04"]);
    assert_eq!(missing(&desk, "referral", &today), Vec::<String>::new());
    let listed = desk.json(&["list", "--where", "missing=no", "--columns", "key"]);
    assert_eq!(listed["rows"][0]["key"], "referral");
    let readiness = desk.json(&["report", "readiness", "--all", "--by", "type"]);
    let row = |key: &str| {
        let rows = readiness["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["partner"] == key).expect("the partner").clone()
    };
    assert_eq!(row("referral")["certified_sales"], Value::Null, "not needed");
    assert_eq!(row("reseller")["certified_sales"], 0);
    let blocks = readiness["blocks"].as_array().expect("blocks");
    assert!(blocks.iter().all(|one| one["stage"] != "launch"), "{blocks:?}");
    desk.ok(&["advance", "referral", "--on", "2026-06-05"]);
    assert_eq!(desk.json(&["show", "referral"])["stage"], "growth");
    desk.check();
}

#[test]
fn what_is_for_other_partners_is_refused_by_name() {
    let desk = desk();
    for verb in
        [&["done", "referral", "stock-plan"][..], &["skip", "referral", "stock-plan", "--reason", "x"]]
    {
        let err = desk.fails(4, verb);
        assert!(err.contains("`stock-plan` is not for Referral: it is for reseller"), "{err}");
    }
    let err = desk.fails(4, &["done", "referral", "kickoff"]);
    assert!(err.contains("`kickoff` is not for Referral: it is for reseller"), "by its stage: {err}");
    let err = desk.fails(4, &["done", "referral", "seller-trained"]);
    assert!(err.contains("`seller-trained` is not for Referral"), "by the course that it needs: {err}");
    let err = desk.fails(4, &["certify", "referral", "sales", "Jo Doe <jo@doe.example>"]);
    assert!(err.contains("course `sales` is not for Referral: it is for reseller"), "{err}");
    desk.ok(&["done", "reseller", "stock-plan"]);
}

#[test]
fn a_stage_that_is_not_for_a_partner_is_no_target() {
    let desk = desk();
    for words in [
        &["advance", "referral", "--to", "readiness", "--override", "because"][..],
        &["advance", "referral", "--to", "readiness"],
    ] {
        let err = desk.fails(4, words);
        assert!(err.contains("does not apply to `referral`: it is for reseller"), "{err}");
    }
    desk.ok(&["done", "referral", "signed"]);
    desk.ok(&["advance", "referral", "--to", "launch"]);
    let err = desk.fails(4, &["back", "referral", "--to", "readiness", "--reason", "mistake"]);
    assert!(err.contains("does not apply"), "{err}");
    let err = desk.fails(4, &["add-partner", "Late", "--type", "referral", "--stage", "readiness"]);
    assert!(err.contains("does not apply"), "{err}");
    // Others pass it.
    desk.ok(&["done", "reseller", "signed"]);
    desk.ok(&["assess", "reseller", "reseller-fit", "--answer", "fits=yes"]);
    desk.fails(4, &["advance", "reseller", "--to", "launch"]);
    desk.ok(&["advance", "reseller"]);
    assert_eq!(desk.json(&["show", "reseller"])["stage"], "readiness");
    desk.check();
}

#[test]
fn after_a_change_of_type_other_parts_apply_from_that_day_on() {
    let desk = desk();
    desk.ok(&["edit", "reseller", "--type", "referral", "--on", "2026-08-01"]);
    assert_eq!(missing(&desk, "reseller", "2026-07-31"), ["signed", "fit"]);
    assert_eq!(missing(&desk, "reseller", "2026-08-01"), ["signed"]);
    desk.ok(&["edit", "unknown", "--type", "referral"]);
    assert_eq!(missing(&desk, "unknown", "2026-11-22"), ["signed", "fit"]);
    assert_eq!(missing(&desk, "unknown", "2026-11-23"), ["signed"]);
    desk.check();
}

#[test]
fn only_the_questionnaires_of_a_partner_are_asked_and_decide() {
    let desk = desk();
    desk.ok(&["assess", "referral", "any-fit", "--answer", "honest=yes"]);
    desk.ok(&["assess", "unknown", "any-fit", "--answer", "honest=yes"]);
    let verdict = |partner: &str| desk.json(&["show", partner])["verdict"].clone();
    assert_eq!((verdict("referral"), verdict("unknown")), ("recruit".into(), "undecided".into()));
    let listed = desk.json(&["list", "--where", "verdict=recruit", "--columns", "key,vendor-score"]);
    assert_eq!(listed["rows"][0]["key"], "referral");
    assert_eq!(listed["rows"][0]["vendor_score"], 100.0);
    let err = desk.fails(4, &["assess", "referral", "reseller-fit", "--answer", "fits=yes"]);
    assert!(err.contains("`reseller-fit` is not for `referral`: it is for reseller"), "{err}");
}

#[test]
fn rules_judge_only_whom_they_are_for() {
    let desk = Desk::empty();
    desk.ok(&["init", "--program", &desk.file("two-kinds.toml", PROGRAM)]);
    for kind in ["reseller", "referral"] {
        desk.ok(&["add-partner", kind, "--type", kind, "--stage", "growth", "--on", "2026-01-05"]);
        desk.ok(&["edit", kind, "--observed-from", "2026-01-05"]);
        desk.ok(&["revenue", "add", kind, "1", "--on", "2026-09-30"]);
    }
    let shown = |partner: &str| desk.json(&["show", partner]);
    assert_eq!(
        (&shown("reseller")["productive"], &shown("referral")["productive"]),
        (&false.into(), &Value::Null)
    );
    assert_eq!(shown("referral")["performance"], Value::Null);
    assert_ne!(shown("reseller")["performance"], Value::Null);
    assert_eq!(shown("referral")["reports_owed"], serde_json::json!([]));
    assert_ne!(shown("reseller")["reports_owed"], serde_json::json!([]));
    for report in ["reporting", "nonperforming"] {
        let rows = desk.json(&["report", report])["rows"].clone();
        let rows = rows.as_array().expect("rows");
        assert!(rows.iter().all(|row| row["partner"] != "referral"), "{report}: {rows:?}");
    }
    desk.ok(&["report"]);
    desk.ok(&["report", "growth"]);
    desk.ok(&["report", "pipeline"]);
    desk.ok(&["next"]);
    desk.check();
}

#[test]
fn a_program_names_only_values_that_partners_can_have_and_shows_for_whom_its_parts_are() {
    let desk = desk();
    let bad = PROGRAM.replace("tiers = [\"gold\"]", "tiers = [\"glod\"]").replacen(
        "types = [\"reseller\"]",
        "types = [\"wholesaler\"]",
        1,
    );
    let err = desk.fails(6, &["program", "check", &desk.file("bad.toml", &bad)]);
    assert!(
        err.contains("tiers: `glod` is not in the program") && err.contains("did you mean `gold`?"),
        "{err}"
    );
    assert!(
        err.contains("types: `wholesaler` is not in the program")
            && err.contains("use `reseller` and `referral`"),
        "{err}"
    );
    let own = format!("{PROGRAM}\n[[field]]\nkey = \"parent\"\ntype = \"text\"\n");
    let err = desk.fails(6, &["program", "check", &desk.file("own.toml", &own)]);
    assert!(err.contains("`parent` is a built-in attribute"), "{err}");
    let shown = desk.json(&["program", "show"]);
    assert_eq!((&shown["productive_for"], &shown["reporting_for"]), (&"reseller".into(), &"reseller".into()));
    let stage = |key: &str| {
        let stages = shown["stages"].as_array().expect("stages");
        stages.iter().find(|stage| stage["stage"] == key).expect("the stage")["applies_to"].clone()
    };
    assert_eq!((stage("readiness"), stage("launch")), ("reseller".into(), "".into()));
    let out = desk.ok(&["program", "show", "--format", "table"]);
    assert!(out.contains("for tier gold; region EMEA") && out.contains(", for reseller"), "{out}");
    let new = PROGRAM.replace(
        "target_days = 10\ntypes = [\"reseller\"]",
        "target_days = 10\ntypes = [\"reseller\", \"referral\"]",
    );
    let out = desk.ok(&["program", "diff", &desk.file("new.toml", &new)]);
    assert!(out.contains("readiness") && out.contains("reseller, referral"), "{out}");
}
