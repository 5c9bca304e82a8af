//! Assessments as they are recorded: overrides, the same answers again, answers that would not be kept.

use crate::criteria::{HEAD, question};
use crate::support::Desk;

#[test]
fn an_override_holds_for_the_answers_that_it_was_made_on_and_from_its_own_day() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-07-01"]);
    desk.ok(&["assess", "acme", "--answer", "credit=fail", "--on", "2026-07-01"]);
    let over = |on: &str, reason: &str| {
        desk.ok(&["assess", "acme", "vendor-criteria", "--override", reason, "--on", on]);
    };
    over("2026-08-10", "key account");
    let verdict = |as_of: &str| {
        desk.json(&["list", "--as-of", as_of, "--columns", "verdict"])["rows"][0]["verdict"].clone()
    };
    assert_eq!(verdict("2026-08-09"), "decline");
    assert_eq!(verdict("2026-08-10"), "undecided", "the other side is open");
    // Evidence for the same answers leaves it as it is.
    desk.ok(&["assess", "acme", "--evidence", "credit=bank report", "--on", "2026-09-01"]);
    assert_eq!(verdict("2026-09-02"), "undecided");
    // Other answers are judged anew, and that is said.
    let said = desk.run(&["assess", "acme", "--answer", "segment-fit=core", "--on", "2026-10-01"]);
    assert!(said.err.contains("the override of 2026-08-10 no longer applies"), "{}", said.err);
    assert_eq!(verdict("2026-10-01"), "decline");
    let rows = desk.json(&["report", "overrides"])["rows"].clone();
    assert_eq!(rows[0]["in_force"], false);
    desk.check();
}

#[test]
fn an_override_said_to_be_earlier_is_refused_nothing_of_the_past() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-07-01"]);
    desk.ok(&["assess", "acme", "--answer", "credit=fail", "--on", "2026-07-01"]);
    desk.ok(&["assess", "acme", "vendor-criteria", "--override", "first", "--on", "2026-08-10"]);
    desk.run(&["assess", "acme", "vendor-criteria", "--override", "earlier", "--on", "2026-08-05"]);
    for as_of in ["2026-08-04", "2026-08-07", "2026-08-12"] {
        let listed =
            desk.json(&["list", "--as-of", as_of, "--columns", "verdict"])["rows"][0]["verdict"].clone();
        let shown = desk.json(&["show", "acme", "--as-of", as_of])["verdict"].clone();
        assert_eq!(listed, shown, "{as_of}");
    }
    desk.check();
}

#[test]
fn a_recurring_questionnaire_is_passed_anew_with_the_same_answers() {
    let desk = Desk::empty();
    let program = format!(
        "{}[[stage.milestone]]\nkey = \"review\"\nevery = \"quarter\"\nneeds = \"questionnaire:fit\"\n\n\
         [[questionnaire]]\nkey = \"fit\"\nstage = \"talks\"\nside = \"vendor\"\ntitle = \"Fit\"\n{}",
        HEAD,
        question("good", "type = \"yes-no\"\nweight = 1")
    );
    desk.ok(&["init", "--program", &desk.file("q.toml", program)]);
    desk.ok(&["add-partner", "Acme", "--on", "2026-07-01"]);
    let status =
        |as_of: &str| desk.json(&["show", "acme", "--as-of", as_of])["milestones"][0]["status"].clone();
    desk.ok(&["assess", "acme", "--answer", "good=yes", "--on", "2026-08-01"]);
    assert_eq!((status("2026-08-02"), status("2026-11-02")), ("passed".into(), "open".into()));
    desk.ok(&["assess", "acme", "--answer", "good=yes", "--on", "2026-11-01"]);
    assert_eq!(status("2026-11-02"), "passed");
    let again = desk.run(&["assess", "acme", "--answer", "good=yes", "--on", "2026-11-02"]);
    assert!(again.err.contains("as answered already"), "{}", again.err);
}

#[test]
fn what_would_not_be_kept_is_refused_and_not_dropped() {
    let desk = Desk::empty();
    let asked = question("share", "type = \"number\"\nask_if = \"good = no\"");
    let program = format!(
        "{}[[questionnaire]]\nkey = \"fit\"\nstage = \"talks\"\nside = \"vendor\"\ntitle = \"Fit\"\n{}{asked}",
        HEAD,
        question("good", "type = \"yes-no\"\nweight = 1\nevidence = \"a paper\"")
    );
    desk.ok(&["init", "--program", &desk.file("q.toml", program)]);
    desk.ok(&["add-partner", "Acme"]);
    let before = desk.picture();
    let err = desk.fails(4, &["assess", "acme", "--answer", "good=yes", "--answer", "share=5"]);
    assert!(err.contains("`share` is asked only if good = no"), "{err}");
    assert_eq!(desk.picture(), before);
    // Evidence for a question that is asked is kept, even if its answer is not known yet.
    desk.ok(&["assess", "acme", "--answer", "share=5", "--evidence", "good=paper 7"]);
    let answers = desk.json(&["show", "acme", "--assessments"])["answers"].clone();
    assert_eq!(answers[0]["evidence"], "paper 7", "{answers}");
}
