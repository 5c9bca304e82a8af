//! The words of questionnaires and verdicts.

use std::fmt;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::{counted, listed, phrase};
use crate::lifecycle::criteria::{
    AgainstFault, AnswerCondition, AnswerFault, AnswerKind, AnsweredAlready, Assessed, AssessmentOutcome,
    ConditionFault, CriteriaAlready, CriteriaFault, CriteriaMisfit, CriteriaRefusal, DecisiveQuestions,
    Measure, NONE_OF_THEM, OptionFault, Overridden, Side, Verdict,
};
use crate::lifecycle::program::Program;
use crate::text::applies::applies_in_words;
use crate::text::events::{Described, ReceiptContext, with};

/// Says what can be answered, behind "expected".
pub(crate) fn expected_answer(kind: &AnswerKind, currency: Currency) -> String {
    let options = || -> Vec<&str> { kind.options().iter().map(|(option, _)| option.as_str()).collect() };
    match kind {
        AnswerKind::YesNo { .. } => "yes or no".to_owned(),
        AnswerKind::Choice(_) => format!("one of {}", listed(&options())),
        AnswerKind::MultiChoice(_) => {
            format!("any of {}, separated by commas, or `{NONE_OF_THEM}`", listed(&options()))
        }
        AnswerKind::Scale { least, most } => format!("a whole number from {least} to {most}"),
        AnswerKind::Number(measure) => format!("a number such as 12 or 0.5{}", range_words(measure)),
        AnswerKind::Percent(measure) => format!("a percentage such as 12.5{}", range_words(measure)),
        AnswerKind::Money(measure) => {
            let example = currency.money(15_000_000);
            format!("an amount in {} such as {example}{}", currency.code(), range_words(measure))
        }
        AnswerKind::Date => "a date such as 2026-11-23".to_owned(),
        AnswerKind::Text => "text".to_owned(),
    }
}

fn range_words(measure: &Measure) -> String {
    match (measure.least.map(|n| n.normalize()), measure.most.map(|n| n.normalize())) {
        (None, None) => String::new(),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(most)) => format!(", at most {most}"),
        (Some(least), Some(most)) => format!(", from {least} to {most}"),
    }
}

/// Says how answers are scored: `core: 100, adjacent: 60`; empty if they have no score.
pub(crate) fn score_rule(kind: &AnswerKind) -> String {
    match kind {
        AnswerKind::YesNo { good: true } => "yes: 100, no: 0".to_owned(),
        AnswerKind::YesNo { good: false } => "no: 100, yes: 0".to_owned(),
        AnswerKind::Choice(options) | AnswerKind::MultiChoice(options) => {
            let parts: Vec<String> =
                options.iter().map(|(option, score)| format!("{option}: {}", score.normalize())).collect();
            parts.join(", ")
        }
        AnswerKind::Scale { least, most } => format!("{least}: 0, {most}: 100"),
        AnswerKind::Number(measure) | AnswerKind::Percent(measure) | AnswerKind::Money(measure) => {
            let against =
                measure.against.as_ref().map_or_else(String::new, |other| format!("minus {other}, "));
            measure.worth.as_ref().map_or_else(String::new, |worth| format!("{against}{worth}"))
        }
        AnswerKind::Date | AnswerKind::Text => String::new(),
    }
}

/// Says how answers are scored and which are allowed.
pub(crate) fn answer_settings(kind: &AnswerKind) -> String {
    format!("{}{}", score_rule(kind), kind.measure().map_or_else(String::new, range_words))
}

/// Says whose view a questionnaire is.
pub(crate) fn side_view(side: Side) -> &'static str {
    match side {
        Side::Vendor => "our view of the partner",
        Side::Partner => "the partner's view of us",
    }
}

impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnswerFault::Refused { typed, kind, currency, near } => {
                write!(f, "`{typed}` is not {}", expected_answer(kind, *currency))?;
                near.iter().try_for_each(|near| write!(f, "; did you mean `{near}`?"))
            }
            AnswerFault::Money(fault) => write!(f, "{fault}"),
            AnswerFault::Text(fault) => write!(f, "the text {fault}"),
        }
    }
}

impl From<AnswerFault> for String {
    fn from(fault: AnswerFault) -> String {
        fault.to_string()
    }
}

impl fmt::Display for ConditionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConditionFault::NoComparison { condition } => {
                write!(
                    f,
                    "`{condition}` is not a condition; write it as `>= 2`, `!= none` or `credit = pass`"
                )
            }
            ConditionFault::NoQuestion { condition } => write!(f, "`{condition}` does not name a question"),
            ConditionFault::NotEarlier { condition, question } => {
                write!(f, "`{condition}` refers to `{question}`, which is not an earlier question")
            }
            ConditionFault::OfText { condition } => {
                write!(f, "`{condition}` compares text, which cannot be compared")
            }
            ConditionFault::NoOrder { condition, kind } => {
                write!(f, "`{condition}`: a {kind} has no order; use = or !=")
            }
            ConditionFault::OtherKind { condition, kind, other } => {
                write!(f, "`{condition}` compares a {kind} with a {other}")
            }
            ConditionFault::Value { condition, question, value, kind, currency } => {
                let expected = match kind.measure() {
                    Some(_) => "a number or another question".to_owned(),
                    None => expected_answer(kind, *currency),
                };
                write!(f, "`{condition}` compares `{question}` with `{value}`, expected {expected}")
            }
        }
    }
}

fn wrong_with_option(fault: OptionFault) -> &'static str {
    match fault {
        OptionFault::Twice => "is listed twice",
        OptionFault::NoneOfThem => "is reserved for choosing no option",
        OptionFault::Comma => "has a comma, which separates options",
        OptionFault::Sign => "begins with a sign that has another meaning",
    }
}

fn wrong_with_compared(fault: AgainstFault) -> &'static str {
    match fault {
        AgainstFault::Later => "is not an earlier question",
        AgainstFault::WithoutNumber => "is not a number, a percentage or an amount",
        AgainstFault::AskedSometimes => "is not always asked",
    }
}

impl Sentence for CriteriaFault {
    fn sentence(&self) -> String {
        match self {
            Self::CutOffsReversed { fail_below, pass_above } => {
                format!("fail_below ({fail_below}) is above pass_above ({pass_above})")
            }
            Self::OneCutOff => "only one of fail_below and pass_above is given".to_owned(),
            Self::NoSuchStage { stage, .. } => format!("the program has no stage `{stage}`"),
            Self::QuestionCount { section, questions, limit } => {
                format!("{section} has {}, expected 1 to {limit}", counted(*questions, "question"))
            }
            Self::NoScoreForSure { section } => {
                format!("{section} may have no score: every question with a weight has ask_if")
            }
            Self::NoCutOffs { section } => {
                format!("{section} has weighted questions, but no score passes or fails")
            }
            Self::Key { key, .. } => format!("`{key}` cannot be a key"),
            Self::ReservedKey { noun, key } => {
                format!("`{key}` is a reserved word and cannot be the key of a {noun}")
            }
            Self::KeyTwice { noun, key } => format!("{noun} `{key}` is declared twice"),
            Self::Side { word } => format!("side is `{word}`"),
            Self::NoQuestionText { section } => format!("{section} has no text"),
            Self::WeightWithoutScore { section, kind } => {
                let word = kind.as_ref().map_or("question", AnswerKind::word);
                format!("{section} has a weight, but answers of this {word} have no score")
            }
            Self::NeverMet { condition } => format!("no allowed answer meets `{condition}`"),
            Self::Condition(fault) => fault.to_string(),
            Self::Actual { word } => {
                format!("actual is `{word}`, expected \"revenue-12m\" in a question of type \"money\"")
            }
            Self::Weight { written } => format!("weight is `{written}`, expected a number from 0 to 1000"),
            Self::Good { word } => format!("good is `{word}`, expected yes or no"),
            Self::EmptyScale { least, most } => format!("the scale runs from {least} to {most}"),
            Self::Kind { word } => format!("type is `{word}`"),
            Self::NoOptions { section } => format!("{section} has no valid options"),
            Self::Option { option, fault } => format!("option `{option}` {}", wrong_with_option(*fault)),
            Self::OptionScore { option, written } => {
                format!("option `{option}` has score `{written}`, expected a score from 0 to 100")
            }
            Self::OptionCount { options, limit } => {
                format!("the question has {}, expected 2 to {limit}", counted(*options, "option"))
            }
            Self::Limit { key, written } => format!("{key} is `{written}`, expected a number"),
            Self::LimitsReversed { least, most } => format!("min ({least}) is not below max ({most})"),
            Self::Against { key, fault } => {
                format!("against is `{key}`, which {}", wrong_with_compared(*fault))
            }
            Self::TwoScores { section } => format!("{section} has both linear and bands"),
            Self::Linear => "linear needs two different numbers, worst and best".to_owned(),
            Self::Band { number } => format!("band {number} is out of order or incomplete"),
            Self::Score { key, written } => format!("{key} is `{written}`, expected a score from 0 to 100"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy: Hint = match self {
            Self::CutOffsReversed { .. } | Self::OneCutOff => {
                "write both, such as fail_below = 60 and pass_above = 75".into()
            }
            Self::NoSuchStage { known, .. } => format!("write one of {}", listed(known)).into(),
            Self::QuestionCount { questions: 0, .. } => {
                "add [[questionnaire.question]] with a key, a text and a type".into()
            }
            Self::QuestionCount { .. } => "split the questionnaire".into(),
            Self::NoScoreForSure { .. } => "give a weight to a question that is always asked".into(),
            Self::NoCutOffs { .. } => "add [verdict] with fail_below = 60 and pass_above = 75".into(),
            Self::Key { near, .. } => format!("use lower-case letters, digits and dashes: `{near}`").into(),
            Self::ReservedKey { .. } => "choose another key".into(),
            Self::KeyTwice { noun, .. } => format!("give each {noun} in the program its own key").into(),
            Self::Side { .. } => "write \"vendor\" if you judge the partner, \"partner\" if the partner \
                 judges you"
                .into(),
            Self::NoQuestionText { .. } => "add text = \"...\"".into(),
            Self::WeightWithoutScore { kind, .. } => match kind {
                Some(AnswerKind::Number(_) | AnswerKind::Percent(_) | AnswerKind::Money(_)) => {
                    "add linear = { worst = 0, best = 10 } or bands = [...]".into()
                }
                Some(AnswerKind::Choice(_) | AnswerKind::MultiChoice(_)) => {
                    "give each option a score: options = { good = 100, bad = 0 }".into()
                }
                _ => "remove weight".into(),
            },
            Self::NeverMet { .. } => "relax the condition, or allow more answers".into(),
            Self::Condition(_) => "compare an answer with a value or with an earlier answer".into(),
            Self::Actual { .. } => "write actual = \"revenue-12m\" in a question of type \"money\"".into(),
            Self::Weight { .. } => "write weight = 10; only its share of all weights matters".into(),
            Self::Good { .. } => "write good = \"no\" if no is the better answer".into(),
            Self::EmptyScale { .. } => "set min below max; the default is 0 to 5".into(),
            Self::Kind { .. } => {
                "write \"yes-no\", \"choice\", \"multi-choice\", \"scale\", \"number\", \"percent\", \
                 \"money\", \"date\" or \"text\""
                    .into()
            }
            Self::NoOptions { .. } => "add options = { good = 100, fair = 50, poor = 0 }".into(),
            Self::Option { .. } => "choose another option text".into(),
            Self::OptionScore { .. } => "write options = { good = 100, fair = 50, poor = 0 }".into(),
            Self::OptionCount { options: 0 | 1, .. } => "add options, or write type = \"yes-no\"".into(),
            Self::OptionCount { .. } => "combine options".into(),
            Self::Limit { key, .. } => format!("write {key} = 10").into(),
            Self::LimitsReversed { .. } => "write the smaller number as min".into(),
            Self::Against { .. } => "name an earlier question; its answer is subtracted from this one".into(),
            Self::TwoScores { .. } => "remove one of them".into(),
            Self::Linear => "write linear = { worst = 0, best = 10 }: 0 at worst, 100 at best".into(),
            Self::Band { .. } => {
                "write bands = [{ score = 0 }, { from = 1, score = 50 }, { from = 5, score = 100 }], in \
                 ascending order"
                    .into()
            }
            Self::Score { key, .. } => format!("write {key} = 60").into(),
        };
        vec![remedy]
    }
}

/// Returns a condition on an answer as people read it: `at least 0.5`; one on another question stays as it is written.
pub(crate) fn required_in_words(condition: &AnswerCondition) -> String {
    let typed = condition.to_string();
    let signs = [
        ("!=", "not "),
        (">=", "at least "),
        ("<=", "at most "),
        (">", "more than "),
        ("<", "less than "),
        ("=", ""),
    ];
    let found = signs.iter().find_map(|(sign, words)| Some((typed.strip_prefix(sign)?, words)));
    found.map_or_else(|| typed.clone(), |(value, words)| format!("{words}{}", value.trim()))
}

impl Sentence for CriteriaMisfit {
    fn sentence(&self) -> String {
        match self {
            CriteriaMisfit::AssessedAfterLeaving { questionnaire } => {
                format!("is an assessment with `{questionnaire}` after the partner left")
            }
            CriteriaMisfit::OverriddenAfterLeaving => "overrides a verdict after the partner left".to_owned(),
            CriteriaMisfit::NotAnswered { questionnaire } => {
                format!("overrides the verdict of `{questionnaire}`, which was not answered")
            }
        }
    }
}

impl Described for Assessed {
    fn described(&self, _: &Program) -> String {
        let score = self.outcome.score;
        let score = score.map_or_else(String::new, |score| format!(" {},", score_in_words(score)));
        format!("{}{score} {}", self.questionnaire, self.outcome.verdicts().word())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let key = &self.questionnaire;
        let deciding = self.deciding(about.program);
        let mut said =
            format!("{}: `{key}` {}", about.partner, result_in_words(&self.outcome, deciding.as_ref()));
        let earlier = about.before.and_then(|partner| partner.assessment(key));
        let lost = earlier.and_then(|earlier| {
            earlier.overridden.as_ref().filter(|_| earlier.assessed.answers != self.answers)
        });
        if let Some(overridden) = lost {
            said.push_str(&format!(
                "; the override of {} no longer applies, because answers changed",
                overridden.day
            ));
        }
        said
    }
}

impl Assessed {
    /// Returns the questions whose answers would decide an open verdict, by the questionnaire as it is now.
    fn deciding(&self, program: &Program) -> Option<DecisiveQuestions> {
        let questionnaire = program.questionnaire(&self.questionnaire)?;
        questionnaire.judge(&questionnaire.read_kept(&self.answers)).deciding()
    }
}

impl Described for Overridden {
    fn described(&self, _: &Program) -> String {
        let what = format!("verdict of {} overridden", listed(&self.questionnaires));
        with(what, Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("{} now passes {} by override", about.partner, listed(&self.questionnaires))
    }
}

impl Sentence for CriteriaRefusal {
    fn sentence(&self) -> String {
        match self {
            CriteriaRefusal::NoAnswer { partner } => {
                format!("{partner} has no answers to record")
            }
            CriteriaRefusal::DoesNotApply { partner, questionnaire, scope } => {
                format!("`{questionnaire}` is not for `{partner}`: it is for {}", applies_in_words(scope))
            }
            CriteriaRefusal::NotAsked { question, conditions } => {
                format!("`{question}` is asked only if {}", conditions.join(" and "))
            }
            CriteriaRefusal::NotAssessed { partner, questionnaire, .. } => {
                format!("{partner} was not assessed with `{questionnaire}` and has no verdict to override")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            CriteriaRefusal::NoAnswer { .. } => vec!["give one with --answer QUESTION=ANSWER".into()],
            CriteriaRefusal::DoesNotApply { .. } => {
                vec!["if its type, tier or region is wrong: `chanlife edit`".into()]
            }
            CriteriaRefusal::NotAsked { .. } => {
                vec!["omit it, or change the answers to earlier questions".into()]
            }
            CriteriaRefusal::NotAssessed { key, questionnaire, meant, .. } => {
                let assess = Step::Assess { partner: key.clone(), questionnaire: questionnaire.clone() };
                let mut hints = vec![Hint::step(assess, "first")];
                if *meant != 1 {
                    hints.push("or name another questionnaire".into());
                }
                hints
            }
        }
    }
}

/// Writes a score from 0 to 100, or the band that it lies in: `82.5`, `40 to 71.25`.
pub(crate) fn score_in_words(score: [f64; 2]) -> String {
    let number = |score: f64, places: usize| {
        let text = format!("{score:.places$}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    // Two places, and all if two would say a whole number that it is not, or hide a difference.
    let same = |places: usize| number(score[0], places) == number(score[1], places);
    let misleading = |score: f64| !number(score, 2).contains('.') && number(score, 4).contains('.');
    let places = if score.into_iter().any(misleading) || (same(2) && !same(4)) { 4 } else { 2 };
    let [low, high] = score.map(|score| number(score, places));
    if low == high { low } else { format!("{low} to {high}") }
}

/// Says what answers come to, with what decides it: `58 of 100, fail`.
fn result_in_words(outcome: &AssessmentOutcome, deciding: Option<&DecisiveQuestions>) -> String {
    let score = outcome.score.map_or_else(String::new, |score| format!("{} of 100, ", score_in_words(score)));
    let verdicts = outcome.verdicts();
    let why = match verdicts.decided() {
        Some(Verdict::Fail) if !outcome.failed.is_empty() => {
            format!(" (required answer not met: {})", phrase(&outcome.failed))
        }
        None => deciding.map_or_else(String::new, deciding_in_words),
        _ => String::new(),
    };
    format!("{score}{}{why}", verdicts.word())
}

/// Says which answers would decide an open verdict, behind its word.
pub(crate) fn deciding_in_words(deciding: &DecisiveQuestions) -> String {
    let keys = phrase(deciding.questions());
    match deciding {
        DecisiveQuestions::Any(questions) if questions.len() > 1 => {
            format!(", and any one of these could still decide it: {keys}")
        }
        DecisiveQuestions::Any(_) => format!(", and {keys} could decide it"),
        DecisiveQuestions::All(_) => format!(" until answered: {keys}"),
    }
}

impl Sentence for CriteriaAlready {
    fn sentence(&self) -> String {
        match self {
            CriteriaAlready::Answered { partner, answers } => {
                let in_words = |one: &AnsweredAlready| {
                    format!("{} {}", one.key, result_in_words(&one.outcome, one.deciding.as_ref()))
                };
                let answers: Vec<String> = answers.iter().map(in_words).collect();
                format!("{partner}: {}, as answered already", answers.join("; "))
            }
            CriteriaAlready::Passes { partner } => {
                format!("{partner} already passes; there is nothing to override")
            }
        }
    }
}
