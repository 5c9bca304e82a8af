//! The manual in `tests/manual`: sessions with the real binary, which are read and executed.

/// The day on which all sessions take place.
pub const TODAY: &str = "2026-11-23";

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("chanlife", std::path::Path::new(env!("CARGO_BIN_EXE_chanlife")))
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
