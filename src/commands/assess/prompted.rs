//! Asks one question on a terminal, with the prompt that fits its type.

use unicode_width::UnicodeWidthStr;

use crate::app::prompt::{Prompt, choice_width};
use crate::lifecycle::criteria::{Question, Questionnaire};
use crate::text::criteria::expected_answer;

const BACK: &str = ":back";
const SKIP: &str = ":skip";
const STOP: &str = ":stop";

/// The response to one question.
pub(super) enum PromptedAnswer {
    Answer(String),
    Unknown,
    Back,
    Stop,
}

/// Asks for one of `options`, chosen from a list, also by typing a part of it.
///
/// # Errors
/// If the question was interrupted.
pub(super) fn one_of(prompt: &Prompt, options: &[&str], default: &str) -> anyhow::Result<PromptedAnswer> {
    let words = [format!("{SKIP} (unknown)"), BACK.to_owned(), format!("{STOP} (save and stop)")];
    let choices: Vec<&str> = options.iter().copied().chain(words.iter().map(String::as_str)).collect();
    if options.iter().any(|option| option.width() > choice_width()) {
        for option in options {
            Prompt::tell(&format!("  - {option}"))?;
        }
    }
    let known = options.iter().position(|option| *option == default).unwrap_or(options.len());
    Ok(match prompt.search("Answer", &choices, known)? {
        Some(at) if at < options.len() => PromptedAnswer::Answer(options[at].to_owned()),
        Some(at) if at == options.len() => PromptedAnswer::Unknown,
        Some(at) if at == options.len() + 1 => PromptedAnswer::Back,
        _ => PromptedAnswer::Stop,
    })
}

/// Asks for an answer that is typed.
///
/// # Errors
/// If the question was interrupted.
pub(super) fn line(
    prompt: &Prompt,
    questionnaire: &Questionnaire,
    question: &Question,
    default: &str,
) -> anyhow::Result<PromptedAnswer> {
    let enter = match default {
        "" => "Enter for unknown.".to_owned(),
        _ => format!("{SKIP} for unknown."),
    };
    let expected = expected_answer(&question.kind, questionnaire.currency);
    Prompt::tell(&format!("  Expected: {expected}. {enter} {BACK} or {STOP}"))?;
    let check = |typed: &str| match typed.trim() {
        "" | SKIP | BACK | STOP => Ok(()),
        answer => question.read(answer, questionnaire.currency).map(|_| ()).map_err(String::from),
    };
    let typed = prompt.line("Answer", default, check)?;
    Ok(match typed.trim() {
        "" | SKIP => PromptedAnswer::Unknown,
        BACK => PromptedAnswer::Back,
        STOP => PromptedAnswer::Stop,
        answer => PromptedAnswer::Answer(answer.to_owned()),
    })
}
