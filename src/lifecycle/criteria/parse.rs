//! From the `[[questionnaire]]` sections of a program to valid questionnaires, or to everything wrong with them.

use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::criteria::answer::decimal;
use crate::lifecycle::criteria::condition::Condition;
use crate::lifecycle::criteria::parse_kind::{read_kind, score};
use crate::lifecycle::criteria::questionnaire::{Actual, Kind, Question, Questionnaire, Side};
use crate::lifecycle::criteria::verdict::CutOffs;

/// The most questions that one questionnaire may have.
const QUESTION_LIMIT: usize = 200;
/// Words that answers files use for something else, so that no question can have them.
const RESERVED: [&str; 1] = ["evidence"];

/// What questionnaires are checked against.
pub(crate) struct Scope<'s> {
    pub stages: &'s [&'s str],
    pub currency: Currency,
    /// Those that hold where a questionnaire has none of its own.
    pub cut_offs: Option<CutOffs>,
}

/// Keys that are taken.
#[derive(Default)]
struct Taken {
    questionnaires: HashSet<String>,
    questions: HashSet<String>,
}

/// All `[[questionnaire]]` sections, in the order of the file.
pub(crate) fn read_questionnaires(
    root: &mut Section,
    reader: &mut TomlReader,
    scope: &Scope,
) -> Vec<Questionnaire> {
    let mut taken = Taken::default();
    let sections = root.tables(reader, "questionnaire");
    sections.into_iter().filter_map(|section| read_one(section, reader, scope, &mut taken)).collect()
}

/// `fail_below` and `pass_above`, where both are there.
pub(crate) fn read_cut_offs(section: &mut Section, reader: &mut TomlReader) -> Option<CutOffs> {
    let fail_below = score(section, reader, "fail_below");
    let pass_above = score(section, reader, "pass_above");
    match (fail_below, pass_above) {
        (Some(fail), Some(pass)) if fail.value > pass.value => {
            let what = format!("fail_below is {}, above pass_above, which is {}", fail.value, pass.value);
            reader.report(
                &fail.span,
                what,
                "write fail_below = 60 and pass_above = 75, or other scores in this order",
            );
            None
        }
        (Some(fail), Some(pass)) => Some(CutOffs { fail_below: fail.value, pass_above: pass.value }),
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            let what = "only one of fail_below and pass_above is there".to_owned();
            reader.report(&one.span, what, "write both, such as fail_below = 60 and pass_above = 75");
            None
        }
    }
}

fn read_one(
    mut section: Section,
    reader: &mut TomlReader,
    scope: &Scope,
    taken: &mut Taken,
) -> Option<Questionnaire> {
    let key = read_key(&mut section, reader, "questionnaire", &mut taken.questionnaires);
    let stage = section.required_text(reader, "stage");
    if let Some(stage) = stage.as_ref().filter(|stage| !scope.stages.contains(&stage.value.as_str())) {
        let what = format!("there is no stage `{}`", stage.value);
        reader.report(&stage.span, what, format!("write one of {}", listed(scope.stages)));
    }
    let side = read_side(&mut section, reader);
    let title = section.text(reader, "title");
    let own_cut_offs = read_cut_offs(&mut section, reader);
    let mut questions: Vec<Question> = Vec::new();
    let sections = section.tables(reader, "question");
    if sections.is_empty() || sections.len() > QUESTION_LIMIT {
        let what = format!(
            "{} has {} questions, expected from 1 to {QUESTION_LIMIT}",
            section.title(),
            sections.len()
        );
        reader.report(section.span(), what, "add [[questionnaire.question]] with a key, a text and a type");
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
        let what = format!(
            "every question of {} that counts has ask_if, so that there may be no score",
            section.title()
        );
        reader.report(section.span(), what, "give a weight to a question that is always asked");
    }
    let cut_offs = own_cut_offs.or(scope.cut_offs).filter(|_| counts);
    if counts && cut_offs.is_none() && reader.clean() {
        let what = format!("questions of {} count, but no score passes or fails", section.title());
        reader.report(section.span(), what, "add [verdict] with fail_below = 60 and pass_above = 75");
    }
    section.finish(reader);
    let key = key?.value;
    Some(Questionnaire {
        title: title.map_or_else(|| key.clone(), |title| title.value),
        key,
        stage: stage?.value,
        side: side?,
        cut_offs,
        questions,
        currency: scope.currency,
    })
}

fn read_key(
    section: &mut Section,
    reader: &mut TomlReader,
    noun: &str,
    taken: &mut HashSet<String>,
) -> Option<Located<String>> {
    let key = section.required_text(reader, "key")?;
    section.rename(format!("{noun} `{}`", key.value));
    let a_letter = key.value.contains(|c: char| c.is_ascii_lowercase());
    if !text::is_key(&key.value) || !a_letter {
        let what = format!("`{}` can't be a key", key.value);
        let near = if a_letter { text::slug(&key.value) } else { format!("{noun}-1") };
        let remedy = format!("use lower-case letters, digits and dashes: `{near}`");
        reader.report(&key.span, what, remedy);
    } else if RESERVED.contains(&key.value.as_str()) {
        let what = format!("`{}` is a word of its own and can't be a {noun}", key.value);
        reader.report(&key.span, what, "choose another key");
    } else if !taken.insert(key.value.clone()) {
        let what = format!("{noun} `{}` is declared twice", key.value);
        reader.report(&key.span, what, format!("give each {noun} of the program a key of its own"));
    }
    Some(key)
}

fn read_side(section: &mut Section, reader: &mut TomlReader) -> Option<Side> {
    let word = section.required_text(reader, "side")?;
    let side = Side::ALL.into_iter().find(|side| side.word() == word.value);
    if side.is_none() {
        let what = format!("side is `{}`", word.value);
        reader.report(
            &word.span,
            what,
            "write \"vendor\" where you judge the partner, \"partner\" where it judges you",
        );
    }
    side
}

fn read_question(
    mut section: Section,
    reader: &mut TomlReader,
    scope: &Scope,
    taken: &mut Taken,
    earlier: &[Question],
) -> Option<Question> {
    let key = read_key(&mut section, reader, "question", &mut taken.questions);
    let text = section.prose(reader, "text");
    if text.is_none() {
        let what = format!("{} has no text to ask", section.title());
        reader.report(section.span(), what, "add text = \"...\"");
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
        let word = kind.as_ref().map_or("question", Kind::word);
        let remedy = match kind.as_ref().is_some_and(|kind| kind.measure().is_some()) {
            true => "add linear = { worst = 0, best = 10 } or bands = [...]",
            false if word.ends_with("choice") => {
                "give each option its worth: options = { good = 100, bad = 0 }"
            }
            false => "remove weight",
        };
        reader.report(
            &weight.span,
            format!("{} has a weight, but no answer of this {word} is worth anything", section.title()),
            remedy,
        );
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
    let find = |key: &str| earlier.iter().find(|question| question.key == key);
    let mut read = |typed: Vec<Located<String>>, own: Option<&Question>| {
        let mut conditions = Vec::new();
        for one in typed {
            match Condition::parse(&one.value, own, scope.currency, |key| {
                own.filter(|own| own.key == key).or_else(|| find(key))
            }) {
                Ok(condition) if own.is_some_and(|own| !condition.can_hold(own)) => {
                    let what = format!("no answer that is allowed is `{}`", one.value);
                    reader.report(&one.span, what, "ask for less, or allow more");
                }
                Ok(condition) => conditions.push(condition),
                Err(why) => {
                    reader.report(
                        &one.span,
                        why,
                        "compare an answer with a value, or with an earlier answer",
                    );
                }
            }
        }
        conditions
    };
    question.ask_if = read(ask_if, None);
    question.musts = read(musts, Some(&question));
    Some(question)
}

fn read_actual(section: &mut Section, reader: &mut TomlReader, kind: Option<&Kind>) -> Option<Actual> {
    let word = section.text(reader, "actual")?;
    let money = kind.is_none_or(|kind| matches!(kind, Kind::Money(_)));
    if word.value != "revenue-12m" || !money {
        let what = format!("actual is `{}`, expected what comes of an amount", word.value);
        reader.report(&word.span, what, "write actual = \"revenue-12m\" in a question of type \"money\"");
        return None;
    }
    Some(Actual::Revenue12Months)
}

fn has_worth(kind: &Kind) -> bool {
    match kind {
        Kind::YesNo { .. } | Kind::Scale { .. } => true,
        // Options in a list, without a worth, are all worth nothing.
        Kind::Choice(options) | Kind::MultiChoice(options) => {
            options.iter().any(|(_, worth)| !worth.is_zero())
        }
        Kind::Number(measure) | Kind::Percent(measure) | Kind::Money(measure) => measure.worth.is_some(),
        Kind::Date | Kind::Text => false,
    }
}

fn read_weight(section: &mut Section, reader: &mut TomlReader) -> Option<Located<Decimal>> {
    let written = section.decimal(reader, "weight")?;
    let weight =
        decimal(&written.value).filter(|weight| !weight.is_sign_negative() && *weight <= 1000.into());
    if weight.is_none() {
        let what = format!("weight is `{}`, expected a number from 0 to 1000", written.value);
        reader.report(&written.span, what, "write weight = 10; only its share of all weights matters");
    }
    Some(Located { value: weight?, span: written.span })
}
