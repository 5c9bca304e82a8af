//! What partners can have as attributes under a program, and which values these take.

use crate::lifecycle::base::text;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fault::FieldFault;
use crate::lifecycle::program::fields::{BUILT_IN_ATTRIBUTES, FieldKind, PARENT, chosen};

/// The attributes whose values are words that partners share.
pub(crate) const SHARED: [&str; 3] = ["type", "tier", "region"];

/// Returns the spelling that is in use for a value, if it is in use in another one: with other blanks, or other letters of the
/// alphabet in upper case. `used` begins with the one that counts.
pub(crate) fn spelling_in_use<'u>(
    value: &str,
    used: impl Iterator<Item = &'u str> + Clone,
) -> Option<&'u str> {
    if used.clone().any(|one| one == value) {
        return None;
    }
    let value = plain_spelling(value);
    let mut used = used;
    used.find(|one| plain_spelling(one) == value)
}

/// Returns a word as it is compared with other spellings of it: in lower case, with single blanks.
pub(crate) fn plain_spelling(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ").to_lowercase()
}

/// Returns the attributes that partners can have: those of every program, then those of this one.
pub(crate) fn attributes_of(program: &Program) -> Vec<&str> {
    let own = program.fields().iter().map(|field| field.key.as_str());
    let own = own.filter(|key| !BUILT_IN_ATTRIBUTES.contains(key));
    let parent = program.has_parents().then_some(PARENT);
    BUILT_IN_ATTRIBUTES.into_iter().chain(parent).chain(own).collect()
}

impl Program {
    /// Returns the values that an attribute can have, each as a key and a name: the tiers, and the options of a
    /// choice. None if it takes other values too.
    pub fn options(&self, attribute: &str) -> Option<Vec<(&str, &str)>> {
        if attribute == "tier" && !self.tiers.is_empty() {
            return Some(self.tiers.iter().map(|tier| (tier.key.as_str(), tier.name.as_str())).collect());
        }
        match &self.field(attribute)?.kind {
            FieldKind::Choice(options) => {
                Some(options.iter().map(|option| (option.as_str(), option.as_str())).collect())
            }
            _ => None,
        }
    }

    /// Returns whether values of an attribute are words that partners share, and that no list of the program checks: a
    /// type, a region, or a tier of a program without tiers.
    pub(crate) fn is_unlisted_word(&self, attribute: &str) -> bool {
        SHARED.contains(&attribute) && self.options(attribute).is_none()
    }

    /// Returns the values of an attribute for which parts of the program are, those for some partners only.
    pub(crate) fn named_values(&self, attribute: &str) -> Vec<&str> {
        let mut named: Vec<&str> = Vec::new();
        let scoped = self
            .scopes()
            .flat_map(Applies::named)
            .filter(|(key, _)| key.strip_suffix('s') == Some(attribute));
        for value in scoped.flat_map(|(_, values)| values.iter().map(String::as_str)) {
            if !named.contains(&value) {
                named.push(value);
            }
        }
        named
    }

    /// Returns the words for an attribute that no list checks, and how many of them, the first ones, are in use: those of parts
    /// of the program and those that are `used`; the regions of territories stand behind them.
    pub(crate) fn words_known<'w>(&'w self, attribute: &str, used: &'w [String]) -> (Vec<&'w str>, usize) {
        let mut known = self.named_values(attribute);
        let mut add = |words: &mut dyn Iterator<Item = &'w str>| {
            for word in words {
                if !known.contains(&word) {
                    known.push(word);
                }
            }
            known.len()
        };
        let in_use = add(&mut used.iter().map(String::as_str));
        let regions = self.regions.iter().filter(|_| attribute == "region");
        add(&mut regions.map(|region| region.key.as_str()));
        (known, in_use)
    }

    /// Returns whether partners can have others as parents: not if the program has a field of that name, from before they
    /// could.
    pub fn has_parents(&self) -> bool {
        self.field(PARENT).is_none()
    }

    /// Reads a value of an attribute into the form in which it is stored: of a tier the key, whether the key or the
    /// name was typed.
    ///
    /// # Errors
    /// The value is not one that the attribute takes; none if there is no such attribute.
    pub fn read_attribute(&self, attribute: &str, value: &str) -> Result<String, Option<FieldFault>> {
        let key = || attribute.to_owned();
        if attribute == "tier"
            && let Some(options) = self.options(attribute)
        {
            let value = text::name(value).map_err(|fault| FieldFault::Text { key: key(), fault })?;
            return Ok(chosen(attribute, value, &options)?);
        }
        match self.field(attribute) {
            Some(field) => Ok(field.read(value, self.currency)?),
            None if BUILT_IN_ATTRIBUTES.contains(&attribute) || attribute == PARENT => {
                let value = text::name(value).map_err(|fault| FieldFault::Text { key: key(), fault })?;
                if SHARED.contains(&attribute) && value.contains(',') {
                    return Err(Some(FieldFault::Comma { key: key(), value }));
                }
                Ok(value)
            }
            None => Err(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_use_keeps_its_spelling() {
        let used = ["EMEA", "Emea", "Asia Pacific"];
        let found = |value: &str| spelling_in_use(value, used.into_iter());
        assert_eq!([found("emea"), found("EMEA"), found("Emea")], [Some("EMEA"), None, None]);
        assert_eq!(found("asia  pacific"), Some("Asia Pacific"));
        assert_eq!([found("APAC"), found("")], [None, None]);
    }
}
