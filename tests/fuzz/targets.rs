//! What is fuzzed: everything that reads what others wrote. No bytes may make it panic, and what it takes must hold.

#![allow(dead_code, reason = "each fuzzer has one of them")]

use std::cell::RefCell;
use std::io::Cursor;
use std::time::Duration;

use chanlife::domain::day::{Day, Towards};
use chanlife::domain::event::{Event, Recorded};
use chanlife::domain::money::Currency;
use chanlife::domain::period::Calendar;
use chanlife::domain::program::{Aliases, BUILT_IN, Program};
use chanlife::domain::rules::History;
use chanlife::exchange::{self, Answered, Asked, ObservedFrom, Source, Template};
use chanlife::store::{Keep, Stamp, Store};

/// A program: what is taken can be read again with the same outcome, and problems name a place.
pub fn program(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Program::parse(text) {
        Ok(program) => {
            assert!(!program.stages().is_empty());
            let _ = Aliases::default().with(&program);
            assert!(Program::parse(text).is_ok());
        }
        Err(problems) => assert!(problems.iter().all(|problem| !problem.to_string().is_empty())),
    }
}

/// Answers to the questionnaires of the built-in program, as TOML or JSON.
pub fn answers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let program = built_in();
    for only in program.questionnaires().iter().map(Some).chain([None]) {
        if let Ok(Answered { answers, .. }) = Answered::read(text, Asked { program: &program, only }) {
            let known = |key: &String| program.question(key).is_some();
            assert!(answers.keys().all(known), "an answer to no question");
        }
    }
    let _ = Template::parse(text, &["partner", "contact"]);
}

/// A file of each kind that can be imported: the first byte says which. Nothing is recorded.
pub fn imports(data: &[u8]) {
    let Some((which, content)) = data.split_first() else { return };
    let which = usize::from(*which) % (READERS.len() + 1);
    if which == READERS.len() {
        return text(content);
    }
    STORE.with_borrow_mut(|desk| {
        let source = Source {
            input: Box::new(content),
            name: "fuzzed.csv".to_owned(),
            delimiter: b',',
            mapping: Vec::new(),
            stages: vec![("theirs".to_owned(), "terms".to_owned())],
            observed_from: Some(ObservedFrom::Complete),
            rates: [("USD".to_owned(), "0.9".to_owned())].into(),
            today: today(),
            skip_errors: data.len().is_multiple_of(2),
        };
        let _ = READERS[which](&mut desk.store, &stamp(), source, Keep::DryRun);
    });
}

/// Events, one a line: the kind, a blank and the body. What can be decoded is encoded to the same again, and all of
/// them fold, in whatever order.
pub fn events(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut history = History { subject: 1, events: Vec::new() };
    for (line, number) in text.lines().zip(1..) {
        let (kind, body) = line.split_once(' ').unwrap_or((line, ""));
        let Ok(event) = Event::decode(kind, body) else { continue };
        let again = Event::decode(event.kind(), &event.body()).expect("what was encoded can be decoded");
        // A number that is none is not even the same as itself.
        if event == event.clone() {
            assert_eq!(again, event);
        }
        let day = today().plus(number % 7 - 400);
        history.events.push(Recorded { number, partner: 1, day, event });
    }
    for until in [None, Some(today().plus(-398))] {
        let folded = history.fold(&Aliases::default(), until);
        let known = |number: i64| history.events.iter().any(|one| one.number == number);
        assert!(folded.conflicts.iter().all(|conflict| known(conflict.event)));
    }
}

/// Days, stamps, periods and amounts.
pub fn dates(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for towards in [Towards::Past, Towards::Future] {
        if let Ok(day) = Day::parse(text, today(), towards) {
            assert_eq!(Day::parse_iso(&day.to_string()), Some(day));
        }
    }
    if let Some((day, seconds)) = Day::parse_stamp(text) {
        assert!(day >= Day::FIRST && day <= Day::LAST && seconds.abs() < 4 * 86_400, "{day} {seconds}");
    }
    for month in 1..=12 {
        let calendar = Calendar::new(month).expect("a month");
        if let Ok(period) = calendar.parse(text) {
            assert_eq!(calendar.parse(&period.to_string()).as_ref(), Ok(&period));
        }
    }
    for code in ["EUR", "JPY", "KWD"] {
        let currency = Currency::from_code(code).expect("a currency");
        if let Ok(minor) = currency.parse(text) {
            let written = currency.money(i128::from(minor)).to_string();
            assert_eq!(currency.parse(&written), Ok(minor), "{written}");
        }
    }
}

/// A whole file as text.
fn text(content: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.db");
    let made = Store::make_with(&path, Duration::ZERO, |writer| {
        exchange::read_all(writer, "fuzzed.jsonl", Cursor::new(content))
    });
    assert_eq!(made.is_ok(), path.exists());
}

type Reader = fn(&mut Store, &Stamp, Source, Keep) -> anyhow::Result<exchange::Outcome>;

const READERS: [Reader; 13] = [
    exchange::import_partners,
    exchange::import_stages,
    exchange::import_revenue,
    exchange::import_plans,
    exchange::import_actions,
    exchange::import_reviews,
    exchange::import_care,
    exchange::import_terms,
    exchange::import_certifications,
    exchange::import_deliveries,
    exchange::import_announcements,
    exchange::import_questions,
    exchange::import_funds,
];

/// A file that goes with the thread.
struct Desk {
    store: Store,
    _folder: tempfile::TempDir,
}

thread_local! {
    static STORE: RefCell<Desk> = RefCell::new(desk());
    static PROGRAM: Program = Program::parse(BUILT_IN).expect("the built-in program");
}

fn built_in() -> Program {
    PROGRAM.with(Clone::clone)
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("channel.db");
    let (mut store, _) = Store::open_or_make(&path, Duration::ZERO, &stamp(), BUILT_IN).expect("a file");
    let partners = "partner,name,type,stage,since\nacme,Acme,reseller,growth,2025-01-01\nbeta,Beta,msp,terms,2025-02-01\n";
    let source = Source {
        input: Box::new(partners.as_bytes()),
        name: "partners.csv".to_owned(),
        delimiter: b',',
        mapping: Vec::new(),
        stages: Vec::new(),
        observed_from: Some(ObservedFrom::Complete),
        rates: [].into(),
        today: today(),
        skip_errors: false,
    };
    exchange::import_partners(&mut store, &stamp(), source, Keep::Commit).expect("two partners");
    Desk { store, _folder: folder }
}

fn today() -> Day {
    Day::parse_iso("2026-11-23").expect("a day")
}

fn stamp() -> Stamp {
    Stamp {
        today: today(),
        now: "2026-11-23T12:00:00Z".to_owned(),
        actor: "ana".to_owned(),
        words: "fuzzed".to_owned(),
    }
}
