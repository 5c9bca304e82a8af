//! Levers toward revenue: what it would bring if a stage were faster or lost fewer, if sales came sooner, or if fewer went
//! quiet. They change states of a [`SalesChain`] one at a time, all else as it was.

use crate::analysis::counts::Counts;
use crate::analysis::kernel::{Kernel, Row};
use crate::analysis::sales_chain::{End, Present, SalesChain, SalesStates};
use crate::analysis::state_histories::States;
use crate::analysis::time_to_target::{TimeToTarget, received};

/// The ways to speed partners toward revenue, each by a share `x`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SalesLever {
    /// Every stay in this stage ends sooner, with the same exit, be that the first sale.
    Faster(usize),
    /// The daily hazard of leaving this stage is lower; of the success stage also after the first sale.
    FewerDrops(usize),
    /// In the success stage, every stay without a sale ends sooner.
    FirstSaleSooner,
    /// Every second sale comes sooner after the first.
    SecondSaleSooner,
    /// Of those that would go quiet after a sale, fewer do; those kept go on like the others.
    FewerQuiet,
}

/// What is done to one state.
#[derive(Clone, Copy, Debug)]
enum Change {
    Faster,
    /// The hazard of this exit is lower.
    Fewer(usize),
}

impl SalesLever {
    /// Lists the levers toward an end: both for every stage before success, and those in it.
    pub fn toward(end: End, success: usize) -> Vec<SalesLever> {
        let stages =
            (0..success).flat_map(|stage| [SalesLever::Faster(stage), SalesLever::FewerDrops(stage)]);
        let mut levers: Vec<SalesLever> = stages.collect();
        levers.extend([SalesLever::FirstSaleSooner, SalesLever::FewerDrops(success)]);
        if end != End::FirstRevenue {
            levers.extend([SalesLever::SecondSaleSooner, SalesLever::FewerQuiet]);
        }
        levers
    }

    /// Returns the stage in which the lever is.
    pub fn stage(self, success: usize) -> usize {
        match self {
            SalesLever::Faster(stage) | SalesLever::FewerDrops(stage) => stage,
            _ => success,
        }
    }

    /// Returns the states that the lever changes.
    pub fn states(self, chain: &SalesChain, success: usize) -> Vec<usize> {
        let changes = self.changes(chain.states, chain.histories.states.left, success);
        changes.into_iter().map(|(state, _)| state).collect()
    }

    /// Counts the exits of the kind that the lever changes: completed visits, first or second sales, partners that left, or
    /// times that one went quiet.
    pub fn exits(self, chain: &SalesChain, counts: &[Counts], success: usize) -> u64 {
        let (own, left) = (chain.states, chain.histories.states.left);
        let sold = |state: usize| {
            let sales = own.going_on().chain([own.target]);
            sales.map(|into| counts[state].exits_in_all(into)).sum()
        };
        match self {
            SalesLever::Faster(stage) => counts[stage].ended(),
            SalesLever::FirstSaleSooner => sold(success),
            SalesLever::SecondSaleSooner => sold(own.once),
            SalesLever::FewerDrops(_) | SalesLever::FewerQuiet => {
                let cause = if self == SalesLever::FewerQuiet { own.quiet } else { left };
                self.states(chain, success).into_iter().map(|state| counts[state].exits_in_all(cause)).sum()
            }
        }
    }

    fn changes(self, own: SalesStates, left: usize, success: usize) -> Vec<(usize, Change)> {
        match self {
            SalesLever::Faster(stage) => vec![(stage, Change::Faster)],
            SalesLever::FewerDrops(stage) if stage == success => {
                let states = own.going_on().chain([stage, own.quiet]);
                states.map(|state| (state, Change::Fewer(left))).collect()
            }
            SalesLever::FewerDrops(stage) => vec![(stage, Change::Fewer(left))],
            SalesLever::FirstSaleSooner => vec![(success, Change::Faster)],
            SalesLever::SecondSaleSooner => vec![(own.once, Change::Faster)],
            SalesLever::FewerQuiet => own.going_on().map(|state| (state, Change::Fewer(own.quiet))).collect(),
        }
    }
}

impl Change {
    fn of(self, row: &Row, x: f64) -> Row {
        match self {
            Change::Faster => row.faster(x),
            Change::Fewer(cause) => row.fewer_drops(x, cause),
        }
    }
}

/// The chain toward an end, estimated from counts, and what its stays bring.
pub(crate) struct SalesModel {
    pub kernel: Kernel,
    own: SalesStates,
    success: usize,
    /// By state and age: the amount per stay that is at risk then.
    rates: Vec<Vec<f64>>,
    rests: Vec<Rest>,
}

/// What remains of the stays of today's partners that are in the same state for as long.
struct Rest {
    partners: f64,
    state: usize,
    age: usize,
    row: Row,
}

/// What a lever is worth.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(crate) struct LeverGain {
    /// For a partner that begins: the probability to reach the end within the horizon.
    pub chance: f64,
    /// The same, of all partners of today, in partners.
    pub present: f64,
    /// For a partner that begins: what it brings within the horizon.
    pub revenue: f64,
    /// The same, of all partners of today.
    pub present_revenue: f64,
}

/// What to compute: the horizon in days, and whether revenue is asked for as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SalesQuestion {
    Chance { horizon: usize },
    Revenue { horizon: usize },
}

impl SalesModel {
    /// Estimates the chain from the counts of its states, with the amounts of histories that are drawn so often;
    /// `success` is the success stage.
    pub(crate) fn of(chain: &SalesChain, counts: &[Counts], weights: &[u32], success: usize) -> SalesModel {
        let states: States = chain.histories.states;
        let kernel = Kernel::of(states, counts);
        let mut rates: Vec<Vec<f64>> = counts.iter().map(|counts| vec![0.0; counts.ages()]).collect();
        for earned in &chain.earned {
            if let Some(rate) = rates[earned.state].get_mut(earned.age) {
                *rate += earned.amount * f64::from(weights[earned.history]);
            }
        }
        for (rates, counts) in rates.iter_mut().zip(counts) {
            let at_risk = counts.at_risk();
            rates.iter_mut().zip(at_risk).for_each(|(rate, y)| *rate /= y.max(1) as f64);
        }
        SalesModel { kernel, own: chain.states, success, rates, rests: Vec::new() }
    }

    /// Adds the partners of today, for whom a lever is worth something too.
    pub(crate) fn with_present(mut self, present: &[Present]) -> SalesModel {
        let mut alike: Vec<(usize, usize)> = present.iter().map(|one| (one.state, one.age)).collect();
        alike.sort_unstable();
        let groups = alike.chunk_by(|a, b| a == b);
        self.rests = groups
            .filter_map(|group| {
                let (state, age) = *group.first()?;
                let row = self.kernel.row(state).given_age(age)?;
                Some(Rest { partners: group.len() as f64, state, age, row })
            })
            .collect();
        self
    }

    /// Computes what new partners and those of today come to with a lever, or with none; none if the chain cannot be
    /// solved.
    pub(crate) fn gain(&self, lever: Option<(SalesLever, f64)>, asked: SalesQuestion) -> Option<LeverGain> {
        let states = self.kernel.states;
        let x = lever.map_or(0.0, |(_, x)| x);
        let changes =
            lever.map_or_else(Vec::new, |(lever, _)| lever.changes(self.own, states.left, self.success));
        let mut kernel = self.kernel.clone();
        for (state, change) in &changes {
            let row = change.of(self.kernel.row(*state), x);
            kernel = kernel.with(*state, row);
        }
        match asked {
            SalesQuestion::Chance { horizon } if self.rests.is_empty() => {
                let chance = TimeToTarget::chance(self.own.target, &kernel, states.start, horizon)?;
                Some(LeverGain { chance, ..LeverGain::default() })
            }
            SalesQuestion::Chance { horizon } => {
                let to_end = TimeToTarget::to(self.own.target, &kernel, horizon)?;
                let of_rest = |row: &Row, _: &[f64]| to_end.of_rest(row, horizon).reached;
                Some(LeverGain {
                    chance: to_end.curve(states.start)[horizon],
                    present: self.sum(&changes, x, of_rest),
                    ..LeverGain::default()
                })
            }
            SalesQuestion::Revenue { horizon } => {
                let own = (0..states.count).map(|state| {
                    let rates = self.rates.get(state).map_or(&[][..], Vec::as_slice);
                    in_a_stay(kernel.row(state), rates, horizon, rates.first().copied().unwrap_or(0.0))
                });
                let received = received(&kernel, own.collect())?;
                let of_rest = |row: &Row, rates: &[f64]| {
                    let mut amount = in_a_stay(row, rates, horizon, 0.0)[horizon];
                    for (into, q) in &row.exits {
                        let later = received[*into][..=horizon].iter().rev();
                        amount += q.iter().zip(later).map(|(q, later)| q * later).sum::<f64>();
                    }
                    amount
                };
                Some(LeverGain {
                    revenue: received[states.start][horizon],
                    present_revenue: self.sum(&changes, x, of_rest),
                    ..LeverGain::default()
                })
            }
        }
    }

    /// Sums a value over the partners of today, each with what remains of its stay after the changes, and the rates of
    /// amounts in it.
    fn sum(&self, changes: &[(usize, Change)], x: f64, value: impl Fn(&Row, &[f64]) -> f64) -> f64 {
        let of = |rest: &Rest| {
            let rates = self.rates[rest.state].get(rest.age..).unwrap_or(&[]);
            let change = changes.iter().find(|(changed, _)| *changed == rest.state);
            let each = match change {
                Some((_, change)) => value(&change.of(&rest.row, x), rates),
                None => value(&rest.row, rates),
            };
            rest.partners * each
        };
        self.rests.iter().map(of).sum()
    }
}

/// What a stay brings itself within 0, 1, 2, ... days: `M(t) = sum_{u <= t} S(u-1) r(u)`, with `r(u)` the amount per stay
/// at risk at age `u` (Ghosh and Lin, 2000). `on_entry` is what it brings on its first day.
fn in_a_stay(row: &Row, rates: &[f64], horizon: usize, on_entry: f64) -> Vec<f64> {
    let mut sum = on_entry;
    let mut amounts = Vec::with_capacity(horizon + 1);
    amounts.push(sum);
    for day in 1..=horizon {
        let there = row.survival.get(day - 1).copied().unwrap_or(0.0);
        sum += there * rates.get(day).copied().unwrap_or(0.0);
        amounts.push(sum);
    }
    amounts
}
