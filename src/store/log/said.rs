//! Words that the store records itself; they stand in `text/store/`.

use crate::store::log::logged::ActionId;

/// What an action is called in the log, if an older version recorded that or nothing can be read.
#[derive(Clone, Debug)]
pub(crate) enum ActionTitle {
    Undid {
        action: ActionId,
        said: String,
    },
    Redid {
        action: ActionId,
        said: String,
    },
    /// The action could not be read in a damaged file.
    Unreadable,
}

/// The words that are recorded of the command that erases an identity, since the user's own name the partner.
#[derive(Clone, Debug)]
pub(crate) struct ErasureCommand {
    pub key: String,
}
