//! Reports: values computed from what the store reads, which any format can be written from.

pub mod channel;
pub mod check;
mod describe;
pub mod frame;
pub mod import;
pub mod list;
pub mod log;
pub mod page;
pub mod partner;
pub mod pipeline;
pub mod program;
pub mod quality;
pub mod receipt;
pub mod revenue;
pub mod segment;
pub mod sheet;
