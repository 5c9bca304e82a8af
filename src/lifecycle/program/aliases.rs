//! What recorded names stand for: former keys of stages, milestones and other parts of the
//! program, former options, and names of periods.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::period::Calendar;

/// Former keys and the keys that stand for them now, over all versions of a program, and the calendars by which periods
/// were named.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Aliases {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) stages: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) milestones: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) parts: BTreeMap<Part, BTreeMap<String, String>>,
    /// Former options, by the key of the field or term that it has now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) field_options: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) term_options: BTreeMap<String, BTreeMap<String, String>>,
    /// The fiscal calendars that were in force, each with the number of the event behind which it was; not stored, since
    /// they follow from the programs.
    #[serde(skip)]
    pub(super) calendars: Vec<(i64, Calendar)>,
}

/// A part of the program beside stages and milestones that partners can have, by its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    Tier,
    Term,
    Fund,
    Course,
    Material,
    Reason,
    Field,
}

impl Part {
    pub(crate) const ALL: [Part; 7] =
        [Part::Tier, Part::Term, Part::Fund, Part::Course, Part::Material, Part::Reason, Part::Field];

    /// Returns the word for its section in programs.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Part::Tier => "tier",
            Part::Term => "term",
            Part::Fund => "fund",
            Part::Course => "course",
            Part::Material => "material",
            Part::Reason => "reason",
            Part::Field => "field",
        }
    }
}

/// A new key of a part, as a program declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PartRename {
    pub part: Part,
    pub was: String,
    pub key: String,
}

impl Aliases {
    /// Returns the key that a stage recorded under `key` has now.
    pub fn stage<'a>(&'a self, key: &'a str) -> &'a str {
        self.stages.get(key).map_or(key, String::as_str)
    }

    /// Returns the key that a milestone recorded under `key` has now.
    pub fn milestone<'a>(&'a self, key: &'a str) -> &'a str {
        self.milestones.get(key).map_or(key, String::as_str)
    }

    /// Returns the key that a part recorded under `key` has now.
    pub(crate) fn part<'a>(&'a self, part: Part, key: &'a str) -> &'a str {
        self.parts.get(&part).and_then(|keys| keys.get(key)).map_or(key, String::as_str)
    }

    /// Returns the option that stands for `value` now; `key` is that of the field or term now.
    pub(crate) fn option<'a>(&'a self, part: Part, key: &str, value: &'a str) -> &'a str {
        let options = if part == Part::Term { &self.term_options } else { &self.field_options };
        options.get(key).and_then(|options| options.get(value)).map_or(value, String::as_str)
    }

    /// Returns whether parts or options have other keys now.
    pub(crate) fn is_of_parts(&self) -> bool {
        !(self.parts.is_empty() && self.field_options.is_empty() && self.term_options.is_empty())
    }

    /// Returns the former keys of the milestone that has this key now.
    pub(super) fn former_milestones<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.milestones.iter().filter(move |(_, now)| *now == key).map(|(was, _)| was.as_str())
    }

    /// Returns the same keys, with the fiscal calendars that were in force: each with the number of the event behind which it
    /// was, in order.
    #[must_use]
    pub(crate) fn under_calendars(mut self, calendars: Vec<(i64, Calendar)>) -> Aliases {
        self.calendars = calendars;
        self
    }

    /// Returns the fiscal calendar that was in force when the event with this number was recorded.
    pub(crate) fn calendar_at(&self, event: i64) -> Calendar {
        let later = self.calendars.partition_point(|(since, _)| *since < event);
        let at = self.calendars.get(later.saturating_sub(1));
        at.map_or(Calendar::CIVIL, |(_, calendar)| *calendar)
    }

    /// Returns former keys of stages, each with the key that it has now.
    pub fn former_stages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.stages.iter().map(|(was, now)| (was.as_str(), now.as_str()))
    }
}

/// Adds former options to those that are known, by the key that their field or term has now.
pub(super) fn renamed_options<'f>(
    known: &BTreeMap<String, BTreeMap<String, String>>,
    now: impl Fn(&str) -> String,
    fields: impl Iterator<Item = (&'f str, &'f BTreeMap<String, String>)>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> =
        known.iter().map(|(key, options)| (now(key), options.clone())).collect();
    for (key, former) in fields.filter(|(_, former)| !former.is_empty()) {
        let of = all.entry(key.to_owned()).or_default();
        let pairs: Vec<(Option<String>, &String)> =
            former.iter().map(|(was, option)| (Some(was.clone()), option)).collect();
        *of = renamed(of, pairs.iter().map(|(was, option)| (was, *option)));
    }
    all.retain(|_, options| !options.is_empty());
    all
}

/// Adds renames to those that are known, so that each former key leads to the newest one.
pub(super) fn renamed<'a>(
    known: &BTreeMap<String, String>,
    renames: impl Iterator<Item = (&'a Option<String>, &'a String)>,
) -> BTreeMap<String, String> {
    let mut all = known.clone();
    for (was, key) in renames {
        let Some(was) = was else { continue };
        for now in all.values_mut().filter(|now| *now == was) {
            now.clone_from(key);
        }
        all.insert(was.clone(), key.clone());
    }
    all.retain(|was, now| was != now);
    all
}
