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
    let err = desk.fails(2, &["decide", "acme", "lower-tier", "--tier", "Glod", "--reason", "weak"]);
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
    for words in [
        &["diff", "with.toml"][..],
        &["apply", "with.toml", "--drop", "platinum", "--dry-run"],
        &["apply", "with.toml", "--drop", "platinum"],
    ] {
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

/// A program that lists neither types nor regions, as the built-in one was once.
fn unlisted(desk: &Desk) -> String {
    let program = desk.ok(&["program", "show"]);
    let list = program.find("[[field]]\nkey = \"type\"\n").expect("types are listed");
    let end = program[list..].find("\n\n").expect("an end") + list;
    format!("{}{}", &program[..list], &program[end..])
}

#[test]
fn types_are_checked_in_every_ready_program_and_on_every_way_in() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--type", "Reseller"]);
    assert_eq!(desk.json(&["show", "acme"])["type"], "reseller");
    for words in [
        &["add-partner", "Beta", "--type", "banana"][..],
        &["add-partner", "Beta", "--set", "type=banana"],
        &["edit", "acme", "--type", "banana"],
        &["edit", "--where", "type=reseller", "--type", "banana", "--yes"],
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains("type is `banana`, expected one of `reseller`"), "{words:?}: {err}");
        assert!(err.contains("`chanlife program apply mine.toml`"), "{words:?}: {err}");
    }
    let rows = desk.file("p.csv", "key,name,type\nb1,B1,MSP\nacme,Acme,banana\n");
    let err = desk.fails(6, &["import", "partners", &rows]);
    assert!(err.contains("line 3") && err.contains("type is `banana`"), "{err}");
    desk.ok(&["import", "partners", &rows, "--skip-errors"]);
    assert_eq!(desk.json(&["show", "b1"])["type"], "msp");
}

#[test]
fn a_region_that_no_list_checks_takes_the_spelling_in_use_and_says_so() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "One", "--region", "EMEA"]);
    let said = desk.run(&["add-partner", "Two", "--region", "Emea"]);
    assert_eq!(said.code, 0);
    let note = "note: region `Emea` is recorded as `EMEA`, the spelling in use";
    assert!(said.out.contains(note) || said.err.contains(note), "{}{}", said.out, said.err);
    desk.ok(&["add-partner", "Three", "--set", "region= emea "]);
    desk.ok(&["add-partner", "Four"]);
    let said = desk.run(&["edit", "four", "--region", "eMEA"]);
    assert!(
        said.out.contains("`EMEA`") || said.err.contains("recorded as `EMEA`"),
        "{}{}",
        said.out,
        said.err
    );
    let rows = "key,name,region\nr1,R1,emea\nr2,R2,Asia  Pacific\nr3,R3,asia pacific\ntwo,Two,EMEA\n";
    let said = desk.run(&["import", "partners", &desk.file("p.csv", rows)]);
    assert_eq!(said.code, 0, "{}", said.err);
    let told = format!("{}{}", said.out, said.err);
    assert!(
        told.contains("region: recorded in the spelling in use, `emea` as `EMEA`, `asia pacific` as `Asia  Pacific` (2 rows)"),
        "{told}"
    );
    let regions = desk.ok(&["list", "--columns", "key,region", "--format", "csv"]);
    for row in ["two,EMEA", "three,EMEA", "four,EMEA", "r1,EMEA", "r2,Asia  Pacific", "r3,Asia  Pacific"] {
        assert!(regions.contains(row), "{row}: {regions}");
    }
    // The spelling itself can be changed: for all that have it, or for the only one.
    desk.ok(&["edit", "--where", "region=EMEA", "--region", "Emea", "--yes"]);
    let regions = desk.ok(&["list", "--columns", "key,region", "--format", "csv"]);
    assert!(!regions.contains("EMEA") && regions.contains("one,Emea"), "{regions}");
    desk.check();
}

#[test]
fn a_program_without_a_list_of_types_says_which_of_its_own_are_unchecked_and_their_spelling_counts() {
    let desk = Desk::new();
    let from = "name = \"Kick-off held\"";
    let program = unlisted(&desk).replace(from, &format!("{from}\ntypes = [\"MSP\", \"reseler\"]"));
    let file = desk.file("p.toml", program);
    let said = desk.run(&["program", "check", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    let note = "note: the program lists no types, so that `MSP` and `reseler` are taken unchecked";
    assert!(said.err.contains(note) && said.err.contains("[[field]]"), "{}", said.err);
    desk.ok(&["program", "apply", &file]);
    desk.ok(&["add-partner", "Acme", "--type", "msp"]);
    assert_eq!(desk.json(&["show", "acme"])["type"], "MSP");
    desk.ok(&["add-partner", "Beta", "--type", "agency"]);
    assert_eq!(desk.json(&["show", "beta"])["type"], "agency");
    // The built-in program of today can be put in force over types that it does not list; they are named.
    let said = desk.run(&["program", "apply", "default"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("type of 1 partner is not in the program: beta (`agency`)"), "{}", said.err);
    assert_eq!(desk.json(&["show", "beta"])["type"], "agency");
    desk.ok(&["edit", "beta", "--owner", "ben"]);
    desk.check();
}

#[test]
fn a_region_that_is_new_beside_others_is_told_by_hand_and_once_by_file() {
    let desk = Desk::new();
    let told = |words: &[&str]| {
        let said = desk.run(words);
        assert_eq!(said.code, 0, "{}", said.err);
        format!("{}{}", said.out, said.err)
    };
    let first = told(&["add-partner", "One", "--region", "EMEA"]);
    assert!(!first.contains("a new region"), "nothing to differ from: {first}");
    let new = "note: a new region: Atlantis; in use: EMEA";
    assert!(told(&["add-partner", "Two", "--region", "Atlantis"]).contains(new));
    desk.ok(&["add-partner", "Three", "--region", "EMEA"]);
    let said = told(&["edit", "three", "--region", "APAC"]);
    assert!(said.contains("note: a new region: APAC; in use: ") && said.contains("Atlantis"), "{said}");
    assert!(!told(&["edit", "three", "--region", "emea"]).contains("a new region"));
    let rows = "key,name,region\nr1,R1,Moon\nr2,R2,moon\nr3,R3,EMEA\nr4,R4,Mars\n";
    let said = told(&["import", "partners", &desk.file("p.csv", rows)]);
    assert_eq!(said.matches("2 new values of region: Moon, Mars; in use: ").count(), 1, "{said}");
    // The regions of territories, which the built-in program has, are known.
    assert!(!told(&["add-partner", "Five", "--region", "DACH"]).contains("a new region"));
    assert_eq!(desk.json(&["show", "five"])["region"], "dach");
    desk.check();
}

#[test]
fn types_that_no_list_has_are_named_once_each_with_the_lines_that_list_them() {
    let desk = Desk::new();
    let mut rows = "key,name,type\n".to_owned();
    for at in 0..30 {
        let kind = if at % 3 == 0 { "boutique" } else { "van" };
        rows.push_str(&format!("k{at},K{at},{kind}\n"));
    }
    let file = desk.file("p.csv", rows);
    let err = desk.fails(6, &["import", "partners", &file]);
    assert!(
        err.contains("type: the program does not list `boutique` (10 rows) and `van` (20 rows)"),
        "{err}"
    );
    let options =
        err.split("write ").nth(1).and_then(|rest| rest.split(" in the [[field]]").next()).expect("the line");
    assert!(options.starts_with("options = [\"") && options.ends_with("\"boutique\", \"van\"]"), "{options}");
    // What is said works as it is said.
    let program = desk.ok(&["program", "show"]);
    let at = program.find("key = \"type\"").expect("types");
    let from = program[at..].find("options = [").expect("options") + at;
    let until = program[from..].find(']').expect("an end") + from + 1;
    let program = format!("{}{options}{}", &program[..from], &program[until..]);
    desk.ok(&["program", "apply", &desk.file("mine.toml", program)]);
    desk.ok(&["import", "partners", &file]);
    assert_eq!(desk.json(&["show", "k1"])["type"], "van");
    desk.check();
}
