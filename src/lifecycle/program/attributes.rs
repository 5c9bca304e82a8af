//! What partners can have as attributes under a program, and which values these take.

use crate::lifecycle::base::text;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fault::FieldFault;
use crate::lifecycle::program::fields::{BUILT_IN_ATTRIBUTES, FieldKind, PARENT, chosen};

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
                Ok(text::name(value).map_err(|fault| FieldFault::Text { key: key(), fault })?)
            }
            None => Err(None),
        }
    }
}
