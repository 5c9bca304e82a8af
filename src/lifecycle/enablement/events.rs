//! What is recorded of enablement, and what is known of it after that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// A person of the partner passed a course.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Certified {
    /// The e-mail address or the name by which the contact is known.
    pub person: String,
    pub course: String,
    /// The last day on which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// The day on which the course was passed, if that was before the person or the partner was here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earned: Option<Day>,
}

/// The partner got a version of a material.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Delivered {
    pub material: String,
    pub version: String,
}

/// A certificate of one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    pub event: i64,
    /// Since when the person has it under this name.
    pub day: Day,
    /// Since when the partner has somebody with it; before `day` if the person had another address.
    pub since: Day,
    /// The day on which the course was passed, if that was before.
    pub earned: Option<Day>,
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

impl Certificate {
    /// Returns the day on which the course was passed.
    pub(crate) fn passed(&self) -> Day {
        self.earned.unwrap_or(self.since)
    }

    /// Tells whether the certificate counts on a day: it is there, not over, and the person is still at the partner.
    pub fn counts_on(&self, day: Day) -> bool {
        self.day <= day
            && self.until.is_none_or(|until| day <= until)
            && self.gone.is_none_or(|gone| day < gone)
    }
}

/// Returns how many people are certified for a course on `day`, and since when there are at least `people` of them; none
/// while there are fewer.
pub(crate) fn covered_since<'c>(
    certificates: impl Iterator<Item = &'c Certificate>,
    course: &str,
    people: i64,
    day: Day,
) -> (usize, Option<Day>) {
    let mut since: BTreeMap<&str, Day> = BTreeMap::new();
    for one in certificates.filter(|one| one.course == course && one.counts_on(day)) {
        let first = since.entry(&one.person).or_insert(one.since);
        *first = one.since.min(*first);
    }
    let mut days: Vec<Day> = since.into_values().collect();
    days.sort_unstable();
    let wanted = usize::try_from(people.max(1)).unwrap_or(usize::MAX);
    (days.len(), days.get(wanted - 1).copied())
}

/// Returns until when each person is certified for each course, by the last of its certificates; none if one counts for
/// ever. Who is no longer there on `day` is left out.
pub(crate) fn last_days<'c>(
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
