//! Parts that earlier programs had and this one has not: what is recorded of them can still be found, by key and name.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::program::aliases::{Aliases, Part};

/// Reasons, fields and options of earlier programs; one that has another key now is under that.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct FormerParts {
    /// Reasons for leaving, by key, each with its name.
    reasons: BTreeMap<String, String>,
    /// The options of each field; none for one without.
    fields: BTreeMap<String, BTreeSet<String>>,
}

impl FormerParts {
    /// Adds the parts of an earlier program by its text, which is not read as a whole for this.
    pub(super) fn add(&mut self, toml: &str, aliases: &Aliases) {
        for section in sections(toml) {
            let Some(key) = section.text("key") else { continue };
            match section.name {
                "reason" => {
                    let name = section.text("name").unwrap_or(key).to_owned();
                    self.reasons.insert(aliases.part(Part::Reason, key).to_owned(), name);
                }
                "field" => {
                    let key = aliases.part(Part::Field, key).to_owned();
                    let options = section.texts("options");
                    let now =
                        options.into_iter().map(|one| aliases.option(Part::Field, &key, one).to_owned());
                    let now: Vec<String> = now.collect();
                    self.fields.entry(key).or_default().extend(now);
                }
                _ => {}
            }
        }
    }

    /// Returns the name of a reason.
    pub(crate) fn reason_name(&self, key: &str) -> Option<&str> {
        self.reasons.get(key).map(String::as_str)
    }

    /// Returns the key of the reason that has this key or name, in any case.
    pub(crate) fn reason_named(&self, word: &str) -> Option<&str> {
        let wanted = word.trim().to_lowercase();
        let named = || self.reasons.iter().find(|(_, name)| name.to_lowercase() == wanted);
        self.reasons.get_key_value(&wanted).or_else(named).map(|(key, _)| key.as_str())
    }

    /// Returns whether an earlier program had a field with this key.
    pub(crate) fn has_field(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// Returns the option of a field that is written so, in any case.
    pub(crate) fn option(&self, field: &str, value: &str) -> Option<&str> {
        let mut options = self.fields.get(field)?.iter();
        options.find(|option| option.to_lowercase() == value.to_lowercase()).map(String::as_str)
    }
}

/// A table of the text of a program, such as `[[reason]]`, with its lines.
struct TextSection<'t> {
    name: &'t str,
    lines: Vec<(&'t str, &'t str)>,
}

impl<'t> TextSection<'t> {
    /// Returns a value in quotation marks.
    fn text(&self, key: &str) -> Option<&'t str> {
        let (_, value) = self.lines.iter().find(|(name, _)| *name == key)?;
        in_quotes(value).into_iter().next()
    }

    /// Returns all values in quotation marks, also of an array over several lines.
    fn texts(&self, key: &str) -> Vec<&'t str> {
        let Some(at) = self.lines.iter().position(|(name, _)| *name == key) else { return Vec::new() };
        let mut all = Vec::new();
        for (_, value) in &self.lines[at..] {
            all.extend(in_quotes(value));
            if value.contains(']') {
                break;
            }
        }
        all
    }
}

/// Splits the text of a program into its tables; a line without a sign has an empty key.
fn sections(toml: &str) -> Vec<TextSection<'_>> {
    let mut all: Vec<TextSection> = Vec::new();
    for line in toml.lines().map(str::trim) {
        let header = line.strip_prefix("[[").and_then(|rest| rest.split_once("]]"));
        if let Some((name, _)) = header {
            all.push(TextSection { name: name.trim(), lines: Vec::new() });
        } else if line.starts_with('[') && line.ends_with(']') && !line.contains(['"', '\'', ',']) {
            all.push(TextSection { name: "", lines: Vec::new() });
        } else if !line.starts_with('#')
            && let Some(section) = all.last_mut()
        {
            let pair = line.split_once('=').filter(|(key, _)| !key.contains(['"', '\'']));
            section.lines.push(pair.map_or(("", line), |(key, value)| (key.trim(), value.trim())));
        }
    }
    all
}

/// Returns the texts in quotation marks of a line, one behind the other.
fn in_quotes(line: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = if rest[start..].starts_with('"') { '"' } else { '\'' };
        let Some((text, behind)) = rest[start + 1..].split_once(quote) else { break };
        all.push(text);
        rest = behind;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Aliases, FormerParts};

    #[test]
    fn reasons_fields_and_options_are_found_in_the_text_of_a_program() {
        let toml = "[program]\nname = 'x'\n\n[[reason]]\nkey = \"price\"   # dear\nname = \"Margin or price\"\n\
                    for = [\"declined\"]\n[[field]]\nkey = 'vert'\ntype = \"choice\"\noptions = [\n  \"health\", # first\n  \
                    'public sector',\n]\n[tiers]\nkey = \"no\"\n[[field]]\nkey=\"brands\"\ntype = \"text\"\n";
        let mut parts = FormerParts::default();
        parts.add(toml, &Aliases::default());
        assert_eq!(parts.reason_named("margin OR price"), Some("price"));
        assert_eq!(parts.reason_named("Price"), Some("price"));
        assert_eq!(parts.reason_name("price"), Some("Margin or price"));
        assert!(["brands", "vert"].into_iter().all(|key| parts.has_field(key)) && !parts.has_field("no"));
        assert_eq!(parts.option("vert", "Public Sector"), Some("public sector"));
        assert_eq!((parts.option("vert", "text"), parts.option("brands", "text")), (None, None));
    }
}
