//! Levers: the effect of making a state faster, or of losing fewer in it.

use crate::analysis::kernel::{Kernel, Row};
use crate::analysis::state_histories::ObservedStay;
use crate::analysis::time_to_target::TimeToTarget;

/// A change of one state, by a share `x` of its time or of its drop-outs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Lever {
    pub kind: Kind,
    pub state: usize,
}

/// The two ways to improve a state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Every stay ends sooner, with the same exit.
    Faster,
    /// The daily hazard of leaving is lower.
    FewerDrops,
}

impl Lever {
    /// Lists both levers of each of these states.
    pub fn all(states: impl IntoIterator<Item = usize>) -> Vec<Lever> {
        let both = |state| [Kind::Faster, Kind::FewerDrops].map(|kind| Lever { kind, state });
        states.into_iter().flat_map(both).collect()
    }

    /// Changes the row of the lever's state by the share `x` (0 to 1); `left` is the state of having left.
    pub fn pull(self, row: &Row, x: f64, left: usize) -> Row {
        match self.kind {
            Kind::Faster => row.faster(x),
            Kind::FewerDrops => row.fewer_drops(x, left),
        }
    }

    /// Returns the chain with the lever applied to its state by the share `x` (0 to 1).
    pub fn applied(self, kernel: &Kernel, x: f64) -> Kernel {
        kernel.with(self.state, self.pull(kernel.row(self.state), x, kernel.states.left))
    }
}

/// Computes by how much each lever raises the probability to succeed within `horizon` days from the start state, as
/// a difference of probabilities. None if the chain has no solution ([`TimeToTarget::to`]).
pub fn effects(kernel: &Kernel, levers: &[Lever], x: f64, horizon: usize) -> Option<Vec<f64>> {
    let states = kernel.states;
    let reached = |kernel: &Kernel| TimeToTarget::chance(states.success, kernel, states.start, horizon);
    let before = reached(kernel)?;
    levers.iter().map(|lever| Some(reached(&lever.applied(kernel, x))? - before)).collect()
}

/// Sums the probabilities that the open stays succeed within the horizon of `to_success`: the expected number of
/// successes. A lever also changes what remains of the stays in its own state. Stays that are older than any that was
/// observed add nothing.
pub(crate) fn expected(
    kernel: &Kernel,
    to_success: &TimeToTarget,
    stays: &[ObservedStay],
    lever: Option<(Lever, f64)>,
) -> f64 {
    let horizon = to_success.horizon();
    let mut ages: Vec<(usize, usize)> =
        stays.iter().filter_map(|stay| Some((stay.state, usize::try_from(stay.spell.days).ok()?))).collect();
    ages.sort_unstable();
    let alike = ages.chunk_by(|a, b| a == b);
    alike
        .filter_map(|alike| {
            let (state, age) = *alike.first()?;
            let rest = kernel.row(state).given_age(age)?;
            let rest = match lever.filter(|(lever, _)| lever.state == state) {
                Some((lever, x)) => lever.pull(&rest, x, kernel.states.left),
                None => rest,
            };
            Some(alike.len() as f64 * to_success.of_rest(&rest, horizon).reached)
        })
        .sum()
}
