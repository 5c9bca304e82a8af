//! Tiers: what a partner must reach to be in one, raised by what it reached and lowered by decision.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it (`score.rs` of the partner score), `evidence.rs` is what is found of a condition, `findings.rs` finds it, `rules.rs`
//! is how events are taken in and what may be recorded. A chapter must not know files, reports or
//! words for people; its words are in `text/tiers.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod evidence;
pub(crate) mod fault;
pub(crate) mod findings;
pub(crate) mod rules;
pub(crate) mod score;
pub(crate) mod section;

pub(crate) use events::TierReviewed;
pub use events::Tiered;
pub(crate) use evidence::{
    AttainedAmount, FoundOf, NoGrowth, PointsOf, TierEvidence, TierFinding, TierVerdict,
};
pub(crate) use fault::TierFault;
pub(crate) use findings::{Points, scored};
pub use rules::tier_review;
pub(crate) use rules::{NextTier, TierKept, TierRefusal, TierReview, retier};
pub(crate) use score::ScorePart;
pub(crate) use section::TierCondition;
