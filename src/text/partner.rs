//! The words of partners: which one is meant, and who it is.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::partner::{Edited, Joined, Noted, PartnerMisfit, PartnerRefusal};
use crate::lifecycle::program::Program;
use crate::store::{Lookup, NotFound};
use crate::text::events::Described;

impl Sentence for NotFound {
    fn sentence(&self) -> String {
        if self.ambiguous {
            format!("`{}` could mean several partners", self.text)
        } else {
            format!("there is no partner `{}`", self.text)
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let named = |one: &Lookup| {
            if one.key == one.name {
                format!("`{}`", one.key)
            } else {
                format!("`{}` ({})", one.key, one.name)
            }
        };
        let names = self.candidates.iter().map(named).collect::<Vec<String>>().join(", ");
        if names.is_empty() {
            return vec!["`chanlife list` shows all partners; `chanlife add-partner` adds one".into()];
        }
        if self.ambiguous {
            vec![format!("write the key of one of {names}").into()]
        } else {
            vec![format!("did you mean {names}?").into()]
        }
    }
}

impl Sentence for PartnerMisfit {
    fn sentence(&self) -> String {
        match self {
            PartnerMisfit::JoinsAgain { key } => format!("joins again as `{key}`"),
        }
    }
}

impl Described for Joined {
    fn described(&self, _: &Program) -> String {
        format!("joined as {}", self.attributes.get("name").unwrap_or(&self.key))
    }
}

impl Described for Edited {
    fn described(&self, _: &Program) -> String {
        let mut parts: Vec<String> = self
            .attributes
            .iter()
            .map(|(key, value)| match value {
                Some(value) => format!("{key} is {value}"),
                None => format!("{key} taken away"),
            })
            .collect();
        parts.extend(self.references.iter().map(|one| format!("reference {one}")));
        parts.extend(self.contacts.iter().map(|one| format!("contact {}", one.name)));
        parts.extend(self.contacts_gone.iter().map(|one| format!("contact {one} taken away")));
        parts.extend(self.observed_from.map(|day| format!("observed from {day}")));
        if parts.is_empty() { "details that are forgotten".to_owned() } else { parts.join(", ") }
    }
}

impl Described for Noted {
    fn described(&self, _: &Program) -> String {
        self.text.clone()
    }
}

impl Sentence for PartnerRefusal {
    fn sentence(&self) -> String {
        match self {
            PartnerRefusal::NoContact { partner, contact, .. } => {
                format!("{partner} has no contact `{contact}`")
            }
            PartnerRefusal::MergedIntoItself { partner } => format!("{partner} can't be merged into itself"),
            PartnerRefusal::StagesContradict { key, into, conflict } => {
                format!("the stages of `{key}` and `{into}` contradict each other: {conflict}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PartnerRefusal::NoContact { known, .. } => {
                vec![format!("its contacts are {}", listed(known)).into()]
            }
            PartnerRefusal::MergedIntoItself { .. } => Vec::new(),
            PartnerRefusal::StagesContradict { key, .. } => {
                vec![format!("add --without-stages to take over all but the stages of {key}").into()]
            }
        }
    }
}
