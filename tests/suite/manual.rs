//! The manual in `tests/manual` and the README: sessions with the real binary, which are read and executed.

use std::fs;
use std::path::Path;

use crate::support::{BINARY, TODAY};

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("chanlife", Path::new(BINARY))
        .env("CHANLIFE_TODAY", TODAY)
        .env("CHANLIFE_ACTOR", "ana")
        .env("CHANLIFE_NO_INPUT", "true")
        .env("NO_COLOR", "1");
    cases
}

#[test]
fn the_manual_says_what_happens() {
    cases().env("CHANLIFE_DB", "channel.db").case("tests/manual/*.md").run();
}

#[test]
fn the_readme_says_what_happens() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("readme.md");
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::copy(&original, &page).expect("copied");
    // Folders of these names make all sessions of the page share one working folder, which begins with the examples.
    fs::create_dir(folder.path().join("readme.out")).expect("made");
    let examples = folder.path().join("readme.in/examples");
    fs::create_dir_all(&examples).expect("made");
    for name in ["announcement.txt", "channel.csv", "criteria.toml"] {
        fs::copy(original.with_file_name("examples").join(name), examples.join(name)).expect("copied");
    }
    cases().env("HOME", folder.path().display().to_string()).env("XDG_DATA_HOME", "").case(&page).run();
}
