//! What each side asks of the other.

use rust_decimal::Decimal;

use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::condition::Condition;
use crate::lifecycle::criteria::verdict::CutOffs;
use crate::lifecycle::criteria::worth::Worth;

/// One side's questions about the other, in the order in which they are asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Questionnaire {
    pub key: String,
    /// The stage in which it is asked.
    pub stage: String,
    pub side: Side,
    pub title: String,
    /// Nothing where no question counts: then only the must-haves decide.
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
    /// What proves the answer, where something should.
    pub evidence: Option<String>,
    pub kind: Kind,
    /// What comes of the figure that is answered, where it is an expectation.
    pub actual: Option<Actual>,
    /// How much it counts; zero where it does not. Any unit: shares of the whole are what matters.
    pub weight: Decimal,
    /// What the answer must satisfy.
    pub musts: Vec<Condition>,
    /// It is asked only where all of these hold of earlier answers.
    pub ask_if: Vec<Condition>,
}

/// What an expectation is held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actual {
    /// The sell-through of the last twelve months.
    Revenue12Months,
}

/// What can be answered, and what an answer is worth, from 0 to 100.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// Worth 100 where the answer is `good`, otherwise 0.
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
    pub worth: Option<Worth>,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Vendor, Side::Partner];

    pub fn word(self) -> &'static str {
        match self {
            Side::Vendor => "vendor",
            Side::Partner => "partner",
        }
    }

    /// Whose view it is, for people.
    pub fn view(self) -> &'static str {
        match self {
            Side::Vendor => "our view of the partner",
            Side::Partner => "the partner's view of us",
        }
    }
}

impl Questionnaire {
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// The sum of all weights; zero where no question counts.
    pub fn total_weight(&self) -> Decimal {
        self.questions.iter().map(|question| question.weight).sum()
    }

    /// The part of the whole, in percent, that a question counts where all are asked.
    pub fn share(&self, question: &Question) -> Option<Decimal> {
        // Where no question counts, there is nothing to be a part of.
        if question.weight.is_zero() {
            return None;
        }
        Some(question.weight * Decimal::ONE_HUNDRED / self.total_weight())
    }
}

impl Kind {
    pub fn word(&self) -> &'static str {
        match self {
            Kind::YesNo { .. } => "yes-no",
            Kind::Choice(_) => "choice",
            Kind::MultiChoice(_) => "multi-choice",
            Kind::Scale { .. } => "scale",
            Kind::Number(_) => "number",
            Kind::Percent(_) => "percent",
            Kind::Money(_) => "money",
            Kind::Date => "date",
            Kind::Text => "text",
        }
    }

    pub fn measure(&self) -> Option<&Measure> {
        match self {
            Kind::Number(measure) | Kind::Percent(measure) | Kind::Money(measure) => Some(measure),
            _ => None,
        }
    }

    /// The options to choose from.
    pub fn options(&self) -> &[(String, Decimal)] {
        match self {
            Kind::Choice(options) | Kind::MultiChoice(options) => options,
            _ => &[],
        }
    }

    /// What can be answered and what it is worth, in words.
    pub fn settings(&self) -> String {
        let range = self.measure().map_or_else(String::new, Measure::range_in_words);
        let worth = self.worth_in_words();
        format!("{worth}{range}")
    }

    /// What its worth is read from, in words: `core: 100, adjacent: 60`; empty where it has none.
    pub fn worth_in_words(&self) -> String {
        match self {
            Kind::YesNo { good: true } => "yes: 100, no: 0".to_owned(),
            Kind::YesNo { good: false } => "no: 100, yes: 0".to_owned(),
            Kind::Choice(options) | Kind::MultiChoice(options) => {
                let parts: Vec<String> = options
                    .iter()
                    .map(|(option, worth)| format!("{option}: {}", worth.normalize()))
                    .collect();
                parts.join(", ")
            }
            Kind::Scale { least, most } => format!("0 at {least}, 100 at {most}"),
            Kind::Number(measure) | Kind::Percent(measure) | Kind::Money(measure) => {
                let against =
                    measure.against.as_ref().map_or_else(String::new, |other| format!("less {other}, "));
                measure.worth.as_ref().map_or_else(String::new, |worth| format!("{against}{worth}"))
            }
            Kind::Date | Kind::Text => String::new(),
        }
    }
}
