//! What shells, manuals and files are given.

use crate::support::{Desk, said};

#[test]
fn completions_know_the_partners_and_stages_of_the_open_file() {
    let desk = Desk::new();
    for name in ["Acme", "Acme Austria", "Beta"] {
        desk.ok(&["add-partner", name]);
    }
    let complete = |words: &[&str]| {
        let mut command = desk.command();
        let index = (words.len() - 1).to_string();
        command.env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", &index).env("_CLAP_IFS", "\n");
        command.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "false");
        let said = said(command.arg("--").args(words).output().expect("it starts"));
        assert_eq!(said.code, 0, "{}", said.err);
        said.out.lines().map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(complete(&["chanlife", "show", "ac"]), ["acme", "acme-austria"]);
    assert_eq!(complete(&["chanlife", "advance", "acme", "--to", "re"]), ["recruitment", "readiness"]);
    assert_eq!(complete(&["chanlife", "done", "acme", "joint-m"]), ["joint-marketing-plan"]);
    assert_eq!(complete(&["chanlife", "leave", "acme", "--as", "t"]), ["terminated"]);
    assert!(complete(&["chanlife", "re"]).contains(&"resume".to_owned()));
    std::fs::remove_file(desk.db()).expect("removed");
    assert!(complete(&["chanlife", "show", "ac"]).is_empty(), "silent without a file");
}

#[test]
fn the_ending_of_a_file_says_its_format() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    for (file, begins) in [
        ("a.csv", "key\nacme"),
        ("a.json", "{\n  \"schema\""),
        ("a.md", "# Channel program, as of 2026-11-23\n\n| Key"),
        ("a.txt", "Channel program, as of 2026-11-23\n\nKey"),
    ] {
        let said = desk.run(&["list", "--columns", "key", "-o", file]);
        assert_eq!(said.err, format!("Wrote {file}\n"));
        let text = std::fs::read_to_string(desk.folder().join(file)).expect(file);
        assert!(text.starts_with(begins), "{file}: {text}");
    }
    desk.ok(&["list", "--columns", "key", "-o", "b.csv", "--format", "json"]);
    let text = std::fs::read_to_string(desk.folder().join("b.csv")).expect("b.csv");
    assert!(text.starts_with('{'), "--format is stronger: {text}");
}

#[test]
fn each_shell_gets_a_script() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = desk.ok(&["completions", shell]);
        assert!(script.contains("COMPLETE") && script.contains("chanlife"), "{shell}: {script}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_verb() {
    let desk = Desk::empty();
    let page = desk.ok(&["man"]);
    assert!(page.contains(".TH chanlife 1") && page.contains("add\\-partner"), "{page}");
    let folder = desk.folder().display().to_string();
    desk.ok(&["man", "--dir", &folder]);
    for page in
        ["chanlife.1", "chanlife-add-partner.1", "chanlife-import-stages.1", "chanlife-program-apply.1"]
    {
        let text = std::fs::read_to_string(desk.folder().join(page)).expect(page);
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
    let new = desk.folder().join("share/man/man1");
    let said = desk.run(&["man", "--dir", &new.display().to_string()]);
    assert!(said.err.contains("share/man chanlife`"), "{}", said.err);
    assert!(new.join("chanlife.1").exists(), "a folder that is missing is made");
    let in_the_way = desk.file("page", "");
    desk.fails(2, &["man", "--dir", &format!("{in_the_way}/man1")]);
}

#[test]
fn the_help_names_every_verb_within_fifty_lines() {
    let desk = Desk::empty();
    let help = desk.ok(&["--help"]);
    assert!(help.lines().count() <= 50, "{}", help.lines().count());
    for verb in <chanlife::face::cli::Cli as clap::CommandFactory>::command().get_subcommands() {
        assert!(help.contains(verb.get_name()), "{} is missing", verb.get_name());
        let own = desk.ok(&[verb.get_name(), "--help"]);
        assert!(own.contains("Usage: chanlife"), "{own}");
    }
    assert_eq!(desk.ok(&["-h"]), help);
    assert_eq!(desk.ok(&["help"]), help);
    assert_eq!(desk.ok(&["help", "revenue", "add"]), desk.ok(&["revenue", "add", "--help"]));
}
