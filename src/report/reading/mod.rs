//! What reports read of the file: all partners of a view, loaded once, and the segment that is asked for.
//!
//! The room knows the store and the facts of the lifecycle; it knows no report and no format. More data of a partner is a
//! field of [`Line`], read in channel.rs if a flag of [`Needs`] asks for it; more that `--where` and `list` can ask is a
//! variant in attribute.rs.

pub(crate) mod attribute;
pub(crate) mod channel;
pub(crate) mod line;
pub(crate) mod needs;
pub(crate) mod segment;

pub(crate) use channel::Channel;
pub(crate) use line::Line;
pub(crate) use needs::Needs;
