//! What every chapter counts with: days, periods, money, texts, places in a file, and errors.

pub(crate) mod conflict;
pub(crate) mod day;
pub(crate) mod error;
pub(crate) mod hint;
pub(crate) mod located;
pub(crate) mod money;
pub(crate) mod period;
pub(crate) mod problem;
#[cfg(test)]
pub(crate) mod tally;
pub(crate) mod text;
