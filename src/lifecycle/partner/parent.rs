//! The parent of a partner, such as the distributor that a reseller buys from.
//!
//! It is an attribute that holds the number of the other partner, so that it follows whatever happens to its key. Revenue
//! of a partner is what was recorded for it; a parent has its own, and that of those below it stays theirs.

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::stored::PartnerId;

/// Why a partner cannot have another as its parent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ParentRefusal {
    /// Both are one.
    Itself { partner: String },
    /// The other one has it among its own parents; `chain` has the keys from the other one up to the partner.
    Circle { partner: String, chain: Vec<String> },
    /// The program has a field of this name, from before partners had parents.
    OwnField,
}

/// Returns the form in which the parent is stored.
pub(crate) fn parent_stored(parent: PartnerId) -> String {
    parent.to_string()
}

/// Returns the number of the parent from its stored form.
pub(crate) fn parent_number(stored: &str) -> Option<PartnerId> {
    stored.parse().ok()
}

/// Refuses a parent that is the partner itself or stands below it; `chain` has the parent, its parent and so on, each
/// with its number and its key.
///
/// # Errors
/// [`ParentRefusal`].
pub(crate) fn refuse_circle(
    (partner, key): (PartnerId, &str),
    chain: &[(PartnerId, String)],
) -> Result<(), Error> {
    let Some(at) = chain.iter().position(|(one, _)| *one == partner) else { return Ok(()) };
    let partner = key.to_owned();
    if at == 0 {
        return Err(Error::refused(ParentRefusal::Itself { partner }));
    }
    let chain = chain[..=at].iter().map(|(_, key)| key.clone()).collect();
    Err(Error::refused(ParentRefusal::Circle { partner, chain }))
}
