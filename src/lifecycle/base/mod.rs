//! What every chapter counts with: days, periods, money, texts, places in a file, and errors.
//!
//! It must not know partners, programs, events or any chapter: they all stand on it. To add a type, give it a file here
//! once a second chapter needs it, with its reader, its writer and its tests.

pub(crate) mod comparison;
pub(crate) mod conflict;
pub(crate) mod countries;
pub(crate) mod day;
pub(crate) mod error;
pub(crate) mod hint;
pub(crate) mod located;
pub(crate) mod located_amounts;
pub(crate) mod money;
pub(crate) mod moved;
pub(crate) mod noted;
pub(crate) mod percent;
pub(crate) mod period;
pub(crate) mod problem;
pub(crate) mod stored;
#[cfg(test)]
pub(crate) mod tally;
pub(crate) mod text;
