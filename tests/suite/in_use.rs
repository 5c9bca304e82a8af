//! What partners have does not go from the program in silence: it is renamed, or dropped by its name.

use serde_json::{Value, json};

use crate::partner_operations::rows;
use crate::support::Desk;

const PROGRAM: &str = r#"
[program]
name = "Channel"
currency = "EUR"

[[field]]
key = "focus"
type = "choice"
options = ["cloud", "security"]

[[field]]
key = "segment"
type = "text"

[[term]]
key = "margin"
name = "Margin"
type = "number"

[[term]]
key = "cadence"
name = "Cadence"
type = "choice"
options = ["month", "quarter"]

[[reason]]
key = "price"
name = "Price"

[[course]]
key = "sales"
name = "Sales"

[[material]]
key = "kit"
name = "Kit"
version = "1"

[[fund]]
key = "mdf"
name = "MDF"
budget = { 2026 = 5000 }

[[tier]]
key = "silver"
name = "Silver"

[[tier]]
key = "gold"
name = "Gold"
certified = { sales = 1 }

[[stage]]
key = "talks"
name = "Talks"

[[stage.milestone]]
key = "trained"
name = "Trained"
needs = "certified:sales:1"

[[stage]]
key = "growth"
name = "Growth"
success = true
"#;

/// The program with one text in place of another.
fn with(from: &str, to: &str) -> String {
    let changed = PROGRAM.replace(from, to);
    assert_ne!(changed, PROGRAM, "{from}");
    changed
}

/// The program without the section that has this key.
fn without(key: &str) -> String {
    let key = format!("key = \"{key}\"");
    let sections: Vec<&str> = PROGRAM.split("\n\n").filter(|section| !section.contains(&key)).collect();
    sections.join("\n\n")
}

fn desk() -> Desk {
    let desk = Desk::empty();
    let program = desk.file("program.toml", PROGRAM);
    desk.ok(&["init", "--program", &program]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--tier", "gold", "--on", "2026-01-10"]);
    desk.ok(&["add-partner", "Beta", "--on", "2026-01-10"]);
    desk.ok(&["edit", "acme", "--set", "focus=cloud", "--set", "segment=retail", "--on", "2026-01-10"]);
    desk.ok(&["agree", "acme", "margin=15", "cadence=month", "--on", "2026-01-10"]);
    desk.ok(&["certify", "acme", "sales", "Jo Doe <jo@acme.example>", "--on", "2026-01-12"]);
    desk.ok(&["deliver", "acme", "kit", "--on", "2026-01-12"]);
    desk.ok(&["leave", "beta", "--as", "declined", "--why", "price", "--on", "2026-03-01"]);
    desk
}

#[test]
fn what_partners_have_is_named_by_diff_dry_run_and_apply_and_goes_only_if_it_is_dropped() {
    let desk = desk();
    desk.ok(&["fund", "grant", "acme", "1000", "--fund", "mdf", "--on", "2026-02-01"]);
    let cases = [
        (without("gold"), "gold", "acme"),
        (without("margin"), "margin", "acme"),
        (without("kit"), "kit", "acme"),
        (without("price"), "price", "beta"),
        (without("segment"), "segment", "acme"),
        (without("focus"), "focus", "acme"),
        (with("[\"cloud\", \"security\"]", "[\"security\"]"), "focus=cloud", "acme"),
        (with("[\"month\", \"quarter\"]", "[\"quarter\"]"), "cadence=month", "acme"),
    ];
    for (program, key, partner) in &cases {
        let file = desk.file("new.toml", program);
        let before = desk.picture();
        let diff = desk.run(&["program", "diff", &file]);
        assert!(diff.code == 0 && diff.err.contains(partner), "{key}: {diff:?}");
        for more in [&["-n"][..], &[], &["--yes"]] {
            let err = desk.fails(4, &[&["program", "apply", &file], more].concat());
            assert!(err.contains(&format!("1 partner has: {partner}")), "{key}: {err}");
            assert!(err.contains(&format!("--drop {key}")), "{key}: {err}");
        }
        assert_eq!(desk.picture(), before);
        let said = desk.run(&["program", "apply", &file, "--drop", key]);
        assert!(said.code == 0 && said.err.contains(partner), "{key}: {said:?}");
        desk.check();
        desk.ok(&["undo"]);
    }
    let file = desk.file("new.toml", without("mdf"));
    let err = desk.fails(4, &["program", "apply", &file, "--drop", "mdf"]);
    assert!(err.contains("acme has 1000.00 EUR available"), "{err}");
    let file = desk.file("new.toml", without("silver"));
    desk.ok(&["program", "apply", &file]);
    let err = desk.fails(4, &["program", "apply", &file, "--drop", "gold"]);
    assert!(err.contains("`gold` does not go with the new program"), "{err}");
}

#[test]
fn a_renamed_part_is_the_same_for_all_that_was_recorded_whatever_the_day() {
    let desk = desk();
    let renamed = with("key = \"gold\"", "key = \"premier\"\nwas = \"gold\"")
        .replace("key = \"margin\"", "key = \"discount\"\nwas = \"margin\"")
        .replace("key = \"sales\"", "key = \"selling\"\nwas = \"sales\"")
        .replace("{ sales = 1 }", "{ selling = 1 }")
        .replace("certified:sales:1", "certified:selling:1")
        .replace("key = \"kit\"", "key = \"sales-kit\"\nwas = \"kit\"")
        .replace("key = \"price\"", "key = \"margin-too-low\"\nwas = \"price\"")
        .replace("key = \"segment\"", "key = \"market\"\nwas = \"segment\"")
        .replace("[\"cloud\", \"security\"]", "[\"saas\", \"security\"]\nwas = { cloud = \"saas\" }")
        .replace("[\"month\", \"quarter\"]", "[\"monthly\", \"quarter\"]\nwas = { month = \"monthly\" }");
    let file = desk.file("new.toml", &renamed);
    let terms = desk.file("terms.csv", "partner,term,value,on\nacme,cadence,month,2026-01-10\n");
    desk.ok(&["import", "terms", &terms]);
    let diff = desk.json(&["program", "diff", &file]);
    let changed: Vec<(&Value, &Value)> =
        diff["rows"].as_array().expect("rows").iter().map(|row| (&row["key"], &row["what"])).collect();
    let renames = changed.iter().filter(|(_, what)| *what == "renamed").count();
    assert_eq!(renames, 6, "{diff}");
    assert!(!changed.iter().any(|(_, what)| *what == "removed" || *what == "added"), "{diff}");
    desk.ok(&["program", "apply", &file]);
    desk.check();
    let columns = "key,tier,focus,market,discount,cadence,certified,why";
    for as_of in ["2026-06-01", "2026-11-23"] {
        let listed = desk.json(&["list", "--columns", columns, "--as-of", as_of]);
        let acme = &rows(&listed)[0];
        assert_eq!(acme["tier"], "premier", "{as_of}: {acme}");
        assert_eq!((&acme["focus"], &acme["market"]), (&json!("saas"), &json!("retail")), "{as_of}: {acme}");
        assert_eq!((&acme["cadence"], &acme["certified"]), (&json!("monthly"), &json!(["selling"])));
        assert_eq!(acme["discount"], 15.0);
        assert_eq!(rows(&listed)[1]["why"], "margin-too-low");
    }
    // The former words are still understood, by hand, in conditions and in files.
    for condition in ["tier=gold", "focus=cloud", "cadence=month", "market=retail"] {
        let listed = desk.json(&["list", "--where", condition]);
        assert_eq!(rows(&listed).len(), 1, "{condition}");
    }
    desk.ok(&["certify", "acme", "sales", "Al Roe <al@acme.example>"]);
    desk.ok(&["agree", "acme", "margin=16"]);
    assert!(desk.run(&["import", "terms", &terms]).err.contains("1 already recorded"));
    let listed = desk.json(&["list", "--columns", "key,discount,done"]);
    assert_eq!(rows(&listed)[0]["discount"], 16.0);
    desk.ok(&["merge", "beta", "--into", "acme", "--yes", "--without-stages"]);
    desk.check();
    // What was renamed cannot come again as something else.
    let again = desk.file(
        "again.toml",
        renamed
            .replace("key = \"silver\"", "key = \"gold\"")
            .replace("was = \"gold\"\n", "")
            .replace("name = \"Gold\"", "name = \"Premier\""),
    );
    let err = desk.fails(4, &["program", "apply", &again]);
    assert!(err.contains("`gold` was renamed to `premier` earlier"), "{err}");
}

#[test]
fn a_tier_review_takes_a_tier_that_is_no_more_for_none() {
    let desk = desk();
    let file = desk.file("new.toml", without("gold"));
    desk.ok(&["program", "apply", &file, "--drop", "gold"]);
    let review = desk.json(&["tier", "review"]);
    let row = &rows(&review)[0];
    assert_eq!((&row["partner"], &row["proposed"]), (&json!("acme"), &json!("silver")), "{review}");
    desk.ok(&["tier", "review", "acme", "--apply"]);
    let listed = desk.json(&["list", "--columns", "key,tier"]);
    assert_eq!(rows(&listed)[0]["tier"], "silver");
    desk.check();
}

#[test]
fn a_former_option_must_lead_to_one_that_there_is() {
    let desk = Desk::empty();
    for (was, said) in [
        ("{ cloud = \"saas\" }", "`saas` is not one of the options"),
        ("{ security = \"cloud\" }", "`security` is still one of the options"),
    ] {
        let file = desk.file(
            "bad.toml",
            with("[\"cloud\", \"security\"]", &format!("[\"cloud\", \"security\"]\nwas = {was}")),
        );
        let err = desk.fails(6, &["program", "check", &file]);
        assert!(err.contains(said), "{err}");
    }
}

#[test]
fn a_dropped_field_can_be_cleared_and_a_value_that_does_not_fit_another_type_too() {
    let desk = desk();
    let file = desk.file("new.toml", without("segment"));
    desk.ok(&["program", "apply", &file, "--drop", "segment"]);
    desk.ok(&["edit", "acme", "--unset", "segment"]);
    assert!(!desk.ok(&["show", "acme"]).contains("segment=retail"));
    let err = desk.fails(2, &["edit", "acme", "--unset", "segment"]);
    assert!(err.contains("`segment` cannot be cleared"), "{err}");
    let number = "key = \"focus\"\ntype = \"number\"";
    let choice = "key = \"focus\"\ntype = \"choice\"\noptions = [\"cloud\", \"security\"]";
    let file = desk.file("new.toml", without("segment").replace(choice, number));
    let err = desk.fails(4, &["program", "apply", &file]);
    let hint = err.split('`').find(|part| part.starts_with("chanlife edit")).expect("a hint").to_owned();
    desk.ok(&hint.split(' ').skip(1).collect::<Vec<&str>>());
    desk.ok(&["program", "apply", &file]);
    desk.check();
}
