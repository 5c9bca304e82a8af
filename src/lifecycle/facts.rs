//! Facts about a partner, from which rules judge.

pub use crate::lifecycle::scene::Scene;
