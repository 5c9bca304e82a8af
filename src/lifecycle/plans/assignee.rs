//! Who is to do a task, and that what is wanted again is not that of somebody else.

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::events::Task;

/// The same is open and to be done by another one than is wanted now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WithAnother {
    pub key: String,
    pub number: i64,
    pub what: String,
    pub follow_up: bool,
    /// Who is to do it; none if nobody is named.
    pub has: Option<String>,
    pub wanted: String,
}

/// Returns who is to do a task: its assignee, or else the owner of the partner.
pub(super) fn assignee<'p>(partner: &'p Partner, task: &'p Task) -> Option<&'p str> {
    task.owner.as_deref().or_else(|| partner.attribute("owner"))
}

/// Checks that an open task which is wanted again is not that of somebody else.
///
/// # Errors
/// Refused if it is, and the one that is wanted now is named.
pub(super) fn refuse_other_hands(partner: &Partner, known: &Task, wanted: Option<&str>) -> Result<(), Error> {
    let own = assignee(partner, known);
    let Some(wanted) = wanted.filter(|wanted| own.map(folded) != Some(folded(wanted))) else { return Ok(()) };
    Err(Error::refused(WithAnother {
        key: partner.key.clone(),
        number: known.event,
        what: known.what.clone(),
        follow_up: known.follow_up,
        has: own.map(str::to_owned),
        wanted: wanted.to_owned(),
    }))
}
