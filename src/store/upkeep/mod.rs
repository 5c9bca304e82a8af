//! Looking after the file: whether it is sound, copies of it, rescue of a damaged one, and forgetting a partner.
//!
//! This room must not know words for people. To add a check, add a variant to [`Finding`](crate::store::Finding), find it
//! in [`check`], and put its words into `text/store/findings.rs`.

pub(in crate::store) mod adopt;
pub(in crate::store) mod backup;
pub(in crate::store) mod budget;
pub(in crate::store) mod check;
pub(in crate::store) mod forget;
pub(in crate::store) mod health;
pub(in crate::store) mod rescue;
pub(in crate::store) mod salvage;
