//! What is due, and what to do next.

pub use crate::lifecycle::dues::{Due, DueKind, dues, waiting};
pub use crate::lifecycle::needs::{Lacking, lacking};
pub use crate::lifecycle::next::{NextStep, next_step, open_leaving};
