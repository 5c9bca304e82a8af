//! From the `[[questionnaire]]` sections of a program to valid questionnaires, or to everything wrong with them.

use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text;
use crate::lifecycle::criteria::answer::{AnswerKind, decimal};
use crate::lifecycle::criteria::condition::{AnswerCondition, Compared};
use crate::lifecycle::criteria::fault::CriteriaFault;
use crate::lifecycle::criteria::parse_kind::{read_kind, score};
use crate::lifecycle::criteria::questionnaire::{Actual, Question, Questionnaire, Side};
use crate::lifecycle::criteria::verdict::CutOffs;
use crate::lifecycle::program::applies::Applies;

/// The most questions that one questionnaire may have.
const QUESTION_LIMIT: usize = 200;
/// Words that answers files use for something else, so that no question can have them.
const RESERVED: [&str; 1] = ["evidence"];

/// What questionnaires are checked against.
pub(crate) struct CriteriaScope<'s> {
    pub stages: &'s [&'s str],
    pub currency: Currency,
    /// Those that hold if a questionnaire has none of its own.
    pub cut_offs: Option<CutOffs>,
}

/// Keys that are taken.
#[derive(Default)]
struct Taken {
    questionnaires: HashSet<String>,
    questions: HashSet<String>,
}

/// Reads all `[[questionnaire]]` sections, in the order of the file.
pub(crate) fn read_questionnaires(
    root: &mut Section,
    reader: &mut TomlReader,
    scope: &CriteriaScope,
) -> Vec<Questionnaire> {
    let mut taken = Taken::default();
    let sections = root.tables(reader, "questionnaire");
    sections.into_iter().filter_map(|section| read_one(section, reader, scope, &mut taken)).collect()
}

/// Reads `fail_below` and `pass_above`, if both are given.
pub(crate) fn read_cut_offs(section: &mut Section, reader: &mut TomlReader) -> Option<CutOffs> {
    let fail_below = score(section, reader, "fail_below");
    let pass_above = score(section, reader, "pass_above");
    match (fail_below, pass_above) {
        (Some(fail), Some(pass)) if fail.value > pass.value => {
            let (fail_below, pass_above) = (fail.value, pass.value);
            reader.fault(&fail.span, CriteriaFault::CutOffsReversed { fail_below, pass_above });
            None
        }
        (Some(fail), Some(pass)) => Some(CutOffs { fail_below: fail.value, pass_above: pass.value }),
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            reader.fault(&one.span, CriteriaFault::OneCutOff);
            None
        }
    }
}

fn read_one(
    mut section: Section,
    reader: &mut TomlReader,
    scope: &CriteriaScope,
    taken: &mut Taken,
) -> Option<Questionnaire> {
    let key = read_key(&mut section, reader, "questionnaire", &mut taken.questionnaires);
    let stage = section.required_text(reader, "stage");
    if let Some(stage) = stage.as_ref().filter(|stage| !scope.stages.contains(&stage.value.as_str())) {
        let known = scope.stages.iter().map(|&stage| stage.to_owned()).collect();
        reader.fault(&stage.span, CriteriaFault::NoSuchStage { stage: stage.value.clone(), known });
    }
    let side = read_side(&mut section, reader);
    let title = section.text(reader, "title");
    let applies = Applies::read(&mut section, reader);
    let own_cut_offs = read_cut_offs(&mut section, reader);
    let mut questions: Vec<Question> = Vec::new();
    let sections = section.tables(reader, "question");
    if sections.is_empty() || sections.len() > QUESTION_LIMIT {
        let (title, questions) = (section.title().to_owned(), sections.len());
        let fault = CriteriaFault::QuestionCount { section: title, questions, limit: QUESTION_LIMIT };
        reader.fault(section.span(), fault);
    }
    let mut all_read = true;
    for question in sections {
        match read_question(question, reader, scope, taken, &questions) {
            Some(question) => questions.push(question),
            None => all_read = false,
        }
    }
    let counts = questions.iter().any(|question| !question.weight.is_zero());
    let always = questions.iter().any(|question| !question.weight.is_zero() && question.ask_if.is_empty());
    if all_read && counts && !always {
        let fault = CriteriaFault::NoScoreForSure { section: section.title().to_owned() };
        reader.fault(section.span(), fault);
    }
    let cut_offs = own_cut_offs.or(scope.cut_offs).filter(|_| counts);
    if counts && cut_offs.is_none() && reader.clean() {
        let fault = CriteriaFault::NoCutOffs { section: section.title().to_owned() };
        reader.fault(section.span(), fault);
    }
    section.finish(reader);
    let key = key?.value;
    Some(Questionnaire {
        title: title.map_or_else(|| key.clone(), |title| title.value),
        key,
        stage: stage?.value,
        side: side?,
        applies,
        cut_offs,
        questions,
        currency: scope.currency,
    })
}

fn read_key(
    section: &mut Section,
    reader: &mut TomlReader,
    noun: &'static str,
    taken: &mut HashSet<String>,
) -> Option<Located<String>> {
    let key = section.required_text(reader, "key")?;
    section.rename(format!("{noun} `{}`", key.value));
    reader.keep_place(noun, &key);
    let a_letter = key.value.contains(|c: char| c.is_ascii_lowercase());
    if !text::is_key(&key.value) || !a_letter {
        let near = if a_letter { text::slug(&key.value) } else { format!("{noun}-1") };
        reader.fault(&key.span, CriteriaFault::Key { key: key.value.clone(), near });
    } else if RESERVED.contains(&key.value.as_str()) {
        reader.fault(&key.span, CriteriaFault::ReservedKey { noun, key: key.value.clone() });
    } else if !taken.insert(key.value.clone()) {
        reader.fault(&key.span, CriteriaFault::KeyTwice { noun, key: key.value.clone() });
    }
    Some(key)
}

fn read_side(section: &mut Section, reader: &mut TomlReader) -> Option<Side> {
    let word = section.required_text(reader, "side")?;
    let side = Side::ALL.into_iter().find(|side| side.word() == word.value);
    if side.is_none() {
        reader.fault(&word.span, CriteriaFault::Side { word: word.value });
    }
    side
}

fn read_question(
    mut section: Section,
    reader: &mut TomlReader,
    scope: &CriteriaScope,
    taken: &mut Taken,
    earlier: &[Question],
) -> Option<Question> {
    let key = read_key(&mut section, reader, "question", &mut taken.questions);
    let text = section.prose(reader, "text");
    if text.is_none() {
        let fault = CriteriaFault::NoQuestionText { section: section.title().to_owned() };
        reader.fault(section.span(), fault);
    }
    let help = section.prose(reader, "help");
    let evidence = section.prose(reader, "evidence");
    let weight = read_weight(&mut section, reader);
    let kind = read_kind(&mut section, reader, scope.currency, earlier);
    let actual = read_actual(&mut section, reader, kind.as_ref());
    let musts = section.texts_or_text(reader, "must");
    let ask_if = section.texts_or_text(reader, "ask_if");
    let has_worth = kind.as_ref().is_none_or(has_worth);
    if let Some(weight) = weight.as_ref().filter(|weight| !weight.value.is_zero() && !has_worth) {
        let section = section.title().to_owned();
        reader.fault(&weight.span, CriteriaFault::WeightWithoutScore { section, kind: kind.clone() });
    }
    section.finish(reader);
    let mut question = Question {
        key: key?.value,
        text: text?,
        help,
        evidence,
        kind: kind?,
        actual,
        weight: weight.map_or(Decimal::ZERO, |weight| weight.value),
        musts: Vec::new(),
        ask_if: Vec::new(),
    };
    question.ask_if = read_conditions(ask_if, None, reader, scope.currency, earlier);
    question.musts = read_conditions(musts, Some(&question), reader, scope.currency, earlier);
    Some(question)
}

/// Reads conditions; `own` is the question that they are about if they name none.
fn read_conditions(
    written: Vec<Located<String>>,
    own: Option<&Question>,
    reader: &mut TomlReader,
    currency: Currency,
    earlier: &[Question],
) -> Vec<AnswerCondition> {
    let own = own.map(compared);
    let find = |key: &str| {
        own.filter(|own| own.key == key)
            .or_else(|| earlier.iter().find(|question| question.key == key).map(compared))
    };
    let mut conditions = Vec::new();
    for one in written {
        match AnswerCondition::parse(&one.value, own, currency, find) {
            Ok(condition) if own.is_some_and(|own| !condition.can_hold(own)) => {
                reader.fault(&one.span, CriteriaFault::NeverMet { condition: one.value });
            }
            Ok(condition) => {
                if find(&condition.question).is_some_and(|of| !condition.can_hold(of)) {
                    reader.vain(&one.span, CriteriaFault::NeverMet { condition: one.value });
                }
                conditions.push(condition);
            }
            Err(fault) => reader.fault(&one.span, CriteriaFault::Condition(fault)),
        }
    }
    conditions
}

fn compared(question: &Question) -> Compared<'_> {
    Compared { key: &question.key, kind: &question.kind }
}

fn read_actual(section: &mut Section, reader: &mut TomlReader, kind: Option<&AnswerKind>) -> Option<Actual> {
    let word = section.text(reader, "actual")?;
    let money = kind.is_none_or(|kind| matches!(kind, AnswerKind::Money(_)));
    if word.value != "revenue-12m" || !money {
        reader.fault(&word.span, CriteriaFault::Actual { word: word.value });
        return None;
    }
    Some(Actual::Revenue12Months)
}

fn has_worth(kind: &AnswerKind) -> bool {
    match kind {
        AnswerKind::YesNo { .. } | AnswerKind::Scale { .. } => true,
        // Options in a list, without a worth, are all worth nothing.
        AnswerKind::Choice(options) | AnswerKind::MultiChoice(options) => {
            options.iter().any(|(_, worth)| !worth.is_zero())
        }
        AnswerKind::Number(measure) | AnswerKind::Percent(measure) | AnswerKind::Money(measure) => {
            measure.worth.is_some()
        }
        AnswerKind::Date | AnswerKind::Text => false,
    }
}

fn read_weight(section: &mut Section, reader: &mut TomlReader) -> Option<Located<Decimal>> {
    let written = section.decimal(reader, "weight")?;
    let weight =
        decimal(&written.value).filter(|weight| !weight.is_sign_negative() && *weight <= 1000.into());
    if weight.is_none() {
        reader.fault(&written.span, CriteriaFault::Weight { written: written.value.clone() });
    }
    Some(Located { value: weight?, span: written.span })
}
