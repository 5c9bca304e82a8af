//! Corrections, removals and merges.

pub use crate::lifecycle::mends::{Corrected, Forgotten, Lost, Merged, Removed};
pub use crate::lifecycle::rules::records::correct;
