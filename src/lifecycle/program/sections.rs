//! Reading sections that many chapters have: those with a key each, names, amounts.

use std::collections::HashSet;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::program::parse::check_key;

/// All sections of `key`, each with a key of its own.
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
                let what = format!("{noun} `{}` is declared twice", key.value);
                reader.report(&key.span, what, format!("give each {noun} a key of its own"));
            }
        }
        all.extend(read(&mut section, reader, key.as_ref()));
        section.finish(reader);
    }
    all
}

pub(crate) fn name_of(
    section: &mut Section,
    reader: &mut TomlReader,
    key: Option<&Located<String>>,
) -> Option<String> {
    let name = section.text(reader, "name");
    name.map(|name| name.value).or_else(|| key.map(|key| key.value.clone()))
}

pub(crate) fn values(texts: Vec<Located<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// An amount above nothing.
pub(crate) fn read_amount(
    section: &mut Section,
    reader: &mut TomlReader,
    key: &'static str,
    currency: Option<Currency>,
) -> Option<i64> {
    let amount = section.decimal(reader, key)?;
    let remedy = format!("write {key} = 100000");
    match currency?.parse(&amount.value) {
        Ok(minor) if minor > 0 => Some(minor),
        Ok(_) => {
            let what = format!("{key} is {}, expected more than nothing", amount.value);
            reader.report(&amount.span, what, remedy);
            None
        }
        Err(why) => {
            reader.report(&amount.span, format!("{key}: {why}"), remedy);
            None
        }
    }
}
