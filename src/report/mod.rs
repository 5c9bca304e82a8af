//! Reports: values computed from what the store reads, which any format can be written from.

pub mod channel;
pub mod check;
mod describe;
mod diagnostics;
pub mod frame;
pub mod import;
pub mod intervene;
pub mod list;
pub mod log;
mod model;
pub mod page;
pub mod partner;
mod past;
pub mod pipeline;
pub mod program;
pub mod quality;
mod ranking;
pub mod receipt;
pub mod revenue;
mod say;
pub mod segment;
pub mod sheet;
pub mod stuck;
pub mod velocity;
