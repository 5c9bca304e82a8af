//! Each stage against its own target, and the milestones that hold partners up: what can be said of a small channel, in
//! which too few visits are completed for a chance of success.

use std::collections::{BTreeMap, HashSet};

use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::program::{Program, Stage};
use crate::report::estimate::model::Model;
use crate::report::estimate::significance::{Curve, Evidence};
use crate::report::reading::Channel;
use crate::store::View;

/// Quantiles of the standard normal distribution at `1 - 0.025 / k` for families of `k` = 1, 2, 3, ... stages: together
/// their intervals hold with 95 % (Bonferroni).
const FAMILY: [f64; 24] = [
    1.959_964, 2.241_403, 2.393_980, 2.497_705, 2.575_829, 2.638_257, 2.690_110, 2.734_369, 2.772_921,
    2.807_034, 2.837_597, 2.865_260, 2.890_512, 2.913_726, 2.935_199, 2.955_167, 2.973_820, 2.991_316,
    3.007_787, 3.023_341, 3.038_074, 3.052_065, 3.065_383, 3.078_088,
];

/// One stage before success against its target.
#[derive(Clone, Debug)]
pub(crate) struct StageTarget<'p> {
    pub stage: &'p Stage,
    pub target_days: i64,
    pub completed: u64,
    pub in_progress: usize,
    /// Of those in progress, how many are beyond the target.
    pub beyond: usize,
    /// Of those beyond the target, how many are left for a decision: no touch changes anything there.
    pub for_decision: usize,
    /// The median visit in days, with limits that hold for all stages together; none from too few visits.
    pub median: Option<MedianVisit>,
}

/// The median of visits in days, with limits; a limit that is not reached is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct MedianVisit {
    pub days: Option<usize>,
    pub low: Option<usize>,
    pub high: Option<usize>,
}

impl StageTarget<'_> {
    /// Returns how many partners beyond the target a touch can still move on.
    pub(crate) fn movable(&self) -> usize {
        self.beyond - self.for_decision
    }

    /// Returns whether the stage is significantly slower than its target: all of the interval of its median lies beyond.
    pub(crate) fn is_slower(&self) -> bool {
        let low = self.median.and_then(|median| median.low);
        low.and_then(|low| i64::try_from(low).ok()).is_some_and(|low| low > self.target_days)
    }
}

/// Returns the stages before success that have a target and visits, in order. From 10 completed visits on, the median has
/// an interval, one family over all of these stages; below, only counts are said. About `given_up` only a decision is left.
pub(crate) fn against_targets<'p>(
    channel: &Channel<'p>,
    model: &Model,
    given_up: &HashSet<PartnerId>,
) -> Vec<StageTarget<'p>> {
    let full = |stage: &usize| model.stages[*stage].curve.evidence == Evidence::Full;
    let program: &'p Program = channel.program;
    let has_target = |stage: &usize| program.stages()[*stage].target_days.is_some();
    let family = model.past.before_success().filter(has_target).filter(full).count();
    let z = FAMILY[family.clamp(1, FAMILY.len()) - 1];
    let stages = model.past.before_success().filter_map(|at| {
        let stage = &program.stages()[at];
        let curve = &model.stages[at].curve;
        let target_days = stage.target_days?;
        let (mut in_progress, mut beyond, mut for_decision) = (0, 0, 0);
        for line in &channel.lines {
            let facts = channel.facts(line);
            if facts.stage() == Some(stage.key.as_str()) {
                let overdue = facts.overdue_days().is_some();
                in_progress += 1;
                beyond += usize::from(overdue);
                for_decision += usize::from(overdue && given_up.contains(&line.id));
            }
        }
        let completed = curve.counts.ended();
        let median = (curve.evidence == Evidence::Full).then(|| median(curve, z));
        (completed > 0 || in_progress > 0).then_some(StageTarget {
            stage,
            target_days,
            completed,
            in_progress,
            beyond,
            for_decision,
            median,
        })
    });
    stages.collect()
}

fn median(curve: &Curve, z: f64) -> MedianVisit {
    let (low, high) = curve.survival.quantile_limits_beyond(0.5, z);
    MedianVisit { days: curve.survival.quantile(0.5), low, high }
}

/// Returns the stage to look at first: the one significantly slower than its target by the largest factor, else the one
/// with most partners beyond it whom a touch can still move on; none if nobody is beyond.
pub(crate) fn worst<'s, 'p>(stages: &'s [StageTarget<'p>]) -> Option<&'s StageTarget<'p>> {
    let factor = |one: &StageTarget| {
        let low = one.median.and_then(|median| median.low).unwrap_or(0);
        low as f64 / one.target_days.max(1) as f64
    };
    let slower = stages.iter().filter(|one| one.is_slower());
    let slowest = slower.max_by(|a, b| factor(a).total_cmp(&factor(b)));
    let share = |one: &StageTarget| one.beyond as f64 / one.in_progress.max(1) as f64;
    let behind = stages.iter().filter(|one| one.beyond > 0);
    let more = |a: &&StageTarget, b: &&StageTarget| {
        let counts = a.movable().cmp(&b.movable()).then(a.beyond.cmp(&b.beyond));
        counts.then(share(a).total_cmp(&share(b)))
    };
    slowest.or_else(|| behind.max_by(more))
}

/// An open gate, with how many partners it holds up.
#[derive(Clone, Debug)]
pub(crate) struct HoldUp<'p> {
    pub stage: &'p Stage,
    pub milestone: &'p str,
    pub name: &'p str,
    /// Partners beyond the target of their stage that still lack it and that a touch can still move on.
    pub partners: usize,
    /// The longest that one of them is beyond the target, in days.
    pub longest_days: i64,
}

/// Returns the open gates of partners that are beyond the target of their stage, those that hold up most first; without the
/// partners that are `given_up`.
///
/// # Errors
/// Fails if the file can't be read.
pub(crate) fn hold_ups<'p>(
    view: &View,
    channel: &Channel<'p>,
    given_up: &HashSet<PartnerId>,
) -> anyhow::Result<Vec<HoldUp<'p>>> {
    let program: &'p Program = channel.program;
    let mut found: BTreeMap<&'p str, (usize, i64)> = BTreeMap::new();
    for line in channel.lines.iter().filter(|line| !given_up.contains(&line.id)) {
        let Some(days) = channel.facts(line).overdue_days() else { continue };
        let Some(partner) = view.partner(line.id)? else { continue };
        let facts = PartnerFacts { program, partner: &partner, day: channel.as_of };
        let missing = facts.missing_gates().into_iter().filter_map(|gate| program.milestone(gate));
        for (_, gate) in missing {
            let (partners, longest) = found.entry(gate.key.as_str()).or_default();
            *partners += 1;
            *longest = days.max(*longest);
        }
    }
    let mut all: Vec<HoldUp> = found
        .into_iter()
        .filter_map(|(milestone, (partners, longest_days))| {
            let (stage, known) = program.milestone(milestone)?;
            Some(HoldUp { stage, milestone, name: &known.name, partners, longest_days })
        })
        .collect();
    // Of gates that hold up as many, the first one in the program is to be passed first.
    let place = |one: &HoldUp| program.milestones().position(|(_, known)| known.key == one.milestone);
    all.sort_by(|a, b| b.partners.cmp(&a.partners).then(place(a).cmp(&place(b))));
    Ok(all)
}
