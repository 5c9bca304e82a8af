//! Answers: from what was typed to a value, and back to the one form in which it is kept.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::criteria::questionnaire::{Kind, Measure, Question, Questionnaire};

/// An answer as its question's type has it.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    Flag(bool),
    Choice(String),
    /// In the order of the options; empty for none of them.
    Choices(Vec<String>),
    Number(Decimal),
    Day(Day),
    Text(String),
}

/// The answers to one questionnaire by question; those that are not known are not there.
pub type Answers = BTreeMap<String, Value>;

/// The word for choosing none of several options.
pub(crate) const NONE_OF_THEM: &str = "none of these";
/// Digits that a number may have before and behind the point.
const WHOLE_DIGITS: usize = 15;
const PLACES: usize = 6;

impl Questionnaire {
    /// Answers as they were kept; what no longer fits counts as not known.
    pub fn read_kept(&self, kept: &BTreeMap<String, String>) -> Answers {
        let read = |question: &Question| {
            let value = question.read(kept.get(&question.key)?, self.currency).ok()?;
            Some((question.key.clone(), value))
        };
        self.questions.iter().filter_map(read).collect()
    }

    /// Answers in the form in which they are kept.
    pub fn written(&self, answers: &Answers) -> BTreeMap<String, String> {
        let write = |(key, value): (&String, &Value)| (key.clone(), self.written_one(key, value));
        answers.iter().map(write).collect()
    }

    fn written_one(&self, key: &str, value: &Value) -> String {
        let money = self.question(key).is_some_and(|question| matches!(question.kind, Kind::Money(_)));
        match value {
            Value::Number(amount) if money => written_money(*amount, self.currency),
            value => value.written(),
        }
    }
}

impl Value {
    fn written(&self) -> String {
        match self {
            Value::Flag(true) => "yes".to_owned(),
            Value::Flag(false) => "no".to_owned(),
            Value::Choice(option) => option.clone(),
            Value::Choices(options) if options.is_empty() => NONE_OF_THEM.to_owned(),
            Value::Choices(options) => options.join(", "),
            Value::Number(number) => number.normalize().to_string(),
            Value::Day(day) => day.to_string(),
            Value::Text(text) => text.clone(),
        }
    }
}

impl Question {
    /// Reads an answer.
    ///
    /// # Errors
    /// Says what was got and what this question takes.
    pub fn read(&self, typed: &str, currency: Currency) -> Result<Value, String> {
        let typed = typed.trim();
        let refused = || {
            let shown: String = typed.chars().take(text::NAME_LIMIT).collect();
            let near = nearest(&shown, self.kind.options().iter().map(|(option, _)| option.as_str()));
            match near.first() {
                Some(near) => format!("`{shown}` is not {}; did you mean `{near}`?", self.expects(currency)),
                None => format!("`{shown}` is not {}", self.expects(currency)),
            }
        };
        let value = match &self.kind {
            Kind::YesNo { .. } => match typed.to_lowercase().as_str() {
                "yes" | "y" | "true" => Some(Value::Flag(true)),
                "no" | "n" | "false" => Some(Value::Flag(false)),
                _ => None,
            },
            Kind::Choice(options) => option(options, typed).map(Value::Choice),
            Kind::MultiChoice(options) => choices(options, typed).map(Value::Choices),
            Kind::Scale { least, most } => {
                let within =
                    |number: &Decimal| (Decimal::from(*least)..=Decimal::from(*most)).contains(number);
                decimal(typed).filter(|number| number.is_integer() && within(number)).map(Value::Number)
            }
            Kind::Number(measure) => decimal(typed).filter(|n| measure.allows(*n)).map(Value::Number),
            Kind::Percent(measure) => {
                let number = typed.strip_suffix('%').map_or(typed, str::trim_end);
                decimal(number).filter(|n| measure.allows(*n)).map(Value::Number)
            }
            Kind::Money(measure) => {
                currency.parse(typed)?;
                decimal(typed).filter(|n| measure.allows(*n)).map(Value::Number)
            }
            Kind::Date => Day::parse_iso(typed).map(Value::Day),
            Kind::Text => {
                return text::prose(typed).map(Value::Text).map_err(|fault| format!("the text {fault}"));
            }
        };
        value.ok_or_else(refused)
    }

    /// What can be answered, in words that follow "expected".
    pub fn expects(&self, currency: Currency) -> String {
        match &self.kind {
            Kind::YesNo { .. } => "yes or no".to_owned(),
            Kind::Choice(options) => {
                let options: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
                format!("one of {}", listed(&options))
            }
            Kind::MultiChoice(options) => {
                let options: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
                format!("any of {}, with commas between them, or `{NONE_OF_THEM}`", listed(&options))
            }
            Kind::Scale { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Number(measure) => format!("a number such as 12 or 0.5{}", measure.range_in_words()),
            Kind::Percent(measure) => format!("a percentage such as 12.5{}", measure.range_in_words()),
            Kind::Money(measure) => {
                let example = currency.money(15_000_000);
                format!("an amount in {} such as {example}{}", currency.code(), measure.range_in_words())
            }
            Kind::Date => "a day such as 2026-11-23".to_owned(),
            Kind::Text => "a text".to_owned(),
        }
    }
}

impl Measure {
    fn allows(&self, number: Decimal) -> bool {
        self.least.is_none_or(|least| least <= number) && self.most.is_none_or(|most| number <= most)
    }

    pub(crate) fn range_in_words(&self) -> String {
        match (self.least.map(|n| n.normalize()), self.most.map(|n| n.normalize())) {
            (None, None) => String::new(),
            (Some(least), None) => format!(", at least {least}"),
            (None, Some(most)) => format!(", at most {most}"),
            (Some(least), Some(most)) => format!(", from {least} to {most}"),
        }
    }
}

/// A decimal number written out in full: no exponent, no separators, at most 15 digits before and 6 behind the point.
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

fn written_money(amount: Decimal, currency: Currency) -> String {
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
