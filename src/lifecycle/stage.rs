//! Stages: how a partner moves through them.

pub use crate::lifecycle::event::{Entered, Left, LeftAs, Parked, Why};
pub use crate::lifecycle::partner::{Standing, Stay};
pub use crate::lifecycle::rules::imported::{Move, Reading, Target, imported};
pub use crate::lifecycle::rules::moves::{
    advance, back, days, earlier_stages, leave, park, resume, return_to,
};
