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
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        fs::copy(&page, &original).expect("written anew");
    }
}

#[test]
fn the_readme_is_short_and_its_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("a text");
    assert!(readme.lines().count() <= 250, "{} lines", readme.lines().count());
    let pages = fs::read_dir(root.join("tests/manual"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    for page in pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(readme.contains(&format!("(tests/manual/{name})")), "the README does not lead to {name}");
        let text = fs::read_to_string(&page).expect("a text");
        assert!(
            text.lines().nth(2).is_some_and(|line| line.starts_with("This page ")),
            "{name} does not say what for"
        );
        for (folder, text) in [(root.to_owned(), &readme), (root.join("tests/manual"), &text)] {
            for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                assert!(folder.join(link).exists(), "{name}: {link} is not there");
            }
        }
    }
}

#[test]
fn every_verb_and_report_is_executed_in_the_manual() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("tests/manual"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let sessions: String = pages
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| fs::read_to_string(path).expect("a text"))
        .collect();
    let commands: Vec<&str> = sessions.lines().filter_map(|line| line.strip_prefix("$ chanlife ")).collect();
    let grammar = chanlife::face::cli::grammar();
    let mut missing = Vec::new();
    for verb in grammar.get_subcommands() {
        let inner: Vec<&str> = verb.get_subcommands().map(clap::Command::get_name).collect();
        let called =
            |name: &str| commands.iter().any(|line| *line == name || line.starts_with(&format!("{name} ")));
        let names = inner.iter().map(|inner| format!("{} {inner}", verb.get_name()));
        missing.extend(names.chain([verb.get_name().to_owned()]).filter(|name| !called(name)));
    }
    assert!(missing.is_empty(), "no session has {}", missing.join(", "));
}
