//! The house is in order: floors import downwards only, the core touches nothing, no room is crowded.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Modules by floor, from the ground up; a module may import from its own floor's module and from below.
const FLOORS: [&[&str]; 7] = [
    &["analysis", "lifecycle"],
    &["store"],
    &["text"],
    &["report"],
    &["export", "import", "render"],
    &["app"],
    &["cli", "commands"],
];

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("readable")
}

/// The module of the first level that a source belongs to.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(ROOT).join("src")).expect("a source");
    let first = inside.components().next().expect("a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn imports_run_downwards_only() {
    for path in sources("src") {
        let own = module(&path);
        let Some(own_floor) = floor(&own) else {
            assert!(["lib", "main"].contains(&own.as_str()), "{own} has no floor");
            continue;
        };
        for (number, line) in read(&path).lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = floor(&name) else { continue };
                let fine = name == own || other < own_floor || (other == own_floor && own_floor >= 5);
                assert!(fine, "{}:{}: {own} imports {name}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn the_core_touches_nothing_of_the_world() {
    let forbidden = [
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "std::time",
        "rusqlite",
        "clap::",
        "dialoguer",
        "comfy_table",
        "::now()",
        "println!",
        "print!",
    ];
    for path in sources("src/lifecycle").into_iter().chain(sources("src/analysis")) {
        let text = read(&path);
        for word in forbidden {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn only_the_store_speaks_sql_and_only_reports_know_what_is_shown() {
    for path in sources("src") {
        let own = module(&path);
        let text = read(&path);
        if own != "store" && own != "app" {
            assert!(!text.contains("rusqlite"), "{} has rusqlite", path.display());
        }
        if own != "render" && own != "app" {
            assert!(!text.contains("comfy_table"), "{} draws a table", path.display());
        }
        if own != "app" {
            assert!(!text.contains("dialoguer"), "{} asks by itself", path.display());
        }
    }
}

#[test]
fn no_file_is_crowded() {
    for path in sources("src").into_iter().chain(sources("tests")) {
        let lines = read(&path).lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
    }
}

#[test]
fn every_module_begins_with_what_it_is_for() {
    for path in sources("src") {
        // A command's file begins with its options, whose comments are its help.
        let is_command = module(&path) == "commands";
        let is_main = path.ends_with("main.rs");
        let text = read(&path);
        assert!(is_command || is_main || text.starts_with("//!"), "{} does not say", path.display());
    }
}

#[test]
fn the_readme_names_every_exit_code_and_every_verb() {
    let readme = read(&Path::new(ROOT).join("README.md"));
    for code in ["0", "1", "2", "3", "4", "5", "6", "7", "130"] {
        assert!(readme.contains(&format!("| {code} |")), "exit code {code} is not in the README");
    }
    for verb in <chanlife::cli::Cli as clap::CommandFactory>::command().get_subcommands() {
        let name = format!("`{}", verb.get_name());
        let called = format!("chanlife {}", verb.get_name());
        assert!(
            readme.contains(&name) || readme.contains(&called),
            "{} is not in the README",
            verb.get_name()
        );
    }
}
