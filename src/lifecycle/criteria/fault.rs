//! What can be wrong with questionnaires, conditions and answers; the words stand in `text/criteria.rs`.

use rust_decimal::Decimal;

use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::answer::AnswerKind;

/// What is wrong with a questionnaire; `section` is what messages call the part of the file.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum CriteriaFault {
    /// `fail_below` is above `pass_above`.
    CutOffsReversed { fail_below: Decimal, pass_above: Decimal },
    /// One of the two is missing.
    OneCutOff,
    /// The stage is not one of the program's.
    NoSuchStage { stage: String, known: Vec<String> },
    /// No question, or more than `limit`.
    QuestionCount { section: String, questions: usize, limit: usize },
    /// All questions with a weight have `ask_if`.
    NoScoreForSure { section: String },
    /// Questions have a weight, but no score passes or fails.
    NoCutOffs { section: String },
    /// Not a key; `near` would be one.
    Key { key: String, near: String },
    /// A key that is a word with a meaning of its own.
    ReservedKey { noun: &'static str, key: String },
    /// The key is in use already.
    KeyTwice { noun: &'static str, key: String },
    /// Neither side.
    Side { word: String },
    /// A question without a text.
    NoQuestionText { section: String },
    /// A weight, but no answer has a score.
    WeightWithoutScore { section: String, kind: Option<AnswerKind> },
    /// No answer that is allowed meets the condition.
    NeverMet { condition: String },
    /// The condition cannot be read.
    Condition(ConditionFault),
    /// Not an actual figure, or not of an amount.
    Actual { word: String },
    /// Not a weight.
    Weight { written: String },
    /// Neither yes nor no.
    Good { word: String },
    /// A scale that does not rise.
    EmptyScale { least: i64, most: i64 },
    /// Not a type of question.
    Kind { word: String },
    /// No options to choose from.
    NoOptions { section: String },
    /// An option that cannot be one.
    Option { option: String, fault: OptionFault },
    /// Not the score of an option.
    OptionScore { option: String, written: String },
    /// Fewer than two options, or more than `limit`.
    OptionCount { options: usize, limit: usize },
    /// Not a limit of a number.
    Limit { key: &'static str, written: String },
    /// `min` is not below `max`.
    LimitsReversed { least: Decimal, most: Decimal },
    /// Not a question that an answer can be compared with.
    Against { key: String, fault: AgainstFault },
    /// Both `linear` and `bands`.
    TwoScores { section: String },
    /// `linear` does not have two different ends.
    Linear,
    /// A band, counted from 1, that does not begin above the one before it, or has no score.
    Band { number: usize },
    /// Not a score.
    Score { key: &'static str, written: String },
}

/// Why a text cannot be an option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OptionFault {
    Twice,
    /// The word for choosing none.
    NoneOfThem,
    Comma,
    Sign,
}

/// Why an answer cannot be scored against that of another question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AgainstFault {
    Later,
    WithoutNumber,
    AskedSometimes,
}

/// Why a condition cannot be read; `condition` is as it was written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ConditionFault {
    NoComparison {
        condition: String,
    },
    NoQuestion {
        condition: String,
    },
    /// It names a question that is not an earlier one.
    NotEarlier {
        condition: String,
        question: String,
    },
    OfText {
        condition: String,
    },
    /// A greater or less of a type that has no order.
    NoOrder {
        condition: String,
        kind: &'static str,
    },
    /// It compares the answers of two types.
    OtherKind {
        condition: String,
        kind: &'static str,
        other: &'static str,
    },
    /// It compares with a value that is no answer to the question.
    Value {
        condition: String,
        question: String,
        value: String,
        kind: AnswerKind,
        currency: Currency,
    },
}
