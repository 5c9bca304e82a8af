//! What is due, and what to do next.

pub use crate::lifecycle::dues::dues;
pub(crate) use crate::lifecycle::dues::{Due, DueKind};
pub use crate::lifecycle::next::next_step;
pub(crate) use crate::lifecycle::next::{NextStep, open_leaving};
