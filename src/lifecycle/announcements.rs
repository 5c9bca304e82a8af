//! Announcements to partners.

pub use crate::lifecycle::backing::event::{Announced, Answered, Told};
pub use crate::lifecycle::backing::voice::Telling;
pub use crate::lifecycle::rules::voice::{TellRequest, answered, notice_days, tell};
