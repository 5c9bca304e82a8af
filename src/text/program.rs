//! The words of programs: what is wrong with one, and what a field takes.

use std::fmt;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::{counted, listed, nearest};
use crate::lifecycle::program::{FieldFault, PartFault, ProgramFault};

impl Sentence for ProgramFault {
    fn sentence(&self) -> String {
        match self {
            ProgramFault::NoHeader => "the [program] section is missing".to_owned(),
            ProgramFault::NoScores => "[verdict] has no scores".to_owned(),
            ProgramFault::Currency { code } => format!("`{code}` is not a current ISO 4217 currency"),
            ProgramFault::TimeZone { word } => format!("time_zone: `{word}` is not a time zone"),
            ProgramFault::NoStage => "the program has no [[stage]]".to_owned(),
            ProgramFault::TooManyStages { stages, limit } => {
                format!("the program has {}; the limit is {limit}", counted(*stages, "stage"))
            }
            ProgramFault::SuccessStages { stages } => {
                format!("{} with success = true, expected exactly one", counted(*stages, "stage"))
            }
            ProgramFault::ReservedStage { key } => {
                format!("`{key}` is a reserved word and cannot be the key of a stage")
            }
            ProgramFault::RecurringGate => "a recurring milestone cannot be a gate".to_owned(),
            ProgramFault::LeadOnce => "lead_days is for a recurring milestone only".to_owned(),
            ProgramFault::LeadTooLong { every, .. } => {
                format!("lead_days is longer than the {} before", every.word())
            }
            ProgramFault::YearNamed { word } => format!("fiscal_year_named is `{word}`"),
            ProgramFault::Every { word } => format!("every is `{word}`"),
            ProgramFault::Key { key, .. } => format!("`{key}` cannot be a key"),
            ProgramFault::Twice { noun, key } => format!("{noun} `{key}` is declared twice"),
            ProgramFault::SameFormerKey { noun, key } => {
                format!("two {noun}s have was = \"{key}\"")
            }
            ProgramFault::FormerKeyInUse { noun, key } => {
                format!("was = \"{key}\", but the program still has a {noun} with this key")
            }
            ProgramFault::Doer { word } => format!("by is `{word}`"),
            ProgramFault::NotPositive { key, amount } => {
                format!("{key} is {amount}, expected an amount above zero")
            }
            ProgramFault::Amount { key, fault } => format!("{key}: {fault}"),
            ProgramFault::ScopeUnknown { key, word, .. } => {
                format!("{key}: `{word}` is not in the program")
            }
            ProgramFault::BuiltInField { key } => {
                format!("`{key}` is a built-in attribute and cannot be a field")
            }
            ProgramFault::NoOptions => "a choice needs options".to_owned(),
            ProgramFault::NeedlessOptions { kind } => format!("a {kind} field cannot have options"),
            ProgramFault::FieldType { kind } => format!("type is `{kind}`"),
            ProgramFault::BuiltInType { key } => {
                format!("`{key}` is a built-in attribute and must be text or a choice")
            }
            ProgramFault::OptionTwice { option } => format!("option `{option}` is listed twice"),
            ProgramFault::OptionWithComma { option } => {
                format!("option `{option}` has a comma, which separates values")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            ProgramFault::NoHeader => "add [program] with a name and a currency".to_owned(),
            ProgramFault::NoScores => "add fail_below = 60 and pass_above = 75".to_owned(),
            ProgramFault::Currency { .. } => "write a code such as EUR, USD or JPY".to_owned(),
            ProgramFault::TimeZone { .. } => {
                "write an IANA name such as Europe/Berlin, America/New_York or UTC".to_owned()
            }
            ProgramFault::NoStage => "add at least one [[stage]] with a key and a name".to_owned(),
            ProgramFault::TooManyStages { .. } => "combine stages that partners pass together".to_owned(),
            ProgramFault::SuccessStages { .. } => {
                "mark the one stage that means a recruited partner has succeeded".to_owned()
            }
            ProgramFault::ScopeUnknown { near: Some(near), .. } => format!("did you mean `{near}`?"),
            ProgramFault::ScopeUnknown { known, .. } => format!("use {}", listed(known)),
            ProgramFault::ReservedStage { .. } | ProgramFault::BuiltInField { .. } => {
                "choose another key".to_owned()
            }
            ProgramFault::RecurringGate => "remove gate = true, or remove every".to_owned(),
            ProgramFault::LeadOnce => "add every = \"year\", or write due_days".to_owned(),
            ProgramFault::LeadTooLong { most, .. } => format!("write a whole number from 1 to {most}"),
            ProgramFault::YearNamed { .. } => {
                "write \"end\" or \"start\": after the year in which a fiscal year ends or starts".to_owned()
            }
            ProgramFault::Every { .. } => "write \"year\", \"quarter\" or \"month\"".to_owned(),
            ProgramFault::Key { near, .. } => {
                format!("use lower-case letters, digits and dashes: `{near}`")
            }
            ProgramFault::Twice { noun, .. } => format!("give each {noun} its own key"),
            ProgramFault::SameFormerKey { .. } => {
                "keep `was` on the one that continues the history".to_owned()
            }
            ProgramFault::FormerKeyInUse { noun, key } => format!("remove `was`, or the {noun} `{key}`"),
            ProgramFault::Doer { .. } => "write \"us\" or \"partner\"".to_owned(),
            ProgramFault::NotPositive { key, .. } | ProgramFault::Amount { key, .. } => {
                format!("write {key} = 100000")
            }
            ProgramFault::NoOptions => "add options = [\"...\", \"...\"]".to_owned(),
            ProgramFault::NeedlessOptions { .. } => "remove options, or write type = \"choice\"".to_owned(),
            ProgramFault::FieldType { .. } => {
                "write \"text\", \"number\", \"money\", \"date\" or \"choice\"".to_owned()
            }
            ProgramFault::BuiltInType { .. } => {
                "write type = \"choice\" to restrict it to certain values".to_owned()
            }
            ProgramFault::OptionTwice { .. } => "remove one of them".to_owned(),
            ProgramFault::OptionWithComma { .. } => "write it without a comma".to_owned(),
        };
        vec![remedy.into()]
    }
}

impl Sentence for PartFault {
    fn sentence(&self) -> String {
        match self {
            PartFault::OneValue { key, kind } => {
                format!("several = true, but a partner has one {key} ({kind})")
            }
            PartFault::FormerOptionInUse { option } => {
                format!("was: `{option}` is still one of the options")
            }
            PartFault::NoOption { option, .. } => format!("was: `{option}` is not one of the options"),
            PartFault::ExitKind { word } => format!("for is `{word}`"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            PartFault::FormerOptionInUse { .. } => "take it out of `was`, or out of the options".to_owned(),
            PartFault::NoOption { options, .. } if options.is_empty() => {
                "write was = \"old-key\"; only a choice has options to rename".to_owned()
            }
            PartFault::NoOption { options, .. } => {
                format!("write was = {{ old = \"new\" }} with one of {}", listed(options))
            }
            PartFault::OneValue { .. } => {
                "remove several; a text or a choice of your own can have it, and regions always do".to_owned()
            }
            PartFault::ExitKind { .. } => {
                "write \"declined\", \"withdrew\", \"terminated\" or \"parked\"".to_owned()
            }
        };
        vec![remedy.into()]
    }
}

/// Says that values of an attribute which parts of a program name are checked by no list of it.
pub(crate) fn unlisted_values(attribute: &str, named: &[&str]) -> String {
    format!(
        "the program lists no {attribute}s, so that {} {} taken unchecked; to have them checked, add a [[field]] with \
         key = \"{attribute}\", type = \"choice\" and options",
        listed(named),
        if named.len() == 1 { "is" } else { "are" }
    )
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldFault::Text { key, fault } => write!(f, "{key} {fault}"),
            FieldFault::Money { key, fault } => write!(f, "{key}: {fault}"),
            FieldFault::Number { key, value } => {
                write!(f, "{key} is `{value}`, expected a number such as 12 or 0.5")
            }
            FieldFault::Date { key, value } => {
                write!(f, "{key} is `{value}`, expected a date such as 2026-11-23")
            }
            FieldFault::Unclosed { key, value } => {
                write!(f, "{key} is `{value}`: the quotation mark is not closed")
            }
            FieldFault::Comma { key, value } if !value.contains(',') => {
                write!(f, "{key} is `{value}`: a semicolon separates values, so no value holds one")
            }
            FieldFault::Comma { key, value } => {
                write!(f, "{key} is `{value}`: a {key} is one word of yours, without a comma")
            }
            FieldFault::Choice { key, value, options } => {
                write!(f, "{key} is `{value}`, expected one of {}", listed(options))?;
                match nearest(value, options.iter().map(String::as_str)).first() {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Sentence for FieldFault {
    fn sentence(&self) -> String {
        self.to_string()
    }
}

impl From<FieldFault> for String {
    fn from(fault: FieldFault) -> String {
        fault.to_string()
    }
}
