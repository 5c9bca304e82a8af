//! Questionnaires asked in a real pseudo-terminal: every type of question, and every way to stop.

use std::thread;
use std::time::Duration;

use crate::support::Desk;
use crate::terminal::Terminal;

const ENTER: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const UP: &str = "\u{1b}[A";
const ESCAPE: &str = "\u{1b}";
const CONTROL_C: &str = "\u{3}";

/// A program that asks one question of each type.
const PROGRAM: &str = r#"
[program]
name = "Every type"
currency = "EUR"
[verdict]
fail_below = 60
pass_above = 75
[[stage]]
key = "talks"
[[stage.milestone]]
key = "fits"
gate = true
needs = "questionnaire:all"
[[stage]]
key = "business"
success = true
[[questionnaire]]
key = "all"
stage = "talks"
side = "vendor"
title = "One of each"
[[questionnaire.question]]
key = "sure"
text = "Are they sure? 確かですか。 This is a long question with wide characters, 長い質問です, which must wrap well on a narrow terminal."
type = "yes-no"
weight = 1
[[questionnaire.question]]
key = "why-not"
text = "Why are they not sure?"
type = "text"
ask_if = "sure = no"
[[questionnaire.question]]
key = "kind"
text = "Which kind?"
type = "choice"
options = { small = 20, "a large one with a name that is longer than any narrow terminal is wide" = 100 }
evidence = "the register"
weight = 2
[[questionnaire.question]]
key = "markets"
text = "Which markets?"
type = "multi-choice"
options = { north = 50, south = 50, east = 50 }
weight = 2
[[questionnaire.question]]
key = "interest"
text = "How interested?"
type = "scale"
must = ">= 2"
weight = 2
[[questionnaire.question]]
key = "sellers"
text = "How many sellers?"
type = "number"
min = 0
linear = { worst = 0, best = 4 }
weight = 2
[[questionnaire.question]]
key = "share"
text = "Which share?"
type = "percent"
bands = [{ score = 0 }, { from = 10, score = 100 }]
weight = 1
[[questionnaire.question]]
key = "revenue"
text = "Which revenue?"
type = "money"
linear = { worst = 0, best = 100000 }
weight = 1
[[questionnaire.question]]
key = "since"
text = "Since when?"
type = "date"
"#;

fn desk() -> Desk {
    let desk = Desk::empty();
    let program = desk.file("every.toml", PROGRAM);
    desk.ok(&["init", "--program", &program]);
    desk.ok(&["add-partner", "Acme"]);
    desk
}

/// Waits until a question stands on the screen and its prompt is ready, then types.
fn reply(terminal: &mut Terminal, question: &str, keys: &[&str]) {
    terminal.expect(question);
    // The prompt follows its question at once; keys that come before it would be lost.
    let shown = || terminal.shown().rsplit(question).next().is_some_and(|tail| tail.contains("Answer ›"));
    for _ in 0..200 {
        if shown() {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(30));
    for key in keys {
        terminal.press(key);
        thread::sleep(Duration::from_millis(15));
    }
}

/// Everything from the second question on, the same in all tests.
fn answer_the_rest(terminal: &mut Terminal) {
    reply(terminal, "Which kind?", &[UP, ENTER]);
    terminal.answer("Evidence ›", &format!("HRB 4711{ENTER}"));
    // Nothing is chosen yet, so "not known" is marked; what is chosen counts.
    reply(terminal, "Which markets?", &[" ", DOWN, " ", ENTER]);
    reply(terminal, "How interested?", &["4", ENTER]);
    reply(terminal, "How many sellers?", &["2.50", ENTER]);
    reply(terminal, "Which share?", &["12 %", ENTER]);
    reply(terminal, "Which revenue?", &["80000", ENTER]);
    reply(terminal, "Since when?", &["2010-05-01", ENTER]);
}

fn record(terminal: &mut Terminal) {
    terminal.expect("What now").expect("Record these answers");
    thread::sleep(Duration::from_millis(50));
    terminal.press(ENTER);
}

/// What was recorded of assessments.
fn bodies(desk: &Desk) -> Vec<String> {
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    let mut statement =
        connection.prepare("select body from event where kind = 'assessed' order by number").expect("sql");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

const TOML: &str = r#"
sure = true
kind = "A large one with a name that is longer than any narrow terminal is wide"
markets = ["south", "north"]
interest = 4
sellers = 2.50
share = "12 %"
revenue = "80000"
since = 2010-05-01
[evidence]
kind = "HRB 4711"
"#;

#[test]
fn the_same_answers_by_prompt_file_and_options_give_the_same_events() {
    let asked = desk();
    let mut terminal = Terminal::open(&asked, 100, &["assess", "acme"]);
    reply(&mut terminal, "Are they sure?", &[UP, UP, ENTER]);
    answer_the_rest(&mut terminal);
    record(&mut terminal);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let events = bodies(&asked);
    assert_eq!(events.len(), 1, "{shown}");
    assert!(events[0].contains("\"markets\":\"north, south\""), "{events:?}");

    let by_toml = desk();
    by_toml.ok(&["assess", "acme", "--answers", &by_toml.file("a.toml", TOML)]);
    assert_eq!(bodies(&by_toml), events);

    let by_json = desk();
    let json = r#"{"sure": "yes", "kind": "a large one with a name that is longer than any narrow terminal is wide",
        "markets": ["north", "south"], "interest": 4, "sellers": 2.5, "share": 12.0, "revenue": 80000.00,
        "since": "2010-05-01", "why-not": null, "evidence": {"kind": "HRB 4711"}}"#;
    by_json.ok(&["assess", "acme", "--answers", &by_json.file("a.json", json)]);
    assert_eq!(bodies(&by_json), events);

    let by_options = desk();
    let long = "kind=a large one with a name that is longer than any narrow terminal is wide";
    let mut words = vec!["assess", "acme", "--evidence", "kind=HRB 4711"];
    for answer in [
        "sure=y",
        long,
        "markets=south,north",
        "interest=4",
        "sellers=2.5",
        "share=12",
        "revenue=80000",
        "since=2010-05-01",
    ] {
        words.extend(["--answer", answer]);
    }
    by_options.ok(&words);
    assert_eq!(bodies(&by_options), events);

    // A template that is filled in by what is known says the same once more.
    let template = by_options.ok(&["assess", "acme", "--template"]);
    let again = by_options.file("again.toml", template);
    let said = by_options.run(&["assess", "acme", "--answers", &again]);
    assert!(said.err.contains("as answered already"), "{}", said.err);
    assert_eq!(bodies(&by_options), events);
}

#[test]
fn an_answer_that_will_not_do_is_asked_again_and_one_can_go_back() {
    let desk = desk();
    let mut terminal = Terminal::open(&desk, 100, &["assess", "acme"]);
    reply(&mut terminal, "Are they sure?", &[UP, ENTER]);
    reply(&mut terminal, "Why are they not sure?", &["They wait for the board", ENTER]);
    reply(&mut terminal, "Which kind?", &[DOWN, ENTER]);
    terminal.answer("Answer (They wait for the board) ›", &format!(":back{ENTER}"));
    thread::sleep(Duration::from_millis(100));
    terminal.press(&format!("{UP}{ENTER}"));
    answer_wrongly_and_then_well(&mut terminal);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let body = &bodies(&desk)[0];
    assert!(body.contains("\"sure\":\"yes\"") && !body.contains("why-not"), "{body}");
    assert!(body.contains("\"interest\":\"3\"") && !body.contains("sellers"), "{body}");
}

fn answer_wrongly_and_then_well(terminal: &mut Terminal) {
    reply(terminal, "Which kind?", &[ENTER]);
    reply(terminal, "Which markets?", &[ENTER]);
    reply(terminal, "How interested?", &["9", ENTER]);
    terminal.expect("`9` is not a whole number from 0 to 5");
    thread::sleep(Duration::from_millis(50));
    terminal.press(&format!("3{ENTER}"));
    reply(terminal, "How many sellers?", &[":skip", ENTER]);
    reply(terminal, "Which share?", &["a lot", ENTER]);
    terminal.expect("`a lot` is not a percentage");
    terminal.press(ENTER);
    reply(terminal, "Which revenue?", &["80,000", ENTER]);
    terminal.expect("type it as");
    terminal.press(ENTER);
    reply(terminal, "Since when?", &[ENTER]);
    record(terminal);
}

#[test]
fn whatever_ends_the_asking_the_answers_are_kept_and_it_goes_on_there() {
    for (columns, ending, code) in
        [(100, CONTROL_C, 130), (40, CONTROL_C, 130), (100, ESCAPE, 0), (40, ":stop\r", 0)]
    {
        let desk = desk();
        let mut terminal = Terminal::open(&desk, columns, &["assess", "acme"]);
        reply(&mut terminal, "Are they sure?", &[UP, UP, ENTER]);
        reply(&mut terminal, "Which kind?", &[UP, UP, ENTER]);
        terminal.answer("Evidence ›", ENTER);
        // Esc ends a list, :stop a line; Ctrl-C ends both.
        if ending == ":stop\r" {
            reply(&mut terminal, "Which markets?", &[ENTER]);
            reply(&mut terminal, "How interested?", &[ending]);
        } else {
            reply(&mut terminal, "Which markets?", &[ending]);
        }
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        let shown = shown.replace('\n', " ");
        assert!(shown.contains("answers are kept") && shown.contains("chanlife assess acme all"), "{shown}");
        assert_eq!(bodies(&desk).len(), 0, "nothing is recorded");
        desk.ok(&["note", "acme", "no lock is left", "--wait", "0"]);

        let mut terminal = Terminal::open(&desk, columns, &["assess", "acme"]);
        terminal.expect("Going on");
        let shown = terminal.shown();
        assert!(!shown.contains("Are they sure?"), "{shown}");
        if ending != ":stop\r" {
            reply(&mut terminal, "Which markets?", &[" ", ENTER]);
        }
        reply(&mut terminal, "How interested?", &["5", ENTER]);
        for question in ["How many sellers?", "Which share?", "Which revenue?", "Since when?"] {
            reply(&mut terminal, question, &[ENTER]);
        }
        record(&mut terminal);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, 0, "{shown}");
        let body = &bodies(&desk)[0];
        assert!(body.contains("\"sure\":\"yes\"") && body.contains("\"kind\":\"small\""), "{body}");
        desk.check();
        // What is recorded is no draft any more.
        let mut terminal = Terminal::open(&desk, columns, &["assess", "acme"]);
        terminal.expect("Are they sure?");
        assert!(!terminal.shown().contains("Going on"));
        terminal.press(CONTROL_C);
        assert_eq!(terminal.end().0, 130);
    }
}

#[test]
fn an_answer_can_be_changed_before_all_are_recorded() {
    let desk = desk();
    let mut terminal = Terminal::open(&desk, 100, &["assess", "acme"]);
    reply(&mut terminal, "Are they sure?", &[UP, UP, ENTER]);
    answer_the_rest(&mut terminal);
    terminal.expect("What now").expect("Change an answer");
    thread::sleep(Duration::from_millis(50));
    terminal.press(&format!("{DOWN}{ENTER}"));
    terminal.expect("Which answer");
    thread::sleep(Duration::from_millis(50));
    terminal.press(&format!("{DOWN}{DOWN}{DOWN}{ENTER}"));
    thread::sleep(Duration::from_millis(200));
    terminal.press(&format!("1{ENTER}"));
    terminal.expect("not met");
    record(&mut terminal);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("fail (must-have not met: interest)"), "{shown}");
    assert!(bodies(&desk)[0].contains("\"interest\":\"1\""));
}

#[test]
fn questions_survive_a_narrow_terminal_and_a_resize_in_the_middle() {
    let desk = desk();
    let mut terminal = Terminal::open(&desk, 40, &["assess", "acme"]);
    terminal.expect("Are they sure?");
    for line in terminal.shown().lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 40, "{line}");
    }
    assert!(terminal.shown().contains("確かですか"), "{}", terminal.shown());
    terminal.resize(30);
    reply(&mut terminal, "Are they sure?", &[UP, UP, ENTER]);
    // The option that the list cuts is told in full.
    terminal.expect("Which kind?").expect("wide");
    terminal.resize(70);
    answer_the_rest(&mut terminal);
    terminal.resize(40);
    record(&mut terminal);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(bodies(&desk)[0].contains("\"sellers\":\"2.5\""));
}

#[test]
fn without_a_terminal_nothing_is_asked_and_nothing_half_recorded() {
    let desk = desk();
    let before = desk.picture();
    let said = desk.run(&["assess", "acme"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("--answers FILE"), "{}", said.err);
    for words in [
        &["assess", "acme", "--answer", "sure=yes", "--answer", "interest=7"][..],
        &["assess", "acme", "--answer", "sure=yes", "--answer", "nothing=7"],
        &["assess", "acme", "--answers", "-"],
        &["assess", "--where", "stage=talks"],
    ] {
        assert_ne!(desk.run(words).code, 0, "{words:?}");
    }
    assert_eq!(desk.picture(), before);
    assert_eq!(bodies(&desk).len(), 0);
}
