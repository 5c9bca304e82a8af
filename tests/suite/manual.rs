//! The manual in `tests/manual`: sessions with the real binary, which are read and executed.

use crate::support::{BINARY, TODAY};

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("chanlife", std::path::Path::new(BINARY))
        .env("CHANLIFE_DB", "channel.db")
        .env("CHANLIFE_TODAY", TODAY)
        .env("CHANLIFE_ACTOR", "ana")
        .env("CHANLIFE_NO_INPUT", "true")
        .env("NO_COLOR", "1");
    cases
}

#[test]
fn the_manual_says_what_happens() {
    cases().case("tests/manual/*.md").run();
}
