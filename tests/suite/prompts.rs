//! Questions, through a real pseudo-terminal: what is on the screen, and what is left behind.

use std::thread;
use std::time::Duration;

use crate::support::Desk;
use crate::terminal::Terminal;

const ENTER: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const UP: &str = "\u{1b}[A";
const ESCAPE: &str = "\u{1b}";
const CONTROL_C: &str = "\u{3}";

/// Answers everything that `add-partner` asks, for a partner of this name.
fn fill_in(terminal: &mut Terminal, name: &str) {
    terminal
        .answer("Name of the partner", &format!("{name}{ENTER}"))
        .answer("Type", &format!("{DOWN}{ENTER}"))
        .answer("Tier", ENTER)
        .answer("Region (empty for none)", &format!("EMEA{ENTER}"))
        .answer("Owner (- for none) (ana)", ENTER)
        .answer("Contact, such as", &format!("Rosa Keller <rosa@acme.example>{ENTER}"))
        .answer("Current stage", &format!("{DOWN}{ENTER}"))
        .answer("In this stage since", ENTER);
}

#[test]
fn add_partner_asks_for_everything_that_was_not_given() {
    let desk = Desk::new();
    let mut terminal = Terminal::open(&desk, 100, &["add-partner"]);
    fill_in(&mut terminal, "Acme GmbH");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Added Acme GmbH as `acme-gmbh` in Terms"), "{shown}");
    let partner = desk.json(&["show", "acme"]);
    assert_eq!(partner["owner"], "ana", "the actor is the owner that is offered");
    assert_eq!(partner["contacts"][0], "Rosa Keller <rosa@acme.example>");
}

#[test]
fn the_same_answers_by_questions_and_by_options_give_the_same_events() {
    let (asked, given) = (Desk::new(), Desk::new());
    let mut terminal = Terminal::open(&asked, 100, &["add-partner"]);
    fill_in(&mut terminal, "Acme GmbH");
    assert_eq!(terminal.end().0, 0);
    given.ok(&[
        "add-partner",
        "Acme GmbH",
        "--type",
        "reseller",
        "--region",
        "EMEA",
        "--owner",
        "ana",
        "--contact",
        "Rosa Keller <rosa@acme.example>",
        "--stage",
        "terms",
        "--since",
        "today",
    ]);
    let bodies = |desk: &Desk| {
        let connection = rusqlite::Connection::open(desk.db()).expect("open");
        let mut statement =
            connection.prepare("select day, kind, body from event order by number").expect("sql");
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect::<Vec<_>>()
    };
    assert_eq!(bodies(&asked), bodies(&given));
}

#[test]
fn an_answer_that_will_not_do_is_asked_again_and_typed_anew() {
    let desk = Desk::new();
    let mut terminal = Terminal::open(
        &desk,
        100,
        &["add-partner", "--type", "msp", "--tier", "gold", "--region", "y", "--owner", "z"],
    );
    terminal.answer("Name of the partner", ENTER);
    terminal.expect("the name is empty");
    assert!(!terminal.shown().contains('✔'), "no answer was taken yet: {}", terminal.shown());
    terminal.press(&format!("Acme{ENTER}"));
    terminal.answer("Contact, such as", &format!("Rosa <rosa{ENTER}"));
    terminal.expect("✘ `<` is not closed");
    terminal.press(&format!("Rosa <rosa@acme.example>{ENTER}"));
    terminal.answer("Current stage", ENTER);
    terminal.answer("In this stage since", &format!("5/1/2026{ENTER}"));
    terminal.expect("`5/1/2026` is not a date");
    assert!(!terminal.shown().contains("--since"), "no option was typed: {}", terminal.shown());
    terminal.press(&format!("unknown{ENTER}"));
    assert_eq!(terminal.end().0, 0);
    let partner = desk.json(&["show", "acme"]);
    assert_eq!(partner["contacts"][0], "Rosa <rosa@acme.example>");
    assert_eq!(partner["since"], serde_json::Value::Null);
}

#[test]
fn what_is_typed_replaces_what_enter_alone_would_take() {
    for (owner, recorded) in [("ben", Some("ben")), ("-", None)] {
        let desk = Desk::new();
        let mut terminal =
            Terminal::open(&desk, 100, &["add-partner", "--type", "msp", "--tier", "gold", "--region", "y"]);
        terminal.answer("Name of the partner", &format!("Beta{ENTER}"));
        terminal.answer("Owner (- for none) (ana)", &format!("{owner}{ENTER}"));
        terminal.answer("Contact, such as", ENTER);
        terminal.answer("Current stage", ENTER);
        terminal.answer("In this stage since (a date or unknown) (today)", &format!("2026-10-31{ENTER}"));
        assert_eq!(terminal.end().0, 0);
        let partner = desk.json(&["show", "beta"]);
        assert_eq!(partner["owner"].as_str(), recorded);
        assert_eq!(partner["since"], "2026-10-31");
    }
}

#[test]
fn interrupting_a_question_records_nothing_and_leaves_the_terminal_as_it_was() {
    for columns in [100, 40] {
        let desk = Desk::new();
        let before = desk.picture();
        let mut terminal =
            Terminal::open(&desk, columns, &["add-partner", "--type", "msp", "--tier", "gold"]);
        terminal.answer("Name of the partner", &format!("Acme{ENTER}"));
        terminal.answer("Region (empty for none)", CONTROL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{shown}");
        assert!(shown.contains("nothing was recorded"), "{shown}");
        assert_eq!(desk.picture(), before);
        desk.ok(&["add-partner", "Beta", "--wait", "0"]);
    }
}

#[test]
fn interrupting_a_choice_shows_the_cursor_again() {
    let desk = Desk::new();
    let mut terminal = Terminal::open(&desk, 100, &["add-partner"]);
    terminal.answer("Name of the partner", &format!("Acme{ENTER}"));
    for question in ["Type", "Tier", "Region (", "Owner ("] {
        terminal.answer(question, ENTER);
    }
    terminal.answer("Contact, such as", ENTER).expect("Current stage");
    thread::sleep(Duration::from_millis(100));
    terminal.press(CONTROL_C);
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn escape_at_a_choice_cancels_everywhere() {
    let desk = Desk::new();
    let cancel = |words: &[&str], question: &str| {
        let mut terminal = Terminal::open(&desk, 100, words);
        terminal.expect("Ctrl-C to cancel").expect(question);
        thread::sleep(Duration::from_millis(100));
        terminal.press(ESCAPE);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{shown}");
        assert!(shown.contains("interrupted; nothing was recorded"), "{shown}");
    };
    let add = ["add-partner", "--type", "msp", "--tier", "gold", "--region", "y", "--owner", "z"];
    let mut terminal = Terminal::open(&desk, 100, &add);
    terminal.answer("Name of the partner", &format!("Acme{ENTER}")).answer("Contact, such as", ENTER);
    terminal.expect("Current stage");
    thread::sleep(Duration::from_millis(100));
    terminal.press(ESCAPE);
    assert_eq!(terminal.end().0, 130);
    desk.ok(&["add-partner", "Acme", "--stage", "launch"]);
    cancel(&["leave", "acme", "--reason", "x"], "How did it leave");
    cancel(&["back", "acme", "--reason", "x"], "Move back to");
    let mut terminal = Terminal::open(&desk, 100, &["leave", "acme", "--reason", "x"]);
    terminal.answer("How did it leave", &format!("{DOWN}{ENTER}"));
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Acme left from Launch: withdrew"), "{shown}");
}

#[test]
fn only_earlier_stages_are_offered_to_go_back_to() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "readiness"]);
    let mut terminal = Terminal::open(&desk, 100, &["back", "acme"]);
    terminal.expect("Terms");
    let shown = terminal.shown();
    assert!(!shown.contains("Readiness") && !shown.contains("Launch"), "{shown}");
    terminal.answer("Move back to", &format!("{DOWN}{ENTER}"));
    terminal.answer("Reason for moving back", &format!("too early{ENTER}"));
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Moved Acme back from Readiness to Terms"), "{shown}");
}

#[test]
fn what_is_refused_or_so_already_is_told_before_a_question() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "terms"]);
    desk.ok(&["park", "acme", "--reason", "budget"]);
    for (words, code, told) in [
        (&["back", "acme"][..], 4, "Acme has been parked since 2026-11-23"),
        (&["back", "acme", "--to", "recruitment"], 4, "Acme has been parked since 2026-11-23"),
        (&["park", "acme"], 0, "Acme is already parked"),
    ] {
        let (ended, shown) = Terminal::open(&desk, 100, words).end();
        assert_eq!(ended, code, "{shown}");
        assert!(shown.contains(told), "{shown}");
        assert!(!shown.contains('?'), "{shown}");
    }
}

#[test]
fn a_missing_reason_is_asked_for() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let mut terminal = Terminal::open(&desk, 100, &["park", "acme"]);
    terminal.answer("Reason for parking", &format!("{UP}{ENTER}"));
    terminal.answer("Reason for parking", &format!("no budget — 来年{ENTER}"));
    assert_eq!(terminal.end().0, 0);
    assert_eq!(desk.json(&["show", "acme"])["reason"], "no budget — 来年");
}

#[test]
fn many_partners_are_changed_only_after_a_yes() {
    let desk = Desk::new();
    for name in ["Acme", "Beta"] {
        desk.ok(&["add-partner", name, "--region", "EMEA"]);
    }
    let words = ["edit", "--where", "region=EMEA", "--owner", "ben"];
    for (answer, owner) in
        [("n", "Nothing was recorded"), ("", "Nothing was recorded"), ("y", "2 partners updated")]
    {
        let mut terminal = Terminal::open(&desk, 100, &words);
        terminal.expect("Would be recorded:\nChanged Acme: owner to `ben`");
        terminal.answer("Record this for 2 partners?", &format!("{answer}{ENTER}"));
        let (code, shown) = terminal.end();
        assert_eq!(code, 0);
        assert!(shown.contains(owner), "{shown}");
    }
    let mut terminal = Terminal::open(&desk, 100, &["edit", "--where", "region=EMEA", "--owner", "eve"]);
    terminal.answer("Record this for 2 partners?", &format!("maybe{ENTER}"));
    terminal.answer("type y or n", &format!("no{ENTER}"));
    assert!(terminal.end().1.contains("Nothing was recorded"), "a y within a word is no yes");
    let mut terminal =
        Terminal::open(&desk, 100, &["edit", "--where", "region=EMEA", "--owner", "mia", "--yes"]);
    terminal.press("");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn nothing_is_asked_where_that_is_not_wanted() {
    let desk = Desk::new();
    let terminal = Terminal::open(&desk, 100, &["add-partner", "--no-input"]);
    let (code, shown) = terminal.end();
    assert_eq!(code, 2);
    assert!(shown.contains("the name of the partner is missing"), "{shown}");
}

#[test]
fn questions_survive_a_narrow_terminal_a_resize_and_wide_characters() {
    let desk = Desk::new();
    let mut terminal = Terminal::open(&desk, 40, &["add-partner"]);
    terminal.answer("Name of the partner", "北京渠道合作伙伴有限公司 Beijing Channel Partners");
    thread::sleep(Duration::from_millis(50));
    terminal.resize(30);
    terminal.press(ENTER);
    for question in ["Type", "Tier", "Region (", "Owner ("] {
        terminal.answer(question, ENTER);
        thread::sleep(Duration::from_millis(30));
    }
    terminal.expect("Contact");
    terminal.resize(40);
    terminal.press(ENTER);
    terminal.expect("Current stage");
    thread::sleep(Duration::from_millis(100));
    terminal.press(ENTER);
    terminal.answer("In this stage since", ENTER);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(desk.json(&["show", "beijing"])["name"], "北京渠道合作伙伴有限公司 Beijing Channel Partners");
}

#[test]
fn a_narrow_terminal_leaves_out_columns_and_a_very_narrow_one_gets_records() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme GmbH", "--owner", "ana"]);
    let (code, shown) = Terminal::open(&desk, 50, &["list"]).end();
    assert_eq!(code, 0);
    assert!(shown.contains("Hidden columns: Name, Type, Owner. A wider window"), "{shown}");
    assert!(shown.lines().any(|line| line.starts_with("acme-gmbh  recruitment  ")), "{shown}");
    let list = ["list", "--columns", "key,name,owner,stage"];
    for narrow in [8, 36] {
        let (_, shown) = Terminal::open(&desk, narrow, &list).end();
        let record = "Key    acme-gmbh\nName   Acme GmbH\nOwner  ana\nStage  recruitment";
        assert!(shown.contains(record), "{shown}");
    }
    let (_, wide) = Terminal::open(&desk, 90, &list).end();
    assert!(wide.contains("Key        Name       Owner  Stage"), "{wide}");
}

#[test]
fn no_word_of_a_table_breaks_at_any_width() {
    let desk = Desk::new();
    let name = "Alpen Systemhaus für Netze und Telefonie";
    desk.ok(&["add-partner", name, "--owner", "ana", "--on", "2026-09-01"]);
    for words in [&["list"][..], &["log"], &["log", "alpen"], &["show", "alpen"], &["report"]] {
        let out = desk.ok(words);
        let long = out.split_whitespace().filter(|word| !word.starts_with(['─', '`']) && word.len() > 5);
        for columns in [50, 60, 70, 80, 100] {
            let (_, shown) = Terminal::open(&desk, columns, words).end();
            for word in long.clone() {
                let broken = (4..word.len()).filter(|at| word.is_char_boundary(*at)).any(|at| {
                    let (begin, end) = word.split_at(at);
                    let parts: Vec<&str> = shown.split_whitespace().collect();
                    parts.contains(&begin) && parts.contains(&end)
                });
                let left_out = shown.contains("Hidden columns: ") && !broken;
                let whole = shown.contains(word) || left_out;
                assert!(whole, "{words:?} breaks `{word}` at {columns} columns:\n{shown}");
            }
        }
    }
}

#[test]
fn an_import_on_a_terminal_shows_how_far_it_is_and_cleans_up() {
    let desk = Desk::new();
    let rows: String = (0..20_000).map(|n| format!("P{n},recruitment,2025-01-01\n")).collect();
    let file = desk.file("h.csv", format!("partner,stage,entered_on\n{rows}"));
    let (code, shown) = Terminal::open(&desk, 100, &["import", "stages", &file, "--complete-history"]).end();
    assert_eq!(code, 0);
    assert!(shown.contains("20000 rows: 20000 events, 20000 new partners"), "{shown}");
    assert!(!shown.contains('█'), "the bar is gone: {shown}");
}
