//! Several values: regions and fields with `several = true`; and values that hold commas.

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
options = ["cloud", "security", "data"]
several = true

[[field]]
key = "brands"
type = "text"
several = true

[[stage]]
key = "talks"

[[stage]]
key = "growth"
success = true
"#;

fn desk() -> Desk {
    let desk = Desk::empty();
    let program = desk.file("program.toml", PROGRAM);
    desk.ok(&["init", "--program", &program]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--region", "EMEA", "--on", "2026-01-10"]);
    desk.ok(&["add-partner", "Beta", "--stage", "growth", "--region", "LATAM", "--on", "2026-01-10"]);
    desk
}

fn keys(desk: &Desk, conditions: &[&str]) -> Vec<String> {
    let wheres = conditions.iter().flat_map(|condition| ["--where", condition]);
    let words: Vec<&str> = ["list"].into_iter().chain(wheres).collect();
    let listed = desk.json(&words);
    rows(&listed).iter().map(|row| row["key"].as_str().expect("a key").to_owned()).collect()
}

#[test]
fn a_partner_of_two_regions_is_found_by_both_and_counted_in_the_first() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--region", "EMEA, APAC", "--on", "2026-06-01"]);
    desk.ok(&["edit", "beta", "--region", "apac"]);
    assert_eq!(keys(&desk, &["region=EMEA"]), ["acme"]);
    assert_eq!(keys(&desk, &["region=APAC"]), ["acme", "beta"], "in the spelling that is in use");
    assert_eq!(keys(&desk, &["region has APAC,EMEA"]), ["acme"]);
    assert_eq!(keys(&desk, &["region has-any EMEA,LATAM"]), ["acme"]);
    assert_eq!(keys(&desk, &["region!=EMEA"]), ["beta"]);
    let before = desk.json(&["list", "--where", "region=APAC", "--as-of", "2026-05-31"]);
    assert!(rows(&before).is_empty(), "it had one region then: {before}");
    let listed = desk.json(&["list", "--columns", "key,region"]);
    assert_eq!(rows(&listed)[0]["region"], "EMEA");
    assert_eq!(rows(&listed)[0]["region_all"], json!(["EMEA", "APAC"]));
    assert!(desk.ok(&["show", "acme", "--format", "table"]).contains("EMEA, APAC"));
    desk.ok(&["revenue", "add", "acme", "100", "--on", "2026-07-01"]);
    let by_region = desk.json(&["report", "revenue", "--by", "region"]);
    let rows = rows(&by_region);
    let sums: Vec<(&Value, &Value)> = rows.iter().map(|row| (&row["region"], &row["revenue"])).collect();
    assert_eq!(sums.len(), 1, "counted once, in its own region: {by_region}");
    desk.check();
}

#[test]
fn single_values_are_added_and_removed_and_the_next_one_becomes_its_own() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--add", "region=APAC", "--add", "focus=cloud", "--add", "focus=data"]);
    assert_eq!(keys(&desk, &["focus has cloud,data", "region=APAC"]), ["acme"]);
    desk.ok(&["edit", "acme", "--remove", "region=emea"]);
    let listed = desk.json(&["list", "--columns", "key,region,focus"]);
    assert_eq!(rows(&listed)[0]["region"], "APAC");
    assert_eq!(rows(&listed)[0]["region_all"], json!(["APAC"]));
    assert_eq!(rows(&listed)[0]["focus_all"], json!(["cloud", "data"]));
    let err = desk.fails(4, &["edit", "acme", "--remove", "focus=security"]);
    assert!(err.contains("does not have focus `security`") && err.contains("`cloud` and `data`"), "{err}");
    let err = desk.fails(2, &["edit", "acme", "--add", "owner=ana"]);
    assert!(err.contains("a partner has one owner"), "{err}");
    desk.ok(&["edit", "acme", "--unset", "focus"]);
    assert_eq!(keys(&desk, &["focus="]), ["acme", "beta"]);
    desk.check();
}

#[test]
fn texts_names_and_owners_hold_commas_and_a_quoted_value_is_one() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--owner", "Ruiz, Ana", "--set", "brands=Smith, Jones & Co; Nord"]);
    desk.ok(&["edit", "beta", "--owner", "ben"]);
    assert_eq!(keys(&desk, &["owner=\"Ruiz, Ana\""]), ["acme"]);
    assert_eq!(keys(&desk, &["owner=ben,\"ruiz, ana\""]), ["acme", "beta"]);
    assert_eq!(keys(&desk, &["brands has \"Smith, Jones & Co\",nord"]), ["acme"]);
    let hint = desk.run(&["list", "--where", "owner=Ruiz, Ana"]);
    assert!(format!("{}{}", hint.out, hint.err).contains("owner=\"Ruiz, Ana\""), "{hint:?}");
    for unclosed in ["owner=\"Ruiz", "owner=\"Ruiz\" Ana"] {
        desk.fails(2, &["list", "--where", unclosed]);
    }
    for (option, value) in [("--type", "var, msp"), ("--tier", "gold,silver")] {
        let err = desk.fails(2, &["edit", "beta", option, value]);
        assert!(err.contains("without a comma"), "{err}");
    }
    desk.fails(2, &["edit", "beta", "--set", "focus=cloud,weather"]);
}

#[test]
fn a_list_written_as_csv_comes_back_with_all_values_and_a_single_first_value_takes_none_away() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--region", "EMEA,APAC", "--set", "focus=cloud; data"]);
    let csv = desk.ok(&["list", "--columns", "key,name,region,focus", "--format", "csv"]);
    let file = desk.file("partners.csv", &csv);
    let before = desk.picture();
    desk.ok(&["import", "partners", &file]);
    assert_eq!(desk.picture(), before, "known already: {csv}");
    let other = Desk::empty();
    let program = other.file("program.toml", PROGRAM);
    other.ok(&["init", "--program", &program]);
    let file = other.file("partners.csv", &csv);
    other.ok(&["import", "partners", &file]);
    assert_eq!(other.ok(&["list", "--columns", "key,name,region,focus", "--format", "csv"]), csv);
    // A file of a system that knows one region: the partner's own says nothing of the others, another is all that it has.
    let one = other.file("one.csv", "key,region\nacme,EMEA\n");
    other.ok(&["import", "partners", &one]);
    assert_eq!(keys(&other, &["region=APAC"]), ["acme"]);
    let one = other.file("one.csv", "key,region\nacme,LATAM\n");
    other.ok(&["import", "partners", &one]);
    assert!(keys(&other, &["region=APAC"]).is_empty());
    let two = other.file("two.csv", "key,region,focus\ngamma,\"EMEA, APAC\",security;cloud\n");
    other.ok(&["import", "partners", &two]);
    assert_eq!(keys(&other, &["region=APAC", "focus has cloud,security"]), ["gamma"]);
    other.check();
}

#[test]
fn a_field_of_several_values_is_a_text_or_a_choice_of_its_own() {
    let desk = Desk::empty();
    for (kind, key) in [("number", "seats"), ("text", "owner"), ("date", "since-when")] {
        let field = format!("{PROGRAM}\n[[field]]\nkey = \"{key}\"\ntype = \"{kind}\"\nseveral = true\n");
        let file = desk.file("bad.toml", field);
        let err = desk.fails(6, &["program", "check", &file]);
        assert!(err.contains(&format!("a partner has one {key}")), "{err}");
    }
}

#[test]
fn a_value_in_quotation_marks_is_one_and_none_holds_what_separates_values() {
    let desk = desk();
    for words in [
        &["add-partner", "X", "--region", "\"A, B\""][..],
        &["edit", "acme", "--add", "region=\"A, B\""],
        &["edit", "acme", "--set", "region=\"A, B\""],
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains("without a comma"), "{err}");
    }
    let err = desk.fails(2, &["edit", "acme", "--region", "\"A"]);
    assert!(err.contains("the quotation mark is not closed"), "{err}");
    let err = desk.fails(2, &["edit", "acme", "--set", "brands=\"q; r\""]);
    assert!(err.contains("semicolon separates values"), "{err}");
    let file = desk.file("regions.csv", "key,region\nacme,\"\"\"A, B\"\"\"\n");
    assert!(desk.fails(6, &["import", "partners", &file]).contains("without a comma"));
    desk.ok(&["edit", "acme", "--region", "\"Middle East\", APAC", "--set", "brands=\"q, r\"; s"]);
    assert_eq!(keys(&desk, &["region=\"Middle East\"", "brands has \"q, r\",s"]), ["acme"]);
    let said = desk.run(&["edit", "acme", "--add", "brands=t"]).err;
    assert!(said.contains("now q, r; s; t"), "{said}");
}

#[test]
fn a_field_that_would_have_one_value_is_refused_with_the_partners_that_have_several() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--set", "focus=cloud; data", "--set", "brands=a; b"]);
    let before = desk.picture();
    for key in ["focus", "brands"] {
        let at = PROGRAM.find(&format!("key = \"{key}\"")).expect("the field");
        let one = format!("{}{}", &PROGRAM[..at], PROGRAM[at..].replacen("several = true\n", "", 1));
        let file = desk.file("one.toml", &one);
        for more in [&["-n"][..], &[], &["--yes"]] {
            let err = desk.fails(4, &[&["program", "apply", &file], more].concat());
            assert!(
                err.contains(&format!("field `{key}` would have one value, but 1 partner has several: acme"))
            );
            assert!(err.contains(&format!("chanlife edit acme --set {key}=")), "{err}");
        }
        assert_eq!(desk.picture(), before);
    }
    desk.ok(&["edit", "acme", "--set", "focus=data", "--set", "brands=a"]);
    let one = desk.file("one.toml", PROGRAM.replace("several = true\n", ""));
    desk.ok(&["program", "apply", &one]);
    assert_eq!(keys(&desk, &["focus=data"]), ["acme"]);
    desk.check();
}

#[test]
fn two_options_that_go_on_as_one_are_one_value() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--set", "focus=data; cloud; security"]);
    let joined = "options = [\"it\"]\nwas = { cloud = \"it\", security = \"it\", data = \"it\" }";
    let file = desk.file("it.toml", PROGRAM.replace("options = [\"cloud\", \"security\", \"data\"]", joined));
    desk.ok(&["program", "apply", &file]);
    let listed = desk.json(&["list", "--columns", "key,focus"]);
    assert_eq!(rows(&listed)[0]["focus_all"], json!(["it"]));
    desk.check();
}
