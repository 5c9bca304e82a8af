//! What reports read of the file: all partners of a view, loaded once, and the segment that is asked for.
//!
//! The room knows the store and the facts of the lifecycle; it must not know any report or format. To add records of
//! partners, add one line to `record_types!` in records.rs; to add what `--where` and `list` can ask, add one row
//! in known.rs.

mod attribute;
mod channel;
mod counted_once;
mod known;
mod line;
mod line_facts;
mod needs;
mod records;
mod segment;

pub(crate) use attribute::Quality;
pub use channel::Channel;
pub(crate) use channel::{LEFT, NO_STAGE, PARKED};
pub(crate) use counted_once::{FamilySales, SameSale};
pub(crate) use line::Line;
pub(crate) use line_facts::LineFacts;
pub use needs::Needs;
pub(crate) use segment::Segment;
