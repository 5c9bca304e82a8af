//! What recorded names stand for: former keys of stages and milestones, and names of periods.

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
    /// The fiscal calendars that were in force, each with the number of the event behind which it was; not stored, since
    /// they follow from the programs.
    #[serde(skip)]
    pub(super) calendars: Vec<(i64, Calendar)>,
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
