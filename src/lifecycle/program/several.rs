//! Attributes with several values: regions, and fields with `several = true`.
//!
//! The first value is the partner's own, by which reports count it and parts of the program apply. It is stored as that of an
//! attribute with one value is, so that whatever asks for the attribute gets it. The further ones stand beside it, under a
//! key that no field can have.

use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fault::FieldFault;
use crate::lifecycle::program::fields::FieldKind;

/// What follows the key of an attribute in that of its further values.
const FURTHER: &str = ".more";
/// Stands between further values; no text has it.
const BETWEEN: char = '\n';

/// Returns the key under which the further values of an attribute are stored.
pub(crate) fn further_key(attribute: &str) -> String {
    format!("{attribute}{FURTHER}")
}

/// Returns the attribute of which this is the key of further values.
pub(crate) fn further_of(key: &str) -> Option<&str> {
    key.strip_suffix(FURTHER)
}

/// Returns further values from how they are stored.
pub(crate) fn further(stored: Option<&str>) -> impl Iterator<Item = &str> {
    stored.into_iter().flat_map(|values| values.split(BETWEEN))
}

/// Returns further values in the form in which they are stored.
pub(crate) fn together(values: &[String]) -> String {
    values.join(&BETWEEN.to_string())
}

/// Returns how values are stored, by key; nothing for what is to be taken away.
pub(crate) fn stored(attribute: &str, values: &[String]) -> [(String, Option<String>); 2] {
    let rest = together(values.get(1..).unwrap_or_default());
    [
        (attribute.to_owned(), values.first().cloned()),
        (further_key(attribute), Some(rest).filter(|rest| !rest.is_empty())),
    ]
}

impl Program {
    /// Returns whether a partner can have several values of an attribute.
    pub(crate) fn is_several(&self, attribute: &str) -> bool {
        attribute == "region" || self.field(attribute).is_some_and(|field| field.several)
    }

    /// Returns what separates values of an attribute with several, which none of them holds.
    pub(crate) fn separators(&self, attribute: &str) -> &'static [char] {
        let is_text = self.field(attribute).is_some_and(|field| field.kind == FieldKind::Text);
        if is_text && attribute != "region" { &[';'] } else { &[',', ';'] }
    }

    /// Reads the values of an attribute into the form in which they are stored, the first one first. Values of which none
    /// holds a comma, regions and options, are separated by commas or semicolons, texts by semicolons.
    ///
    /// # Errors
    /// A value is not one that the attribute takes; none if there is no such attribute.
    pub(crate) fn read_values(
        &self,
        attribute: &str,
        typed: &str,
    ) -> Result<Vec<String>, Option<FieldFault>> {
        if !self.is_several(attribute) {
            return Ok(vec![self.read_attribute(attribute, typed)?]);
        }
        let separators = self.separators(attribute);
        let mut values: Vec<String> = Vec::new();
        for value in split_quoted(typed, separators) {
            let key = || attribute.to_owned();
            let Some(value) = unquoted(value) else {
                return Err(Some(FieldFault::Unclosed { key: key(), value: value.trim().to_owned() }));
            };
            if value.contains(separators) {
                return Err(Some(FieldFault::Comma { key: key(), value: value.to_owned() }));
            }
            let value = self.read_attribute(attribute, value)?;
            if !values.iter().any(|known| known.to_lowercase() == value.to_lowercase()) {
                values.push(value);
            }
        }
        Ok(values)
    }
}

/// Divides values at separators outside quotation marks; a value is in quotation marks only if it begins with one.
fn split_quoted<'t>(typed: &'t str, separators: &[char]) -> Vec<&'t str> {
    let (mut parts, mut start, mut is_quoted, mut is_new) = (Vec::new(), 0, false, true);
    for (at, sign) in typed.char_indices() {
        if !is_quoted && separators.contains(&sign) {
            parts.push(&typed[start..at]);
            (start, is_new) = (at + sign.len_utf8(), true);
            continue;
        }
        if sign == '"' && (is_new || is_quoted) {
            is_quoted = !is_quoted;
        }
        is_new = is_new && sign.is_whitespace();
    }
    parts.push(&typed[start..]);
    parts
}

/// Returns a value without the quotation marks around it; nothing if it begins with one that is not closed.
fn unquoted(value: &str) -> Option<&str> {
    let value = value.trim();
    match value.strip_prefix('"') {
        None => Some(value),
        Some(inner) if inner.matches('"').count() == 1 && inner.ends_with('"') => inner.strip_suffix('"'),
        Some(inner) => inner.contains('"').then_some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::program::definition::BUILT_IN;

    #[test]
    fn the_first_value_is_stored_as_one_and_the_further_ones_beside_it() {
        let program = Program::parse(BUILT_IN).expect("the built-in program");
        let read = |typed: &str| program.read_values("region", typed).unwrap_or_default();
        assert_eq!(read("EMEA, APAC;emea"), ["EMEA", "APAC"]);
        assert!(read("EMEA,").is_empty(), "an empty value is none");
        let [first, rest] = stored("region", &read("EMEA,APAC,LATAM"));
        assert_eq!(first, ("region".to_owned(), Some("EMEA".to_owned())));
        assert_eq!(further(rest.1.as_deref()).collect::<Vec<_>>(), ["APAC", "LATAM"]);
        assert_eq!(further_of(&rest.0), Some("region"));
        assert_eq!(stored("region", &read("EMEA"))[1].1, None);
        assert_eq!(program.read_values("owner", "Ruiz, Ana").unwrap_or_default(), ["Ruiz, Ana"]);
    }
}
