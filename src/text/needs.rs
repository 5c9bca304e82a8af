//! The words of what milestones need: what it is, how far it is, by what a milestone is settled, and what is wrong with it.

use crate::lifecycle::agenda::{AnswersSoFar, Lacking};
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::{listed, phrase};
use crate::lifecycle::milestone::{Proof, ProvenFact};
use crate::lifecycle::program::{Need, NeedFault};

/// Returns what settles a milestone, such as "the questionnaire `vendor-criteria`".
pub(crate) fn settled_by(lacking: &Lacking) -> String {
    let several =
        |all: &[Lacking], between: &str| all.iter().map(settled_by).collect::<Vec<String>>().join(between);
    match lacking {
        Lacking::Answers { questionnaire, .. } => format!("the questionnaire `{questionnaire}`"),
        Lacking::Certificates { course, .. } => format!("certifications for `{course}`"),
        Lacking::Delivery { material, .. } => format!("the delivery of `{material}`"),
        Lacking::Sales { wanted, .. } => format!("the {} sale", ordinal(*wanted)),
        Lacking::Revenue { wanted, .. } => format!("revenue of {wanted}"),
        Lacking::Fact(need) => fact(need),
        Lacking::Any(all) => several(all, " or "),
        Lacking::All(all) => several(all, " and "),
    }
}

/// Returns a fact as something that happens: "the agreed term `margin`".
fn fact(need: &Need) -> String {
    match need {
        Need::Agreed(term) => format!("the agreed term `{term}`"),
        Need::Renewed(term) => format!("the renewal of the term `{term}`"),
        Need::Granted(fund) => format!("money credited to the fund `{fund}`"),
        Need::Claimed(fund) => format!("a claim on the fund `{fund}`"),
        Need::Announced(None) => "a notification".to_owned(),
        Need::Announced(Some(start)) => format!("a notification about `{start}`"),
        Need::Planned => "a business plan that both sides agreed to".to_owned(),
        Need::Reviewed => "a business review".to_owned(),
        Need::Reported => "a sell-through report".to_owned(),
        Need::TierReviewed => "a tier review".to_owned(),
        other => other.to_string(),
    }
}

/// Says what a milestone has so far of what it needs; nothing if its name says it all.
pub(crate) fn so_far(lacking: &Lacking) -> Option<String> {
    match lacking {
        Lacking::Answers { so_far: Some(AnswersSoFar::Missing), .. } => Some("answers missing".to_owned()),
        Lacking::Answers { so_far: Some(AnswersSoFar::Decided { verdict }), .. } => {
            Some(format!("verdict {verdict}, your decision"))
        }
        Lacking::Certificates { course, certified, people } => {
            Some(format!("{certified} of {people} certified for {course}"))
        }
        Lacking::Delivery { version: Some(version), .. } => Some(format!("has version {version}")),
        Lacking::Sales { wanted: 1, .. } => None,
        Lacking::Sales { made, wanted } => Some(format!("{made} of {wanted} sales")),
        Lacking::Revenue { sold, wanted } => Some(format!("{} of {wanted}", sold.money)),
        Lacking::All(all) => {
            let parts: Vec<String> = all.iter().filter_map(so_far).collect();
            (!parts.is_empty()).then(|| phrase(&parts))
        }
        Lacking::Answers { so_far: None, .. }
        | Lacking::Delivery { version: None, .. }
        | Lacking::Fact(_)
        | Lacking::Any(_) => None,
    }
}

/// Says by what a milestone is settled: "2nd sale on 2026-05-04 (INV-7)".
pub(crate) fn proof(proof: &Proof) -> String {
    let Proof { what, day } = proof;
    match what {
        ProvenFact::Sale { number, reference } => {
            let reference = reference.as_ref().map_or_else(String::new, |text| format!(" ({text})"));
            format!("{} sale on {day}{reference}", ordinal(*number))
        }
        ProvenFact::Revenue { least } => format!("revenue of {least} reached on {day}"),
        ProvenFact::Notification { announcement } => format!("notified about {announcement} on {day}"),
        ProvenFact::Fact(need) => match need {
            Need::Questionnaire(key) => format!("{key} passed on {day}"),
            Need::Certified { course, people: 1 } => format!("certified for {course} since {day}"),
            Need::Certified { course, people } => format!("{people} certified for {course} since {day}"),
            Need::Agreed(term) => format!("{term} agreed on {day}"),
            Need::Renewed(term) => format!("{term} renewed on {day}"),
            Need::Delivered(material) => format!("{material} delivered on {day}"),
            Need::Granted(fund) => format!("{fund} credited on {day}"),
            Need::Claimed(fund) => format!("{fund} claimed on {day}"),
            Need::Planned => format!("plan agreed on {day}"),
            Need::Reviewed => format!("business review on {day}"),
            Need::Reported => format!("report of {day}"),
            Need::TierReviewed => format!("tier review on {day}"),
            other => format!("{other} on {day}"),
        },
    }
}

/// Says by what a milestone is settled, all facts together.
pub(crate) fn all_proofs(proofs: &[Proof]) -> String {
    phrase(&proofs.iter().map(proof).collect::<Vec<String>>())
}

/// Returns a number as it counts: first, 2nd, 3rd, 11th, 22nd.
fn ordinal(number: i64) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    if number == 1 { "first".to_owned() } else { format!("{number}{ending}") }
}

/// How what a milestone needs is written.
const NEED_FORMS: &str = "write \"questionnaire:KEY\", \"certified:COURSE:2\", \"agreed:TERM\", \"renewed:TERM\", \
                          \"delivered:MATERIAL\", \"sold:2\", \"revenue:50000\", \"granted:FUND\", \"claimed:FUND\", \
                          \"announced\", \"announced:KEY\", \"planned\", \"reviewed\", \"reported\" or \"tier-reviewed\"";

impl Sentence for NeedFault {
    fn sentence(&self) -> String {
        match self {
            NeedFault::NoFact { key, word } | NeedFault::Form { key, word, .. } => {
                format!("{key} is `{word}`")
            }
            NeedFault::Amount { key, word, fault, .. } => format!("{key} is `{word}`: {fault}"),
            NeedFault::Count { key, word, most, .. } => {
                format!("{key} is `{word}`, expected a whole number from 1 to {most}")
            }
            NeedFault::Table { key, both: true } => format!("{key} has both any and all"),
            NeedFault::Table { key, both: false } => format!("{key} has neither any nor all"),
            NeedFault::Nothing { key } => format!("{key} has an empty list"),
            NeedFault::NoTiers => "`tier-reviewed`: the program has no [[tier]]".to_owned(),
            NeedFault::Unknown { noun, key, .. } => format!("the program has no {noun} `{key}`"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            NeedFault::NoFact { .. } => NEED_FORMS.to_owned(),
            NeedFault::Form { example, .. }
            | NeedFault::Amount { example, .. }
            | NeedFault::Count { example, .. } => format!("write it as \"{example}\""),
            NeedFault::Table { key, both: true } => {
                format!("nest them: {key} = {{ all = [\"sold:2\", {{ any = [\"...\", \"...\"] }}] }}")
            }
            NeedFault::Table { key, both: false } => {
                format!("write {key} = {{ any = [\"sold:2\", \"revenue:50000\"] }}")
            }
            NeedFault::Nothing { key } => {
                format!("list what it needs, such as [\"sold:2\"], or remove {key}")
            }
            NeedFault::NoTiers => "add [[tier]] sections, or remove tier-reviewed".to_owned(),
            NeedFault::Unknown { noun, known, .. } if known.is_empty() => {
                format!("add a [[{noun}]] with this key, or remove needs")
            }
            NeedFault::Unknown { known, .. } => format!("write one of {}", listed(known)),
        };
        vec![remedy.into()]
    }
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn sales_are_counted_as_people_count() {
        let counted = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal);
        assert_eq!(counted.join(" "), "first 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th");
    }
}
