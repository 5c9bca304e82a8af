//! Which partners the rows of an import are about.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::slug;
use crate::lifecycle::event::PartnerId;
use crate::store::Reader;

/// The partners of a file, as the file calls them, in order of their first row.
#[derive(Clone, Default, Debug)]
pub(super) struct NamedPartners {
    numbers: HashMap<String, u32>,
    named: Vec<NamedPartner>,
}

/// A partner as the file calls it.
#[derive(Clone, Debug)]
pub(super) struct NamedPartner {
    pub name: String,
    /// The first row that names it.
    pub line: u64,
    pub observed_from: Option<Day>,
}

/// What a partner of the file is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Resolved {
    Known(PartnerId),
    /// It does not exist yet, and would get this key.
    New {
        key: String,
    },
    /// It was removed as a mistake, and is not to come back.
    Removed,
    /// An earlier row of the file means the same partner under another name; `known` is its number there, if the partner
    /// exists already, so that rows of both are rows of one.
    Repeated {
        why: String,
        known: Option<u32>,
    },
}

impl NamedPartners {
    /// Returns the number of the partner that a row names.
    ///
    /// # Errors
    /// Why the name is invalid.
    pub(super) fn number(&mut self, name: Option<&str>, line: u64) -> Result<u32, String> {
        let name = name.ok_or("has no partner")?;
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let clean = text::name(name).map_err(|fault| format!("partner {fault}"))?;
        if let Some(number) = self.numbers.get(&clean) {
            return Ok(*number);
        }
        let number = u32::try_from(self.named.len()).map_err(|_| "exceeds the maximum number of partners")?;
        self.numbers.insert(clean.clone(), number);
        self.named.push(NamedPartner { name: clean, line, observed_from: None });
        Ok(number)
    }

    /// Returns how many there are so far.
    pub(super) fn count(&self) -> usize {
        self.named.len()
    }

    /// Returns the partner with this number.
    pub(super) fn numbered(&self, number: u32) -> Option<&NamedPartner> {
        self.named.get(number as usize)
    }

    /// Returns the partner with this number, to be changed.
    pub(super) fn numbered_mut(&mut self, number: u32) -> Option<&mut NamedPartner> {
        self.named.get_mut(number as usize)
    }

    /// Returns what each partner is here, by its number.
    ///
    /// # Errors
    /// Those of reading the database.
    pub(super) fn resolve(&self, reader: &Reader) -> anyhow::Result<Vec<Resolved>> {
        let mut resolver = Resolver::new(reader)?;
        let mut resolved = Vec::with_capacity(self.named.len());
        for (number, one) in (0_u32..).zip(&self.named) {
            resolved.push(match resolver.resolve(number, &one.name)? {
                Found::Partner(one) => one,
                Found::Again { earlier, exists } => {
                    let (name, line) =
                        self.numbered(earlier).map_or(("", 0), |one| (one.name.as_str(), one.line));
                    let why = format!("means the same partner as `{name}` in line {line}; use one spelling");
                    Resolved::Repeated { why, known: exists.then_some(earlier) }
                }
            });
        }
        Ok(resolved)
    }
}

/// What a name of the file means.
enum Found {
    Partner(Resolved),
    /// The same as an earlier name, the one with this number.
    Again {
        earlier: u32,
        exists: bool,
    },
}

/// Finds partners, and keys for new ones.
struct Resolver<'r> {
    reader: &'r Reader<'r>,
    by_name: HashMap<String, Option<PartnerId>>,
    removed: HashSet<String>,
    any_partner: bool,
    /// The number that each partner was found for.
    found_for: HashMap<PartnerId, u32>,
    new_keys: HashMap<String, u32>,
    /// For each stem of a key, the number that is tried next.
    next_number: HashMap<String, u32>,
}

impl<'r> Resolver<'r> {
    fn new(reader: &'r Reader<'r>) -> anyhow::Result<Resolver<'r>> {
        let mut by_name = HashMap::new();
        for lookup in reader.names()? {
            // A name that several partners have means none of them.
            by_name.entry(lookup.name).and_modify(|id| *id = None).or_insert(Some(lookup.id));
        }
        Ok(Resolver {
            reader,
            any_partner: !by_name.is_empty(),
            by_name,
            removed: reader.removed_names()?,
            found_for: HashMap::new(),
            new_keys: HashMap::new(),
            next_number: HashMap::new(),
        })
    }

    fn resolve(&mut self, number: u32, name: &str) -> anyhow::Result<Found> {
        let named = if self.any_partner { self.reader.partner_named(name)? } else { None };
        if let Some(id) = named.or_else(|| self.by_name.get(name).copied().flatten()) {
            return Ok(match self.found_for.entry(id) {
                Entry::Occupied(first) => Found::Again { earlier: *first.get(), exists: true },
                Entry::Vacant(place) => {
                    place.insert(number);
                    Found::Partner(Resolved::Known(id))
                }
            });
        }
        if self.removed.contains(name) {
            return Ok(Found::Partner(Resolved::Removed));
        }
        if let Some(earlier) = self.new_keys.get(name) {
            return Ok(Found::Again { earlier: *earlier, exists: false });
        }
        let key = self.free_key(name)?;
        self.new_keys.insert(key.clone(), number);
        Ok(Found::Partner(Resolved::New { key }))
    }

    fn free_key(&mut self, name: &str) -> anyhow::Result<String> {
        let next = self.next_number.entry(slug(name)).or_insert(1);
        for (number, key) in text::keys(name, *next) {
            let taken = self.new_keys.contains_key(&key)
                || (self.any_partner && self.reader.partner_named(&key)?.is_some());
            if !taken {
                *next = number + 1;
                return Ok(key);
            }
        }
        Ok(String::new())
    }
}
