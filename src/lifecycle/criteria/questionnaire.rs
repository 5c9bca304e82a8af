//! What each side asks of the other.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::answer::{AnswerFault, AnswerKind, AnswerValue, Answers, written_money};
use crate::lifecycle::criteria::condition::AnswerCondition;
use crate::lifecycle::criteria::verdict::CutOffs;
use crate::lifecycle::program::applies::Applies;

/// One side's questions about the other, in the order in which they are asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Questionnaire {
    pub key: String,
    /// The stage in which it is asked.
    pub stage: String,
    pub side: Side,
    pub title: String,
    /// The partners to which it is put.
    pub applies: Applies,
    /// Nothing if no question counts: then only the must-haves decide.
    pub cut_offs: Option<CutOffs>,
    pub questions: Vec<Question>,
    /// Amounts in answers are in this currency.
    pub currency: Currency,
}

/// Who judges whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The vendor judges the partner.
    Vendor,
    /// The partner judges the vendor.
    Partner,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    pub key: String,
    pub text: String,
    pub help: Option<String>,
    /// What proves the answer, if something should.
    pub evidence: Option<String>,
    pub kind: AnswerKind,
    /// What comes of the figure that is answered, if it is an expectation.
    pub actual: Option<Actual>,
    /// How much it counts; zero if it does not. Any unit: shares of the whole are what matters.
    pub weight: Decimal,
    /// What the answer must satisfy.
    pub musts: Vec<AnswerCondition>,
    /// It is asked only if all of these hold of earlier answers.
    pub ask_if: Vec<AnswerCondition>,
}

/// What an expectation is held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actual {
    /// The sell-through of the last twelve months.
    Revenue12Months,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Vendor, Side::Partner];

    /// Returns the word that programs use for the side.
    pub fn word(self) -> &'static str {
        match self {
            Side::Vendor => "vendor",
            Side::Partner => "partner",
        }
    }
}

impl Questionnaire {
    /// Returns the question with this key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// Returns the sum of all weights; zero if no question counts.
    pub fn total_weight(&self) -> Decimal {
        self.questions.iter().map(|question| question.weight).sum()
    }

    /// Returns the share of all weights that a question has, in percent.
    pub fn share(&self, question: &Question) -> Option<Decimal> {
        // If no question counts, there is nothing to be a part of.
        if question.weight.is_zero() {
            return None;
        }
        Some(question.weight * Decimal::ONE_HUNDRED / self.total_weight())
    }

    /// Reads answers as they were kept; what no longer fits counts as not known.
    pub fn read_kept(&self, kept: &BTreeMap<String, String>) -> Answers {
        let read = |question: &Question| {
            let value = question.read(kept.get(&question.key)?, self.currency).ok()?;
            Some((question.key.clone(), value))
        };
        self.questions.iter().filter_map(read).collect()
    }

    /// Writes answers in the form in which they are kept.
    pub fn written(&self, answers: &Answers) -> BTreeMap<String, String> {
        let write = |(key, value): (&String, &AnswerValue)| (key.clone(), self.written_one(key, value));
        answers.iter().map(write).collect()
    }

    fn written_one(&self, key: &str, value: &AnswerValue) -> String {
        let money = self.question(key).is_some_and(|question| matches!(question.kind, AnswerKind::Money(_)));
        match value {
            AnswerValue::Number(amount) if money => written_money(*amount, self.currency),
            value => value.written(),
        }
    }
}

impl Question {
    /// Reads an answer.
    ///
    /// # Errors
    /// The text is not an answer that this question takes.
    pub fn read(&self, typed: &str, currency: Currency) -> Result<AnswerValue, AnswerFault> {
        self.kind.read(typed, currency)
    }
}
