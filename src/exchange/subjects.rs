//! Which partners the rows of an import are about.

use std::collections::HashMap;

use super::rejects::Rejects;
use crate::domain::day::Day;
use crate::domain::event::PartnerId;
use crate::domain::text::{self, slug};
use crate::store::Reader;

/// The partners of a file, as the file calls them, in order of their first row.
#[derive(Clone, Default, Debug)]
pub(super) struct Subjects {
    numbers: HashMap<String, u32>,
    subjects: Vec<Subject>,
}

#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub name: String,
    /// The first row that names it.
    pub line: u64,
    pub observed_from: Option<Day>,
}

/// A partner of ours: one that is there, or the key of one to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Resolved {
    Known(PartnerId),
    New { key: String },
}

impl Subjects {
    /// The number of the partner that a row names.
    ///
    /// # Errors
    /// Why the name can't be one.
    pub fn number(&mut self, name: Option<&str>, line: u64) -> Result<u32, String> {
        let name = name.ok_or("names no partner")?;
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let clean = text::name(name).map_err(|fault| format!("partner {fault}"))?;
        if let Some(number) = self.numbers.get(&clean) {
            return Ok(*number);
        }
        let number = u32::try_from(self.subjects.len()).map_err(|_| "is one partner too many")?;
        self.numbers.insert(clean.clone(), number);
        self.subjects.push(Subject { name: clean, line, observed_from: None });
        Ok(number)
    }

    pub fn get(&self, number: u32) -> Option<&Subject> {
        self.subjects.get(number as usize)
    }

    pub fn get_mut(&mut self, number: u32) -> Option<&mut Subject> {
        self.subjects.get_mut(number as usize)
    }

    /// The partner that each subject is; rejects two names of one partner.
    pub fn resolve(&self, reader: &Reader, rejects: &mut Rejects) -> anyhow::Result<Vec<Option<Resolved>>> {
        let by_name = names_by_name(reader)?;
        let any_partner = !by_name.is_empty() || reader.has_partners()?;
        let mut new_keys: HashMap<String, u32> = HashMap::new();
        let mut named: HashMap<PartnerId, u32> = HashMap::new();
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut resolved = Vec::with_capacity(self.subjects.len());
        for (number, subject) in (0_u32..).zip(&self.subjects) {
            let found = if any_partner { reader.partner_named(&subject.name)? } else { None };
            let found = found.or_else(|| by_name.get(&subject.name).copied().flatten());
            let earlier = match found {
                Some(id) => named.insert(id, number),
                None => new_keys.get(&subject.name).copied(),
            };
            if let Some(earlier) = earlier.and_then(|number| self.get(number)) {
                let why = format!(
                    "names the same partner as `{}` in line {}; write it one way",
                    earlier.name, earlier.line
                );
                rejects.add(subject.line, &subject.name, why)?;
                resolved.push(None);
                continue;
            }
            resolved.push(Some(match found {
                Some(id) => Resolved::Known(id),
                None => {
                    let next = numbers.entry(slug(&subject.name)).or_insert(1);
                    let mut key = String::new();
                    for (number, candidate) in text::keys(&subject.name, *next) {
                        let taken = new_keys.contains_key(&candidate)
                            || (any_partner && reader.partner_named(&candidate)?.is_some());
                        if !taken {
                            *next = number + 1;
                            key = candidate;
                            break;
                        }
                    }
                    new_keys.insert(key.clone(), number);
                    Resolved::New { key }
                }
            }));
        }
        Ok(resolved)
    }
}

/// Partners by their whole name; nothing where several have it.
fn names_by_name(reader: &Reader) -> anyhow::Result<HashMap<String, Option<PartnerId>>> {
    let mut by_name = HashMap::new();
    for lookup in reader.names()? {
        by_name.entry(lookup.name).and_modify(|id| *id = None).or_insert(Some(lookup.id));
    }
    Ok(by_name)
}
