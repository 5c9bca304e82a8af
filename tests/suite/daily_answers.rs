//! What answers say of daily work: who keeps what, which step may be meant otherwise, how to begin.

use crate::partner_operations::desk;
use crate::support::Desk;

/// Runs, expects success, and returns what is said about what was done, in one line.
fn said(desk: &Desk, words: &[&str]) -> String {
    let said = desk.run(words);
    assert_eq!(said.code, 0, "{words:?}: {}", said.err);
    said.err.replace("\n  ", " ")
}

#[test]
fn who_hands_a_partner_over_is_told_which_open_questions_stay_with_the_owner_before() {
    let desk = desk();
    desk.ok(&["edit", "acme", "--owner", "ana"]);
    for question in ["Which margin?", "Which region?"] {
        desk.ok(&["ask", "acme", question]);
    }
    desk.ok(&["ask", "acme", "Which logo?", "--owner", "zoe"]);
    let handed = said(&desk, &["edit", "acme", "--owner", "ben"]);
    assert!(handed.contains("2 open questions stay with ana: "), "{handed}");
    assert!(handed.contains("`Which margin?`") && !handed.contains("Which logo?"), "{handed}");
    let lists = "`chanlife questions --owner ana`";
    assert!(handed.contains(lists), "{handed}");
    assert!(desk.ok(&["questions", "--owner", "ana"]).contains("Which region?"));
    assert!(!said(&desk, &["edit", "beta", "--owner", "ben"]).contains("stay"));
}

#[test]
fn a_partner_beyond_the_stage_of_its_agreement_is_not_declined_without_a_word() {
    let desk = desk();
    let left = said(&desk, &["leave", "acme", "--as", "declined", "--why", "price"]);
    assert!(
        left.contains("past the stage of `agreement-signed`") && left.contains("no off-boarding"),
        "{left}"
    );
    let left = said(&desk, &["leave", "gamma", "--as", "declined", "--why", "price"]);
    assert!(!left.contains("past the stage"), "it was in the stage itself: {left}");
    let left = said(&desk, &["leave", "beta", "--as", "terminated", "--why", "compliance"]);
    assert!(!left.contains("past the stage"), "{left}");
}

#[test]
fn a_second_contact_of_one_name_is_said_and_can_be_made_a_new_address() {
    let desk = desk();
    let known = || desk.json(&["show", "acme"])["contacts"].as_array().map(Vec::len);
    let added = said(&desk, &["edit", "acme", "--contact", "Acme Doe <new@acme.example>"]);
    assert!(added.contains("Acme has another contact called Acme Doe, doe@acme.example"), "{added}");
    assert_eq!(known(), Some(2));
    desk.ok(&["undo"]);
    let change = added.split('`').find(|part| part.contains("--contact")).expect("a command");
    let words = shell_words::split(change).expect("words");
    desk.ok(&words.iter().skip(1).map(String::as_str).collect::<Vec<&str>>());
    assert_eq!(known(), Some(1));
    let other = said(&desk, &["edit", "acme", "--contact", "Ann Lee <ann@acme.example>"]);
    assert!(!other.contains("another contact"), "{other}");
}

#[test]
fn whoever_creates_a_database_learns_how_to_bring_partners_in() {
    let desk = Desk::new();
    let other = desk.folder().join("other.db").display().to_string();
    let made = said(&desk, &["init", "--db", &other]);
    assert!(
        made.contains("`chanlife import partners FILE.csv") && made.contains("help program-file"),
        "{made}"
    );
}
