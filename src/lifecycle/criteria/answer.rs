//! Answers: from what was typed to a value, and back to the one form in which it is kept.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::{Currency, MoneyFault};
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::{TextFault, nearest};
use crate::lifecycle::criteria::scoring::Scoring;

/// What can be answered, and what an answer is worth, from 0 to 100.
#[derive(Clone, PartialEq, Debug)]
pub enum AnswerKind {
    /// Worth 100 if the answer is `good`, otherwise 0.
    YesNo {
        good: bool,
    },
    /// One of these options, each with its worth.
    Choice(Vec<(String, Decimal)>),
    /// Any of these options; worth what they add up to, at most 100.
    MultiChoice(Vec<(String, Decimal)>),
    /// A whole number; worth its position between the ends.
    Scale {
        least: i64,
        most: i64,
    },
    Number(Measure),
    Percent(Measure),
    /// An amount in the currency of the questionnaire.
    Money(Measure),
    Date,
    Text,
}

/// A number with the range that it may have and what it is worth.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Measure {
    pub least: Option<Decimal>,
    pub most: Option<Decimal>,
    /// What is worth something is the answer less that of this question.
    pub against: Option<String>,
    pub worth: Option<Scoring>,
}

/// An answer as its question's type has it.
#[derive(Clone, PartialEq, Debug)]
pub enum AnswerValue {
    Flag(bool),
    Choice(String),
    /// In the order of the options; empty for none of them.
    Choices(Vec<String>),
    Number(Decimal),
    Day(Day),
    Text(String),
}

/// The answers to one questionnaire by question; those that are not known are not there.
pub type Answers = BTreeMap<String, AnswerValue>;

/// The word for choosing none of several options.
pub(crate) const NONE_OF_THEM: &str = "none of these";

/// Digits that a number may have before and behind the point.
const WHOLE_DIGITS: usize = 15;

const PLACES: usize = 6;

impl AnswerValue {
    /// Returns the answer as it is stored and typed.
    pub(super) fn written(&self) -> String {
        match self {
            AnswerValue::Flag(true) => "yes".to_owned(),
            AnswerValue::Flag(false) => "no".to_owned(),
            AnswerValue::Choice(option) => option.clone(),
            AnswerValue::Choices(options) if options.is_empty() => NONE_OF_THEM.to_owned(),
            AnswerValue::Choices(options) => options.join(", "),
            AnswerValue::Number(number) => number.normalize().to_string(),
            AnswerValue::Day(day) => day.to_string(),
            AnswerValue::Text(text) => text.clone(),
        }
    }
}

impl AnswerKind {
    /// Returns the word that programs use for the type.
    pub fn word(&self) -> &'static str {
        match self {
            AnswerKind::YesNo { .. } => "yes-no",
            AnswerKind::Choice(_) => "choice",
            AnswerKind::MultiChoice(_) => "multi-choice",
            AnswerKind::Scale { .. } => "scale",
            AnswerKind::Number(_) => "number",
            AnswerKind::Percent(_) => "percent",
            AnswerKind::Money(_) => "money",
            AnswerKind::Date => "date",
            AnswerKind::Text => "text",
        }
    }

    /// Returns the range and the score of a number, a percentage or an amount.
    pub fn measure(&self) -> Option<&Measure> {
        match self {
            AnswerKind::Number(measure) | AnswerKind::Percent(measure) | AnswerKind::Money(measure) => {
                Some(measure)
            }
            _ => None,
        }
    }

    /// Returns the options to choose from; none for other types.
    pub fn options(&self) -> &[(String, Decimal)] {
        match self {
            AnswerKind::Choice(options) | AnswerKind::MultiChoice(options) => options,
            _ => &[],
        }
    }

    /// Reads an answer of this type.
    ///
    /// # Errors
    /// The text is not an answer of this type.
    pub fn read(&self, typed: &str, currency: Currency) -> Result<AnswerValue, AnswerFault> {
        let typed = typed.trim();
        let refused = || {
            let shown: String = typed.chars().take(text::NAME_LIMIT).collect();
            let near = nearest(&shown, self.options().iter().map(|(option, _)| option.as_str()));
            let near = near.first().map(|near| (*near).to_owned());
            AnswerFault::Refused { typed: shown, kind: self.clone(), currency, near }
        };
        let value = match self {
            AnswerKind::YesNo { .. } => match typed.to_lowercase().as_str() {
                "yes" | "y" | "true" => Some(AnswerValue::Flag(true)),
                "no" | "n" | "false" => Some(AnswerValue::Flag(false)),
                _ => None,
            },
            AnswerKind::Choice(options) => option(options, typed).map(AnswerValue::Choice),
            AnswerKind::MultiChoice(options) => choices(options, typed).map(AnswerValue::Choices),
            AnswerKind::Scale { least, most } => {
                let within =
                    |number: &Decimal| (Decimal::from(*least)..=Decimal::from(*most)).contains(number);
                decimal(typed).filter(|number| number.is_integer() && within(number)).map(AnswerValue::Number)
            }
            AnswerKind::Number(measure) => {
                decimal(typed).filter(|n| measure.allows(*n)).map(AnswerValue::Number)
            }
            AnswerKind::Percent(measure) => {
                let number = typed.strip_suffix('%').map_or(typed, str::trim_end);
                decimal(number).filter(|n| measure.allows(*n)).map(AnswerValue::Number)
            }
            AnswerKind::Money(measure) => {
                currency.parse(typed).map_err(AnswerFault::Money)?;
                decimal(typed).filter(|n| measure.allows(*n)).map(AnswerValue::Number)
            }
            AnswerKind::Date => Day::parse_iso(typed).map(AnswerValue::Day),
            AnswerKind::Text => {
                return text::prose(typed).map(AnswerValue::Text).map_err(AnswerFault::Text);
            }
        };
        value.ok_or_else(refused)
    }
}

impl Measure {
    fn allows(&self, number: Decimal) -> bool {
        self.least.is_none_or(|least| least <= number) && self.most.is_none_or(|most| number <= most)
    }
}

/// Reads a decimal number written out in full: no exponent, no separators, at most 15 digits before and 6 behind the point.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = whole.len() <= WHOLE_DIGITS && fraction.len() <= PLACES;
    if !all_digits(whole) || !all_digits(fraction) || !fits {
        return None;
    }
    text.parse::<Decimal>().ok().map(|number| number.normalize())
}

/// Writes an amount as it is kept, with all digits of the currency.
pub(super) fn written_money(amount: Decimal, currency: Currency) -> String {
    let typed = amount.normalize().to_string();
    let minor = currency.parse(&typed).map(|minor| currency.money(i128::from(minor)).to_string());
    minor.unwrap_or(typed)
}

fn option(options: &[(String, Decimal)], typed: &str) -> Option<String> {
    let wanted = typed.to_lowercase();
    let found = options.iter().find(|(option, _)| option.to_lowercase() == wanted);
    found.map(|(option, _)| option.clone())
}

fn choices(options: &[(String, Decimal)], typed: &str) -> Option<Vec<String>> {
    if typed.eq_ignore_ascii_case(NONE_OF_THEM) {
        return Some(Vec::new());
    }
    let chosen: Vec<String> =
        typed.split(',').map(|one| option(options, one.trim())).collect::<Option<Vec<String>>>()?;
    let in_order = options.iter().map(|(option, _)| option.clone());
    Some(in_order.filter(|option| chosen.contains(option)).collect())
}

/// Why a text is not an answer.
#[derive(Clone, PartialEq, Debug)]
pub enum AnswerFault {
    /// Not one that the question takes; `near` is the option that was perhaps meant.
    Refused { typed: String, kind: AnswerKind, currency: Currency, near: Option<String> },
    /// Not an amount.
    Money(MoneyFault),
    /// Not a text that can be stored.
    Text(TextFault),
}
