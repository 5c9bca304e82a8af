//! What the statistics say of the channel: the histories of its partners, the chain of stages that they give, the order
//! of the levers, and how much the counts carry.
//!
//! It must not know how a report lays out its tables; the methods themselves stand in analysis/, which knows no partner.
//! To add an estimate, add a file that takes the histories or the model and returns a value; a report asks for it.

pub(crate) mod curves;
pub(crate) mod diagnostics;
pub(crate) mod growth_gaps;
pub(crate) mod histories;
pub(crate) mod model;
pub(crate) mod ranking;
pub(crate) mod sale_chances;
pub(crate) mod significance;
pub(crate) mod targets;
pub(crate) mod toward;
pub(crate) mod waiting;
