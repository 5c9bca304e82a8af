//! The targets of tests/fuzz in a short form: the texts of the project's own examples, changed at random.

use proptest::prelude::*;
use proptest::sample::Index;

#[path = "../fuzz/targets.rs"]
mod targets;

const PROGRAM: &str = include_str!("../../examples/small-program.toml");
const EVERY_TYPE: &str = include_str!("every-type.toml");
const ANSWERS: &str = include_str!("../../examples/criteria.toml");
const HISTORY: &str = include_str!("../../examples/history.csv");
const EVENTS: &str = "joined {\"key\":\"acme\",\"attributes\":{\"name\":\"Acme\"},\"observed_from\":\"2025-01-01\"}\n\
entered {\"stage\":\"recruitment\",\"why\":\"placed\"}\nentered {\"stage\":\"terms\",\"why\":\"advanced\",\"reason\":\"x\"}\n\
parked {\"until\":\"2026-12-24\"}\nentered {\"stage\":\"terms\",\"why\":\"resumed\"}\nnoted {\"text\":\"x\"}\n\
sold {\"amount_minor\":1200,\"reference\":\"r\"}\nfund-granted {\"fund\":\"mdf\",\"period\":\"2026\",\"amount_minor\":9}\n\
corrected {\"event\":7,\"amount_minor\":1}\nleft {\"label\":\"withdrew\"}\nforgotten {}\nlost {\"events\":3}\nmerged {\"into\":2}";
const DATE: &str = "2026-01-01T23:30:00-08:00";

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
    (proptest::sample::select(texts), changes).prop_map(|(text, changes)| {
        let mut bytes = text.as_bytes().to_vec();
        for (place, gone, piece) in changes {
            let at = place.index(bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, piece);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_program_makes_its_parser_panic(bytes in changed(&[PROGRAM, EVERY_TYPE])) {
        targets::program(&bytes);
    }

    #[test]
    fn no_answers_make_their_parser_panic(bytes in changed(&[ANSWERS, "{\"segment\": \"smb\", \"evidence\": {}}"])) {
        targets::answers(&bytes);
    }

    #[test]
    fn no_file_makes_an_import_panic(which in 0..14_u8, bytes in changed(&[HISTORY, "partner,amount,on\nacme,1,2026-01-02\n"])) {
        targets::imports(&[&[which][..], &bytes].concat());
    }

    #[test]
    fn no_event_makes_the_decoder_or_the_fold_panic(bytes in changed(&[EVENTS])) {
        targets::events(&bytes);
    }

    #[test]
    fn no_text_makes_the_reading_of_days_and_amounts_panic(bytes in changed(&[DATE, "2026-Q1", "1,234.56", "3d", "monday"])) {
        targets::dates(&bytes);
    }
}
