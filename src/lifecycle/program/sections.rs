//! Reading sections that many chapters have: those with a key each, names, amounts, days, periods.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use crate::lifecycle::base::located::{FormerKey, Located, Section, TextOrTable, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text;
use crate::lifecycle::program::aliases::{Part, PartRename};
use crate::lifecycle::program::fault::{PartFault, ProgramFault};

pub(crate) const MOST_DAYS: i64 = 3650;

/// Reads all sections of `noun`, each with a key of its own.
pub(crate) fn keyed<T>(
    root: &mut Section,
    reader: &mut TomlReader,
    noun: &'static str,
    mut read: impl FnMut(&mut Section, &mut TomlReader, Option<&Located<String>>) -> Option<T>,
) -> Vec<T> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut all = Vec::new();
    for mut section in root.tables(reader, noun) {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("{noun} `{}`", key.value));
            check_key(key, reader);
            reader.keep_place(noun, key);
            if !seen.insert(key.value.clone()) {
                reader.fault(&key.span, ProgramFault::Twice { noun, key: key.value.clone() });
            }
        }
        // Of a term, `was` can be a table with its options, too.
        if Part::ALL.into_iter().any(|part| part.noun() == noun && part != Part::Term) {
            let was = section.text(reader, "was");
            note_former(noun, key.as_ref(), was, reader);
        }
        all.extend(read(&mut section, reader, key.as_ref()));
        section.finish(reader);
    }
    all
}

/// Keeps in mind that a section had another key before.
pub(crate) fn note_former(
    noun: &'static str,
    key: Option<&Located<String>>,
    was: Option<Located<String>>,
    reader: &mut TomlReader,
) {
    let (Some(key), Some(was)) = (key, was) else { return };
    check_key(&was, reader);
    if reader.former().iter().any(|known| known.noun == noun && known.was.value == was.value) {
        reader.fault(&was.span, ProgramFault::SameFormerKey { noun, key: was.value });
        return;
    }
    reader.note_former(FormerKey { noun, was, key: key.value.clone() });
}

/// Returns the new keys of parts; reports former keys that are still in use.
pub(crate) fn part_renames(reader: &mut TomlReader, is_used: impl Fn(Part, &str) -> bool) -> Vec<PartRename> {
    let mut renames = Vec::new();
    for FormerKey { noun, was, key } in reader.former().to_vec() {
        let Some(part) = Part::ALL.into_iter().find(|part| part.noun() == noun) else { continue };
        if is_used(part, &was.value) {
            reader.fault(&was.span, ProgramFault::FormerKeyInUse { noun, key: was.value.clone() });
        }
        renames.push(PartRename { part, was: was.value, key });
    }
    renames
}

/// Reads `was` of a field or term: the key that it had before, or a table with the options that it had and those that stand for
/// them now.
pub(crate) fn read_former(
    section: &mut Section,
    reader: &mut TomlReader,
    noun: &'static str,
    (key, options): (Option<&Located<String>>, Option<&[String]>),
) -> BTreeMap<String, String> {
    let mut former = BTreeMap::new();
    let table = match section.text_or_table(reader, "was") {
        None => return former,
        Some(TextOrTable::Text(was)) => {
            note_former(noun, key, Some(was), reader);
            return former;
        }
        Some(TextOrTable::Table(table)) => table,
    };
    let options = options.unwrap_or_default();
    for (old, new) in table.pairs(reader) {
        if !options.contains(&new.value) {
            let (option, options) = (new.value.clone(), options.to_vec());
            reader.fault(&new.span, PartFault::NoOption { option, options });
        } else if options.iter().any(|option| option.eq_ignore_ascii_case(&old.value)) {
            reader.fault(&old.span, PartFault::FormerOptionInUse { option: old.value });
        } else {
            former.insert(old.value, new.value);
        }
    }
    former
}

/// Reads the name, or takes the key for it.
pub(crate) fn name_of(
    section: &mut Section,
    reader: &mut TomlReader,
    key: Option<&Located<String>>,
) -> Option<String> {
    let name = section.text(reader, "name");
    name.map(|name| name.value).or_else(|| key.map(|key| key.value.clone()))
}

/// Returns the texts without their places.
pub(crate) fn values(texts: Vec<Located<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// Reads an amount above zero, in minor units.
pub(crate) fn read_amount(
    section: &mut Section,
    reader: &mut TomlReader,
    key: &'static str,
    currency: Option<Currency>,
) -> Option<i64> {
    let amount = section.decimal(reader, key)?;
    match currency?.parse(&amount.value) {
        Ok(minor) if minor > 0 => Some(minor),
        Ok(_) => {
            reader.fault(&amount.span, ProgramFault::NotPositive { key, amount: amount.value });
            None
        }
        Err(fault) => {
            reader.fault(&amount.span, ProgramFault::Amount { key, fault });
            None
        }
    }
}

/// Reads how often something recurs.
pub(crate) fn read_every(word: &Located<String>, reader: &mut TomlReader) -> Option<Every> {
    let every = Every::RECURRING.into_iter().find(|every| every.word() == word.value);
    if every.is_none() {
        reader.fault(&word.span, ProgramFault::Every { word: word.value.clone() });
    }
    every
}

/// Reports a key that is not written as one.
pub(crate) fn check_key(key: &Located<String>, reader: &mut TomlReader) {
    if !text::is_key(&key.value) {
        let near = text::slug(&key.value);
        reader.fault(&key.span, ProgramFault::Key { key: key.value.clone(), near });
    }
}

/// Keys in use and renamed keys of one kind of section.
#[derive(Default)]
pub(crate) struct KeysInUse {
    pub(crate) used: HashMap<String, Range<usize>>,
    renamed: Vec<Located<String>>,
}

impl KeysInUse {
    /// Notes a key and the one that it had before, and reports what is used twice.
    pub(crate) fn add(
        &mut self,
        key: Option<&Located<String>>,
        was: Option<&Located<String>>,
        noun: &'static str,
        reader: &mut TomlReader,
    ) {
        if let Some(key) = key {
            reader.keep_place(noun, key);
        }
        if let Some(key) = key
            && self.used.insert(key.value.clone(), key.span.clone()).is_some()
        {
            reader.fault(&key.span, ProgramFault::Twice { noun, key: key.value.clone() });
        }
        if let Some(was) = was {
            check_key(was, reader);
            if self.renamed.iter().any(|other| other.value == was.value) {
                reader.fault(&was.span, ProgramFault::SameFormerKey { noun, key: was.value.clone() });
            }
            self.renamed.push(was.clone());
        }
    }

    /// Returns the keys in the order of the file, those of sections with a fault of their own included.
    pub(crate) fn in_order(&self) -> Vec<&str> {
        let mut keys: Vec<(&str, usize)> =
            self.used.iter().map(|(key, span)| (key.as_str(), span.start)).collect();
        keys.sort_by_key(|(_, start)| *start);
        keys.into_iter().map(|(key, _)| key).collect()
    }

    /// Reports former keys that are still in use.
    pub(crate) fn check_renames(&self, noun: &'static str, reader: &mut TomlReader) {
        for was in self.renamed.iter().filter(|was| self.used.contains_key(&was.value)) {
            reader.fault(&was.span, ProgramFault::FormerKeyInUse { noun, key: was.value.clone() });
        }
    }
}
