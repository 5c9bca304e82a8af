//! What can be wrong with a program file beyond its syntax; the words stand in `text/program.rs`.

use rust_decimal::Decimal;

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
    /// Not the name of a time zone.
    TimeZone { word: String },
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
    /// Not a way to name fiscal years.
    YearNamed { word: String },
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
    /// Not one of those who do what a milestone asks for.
    Doer { word: String },
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

/// What is wrong with how a part of the program stands to other parts or to its earlier versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PartFault {
    /// A field of which partners can have only one value is to have several.
    OneValue { key: String, kind: &'static str },
    /// A former option is still one.
    FormerOptionInUse { option: String },
    /// The option that stands for a former one is none.
    NoOption { option: String, options: Vec<String> },
    /// Not one of the ways to leave or to be parked.
    ExitKind { word: String },
}

/// What is wrong with what a milestone needs; `key` is that under which it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NeedFault {
    /// A fact that a milestone needs is not written as facts of its kind are, such as `example`.
    Form { key: &'static str, word: String, example: &'static str },
    /// An amount that a milestone needs is none.
    Amount { key: &'static str, word: String, fault: MoneyFault, example: &'static str },
    /// A number that a milestone needs is not from 1 to `most`.
    Count { key: &'static str, word: String, most: i64, example: &'static str },
    /// A table of needs is to have either `any` or `all`, and has both or neither.
    Table { key: &'static str, both: bool },
    /// A list of needs is empty.
    Nothing { key: &'static str },
    /// A milestone needs a review of the tier, and the program has no tiers.
    NoTiers,
    /// A milestone needs something that the program does not have.
    Unknown { noun: &'static str, key: String, known: Vec<String> },
    /// Not something that a milestone can need; `key` is that of the milestone.
    NoFact { key: &'static str, word: String },
}

/// What a program says in vain: it can never be met, or means nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum VainFault {
    /// No announcement can have a key that begins so; `near` would be one.
    NeedAnnouncement { key: &'static str, start: String, near: String },
    /// A milestone has both `needs` and `settled_by`, of which the one would count for nothing.
    NeedsTwice,
    /// A milestone of a stage before success needs a review of the tier, which only partners in success have.
    NeedsTierEarly { stage: String, success: String },
    /// A milestone that recurs needs reports, and the program asks for none.
    NeedsReporting { milestone: String },
    /// A milestone that recurs has days after entering the stage.
    DueOfRecurring,
    /// The stage of success is for some partners only, so that the others can never succeed.
    SuccessForSome { section: String },
    /// A part is for partners for whom the stage is not.
    ForNobody { part: String, stage: String, partners: String },
    /// A milestone needs only what is asked of other partners.
    NeedsOfOthers { milestone: String, needs: String },
    /// A questionnaire whose best score is not above that of passing.
    NeverPassed { questionnaire: String, best: Decimal, pass_above: Decimal },
    /// An option of the territory term is no territory.
    NoTerritory { term: String, option: String },
    /// Options of the tier beside the tiers.
    TierOptions,
    /// A section is for partners of a tier, and the program has none.
    NoTiers { word: String },
}

/// Why a value is not taken for a field; `key` is that of the field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldFault {
    Text {
        key: String,
        fault: TextFault,
    },
    Number {
        key: String,
        value: String,
    },
    Money {
        key: String,
        fault: MoneyFault,
    },
    Date {
        key: String,
        value: String,
    },
    Choice {
        key: String,
        value: String,
        options: Vec<String>,
    },
    /// A value begins with a quotation mark that is not closed.
    Unclosed {
        key: String,
        value: String,
    },
    /// A word that partners share holds no comma, and no value of several what separates them.
    Comma {
        key: String,
        value: String,
    },
}
