//! A list of partners that comes in each month: what it changes is named, and what people changed since stays.

use crate::partner_operations::desk;
use crate::support::{Desk, Said};

/// Imports these rows of partner, name, owner, region, and the name, address, role and opt-out of a contact.
fn import(desk: &Desk, rows: &str, more: &[&str]) -> Said {
    let head = "partner,name,owner,region,contact_name,contact_email,contact_role,contact_opt_out\n";
    let file = desk.file("crm.csv", format!("{head}{rows}\n"));
    let mut said = desk.run(&[&["import", "partners", &file], more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    said.err = said.err.replace("\n  ", " ");
    said
}

/// The remedy that an answer names, typed.
fn type_remedy(desk: &Desk, said: &str) {
    let command = said.split('`').find(|part| part.starts_with("chanlife edit")).expect("a command");
    let words = shell_words::split(command).expect("words");
    desk.ok(&words.iter().skip(1).map(String::as_str).collect::<Vec<&str>>());
}

#[test]
fn each_change_of_a_known_partner_is_named_in_a_dry_run_and_in_the_answer() {
    let desk = desk();
    import(&desk, "P7,Quell,ana,EMEA,Tom,tom@quell.example,,", &[]);
    let rows = "P7,Quell,ben,APAC,Tom,tom@quell.example,buyer,yes";
    let changes = [
        "owner of Quell from `ana` to `ben`",
        "region of Quell from `EMEA` to `APAC`",
        "contact of Quell from `Tom <tom@quell.example>` to `Tom <tom@quell.example>, buyer`",
        "tom@quell.example of Quell opted out of mail",
    ];
    let before = desk.picture();
    let dry = import(&desk, rows, &["-n"]).err;
    for one in changes {
        assert!(dry.contains(&format!("would change: {one}")), "{dry}");
    }
    assert_eq!(desk.picture(), before);
    let said = import(&desk, rows, &["--format", "json"]);
    for one in changes {
        assert!(said.err.contains(&format!("changed: {one}")), "{}", said.err);
    }
    let told: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let owner = &told["changes"][0];
    assert_eq!(
        (&owner["field"], &owner["from"], &owner["to"]),
        (&"owner".into(), &"ana".into(), &"ben".into())
    );
    assert!(!import(&desk, rows, &[]).err.contains("changed:"), "all is so already");
    desk.check();
}

#[test]
fn a_value_that_a_person_changed_since_stays_if_the_file_says_again_what_was_before() {
    let desk = desk();
    let rows = "P7,Quell,ana,EMEA,,,,";
    import(&desk, rows, &[]);
    desk.ok(&["edit", "quell", "--owner", "ben", "--region", "EMEA,APAC"]);
    let before = desk.picture();
    for _ in 0..2 {
        let said = import(&desk, rows, &[]).err;
        assert!(said.contains("line 2: Quell keeps owner `ben`, changed by hand"), "{said}");
        assert!(said.contains("the file still has `ana`") && said.contains("1 already recorded"), "{said}");
        assert_eq!(desk.picture(), before);
    }
    let said = import(&desk, "P7,Quell,zoe,EMEA,,,,", &[]).err;
    assert!(said.contains("owner of Quell from `ben` to `zoe`"), "a value that is new in the file: {said}");
    let said = import(&desk, rows, &[]).err;
    assert!(said.contains("owner of Quell from `zoe` to `ana`"), "the file took back its own: {said}");
    desk.ok(&["edit", "quell", "--unset", "owner"]);
    let said = import(&desk, rows, &[]).err;
    assert!(said.contains("Quell keeps no owner, as changed by hand"), "{said}");
    type_remedy(&desk, &said);
    assert_eq!(desk.json(&["show", "quell"])["owner"], "ana");
    assert!(!import(&desk, rows, &[]).err.contains("keeps"));
    desk.check();
}

#[test]
fn a_contact_who_was_removed_or_has_another_address_or_role_is_not_brought_back() {
    let desk = desk();
    let rows = "P7,Quell,ana,EMEA,Tom,info@quell.example,buyer,\nP8,Birch,ana,EMEA,Eva,eva@birch.example,,";
    import(&desk, rows, &[]);
    desk.ok(&["edit", "quell", "--contact", "info@quell.example=tom@quell.example"]);
    desk.ok(&["edit", "quell", "--contact", "Tom <tom@quell.example>, sales"]);
    desk.ok(&["edit", "birch", "--remove-contact", "eva@birch.example"]);
    let before = desk.picture();
    let said = import(&desk, rows, &[]).err;
    assert!(said.contains("Quell keeps contact Tom <tom@quell.example>, sales, changed by hand"), "{said}");
    assert!(said.contains("contact Eva <eva@birch.example> was removed from Birch on"), "{said}");
    assert_eq!(desk.picture(), before);
    type_remedy(&desk, said.split("Birch").last().unwrap_or_default());
    assert_eq!(desk.json(&["show", "birch"])["contacts"][0], "Eva <eva@birch.example>");
    assert!(!import(&desk, rows, &[]).err.contains("Birch"));
    // Somebody else has the former address of Tom by now.
    let said = import(&desk, "P7,Quell,,,Ann,info@quell.example,,", &[]).err;
    assert!(said.contains("contact `Ann <info@quell.example>` added to Quell"), "{said}");
    assert_eq!(desk.json(&["show", "quell"])["contacts"].as_array().map(Vec::len), Some(2));
    desk.check();
}

#[test]
fn who_opted_out_by_hand_is_not_mailed_again_because_a_file_says_no() {
    let desk = desk();
    let rows = |wish: &str| format!("P7,Quell,ana,EMEA,Tom,tom@quell.example,,{wish}");
    import(&desk, &rows("no"), &[]);
    desk.ok(&["edit", "quell", "--contact-opt-out", "tom"]);
    let said = import(&desk, &rows("no"), &[]).err;
    assert!(said.contains("tom@quell.example of Quell stays opted out of mail"), "{said}");
    assert_eq!(desk.json(&["show", "quell"])["opted_out"][0], "tom@quell.example");
    type_remedy(&desk, &said);
    assert_eq!(desk.json(&["show", "quell"])["opted_out"].as_array().map(Vec::len), Some(0));
    let said = import(&desk, &rows("yes"), &[]).err;
    assert!(said.contains("opted out of mail"), "the file never said so before: {said}");
    assert!(import(&desk, &rows("no"), &[]).err.contains("may be mailed again"), "and takes it back");
    desk.check();
}

#[test]
fn another_reason_of_leaving_in_a_list_of_partners_is_named_and_can_be_taken() {
    let desk = desk();
    let list = |why: &str| {
        let file = desk.file("l.csv", format!("name,stage,since,why\nQuell,withdrew,2026-11-02,{why}\n"));
        let said = desk.run(&["import", "partners", &file, "--observed-from", "2026-01-01"]);
        assert_eq!(said.code, 0, "{}", said.err);
        said.err.replace("\n  ", " ")
    };
    list("price");
    assert!(!list("price").contains("stays"));
    let said = list("no-demand");
    assert!(said.contains("line 2: Quell is recorded with the reason price, which stays"), "{said}");
    let command = said.split('`').find(|part| part.starts_with("chanlife correct")).expect("a command");
    desk.ok(&command.split(' ').skip(1).collect::<Vec<&str>>());
    assert!(!list("no-demand").contains("stays"));
}

#[test]
fn a_tier_review_says_how_to_record_what_it_shows_and_nothing_else() {
    let desk = desk();
    for (whom, words) in [
        (&["beta"][..], "`chanlife tier review beta --apply` records this change"),
        (
            &["--where", "owner!=ben"],
            "`chanlife tier review --where 'owner!=ben' --apply` records these changes",
        ),
        (&[], "`chanlife tier review --apply` records these changes as one action"),
    ] {
        let said = desk.ok(&[&["tier", "review"], whom].concat());
        assert!(said.contains(words), "{said}");
        let words: Vec<&str> = [&["tier", "review"], whom, &["--apply", "-n"]].concat();
        desk.ok(&words);
    }
}
