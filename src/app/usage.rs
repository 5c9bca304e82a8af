//! What the option parser finds wrong with a command line, as an error of ours: one sentence, and hints.

use std::num::ParseIntError;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{listed, shortened};

/// Returns what is wrong with a command line. `guesses` are words that users guess, each with the verb to use; the
/// nearest by spelling would mislead.
pub(crate) fn usage_error(error: &clap::Error, words: &[String], guesses: &[(&str, &str)]) -> Error {
    let argument = || option_name(&text(error, ContextKind::InvalidArg));
    let value = shortened(&text(error, ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidSubcommand => unknown_command(error, guesses),
        ErrorKind::UnknownArgument => unknown_argument(error, words),
        ErrorKind::InvalidValue if value.is_empty() => Error::usage(format!("{} needs a value", argument())),
        ErrorKind::InvalidValue => {
            let valid = texts(error, ContextKind::ValidValue);
            let failure =
                Error::usage(format!("{}: `{value}` is not one of {}", argument(), valid.join(", ")));
            did_you_mean(failure, &texts(error, ContextKind::SuggestedValue))
        }
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(why) if why.is::<ParseIntError>() => {
                Error::usage(format!("{}: `{value}` is not a whole number", argument()))
            }
            Some(why) => Error::usage(format!("{}: {why}", argument())),
            None => Error::usage(format!("{}: `{value}` is not valid", argument())),
        },
        ErrorKind::MissingRequiredArgument => {
            let missing: Vec<String> = texts(error, ContextKind::InvalidArg);
            let are = if missing.len() == 1 { "is" } else { "are" };
            Error::usage(format!("{} {are} missing", listed(&missing)))
        }
        ErrorKind::ArgumentConflict => {
            let other = texts(error, ContextKind::PriorArg);
            let other: Vec<String> = other.iter().map(|one| option_name(one)).collect();
            Error::usage(format!("{} cannot be used with {}", argument(), other.join(" and ")))
        }
        _ => Error::usage(first_line(error)),
    }
}

fn unknown_command(error: &clap::Error, guesses: &[(&str, &str)]) -> Error {
    let verb = text(error, ContextKind::InvalidSubcommand);
    let failure = Error::usage(format!("unknown command `{}`", shortened(&verb)));
    match guesses.iter().find(|(guess, _)| *guess == verb) {
        Some((_, known)) => failure.hint(format!("use `chanlife {known}`")),
        None => did_you_mean(failure, &texts(error, ContextKind::SuggestedSubcommand)),
    }
}

fn unknown_argument(error: &clap::Error, words: &[String]) -> Error {
    let argument = text(error, ContextKind::InvalidArg);
    if argument.starts_with('-') {
        let failure = Error::usage(format!("unknown option `{}`", shortened(&argument)));
        return did_you_mean(failure, &texts(error, ContextKind::SuggestedArg));
    }
    let failure = Error::usage(format!("unexpected word `{}`", shortened(&argument)));
    let quotes = "put text with spaces in quotes, such as \"Acme GmbH\"";
    match words.get(1).map(String::as_str) {
        Some("advance" | "back" | "resume" | "return") => {
            failure.hint(quotes).hint("name a stage with --to STAGE")
        }
        Some("correct") => {
            failure.hint("give only the number of the event; `chanlife log PARTNER` lists them")
        }
        _ => failure.hint(quotes),
    }
}

fn did_you_mean(failure: Error, near: &[String]) -> Error {
    if near.is_empty() {
        failure
    } else {
        failure.hint(format!("did you mean {}?", quoted(near).join(" or ")))
    }
}

fn quoted(words: &[String]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
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

/// Returns what the parser says itself, without its mark and its advice.
fn first_line(error: &clap::Error) -> String {
    let said = error.to_string();
    let first = said.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}
