//! What reports read of the file: all partners of a view, loaded once, and the segment that is asked for.
//!
//! The room knows the store and the facts of the lifecycle; it knows no report and no format. More data of a partner is a
//! field of [`Line`], read in channel.rs if a flag of [`Needs`] asks for it; more that `--where` and `list` can ask is a
//! variant in attribute.rs.

pub mod attribute;
pub mod channel;
pub mod line;
pub mod needs;
pub mod segment;

pub use channel::Channel;
pub use line::{Line, LineFacts};
pub use needs::Needs;
pub use segment::Segment;
