//! A version of the program comes into force: the event.

use serde::{Deserialize, Serialize};

use crate::lifecycle::program::aliases::Aliases;

/// A version of the program came into force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Applied {
    pub toml: String,
    #[serde(default)]
    pub aliases: Aliases,
}
