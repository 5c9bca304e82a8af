//! `[[score]]` of the program: the parts of the partner score, each with a weight and the points for what was reached.
//!
//! Points are rounded to two places, half away from zero; what is compared with a minimum is what is shown.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::criteria::parse_kind::read_worth;
use crate::lifecycle::criteria::scoring::Scoring;
use crate::lifecycle::program::sections::{keyed, name_of};
use crate::lifecycle::tiers::fault::TierFault;

/// A part of the partner score.
#[derive(Clone, PartialEq, Debug)]
pub struct ScorePart {
    pub key: String,
    pub name: String,
    pub measure: ScoreMeasure,
    /// Its share of 100 points.
    pub weight: i64,
    /// From what was reached to a share of the weight, from 0 to 100.
    pub worth: Scoring,
}

/// All parts of the partner score, in the order of the program.
pub(crate) struct Score {
    pub parts: Vec<ScorePart>,
    /// Whether all of them are understood.
    pub complete: bool,
}

/// What a part of the score measures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ScoreMeasure {
    /// Revenue of twelve months, in whole units of the currency.
    Revenue,
    /// Percent of plan over the last four whole quarters with one.
    Attainment,
    /// Percent over the twelve months before.
    Growth,
    /// Customers of twelve months.
    Customers,
    /// People certified for a course.
    Certified(String),
}

/// The measures without a course, by their words.
const MEASURES: [(&str, ScoreMeasure); 4] = [
    ("revenue_12m", ScoreMeasure::Revenue),
    ("plan_attainment", ScoreMeasure::Attainment),
    ("growth_12m", ScoreMeasure::Growth),
    ("customers", ScoreMeasure::Customers),
];

impl ScoreMeasure {
    /// Reads a measure as programs write it: `revenue_12m`, `certified:sales`.
    pub fn from_word(word: &str) -> Option<ScoreMeasure> {
        if let Some(course) = word.strip_prefix("certified:") {
            return Some(ScoreMeasure::Certified(course.trim().to_owned()));
        }
        MEASURES.into_iter().find(|(known, _)| *known == word).map(|(_, measure)| measure)
    }

    /// Returns the measure as programs write it.
    pub fn word(&self) -> String {
        if let ScoreMeasure::Certified(course) = self {
            return format!("certified:{course}");
        }
        let found = MEASURES.iter().find(|(_, measure)| measure == self);
        found.map_or_else(String::new, |(word, _)| (*word).to_owned())
    }
}

impl ScorePart {
    /// Returns the most points that it can have.
    pub fn best(&self) -> Decimal {
        let (_, best) = self.worth.range(None, None);
        best * Decimal::from(self.weight) / Decimal::ONE_HUNDRED
    }

    /// Returns the points for what was reached, from 0 to the weight; none was known is worth none.
    pub fn points(&self, reached: Option<Decimal>) -> Decimal {
        let share = reached.map_or(Decimal::ZERO, |reached| self.worth.of(reached));
        let points = share * Decimal::from(self.weight) / Decimal::ONE_HUNDRED;
        points.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize()
    }
}

/// Reads the `[[score]]` sections; `courses` are the keys of the program's courses.
pub(crate) fn read_score(root: &mut Section, reader: &mut TomlReader, courses: &[&str]) -> Score {
    let mut total = 0;
    let mut last = None;
    let (mut complete, mut weighed) = (true, true);
    let parts = keyed(root, reader, "score", |section, reader, key| {
        let name = name_of(section, reader, key);
        let measure =
            section.required_text(reader, "measure").and_then(|word| read_measure(&word, reader, courses));
        let weight = section.whole(reader, "weight", 1..=100);
        if !section.has("weight") {
            reader.fault(section.span(), TierFault::NoWeight { section: section.title().to_owned() });
        }
        let found = reader.found();
        let worth = read_worth(section, reader);
        if worth.is_none() && reader.found() == found {
            reader.fault(section.span(), TierFault::NoPoints { section: section.title().to_owned() });
        }
        total += weight.as_ref().map_or(0, |weight| weight.value);
        last = Some(weight.as_ref().map_or_else(|| section.span().clone(), |weight| weight.span.clone()));
        let (key, weight) = (key.map(|key| key.value.clone()), weight.map(|weight| weight.value));
        weighed &= weight.is_some();
        let part = match (key, name, measure, weight, worth) {
            (Some(key), Some(name), Some(measure), Some(weight), Some(worth)) => {
                Some(ScorePart { key, name, measure, weight, worth })
            }
            _ => None,
        };
        complete &= part.is_some();
        part
    });
    if let Some(span) = last.filter(|_| weighed && total != 100) {
        reader.fault(&span, TierFault::Weights { total });
    }
    Score { parts, complete }
}

fn read_measure(word: &Located<String>, reader: &mut TomlReader, courses: &[&str]) -> Option<ScoreMeasure> {
    let measure = ScoreMeasure::from_word(&word.value);
    match &measure {
        None => reader.fault(&word.span, TierFault::Measure { word: word.value.clone() }),
        Some(ScoreMeasure::Certified(course)) if !courses.contains(&course.as_str()) => {
            reader.fault(&word.span, TierFault::no_course(course, courses));
        }
        Some(_) => {}
    }
    measure
}

/// Returns points as events keep them.
pub(super) fn kept(points: Decimal) -> f64 {
    points.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_a_share_of_the_weight_and_what_is_unknown_is_worth_none() {
        let worth = Scoring::Linear { worst: Decimal::ZERO, best: Decimal::from(3) };
        let measure = ScoreMeasure::Customers;
        let part = ScorePart { key: "c".to_owned(), name: "C".to_owned(), measure, weight: 40, worth };
        let points = |reached: i64| part.points(Some(Decimal::from(reached))).to_string();
        assert_eq!([points(-1), points(1), points(2), points(9)], ["0", "13.33", "26.67", "40"]);
        assert_eq!(part.points(None), Decimal::ZERO);
    }

    #[test]
    fn a_measure_is_written_as_it_is_read() {
        for word in ["revenue_12m", "plan_attainment", "growth_12m", "customers", "certified:sales"] {
            assert_eq!(ScoreMeasure::from_word(word).map(|one| one.word()), Some(word.to_owned()));
        }
        assert_eq!(ScoreMeasure::from_word("revenue"), None);
    }
}
