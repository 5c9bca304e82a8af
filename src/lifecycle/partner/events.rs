//! What is recorded of who a partner is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::folded;

/// The partner came into the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Joined {
    pub key: String,
    /// `name` always; `type`, `tier`, `region`, `owner` and the program's fields if known.
    pub attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The day since when we watch this partner; what happened before is known only in part.
    pub observed_from: Day,
    /// The day on which it was imported, if it is watched since an earlier one: of milestones and reports from before,
    /// nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Day>,
}

/// A person at a partner. The e-mail address, or the name if there is none, tells them apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// One role, or several with commas between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A person at a partner has another address, name, role or number: who it was, and who it is now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactChange {
    /// The e-mail address or the name by which the person was known.
    pub from: String,
    pub to: Contact,
}

/// Attributes changed. `None` takes an attribute away.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edited {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Option<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The e-mail addresses or names of contacts who are no longer there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts_gone: Vec<String>,
    /// Persons who are known otherwise now; certificates and what they were told stay theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts_changed: Vec<ContactChange>,
    /// The e-mail addresses or names of those who must not be mailed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opted_out: Vec<String>,
    /// Those who may be mailed again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opted_in: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_from: Option<Day>,
    /// The day since when milestones and reports are asked of it, if somebody said that it was watched since then; an
    /// import of its history says only since when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_from: Option<Day>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Noted {
    pub text: String,
}

impl Contact {
    /// Returns whether one of the roles is this one, whatever its case.
    pub(crate) fn has_role(&self, role: &str) -> bool {
        let wanted = folded(role);
        let own = self.role.as_deref().unwrap_or_default();
        folded(own) == wanted || own.split(',').any(|one| folded(one.trim()) == wanted)
    }
}

/// Returns what tells contacts apart: the e-mail address, or the name if there is none.
pub(crate) fn identity(contact: &Contact) -> &str {
    contact.email.as_deref().unwrap_or(&contact.name)
}

/// Returns whether two contacts are one person, by what tells people apart, in any case.
pub(crate) fn is_same_person(one: &Contact, other: &Contact) -> bool {
    folded(identity(one)) == folded(identity(other))
}
