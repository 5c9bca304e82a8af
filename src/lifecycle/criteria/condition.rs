//! Conditions on answers: `>= 2`, `credit != fail`, `margin-offered >= margin-needed`.

use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::answer::{Answers, Value, decimal};
use crate::lifecycle::criteria::questionnaire::{Kind, Question};

/// Something that holds of an answer, compared with values or with another answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// The question whose answer it looks at.
    pub question: String,
    relation: Relation,
    right: Right,
    /// As the program has it.
    typed: String,
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
    Values(Vec<Value>),
    Question(String),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [(&str, Relation); 6] = [
    ("!=", Relation::NotEqual),
    ("<=", Relation::LessOrEqual),
    (">=", Relation::GreaterOrEqual),
    ("=", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

impl Condition {
    /// Reads a condition. `own` is the question that is meant where it names none; `find` knows the others.
    ///
    /// # Errors
    /// What can't be understood, and what is expected.
    pub fn parse<'q>(
        typed: &str,
        own: Option<&'q Question>,
        currency: Currency,
        find: impl Fn(&str) -> Option<&'q Question>,
    ) -> Result<Condition, String> {
        let split = SIGNS
            .iter()
            .filter_map(|(sign, relation)| typed.find(sign).map(|at| (at, *sign, *relation)))
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())));
        let Some((at, sign, relation)) = split else {
            return Err(format!(
                "`{typed}` compares nothing; write it as `>= 2`, `!= none` or `credit = pass`"
            ));
        };
        let (left, right) = (typed[..at].trim(), typed[at + sign.len()..].trim());
        let question = match (left, own) {
            ("", Some(own)) => own,
            ("", None) => return Err(format!("`{typed}` does not say which question it looks at")),
            (key, own) => own
                .filter(|own| own.key == key)
                .or_else(|| find(key))
                .ok_or_else(|| format!("`{typed}` looks at `{key}`, which is no question before it"))?,
        };
        let ordered = !matches!(relation, Relation::Equal | Relation::NotEqual);
        let comparable =
            question.kind.measure().is_some() || matches!(question.kind, Kind::Scale { .. } | Kind::Date);
        if matches!(question.kind, Kind::Text) {
            return Err(format!("`{typed}` compares a text; only other types can be compared"));
        }
        if ordered && !comparable {
            return Err(format!("`{typed}`: a {} has no order; use = or !=", question.kind.word()));
        }
        // An option of the question goes before a question of the same name.
        let is_option = question.kind.options().iter().any(|(option, _)| option == right);
        let other = find(right).filter(|other| other.key != question.key && !is_option);
        let right = match other {
            Some(other) if alike(&other.kind, &question.kind) => Right::Question(other.key.clone()),
            Some(other) => {
                return Err(format!(
                    "`{typed}` compares a {} with a {}",
                    question.kind.word(),
                    other.kind.word()
                ));
            }
            None => Right::Values(values(question, right, ordered, currency, typed)?),
        };
        Ok(Condition { question: question.key.clone(), relation, right, typed: typed.to_owned() })
    }

    /// Whether some answer that `question` allows makes it hold; taken to be so where that can't be told.
    pub fn can_hold(&self, question: &Question) -> bool {
        if self.question != question.key || self.other().is_some() {
            return true;
        }
        let number = |limit: Option<Decimal>| limit.map(Value::Number);
        let candidates: Vec<Value> = match (&question.kind, self.relation) {
            (Kind::Scale { least, most }, _) => (*least..=*most).map(|n| Value::Number(n.into())).collect(),
            (Kind::YesNo { .. }, _) => vec![Value::Flag(true), Value::Flag(false)],
            (kind, Relation::Greater | Relation::GreaterOrEqual) => {
                number(kind.measure().and_then(|measure| measure.most)).into_iter().collect()
            }
            (kind, Relation::Less | Relation::LessOrEqual) => {
                number(kind.measure().and_then(|measure| measure.least)).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let holds = |value: Value| self.holds(&[(question.key.clone(), value)].into()) == Holds::Yes;
        candidates.is_empty() || candidates.into_iter().any(holds)
    }

    /// The other question whose answer it is compared with.
    pub fn other(&self) -> Option<&str> {
        match &self.right {
            Right::Question(key) => Some(key),
            Right::Values(_) => None,
        }
    }

    /// Whether it holds of these answers.
    pub fn holds(&self, answers: &Answers) -> Holds {
        let Some(answer) = answers.get(&self.question) else {
            return Holds::Unknown;
        };
        let holds = match &self.right {
            Right::Values(values) if self.relation == Relation::NotEqual => {
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

    fn compares(&self, answer: &Value, value: &Value) -> bool {
        let same = match (answer, value) {
            // A choice of several is equal to each option that was chosen.
            (Value::Choices(chosen), Value::Choice(option)) => chosen.contains(option),
            _ => answer == value,
        };
        let order = match (answer, value) {
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Day(a), Value::Day(b)) => Some(a.cmp(b)),
            _ => None,
        };
        match self.relation {
            Relation::Equal => same,
            Relation::NotEqual => !same,
            Relation::Less => order == Some(Ordering::Less),
            Relation::LessOrEqual => order.is_some_and(Ordering::is_le),
            Relation::Greater => order == Some(Ordering::Greater),
            Relation::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// Whether answers of both types can be compared.
fn alike(one: &Kind, other: &Kind) -> bool {
    let number = |kind: &Kind| kind.measure().is_some() || matches!(kind, Kind::Scale { .. });
    let date = |kind: &Kind| matches!(kind, Kind::Date);
    (number(one) && number(other)) || (date(one) && date(other))
}

fn values(
    question: &Question,
    typed: &str,
    ordered: bool,
    currency: Currency,
    whole: &str,
) -> Result<Vec<Value>, String> {
    let parts: Vec<&str> = if ordered { vec![typed] } else { typed.split(',').map(str::trim).collect() };
    let read = |part: &&str| {
        let value = match &question.kind {
            // A limit need not be an answer that is allowed.
            Kind::Percent(_) => {
                decimal(part.strip_suffix('%').map_or(part, str::trim_end)).map(Value::Number)
            }
            Kind::Scale { .. } | Kind::Number(_) | Kind::Money(_) => decimal(part).map(Value::Number),
            Kind::Date => Day::parse_iso(part).map(Value::Day),
            Kind::MultiChoice(options) => {
                let wanted = part.to_lowercase();
                let found = options.iter().find(|(option, _)| option.to_lowercase() == wanted);
                found.map(|(option, _)| Value::Choice(option.clone()))
            }
            _ => question.read(part, currency).ok(),
        };
        let expected = match question.kind.measure() {
            Some(_) => "a number or another question".to_owned(),
            None => question.expects(currency),
        };
        value.ok_or_else(|| {
            format!("`{whole}` compares `{}` with `{part}`, expected {expected}", question.key)
        })
    };
    parts.iter().map(read).collect()
}
