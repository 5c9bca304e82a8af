//! What can be wrong with a program file beyond its syntax; the words stand in `text/program.rs`.

use crate::lifecycle::base::money::MoneyFault;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text::TextFault;

/// What is wrong with a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ProgramFault {
    /// `[program]` is missing.
    NoHeader,
    /// `[verdict]` has no scores.
    NoScores,
    /// Not a currency in use.
    Currency { code: String },
    /// No stage at all.
    NoStage,
    /// More stages than `limit`.
    TooManyStages { stages: usize, limit: usize },
    /// Not exactly one stage is marked as success.
    SuccessStages { stages: usize },
    /// The key of a stage is a word with a meaning of its own.
    ReservedStage { key: String },
    /// A recurring milestone is marked as a gate.
    RecurringGate,
    /// A milestone that does not recur is to be due before its period.
    LeadOnce,
    /// A milestone is to be due more than `most` days before its period, which is before the period before it.
    LeadTooLong { every: Every, most: i64 },
    /// Not a length of period.
    Every { word: String },
    /// Not a key; `near` would be one.
    Key { key: String, near: String },
    /// Two sections of a kind have the same key.
    Twice { noun: &'static str, key: String },
    /// Two sections had the same key before.
    SameFormerKey { noun: &'static str, key: String },
    /// A former key is still in use.
    FormerKeyInUse { noun: &'static str, key: String },
    /// Not something that a milestone can need; `key` is that of the milestone.
    Needs { key: &'static str, word: String },
    /// A fact that a milestone needs is not written as facts of its kind are, such as `example`.
    NeedForm { key: &'static str, word: String, example: &'static str },
    /// A table of needs is to have either `any` or `all`, and has both or neither.
    NeedsTable { key: &'static str, both: bool },
    /// A list of needs is empty.
    NeedsNothing { key: &'static str },
    /// A milestone needs a review of the tier, and the program has no tiers.
    NeedsTiers,
    /// Not one of those who do what a milestone asks for.
    Doer { word: String },
    /// A milestone needs something that the program does not have.
    NeedsUnknown { noun: &'static str, key: String, known: Vec<String> },
    /// An amount that is to be above zero.
    NotPositive { key: &'static str, amount: String },
    /// Not an amount.
    Amount { key: &'static str, fault: MoneyFault },
    /// A section is for partners with a value that the program does not have.
    ScopeUnknown { key: &'static str, word: String, near: Option<String>, known: Vec<String> },
    /// The key of a field is that of an attribute that every partner has.
    BuiltInField { key: String },
    /// A choice without options.
    NoOptions,
    /// Options of a type that has none.
    NeedlessOptions { kind: String },
    /// Not a type of field.
    FieldType { kind: String },
    /// A built-in attribute can be text or a choice only.
    BuiltInType { key: String },
    /// An option is listed twice.
    OptionTwice { option: String },
    /// An option has a comma, which separates values.
    OptionWithComma { option: String },
}

/// Why a value is not taken for a field; `key` is that of the field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldFault {
    Text { key: String, fault: TextFault },
    Number { key: String, value: String },
    Money { key: String, fault: MoneyFault },
    Date { key: String, value: String },
    Choice { key: String, value: String, options: Vec<String> },
}
