//! The uncertainty of estimates: by drawing histories again, or by leaving out groups of them.
//!
//! The unit of resampling is a history with all its stays, never a single stay. The random numbers have a fixed seed,
//! and groups follow from the numbers of the histories, so that the same histories always give the same answer.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use rand::SeedableRng;
use rand::distr::{Distribution, Uniform};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64Mcg;

use crate::analysis::counts::{Counts, Spell};
use crate::analysis::state_histories::StateHistories;
use crate::analysis::{Limits, Z};

const SEED: u64 = 0x00c4_a211_fe01;
/// How many times histories are drawn again.
const REPLICATES: usize = 200;
/// How many groups the jackknife leaves out, one at a time.
const GROUPS: usize = 40;
/// How many times estimates are drawn from what the jackknife gives.
const NORMAL_DRAWS: usize = 1000;

/// Several estimates that go together, and how they vary.
#[derive(Clone, PartialEq, Debug)]
pub struct Draws {
    pub estimates: Vec<f64>,
    /// Replicates, each with a value for every estimate.
    replicates: Vec<Vec<f64>>,
    /// The estimates whose limits are taken on the log scale.
    on_log_scale: Range<usize>,
}

/// A replicate without anything that carries an estimate gives less than this share of it, and its logarithm says nothing.
const LEAST: f64 = 0.01;
/// Limits on the log scale are so much wider than the standard error alone would have them.
const WIDER: f64 = 1.1;

impl Draws {
    /// Draws as many histories as there are, with replacement, again and again (Efron, 1981). None if
    /// there are no histories, or `estimate` returns none for them; replicates for which it does are left out.
    pub fn bootstrap(
        histories: &StateHistories,
        estimate: impl Fn(&[Counts]) -> Option<Vec<f64>> + Sync,
    ) -> Option<Draws> {
        Draws::bootstrap_weighted(histories, |counts, _| estimate(counts))
    }

    /// Draws like [`Draws::bootstrap`], for estimates that need more than counts: `estimate` is also told how often each
    /// history was drawn, in their order.
    pub fn bootstrap_weighted(
        histories: &StateHistories,
        estimate: impl Fn(&[Counts], &[u32]) -> Option<Vec<f64>> + Sync,
    ) -> Option<Draws> {
        let spells: Vec<(usize, usize, Spell)> = histories
            .iter()
            .enumerate()
            .flat_map(|(at, history)| history.stays().map(move |stay| (at, stay.state, stay.spell)))
            .collect();
        let states = histories.states.count;
        let any = Uniform::new(0, histories.len()).ok()?;
        let replicate = |number: usize| {
            let mut random = Pcg64Mcg::seed_from_u64(SEED + number as u64);
            let mut weights = vec![0_u32; histories.len()];
            (0..histories.len()).for_each(|_| weights[any.sample(&mut random)] += 1);
            let mut counts = vec![Counts::new(states); states];
            for (at, state, spell) in &spells {
                counts[*state].add(*spell, weights[*at]);
            }
            estimate(&counts, &weights)
        };
        let estimates = estimate(&histories.counts(), &vec![1; histories.len()])?;
        Some(Draws { estimates, replicates: in_parallel(REPLICATES, replicate), on_log_scale: 0..0 })
    }

    /// Leaves out one group of histories after the other (Kott, 2001), and draws from the normal distribution with
    /// the covariance that this gives: `(G-1)/G sum_g (theta_g - mean)(theta_g - mean)'`. Good for smooth
    /// functions of the counts; one pass over the histories, whatever their number.
    pub fn jackknife(
        histories: &StateHistories,
        estimate: impl Fn(&[Counts]) -> Option<Vec<f64>> + Sync,
    ) -> Option<Draws> {
        Draws::jackknife_by(histories, |counts, _| estimate(counts))
    }

    /// Leaves out groups like [`Draws::jackknife`], for estimates that need more than counts: `estimate` is also told how
    /// often each history counts, in their order.
    pub fn jackknife_weighted(
        histories: &StateHistories,
        estimate: impl Fn(&[Counts], &[u32]) -> Option<Vec<f64>> + Sync,
    ) -> Option<Draws> {
        let groups: Vec<usize> = histories.iter().map(|history| group_of(history.id)).collect();
        Draws::jackknife_by(histories, |counts, without| {
            let weights: Vec<u32> = groups.iter().map(|group| u32::from(Some(*group) != without)).collect();
            estimate(counts, &weights)
        })
    }

    /// Leaves out one group after the other; `estimate` is told which one, or none if it is to count all.
    fn jackknife_by(
        histories: &StateHistories,
        estimate: impl Fn(&[Counts], Option<usize>) -> Option<Vec<f64>> + Sync,
    ) -> Option<Draws> {
        let states = histories.states.count;
        let mut groups = vec![vec![Counts::new(states); states]; GROUPS];
        for history in histories.iter() {
            let group = &mut groups[group_of(history.id)];
            history.stays().for_each(|stay| group[stay.state].add(stay.spell, 1));
        }
        let mut all = vec![Counts::new(states); states];
        for group in &groups {
            all.iter_mut().zip(group).for_each(|(all, part)| all.merge(part));
        }
        let without = |number: usize| {
            let mut rest = all.clone();
            rest.iter_mut().zip(&groups[number]).for_each(|(rest, part)| rest.subtract(part));
            estimate(&rest, Some(number))
        };
        let estimates = estimate(&all, None)?;
        let left_out = in_parallel(GROUPS, without);
        let count = left_out.len() as f64;
        let mean = |at: usize| left_out.iter().map(|one| one[at]).sum::<f64>() / count;
        let means: Vec<f64> = (0..estimates.len()).map(mean).collect();
        let scale = ((count - 1.0) / count).sqrt();
        let mut random = Pcg64Mcg::seed_from_u64(SEED);
        let replicates = (0..NORMAL_DRAWS).map(|_| {
            let mut drawn = estimates.clone();
            for one in &left_out {
                let z: f64 = StandardNormal.sample(&mut random);
                for ((drawn, value), mean) in drawn.iter_mut().zip(one).zip(&means) {
                    *drawn += scale * z * (value - mean);
                }
            }
            drawn
        });
        Some(Draws { replicates: replicates.collect(), estimates, on_log_scale: 0..0 })
    }

    /// Returns the standard error of the estimate at an index: the standard deviation of its replicates.
    pub fn se(&self, at: usize) -> f64 {
        let count = self.replicates.len() as f64;
        let mean = self.replicates.iter().map(|one| one[at]).sum::<f64>() / count;
        let squares: f64 = self.replicates.iter().map(|one| (one[at] - mean).powi(2)).sum();
        (squares / (count - 1.0)).sqrt()
    }

    /// Returns 95 % limits of the estimate at an index: the 2.5th and the 97.5th percentile of its replicates. None
    /// without replicates.
    pub fn limits(&self, at: usize) -> Option<Limits> {
        let values = || self.replicates.iter().map(|one| one[at]);
        let least = LEAST * self.estimates[at];
        if self.on_log_scale.contains(&at) && least > 0.0 && values().all(|value| value > least) {
            return Some(self.log_limits(at));
        }
        let mut values: Vec<f64> = values().collect();
        values.sort_unstable_by(f64::total_cmp);
        let low = percentile(&values, 0.025)?;
        Some(Limits { low, high: percentile(&values, 0.975)? })
    }

    /// Takes the limits of these estimates on the log scale, with 10 % more width, if none of their replicates is nearly 0: the
    /// effects of levers are skewed, and percentiles cover too little.
    pub fn with_log_limits(mut self, estimates: Range<usize>) -> Draws {
        self.on_log_scale = estimates;
        self
    }

    /// `theta exp(+-1.1 z se)` with the standard error of `ln theta`.
    fn log_limits(&self, at: usize) -> Limits {
        let logs: Vec<f64> = self.replicates.iter().map(|one| one[at].ln()).collect();
        let count = logs.len() as f64;
        let mean = logs.iter().sum::<f64>() / count;
        let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        let width = (WIDER * Z * variance.sqrt()).exp();
        Limits { low: self.estimates[at] / width, high: self.estimates[at] * width }
    }

    /// Returns by how much the estimate at index `first` is at least larger than the largest of the others: the one-sided
    /// 95 % limit, which is above 0 if it is the largest in 95 % of the replicates. None without others or replicates.
    pub fn least_lead(&self, first: usize, others: &[usize]) -> Option<f64> {
        let lead = |one: &Vec<f64>| {
            let best = others.iter().map(|at| one[*at]).reduce(f64::max)?;
            Some(one[first] - best)
        };
        let mut leads: Vec<f64> = self.replicates.iter().map(lead).collect::<Option<_>>()?;
        leads.sort_unstable_by(f64::total_cmp);
        percentile(&leads, 0.05)
    }

    /// Joins estimates that were drawn from the same histories in the same way, replicate by replicate. None if a
    /// replicate is missing on one side, so that they do not match.
    pub fn joined(mut self, other: Draws) -> Option<Draws> {
        if self.replicates.len() != other.replicates.len() {
            return None;
        }
        let before = self.estimates.len();
        if self.on_log_scale.end == before {
            // Those of both follow each other, but for the first of the other, which is above 0 as well.
            self.on_log_scale.end = before + other.on_log_scale.end;
        }
        self.estimates.extend(other.estimates);
        self.replicates.iter_mut().zip(other.replicates).for_each(|(one, more)| one.extend(more));
        Some(self)
    }

    /// Returns, for each of these estimates, the share of replicates (0 to 1) in which it is the largest of them.
    pub fn first_shares(&self, among: &[usize]) -> Vec<f64> {
        let mut first = vec![0_u32; among.len()];
        for one in &self.replicates {
            let best = (0..among.len()).max_by(|a, b| one[among[*a]].total_cmp(&one[among[*b]]));
            if let Some(best) = best {
                first[best] += 1;
            }
        }
        let count = self.replicates.len().max(1) as f64;
        first.into_iter().map(|first| f64::from(first) / count).collect()
    }
}

/// The percentile, linear between neighbours (R's default, type 7).
fn percentile(sorted: &[f64], p: f64) -> Option<f64> {
    let at = p * (sorted.len().checked_sub(1)?) as f64;
    let (low, high) = (sorted.get(at.floor() as usize)?, sorted.get(at.ceil() as usize)?);
    Some(low + (high - low) * at.fract())
}

/// Which group a history belongs to: by a hash of its number that leaves no pattern of the numbers
/// (the finalizer of `SplitMix64`; Steele, Lea and Flood, 2014).
fn group_of(id: i64) -> usize {
    let mut bits = id.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) % GROUPS as u64) as usize
}

/// Does numbered pieces of work on all cores and returns their results in order, without those that are none.
fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> Option<T> + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(count);
    let share = count.div_ceil(cores);
    let work = &work;
    let parts: Vec<Vec<T>> = thread::scope(|scope| {
        let starts = (0..count).step_by(share);
        let threads: Vec<_> = starts
            .map(|start| scope.spawn(move || (start..count.min(start + share)).filter_map(work).collect()))
            .collect();
        // A panic goes on in this thread.
        threads.into_iter().flat_map(|thread| thread.join().map_err(std::panic::resume_unwind)).collect()
    });
    parts.into_iter().flatten().collect()
}
