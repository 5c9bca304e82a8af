//! Statistics of labelled states on a clock of whole days.
//!
//! Everything here is pure and knows nothing of partners, programs or files: states are numbers, histories
//! are sequences of dated visits to states. The functions return raw estimates even from few stays; the
//! reports decide which of them may be shown.
//!
//! A *stay* has an age in days, 0 on the day of entry. It ends with a *cause* (the state that comes
//! next), or is open. An open stay of age `c` is at risk at every age up to and including `c`: exits
//! come before censoring on the same day. A stay that was not observed from its first day is at risk
//! from the first age at which its end would have been seen.
//!
//! To add an estimator, write one file that takes [`counts::Counts`] (one state) or
//! [`state_histories::StateHistories`] (whole histories), give the formula and its source in the doc comment, name it
//! in `src/face.rs`, and compare it with an independent result in `tests/suite/analysis.rs`.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and days stay far below 2^52"
)]
#![allow(clippy::many_single_char_names, reason = "formulas keep the letters of their sources")]

pub(crate) mod counts;
pub(crate) mod flow;
pub(crate) mod incidence;
pub(crate) mod kernel;
pub(crate) mod lead;
pub(crate) mod levers;
pub(crate) mod occupation;
pub(crate) mod resample;
pub(crate) mod revenue;
pub(crate) mod rhythm;
pub(crate) mod sales_chain;
pub(crate) mod sales_estimates;
pub(crate) mod sales_levers;
pub(crate) mod state_histories;
pub(crate) mod survival;
pub(crate) mod time_to_target;

/// The 97.5 % quantile of the standard normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// An estimate between a lower and an upper 95 % limit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    pub low: f64,
    pub high: f64,
}

/// Returns limits of a survival probability that lie `z` standard errors away on the log-log scale; none if it is 0
/// or 1.
///
/// `[S^exp(zw), S^exp(-zw)]` with `w = se / (S |ln S|)` (Kalbfleisch and Prentice, 1980).
pub(crate) fn log_log_limits(survival: f64, se: f64, z: f64) -> Option<Limits> {
    if survival <= 0.0 || survival >= 1.0 {
        return None;
    }
    let w = se / (survival * survival.ln().abs());
    Some(Limits { low: survival.powf((z * w).exp()), high: survival.powf((-z * w).exp()) })
}

/// Returns 95 % limits of a probability on the complementary log-log scale; none if it is 0 or 1.
pub(crate) fn probability_limits(probability: f64, se: f64) -> Option<Limits> {
    let limits = log_log_limits(1.0 - probability, se, Z)?;
    Some(Limits { low: 1.0 - limits.high, high: 1.0 - limits.low })
}
