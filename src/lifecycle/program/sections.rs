//! Reading sections that many chapters have: those with a key each, names, amounts.

use std::collections::HashSet;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::program::fault::ProgramFault;
use crate::lifecycle::program::parse::check_key;

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
            if !seen.insert(key.value.clone()) {
                reader.fault(&key.span, ProgramFault::Twice { noun, key: key.value.clone() });
            }
        }
        all.extend(read(&mut section, reader, key.as_ref()));
        section.finish(reader);
    }
    all
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
