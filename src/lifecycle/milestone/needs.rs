//! What a milestone can need: a fact that is recorded elsewhere, any of several, or all of them.
//!
//! It is written `needs = "sold:2"` or `needs = { any = ["sold:2", { all = [...] }] }`. To add a fact: a line in
//! [`Need`], its spelling in `read_fact` and in [`Need`]'s `Display`, when it is there in `held.rs`, what brings it in
//! `rules.rs`, and its words in `text/needs.rs`.

use std::fmt;
use std::ops::Range;

use crate::lifecycle::base::located::{Located, Section, TextOrTable, TomlReader};
use crate::lifecycle::base::money::{Currency, Money};
use crate::lifecycle::base::text;
use crate::lifecycle::enablement::section::{Course, Material};
use crate::lifecycle::funds::fund::Fund;
use crate::lifecycle::program::fault::{NeedFault, VainFault};
use crate::lifecycle::terms::section::Term;

/// Something recorded elsewhere on which a milestone depends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// The questionnaire with this key is passed.
    Questionnaire(String),
    /// So many people are certified for a course.
    Certified { course: String, people: i64 },
    /// A term is agreed.
    Agreed(String),
    /// A term is agreed again, with a later end.
    Renewed(String),
    /// The newest version of a material is delivered.
    Delivered(String),
    /// So many sales were made, without those that were returned.
    Sold(i64),
    /// Revenue, returns taken off, reaches the amount.
    Revenue(Money),
    /// Money of a fund was credited: granted from its budget, or accrued from revenue.
    Granted(String),
    /// Money of a fund was claimed, and the claim is not rejected.
    Claimed(String),
    /// The partner was notified of something: of anything, or of an announcement whose key begins so.
    Announced(Option<String>),
    /// A plan of the fiscal year was agreed by both sides.
    Planned,
    /// The business was reviewed.
    Reviewed,
    /// Revenue of the period was reported.
    Reported,
    /// The tier was reviewed.
    TierReviewed,
    /// At least one of these is there.
    Any(Vec<Need>),
    /// All of these are there.
    All(Vec<Need>),
}

/// The words of facts that name nothing else.
const PLAIN: [(&str, Need); 4] = [
    ("planned", Need::Planned),
    ("reviewed", Need::Reviewed),
    ("reported", Need::Reported),
    ("tier-reviewed", Need::TierReviewed),
];

/// What `settled_by` named before facts had a word of their own.
const FORMER: [(&str, Need); 3] =
    [("plan", Need::Planned), ("review", Need::Reviewed), ("report", Need::Reported)];

/// The most sales or people that a milestone can need.
const MOST: i64 = 1000;

impl Need {
    /// Returns the facts that it is made of, in the order of the program.
    pub fn facts(&self) -> Vec<&Need> {
        match self {
            Need::Any(all) | Need::All(all) => all.iter().flat_map(Need::facts).collect(),
            fact => vec![fact],
        }
    }

    /// Returns whether certified people are one of the facts.
    pub(crate) fn is_of_people(&self) -> bool {
        match self {
            Need::Any(all) | Need::All(all) => all.iter().any(Need::is_of_people),
            fact => matches!(fact, Need::Certified { .. }),
        }
    }
}

impl fmt::Display for Need {
    /// As it is written in the program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = |f: &mut fmt::Formatter<'_>, word: &str, all: &[Need]| {
            let one = |need: &Need| match need {
                Need::Any(_) | Need::All(_) => need.to_string(),
                fact => format!("\"{fact}\""),
            };
            let all: Vec<String> = all.iter().map(one).collect();
            write!(f, "{{ {word} = [{}] }}", all.join(", "))
        };
        match self {
            Need::Questionnaire(key) => write!(f, "questionnaire:{key}"),
            Need::Certified { course, people } => write!(f, "certified:{course}:{people}"),
            Need::Agreed(key) => write!(f, "agreed:{key}"),
            Need::Renewed(key) => write!(f, "renewed:{key}"),
            Need::Delivered(key) => write!(f, "delivered:{key}"),
            Need::Sold(sales) => write!(f, "sold:{sales}"),
            Need::Revenue(amount) => write!(f, "revenue:{amount}"),
            Need::Granted(key) => write!(f, "granted:{key}"),
            Need::Claimed(key) => write!(f, "claimed:{key}"),
            Need::Announced(None) => f.write_str("announced"),
            Need::Announced(Some(start)) => write!(f, "announced:{start}"),
            Need::Planned => f.write_str("planned"),
            Need::Reviewed => f.write_str("reviewed"),
            Need::Reported => f.write_str("reported"),
            Need::TierReviewed => f.write_str("tier-reviewed"),
            Need::Any(all) => several(f, "any", all),
            Need::All(all) => several(f, "all", all),
        }
    }
}

/// All facts that milestones of a program need, each with its place, and the currency in which they are written.
#[derive(Default)]
pub(crate) struct NeededFacts {
    currency: Option<Currency>,
    facts: Vec<Located<Need>>,
}

/// The key under which a need is written; what a milestone is settled by, it can also be said by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NeedKey {
    Needs,
    SettledBy,
}

impl NeedKey {
    /// Returns the key as it is written.
    pub(crate) fn word(self) -> &'static str {
        match self {
            NeedKey::Needs => "needs",
            NeedKey::SettledBy => "settled_by",
        }
    }
}

impl NeededFacts {
    /// Begins with none; without a usable currency, amounts are read in another one, to find all problems.
    pub(crate) fn in_currency(currency: Option<Currency>) -> NeededFacts {
        NeededFacts { currency: currency.or_else(|| Currency::from_code("EUR")), facts: Vec::new() }
    }

    /// Reads what a milestone needs, if it says so under this key.
    pub(crate) fn read(
        &mut self,
        section: &mut Section,
        reader: &mut TomlReader,
        key: NeedKey,
    ) -> Option<Located<Need>> {
        let written = section.text_or_table(reader, key.word())?;
        let span = written.span();
        Some(Located { value: self.read_one(written, reader, key)?, span })
    }

    fn read_one(&mut self, written: TextOrTable, reader: &mut TomlReader, key: NeedKey) -> Option<Need> {
        match written {
            TextOrTable::Text(word) => {
                let need = read_fact(&word.value, key, self.currency);
                let need = need.map_err(|fault| reader.fault(&word.span, fault)).ok()?;
                if let Need::Announced(Some(start)) = &need
                    && !begins_key(start)
                {
                    let (key, near) = (key.word(), text::slug(start));
                    let fault = VainFault::NeedAnnouncement { key, start: start.clone(), near };
                    reader.vain(&word.span, fault);
                }
                self.facts.push(Located { value: need.clone(), span: word.span });
                Some(need)
            }
            TextOrTable::Table(section) => self.read_several(section, reader, key),
        }
    }

    fn read_several(&mut self, mut section: Section, reader: &mut TomlReader, key: NeedKey) -> Option<Need> {
        section.rename(key.word().to_owned());
        let span = section.span().clone();
        let any = section.texts_and_tables(reader, "any");
        let all = section.texts_and_tables(reader, "all");
        let is_empty = section.is_empty();
        section.finish(reader);
        let (written, made): (_, fn(Vec<Need>) -> Need) = match (any, all) {
            (Some(any), None) => (any, Need::Any),
            (None, Some(all)) => (all, Need::All),
            // What it has instead is reported already.
            (None, None) if !is_empty => return None,
            (any, _) => {
                reader.fault(&span, NeedFault::Table { key: key.word(), both: any.is_some() });
                return None;
            }
        };
        if written.value.is_empty() {
            reader.fault(&written.span, NeedFault::Nothing { key: key.word() });
        }
        let read: Vec<Option<Need>> =
            written.value.into_iter().map(|one| self.read_one(one, reader, key)).collect();
        read.into_iter().collect::<Option<Vec<Need>>>().map(made)
    }

    /// Reports what milestones need and the program does not have.
    pub(crate) fn check(&self, known: NeededKeys, reader: &mut TomlReader) {
        for need in &self.facts {
            known.check(&need.value, &need.span, reader);
        }
    }
}

/// Reads `questionnaire:KEY`, `certified:COURSE:PEOPLE`, `sold:2`, `announced` and the like.
fn read_fact(word: &str, key: NeedKey, currency: Option<Currency>) -> Result<Need, NeedFault> {
    let (kind, rest) = word.split_once(':').map_or((word, None), |(kind, rest)| (kind, Some(rest.trim())));
    let kind = kind.trim();
    let badly = |example: &'static str| NeedFault::Form { key: key.word(), word: word.to_owned(), example };
    let former = FORMER.iter().filter(|_| key == NeedKey::SettledBy);
    let plain = PLAIN.iter().chain(former).find(|(plain, _)| *plain == kind).map(|(_, need)| need.clone());
    match (kind, rest) {
        (_, Some("")) => Err(badly(example(kind))),
        ("announced", rest) => Ok(Need::Announced(rest.map(str::to_owned))),
        ("sold", rest) => {
            let count = rest.map_or(Some(1), read_count).map(Need::Sold);
            count.ok_or_else(|| no_count(word, key, "sold:2"))
        }
        (_, None) => plain.ok_or_else(|| unknown(word, key)),
        ("questionnaire", Some(rest)) => Ok(Need::Questionnaire(rest.to_owned())),
        ("agreed", Some(rest)) => Ok(Need::Agreed(rest.to_owned())),
        ("renewed", Some(rest)) => Ok(Need::Renewed(rest.to_owned())),
        ("delivered", Some(rest)) => Ok(Need::Delivered(rest.to_owned())),
        ("granted", Some(rest)) => Ok(Need::Granted(rest.to_owned())),
        ("claimed", Some(rest)) => Ok(Need::Claimed(rest.to_owned())),
        ("certified", Some(rest)) => read_certified(rest).ok_or_else(|| no_count(word, key, example(kind))),
        ("revenue", Some(rest)) => {
            let currency = currency.ok_or_else(|| badly(example(kind)))?;
            let (word, example) = (word.to_owned(), example(kind));
            match currency.parse(rest) {
                Ok(minor) if minor > 0 => Ok(Need::Revenue(currency.money(minor.into()))),
                Ok(_) => Err(NeedFault::Form { key: key.word(), word, example }),
                Err(fault) => Err(NeedFault::Amount { key: key.word(), word, fault, example }),
            }
        }
        (kind, Some(_)) if plain.is_some() => Err(NeedFault::Form {
            key: key.word(),
            word: word.to_owned(),
            example: PLAIN.iter().find(|(plain, _)| *plain == kind).map_or("planned", |(plain, _)| plain),
        }),
        _ => Err(unknown(word, key)),
    }
}

fn no_count(word: &str, key: NeedKey, example: &'static str) -> NeedFault {
    NeedFault::Count { key: key.word(), word: word.to_owned(), most: MOST, example }
}

/// Returns whether a key can begin so.
fn begins_key(start: &str) -> bool {
    text::is_key(start.strip_suffix('-').unwrap_or(start))
}

fn unknown(word: &str, key: NeedKey) -> NeedFault {
    NeedFault::NoFact { key: key.word(), word: word.to_owned() }
}

/// Returns how a fact of this kind is written.
fn example(kind: &str) -> &'static str {
    match kind {
        "certified" => "certified:COURSE:2",
        "agreed" => "agreed:TERM",
        "renewed" => "renewed:TERM",
        "delivered" => "delivered:MATERIAL",
        "granted" => "granted:FUND",
        "claimed" => "claimed:FUND",
        "sold" => "sold:2",
        "revenue" => "revenue:50000",
        "announced" => "announced:KEY",
        _ => "questionnaire:KEY",
    }
}

fn read_count(text: &str) -> Option<i64> {
    text.parse().ok().filter(|count| (1..=MOST).contains(count))
}

/// Reads `COURSE:PEOPLE`, or `COURSE` for one person.
fn read_certified(text: &str) -> Option<Need> {
    let (course, people) = text.split_once(':').unwrap_or((text, "1"));
    Some(Need::Certified { course: course.trim().to_owned(), people: read_count(people.trim())? })
}

/// What milestones can need.
#[derive(Clone, Copy)]
pub(crate) struct NeededKeys<'k> {
    pub questionnaires: &'k [&'k str],
    pub courses: &'k [Course],
    pub terms: &'k [Term],
    pub materials: &'k [Material],
    pub funds: &'k [Fund],
    pub has_tiers: bool,
}

impl NeededKeys<'_> {
    fn check(self, need: &Need, span: &Range<usize>, reader: &mut TomlReader) {
        let (noun, key, keys): (&'static str, &str, Vec<&str>) = match need {
            Need::Questionnaire(key) => ("questionnaire", key, self.questionnaires.to_vec()),
            Need::Certified { course, .. } => {
                ("course", course, self.courses.iter().map(|one| one.key.as_str()).collect())
            }
            Need::Agreed(key) | Need::Renewed(key) => {
                ("term", key, self.terms.iter().map(|one| one.field.key.as_str()).collect())
            }
            Need::Delivered(key) => {
                ("material", key, self.materials.iter().map(|one| one.key.as_str()).collect())
            }
            Need::Granted(key) | Need::Claimed(key) => {
                ("fund", key, self.funds.iter().map(|one| one.key.as_str()).collect())
            }
            Need::TierReviewed if !self.has_tiers => {
                return reader.fault(span, NeedFault::NoTiers);
            }
            _ => return,
        };
        if !keys.contains(&key) {
            let (key, known) = (key.to_owned(), keys.into_iter().map(str::to_owned).collect());
            reader.fault(span, NeedFault::Unknown { noun, key, known });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> Result<Need, NeedFault> {
        read_fact(word, NeedKey::Needs, Currency::from_code("EUR"))
    }

    #[test]
    fn a_fact_is_written_back_as_it_was_read() {
        for word in [
            "questionnaire:q",
            "certified:sales:2",
            "agreed:margin",
            "renewed:contract-end",
            "delivered:kit",
            "sold:2",
            "revenue:50000.00",
            "granted:co-op",
            "claimed:co-op",
            "announced",
            "announced:atlas",
            "planned",
            "reviewed",
            "reported",
            "tier-reviewed",
        ] {
            assert_eq!(read(word).map(|need| need.to_string()), Ok(word.to_owned()));
        }
        let several = Need::Any(vec![Need::Sold(2), Need::All(vec![Need::Planned, Need::Reviewed])]);
        assert_eq!(several.to_string(), r#"{ any = ["sold:2", { all = ["planned", "reviewed"] }] }"#);
    }

    #[test]
    fn what_is_left_out_has_a_usual_value() {
        assert_eq!(read("sold"), Ok(Need::Sold(1)));
        assert_eq!(read("certified:sales"), Ok(Need::Certified { course: "sales".to_owned(), people: 1 }));
    }

    #[test]
    fn what_is_not_a_fact_is_a_fault() {
        for word in ["", "sold:0", "sold:x", "sold:", "revenue:", "revenue:0", "revenue:-5", "revenue"] {
            assert!(read(word).is_err(), "{word}");
        }
        for word in ["agreed", "granted:", "announced:", "planned:2026", "plan", "certified:c:0", "foo:bar"] {
            assert!(read(word).is_err(), "{word}");
        }
        let former = |word| read_fact(word, NeedKey::SettledBy, None);
        assert_eq!(former("plan"), Ok(Need::Planned));
        assert_eq!(former("review"), Ok(Need::Reviewed));
        assert_eq!(former("report"), Ok(Need::Reported));
    }
}
