//! From the `[[field]]` sections of a program to its custom attributes of partners.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::located::{Located, NotedValue, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text;
use crate::lifecycle::program::fault::{FieldFault, PartFault, ProgramFault, VainFault};
use crate::lifecycle::program::sections::{check_key, read_former};

/// Attributes that every partner has beside the program's own fields.
pub(crate) const BUILT_IN_ATTRIBUTES: [&str; 5] = ["name", "type", "tier", "region", "owner"];

/// The attribute that says which partner is the parent, such as the distributor of a reseller.
pub(crate) const PARENT: &str = "parent";

/// The word for the reason of the program for which a partner left. It came after programs that have a field of this name, which
/// then means that field.
pub(crate) const WHY: &str = "why";

/// A custom attribute of partners, or the allowed values of a built-in one.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: String,
    pub kind: FieldKind,
    /// Whether a partner can have several values of it.
    pub several: bool,
    /// Options that it had before, each with the one that stands for it now.
    pub former: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldKind {
    Text,
    Number,
    Money,
    Date,
    Choice(Vec<String>),
}

impl FieldKind {
    /// Returns the word that programs use for the type.
    pub fn word(&self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::Number => "number",
            FieldKind::Money => "money",
            FieldKind::Date => "date",
            FieldKind::Choice(_) => "choice",
        }
    }
}

impl Field {
    /// Returns the option that stands for a value now, if it is a former one.
    pub(crate) fn option_now(&self, value: String) -> String {
        let known = self.former.iter().find(|(was, _)| was.to_lowercase() == value.to_lowercase());
        known.map_or(value, |(_, now)| now.clone())
    }

    /// Reads a value into the form in which it is stored.
    ///
    /// # Errors
    /// The value is not one that this field takes.
    pub fn read(&self, value: &str, currency: Currency) -> Result<String, FieldFault> {
        let key = self.key.clone();
        let value = match text::name(value) {
            Ok(value) => value,
            Err(fault) => return Err(FieldFault::Text { key, fault }),
        };
        match &self.kind {
            FieldKind::Text => Ok(value),
            FieldKind::Number => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(value),
                _ => Err(FieldFault::Number { key, value }),
            },
            FieldKind::Money => match currency.parse(&value) {
                Ok(minor) => Ok(currency.money(i128::from(minor)).to_string()),
                Err(fault) => Err(FieldFault::Money { key, fault }),
            },
            FieldKind::Date => match Day::parse_iso(&value) {
                Some(day) => Ok(day.to_string()),
                None => Err(FieldFault::Date { key, value }),
            },
            FieldKind::Choice(options) => {
                let value = self.option_now(value);
                let options: Vec<(&str, &str)> =
                    options.iter().map(|option| (option.as_str(), option.as_str())).collect();
                chosen(&key, value, &options)
            }
        }
    }
}

/// Returns the options of a choice; none of another type.
pub(crate) fn options_of(kind: Option<&FieldKind>) -> Option<&[String]> {
    match kind {
        Some(FieldKind::Choice(options)) => Some(options),
        _ => None,
    }
}

/// Returns the key of the option that a value means, by key or by name, whatever the case.
pub(super) fn chosen(key: &str, value: String, options: &[(&str, &str)]) -> Result<String, FieldFault> {
    let wanted = value.to_lowercase();
    let is_meant = |word: &str| word.to_lowercase() == wanted;
    let by_key = options.iter().find(|(key, _)| is_meant(key));
    match by_key.or_else(|| options.iter().find(|(_, name)| is_meant(name))) {
        Some((key, _)) => Ok((*key).to_owned()),
        None => {
            let options = options.iter().map(|(key, _)| (*key).to_owned()).collect();
            Err(FieldFault::Choice { key: key.to_owned(), value, options })
        }
    }
}

/// Reads all `[[field]]` sections, in the order of the file.
pub(crate) fn read_fields(root: &mut Section, reader: &mut TomlReader) -> Vec<Field> {
    let mut seen: HashMap<String, Range<usize>> = HashMap::new();
    let mut fields = Vec::new();
    for mut section in root.tables(reader, "field") {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("field `{}`", key.value));
            for attribute in [PARENT, WHY].into_iter().filter(|word| *word == key.value) {
                reader.note(NotedValue { key: "key", attribute, word: key.clone() });
            }
            check_field_key(key, reader);
            if seen.insert(key.value.clone(), key.span.clone()).is_some() {
                reader.fault(&key.span, ProgramFault::Twice { noun: "field", key: key.value.clone() });
            }
        }
        let kind = read_field_kind(&mut section, reader, key.as_ref());
        let options = options_of(kind.as_ref());
        let former = read_former(&mut section, reader, "field", (key.as_ref(), options));
        let several = read_several(&mut section, reader, (key.as_ref(), kind.as_ref()));
        section.finish(reader);
        if let (Some(key), Some(FieldKind::Choice(_))) = (&key, &kind)
            && key.value == "tier"
            && root.has("tier")
        {
            reader.vain(&key.span, VainFault::TierOptions);
        }
        if let (Some(key), Some(kind)) = (key, kind) {
            fields.push(Field { key: key.value, kind, several, former });
        }
    }
    fields
}

/// Reads whether partners can have several values: of texts and choices, and of no attribute that every partner has but the
/// region, which can have several anyway.
fn read_several(
    section: &mut Section,
    reader: &mut TomlReader,
    (key, kind): (Option<&Located<String>>, Option<&FieldKind>),
) -> bool {
    let place = section.span().clone();
    let several = section.flag(reader, "several").unwrap_or(false);
    if let (true, Some(key), Some(kind)) = (several, key, kind) {
        let is_listed = matches!(kind, FieldKind::Text | FieldKind::Choice(_));
        let is_own = key.value == "region" || !BUILT_IN_ATTRIBUTES.contains(&key.value.as_str());
        if !is_listed || !is_own || key.value == PARENT {
            reader.fault(&place, PartFault::OneValue { key: key.value.clone(), kind: kind.word() });
        }
    }
    several
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
        reader.fault(&key.span, ProgramFault::BuiltInField { key: key.value.clone() });
    }
}

/// Reads the type of a field with its options.
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
            reader.fault(&word.span, ProgramFault::NoOptions);
            return None;
        }
        ("text" | "number" | "money" | "date", Some(options)) => {
            reader.fault(&options.span, ProgramFault::NeedlessOptions { kind: word.value });
            return None;
        }
        _ => {
            reader.fault(&word.span, ProgramFault::FieldType { kind: word.value });
            return None;
        }
    };
    let built_in = key.filter(|key| BUILT_IN_ATTRIBUTES.contains(&key.value.as_str()));
    if let Some(key) = built_in.filter(|_| !matches!(kind, FieldKind::Text | FieldKind::Choice(_))) {
        reader.fault(&word.span, ProgramFault::BuiltInType { key: key.value.clone() });
    }
    Some(kind)
}

fn read_options(options: &[Located<String>], reader: &mut TomlReader) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for option in options {
        if kept.iter().any(|other| other.eq_ignore_ascii_case(&option.value)) {
            reader.fault(&option.span, ProgramFault::OptionTwice { option: option.value.clone() });
        } else if option.value.contains(',') {
            reader.fault(&option.span, ProgramFault::OptionWithComma { option: option.value.clone() });
        } else {
            kept.push(option.value.clone());
        }
    }
    kept
}
