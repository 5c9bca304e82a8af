//! Which partner is whose parent, such as the distributor of a reseller.
//!
//! The attribute holds the number of the parent, which never changes; what reads it for people gets the key. A parent that
//! was merged goes on as the other partner; one that was removed is none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::OptionalExtension;

use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::parent_number;
use crate::lifecycle::program::PARENT;
use crate::store::engine::file::Reader;
use crate::store::error::Result;

/// More parents above each other than any channel has.
const MOST_LEVELS: usize = 64;

impl Reader<'_> {
    /// Returns the parent that a partner has after all that is recorded.
    pub fn parent_of(&self, partner: PartnerId) -> Result<Option<PartnerId>> {
        let sql = "select json_extract(fields, '$.parent') from profile where partner = ?1
                   order by seq desc limit 1";
        let found = self.connection.prepare_cached(sql)?.query_row([partner], |row| row.get(0)).optional()?;
        let Some(parent) = found.flatten().and_then(|value: String| parent_number(&value)) else {
            return Ok(None);
        };
        self.living(parent)
    }

    /// Returns the parent of a partner, its parent and so on, the nearest first.
    pub fn ancestors(&self, partner: PartnerId) -> Result<Vec<PartnerId>> {
        let mut ancestors = Vec::new();
        let mut now = partner;
        while let Some(parent) = self.parent_of(now)?.filter(|parent| !ancestors.contains(parent)) {
            ancestors.push(parent);
            now = parent;
            if ancestors.len() > MOST_LEVELS {
                break;
            }
        }
        Ok(ancestors)
    }

    /// Returns the partner that goes on for the one with this number, if it was not removed.
    pub fn living(&self, partner: PartnerId) -> Result<Option<PartnerId>> {
        let survivor = self.survivor(partner)?;
        let sql = "select id from partner where id = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([survivor], |row| row.get(0)).optional()?)
    }

    /// Returns the partners that ever had this one, or one that was merged into it, as their parent.
    pub fn ever_below(&self, partner: PartnerId) -> Result<BTreeSet<PartnerId>> {
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
        for _ in 0..MOST_LEVELS {
            match self.merged.get(&parent) {
                Some(target) => parent = *target,
                None => break,
            }
        }
        self.keys.get(&parent).filter(|_| parent != partner).map(String::as_str)
    }
}
