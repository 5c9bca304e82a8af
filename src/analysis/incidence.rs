//! How stays end: the cumulative incidence of each cause beside the others.

use crate::analysis::counts::Counts;
use crate::analysis::survival::variance_step;
use crate::analysis::{Limits, probability_limits};

/// For one cause, the probability to have ended with it by day `t`, for every day that was seen.
///
/// `F(t) = sum_{s <= t} S(s-1) N(s)/Y(s)` (Aalen and Johansen, 1978), with the Greenwood-type variance
/// for tied days (as in the R package etm; Allignol, Schumacher and Beyersmann, 2011).
#[derive(Clone, PartialEq, Debug)]
pub struct Incidence {
    f: Vec<f64>,
    variance: Vec<f64>,
}

/// Estimates the cumulative incidence of each cause; on every day they add up to 1 together with the survival.
pub fn incidences(counts: &Counts) -> Vec<Incidence> {
    (0..counts.causes()).map(|cause| incidence(counts, cause)).collect()
}

/// Estimates the cumulative incidence of one cause in the presence of the others (Aalen and Johansen, 1978).
pub fn incidence(counts: &Counts, cause: usize) -> Incidence {
    let (at_risk, ends) = (counts.at_risk(), counts.ends());
    let mut incidence = Incidence { f: Vec::with_capacity(ends.len()), variance: Vec::new() };
    let (mut survival, mut f) = (1.0, 0.0);
    // Sums over the days so far of g, gF, gF², b, c and cF; the variance at t is
    // the sum of g (F(t) - F)² + b - 2 c (F(t) - F).
    let [mut g, mut gf, mut gff, mut b, mut c, mut cf] = [0.0_f64; 6];
    for (day, (end, y)) in ends.iter().zip(&at_risk).enumerate() {
        if *end > 0 {
            let n = f64::from(counts.exits(cause, day));
            let y_ = *y as f64;
            f += survival * n / y_;
            let step = variance_step(*end, *y);
            g += step;
            gf += step * f;
            gff += step * f * f;
            b += survival * survival * n * (y_ - n) / (y_ * y_ * y_);
            let each = survival * n / (y_ * y_);
            c += each;
            cf += each * f;
            survival *= (y - end) as f64 / y_;
        }
        incidence.f.push(f);
        let variance = f * f * g - 2.0 * f * gf + gff + b - 2.0 * (f * c - cf);
        incidence.variance.push(variance.max(0.0));
    }
    incidence
}

/// Returns whether the incidences at age `t` are known: stays were observed beyond it, or all of them had ended by then.
pub(crate) fn is_known_at(counts: &Counts, t: usize) -> bool {
    let last = counts.ages().checked_sub(1);
    let all_ended = |last: usize| counts.at_risk().get(last) == counts.ends().get(last);
    last.is_some_and(|last| last >= t || all_ended(last))
}

impl Incidence {
    /// Returns `F(t)`, the probability to have ended with this cause by age `t`; beyond the oldest age that was
    /// observed, its last value.
    pub fn at(&self, t: usize) -> f64 {
        self.f.get(t).or(self.f.last()).copied().unwrap_or(0.0)
    }

    /// Returns the standard error of `F(t)`, from the Greenwood-type variance.
    pub fn se(&self, t: usize) -> f64 {
        self.variance.get(t).or(self.variance.last()).copied().unwrap_or(0.0).sqrt()
    }

    /// Returns 95 % limits of `F(t)` on the complementary log-log scale; none if `F(t)` is 0 or 1.
    pub fn limits(&self, t: usize) -> Option<Limits> {
        probability_limits(self.at(t), self.se(t))
    }

    /// Returns the first age in days at which `F` reaches the probability `p`; none if it never does.
    pub fn quantile(&self, p: f64) -> Option<usize> {
        self.f.iter().position(|f| *f >= p - 1e-9)
    }
}
