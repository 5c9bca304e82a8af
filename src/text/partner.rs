//! The words of partners: which one is meant, and who it is.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::partner::PartnerMisfit;
use crate::store::{Lookup, NotFound};

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
