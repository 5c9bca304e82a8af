//! Looking after the file: whether it is sound, copies of it, rescue of a damaged one, and forgetting a partner.

pub(in crate::store) mod adopt;
pub(in crate::store) mod backup;
pub(in crate::store) mod budget;
pub(in crate::store) mod check;
pub(in crate::store) mod forget;
pub(in crate::store) mod health;
pub(in crate::store) mod rescue;
pub(in crate::store) mod salvage;
