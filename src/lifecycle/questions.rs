//! Questions that partners ask.

pub use crate::lifecycle::backing::event::{Asked, Replied};
pub use crate::lifecycle::backing::voice::{Question, Reply};
pub use crate::lifecycle::rules::voice::{ask, reply};
