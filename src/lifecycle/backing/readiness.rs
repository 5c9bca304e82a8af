//! Who of a partner is certified for what, and which materials it has.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;

/// A course of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    pub key: String,
    pub name: String,
    /// How many people of a partner are to be certified.
    pub people: i64,
    /// The types of partner that need it; none means all.
    pub types: Vec<String>,
    /// How long a certificate counts; without it, for ever.
    pub valid_days: Option<i64>,
}

/// Something that partners are given, such as a sales kit, in its newest version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Material {
    pub key: String,
    pub name: String,
    pub version: String,
    /// The types of partner that need it; none means all.
    pub types: Vec<String>,
}

/// A certificate of one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    pub event: i64,
    pub day: Day,
    /// The e-mail address or the name by which the contact is known.
    pub person: String,
    pub course: String,
    /// The last day on which it counts.
    pub until: Option<Day>,
    /// Since when the person is no longer at the partner.
    pub gone: Option<Day>,
    pub evidence: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    pub event: i64,
    pub day: Day,
    pub material: String,
    pub version: String,
}

impl Course {
    /// Whether partners of this type need it.
    pub fn is_for(&self, kind: Option<&str>) -> bool {
        is_for(&self.types, kind)
    }
}

impl Material {
    /// Whether partners of this type need it.
    pub fn is_for(&self, kind: Option<&str>) -> bool {
        is_for(&self.types, kind)
    }
}

fn is_for(types: &[String], kind: Option<&str>) -> bool {
    types.is_empty() || kind.is_some_and(|kind| types.iter().any(|one| one.eq_ignore_ascii_case(kind)))
}

impl Certificate {
    pub fn counts_on(&self, day: Day) -> bool {
        self.day <= day
            && self.until.is_none_or(|until| day <= until)
            && self.gone.is_none_or(|gone| day < gone)
    }
}

/// The day since when so many people are certified for a course on `day`, and the newest certificate of each of
/// them; none while there are fewer.
pub fn covered_since<'c>(
    certificates: impl Iterator<Item = &'c Certificate>,
    course: &str,
    people: i64,
    day: Day,
) -> (usize, Option<Day>) {
    let mut since: BTreeMap<&str, Day> = BTreeMap::new();
    for one in certificates.filter(|one| one.course == course && one.counts_on(day)) {
        let first = since.entry(&one.person).or_insert(one.day);
        *first = one.day.min(*first);
    }
    let mut days: Vec<Day> = since.into_values().collect();
    days.sort_unstable();
    let wanted = usize::try_from(people.max(1)).unwrap_or(usize::MAX);
    (days.len(), days.get(wanted - 1).copied())
}

/// Until when each person is certified for each course, by the last of its certificates; none where one counts for
/// ever. Who is no longer there on `day` is left out.
pub fn last_days<'c>(
    certificates: impl Iterator<Item = &'c Certificate>,
    day: Day,
) -> Vec<(&'c str, &'c str, Option<Day>)> {
    let mut last: BTreeMap<(&str, &str), Option<Day>> = BTreeMap::new();
    for one in certificates.filter(|one| one.gone.is_none_or(|gone| day < gone)) {
        let known = last.entry((&one.person, &one.course)).or_insert(one.until);
        *known = known.zip(one.until).map(|(known, until)| known.max(until));
    }
    last.into_iter().map(|((person, course), until)| (person, course, until)).collect()
}
