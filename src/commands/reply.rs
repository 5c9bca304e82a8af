//! One question on a terminal: the prompt that fits its type, and what was said to it.

use unicode_width::UnicodeWidthStr;

use crate::domain::questionnaire::{Question, Questionnaire, Value};
use crate::prompt::{Prompt, choice_width};

pub const UNKNOWN: &str = "(not known yet)";
const BACK: &str = "< back";
pub const STOP: &str = "stop here, keep the answers";

/// What was said to one question.
pub enum Reply {
    Answer(String),
    Unknown,
    Back,
    Stop,
}

pub fn one_of(prompt: &Prompt, options: &[&str], default: &str) -> anyhow::Result<Reply> {
    let choices: Vec<&str> = options.iter().copied().chain([UNKNOWN, BACK, STOP]).collect();
    list_long(prompt, options)?;
    let known = options.iter().position(|option| *option == default).unwrap_or(options.len());
    Ok(match prompt.pick("Answer", &choices, known)?.map(|at| choices[at]) {
        None | Some(STOP) => Reply::Stop,
        Some(BACK) => Reply::Back,
        Some(UNKNOWN) => Reply::Unknown,
        Some(option) => Reply::Answer(option.to_owned()),
    })
}

pub fn any_of(prompt: &Prompt, options: &[&str], known: Option<&Value>) -> anyhow::Result<Reply> {
    let choices: Vec<&str> = options.iter().copied().chain([UNKNOWN, BACK, STOP]).collect();
    list_long(prompt, options)?;
    let chosen = |option: &&str| match known {
        Some(Value::Choices(chosen)) => chosen.iter().any(|one| one == option),
        _ => *option == UNKNOWN,
    };
    let marked: Vec<bool> = choices.iter().map(chosen).collect();
    prompt.tell("  Space marks, Enter confirms.")?;
    let Some(places) = prompt.mark("Answer", &choices, &marked)? else {
        return Ok(Reply::Stop);
    };
    let marked: Vec<&str> = places.into_iter().map(|at| choices[at]).collect();
    let answer: Vec<&str> = marked.iter().copied().filter(|one| options.contains(one)).collect();
    Ok(match () {
        () if marked.contains(&STOP) => Reply::Stop,
        () if marked.contains(&BACK) => Reply::Back,
        () if !answer.is_empty() => Reply::Answer(answer.join(", ")),
        () if marked.contains(&UNKNOWN) => Reply::Unknown,
        () => Reply::Answer("none of these".to_owned()),
    })
}

/// Lists options in full, where a list to choose from would cut one.
fn list_long(prompt: &Prompt, options: &[&str]) -> anyhow::Result<()> {
    if options.iter().any(|option| option.width() > choice_width()) {
        for option in options {
            prompt.tell(&format!("  - {option}"))?;
        }
    }
    Ok(())
}

pub fn line(
    prompt: &Prompt,
    questionnaire: &Questionnaire,
    question: &Question,
    default: &str,
) -> anyhow::Result<Reply> {
    let enter = if default.is_empty() { "Enter alone: not known yet." } else { ":skip: not known any more." };
    let expected = question.expects(questionnaire.currency);
    prompt.tell(&format!("  Type {expected}. {enter} :back, :stop"))?;
    loop {
        let typed = prompt.line("Answer", default)?;
        match typed.trim() {
            "" | ":skip" => return Ok(Reply::Unknown),
            ":back" => return Ok(Reply::Back),
            ":stop" => return Ok(Reply::Stop),
            answer => match question.read(answer, questionnaire.currency) {
                Ok(_) => return Ok(Reply::Answer(answer.to_owned())),
                Err(why) => prompt.tell(&format!("  {why}"))?,
            },
        }
    }
}
