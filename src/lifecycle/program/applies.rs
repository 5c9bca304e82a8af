//! To which partners a part of the program applies: `types`, `tiers` and `regions` of a section.
//!
//! A part without them applies to all. With them it applies to partners whose type, tier and region are among those named,
//! and to those whose type, tier or region is not known: until it is, nothing is passed over in silence. What applies is
//! decided by what a partner is on the day, here and nowhere else; rules ask by `Facts::applies`.

use crate::lifecycle::base::located::{NotedValue, Section, TomlReader};

/// The keys of a section, each with the attribute that it names values of.
const SCOPES: [(&str, &str); 3] = [("types", "type"), ("tiers", "tier"), ("regions", "region")];

/// To which partners a part of the program applies; an empty list leaves nobody out.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Applies {
    /// The values that are named, by attribute in the order of [`SCOPES`].
    values: [Vec<String>; 3],
}

/// To which partners the rules of the program apply.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct RuleScopes {
    pub productive: Applies,
    pub non_performing: Applies,
    pub reporting: Applies,
}

impl Applies {
    /// Reads `types`, `tiers` and `regions` of a section.
    pub(crate) fn read(section: &mut Section, reader: &mut TomlReader) -> Applies {
        let values = SCOPES.map(|(key, attribute)| {
            let words = section.texts_or_text(reader, key);
            for word in &words {
                reader.note(NotedValue { key, attribute, word: word.clone() });
            }
            words.into_iter().map(|word| word.value).collect()
        });
        Applies { values }
    }

    /// Returns whether it applies to all partners, whatever they are.
    pub fn is_everyone(&self) -> bool {
        self.values.iter().all(Vec::is_empty)
    }

    /// Returns whether it applies to a partner with these attributes; one that is not known leaves nobody out.
    pub(crate) fn admits<'a>(&self, attribute: impl Fn(&str) -> Option<&'a str>) -> bool {
        SCOPES.iter().zip(&self.values).filter(|(_, values)| !values.is_empty()).all(|((_, key), values)| {
            let known = attribute(key).map(str::to_lowercase);
            known.is_none_or(|known| values.iter().any(|value| value.to_lowercase() == known))
        })
    }

    /// Returns whether no partner can be among those of both: they name other values of one attribute.
    pub(crate) fn excludes(&self, other: &Applies) -> bool {
        let named = |values: &[String]| values.iter().map(|value| value.to_lowercase()).collect::<Vec<_>>();
        self.values.iter().zip(&other.values).any(|(own, other)| {
            let (own, other) = (named(own), named(other));
            !own.is_empty() && !other.is_empty() && !own.iter().any(|value| other.contains(value))
        })
    }

    /// Returns whether it names tiers, and none of these.
    pub(crate) fn leaves_out_tiers<'a>(&self, mut tiers: impl Iterator<Item = &'a str>) -> bool {
        let [_, own, _] = &self.values;
        !own.is_empty() && !tiers.any(|tier| own.iter().any(|one| one.eq_ignore_ascii_case(tier)))
    }

    /// Puts other values in the place of those that are named; `now` is given the attribute and the value.
    pub(super) fn rename(&mut self, now: impl Fn(&str, &str) -> String) {
        for ((_, attribute), values) in SCOPES.iter().zip(&mut self.values) {
            for value in values {
                *value = now(attribute, value);
            }
        }
    }

    /// Returns the values that are named, each list with its key.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let named = SCOPES.iter().zip(&self.values).filter(|(_, values)| !values.is_empty());
        named.map(|((key, _), values)| (*key, values.as_slice()))
    }
}
