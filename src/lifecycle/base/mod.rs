//! What every chapter counts with: days, periods, money, texts, places in a file, and errors.

pub mod conflict;
pub mod day;
pub mod error;
pub mod hint;
pub mod located;
pub mod money;
pub mod period;
pub mod problem;
#[cfg(test)]
pub(crate) mod tally;
pub mod text;
