//! From the `[[field]]` sections of a program to its custom attributes of partners.

use std::collections::HashMap;
use std::ops::Range;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::program::parse::check_key;
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, Field, FieldKind};

pub(crate) fn read_fields(root: &mut Section, reader: &mut TomlReader) -> Vec<Field> {
    let mut seen: HashMap<String, Range<usize>> = HashMap::new();
    let mut fields = Vec::new();
    for mut section in root.tables(reader, "field") {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("field `{}`", key.value));
            check_field_key(key, reader);
            if seen.insert(key.value.clone(), key.span.clone()).is_some() {
                let what = format!("field `{}` is declared twice", key.value);
                reader.report(&key.span, what, "remove one of them");
            }
        }
        let kind = read_field_kind(&mut section, reader, key.as_ref());
        section.finish(reader);
        if let (Some(key), Some(kind)) = (key, kind) {
            fields.push(Field { key: key.value, kind });
        }
    }
    fields
}

/// Words that `--where` and the columns of `list` use for what the tool itself knows of a partner.
pub(crate) const KNOWN_OF_PARTNERS: [&str; 20] = [
    "key",
    "ref",
    "stage",
    "since",
    "days",
    "overdue",
    "parked-from",
    "left-as",
    "joined",
    "missing",
    "done",
    "revenue-12m",
    "productive",
    "verdict",
    "vendor-score",
    "partner-score",
    "performance",
    "care",
    "certified",
    "told",
];

fn check_field_key(key: &Located<String>, reader: &mut TomlReader) {
    check_key(key, reader);
    if key.value == "name" || KNOWN_OF_PARTNERS.contains(&key.value.as_str()) {
        let what = format!("`{}` is known of every partner and can't be a field", key.value);
        reader.report(&key.span, what, "choose another key");
    }
}

pub(crate) fn read_field_kind(
    section: &mut Section,
    reader: &mut TomlReader,
    key: Option<&Located<String>>,
) -> Option<FieldKind> {
    let word = section.required_text(reader, "type");
    let options = section.texts(reader, "options");
    let word = word?;
    let kind = match (word.value.as_str(), &options) {
        ("text", None) => FieldKind::Text,
        ("number", None) => FieldKind::Number,
        ("money", None) => FieldKind::Money,
        ("date", None) => FieldKind::Date,
        ("choice", Some(options)) if !options.value.is_empty() => {
            FieldKind::Choice(read_options(&options.value, reader))
        }
        ("choice", _) => {
            let what = "a choice has no options".to_owned();
            reader.report(&word.span, what, "add options = [\"...\", \"...\"]");
            return None;
        }
        ("text" | "number" | "money" | "date", Some(options)) => {
            let what = format!("a {} has no options", word.value);
            reader.report(&options.span, what, "remove options, or write type = \"choice\"");
            return None;
        }
        _ => {
            let what = format!("type is `{}`", word.value);
            reader.report(&word.span, what, "write \"text\", \"number\", \"money\", \"date\" or \"choice\"");
            return None;
        }
    };
    let built_in = key.filter(|key| BUILT_IN_ATTRIBUTES.contains(&key.value.as_str()));
    if let Some(key) = built_in.filter(|_| !matches!(kind, FieldKind::Text | FieldKind::Choice(_))) {
        let what = format!("`{}` is a text of every partner", key.value);
        reader.report(&word.span, what, "write type = \"choice\" to say which values are allowed");
    }
    Some(kind)
}

fn read_options(options: &[Located<String>], reader: &mut TomlReader) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for option in options {
        if kept.iter().any(|other| other.eq_ignore_ascii_case(&option.value)) {
            let what = format!("option `{}` stands twice", option.value);
            reader.report(&option.span, what, "remove one of them");
        } else if option.value.contains(',') {
            let what = format!("option `{}` has a comma, which separates values", option.value);
            reader.report(&option.span, what, "write it without a comma");
        } else {
            kept.push(option.value.clone());
        }
    }
    kept
}
