//! Help topics: each is printed, complete, and has a name of its own.

use chanlife::face::app::exit::Exit;
use chanlife::face::cli::{Cli, grammar};
use chanlife::face::text::help::{TOPICS, topic};
use clap::CommandFactory;

use crate::support::Desk;
use crate::tidy::sources::sources;

fn text(name: &str) -> &'static str {
    topic(name).expect("a topic").text
}

/// Lists all words of a text that could be names.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).collect()
}

#[test]
fn every_topic_is_printed_and_listed() {
    let desk = Desk::empty();
    let overview = desk.ok(&["help"]);
    let listed = overview.split("chanlife help TOPIC").nth(1).expect("the list");
    for topic in TOPICS {
        assert_eq!(desk.ok(&["help", topic.name]), topic.text);
        assert!(words(listed).contains(&topic.name), "{} is not listed", topic.name);
        for (number, line) in topic.text.lines().enumerate() {
            assert!(line.chars().count() <= 78, "{}:{}: {line}", topic.name, number + 1);
            assert!(line.trim_end() == line && !line.contains('\t'), "{}:{}: {line}", topic.name, number + 1);
        }
        assert!(topic.text.ends_with('\n') && !topic.text.ends_with("\n\n"), "{}", topic.name);
    }
}

#[test]
fn the_overview_names_every_verb_every_report_and_every_format() {
    let overview = Desk::empty().ok(&["help"]);
    let listed: Vec<&str> = words(&overview);
    let grammar = Cli::command();
    let report = grammar.find_subcommand("report").expect("the report verb");
    let formats = grammar.get_arguments().find(|argument| argument.get_id() == "format").expect("--format");
    let verbs = grammar.get_subcommands().filter(|verb| !verb.is_hide_set());
    let names = verbs.chain(report.get_subcommands()).map(|command| command.get_name().to_owned());
    let formats = formats.get_possible_values().into_iter().map(|value| value.get_name().to_owned());
    for name in names.chain(formats).filter(|name| name != "help") {
        assert!(listed.contains(&name.as_str()), "{name} is not in the overview");
    }
}

#[test]
fn no_topic_bears_the_name_of_a_verb() {
    let grammar = Cli::command();
    for topic in TOPICS {
        assert!(grammar.find_subcommand(topic.name).is_none(), "{} is a verb, too", topic.name);
    }
    let names = TOPICS.map(|topic| topic.name);
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn every_variable_of_an_option_is_in_the_topic() {
    let named: Vec<String> = Cli::command()
        .get_arguments()
        .filter_map(|option| option.get_env().map(|name| name.to_string_lossy().into_owned()))
        .collect();
    assert!(named.len() >= 6, "{named:?}");
    for name in named {
        assert!(words(text("environment")).contains(&name.as_str()), "{name} is not in the topic");
    }
}

#[test]
fn every_exit_code_is_in_the_topic() {
    let codes = [
        Exit::Done,
        Exit::Found,
        Exit::Usage,
        Exit::Partner,
        Exit::Refused,
        Exit::File,
        Exit::Input,
        Exit::Busy,
        Exit::Interrupted,
    ];
    for code in codes {
        let line = format!("\n  {:<3}  ", code as u8);
        assert!(text("exit-codes").contains(&line), "{code:?} is not in the topic");
    }
    let listed = text("exit-codes")
        .lines()
        .filter(|line| line.starts_with("  ") && line.as_bytes()[2].is_ascii_digit());
    assert_eq!(listed.count(), codes.len());
}

#[test]
fn every_setting_of_the_program_file_is_in_the_topic() {
    // Its reader asks for each key by `section.text(reader, "key")` and the like.
    let mut known = 0;
    for source in sources().iter().filter(|source| source.path.starts_with("src/lifecycle/")) {
        for call in source.text.split("reader, \"").skip(1) {
            let key = call.split('"').next().expect("the key");
            if !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
                continue;
            }
            known += 1;
            assert!(
                words(text("program-file")).contains(&key),
                "{key} of {} is not in the topic",
                source.path
            );
        }
    }
    assert!(known > 60, "only {known} settings were found");
}

#[test]
fn every_field_of_a_condition_is_in_the_topic() {
    let desk = Desk::new();
    let why = desk.fails(2, &["list", "--where", "zzzzzzzzzzzz=1"]);
    let fields = why.split("expected one of ").nth(1).expect("a list").lines().next().expect("a line");
    let fields: Vec<&str> = fields.split(", ").map(str::trim).collect();
    assert!(fields.len() >= 25, "{fields:?}");
    for field in fields {
        let line = format!("\n  {field} ");
        assert!(text("conditions").contains(&line), "{field} is not in the topic");
        desk.ok(&["list", "--where", &format!("{field}=")]);
    }
}

/// Calls `see` with each verb and its full name, those within verbs too.
fn each_verb(command: &clap::Command, path: &str, see: &mut dyn FnMut(&clap::Command, &str)) {
    for verb in command.get_subcommands() {
        let path = format!("{path} {}", verb.get_name()).trim_start().to_owned();
        see(verb, &path);
        each_verb(verb, &path, see);
    }
}

/// The command lines of a text, without comments and without what the shell does with them.
fn command_lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let commands = joined.lines().filter(|line| line.starts_with("  chanlife "));
    commands.map(|line| line.trim_start().split("   ").next().unwrap_or_default().trim().to_owned()).collect()
}

/// Says why a command line is not understood.
fn misread(grammar: &clap::Command, line: &str) -> Option<String> {
    let mut words = shell_words::split(line).expect("words of a shell");
    if let Some(end) = words.iter().position(|word| [">", "<", "|", "||"].contains(&word.as_str())) {
        words.truncate(end);
    }
    let why = grammar.clone().try_get_matches_from(&words).err()?;
    Some(format!("{line}: {why}"))
}

#[test]
fn an_example_fits_80_columns_and_has_nothing_behind_it_but_a_comment() {
    let mut wide = Vec::new();
    let mut see = |verb: &clap::Command, path: &str| {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        for line in help.lines().filter(|line| line.starts_with("  chanlife ")) {
            let behind = line.split("   ").nth(1).map(str::trim_start).unwrap_or_default();
            if line.chars().count() > 80 || !(behind.is_empty() || behind.starts_with("# ")) {
                wide.push(format!("{path}: {line}"));
            }
        }
        // The terminal breaks a paragraph; a break within it would make it ragged.
        let notes = help.split("Example").next().filter(|_| path != "completions").unwrap_or_default();
        let pairs = notes.lines().zip(notes.lines().skip(1));
        wide.extend(
            pairs
                .filter(|(one, next)| one.len() > 78 && !one.starts_with(' ') && !next.is_empty())
                .map(|(one, _)| one.to_owned()),
        );
    };
    each_verb(&grammar(), "", &mut see);
    assert!(wide.is_empty(), "{}", wide.join("\n"));
    let overview = Desk::empty().ok(&["help"]);
    let wide: Vec<&str> = overview.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn every_verb_has_examples_that_it_understands() {
    let grammar = grammar();
    let mut wrong = Vec::new();
    each_verb(&grammar, "", &mut |verb, path| {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples = command_lines(&help);
        assert!(!examples.is_empty() || path == "completions", "{path} has no example");
        wrong.extend(examples.iter().filter_map(|line| misread(&grammar, line)));
    });
    for topic in TOPICS {
        wrong.extend(command_lines(topic.text).iter().filter_map(|line| misread(&grammar, line)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_list_of_commands_in_the_manual_is_understood() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/manual/which-command.md");
    let text = std::fs::read_to_string(page).expect("a text");
    let grammar = grammar();
    let quoted =
        text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    // Some are cut off, to name a verb only.
    let whole = quoted
        .filter(|line| line.starts_with("chanlife ") && line.split(' ').count() > 3 && !line.contains("..."));
    let whole: Vec<&str> = whole.collect();
    assert!(whole.len() > 30, "{whole:?}");
    let wrong: Vec<String> = whole.iter().filter_map(|line| misread(&grammar, line)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_of_the_manual_has_examples_variables_exit_codes_and_files() {
    let desk = Desk::empty();
    let man1 = desk.folder().join("man/man1");
    desk.ok(&["man", "--dir", &man1.display().to_string()]);
    each_verb(&grammar(), "", &mut |_, path| {
        let page = man1.join(format!("chanlife-{}.1", path.replace(' ', "-")));
        let text = std::fs::read_to_string(page).expect(path);
        for section in ["NAME", "SYNOPSIS", "EXAMPLES", "ENVIRONMENT", "\"EXIT STATUS\"", "FILES"] {
            assert!(text.contains(&format!("\n.SH {section}\n")), "{path} has no {section}");
        }
        assert_eq!(text.matches("\n.SH EXAMPLES\n").count(), 1, "{path}");
    });
    for topic in TOPICS {
        let page = desk.folder().join(format!("man/man7/chanlife-{}.7", topic.name));
        let text = std::fs::read_to_string(page).expect(topic.name);
        assert!(text.starts_with(".TH") || text.contains("\n.TH"), "{text}");
    }
}
