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
const PROGRAM: &str = include_str!("every-type.toml");

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
        thread::sleep(Duration::from_millis(25));
    }
    assert!(shown(), "no prompt behind {question}:\n{}", terminal.shown());
    thread::sleep(Duration::from_millis(30));
    for key in keys {
        terminal.press(key);
        thread::sleep(Duration::from_millis(15));
    }
}

/// Lets the prompt begin to wait: a signal that comes before it ends the process as any other.
fn settle() {
    thread::sleep(Duration::from_millis(300));
}

/// Everything from the second question on, the same in all tests.
fn answer_the_rest(terminal: &mut Terminal) {
    reply(terminal, "Which kind?", &[UP, ENTER]);
    terminal.answer("Evidence ›", &format!("HRB 4711{ENTER}"));
    reply(terminal, "Which markets?", &["south, North", ENTER]);
    reply(terminal, "How interested?", &["4", ENTER]);
    reply(terminal, "How many sellers?", &["2.50", ENTER]);
    reply(terminal, "Which share?", &["12 %", ENTER]);
    reply(terminal, "Which revenue?", &["80000", ENTER]);
    reply(terminal, "Since when?", &["2010-05-01", ENTER]);
}

fn record(terminal: &mut Terminal) {
    terminal.expect("Next step").expect("Record these answers");
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
    settle();
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
    settle();
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
    let endings = [
        (100, "Which markets?", CONTROL_C, 130),
        (40, "Which markets?", CONTROL_C, 130),
        (100, "Evidence", CONTROL_C, 130),
        (100, "Which kind?", ESCAPE, 0),
        (100, "Which kind?", CONTROL_C, 130),
        (40, "Which kind?", ":stop\r", 0),
        (40, "How interested?", ":stop\r", 0),
    ];
    for (columns, at, ending, code) in endings {
        let desk = desk();
        let mut terminal = Terminal::open(&desk, columns, &["assess", "acme"]);
        reply(&mut terminal, "Are they sure?", &[UP, UP, ENTER]);
        let questions = ["Which kind?", "Evidence", "Which markets?", "How interested?"];
        for question in questions.into_iter().take_while(|question| *question != at) {
            match question {
                "Which kind?" => reply(&mut terminal, question, &["small", ENTER]),
                "Evidence" => drop(terminal.answer("Evidence ›", ENTER)),
                _ => reply(&mut terminal, question, &[ENTER]),
            }
        }
        match at {
            "Evidence" => drop(terminal.expect("Evidence ›")),
            _ => reply(&mut terminal, at, &[]),
        }
        settle();
        terminal.press(ending);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        let shown = shown.replace('\n', " ");
        assert!(
            shown.contains(" saved, nothing was recorded") && shown.contains("chanlife assess acme all"),
            "{shown}"
        );
        assert_eq!(bodies(&desk).len(), 0, "nothing is recorded");
        desk.ok(&["note", "acme", "no lock is left", "--wait", "0"]);

        let mut terminal = Terminal::open(&desk, columns, &["assess", "acme"]);
        terminal.expect("Resuming after");
        let shown = terminal.shown();
        assert!(!shown.contains("Are they sure?"), "{shown}");
        if at == "Which kind?" {
            reply(&mut terminal, "Which kind?", &["small", ENTER]);
            terminal.answer("Evidence ›", ENTER);
        }
        if at != "How interested?" {
            reply(&mut terminal, "Which markets?", &["north", ENTER]);
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
        assert!(!terminal.shown().contains("Resuming after"));
        settle();
        terminal.press(CONTROL_C);
        assert_eq!(terminal.end().0, 130);
    }
}

#[test]
fn what_was_recorded_since_an_interview_was_stopped_holds_against_it() {
    let desk = desk();
    let mut terminal = Terminal::open(&desk, 100, &["assess", "acme"]);
    reply(&mut terminal, "Are they sure?", &["no", ENTER]);
    reply(&mut terminal, "Why are they not sure?", &["the board", ENTER]);
    reply(&mut terminal, "Which kind?", &[":stop", ENTER]);
    assert_eq!(terminal.end().0, 0);
    let said = desk.run(&["assess", "acme", "--answer", "sure=yes", "--answer", "kind=small"]);
    assert!(said.err.contains("are not recorded"), "{}", said.err);
    let mut terminal = Terminal::open(&desk, 100, &["assess", "acme"]);
    terminal.expect("after you stopped");
    // The list begins at the answer that was recorded.
    reply(&mut terminal, "Are they sure?", &[ENTER]);
    reply(&mut terminal, "Which kind?", &[":stop", ENTER]);
    assert_eq!(terminal.end().0, 0);
    let said = desk.run(&["assess", "acme", "--discard"]);
    assert!(said.err.contains("Discarded saved answers for"), "{}", said.err);
    assert_eq!(bodies(&desk).len(), 1);
    assert!(bodies(&desk)[0].contains("\"sure\":\"yes\""));
}

#[test]
fn what_is_typed_at_a_list_is_searched_and_never_taken_for_something_else() {
    let desk = desk();
    let mut terminal = Terminal::open(&desk, 100, &["assess", "acme"]);
    // No option has this in it, so that Enter waits.
    reply(&mut terminal, "Are they sure?", &["qqq", ENTER, ENTER]);
    assert!(terminal.shown().contains("qqq"), "{}", terminal.shown());
    // Between two keys the terminal edits lines by itself for a moment, and takes a backspace for its own.
    let typed = |terminal: &Terminal| {
        let shown = terminal.shown();
        let line = shown.rsplit("Answer ›").next().and_then(|tail| tail.lines().next().map(str::to_owned));
        line.is_some_and(|line| line.contains('q'))
    };
    while typed(&terminal) {
        terminal.press("\u{7f}");
        thread::sleep(Duration::from_millis(50));
    }
    terminal.press(&format!("yes{ENTER}"));
    reply(&mut terminal, "Which kind?", &[]);
    let asked = |terminal: &Terminal| terminal.shown().matches("Are they sure?").count();
    let before = asked(&terminal);
    terminal.press(&format!(":back{ENTER}"));
    while asked(&terminal) == before {
        thread::sleep(Duration::from_millis(5));
    }
    reply(&mut terminal, "Are they sure?", &["no", ENTER]);
    reply(&mut terminal, "Why are they not sure?", &[":stop", ENTER]);
    assert_eq!(terminal.end().0, 0);
    let template = desk.ok(&["assess", "acme", "--template"]);
    assert!(template.contains("#sure = \"\""), "nothing is recorded: {template}");
}

#[test]
fn an_answer_can_be_changed_before_all_are_recorded() {
    let desk = desk();
    let mut terminal = Terminal::open(&desk, 100, &["assess", "acme"]);
    reply(&mut terminal, "Are they sure?", &[UP, UP, ENTER]);
    answer_the_rest(&mut terminal);
    terminal.expect("Next step").expect("Change an answer");
    thread::sleep(Duration::from_millis(50));
    terminal.press(&format!("{DOWN}{ENTER}"));
    terminal.expect("Answer to change");
    thread::sleep(Duration::from_millis(50));
    terminal.press(&format!("{DOWN}{DOWN}{DOWN}{ENTER}"));
    thread::sleep(Duration::from_millis(200));
    terminal.press(&format!("1{ENTER}"));
    terminal.expect("not met");
    record(&mut terminal);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("fail (required answer not met: interest)"), "{shown}");
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
        &["assess", "--where", "stage=talks"],
        &["assess", "acme", "--as-of", "2026-11-01", "--answer", "sure=yes"],
    ] {
        desk.fails(2, words);
    }
    desk.fails(6, &["assess", "acme", "--answers", "-"]);
    assert_eq!(desk.picture(), before);
    assert_eq!(bodies(&desk).len(), 0);
}
