//! Why partners leave: reasons of the program, typed, imported, corrected, counted and looked for.

use serde_json::Value;

use crate::partner_operations::rows;
use crate::support::Desk;

fn with_partners(names: &[&str]) -> Desk {
    let desk = Desk::new();
    for name in names {
        desk.ok(&["add-partner", name, "--stage", "terms", "--on", "2026-05-01"]);
    }
    desk
}

fn why(desk: &Desk, more: &[&str]) -> Vec<(String, Value, Value)> {
    let listed = desk.json(&[&["list", "--columns", "key,left-as,why"], more].concat());
    let row = |row: &Value| {
        (row["key"].as_str().expect("a key").to_owned(), row["left_as"].clone(), row["why"].clone())
    };
    rows(&listed).iter().map(row).collect()
}

/// The reasons of a report, each with how many left in the window, how many before it, and how many were parked.
fn counted(desk: &Desk, more: &[&str]) -> Vec<(Value, Value, Value, Value)> {
    let report = desk.json(&[&["report", "flow"], more].concat());
    let reasons = report["reasons"].as_array().expect("reasons").iter();
    let one = |row: &Value| {
        (row["reason"].clone(), row["left"].clone(), row["left_before"].clone(), row["parked"].clone())
    };
    reasons.map(one).collect()
}

#[test]
fn partners_leave_for_reasons_of_the_program_which_are_counted_by_stage_and_against_the_days_before() {
    let desk = with_partners(&["Acme", "Beta", "Gamma", "Delta", "Eps"]);
    desk.ok(&["leave", "acme", "--as", "declined", "--why", "price", "--on", "2026-11-10"]);
    desk.ok(&[
        "leave",
        "beta",
        "--as",
        "withdrew",
        "--why",
        "margin or PRICE",
        "--reason",
        "5 points",
        "--on",
        "2026-08-01",
    ]);
    desk.ok(&["park", "gamma", "--why", "no-fit", "--until", "2027-01-10"]);
    desk.ok(&["leave", "delta", "--as", "declined", "--reason", "in own words only"]);
    assert_eq!(
        counted(&desk, &[]),
        [
            ("price".into(), 1.into(), 1.into(), 0.into()),
            ("no-fit".into(), 0.into(), 0.into(), 1.into()),
            (Value::Null, 1.into(), 0.into(), 0.into()),
        ]
    );
    let report = desk.json(&["report", "flow"]);
    assert_eq!(report["reasons_by_stage"][0]["stage"], "terms");
    assert_eq!(
        why(&desk, &["--where", "why=price"]),
        [
            ("acme".to_owned(), "declined".into(), "price".into()),
            ("beta".to_owned(), "withdrew".into(), "price".into())
        ]
    );
    assert_eq!(why(&desk, &["--where", "why=price", "--as-of", "2026-11-09"]).len(), 1);
    assert_eq!(why(&desk, &["--where", "why=", "--where", "stage=left"])[0].0, "delta");
    // A partner that comes back has no reason any more; what was counted stays.
    desk.ok(&["return", "acme"]);
    assert_eq!(why(&desk, &["--where", "why=price"]).len(), 1);
    assert_eq!(counted(&desk, &[])[0], ("price".into(), 1.into(), 1.into(), 0.into()));
    desk.check();
}

#[test]
fn a_reason_that_the_program_does_not_have_or_has_for_others_only_is_refused_with_those_that_fit() {
    let desk = with_partners(&["Acme"]);
    let before = desk.picture();
    for (words, code, said) in [
        (&["leave", "acme", "--as", "declined", "--why", "weather"][..], 2, "`no-fit`"),
        (&["leave", "acme", "--as", "declined", "--why", "prise"], 2, "did you mean `price`?"),
        (&["leave", "acme", "--as", "declined"], 2, "--why KEY, or --reason TEXT"),
        (&["park", "acme", "--why", "underperforming"], 4, "for `terminated` only, not for parked"),
        (&["list", "--where", "why=weather"], 2, "expected `price`"),
    ] {
        let err = desk.fails(code, words);
        assert!(err.contains(said), "{words:?}: {err}");
    }
    assert_eq!(desk.picture(), before);
    let bare = desk.file("bare.toml", "[program]\nname = \"A\"\ncurrency = \"EUR\"\n[[reason]]\nkey = \"a\"\nfor = \"gone\"\n[[stage]]\nkey = \"s\"\nsuccess = true\n");
    let err = desk.fails(6, &["program", "check", &bare]);
    assert!(err.contains("for is `gone`") && err.contains("\"parked\""), "{err}");
}

#[test]
fn the_reason_and_the_kind_of_a_leaving_can_be_corrected_and_undone() {
    let desk = with_partners(&["Acme", "Beta"]);
    desk.ok(&["leave", "acme", "--as", "declined", "--why", "price", "--on", "2026-11-10"]);
    let event = |kind: &str| {
        let log = desk.json(&["log", "acme"]);
        let found = rows(&log).into_iter().find(|row| row["kind"] == kind);
        found.expect("an event")["event"].to_string()
    };
    let left = event("left");
    let err = desk.fails(4, &["leave", "acme", "--as", "withdrew", "--why", "competitor"]);
    assert!(err.contains(&format!("chanlife correct {left} --as withdrew --why competitor")), "{err}");
    desk.ok(&["correct", &left, "--as", "withdrew", "--why", "competitor"]);
    let corrected = ("acme".to_owned(), "withdrew".into(), "competitor".into());
    assert_eq!(why(&desk, &["--where", "stage=left"]), [corrected]);
    assert_eq!(counted(&desk, &[])[0].0, "competitor");
    let err = desk.fails(4, &["correct", &left, "--as", "terminated"]);
    assert!(err.contains("`competitor` is for"), "a reason that does not fit the new kind: {err}");
    let err = desk.fails(4, &["correct", &event("entered"), "--why", "price"]);
    assert!(err.contains("no partner left"), "{err}");
    desk.check();
    desk.ok(&["undo"]);
    assert_eq!(
        why(&desk, &["--where", "stage=left"]),
        [("acme".to_owned(), "declined".into(), "price".into())]
    );
}

#[test]
fn imports_read_reasons_by_key_name_or_a_map_and_name_the_words_that_they_do_not_know() {
    let desk = Desk::new();
    let history = desk.file(
        "history.csv",
        "partner,stage,entered_on,LossReason,reason\nAcme,terms,2026-02-01,,\nAcme,declined,2026-03-01,Too expensive,\
         25 % below the rival\nBeta,terms,2026-02-01,no-fit,\nBeta,parked,2026-03-01,No demand from its customers,\n",
    );
    let import = ["import", "stages", &history, "--complete-history", "--map", "LossReason=why"];
    let err = desk.fails(6, &import);
    assert!(err.contains("--reason-map 'Too expensive=REASON'"), "{err}");
    let mapped = [&import[..], &["--reason-map", "too EXPENSIVE=price"]].concat();
    desk.ok(&mapped);
    assert_eq!(
        why(&desk, &[]),
        [
            ("acme".to_owned(), "declined".into(), "price".into()),
            ("beta".to_owned(), Value::Null, "no-demand".into())
        ],
        "a row that enters a stage has no reason"
    );
    let before = desk.picture();
    desk.ok(&mapped);
    assert_eq!(desk.picture(), before, "again, it is known");
    let partners = desk.file(
        "partners.csv",
        "name,stage,since,why\nGamma,withdrew,2026-04-01,acquired\nDelta,withdrew,2026-04-01,compliance\n",
    );
    let import = ["import", "partners", &partners, "--complete-history"];
    let err = desk.fails(6, &import);
    assert!(err.contains("`compliance` is for"), "{err}");
    desk.ok(&[&import[..], &["--skip-errors"]].concat());
    assert_eq!(why(&desk, &["--where", "why=acquired"])[0].0, "gamma");
    desk.check();
}

#[test]
fn a_field_named_why_from_before_there_were_reasons_stays_what_it_is_and_a_new_one_is_refused() {
    let desk = Desk::empty();
    let program = "[program]\nname = \"A\"\ncurrency = \"EUR\"\n[[field]]\nkey = \"why\"\ntype = \"text\"\n\
                   [[stage]]\nkey = \"s\"\nsuccess = true\n";
    let program = desk.file("own.toml", program);
    let err = desk.fails(6, &["program", "check", &program]);
    assert!(err.contains("`why` is a built-in attribute"), "{err}");
}

#[test]
fn own_words_of_a_leaving_can_be_corrected_and_a_reason_be_taken_away() {
    let desk = with_partners(&["Acme"]);
    desk.ok(&["leave", "acme", "--as", "withdrew", "--why", "price", "--reason", "5 pionts"]);
    let log = desk.json(&["log", "acme"]);
    let left = rows(&log).into_iter().find(|row| row["kind"] == "left").expect("a leaving");
    let left = left["event"].to_string();
    let said = desk.fails(2, &["correct", &left, "--reason", "a typing error"]);
    assert!(
        said.contains("--reason only says why it is corrected") && said.contains("--text TEXT"),
        "{said}"
    );
    desk.ok(&["correct", &left, "--text", "5 points", "--reason", "a typing error"]);
    let shown = desk.json(&["show", "acme"]);
    assert_eq!((&shown["reason"], &shown["why"]), (&"5 points".into(), &"price".into()));
    desk.ok(&["correct", &left, "--without", "why"]);
    let shown = desk.json(&["show", "acme"]);
    assert_eq!((&shown["reason"], &shown["why"]), (&"5 points".into(), &Value::Null));
    assert_eq!(why(&desk, &["--where", "why=price"]), []);
    assert!(desk.run(&["correct", &left, "--without", "why"]).err.contains("already says so"));
    desk.fails(2, &["correct", &left, "--without", "why", "--why", "price"]);
    desk.ok(&["correct", &left, "--why", "price", "--as", "terminated"]);
    assert!(desk.ok(&["log", "acme"]).contains("left as: terminated"));
    desk.ok(&["undo"]);
    desk.ok(&["undo"]);
    assert_eq!(desk.json(&["show", "acme"])["why"], "price");
    desk.check();
}

#[test]
fn reasons_are_found_by_their_names_and_follow_ups_and_signers_as_what_they_are() {
    let desk = with_partners(&["Acme", "Beta"]);
    desk.ok(&["park", "acme", "--why", "price", "--until", "2027-03-01"]);
    desk.ok(&["follow", "beta", "friday", "ring about the demo"]);
    for (word, kind, partner) in [("margin", "reason", "acme"), ("demo", "follow_up", "beta")] {
        let found = desk.json(&["list", word]);
        assert_eq!(
            (&found["found"][0]["partner"], &found["found"][0]["kind"]),
            (&partner.into(), &kind.into())
        );
    }
    assert!(desk.ok(&["list", "demo"]).contains("follow-up"));
    desk.ok(&["plan", "set", "beta", "--period", "2026", "--target", "100", "--agreed-by", "Ugo Nord"]);
    assert_eq!(desk.json(&["list", "nord"])["found"][0]["partner"], "beta");
}

#[test]
fn an_import_says_what_it_leaves_out_and_refuses_what_it_cannot_keep() {
    let desk = with_partners(&[]);
    let file = "name,stage,since,why,reason\nAcme,terms,2026-05-01,price,too dear\nBeta,terms,2026-05-01,,\n";
    let import = ["import", "partners", "--complete-history"];
    let said = desk.run(&[&import[..], &[&desk.file("p.csv", file)]].concat());
    assert!(said.err.contains("1 row enters a stage and has a reason, which is left out"), "{}", said.err);
    for (file, why) in [
        ("name,contact_opt_out\nNew,yes\n", "has a contact_opt_out without a name or an e-mail address"),
        ("name,contact_name,contact_phone\nNew,Ana,abc\n", "`abc` in contact_phone is not a phone number"),
    ] {
        let said = desk.fails(6, &["import", "partners", &desk.file("q.csv", file)]);
        assert!(said.contains(why), "{said}");
    }
    // Rejected rows of partners that left have a reason of their own, and can be imported again.
    let file = "name,stage,since,reason\nGone,withdrew,2026-06-01,sold\nLost,withdrewn,2026-06-01,dear\n";
    let words = [&import[..], &["--skip-errors", "--rejects", "r.csv"]].concat();
    desk.ok(&[&words[..], &[&desk.file("s.csv", file)]].concat());
    let rejects = std::fs::read_to_string(desk.folder().join("r.csv")).expect("the rejects");
    assert!(rejects.starts_with("name,stage,since,reason,line,error\nLost,"), "{rejects}");
    let mended = desk.file("t.csv", rejects.replace("withdrewn,", "withdrew,"));
    desk.ok(&[&import[..], &[&mended]].concat());
    assert_eq!(desk.json(&["show", "lost"])["reason"], "dear");
    desk.check();
}

#[test]
fn a_wrong_event_number_names_the_event_by_which_the_partner_left() {
    let desk = with_partners(&["Acme", "Beta", "Gamma"]);
    desk.ok(&["leave", "beta", "--as", "declined", "--why", "price", "--on", "2026-11-10"]);
    let log = desk.json(&["log", "beta"]);
    let event = |kind: &str| {
        let found = rows(&log).into_iter().find(|row| row["kind"] == kind);
        found.expect("an event")["event"].to_string()
    };
    let err = desk.fails(4, &["correct", &event("entered"), "--why", "no-fit"]);
    assert!(err.contains(&format!("`chanlife correct {} ...`", event("left"))), "{err}");
    let acme = desk.json(&["log", "acme"]);
    let entered = rows(&acme)[1]["event"].to_string();
    let err = desk.fails(4, &["correct", &entered, "--why", "no-fit"]);
    assert!(err.contains("chanlife log acme") && !err.contains("--kind left"), "{err}");
}

#[test]
fn a_missing_reason_is_asked_for_with_those_that_the_program_has() {
    let desk = with_partners(&["Acme"]);
    let err = desk.fails(2, &["leave", "acme", "--as", "declined"]);
    assert!(err.contains("KEY is one of") && err.contains("`price`"), "{err}");
    let bare = Desk::empty();
    let program = "[program]\nname = \"A\"\ncurrency = \"EUR\"\n[[stage]]\nkey = \"s\"\nsuccess = true\n";
    let program = bare.file("p.toml", program);
    bare.ok(&["init", "--program", &program]);
    bare.ok(&["add-partner", "Acme"]);
    let err = bare.fails(2, &["leave", "acme", "--as", "declined"]);
    assert!(err.contains("--reason TEXT") && !err.contains("--why"), "{err}");
}

#[test]
fn declined_is_said_not_to_fit_a_partner_that_signed() {
    let desk = with_partners(&["Acme", "Beta"]);
    for partner in ["acme", "beta"] {
        desk.ok(&["done", partner, "agreement-signed", "--evidence", "DocuSign 1", "--on", "2026-06-01"]);
    }
    let said = desk.run(&["leave", "acme", "--as", "declined", "--why", "price"]);
    assert!(said.err.contains("`agreement-signed` is done, so no off-boarding"), "{}", said.err);
    let said = desk.run(&["leave", "beta", "--as", "withdrew", "--why", "price"]);
    assert!(!said.err.contains("agreement-signed` is done"), "{}", said.err);
}
