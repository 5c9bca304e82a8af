//! People at partners: one address is one person, and what an answer says of who comes, goes and is mailed.

use serde_json::Value;

use crate::support::Desk;

/// A desk with Acme in readiness, which has Jane and Tom, both certified.
fn with_people() -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "readiness", "--on", "2026-01-10"]);
    for person in
        ["Jane Doe <jane@acme.example>, owner, +49 30 1234567", "Tom Lee <tom@acme.example>, presales"]
    {
        desk.ok(&["certify", "acme", "sales", person, "--on", "2026-02-01"]);
    }
    desk
}

fn people(desk: &Desk, partner: &str) -> Vec<Value> {
    desk.json(&["show", partner])["people"].as_array().cloned().unwrap_or_default()
}

/// The names and addresses of the contacts of a partner.
fn known(desk: &Desk, partner: &str) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    people(desk, partner).iter().map(|one| (word(&one["name"]), word(&one["email"]))).collect()
}

#[test]
fn nobody_takes_the_address_of_another_contact() {
    let desk = with_people();
    desk.ok(&["add-partner", "Beta", "--contact", "Bob <bob@beta.example>", "--on", "2026-01-10"]);
    let before = desk.picture();
    for words in [
        &["edit", "acme", "--contact", "jane@acme.example=tom@acme.example"][..],
        &["edit", "acme", "--contact", "jane=Jane Doe <TOM@acme.example>"],
        &["edit", "acme", "--contact", "jane=new@acme.example", "--contact", "tom=new@acme.example"],
        &["edit", "acme", "--contact", "jane=new@acme.example", "--contact", "Kim <new@acme.example>"],
        &["move-contact", "acme", "jane", "--to", "beta", "--as", "bob@beta.example"],
    ] {
        let said = desk.fails(4, words);
        assert!(said.contains("has another contact with that address"), "{said}");
        assert_eq!(desk.picture(), before, "{words:?}");
    }
    let said = desk.fails(4, &["edit", "acme", "--contact", "jane@acme.example=tom@acme.example"]);
    assert!(said.contains("Tom Lee <tom@acme.example>, presales"), "{said}");
    let hint = said.split('`').nth(1).expect("a hint").to_owned();
    desk.ok(&hint.split(' ').skip(1).collect::<Vec<&str>>());
    desk.ok(&["edit", "acme", "--contact", "jane@acme.example=tom@acme.example"]);
    assert_eq!(known(&desk, "acme"), [("Jane Doe".to_owned(), "tom@acme.example".to_owned())]);
    // Who has another name under the same address is named.
    let said = desk.run(&["edit", "acme", "--contact", "Jane Smith <tom@acme.example>"]).err;
    assert!(said.contains("contact Jane Doe is now Jane Smith <tom@acme.example>, owner, +49 30"), "{said}");
    desk.check();
}

#[test]
fn an_address_in_another_case_is_the_same_person_everywhere() {
    let desk = with_people();
    let before = known(&desk, "acme");
    desk.ok(&["edit", "acme", "--contact", "Tom Lee <TOM@Acme.example>, buyer"]);
    desk.ok(&["certify", "acme", "technical", "Tom Lee <Tom@acme.example>"]);
    let file = "name,partner,contact_name,contact_email\nAcme,acme,Tom Lee,tOm@acme.example\n";
    desk.ok(&["import", "partners", &desk.file("p.csv", file)]);
    assert_eq!(known(&desk, "acme"), before);
    assert_eq!(people(&desk, "acme")[1]["roles"][0], "buyer");
    assert_eq!(people(&desk, "acme")[1]["certified"].as_array().map(Vec::len), Some(2));
    let twice = ["add-partner", "Beta", "--contact", "A <a@x.example>", "--contact", "B <A@x.example>"];
    assert!(desk.fails(2, &twice).contains("`A@x.example` is given twice"));
    desk.ok(&["edit", "acme", "--remove-contact", "TOM@acme.example"]);
    assert_eq!(known(&desk, "acme").len(), 1);
    desk.check();
}

#[test]
fn who_is_given_by_address_only_is_mailed_and_who_has_none_is_named() {
    let desk = with_people();
    desk.ok(&["edit", "acme", "--contact", "info@acme.example", "--contact", "Rosa"]);
    let info = &people(&desk, "acme")[2];
    assert_eq!((&info["name"], &info["email"]), (&"info@acme.example".into(), &"info@acme.example".into()));
    let body = desk.file("body.txt", "Hello");
    let said =
        desk.run(&["announce", "news", "acme", "--subject", "News", "--body", &body, "--merge", "m.csv"]);
    assert!(said.err.contains("left out, no e-mail address: Rosa of Acme"), "{}", said.err);
    let mails = std::fs::read_to_string(desk.folder().join("m.csv")).expect("a file");
    assert!(mails.contains("info@acme.example"), "{mails}");
    // An address alone takes nothing from who is known by it, and what is no address is none.
    desk.ok(&["edit", "acme", "--contact", "jane@acme.example, boss"]);
    assert_eq!(people(&desk, "acme")[0]["name"], "Jane Doe");
    for typed in ["jane@acme.example=not an address", "info@@acme.example", "x@y@z"] {
        let said = desk.fails(2, &["edit", "acme", "--contact", typed]);
        assert!(said.contains("e-mail address"), "{said}");
    }
    desk.check();
}

#[test]
fn who_opted_out_of_mail_may_be_called_and_is_said_to_stay_so() {
    let desk = with_people();
    desk.ok(&["edit", "acme", "--contact-opt-out", "jane", "--contact-opt-out", "tom"]);
    let said = desk.run(&["announce", "n1", "acme", "--told-by", "call"]).err;
    assert!(said.contains("Recorded Acme (2 contacts)") && !said.contains("left out"), "{said}");
    let said = desk.run(&["announce", "n2", "acme", "--told-by", "newsletter"]).err;
    assert!(said.contains("left out, opted out of mail: Jane Doe"), "{said}");
    let body = desk.file("body.txt", "Hello");
    let mail = ["--subject", "S", "--body", &body, "--messages", "out", "--sender", "A <a@b.example>"];
    let said = desk.run(&[&["announce", "n3", "acme"][..], &mail].concat()).err;
    assert!(said.contains("all its contacts opted out") && !said.contains("send them"), "{said}");
    desk.ok(&["edit", "acme", "--remove-contact", "jane@acme.example"]);
    let shown = desk.ok(&["show", "acme"]);
    assert!(shown.contains("Opted out of mail  tom@acme.example\n"), "she is no contact any more: {shown}");
    let said = desk.run(&["edit", "acme", "--contact", "Jane Doe <jane@acme.example>"]).err;
    assert!(said.contains("contact Jane Doe recorded, still opted out of mail"), "{said}");
    desk.check();
}

#[test]
fn who_goes_says_which_milestones_are_open_again() {
    let desk = with_people();
    desk.ok(&["add-partner", "Beta", "--on", "2026-01-10"]);
    for words in [
        &["edit", "acme", "--remove-contact", "tom@acme.example"][..],
        &["move-contact", "acme", "tom", "--to", "beta"],
    ] {
        let said = desk.run(words).err;
        assert!(said.contains("; `sales-trained` is open again; certified for sales now: 1 of 2"), "{said}");
        desk.ok(&["undo"]);
    }
    let said = desk.run(&["edit", "acme", "--contact", "tom=tom@new.example"]).err;
    assert!(!said.contains("open again"), "{said}");
    desk.check();
}

#[test]
fn a_milestone_of_a_stage_that_is_passed_stays_done_when_a_person_goes() {
    let desk = with_people();
    let trained = |as_of: &str| {
        let shown = desk.json(&["show", "acme", "--as-of", as_of]);
        let all = shown["milestones"].as_array().cloned().unwrap_or_default();
        let found = all.iter().find(|one| one["milestone"] == "sales-trained").cloned();
        found.map(|one| (one["status"].clone(), one["date"].clone()))
    };
    desk.ok(&["advance", "acme", "--to", "launch", "--override", "in a hurry", "--on", "2026-03-01"]);
    desk.ok(&["certify", "acme", "sales", "Kim <kim@acme.example>", "--on", "2026-04-01"]);
    let before = trained("2026-11-23");
    let said = desk.run(&["edit", "acme", "--remove-contact", "jane@acme.example", "--on", "2026-05-01"]).err;
    assert!(!said.contains("open again") && !said.contains("certified for sales now"), "{said}");
    let said = desk.run(&["edit", "acme", "--remove-contact", "tom@acme.example", "--on", "2026-05-02"]).err;
    assert!(
        !said.contains("open again") && said.contains("; certified for sales now: 1 of 2 people"),
        "{said}"
    );
    assert_eq!(trained("2026-11-23"), before);
    // What is in readiness again is to hold again.
    desk.ok(&["back", "acme", "--to", "readiness", "--reason", "to train anew", "--on", "2026-06-01"]);
    assert_ne!(trained("2026-11-23"), before);
    desk.check();
}

#[test]
fn contacts_stand_one_a_line_and_a_partner_without_says_so() {
    let desk = with_people();
    let shown = desk.ok(&["show", "acme"]);
    assert!(
        shown.contains("Contacts       Jane Doe <jane@acme.example>, owner, +49 30 1234567\n"),
        "{shown}"
    );
    assert!(shown.contains("\n               Tom Lee <tom@acme.example>, presales\n"), "{shown}");
    desk.ok(&["add-partner", "Beta"]);
    for words in [&["edit", "beta", "--remove-contact", "x"][..], &["certify", "beta", "sales", "x"]] {
        assert!(desk.fails(4, words).contains("it has no contacts"));
    }
}

#[test]
fn refusals_of_many_partners_name_each() {
    let desk = with_people();
    for name in ["Beta", "Gamma"] {
        desk.ok(&["add-partner", name, "--on", "2026-01-10"]);
    }
    let words = ["announce", "answered", "news", "--where", "stage=recruitment,readiness", "--yes"];
    let said = desk.fails(4, &words);
    let program = desk.ok(&["program", "show"]);
    let program = format!("{program}\n[[reason]]\nkey = \"weak\"\nname = \"Weak\"\nfor = [\"terminated\"]\n");
    desk.ok(&["program", "apply", &desk.file("p.toml", program)]);
    let leave =
        ["leave", "--where", "stage=recruitment", "--as", "withdrew", "--why", "weak", "--reason", "x"];
    let left = desk.fails(4, &[&leave[..], &["--yes"]].concat());
    for (said, names) in [(said, &["Acme", "Beta", "Gamma"][..]), (left, &["Beta", "Gamma"])] {
        assert!(names.iter().all(|name| said.contains(name)), "{said}");
    }
}

#[test]
fn hints_name_what_does_it() {
    let desk = Desk::new();
    for (words, hints) in [
        (&["plan", "postpone", "acme", "3"][..], &["chanlife due PARTNER NUMBER DATE"][..]),
        (&["move", "acme"], &["chanlife advance", "chanlife due", "chanlife move-contact"]),
        (&["task", "acme"], &["chanlife follow PARTNER DATE TEXT", "chanlife plan action"]),
        (&["drop", "acme"], &["chanlife leave", "chanlife follow PARTNER --drop NUMBER"]),
        (&["fund", "drop", "3"], &["chanlife fund --help"]),
    ] {
        let said = desk.fails(2, words);
        assert!(hints.iter().all(|hint| said.contains(hint)), "{said}");
    }
    let said = desk.fails(2, &["list", "--where", "sells has foo"]);
    assert!(!said.contains("in quotes"), "{said}");
    let said = desk.fails(2, &["list", "--where", "region contains EMEA"]);
    assert!(said.contains("for example 'region=EMEA'") && !said.contains("days>30"), "{said}");
    desk.ok(&["add-partner", "W \"quoted\" 5, Ltd", "--key", "w", "--region", "EMEA"]);
    for condition in ["region HAS EMEA", "region hasany EMEA,APAC", "region Has-Any EMEA"] {
        assert!(desk.ok(&["list", "--where", condition]).contains('w'), "{condition}");
    }
    let said = desk.ok(&["list", "--where", "name=W \"quoted\" 5, Ltd"]);
    let typed = said.split("--where '").nth(1).and_then(|rest| rest.split('\'').next()).expect("a hint");
    let rows = desk.json(&["list", "--where", &typed.replace('\n', " ")])["rows"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{said}");
}

#[test]
fn an_action_of_a_plan_can_be_dropped() {
    let desk = with_people();
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--target", "1000"]);
    desk.ok(&["plan", "action", "acme", "Webinar", "--due", "2026-12-01"]);
    let number = desk.json(&["plan", "show", "acme"])["actions"][0]["action"].to_string();
    let none = desk.fails(4, &["plan", "drop", "acme", "99"]);
    assert!(none.contains("open action items:") && !none.contains("chanlife follow"), "{none}");
    desk.ok(&["plan", "drop", "acme", &number, "--reason", "no budget"]);
    assert_eq!(desk.json(&["plan", "show", "acme"])["actions"][0]["status"], "dropped");
    desk.ok(&["undo"]);
    assert_eq!(desk.json(&["plan", "show", "acme"])["actions"][0]["status"], "open");
    desk.check();
}

#[test]
fn a_move_that_does_not_fit_on_its_corrected_day_says_so_of_itself() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-10-01"]);
    desk.ok(&["park", "acme", "--until", "2027-03-01", "--reason", "x", "--on", "2026-10-05"]);
    desk.ok(&["resume", "acme", "--on", "2026-10-10"]);
    let log = desk.json(&["log", "acme"]);
    let events = log["rows"].as_array().expect("events");
    let resumed = events.last().expect("an event")["event"].to_string();
    let said = desk.fails(4, &["correct", &resumed, "--on", "2026-10-03"]);
    assert!(!said.contains(&format!("chanlife correct {resumed}")), "{said}");
    assert!(said.contains(&format!("event {resumed}")), "{said}");
}

#[test]
fn a_person_typed_in_later_has_what_was_passed_and_wished_before() {
    let desk = with_people();
    desk.ok(&["add-partner", "Beta", "--on", "2026-01-10"]);
    desk.ok(&["edit", "acme", "--contact", "Kim <kim@acme.example>"]);
    let said = desk.run(&["certify", "acme", "technical", "kim", "--on", "2026-10-20"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let before = desk.json(&["list", "--columns", "key,certified", "--as-of", "2026-10-21"]);
    assert_eq!(before["rows"][0]["certified"].as_array().map(Vec::len), Some(2));
    desk.ok(&["edit", "acme", "--contact-opt-out", "kim", "--on", "2026-10-20"]);
    for words in [
        &["edit", "acme", "--contact", "kim=k@acme.example", "--on", "2026-10-20"][..],
        &["move-contact", "acme", "kim", "--to", "beta", "--on", "2026-10-20"],
    ] {
        let said = desk.fails(4, words);
        assert!(said.contains("Kim was no contact of Acme yet on 2026-10-20"), "{said}");
    }
    let log = desk.json(&["log", "acme"]);
    let rows = log["rows"].as_array().expect("events");
    let certified = rows.iter().find(|row| row["kind"] == "certified").expect("one")["event"].to_string();
    let said = desk.fails(4, &["correct", &certified, "--on", "2025-01-05"]);
    assert!(said.contains("chanlife certify acme sales jane@acme.example --on 2025-01-05"), "{said}");
    let over = desk.fails(4, &["certify", "beta", "sales", "A <a@b.example>", "--on", "2020-01-01"]);
    assert!(over.contains("ended on 2021-12-30, before 2026-01-10, the first day"), "{over}");
    desk.check();
}

#[test]
fn who_moves_is_named_with_both_partners() {
    let desk = with_people();
    desk.ok(&["add-partner", "Beta", "--on", "2026-01-10"]);
    desk.ok(&["edit", "acme", "--contact-opt-out", "jane"]);
    let said = desk.run(&["move-contact", "acme", "jane", "--to", "beta", "--as", "jane@beta.example"]).err;
    assert!(said.contains("Moved Jane Doe from Acme to Beta, with the certificate for sales"), "{said}");
    assert!(
        said.contains("Jane Doe <jane@beta.example>, owner, +49 30 1234567 is a contact of Beta"),
        "{said}"
    );
    assert!(said.contains("still opted out of mail"), "{said}");
}

#[test]
fn several_values_say_what_came_what_went_and_what_is_so_now() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--region", "EMEA,LATAM"]);
    let said = desk.run(&["edit", "acme", "--add", "region=APAC"]).err;
    assert!(said.contains("Changed Acme: region APAC added; now EMEA, LATAM, APAC"), "{said}");
    let said = desk.run(&["edit", "acme", "--remove", "region=EMEA"]).err;
    assert!(said.contains("Changed Acme: region EMEA removed; now LATAM, APAC"), "{said}");
    let said = desk.run(&["edit", "acme", "--region", "APAC,LATAM"]).err;
    assert!(said.contains("region in another order; now APAC, LATAM"), "{said}");
    let said = desk.run(&["edit", "acme", "--region", "NA"]).err;
    assert!(said.contains("region NA added, region APAC and LATAM removed; now NA"), "{said}");
    let said = desk.run(&["edit", "acme", "--region", "EMEA"]).err;
    assert!(said.contains("region from `NA` to `EMEA`"), "{said}");
}

/// Who is mailed if something is announced to all.
fn mailed(desk: &Desk, key: &str) -> String {
    let body = desk.file("body.txt", "Hello");
    desk.ok(&[
        "announce",
        key,
        "--where",
        "key!=",
        "--subject",
        "S",
        "--body",
        &body,
        "--merge",
        "m.csv",
        "--force",
        "-y",
    ]);
    std::fs::read_to_string(desk.folder().join("m.csv")).expect("a file")
}

#[test]
fn a_wish_not_to_be_mailed_that_is_imported_is_of_the_person_who_is_known() {
    let desk = with_people();
    let import = |rows: &str| {
        let file = format!("partner,contact_name,contact_email,contact_opt_out\n{rows}\n");
        desk.run(&["import", "partners", &desk.file("p.csv", file)])
    };
    assert_eq!(import("acme,Tom Lee,,yes").code, 0);
    assert_eq!(known(&desk, "acme").len(), 2, "the same person by name");
    assert!(!mailed(&desk, "n1").contains("tom@acme.example"));
    assert_eq!(import("acme,,TOM@acme.example,no").code, 0);
    assert!(mailed(&desk, "n2").contains("tom@acme.example"));
    assert_eq!(import("acme,,JANE@acme.example,yes").code, 0);
    assert!(desk.ok(&["show", "acme"]).contains("Opted out of mail  jane@acme.example\n"));
    // The same file again, when she has another address.
    desk.ok(&["edit", "acme", "--contact", "jane@acme.example=j2@acme.example"]);
    assert_eq!(import("acme,,JANE@acme.example,yes").code, 0);
    assert_eq!(known(&desk, "acme").len(), 2);
    // A name that two have says nothing of either.
    desk.ok(&["edit", "acme", "--contact", "Tom Lee <other@acme.example>"]);
    let said = import("acme,Tom Lee,,yes");
    assert!(said.code == 6 && said.err.contains("give contact_email"), "{said:?}");
    let both =
        ["edit", "acme", "--contact-opt-out", "j2@acme.example", "--contact-opt-in", "j2@acme.example"];
    assert!(desk.fails(2, &both).contains("give one of the two"));
    desk.check();
}

#[test]
fn who_opted_out_at_another_partner_is_said_to_be_left_out_until_that_is_taken_back() {
    let desk = with_people();
    desk.ok(&["add-partner", "Beta", "--contact", "Tom <tom@acme.example>", "--on", "2026-01-10"]);
    desk.ok(&["edit", "acme", "--contact-opt-out", "tom"]);
    let body = desk.file("body.txt", "Hello");
    let said = desk.run(&["announce", "n1", "beta", "--subject", "S", "--body", &body, "--merge", "m.csv"]);
    assert!(said.err.contains("(opted out at `acme`)"), "{}", said.err);
    let said = desk.run(&["edit", "beta", "--contact-opt-in", "tom"]);
    assert!(said.err.contains("`chanlife edit acme --contact-opt-in tom@acme.example`"), "{}", said.err);
    desk.ok(&["edit", "acme", "--contact-opt-in", "tom@acme.example"]);
    assert!(mailed(&desk, "n2").contains("tom@acme.example"));
}

#[test]
fn whoever_is_gone_is_certified_no_longer_whatever_the_order_in_which_that_is_recorded() {
    let desk = with_people();
    let before = desk.picture();
    let gone = ["edit", "acme", "--remove-contact", "tom@acme.example", "--on", "2026-01-20"];
    let said = desk.fails(4, &gone);
    assert!(
        said.contains("certified for `sales` on 2026-02-01") && said.contains("--on 2026-02-01"),
        "{said}"
    );
    assert_eq!(desk.picture(), before);
    let certified = |desk: &Desk| {
        let listed = desk.json(&["show", "acme"]);
        listed["people"].as_array().map_or(0, Vec::len)
    };
    desk.ok(&["edit", "acme", "--remove-contact", "tom@acme.example", "--on", "2026-02-05"]);
    assert_eq!(certified(&desk), 1);
    // Who is gone by now is not known otherwise from an earlier day on.
    let said = desk.fails(4, &["edit", "acme", "--contact", "tom=t2@acme.example", "--on", "2026-02-03"]);
    assert!(said.contains("Tom Lee is no contact of Acme since a later day"), "{said}");
    // The certificate of who has a new address since an earlier day goes along.
    desk.ok(&["certify", "acme", "technical", "jane", "--on", "2026-03-01"]);
    desk.ok(&["edit", "acme", "--contact", "jane=j2@acme.example", "--on", "2026-02-20"]);
    assert_eq!(people(&desk, "acme")[0]["certified"].as_array().map(Vec::len), Some(2));
    desk.check();
}

#[test]
fn the_name_of_a_contact_loses_its_quotation_marks_and_an_address_is_never_a_role() {
    let desk = with_people();
    desk.ok(&["edit", "acme", "--contact", "\"Ruiz, Ana\" <ana@acme.example>, sales, sales, SALES"]);
    let ana = &people(&desk, "acme")[2];
    assert_eq!((&ana["name"], &ana["roles"]), (&"Ruiz, Ana".into(), &serde_json::json!(["sales"])));
    let said = desk.fails(2, &["edit", "acme", "--contact", "Zed, zed@acme.example"]);
    assert!(said.contains("`Zed <zed@acme.example>`"), "{said}");
    desk.ok(&["edit", "acme", "--remove-contact", "Ruiz, Ana"]);
    assert_eq!(known(&desk, "acme").len(), 2);
}

#[test]
fn the_log_and_undo_say_where_a_person_was_moved() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Fox", "--contact", "Fi <fi@fox.example>"]);
    desk.ok(&["add-partner", "Golf"]);
    desk.ok(&["move-contact", "fox", "fi", "--to", "golf"]);
    assert!(desk.ok(&["log"]).contains("Moved Fi from Fox to Golf"));
    let said = desk.run(&["undo"]).err;
    assert!(said.contains("Moved Fi from Fox to Golf"), "{said}");
    desk.check();
}
