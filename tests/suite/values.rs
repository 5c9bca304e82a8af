//! Values of tiers and choices: the same one word on every way in.

use crate::support::Desk;

/// A program with a choice for the region, beside the built-in tiers.
fn desk() -> Desk {
    let desk = Desk::new();
    let regions =
        "\n[[field]]\nkey = \"region\"\ntype = \"choice\"\noptions = [\"EMEA\", \"North America\"]\n";
    let program = desk.ok(&["program", "show"]) + regions;
    desk.ok(&["program", "apply", &desk.file("p.toml", program)]);
    desk
}

fn value(desk: &Desk, partner: &str, field: &str) -> String {
    let listed =
        desk.json(&["list", "--where", &format!("key={partner}"), "--columns", &format!("key,{field}")]);
    listed["rows"][0][field].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_tier_and_a_choice_are_kept_in_one_spelling_on_every_way_in() {
    let desk = desk();
    desk.ok(&["add-partner", "Acme", "--tier", "GOLD", "--region", "emea"]);
    desk.ok(&["add-partner", "Beta", "--set", "tier=Silver", "--set", "region=north america"]);
    let file = desk.file("p.csv", "name,tier,region\nCora,Gold,Emea\nDelta,silver,North america\n");
    desk.ok(&["import", "partners", &file]);
    for (partner, tier, region) in [
        ("acme", "gold", "EMEA"),
        ("beta", "silver", "North America"),
        ("cora", "gold", "EMEA"),
        ("delta", "silver", "North America"),
    ] {
        assert_eq!(
            (value(&desk, partner, "tier"), value(&desk, partner, "region")),
            (tier.into(), region.into())
        );
    }
    desk.ok(&["edit", "--where", "tier=Gold", "--tier", "Silver", "--region", "EMEA"]);
    assert_eq!(value(&desk, "acme", "tier"), "silver");
    // What is so already is no change.
    assert!(desk.run(&["edit", "acme", "--tier", "SILVER"]).err.contains("Nothing changes"));
    desk.check();
}

#[test]
fn a_name_of_a_tier_stands_for_its_key() {
    let desk = Desk::new();
    let program = desk.ok(&["program", "show"]).replace("name = \"Gold\"", "name = \"Gold Partner\"");
    desk.ok(&["program", "apply", &desk.file("p.toml", program)]);
    desk.ok(&["add-partner", "Acme", "--tier", "gold partner"]);
    assert_eq!(value(&desk, "acme", "tier"), "gold");
}

#[test]
fn a_word_that_is_no_tier_or_choice_is_refused_with_the_nearest_and_the_list() {
    let desk = desk();
    desk.ok(&["add-partner", "Acme", "--tier", "silver"]);
    let near = "tier is `Glod`, expected one of `registered`, `silver` and `gold`; did you mean `gold`?";
    for words in [
        &["add-partner", "Beta", "--tier", "Glod"][..],
        &["add-partner", "Beta", "--set", "tier=Glod"],
        &["edit", "acme", "--tier", "Glod"],
        &["edit", "--where", "tier=silver", "--set", "tier=Glod"],
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains(near), "{err}");
    }
    let err = desk.fails(2, &["edit", "acme", "--tier", "Platinum"]);
    assert!(err.contains("`registered`, `silver` and `gold`") && !err.contains("did you mean"), "{err}");
    let err = desk.fails(2, &["edit", "acme", "--region", "EMAE"]);
    assert!(err.contains("did you mean `EMEA`?"), "{err}");
    let file = desk.file("p.csv", "name,tier\nBeta,Glod\nCora,gold\n");
    let err = desk.fails(6, &["import", "partners", &file]);
    assert!(err.contains("line 2") && err.contains(near), "{err}");
    desk.ok(&["watch", "acme", "--reason", "weak"]);
    let err = desk.fails(4, &["decide", "acme", "lower-tier", "--tier", "Glod", "--reason", "weak"]);
    assert!(err.contains(near), "{err}");
    desk.ok(&["decide", "acme", "lower-tier", "--tier", "Registered", "--reason", "weak"]);
    assert_eq!(value(&desk, "acme", "tier"), "registered");
    desk.check();
}

#[test]
fn values_from_before_the_program_had_them_stay_and_are_named() {
    let desk = Desk::new();
    let built_in = desk.ok(&["program", "show"]);
    let before = built_in.replace("key = \"gold\"", "key = \"platinum\"");
    desk.ok(&["program", "apply", &desk.file("before.toml", before)]);
    desk.ok(&["add-partner", "Acme", "--tier", "Platinum"]);
    desk.ok(&["add-partner", "Beta", "--tier", "silver"]);
    let note = "tier of 1 partner is not in the program: acme (`platinum`)";
    for words in [&["diff", "with.toml"][..], &["apply", "with.toml", "--dry-run"], &["apply", "with.toml"]] {
        desk.file("with.toml", &built_in);
        let said = desk.run(&[&["program"], words].concat());
        assert!(said.code == 0 && said.err.contains(note), "{}", said.err);
    }
    let said = desk.run(&["check"]);
    assert!(said.code == 0 && said.err.contains(note), "{}", said.err);
    // It is still found, and what else is changed of it does not need another tier.
    assert_eq!(
        desk.ok(&["list", "--where", "tier=Platinum", "--columns", "key", "--format", "csv"]),
        "key\nacme\n"
    );
    desk.ok(&["edit", "acme", "--owner", "ben"]);
    desk.ok(&["edit", "acme", "--tier", "Gold"]);
    assert!(!desk.run(&["check"]).err.contains("not in the program"));
}

#[test]
fn a_mistyped_value_in_a_condition_is_named_and_ends_no_script() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--tier", "gold", "--region", "EMEA"]);
    assert_eq!(
        desk.ok(&["list", "--where", "tier=GOLD", "--columns", "key", "--format", "csv"]),
        "key\nacme\n"
    );
    let out = desk.ok(&["list", "--where", "tier=glod"]);
    assert!(out.contains("No partner has tier `glod`; did you mean `gold`?"), "{out}");
    let out = desk.ok(&["report", "pipeline", "--where", "region!=EMAE"]);
    assert!(out.contains("No partner has region `EMAE`; did you mean `EMEA`?"), "{out}");
    let said = desk.run(&["edit", "--where", "region=EMAE", "--owner", "ben"]);
    assert!(said.err.contains("did you mean `EMEA`?"), "{}", said.err);
    let out = desk.ok(&["list", "--where", "tier=silver"]);
    assert!(!out.contains("did you mean"), "a tier that nobody has is no mistake: {out}");
}
