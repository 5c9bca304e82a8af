//! Tiers.

pub use crate::lifecycle::growth::event::Tiered;
pub use crate::lifecycle::growth::tier::{Condition, Evidence, Tier, proposed};
pub use crate::lifecycle::rules::tiers::{TierReview, retier, tier_review};
