//! What makes figures less sure than they look, in plain sentences.

use std::collections::BTreeMap;

use crate::analysis::counts::{Counts, Spell};
use crate::analysis::incidence::incidence;
use crate::analysis::kernel::Kernel;
use crate::analysis::state_histories::{ObservedStay, SUCCEEDED, StateHistory};
use crate::analysis::time_to_target::TimeToTarget;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::phrase;
use crate::lifecycle::stage::LeftAs;
use crate::report::estimate::histories::Past;
use crate::report::estimate::significance::Curve;
use crate::report::reading::Channel;
use crate::report::value::percent;
use crate::text::steps::command_line;

/// A stage with more repeat visits than this share has intervals that are somewhat too short.
const REPEATS: f64 = 0.05;
/// Exits on the busiest twentieth of exit days beyond this share come in batches of the calendar.
const BATCHES: f64 = 1.0 / 3.0;
/// Fewer exits than this show no pattern of days.
const PATTERN: usize = 40;
/// Leaving goes unrecorded if open stays longer than nearly all that ended are more than this share of all
/// stays, and end so much less often, per day, than younger ones.
const ZOMBIES: f64 = 0.10;
const DEAD: f64 = 0.2;

/// Returns what the figures on stages need to be read with.
pub(crate) fn of_stays(channel: &Channel, past: &Past) -> Vec<String> {
    let counts = past.histories.counts();
    let names = |found: Vec<(usize, String)>| -> Vec<String> {
        found.into_iter().map(|(stage, what)| format!("{} ({what})", name(channel, stage))).collect()
    };
    let mut sentences = Vec::new();
    let late = names(late(past, &counts));
    if !late.is_empty() {
        sentences.push(format!(
            "Note: too few partners were observed from their first day; the figures of {} describe those still there by \
             then.",
            phrase(&late)
        ));
    }
    let batches = names(batches(past));
    if !batches.is_empty() {
        sentences.push(format!(
            "Warning: visits end in batches in {}; times there reflect your processing dates rather than partners.",
            phrase(&batches)
        ));
    }
    let zombies = names(zombies(past, &counts).into_iter().map(|one| (one.stage, one.what())).collect());
    if !zombies.is_empty() {
        sentences.push(format!(
            "Warning: many visits are in progress for far longer than completed ones lasted: {}. Record partners that \
             left with `{}`; until then times are overestimated.",
            phrase(&zombies),
            command_line(&Step::Leave { partner: "PARTNER".to_owned(), label: LeftAs::Terminated.word() })
        ));
    }
    let repeats: Vec<String> =
        repeats(past).into_iter().map(|(stage, share)| format!("{} {share}", name(channel, stage))).collect();
    if !repeats.is_empty() {
        sentences.push(format!(
            "Note: some partners came back to a stage ({}); the ranges there are slightly too narrow.",
            phrase(&repeats)
        ));
    }
    sentences
}

/// Returns the stages on which a warning is due, which says that their figures may not hold.
pub(crate) fn warned(past: &Past) -> Vec<usize> {
    let over = zombies(past, &past.histories.counts()).into_iter().map(|one| one.stage);
    batches(past).into_iter().map(|(stage, _)| stage).chain(over).collect()
}

fn name<'c>(channel: &'c Channel, stage: usize) -> &'c str {
    channel.program.stages().get(stage).map_or(&channel.stages[stage], |stage| &stage.name)
}

fn late(past: &Past, counts: &[Counts]) -> Vec<(usize, String)> {
    let from = |stage: usize| Curve::of(past.by_exit(stage, &counts[stage])).from;
    let late = (0..past.stages).map(|stage| (stage, from(stage))).filter(|(_, from)| *from > 0);
    late.map(|(stage, from)| (stage, format!("from day {from}"))).collect()
}

fn all_stays(past: &Past) -> impl Iterator<Item = ObservedStay> {
    past.histories.iter().flat_map(StateHistory::stays).filter(|stay| stay.state < past.stages)
}

/// Stages whose exits fall on few days of the calendar.
fn batches(past: &Past) -> Vec<(usize, String)> {
    let mut by_day: Vec<BTreeMap<i64, usize>> = vec![BTreeMap::new(); past.stages];
    for stay in all_stays(past).filter(|stay| stay.spell.exit.is_some()) {
        *by_day[stay.state].entry(stay.entered + stay.spell.days).or_default() += 1;
    }
    let share = |days: &BTreeMap<i64, usize>| {
        let exits: usize = days.values().sum();
        let span = days.keys().next_back()? - days.keys().next()? + 1;
        let mut busy: Vec<usize> = days.values().copied().collect();
        busy.sort_unstable_by(|a, b| b.cmp(a));
        // If there are fewer exit days than a twentieth of all days, they are all busy.
        let few = 20 * days.len() as i64 <= span;
        let top = if few { days.len() } else { days.len().div_ceil(20) };
        let share = busy.iter().take(top).sum::<usize>() as f64 / exits as f64;
        (exits >= PATTERN && share > BATCHES).then(|| {
            if few {
                format!("all {exits} on {} days", days.len())
            } else {
                format!("{} % of {exits} on {top} days", percent(share))
            }
        })
    };
    by_day.iter().enumerate().filter_map(|(stage, days)| Some((stage, share(days)?))).collect()
}

/// Open stays that seem to be over without anybody having said so.
pub(crate) struct Zombies {
    pub stage: usize,
    open: usize,
    /// The day by which 95 of 100 finished stays had ended.
    days: usize,
}

impl Zombies {
    fn what(&self) -> String {
        format!("{} for more than {} days", self.open, self.days)
    }
}

/// Stages with many open stays that are older than the 95 % quantile of those that ended.
fn zombies(past: &Past, counts: &[Counts]) -> Vec<Zombies> {
    let of = |stage: usize| {
        let ends = counts[stage].ends();
        let all: u64 = ends.iter().sum();
        let mut so_far = 0;
        let days = ends.iter().position(|ended| {
            so_far += ended;
            so_far * 100 >= all * 95
        })?;
        let stays = all_stays(past).filter(|stay| stay.state == stage && is_zombie(stay, days));
        let open = stays.count();
        let many = open as f64 > ZOMBIES * (all as f64 + counts[stage].open() as f64);
        let (young, old) = ends.split_at(days + 1);
        let at_risk = counts[stage].at_risk();
        let hazard = |ends: &[u64], at_risk: &[u64]| {
            ends.iter().sum::<u64>() as f64 / at_risk.iter().sum::<u64>().max(1) as f64
        };
        let dead = hazard(old, &at_risk[days + 1..]) < DEAD * hazard(young, &at_risk[..=days]);
        (all >= 10 && open >= 5 && many && dead && past.before_success().contains(&stage))
            .then_some(Zombies { stage, open, days })
    };
    (0..past.stages).filter_map(of).collect()
}

fn is_zombie(stay: &ObservedStay, days: usize) -> bool {
    stay.spell.exit.is_none() && stay.spell.days > days as i64
}

/// Returns the chance of success if all stays that seem to be over count as left, as a bound; none without such stays.
pub(crate) fn bound(past: &Past, horizon: usize) -> Option<f64> {
    let zombies = zombies(past, &past.histories.counts());
    let states = past.histories.states;
    let over = |stay: &ObservedStay| match zombies.iter().find(|one| one.stage == stay.state) {
        Some(one) if is_zombie(stay, one.days) => {
            Spell { exit: Some(states.left), days: one.days as i64 + 1, ..stay.spell }
        }
        _ => stay.spell,
    };
    if zombies.is_empty() {
        return None;
    }
    let kernel = Kernel::of(states, &past.histories.counts_where(|_, _| true, over));
    Some(TimeToTarget::to(states.success, &kernel, horizon)?.from(states.start, horizon).reached)
}

/// Stages that many partners came back to.
fn repeats(past: &Past) -> Vec<(usize, String)> {
    let mut of_stage = vec![(0_usize, 0_usize); past.stages];
    for stay in all_stays(past) {
        of_stage[stay.state].0 += 1;
        of_stage[stay.state].1 += usize::from(stay.repeat);
    }
    let many = |(all, repeats): (usize, usize)| repeats as f64 > REPEATS * all as f64;
    let found = of_stage.into_iter().enumerate().filter(|(_, stays)| many(*stays));
    found
        .map(|(stage, (all, repeats))| (stage, format!("{} %", percent(repeats as f64 / all as f64))))
        .collect()
}

/// Says whether stages depend on each other: the chance of success through the chain of stages, `through`, against what
/// became of whole histories, which assumes nothing.
pub(crate) fn dependence(past: &Past, through: f64, horizon: usize) -> Option<String> {
    let counts = past.histories.first_success();
    let whole = incidence(&counts, SUCCEEDED);
    let (p, se) = (whole.at(horizon), whole.se(horizon));
    let seen = counts.at_risk().get(horizon).is_some_and(|at_risk| *at_risk >= 5);
    let differs = (p - through).abs() > 2.0 * se && (p - through).abs() > 0.02;
    (seen && differs).then(|| {
        format!(
            "Warning: stages are not independent: {} % of partners succeed within {horizon} days, but the model of \
             independent stages gives {} %; the impact of improvements is approximate.",
            percent(p),
            percent(through)
        )
    })
}
