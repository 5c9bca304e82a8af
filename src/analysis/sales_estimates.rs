//! What each lever toward revenue brings, with how that varies over resamples of partners.

use crate::analysis::counts::Counts;
use crate::analysis::resample::Draws;
use crate::analysis::sales_chain::SalesChain;
use crate::analysis::sales_levers::{SalesLever, SalesModel, SalesQuestion};

/// Up to so many partners, histories are drawn again; above, groups of them are left out.
const BOOTSTRAP_UP_TO: usize = 20_000;

/// What is asked of all levers.
#[derive(Clone, Copy, Debug)]
pub struct Levers<'l> {
    pub levers: &'l [SalesLever],
    /// By which share (0 to 1) each changes what it changes.
    pub x: f64,
    /// In days.
    pub horizon: usize,
    /// The success stage.
    pub success: usize,
}

/// What the plans ask for beyond what was sold, by partner, and what to weigh new partners with.
#[derive(Clone, Copy, Debug)]
pub struct Book<'b> {
    /// Partners that begin within the horizon.
    pub joining: f64,
    /// For each history, how far the partner is behind its plan over the horizon.
    pub behind: &'b [f64],
}

/// Estimates the chance of a new partner to reach the end within the horizon, and behind it what each lever adds to it.
/// None if the chain cannot be solved.
pub fn chances(chain: &SalesChain, asked: Levers) -> Option<Draws> {
    let Levers { levers, x, horizon, success } = asked;
    let estimate = |counts: &[Counts], weights: &[u32]| {
        let model = SalesModel::of(chain, counts, weights, success);
        let chance = |lever| Some(model.gain(lever, SalesQuestion::Chance { horizon })?.chance);
        let before = chance(None)?;
        let mut all = vec![before];
        for lever in levers {
            all.push(chance(Some((*lever, x)))? - before);
        }
        Some(all)
    };
    Some(draws(chain, estimate)?.with_log_limits(1..levers.len() + 1))
}

/// Estimates the revenue of a new partner within the horizon, then what each lever adds to it, then for each lever the
/// revenue that it adds in all, of partners that begin within the horizon and those of today, and last what closing the
/// share `x` of what partners are behind their plans would. None if the chain cannot be solved.
pub fn revenues(chain: &SalesChain, asked: Levers, book: Book) -> Option<Draws> {
    let Levers { levers, x, horizon, success } = asked;
    let estimate = |counts: &[Counts], weights: &[u32]| {
        let model = SalesModel::of(chain, counts, weights, success).with_present(&chain.present);
        let gain = |lever| model.gain(lever, SalesQuestion::Revenue { horizon });
        let before = gain(None)?;
        let (mut all, mut totals) = (vec![before.revenue], Vec::new());
        for lever in levers {
            let after = gain(Some((*lever, x)))?;
            let added = after.revenue - before.revenue;
            all.push(added);
            totals.push(book.joining * added + after.present_revenue - before.present_revenue);
        }
        all.extend(totals);
        let drawn: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
        let behind: f64 =
            weights.iter().zip(book.behind).map(|(weight, behind)| f64::from(*weight) * behind).sum();
        all.push(x * behind * weights.len() as f64 / drawn.max(1.0));
        Some(all)
    };
    Some(draws(chain, estimate)?.with_log_limits(0..2 * levers.len() + 2))
}

fn draws(
    chain: &SalesChain,
    estimate: impl Fn(&[Counts], &[u32]) -> Option<Vec<f64>> + Sync,
) -> Option<Draws> {
    if chain.histories.len() <= BOOTSTRAP_UP_TO {
        Draws::bootstrap_weighted(&chain.histories, estimate)
    } else {
        Draws::jackknife_weighted(&chain.histories, estimate)
    }
}

/// Returns the effective number of partners behind the revenue of a chain: `(sum x)^2 / sum x^2` of what each brought.
pub fn effective(chain: &SalesChain) -> f64 {
    let mut sums = vec![0.0; chain.histories.len()];
    chain.earned.iter().for_each(|one| sums[one.history] += one.amount);
    let sum: f64 = sums.iter().filter(|one| **one > 0.0).sum();
    let squares: f64 = sums.iter().filter(|one| **one > 0.0).map(|one| one * one).sum();
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}
