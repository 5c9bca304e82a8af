//! The targets of tests/fuzz in a short form: the texts of the project's own examples, changed at random.

use chanlife::face::import::IMPORTS;
use proptest::prelude::*;
use proptest::sample::Index;

#[path = "../fuzz/targets.rs"]
mod targets;

const PROGRAM: &str = include_str!("../../examples/small-program.toml");
const EVERY_TYPE: &str = include_str!("every-type.toml");
const ANSWERS: &str = include_str!("../../examples/criteria.toml");
const ANSWERS_OF_EVERY_TYPE: &str = include_str!("../fuzz/seeds/answers.toml");
const JSON: &str = "{\"segment\": \"smb\", \"evidence\": {\"segment\": \"seen\"}, \"x\": null}";
const EVENTS: &str = include_str!("../fuzz/seeds/events.txt");
/// A file for each reader, with blank lines between them.
const FILES: &str = include_str!("../fuzz/seeds/imports.txt");
const DATES: &[&str] = &[
    "2026-01-01T23:30:00-08:00",
    "2026-Q1",
    "1,234.56",
    "3d",
    "monday",
    "13.00|2|6.5|USD|0.92|P",
    "|0.5|0.01",
];

/// A change of a text: where, how many bytes go, and what comes.
fn change() -> impl Strategy<Value = (Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..4),
        proptest::sample::select(vec![
            "\"", "\n", ",", "[", "]", "{", "}", "=", "-", "9", "\u{202e}", "é", "\0", "null"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        proptest::sample::select(vec!["9223372036854775807", "2026-02-30", "1e999", "[[", "= 0", "\"\"\""])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (any::<Index>(), 0..6_usize, piece)
}

/// One of these texts after some changes.
fn changed(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let changes = proptest::collection::vec(change(), 0..6);
    (proptest::sample::select(texts), changes).prop_map(|(text, changes)| with(text.as_bytes(), changes))
}

/// A file for one of the readers, which its first byte names, after some changes.
fn changed_file() -> impl Strategy<Value = Vec<u8>> {
    let files: Vec<&str> = FILES.split("\n\n").collect();
    let kinds = u8::try_from(IMPORTS.len() + 1).expect("few readers");
    let changes = proptest::collection::vec(change(), 0..6);
    (any::<Index>(), 0..u8::MAX / kinds, changes).prop_map(move |(which, how, changes)| {
        let at = which.index(files.len());
        let first = u8::try_from(at).expect("few readers") + how * kinds;
        [&[first][..], &with(files[at].as_bytes(), changes)].concat()
    })
}

fn with(text: &[u8], changes: Vec<(Index, usize, Vec<u8>)>) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for (place, gone, piece) in changes {
        let at = place.index(bytes.len() + 1);
        let end = (at + gone).min(bytes.len());
        bytes.splice(at..end, piece);
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn no_program_makes_its_parser_panic(bytes in changed(&[PROGRAM, EVERY_TYPE])) {
        targets::program(&bytes);
    }

    #[test]
    fn no_answers_make_their_parser_panic(bytes in changed(&[ANSWERS, ANSWERS_OF_EVERY_TYPE, JSON])) {
        targets::answers(&bytes);
    }

    #[test]
    fn no_file_makes_an_import_panic(bytes in changed_file()) {
        targets::imports(&bytes);
    }

    #[test]
    fn no_event_makes_the_decoder_or_the_fold_panic(bytes in changed(&[EVENTS])) {
        targets::events(&bytes);
    }

    #[test]
    fn no_text_makes_the_reading_of_days_and_amounts_panic(bytes in changed(DATES)) {
        targets::dates(&bytes);
    }
}
