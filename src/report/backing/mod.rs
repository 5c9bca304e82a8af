//! Reports on what stands behind the stages: terms, readiness, funds, announcements and questions.

pub mod communication;
pub mod fund_list;
pub mod funds;
pub mod letters;
pub mod questions;
pub mod readiness;
pub mod terms;
