//! Conditions on answers: `>= 2`, `credit != fail`, `margin-offered >= margin-needed`.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

use crate::lifecycle::base::comparison::{Comparison, SIGNS};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::answer::{AnswerKind, AnswerValue, Answers, decimal};
use crate::lifecycle::criteria::fault::ConditionFault;

/// Something that holds of an answer, compared with values or with another answer.
#[derive(Clone, PartialEq, Debug)]
pub struct AnswerCondition {
    /// The question whose answer it looks at.
    pub question: String,
    relation: Comparison,
    right: Right,
    /// As the program has it.
    typed: String,
}

/// A question as conditions see it.
#[derive(Clone, Copy)]
pub(crate) struct Compared<'q> {
    pub key: &'q str,
    pub kind: &'q AnswerKind,
}

/// Whether something holds, as far as the answers tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    Yes,
    No,
    Unknown,
}

#[derive(Clone, PartialEq, Debug)]
enum Right {
    /// Any of these.
    Values(Vec<AnswerValue>),
    Question(String),
}

impl AnswerCondition {
    /// Reads a condition. `own` is the question that is meant if it names none; `find` knows the others.
    ///
    /// # Errors
    /// The condition cannot be read, or compares what cannot be compared.
    pub(crate) fn parse<'q>(
        typed: &str,
        own: Option<Compared<'q>>,
        currency: Currency,
        find: impl Fn(&str) -> Option<Compared<'q>>,
    ) -> Result<AnswerCondition, ConditionFault> {
        let split = SIGNS
            .iter()
            .filter_map(|(sign, relation)| typed.find(sign).map(|at| (at, *sign, *relation)))
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())));
        let Some((at, sign, relation)) = split else {
            return Err(ConditionFault::NoComparison { condition: typed.to_owned() });
        };
        let (left, right) = (typed[..at].trim(), typed[at + sign.len()..].trim());
        let question = match (left, own) {
            ("", Some(own)) => own,
            ("", None) => return Err(ConditionFault::NoQuestion { condition: typed.to_owned() }),
            (key, own) => own.filter(|own| own.key == key).or_else(|| find(key)).ok_or_else(|| {
                ConditionFault::NotEarlier { condition: typed.to_owned(), question: key.to_owned() }
            })?,
        };
        let ordered = !matches!(relation, Comparison::Equal | Comparison::NotEqual);
        let comparable = question.kind.measure().is_some()
            || matches!(question.kind, AnswerKind::Scale { .. } | AnswerKind::Date);
        if matches!(question.kind, AnswerKind::Text) {
            return Err(ConditionFault::OfText { condition: typed.to_owned() });
        }
        if ordered && !comparable {
            let (condition, kind) = (typed.to_owned(), question.kind.word());
            return Err(ConditionFault::NoOrder { condition, kind });
        }
        // An option of the question goes before a question of the same name.
        let is_option = question.kind.options().iter().any(|(option, _)| option == right);
        let other = find(right).filter(|other| other.key != question.key && !is_option);
        let right = match other {
            Some(other) if alike(other.kind, question.kind) => Right::Question(other.key.to_owned()),
            Some(other) => {
                let (kind, other) = (question.kind.word(), other.kind.word());
                return Err(ConditionFault::OtherKind { condition: typed.to_owned(), kind, other });
            }
            None => Right::Values(values(question, right, ordered, currency, typed)?),
        };
        Ok(AnswerCondition { question: question.key.to_owned(), relation, right, typed: typed.to_owned() })
    }

    /// Returns whether some answer that `question` allows makes it hold; true if that cannot be known.
    pub(crate) fn can_hold(&self, question: Compared) -> bool {
        if self.question != question.key || self.other().is_some() {
            return true;
        }
        let number = |limit: Option<Decimal>| limit.map(AnswerValue::Number);
        let candidates: Vec<AnswerValue> = match (question.kind, self.relation) {
            (AnswerKind::Scale { least, most }, _) => {
                (*least..=*most).map(|n| AnswerValue::Number(n.into())).collect()
            }
            (AnswerKind::YesNo { .. }, _) => vec![AnswerValue::Flag(true), AnswerValue::Flag(false)],
            (kind, Comparison::Greater | Comparison::GreaterOrEqual) => {
                number(kind.measure().and_then(|measure| measure.most)).into_iter().collect()
            }
            (kind, Comparison::Less | Comparison::LessOrEqual) => {
                number(kind.measure().and_then(|measure| measure.least)).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let holds = |value: AnswerValue| self.holds(&[(question.key.to_owned(), value)].into()) == Holds::Yes;
        candidates.is_empty() || candidates.into_iter().any(holds)
    }

    /// Returns the other question whose answer it is compared with.
    pub fn other(&self) -> Option<&str> {
        match &self.right {
            Right::Question(key) => Some(key),
            Right::Values(_) => None,
        }
    }

    /// Returns whether it holds of these answers.
    pub fn holds(&self, answers: &Answers) -> Holds {
        let Some(answer) = answers.get(&self.question) else {
            return Holds::Unknown;
        };
        let holds = match &self.right {
            Right::Values(values) if self.relation == Comparison::NotEqual => {
                values.iter().all(|value| self.compares(answer, value))
            }
            Right::Values(values) => values.iter().any(|value| self.compares(answer, value)),
            Right::Question(key) => match answers.get(key) {
                None => return Holds::Unknown,
                Some(value) => self.compares(answer, value),
            },
        };
        if holds { Holds::Yes } else { Holds::No }
    }

    fn compares(&self, answer: &AnswerValue, value: &AnswerValue) -> bool {
        let same = match (answer, value) {
            // A choice of several is equal to each option that was chosen.
            (AnswerValue::Choices(chosen), AnswerValue::Choice(option)) => chosen.contains(option),
            _ => answer == value,
        };
        let order = match (answer, value) {
            (AnswerValue::Number(a), AnswerValue::Number(b)) => Some(a.cmp(b)),
            (AnswerValue::Day(a), AnswerValue::Day(b)) => Some(a.cmp(b)),
            _ => None,
        };
        match self.relation {
            Comparison::Equal => same,
            Comparison::NotEqual => !same,
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl fmt::Display for AnswerCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// Whether answers of both types can be compared.
fn alike(one: &AnswerKind, other: &AnswerKind) -> bool {
    let number = |kind: &AnswerKind| kind.measure().is_some() || matches!(kind, AnswerKind::Scale { .. });
    let date = |kind: &AnswerKind| matches!(kind, AnswerKind::Date);
    (number(one) && number(other)) || (date(one) && date(other))
}

fn values(
    question: Compared,
    typed: &str,
    ordered: bool,
    currency: Currency,
    whole: &str,
) -> Result<Vec<AnswerValue>, ConditionFault> {
    let parts: Vec<&str> = if ordered { vec![typed] } else { typed.split(',').map(str::trim).collect() };
    let read = |part: &&str| {
        let value = match question.kind {
            // A limit need not be an answer that is allowed.
            AnswerKind::Percent(_) => {
                decimal(part.strip_suffix('%').map_or(part, str::trim_end)).map(AnswerValue::Number)
            }
            AnswerKind::Scale { .. } | AnswerKind::Number(_) | AnswerKind::Money(_) => {
                decimal(part).map(AnswerValue::Number)
            }
            AnswerKind::Date => Day::parse_iso(part).map(AnswerValue::Day),
            AnswerKind::MultiChoice(options) => {
                let wanted = part.to_lowercase();
                let found = options.iter().find(|(option, _)| option.to_lowercase() == wanted);
                found.map(|(option, _)| AnswerValue::Choice(option.clone()))
            }
            _ => question.kind.read(part, currency).ok(),
        };
        value.ok_or_else(|| ConditionFault::Value {
            condition: whole.to_owned(),
            question: question.key.to_owned(),
            value: (*part).to_owned(),
            kind: question.kind.clone(),
            currency,
        })
    };
    parts.iter().map(read).collect()
}
