//! Who had whom as its parent, and when.
//!
//! A partner that others were merged into keeps what stood above them up to the day on which they were merged.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::partner::parent_number;
use crate::lifecycle::program::PARENT;
use crate::store::as_of::View;
use crate::store::error::Result;
use crate::store::log::read::day_of;

/// Who had whom as its parent, and when.
#[derive(Default)]
pub(crate) struct ParentHistory {
    above: BTreeMap<PartnerId, Vec<ParentSpell>>,
    below: BTreeMap<PartnerId, BTreeSet<PartnerId>>,
}

/// A time for which a partner had a parent, both days included.
struct ParentSpell {
    parent: PartnerId,
    first: Day,
    last: Day,
}

/// The parent that a partner has from a day on, by its number as it was stored; none if it has none.
type Since = (Day, Option<PartnerId>);

impl View<'_> {
    /// Returns who had whom as its parent when, by the view's day; a parent that was merged goes on as the other partner,
    /// one that was removed is none.
    pub(crate) fn parent_history(&self) -> Result<ParentHistory> {
        let mut found =
            HistoryReading { view: self, living: HashMap::new(), history: ParentHistory::default() };
        for (child, versions) in self.profile_parents()? {
            found.take(child, &versions, Day::LAST)?;
        }
        for (member, _) in self.merges()? {
            let Some(child) = self.reader().living(member)? else { continue };
            let history = self.reader().history_as_known(member, self.known())?;
            let own = history.events.iter().filter(|one| one.partner == member);
            let merged =
                own.filter(|one| matches!(one.event, Event::Merged(_))).map(|one| one.day).next_back();
            let Some(state) = history.fold(&self.in_force.aliases, Some(self.as_of)).state else { continue };
            let parent = |values: &BTreeMap<String, String>| {
                values.get(PARENT).map(String::as_str).and_then(parent_number)
            };
            let versions: Vec<Since> =
                state.versions.iter().map(|version| (version.since, parent(&version.attributes))).collect();
            found.take(child, &versions, merged.unwrap_or(Day::LAST))?;
        }
        Ok(found.history)
    }

    /// Returns the parents of the partners that ever had one, in order of day.
    fn profile_parents(&self) -> Result<BTreeMap<PartnerId, Vec<Since>>> {
        let mut statement = self.reader().connection.prepare_cached(
            "select partner, since, json_extract(fields, '$.parent') from profile
             where since <= ?1 and partner in
               (select partner from profile where instr(fields, '\"parent\":') > 0)
             order by partner, seq",
        )?;
        let rows = statement.query_map([self.as_of.number()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?))
        })?;
        let mut versions: BTreeMap<PartnerId, Vec<Since>> = BTreeMap::new();
        for row in rows {
            let (child, since, parent): (PartnerId, i64, Option<String>) = row?;
            let parent = parent.as_deref().and_then(parent_number);
            versions.entry(child).or_default().push((day_of(since)?, parent));
        }
        Ok(versions)
    }

    /// Returns who was merged into whom.
    fn merges(&self) -> Result<Vec<(PartnerId, PartnerId)>> {
        let sql = "select partner, target from merged order by partner";
        let mut statement = self.reader().connection.prepare_cached(sql)?;
        let merged = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(merged.collect::<rusqlite::Result<_>>()?)
    }
}

/// A history while it is read.
struct HistoryReading<'v, 'r> {
    view: &'v View<'r>,
    living: HashMap<PartnerId, Option<PartnerId>>,
    history: ParentHistory,
}

impl HistoryReading<'_, '_> {
    /// Takes the parents of a partner, of which none holds after `until`.
    fn take(&mut self, child: PartnerId, versions: &[Since], until: Day) -> Result<()> {
        for (at, (first, stored)) in versions.iter().enumerate() {
            let Some(stored) = *stored else { continue };
            let parent = match self.living.entry(stored) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => *unknown.insert(self.view.reader().living(stored)?),
            };
            let Some(parent) = parent.filter(|parent| *parent != child) else { continue };
            let last = versions.get(at + 1).map_or(until, |(next, _)| next.plus(-1).min(until));
            if *first <= last {
                self.history.above.entry(child).or_default().push(ParentSpell {
                    parent,
                    first: *first,
                    last,
                });
                self.history.below.entry(parent).or_default().insert(child);
            }
        }
        Ok(())
    }
}

impl ParentHistory {
    /// Returns whether nobody ever had a parent.
    pub(crate) fn is_empty(&self) -> bool {
        self.above.is_empty()
    }

    /// Returns whether a partner ever had a parent or was one.
    pub(crate) fn knows(&self, partner: PartnerId) -> bool {
        self.above.contains_key(&partner) || self.below.contains_key(&partner)
    }

    /// Returns the partners that ever had this one as their parent.
    pub(crate) fn children(&self, partner: PartnerId) -> impl Iterator<Item = PartnerId> {
        self.below.get(&partner).into_iter().flatten().copied()
    }

    /// Returns the partners that ever stood above one, at any distance.
    pub(crate) fn all_above(&self, partner: PartnerId) -> BTreeSet<PartnerId> {
        reached(partner, |one| self.spells(one).iter().map(|spell| spell.parent).collect())
    }

    /// Returns the partners that ever stood below one, at any distance.
    pub(crate) fn all_below(&self, partner: PartnerId) -> BTreeSet<PartnerId> {
        reached(partner, |one| self.children(one).collect())
    }

    /// Returns whether a partner stood above another on a day, at any distance. If each stood above the other, since
    /// partners were merged, the older one counts as the one below.
    pub(crate) fn stood_above(&self, above: PartnerId, below: PartnerId, day: Day) -> bool {
        let stood = |above: PartnerId, below: PartnerId| {
            let parents = |one| {
                let then = self.spells(one).iter().filter(|spell| spell.first <= day && day <= spell.last);
                then.map(|spell| spell.parent).collect()
            };
            reached(below, parents).contains(&above)
        };
        stood(above, below) && (above > below || !stood(below, above))
    }

    fn spells(&self, partner: PartnerId) -> &[ParentSpell] {
        self.above.get(&partner).map_or(&[], Vec::as_slice)
    }
}

/// Returns the partners that can be reached from one; `next` says which ones from each.
fn reached(from: PartnerId, next: impl Fn(PartnerId) -> Vec<PartnerId>) -> BTreeSet<PartnerId> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(now) = open.pop() {
        open.extend(next(now).into_iter().filter(|one| found.insert(*one)));
    }
    found.remove(&from);
    found
}
