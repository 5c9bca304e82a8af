//! `[[tier]]` of the program.

use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::criteria::parse_kind::score;
use crate::lifecycle::enablement::section::Course;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::sections::{check_key, note_former, read_amount};
use crate::lifecycle::stage::section::Stage;
use crate::lifecycle::tiers::fault::TierFault;
use crate::lifecycle::tiers::score::{Score, ScorePart};

/// A tier of the program; the first one asks for nothing.
#[derive(Clone, Debug)]
pub struct Tier {
    pub key: String,
    pub name: String,
    pub conditions: Vec<TierCondition>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TierCondition {
    /// Revenue of twelve months, in minor units.
    Revenue(i64),
    /// Revenue of the last four whole quarters with a plan, in percent of it.
    Attainment(i64),
    /// Revenue of twelve months above that of the twelve months before, in percent of it.
    Growth(i64),
    /// Customers to whom anything was sold in twelve months.
    Customers(i64),
    /// So many people are certified for a course.
    Certified { course: String, people: i64 },
    /// The milestone with this key is done.
    Milestone(String),
    /// The partner score is so many points of 100.
    Score(Decimal),
    /// A part of the partner score is so many points.
    ScorePart { part: String, points: Decimal },
    /// All conditions of at least one of these are met.
    Any(Vec<Vec<TierCondition>>),
}

/// What the conditions of tiers can name.
#[derive(Clone, Copy)]
pub(crate) struct TierKeys<'k> {
    /// The keys of all milestones, those of leaving included.
    pub milestones: &'k HashSet<&'k str>,
    pub stages: &'k [Option<Stage>],
    pub courses: &'k [Course],
    pub score: &'k Score,
    /// The tiers below the one that is read.
    pub lower: &'k [Tier],
    pub currency: Option<Currency>,
}

/// Reads the `[[tier]]` sections, the lowest first.
pub(crate) fn read_tiers(root: &mut Section, reader: &mut TomlReader, known: TierKeys) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    for mut section in root.tables(reader, "tier") {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("tier `{}`", key.value));
            check_key(key, reader);
            if tiers.iter().any(|known| known.key == key.value) {
                reader.fault(&key.span, TierFault::Twice { tier: key.value.clone() });
            }
        }
        let was = section.text(reader, "was");
        note_former("tier", key.as_ref(), was, reader);
        let name = section.text(reader, "name");
        let known = TierKeys { lower: &tiers, ..known };
        if let Some(key) = &key {
            check_words(key, name.as_ref(), &tiers, reader);
        }
        let mut conditions = read_conditions(&mut section, reader, known);
        conditions.extend(read_any(&mut section, reader, known));
        section.finish(reader);
        if let Some(key) = key {
            let name = name.map_or_else(|| key.value.clone(), |name| name.value);
            tiers.push(Tier { key: key.value, name, conditions });
        }
    }
    tiers
}

/// Reads the conditions of a tier, or of one of its alternatives.
fn read_conditions(section: &mut Section, reader: &mut TomlReader, known: TierKeys) -> Vec<TierCondition> {
    let mut conditions = Vec::new();
    conditions
        .extend(read_amount(section, reader, "revenue_12m", known.currency).map(TierCondition::Revenue));
    let mut whole = |reader: &mut TomlReader, key, most| {
        section.whole(reader, key, 1..=most).map(|number: Located<i64>| number.value)
    };
    conditions.extend(whole(reader, "plan_attainment", 1000).map(TierCondition::Attainment));
    conditions.extend(whole(reader, "growth_12m", 1000).map(TierCondition::Growth));
    conditions.extend(whole(reader, "customers", 1_000_000).map(TierCondition::Customers));
    conditions.extend(read_certified(section, reader, known));
    for milestone in section.texts_or_text(reader, "milestones") {
        check_milestone(section, &milestone, known, reader);
        conditions.push(TierCondition::Milestone(milestone.value));
    }
    conditions.extend(read_points(section, reader, known.score));
    conditions
}

/// Reads `certified = { sales = 2 }`, or a list of courses for which one person is certified.
fn read_certified(section: &mut Section, reader: &mut TomlReader, known: TierKeys) -> Vec<TierCondition> {
    let mut conditions = Vec::new();
    for one in section.numbered(reader, "certified").unwrap_or_default() {
        let course = one.name.value;
        match known.courses.iter().find(|known| known.key == course) {
            Some(found) if known.only_of_this(&found.applies) => {
                let fault = TierFault::of_this_tier("course", &course, section);
                reader.vain(&one.name.span, fault);
            }
            Some(_) => {}
            None => {
                let courses: Vec<&str> = known.courses.iter().map(|known| known.key.as_str()).collect();
                reader.fault(&one.name.span, TierFault::no_course(&course, &courses));
            }
        }
        let people = one.number.as_ref().map_or(Some(1), |number| number.value.parse().ok());
        match people.filter(|people| (1..=10_000).contains(people)) {
            Some(people) => conditions.push(TierCondition::Certified { course, people }),
            None => {
                let span = one.number.map_or(one.name.span, |number| number.span);
                reader.fault(&span, TierFault::People { course });
            }
        }
    }
    conditions
}

/// Reads `score = 70` and `score_parts = { performance = 10 }`.
fn read_points(section: &mut Section, reader: &mut TomlReader, known: &Score) -> Vec<TierCondition> {
    let mut conditions = Vec::new();
    let parts = &known.parts;
    if let Some(total) = score(section, reader, "score") {
        let best: Decimal = parts.iter().map(ScorePart::best).sum();
        if !known.complete {
            // What is wrong with its parts is reported already.
        } else if parts.is_empty() {
            reader.fault(&total.span, TierFault::NoScore);
        } else if total.value > best {
            reader.vain(&total.span, TierFault::TooManyPoints { part: None, points: total.value, best });
        }
        conditions.push(TierCondition::Score(total.value));
    }
    let asked = section.table(reader, "score_parts").map(|asked| asked.decimals(reader));
    for (part, number) in asked.unwrap_or_default() {
        let Some(known) = parts.iter().find(|known| known.key == part.value) else {
            if !known.complete {
                continue;
            }
            let parts = parts.iter().map(|known| known.key.clone()).collect();
            reader.fault(&part.span, TierFault::NoPart { part: part.value, parts });
            continue;
        };
        let points: Option<Decimal> = number.value.parse().ok();
        match points.filter(|points| *points > Decimal::ZERO && *points <= Decimal::from(known.weight)) {
            Some(points) => {
                if points > known.best() {
                    let (part, best) = (Some(part.value.clone()), known.best());
                    reader.vain(&number.span, TierFault::TooManyPoints { part, points, best });
                }
                conditions.push(TierCondition::ScorePart { part: part.value, points });
            }
            None => {
                let (part, weight) = (part.value, known.weight);
                reader.fault(&number.span, TierFault::PartPoints { part, weight, written: number.value });
            }
        }
    }
    conditions
}

/// Reads `any = [{ ... }, { ... }]`: alternatives, of which one is enough.
fn read_any(section: &mut Section, reader: &mut TomlReader, known: TierKeys) -> Option<TierCondition> {
    let is_given = section.has("any");
    let title = section.title().to_owned();
    let mut alternatives = Vec::new();
    for (at, mut alternative) in section.tables(reader, "any").into_iter().enumerate() {
        alternative.rename(format!("{title}, alternative {}", at + 1));
        let conditions = read_conditions(&mut alternative, reader, known);
        if conditions.is_empty() && reader.clean() {
            let section = alternative.title().to_owned();
            reader.fault(alternative.span(), TierFault::EmptyAlternative { section });
        }
        alternative.finish(reader);
        alternatives.push(conditions);
    }
    if is_given && alternatives.is_empty() && reader.clean() {
        reader.fault(section.span(), TierFault::NoAlternative);
    }
    is_given.then_some(TierCondition::Any(alternatives))
}

impl TierKeys<'_> {
    /// Returns whether what has this scope is asked of no partner below the tier that is read.
    fn only_of_this(self, scope: &Applies) -> bool {
        scope.leaves_out_tiers(self.lower.iter().map(|tier| tier.key.as_str()))
    }
}

/// Reports a milestone that there is not, and one that no partner can have done to reach the tier of the section.
fn check_milestone(section: &Section, named: &Located<String>, known: TierKeys, reader: &mut TomlReader) {
    let key = named.value.as_str();
    let found = known.stages.iter().flatten().find_map(|stage| {
        stage.milestones.iter().find(|one| one.key == key).map(|milestone| (stage, milestone))
    });
    match found {
        None if !known.milestones.contains(key) => {
            reader.fault(&named.span, TierFault::NoMilestone { milestone: key.to_owned() });
        }
        // Of a stage that is not understood, or of leaving.
        None if known.stages.iter().all(Option::is_some) => {
            reader.vain(&named.span, TierFault::OfLeaving { milestone: key.to_owned() });
        }
        None => {}
        Some((stage, milestone)) => {
            if milestone.every.is_some() && milestone.needs.is_none() {
                reader.vain(&named.span, TierFault::Recurring { milestone: key.to_owned() });
            }
            if known.only_of_this(&milestone.applies) || known.only_of_this(&stage.applies) {
                reader.vain(&named.span, TierFault::of_this_tier("milestone", key, section));
            }
        }
    }
}

/// Reports a tier that is called by the key or the name of another one.
fn check_words(
    key: &Located<String>,
    name: Option<&Located<String>>,
    tiers: &[Tier],
    reader: &mut TomlReader,
) {
    for word in [Some(key), name].into_iter().flatten() {
        let is_word = |known: &str| known.to_lowercase() == word.value.to_lowercase();
        let other = |tier: &&Tier| tier.key != key.value && (is_word(&tier.key) || is_word(&tier.name));
        if let Some(other) = tiers.iter().find(other) {
            let fault = TierFault::SameWord { word: word.value.clone(), tier: other.key.clone() };
            reader.vain(&word.span, fault);
        }
    }
}
