//! What is wrong with a command line, as an error of ours: one sentence, and hints.

use std::ffi::OsString;
use std::num::ParseIntError;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{listed, nearest, phrase, shortened};

/// The words in capitals that stand in help and hints for what the user is to type, and what that is.
const PLACEHOLDERS: [(&str, &str); 13] = [
    ("ACTIVITY", "the activity"),
    ("AMOUNT", "an amount such as 1234.56"),
    ("DATE", "a date such as 2026-11-23"),
    ("EVENT", "the number of an event"),
    ("NAME", "the name"),
    ("NUMBER", "the number"),
    ("OUTCOME", "`recover`, `lower-tier`, `self-service` or `leave`"),
    ("PARTNER", "the partner"),
    ("PERSON", "the name of the person"),
    ("PROOF", "the proof, such as \"invoice 88\""),
    ("REASON", "the reason"),
    ("TEXT", "the text"),
    ("VALUE", "the value"),
];

/// Returns the error of a word that was pasted from help or from a hint and not replaced.
pub(crate) fn placeholder(words: &[String]) -> Option<Error> {
    let unreplaced = |word: &String| {
        let value = word.rsplit('=').next().unwrap_or(word);
        PLACEHOLDERS.into_iter().find(|(placeholder, _)| *placeholder == value)
    };
    let (placeholder, what) = words.iter().find_map(unreplaced)?;
    Some(Error::usage(format!("replace {placeholder} with {what}")))
}

/// The options that a variable can set.
const VARIABLES: [(&str, &str); 6] = [
    ("--actor", "CHANLIFE_ACTOR"),
    ("--db", "CHANLIFE_DB"),
    ("--format", "CHANLIFE_FORMAT"),
    ("--no-input", "CHANLIFE_NO_INPUT"),
    ("--today", "CHANLIFE_TODAY"),
    ("--wait", "CHANLIFE_WAIT"),
];

/// Returns the variable that set the option which an error begins with, if the command line does not have the option.
pub(crate) fn variable_of(why: &str, words: &[OsString]) -> Option<&'static str> {
    let (option, variable) =
        VARIABLES.into_iter().find(|(option, _)| why.starts_with(&format!("{option}:")))?;
    let typed = words.iter().any(|word| word.to_string_lossy().starts_with(option));
    (!typed).then_some(variable)
}

/// Returns what is wrong with a command line. `guesses` are words that users guess, behind the group in which they do, each
/// with a command to use; the nearest by spelling would mislead.
pub(crate) fn usage_error(error: &clap::Error, words: &[String], guesses: &[(&str, &str)]) -> Error {
    let argument = || option_name(&text(error, ContextKind::InvalidArg));
    let value = shortened(&text(error, ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidSubcommand => unknown_command(error, words, guesses),
        ErrorKind::UnknownArgument => unknown_argument(error, words),
        ErrorKind::TooManyValues if argument().starts_with('-') => {
            Error::usage(format!("{} takes no value", argument()))
        }
        ErrorKind::TooManyValues => unexpected_word(&value, words),
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            let wanted = number(error, ContextKind::ExpectedNumValues)
                .or_else(|| number(error, ContextKind::MinValues))
                .unwrap_or(1);
            Error::usage(format!("{} needs {wanted} values", argument()))
        }
        ErrorKind::InvalidValue if value.is_empty() => Error::usage(format!("{} needs a value", argument())),
        ErrorKind::InvalidValue => {
            let valid = texts(error, ContextKind::ValidValue);
            let failure = Error::usage(format!("{}: `{value}` is not one of {}", argument(), listed(&valid)));
            did_you_mean(failure, &value, &texts(error, ContextKind::SuggestedValue))
        }
        ErrorKind::ValueValidation => invalid_value(error, &argument(), &value),
        ErrorKind::MissingRequiredArgument => missing_arguments(&texts(error, ContextKind::InvalidArg)),
        ErrorKind::ArgumentConflict => conflict(&argument(), &texts(error, ContextKind::PriorArg), words),
        _ => Error::usage(first_line(error)),
    }
}

/// Returns the error of a value that cannot be read.
fn invalid_value(error: &clap::Error, argument: &str, value: &str) -> Error {
    let Some(why) = std::error::Error::source(error) else {
        return Error::usage(format!("{argument}: `{value}` is not valid"));
    };
    if why.is::<ParseIntError>() {
        let least = if value.starts_with('-') { ", 0 or more" } else { "" };
        return Error::usage(format!("{argument}: `{value}` is not a whole number{least}"));
    }
    let why = why.to_string();
    if why == "value was not a boolean" {
        return Error::usage(format!("{argument}: `{value}` is neither yes nor no"));
    }
    match why.split_once(" is not in ").and_then(|(_, range)| range.split_once("..=")) {
        Some((least, most)) => {
            Error::usage(format!("{argument}: `{value}` is not a whole number from {least} to {most}"))
        }
        None => Error::usage(format!("{argument}: {why}")),
    }
}

/// What the names of arguments in the help stand for, if it is not the name itself.
const NOUNS: [(&str, &str); 7] = [
    ("ACTION", "number of the action item"),
    ("BROKEN", "damaged database"),
    ("FILE|FOLDER", "file or folder"),
    ("KEY", "key of the announcement"),
    ("PEOPLE", "person"),
    ("TERM=VALUE", "term"),
    ("WHAT", "action item"),
];

/// Returns the error of arguments that are missing, each as the parser shows it: `<PARTNER>`, `--due <DATE>`.
fn missing_arguments(missing: &[String]) -> Error {
    let mut nouns: Vec<String> = Vec::new();
    for one in missing {
        if one.starts_with('-') {
            nouns.push(format!("`{}`", one.replace(['<', '>'], "")));
            continue;
        }
        for name in option_name(one).trim_end_matches(",...").split(' ') {
            let noun = NOUNS.into_iter().find(|(known, _)| *known == name);
            let noun = noun.map_or_else(|| name.to_lowercase(), |(_, noun)| noun.to_owned());
            nouns.push(format!("the {noun}"));
        }
    }
    let are = if nouns.len() == 1 { "is" } else { "are" };
    let failure = Error::usage(format!("{} {are} missing", phrase(&nouns)));
    match missing {
        [one] if one.starts_with("--target ") => {
            failure.hint("give it with --target AMOUNT, or with --quarters AMOUNT,AMOUNT,AMOUNT,AMOUNT")
        }
        [one] if one.starts_with("--rate ") => failure
            .hint("--rate 0.92 means that 1 in the currency of the sale is 0.92 in that of the program"),
        _ => failure,
    }
}

/// Returns the error of two arguments that exclude each other.
fn conflict(argument: &str, others: &[String], words: &[String]) -> Error {
    let others: Vec<String> = others.iter().map(|one| option_name(one)).collect();
    if others.iter().any(|other| other == argument) {
        return Error::usage(format!("{argument} is given twice"));
    }
    if !argument.is_empty() {
        return Error::usage(format!("{argument} cannot be used with {}", phrase(&others)));
    }
    // A word behind arguments of a group that has commands of its own.
    let failure = Error::usage(format!("unexpected word behind {}", phrase(&others)));
    match words.get(1).map(String::as_str) {
        Some("announce") => failure.hint("name one partner at a time, or choose several with --where"),
        Some("report") => failure.hint("name the report first, then its options"),
        _ => failure,
    }
}

fn unknown_command(error: &clap::Error, words: &[String], guesses: &[(&str, &str)]) -> Error {
    let verb = text(error, ContextKind::InvalidSubcommand);
    let failure = Error::usage(format!("unknown command `{}`", shortened(&verb)));
    let group = group_before(&verb, words).map_or_else(String::new, |one| format!(" {one}"));
    let guessed = format!("{group} {verb}");
    let meant = guesses.iter().filter(|(guess, _)| *guess == guessed.trim_start());
    let meant: Vec<String> = meant.map(|(_, known)| format!("`chanlife {known}`")).collect();
    if !meant.is_empty() {
        return failure.hint(format!("use {}", alternatives(&meant)));
    }
    let failure = did_you_mean(failure, &verb, &texts(error, ContextKind::SuggestedSubcommand));
    if failure.hints().is_empty() {
        let listed = if group == " report" { "reports" } else { "commands" };
        failure.hint(format!("`chanlife{group} --help` lists the {listed}"))
    } else {
        failure
    }
}

/// Joins what can be meant: "`list`, `show` or `next`".
fn alternatives(all: &[String]) -> String {
    match all {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => all.concat(),
    }
}

/// Returns the word that a command stands behind, unless that is an option or the value of one.
fn group_before<'a>(verb: &str, words: &'a [String]) -> Option<&'a str> {
    let at = words.iter().skip(1).position(|word| word == verb)?;
    let is_option = |word: &str| word.starts_with('-') && !word.contains('=');
    match words.get(..=at)? {
        [.., option, _] if is_option(option) => None,
        [_, .., group] if !group.starts_with('-') => Some(group),
        _ => None,
    }
}

fn unknown_argument(error: &clap::Error, words: &[String]) -> Error {
    let argument = text(error, ContextKind::InvalidArg);
    if argument.starts_with('-') {
        let shown = shortened(&argument);
        let at = words.iter().position(|word| word.starts_with(&argument) || word.contains(&argument));
        let before = at
            .and_then(|at| words.get(at.checked_sub(1)?))
            .filter(|word| word.starts_with('-') && word.len() > 1);
        let failure = Error::usage(format!("unknown option `{shown}`"));
        let typed = at.and_then(|at| words.get(at)).map_or(&argument, |word| word);
        return match before {
            _ if typed.starts_with("--") => {
                did_you_mean(failure, &argument, &texts(error, ContextKind::SuggestedArg))
            }
            Some(option) => {
                failure.hint(format!("if it is a value of {option}: {option}={}", shortened(typed)))
            }
            None => {
                failure.hint(format!("if it is not an option, put -- before it: -- {}", shortened(typed)))
            }
        };
    }
    unexpected_word(&argument, words)
}

fn unexpected_word(word: &str, words: &[String]) -> Error {
    let failure = Error::usage(format!("unexpected word `{}`", shortened(word)));
    let quotes = "put text with spaces in quotes, such as \"Acme GmbH\"";
    match words.get(1).map(String::as_str) {
        Some("next" | "calendar" | "list") => failure.hint(format!(
            "`chanlife show {}` shows one partner and its next step",
            shell_words::quote(word)
        )),
        Some("advance" | "back" | "resume" | "return") => {
            failure.hint(quotes).hint("name a stage with --to STAGE")
        }
        Some("correct") => {
            failure.hint("give only the number of the event; `chanlife log PARTNER` lists them")
        }
        _ => failure.hint(quotes),
    }
}

/// Adds the nearest of the words that the parser found alike, if it is near.
fn did_you_mean(failure: Error, word: &str, alike: &[String]) -> Error {
    let alike = alike.iter().map(String::as_str).filter(|one| *one != "ls");
    let near = nearest(word, alike).into_iter().find(|near| is_near(word, near));
    match near {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure,
    }
}

/// Returns whether a word can be a slip for another one, or its beginning.
fn is_near(word: &str, other: &str) -> bool {
    let slips = 1 + word.chars().count() / 5;
    word.len() > 2 && other.starts_with(word) || strsim::osa_distance(word, other) <= slips
}

/// Returns the option without the names of its values: `--on` of `--on <DATE>`, `ACTION` of `[ACTION]`.
fn option_name(shown: &str) -> String {
    let option = if shown.starts_with('-') { shown.split(' ').next().unwrap_or(shown) } else { shown };
    option.trim_end_matches("...").trim_matches(['<', '>', '[', ']']).to_owned()
}

fn text(error: &clap::Error, kind: ContextKind) -> String {
    texts(error, kind).into_iter().next().unwrap_or_default()
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn number(error: &clap::Error, kind: ContextKind) -> Option<isize> {
    match error.get(kind) {
        Some(ContextValue::Number(number)) => Some(*number),
        _ => None,
    }
}

/// Returns what the parser says itself, without its mark and its advice.
fn first_line(error: &clap::Error) -> String {
    let said = error.to_string();
    let first = said.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}
