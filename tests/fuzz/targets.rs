//! What is fuzzed: everything that reads what others wrote. No bytes may make it panic, and what it takes must hold.

#![allow(dead_code, reason = "each fuzzer has one of them")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::time::Duration;

use chanlife::face::export::MessageTemplate;
use chanlife::face::import;
use chanlife::face::import::{AnswerScope, IMPORTS, ImportSource, ObservedFrom, RejectedRows, TypedAnswers};
use chanlife::face::lifecycle::agenda::dues;
use chanlife::face::lifecycle::agenda::next_step;
use chanlife::face::lifecycle::base::day::{Day, Towards};
use chanlife::face::lifecycle::base::error::Error;
use chanlife::face::lifecycle::base::money::Currency;
use chanlife::face::lifecycle::base::period::Calendar;
use chanlife::face::lifecycle::criteria::AnswerSheet;
use chanlife::face::lifecycle::event::{Event, Recorded};
use chanlife::face::lifecycle::facts::{Facts, PartnerFacts};
use chanlife::face::lifecycle::forget::Forgetting;
use chanlife::face::lifecycle::partner::Partner;
use chanlife::face::lifecycle::program::{Aliases, BUILT_IN, Program, changes};
use chanlife::face::lifecycle::revenue::{Counting, TypedSale};
use chanlife::face::lifecycle::rule::History;
use chanlife::face::report::program as tables;
use chanlife::face::store::{Keep, Stamp, Store};
use chanlife::face::text::events::describe;

/// A program: what is taken can be shown, compared and answered, and problems name a place.
pub(super) fn program(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let program = match Program::parse(text) {
        Ok(program) => program,
        Err(problems) => {
            assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
            let _ = tables::problems(&problems);
            return;
        }
    };
    assert!(!program.stages().is_empty());
    assert_eq!(changes(&program, &program, &Aliases::default()), [], "differs from itself");
    let aliases = Aliases::default().with(&program);
    let _ = tables::diff(&PROGRAMS.with(|[built_in, _]| changes(built_in, &program, &aliases)));
    let _ = tables::show(&program);
    for questionnaire in program.questionnaires() {
        let sheet = AnswerSheet::default();
        let _ = questionnaire.judge(&sheet.answers).deciding();
        let template = import::template(&program.name, &[(questionnaire, &sheet)]);
        let read =
            TypedAnswers::read(&template, AnswerScope { program: &program, only: Some(questionnaire) });
        assert_eq!(read, Ok(TypedAnswers::default()), "a template answers nothing: {template}");
    }
}

/// Answers to questionnaires, as TOML or JSON. What is taken can be judged, and a template that was filled in with it
/// says the same.
pub(super) fn answers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    PROGRAMS.with(|programs| {
        for program in programs {
            for only in program.questionnaires().iter().map(Some).chain([None]) {
                if let Ok(answered) = TypedAnswers::read(text, AnswerScope { program, only }) {
                    judged(program, &answered);
                }
            }
        }
    });
    let _ = MessageTemplate::parse(text, &["partner", "contact"]);
}

fn judged(program: &Program, answered: &TypedAnswers) {
    let known = |key: &String| program.question(key).is_some();
    assert!(answered.answers.keys().chain(answered.evidence.keys()).all(known), "an answer to no question");
    for questionnaire in answered.questionnaires(program) {
        let own =
            |changes: &chanlife::face::lifecycle::criteria::Changes| -> chanlife::face::lifecycle::criteria::Changes {
                let own = changes
                    .iter()
                    .filter(|(key, value)| questionnaire.question(key).is_some() && value.is_some());
                own.map(|(key, value)| (key.clone(), value.clone())).collect()
            };
        let (answers, evidence) = (own(&answered.answers), own(&answered.evidence));
        let sheet = AnswerSheet::default().with(questionnaire, &answers, &evidence);
        let judgement = questionnaire.judge(&sheet.answers);
        let _ = judgement.deciding();
        if let Some([low, high]) = judgement.outcome().score {
            assert!((0.0..=100.0).contains(&low) && low <= high && high <= 100.0, "{low} to {high}");
        }
        let template = import::template(&program.name, &[(questionnaire, &sheet)]);
        let mut again = TypedAnswers::read(&template, AnswerScope { program, only: Some(questionnaire) })
            .unwrap_or_else(|problems| panic!("{problems:?} in {template}"));
        // Only questions that want evidence have a line for it.
        let wanted = |key: &String| questionnaire.question(key).is_some_and(|one| one.evidence.is_some());
        again.evidence.retain(|key, _| wanted(key));
        let evidence: chanlife::face::lifecycle::criteria::Changes =
            evidence.into_iter().filter(|(key, _)| wanted(key)).collect();
        assert_eq!(again, TypedAnswers { answers, evidence }, "{template}");
    }
}

/// A file of each kind that can be imported. The first byte says which, and how it is read; nothing is recorded. A
/// file that comes in pieces means the same as one that comes whole.
pub(super) fn imports(data: &[u8]) {
    let Some((which, content)) = data.split_first() else { return };
    let (kind, how) = (usize::from(*which) % (IMPORTS.len() + 1), usize::from(*which) / (IMPORTS.len() + 1));
    if kind == IMPORTS.len() {
        return text(content);
    }
    let import = |piece: usize| {
        let source = ImportSource {
            input: Box::new(Pieces { rest: content, piece }),
            delimiter: [b',', b';', b'\t'][how % 3],
            stages: vec![("theirs".to_owned(), "terms".to_owned())],
            observed_from: [
                Some(ObservedFrom::Complete),
                Some(ObservedFrom::Column("since".to_owned())),
                None,
            ][how / 3 % 3]
                .clone(),
            rates: [("USD".to_owned(), "0.9".to_owned())].into(),
            skip_errors: data.len().is_multiple_of(2),
            ..source("fuzzed.csv")
        };
        let done = STORE
            .with_borrow_mut(|desk| IMPORTS[kind].import(&mut desk.store, &stamp(), source, Keep::DryRun));
        match done {
            Ok(outcome) => format!("{outcome:?}"),
            // Which of several faults comes first is another matter.
            Err(error) => {
                format!("refused {:?}", error.downcast_ref::<Error>().and_then(Error::facts::<RejectedRows>))
            }
        }
    };
    let whole = import(usize::MAX);
    if how >= 9 {
        assert_eq!(import(how - 8), whole, "in pieces of {}", how - 8);
    }
}

/// A file that comes in pieces, as from a pipe.
struct Pieces<'d> {
    rest: &'d [u8],
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(self.piece);
        self.rest.read(&mut buffer[..length])
    }
}

/// Events, one a line: the kind, a blank and the body, perhaps behind `2 ` or `3 ` for events of other partners. What
/// can be decoded is encoded to the same again, said in words, and forgotten; and all of them fold, in whatever order.
pub(super) fn events(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut history = History { subject: 1, events: Vec::new() };
    let versions = BTreeMap::new();
    PROGRAMS.with(|[program, _]| {
        let mut forgetting = Forgetting::new(1, program, &versions);
        for (line, number) in text.lines().zip(1..) {
            let (partner, line) = match line.split_once(' ') {
                Some(("2", line)) => (2, line),
                Some(("3", line)) => (3, line),
                _ => (1, line),
            };
            let (kind, body) = line.split_once(' ').unwrap_or((line, ""));
            let Ok(event) = Event::decode(kind, body) else { continue };
            let again = Event::decode(event.kind(), &event.body()).expect("what was encoded can be decoded");
            assert_eq!(again, event);
            let _ = describe(&event, program);
            let forgotten = forgetting.forget(&event);
            assert_eq!(Event::decode(forgotten.kind(), &forgotten.body()).as_ref(), Ok(&forgotten));
            let day = today().plus(number - 400);
            history.events.push(Recorded { number, partner, day, event });
        }
        let _ = forgetting.into_names();
        for until in [None, Some(today().plus(-390))] {
            let folded = history.fold(&Aliases::default(), until);
            let known = |number: i64| history.events.iter().any(|one| one.number == number);
            assert!(folded.conflicts.iter().all(|conflict| known(conflict.event)));
            if let Some(partner) = &folded.state {
                looked_at(program, partner);
            }
        }
    });
}

/// What is known of a partner holds on any day.
fn looked_at(program: &Program, partner: &Partner) {
    for day in [Day::FIRST, today().plus(-380), today(), Day::LAST] {
        for (fund, ledger) in partner.books.on(day).ledgers() {
            let balance = ledger.balance();
            assert!(balance.holds(), "{fund} on {day}: {balance:?}");
        }
    }
    for day in [today().plus(-380), today()] {
        let facts = PartnerFacts { program, partner, day };
        let _ = (dues(facts), next_step(facts, Some(day)), facts.performance());
        let _ = (
            chanlife::face::lifecycle::tiers::tier_review(facts),
            chanlife::face::lifecycle::terms::renewals(facts),
            facts.expiries(),
        );
        let _ = (facts.revenue_12m(), facts.overdue_days(), facts.productive());
    }
}

/// Days, stamps, periods and amounts.
pub(super) fn dates(data: &[u8]) {
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
            assert_eq!(calendar.named(period.days()), period);
        }
    }
    let typed = typed(text);
    for code in ["EUR", "JPY", "KWD"] {
        let currency = Currency::from_code(code).expect("a currency");
        if let Ok(minor) = currency.parse(text) {
            let written = currency.money(i128::from(minor)).to_string();
            assert_eq!(currency.parse(&written), Ok(minor), "{written}");
        }
        if let Ok(minor) = typed.amount_minor(currency) {
            assert_eq!(typed.sold(minor, currency, Calendar::CIVIL).amount_minor, minor);
        }
    }
}

/// A sale: amount, quantity, price, currency and rate, with bars between them.
fn typed(text: &str) -> TypedSale<'_> {
    let mut parts = text.split('|').map(|part| Some(part).filter(|part| !part.is_empty()));
    let mut part = || parts.next().flatten();
    TypedSale {
        amount: part(),
        quantity: part(),
        unit_price: part(),
        currency: part(),
        rate: part(),
        product: part(),
        ..TypedSale::default()
    }
}

/// A whole file as text.
fn text(content: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new.db");
    let made = Store::make_with(&path, Duration::ZERO, |writer| {
        chanlife::face::export::read_all(writer, "fuzzed.jsonl", Cursor::new(content))
    });
    assert_eq!(made.is_ok(), path.exists());
}

/// A file that goes with the thread.
struct Desk {
    store: Store,
    _folder: tempfile::TempDir,
}

thread_local! {
    static STORE: RefCell<Desk> = RefCell::new(desk());
    static PROGRAMS: [Program; 2] =
        [BUILT_IN, EVERY_TYPE].map(|text| Program::parse(text).expect("a program"));
}

/// A program with a question of each type.
const EVERY_TYPE: &str = include_str!("../suite/every-type.toml");

fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("channel.db");
    // A process that another test starts holds a copy of the lock until it runs its own program.
    let wait = Duration::from_secs(10);
    let (mut store, _) = Store::open_or_make(&path, wait, &stamp(), BUILT_IN).expect("a file");
    let partners = "partner,name,type,stage,since\nacme,Acme,reseller,growth,2025-01-01\nbeta,Beta,msp,terms,2025-02-01\n";
    let partners = ImportSource { input: Box::new(partners.as_bytes()), ..source("partners.csv") };
    IMPORTS[0].import(&mut store, &stamp(), partners, Keep::Commit).expect("two partners");
    Desk { store, _folder: folder }
}

fn source(name: &str) -> ImportSource<'static> {
    ImportSource {
        input: Box::new(std::io::empty()),
        name: name.to_owned(),
        delimiter: b',',
        mapping: Vec::new(),
        stages: Vec::new(),
        reasons: Vec::new(),
        observed_from: Some(ObservedFrom::Complete),
        rates: BTreeMap::new(),
        counting: Counting::default(),
        today: today(),
        yes: false,
        skip_errors: false,
    }
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
