//! Reads answers from options and files, and records them.

use std::path::Path;

use crate::app::exit::BadFile;
use crate::commands::proposals::LoadedPartner;
use crate::import::{AnswerScope, TypedAnswers};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::criteria::{AssessRequest, assess};
use crate::lifecycle::program::Program;
use crate::lifecycle::rule::Decision;
use crate::store::InForce;

/// Proposes answers for a partner, each with its questionnaire.
///
/// # Errors
/// Refusals.
pub(crate) fn record_answers(
    loaded: &mut LoadedPartner,
    in_force: &InForce,
    answers: &TypedAnswers,
) -> anyhow::Result<()> {
    let requests: Vec<AssessRequest> = answers
        .questionnaires(&in_force.program)
        .into_iter()
        .map(|questionnaire| AssessRequest {
            questionnaire,
            version: in_force.number,
            answers: &answers.answers,
            evidence: &answers.evidence,
        })
        .collect();
    let decision = assess(loaded.facts(), &requests)?;
    let newest = requests.iter().filter_map(|one| loaded.latest().assessment(&one.questionnaire.key));
    let later = newest.map(|one| one.day).filter(|day| *day > loaded.facts().day).max();
    let is_new = matches!(decision, Decision::Record(_));
    loaded.take(decision)?;
    if let Some(day) = later.filter(|_| is_new) {
        loaded.add_note(format!("the answers of {day} remain the current ones"));
    }
    Ok(())
}

/// Reads everything that was answered, by file and by options; an option wins if both answer.
///
/// # Errors
/// [`Error`] for invalid answers, and if neither the file nor the options have any.
pub(crate) fn read_answers(
    scope: AnswerScope,
    file: Option<(&Path, &str)>,
    answers: &[String],
    evidence: &[String],
) -> Result<TypedAnswers, Error> {
    let by_option = answers_by_option(scope, answers, evidence)?;
    let Some((file, text)) = file else {
        return Ok(by_option);
    };
    let mut all = TypedAnswers::read(text, scope)
        .map_err(|problems| Error::input(BadFile { file: file.display().to_string(), problems }))?;
    all.answers.extend(by_option.answers);
    all.evidence.extend(by_option.evidence);
    if all == TypedAnswers::default() {
        let why = format!("`{}` contains no answer", file.display());
        return Err(
            Error::input(why).hint("write QUESTION = ANSWER for each; in a template, remove the # before it")
        );
    }
    Ok(all)
}

/// Reads answers to the questionnaire of business reviews.
///
/// # Errors
/// [`Error`] for answers that cannot be understood, and if the program has no such questionnaire.
pub(crate) fn review_answers(program: &Program, typed: &[String]) -> Result<TypedAnswers, Error> {
    if typed.is_empty() {
        return Ok(TypedAnswers::default());
    }
    let only = program.review.as_deref().and_then(|key| program.questionnaire(key)).ok_or_else(|| {
        Error::usage("the program has no review questionnaire")
            .hint("add [planning] with review = \"KEY\", and a [[questionnaire]] with this key")
    })?;
    answers_by_option(AnswerScope { program, only: Some(only) }, typed, &[])
}

/// Reads answers and evidence from options.
fn answers_by_option(
    asked: AnswerScope,
    answers: &[String],
    evidence: &[String],
) -> Result<TypedAnswers, Error> {
    let mut answered = TypedAnswers::default();
    let mut faults = Vec::new();
    for (option, pairs) in [("--answer", answers), ("--evidence", evidence)] {
        for pair in pairs {
            let done = match pair.split_once('=') {
                None => Err(format!("write it as {option} QUESTION=VALUE")),
                Some((key, value)) if option == "--answer" => answered.answer(asked, key.trim(), value),
                Some((key, value)) => answered.prove(asked, key.trim(), value),
            };
            faults.extend(done.err().map(|why| format!("{option} {pair}: {why}")));
        }
    }
    if faults.is_empty() { Ok(answered) } else { Err(Error::usage(faults.join("\n  "))) }
}
