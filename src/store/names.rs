//! Which partner is meant: by key, by reference, or by any part of its name.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::OptionalExtension;

use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::base::text::{folded, keys, nearest};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::program::{further, further_key};
use crate::store::engine::file::Reader;
use crate::store::error::Result;

/// A partner by the names that people know it by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup {
    pub id: PartnerId,
    pub key: String,
    pub name: String,
}

/// No partner is meant, or more than one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NotFound {
    pub text: String,
    /// Those that it could mean, or whose names are near.
    pub candidates: Vec<Lookup>,
    pub ambiguous: bool,
}

/// How many candidates are named.
const CANDIDATES: usize = 10;

impl Reader<'_> {
    /// Returns the one partner that `text` means.
    ///
    /// # Errors
    /// [`NotFound`] if there is none, or if it could be several.
    pub fn find(&self, text: &str) -> anyhow::Result<Lookup> {
        if let Some(id) = self.partner_named(text)? {
            return Ok(self.lookup(id)?);
        }
        let names = self.names()?;
        let wanted = folded(text.trim());
        let whole = |one: &&Lookup| folded(&one.name) == wanted;
        let part = |one: &&Lookup| {
            !wanted.is_empty() && (folded(&one.name).contains(&wanted) || one.key.contains(&wanted))
        };
        if let Some(one) = names.iter().find(|one| one.name == text.trim())
            && names.iter().filter(|other| other.name == one.name).count() == 1
        {
            return Ok(one.clone());
        }
        let exact: Vec<&Lookup> = names.iter().filter(whole).collect();
        let found = if exact.is_empty() { names.iter().filter(part).collect() } else { exact };
        match found[..] {
            [one] => Ok(one.clone()),
            [] => {
                let near = near_names(text, &names);
                Err(Error::new(
                    ErrorKind::Partner,
                    NotFound { text: text.to_owned(), candidates: near, ambiguous: false },
                )
                .into())
            }
            _ => {
                let candidates = found.into_iter().take(CANDIDATES).cloned().collect();
                Err(Error::new(
                    ErrorKind::Partner,
                    NotFound { text: text.to_owned(), candidates, ambiguous: true },
                )
                .into())
            }
        }
    }

    /// Returns the partner with exactly this key or reference.
    pub fn partner_named(&self, name: &str) -> Result<Option<PartnerId>> {
        let by_key = "select id from partner where key = ?1";
        let by_reference = "select partner from reference where name = ?1";
        for sql in [by_key, by_reference] {
            let found =
                self.connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Returns the names by which a partner is known, as far as it counts.
    pub fn lookup(&self, id: PartnerId) -> Result<Lookup> {
        let sql = "select partner.key, profile.name from partner join profile on profile.partner = partner.id
                   where partner.id = ?1 order by profile.seq desc limit 1";
        let found = self
            .connection
            .prepare_cached(sql)?
            .query_row([id], |row| Ok(Lookup { id, key: row.get(0)?, name: row.get(1)? }))
            .optional()?;
        Ok(found.unwrap_or_else(|| Lookup { id, key: format!("#{id}"), name: format!("partner {id}") }))
    }

    /// Returns the e-mail addresses, in lower case, of all who must not be mailed, each with the keys of the partners of which
    /// that is recorded.
    pub(crate) fn opted_out(&self) -> Result<BTreeMap<String, Vec<String>>> {
        let sql =
            "select opt_out.person, partner.key from opt_out join partner on partner.id = opt_out.partner
                   where opt_out.person like '%@%' order by partner.key";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            people.entry(row.get::<_, String>(0)?.to_lowercase()).or_default().push(row.get(1)?);
        }
        Ok(people)
    }

    /// Returns the partner that goes on for this one: itself, or the one that it was merged into.
    pub fn survivor(&self, id: PartnerId) -> Result<PartnerId> {
        let mut survivor = id;
        let mut statement = self.connection.prepare_cached("select target from merged where partner = ?1")?;
        while let Some(target) = statement.query_row([survivor], |row| row.get(0)).optional()? {
            survivor = target;
            if survivor == id {
                break;
            }
        }
        Ok(survivor)
    }

    /// Returns the names of partners that were removed.
    pub fn removed_names(&self) -> Result<HashSet<String>> {
        let mut statement = self.connection.prepare_cached("select name from removed")?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns all partners, by key.
    pub fn names(&self) -> Result<Vec<Lookup>> {
        let mut statement = self.connection.prepare_cached(
            "select partner.id, partner.key, profile.name, max(profile.seq)
             from partner join profile on profile.partner = partner.id
             group by partner.id order by partner.key",
        )?;
        let names = statement
            .query_map([], |row| Ok(Lookup { id: row.get(0)?, key: row.get(1)?, name: row.get(2)? }))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the values of a built-in attribute that partners have now, those of most partners first; what the `except` have
    /// does not count.
    pub(crate) fn values_in_use(&self, attribute: &str, except: &[PartnerId]) -> Result<Vec<String>> {
        let column = match attribute {
            "type" => "type",
            "tier" => "tier",
            "region" => "region",
            _ => return Ok(Vec::new()),
        };
        let sql = format!("select partner, {column}, fields, max(seq) from profile group by partner");
        let further_key = further_key(attribute);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let except: HashSet<PartnerId> = except.iter().copied().collect();
        let mut counts: HashMap<String, usize> = HashMap::new();
        while let Some(row) = rows.next()? {
            if row.get(0).is_ok_and(|id| except.contains(&id)) {
                continue;
            }
            let value: Option<String> = row.get(1)?;
            let fields = row.get_ref(2)?.as_str().unwrap_or_default();
            let fields: BTreeMap<String, String> = if fields.contains(&further_key) {
                serde_json::from_str(fields).unwrap_or_default()
            } else {
                BTreeMap::new()
            };
            let rest = further(fields.get(&further_key).map(String::as_str)).map(str::to_owned);
            for value in value.into_iter().chain(rest) {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Ok(values.into_iter().map(|(value, _)| value).collect())
    }

    /// Returns a key for this name that no partner has, and none has as a reference.
    pub fn free_key(&self, name: &str) -> Result<String> {
        for (_, key) in keys(name, 1) {
            if self.partner_named(&key)?.is_none() {
                return Ok(key);
            }
        }
        Ok(String::new())
    }
}

fn near_names(text: &str, names: &[Lookup]) -> Vec<Lookup> {
    let words = names.iter().flat_map(|one| [one.key.as_str(), one.name.as_str()]);
    let near = nearest(text, words);
    names
        .iter()
        .filter(|one| near.iter().any(|word| *word == one.key || *word == one.name))
        .cloned()
        .collect()
}
