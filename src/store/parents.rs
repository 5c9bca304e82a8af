//! Which partner is whose parent, such as the distributor of a reseller.
//!
//! The attribute holds the number of the parent, which never changes; what reads it for people gets the key. A parent that
//! was merged goes on as the other partner; one that was removed is none.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::OptionalExtension;

use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::{parent_number, refuse_circle};
use crate::lifecycle::program::PARENT;
use crate::store::engine::file::Reader;
use crate::store::error::Result;

impl Reader<'_> {
    /// Returns the parent that a partner has after all that is recorded; none if it is the partner itself, into which
    /// its parent was merged.
    pub fn parent_of(&self, partner: PartnerId) -> Result<Option<PartnerId>> {
        let Some(parent) = self.stored_parent_of(partner)? else { return Ok(None) };
        Ok(self.living(parent)?.filter(|parent| *parent != partner))
    }

    /// Returns the number that a partner has for its parent, whatever became of that one.
    pub(in crate::store) fn stored_parent_of(&self, partner: PartnerId) -> Result<Option<PartnerId>> {
        let sql = "select json_extract(fields, '$.parent') from profile where partner = ?1
                   order by seq desc limit 1";
        let found = self.connection.prepare_cached(sql)?.query_row([partner], |row| row.get(0)).optional()?;
        Ok(found.flatten().and_then(|value: String| parent_number(&value)))
    }

    /// Returns the parent of a partner, its parent and so on, the nearest first, each once.
    pub fn ancestors(&self, partner: PartnerId) -> Result<Vec<PartnerId>> {
        let mut ancestors = Vec::new();
        let mut seen = HashSet::new();
        let mut now = partner;
        while let Some(parent) = self.parent_of(now)?.filter(|parent| seen.insert(*parent)) {
            ancestors.push(parent);
            now = parent;
        }
        Ok(ancestors)
    }

    /// Refuses a partner that stands above itself.
    ///
    /// # Errors
    /// The refusal with the keys of the circle, and those of reading the file.
    pub(in crate::store) fn refuse_own_ancestor(&self, partner: PartnerId) -> anyhow::Result<()> {
        let ancestors = self.ancestors(partner)?;
        if !ancestors.contains(&partner) {
            return Ok(());
        }
        let chain: Vec<(PartnerId, String)> =
            ancestors.into_iter().map(|one| Ok((one, self.lookup(one)?.key))).collect::<Result<_>>()?;
        Ok(refuse_circle((partner, &self.lookup(partner)?.key), &chain)?)
    }

    /// Returns the circles in which parents go, which a sound file has none of: for each the keys from a partner to the
    /// last one above it.
    pub fn parent_circles(&self) -> Result<Vec<Vec<String>>> {
        let mut statement = self.connection.prepare_cached(
            "select distinct partner from profile where instr(fields, '\"parent\":') > 0 order by partner",
        )?;
        let partners = statement.query_map([], |row| row.get(0))?;
        let mut parents: BTreeMap<PartnerId, PartnerId> = BTreeMap::new();
        for partner in partners.collect::<rusqlite::Result<Vec<PartnerId>>>()? {
            parents.extend(self.parent_of(partner)?.map(|parent| (partner, parent)));
        }
        let mut circles = Vec::new();
        let mut done: HashSet<PartnerId> = HashSet::new();
        for first in parents.keys() {
            let mut way = Vec::new();
            let mut now = *first;
            while done.insert(now) {
                way.push(now);
                match parents.get(&now) {
                    Some(parent) => now = *parent,
                    None => break,
                }
            }
            if let Some(at) = way.iter().position(|one| *one == now).filter(|_| parents.contains_key(&now)) {
                let keys = way[at..].iter().map(|one| Ok(self.lookup(*one)?.key));
                circles.push(keys.collect::<Result<_>>()?);
            }
        }
        Ok(circles)
    }

    /// Returns the partner that goes on for the one with this number, if it was not removed.
    pub fn living(&self, partner: PartnerId) -> Result<Option<PartnerId>> {
        let survivor = self.survivor(partner)?;
        let sql = "select id from partner where id = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([survivor], |row| row.get(0)).optional()?)
    }

    /// Returns the partners that ever had this one, or one that was merged into it, as their parent.
    fn ever_below(&self, partner: PartnerId) -> Result<BTreeSet<PartnerId>> {
        let mut statement = self.connection.prepare_cached(
            "select partner, json_extract(fields, '$.parent') from profile
             where instr(fields, '\"parent\":') > 0",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<(PartnerId, Option<String>)>>>()?;
        let mut below = BTreeSet::new();
        for (child, parent) in rows {
            let Some(parent) = parent.as_deref().and_then(parent_number) else { continue };
            if parent == partner || self.survivor(parent)? == partner {
                below.insert(child);
            }
        }
        below.remove(&partner);
        Ok(below)
    }

    /// Returns the partners that have this one as their parent now, by number.
    pub fn below(&self, partner: PartnerId) -> Result<Vec<PartnerId>> {
        let mut below = Vec::new();
        for child in self.ever_below(partner)? {
            if self.parent_of(child)? == Some(partner) {
                below.push(child);
            }
        }
        Ok(below)
    }

    /// Returns the keys by which parents are read.
    pub(in crate::store) fn parent_keys(&self) -> Result<ParentKeys> {
        let sql = "select exists (select 1 from profile where instr(fields, '\"parent\":') > 0)";
        if !self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))? {
            return Ok(ParentKeys::default());
        }
        let mut statement = self.connection.prepare_cached("select id, key from partner")?;
        let keys = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let keys = keys.collect::<rusqlite::Result<HashMap<PartnerId, String>>>()?;
        let mut statement = self.connection.prepare_cached("select partner, target from merged")?;
        let merged = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(ParentKeys { keys, merged: merged.collect::<rusqlite::Result<_>>()? })
    }
}

/// The keys of partners by number, and who was merged into whom.
#[derive(Default)]
pub(in crate::store) struct ParentKeys {
    keys: HashMap<PartnerId, String>,
    merged: BTreeMap<PartnerId, PartnerId>,
}

impl ParentKeys {
    /// Puts the key of the parent in place of its number; takes the attribute away if there is no such partner any more,
    /// or if it is the partner itself, into which its parent was merged.
    pub(in crate::store) fn written(&self, partner: PartnerId, values: &mut Vec<(String, String)>) {
        let Some(at) = values.iter().position(|(key, _)| key == PARENT) else { return };
        match parent_number(&values[at].1).and_then(|parent| self.key(partner, parent)) {
            Some(key) => key.clone_into(&mut values[at].1),
            None => {
                values.remove(at);
            }
        }
    }

    fn key(&self, partner: PartnerId, parent: PartnerId) -> Option<&str> {
        let mut parent = parent;
        for _ in 0..=self.merged.len() {
            match self.merged.get(&parent) {
                Some(target) => parent = *target,
                None => break,
            }
        }
        self.keys.get(&parent).filter(|_| parent != partner).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use crate::lifecycle::base::day::Day;
    use crate::lifecycle::base::error::Sentence;
    use crate::lifecycle::partner::{Joined, parent_stored};
    use crate::lifecycle::program::BUILT_IN;
    use crate::lifecycle::rule::History;
    use crate::store::{Finding, Importer, Keep, NewEvent, Stamp, Store};

    #[test]
    fn a_stored_circle_of_parents_is_found_once_and_the_way_into_it_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let day = Day::parse_iso("2026-03-01").expect("a day");
        let stamp = Stamp { today: day, now: "n".to_owned(), actor: "a".to_owned(), words: "w".to_owned() };
        let path = folder.path().join("a.db");
        let (mut store, _) =
            Store::open_or_make(&path, Duration::from_secs(1), &stamp, BUILT_IN).expect("made");
        store
            .write(Keep::Commit, |writer| {
                let aliases = writer.reader().program_now()?.aliases;
                // An import projects what it is given, without looking at parents.
                let mut importer = Importer::new(writer, &stamp, &aliases)?;
                for (key, parent) in [("a", Some(2)), ("b", Some(1)), ("c", Some(1)), ("d", None), ("e", Some(4))] {
                    let mut attributes: BTreeMap<String, String> = [("name".to_owned(), key.to_owned())].into();
                    attributes.extend(parent.map(|parent| (PARENT.to_owned(), parent_stored(parent))));
                    let joined = Joined {
                        key: key.to_owned(),
                        attributes,
                        references: Vec::new(),
                        contacts: Vec::new(),
                        observed_from: day,
                        imported: None,
                    };
                    let subject = importer.next_partner();
                    let event = NewEvent { partner: Some(subject), day, event: joined.into() };
                    let misfit = importer.record(History { subject, events: Vec::new() }, &[event])?;
                    assert!(misfit.is_none());
                }
                importer.finish()?;
                let circles = writer.reader().parent_circles()?;
                assert_eq!(circles, [["a", "b"]]);
                let said = Finding::ParentCircle { keys: circles[0].clone() }.sentence();
                assert_eq!(
                    said,
                    "parents go in a circle: `a` under `b` under `a`; `chanlife edit a --unset parent` ends it"
                );
                assert_eq!(writer.reader().below(1)?, [2, 3]);
                let refused = |partner| writer.reader().refuse_own_ancestor(partner).is_err();
                assert_eq!([1, 2, 3, 5].map(refused), [true, true, false, false]);
                Ok(())
            })
            .expect("recorded");
    }
}
