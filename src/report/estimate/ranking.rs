//! The improvements of a channel (levers), by their impact, and how certain the order is.

use crate::analysis::Limits;
use crate::analysis::counts::Counts;
use crate::analysis::kernel::Kernel;
use crate::analysis::lead::{
    Candidate, EXITS, HeldBack, LEAST_POINTS, LeverOrder, LeverVerdict, PARTNERS, RankedCandidate,
};
use crate::analysis::levers::{Kind, Lever, effects, expected};
use crate::analysis::resample::Draws;
use crate::analysis::state_histories::ObservedStay;
use crate::analysis::time_to_target::TimeToTarget;
use crate::lifecycle::base::text::{counted, phrase};
use crate::report::estimate::diagnostics;
use crate::report::estimate::model::Model;
use crate::report::reading::Channel;
use crate::report::value::{Cell, Figure, percent_beside, points};

/// Up to so many partners, histories are drawn again; above, groups of them are left out.
const BOOTSTRAP_UP_TO: usize = 20_000;

/// What a lever would bring.
#[derive(Clone, Debug)]
pub(crate) struct Ranked {
    pub lever: Lever,
    /// Exits that it changes.
    pub exits: u64,
    /// Change of the chance of success within the horizon.
    pub effect: f64,
    pub limits: Option<Limits>,
    /// The share of resamples in which it is the first; none if it has too few exits to be ranked.
    pub first: Option<f64>,
}

/// All levers, the largest effect first; behind them those with too few exits to be ranked.
#[derive(Clone, Debug)]
pub(crate) struct Ranking {
    pub x: f64,
    /// The chance of success within the horizon, for a partner that begins.
    pub chance: f64,
    pub chance_limits: Option<Limits>,
    pub levers: Vec<Ranked>,
    /// The places in it are those of `levers`.
    pub order: LeverOrder,
}

/// What a lever changes beside the chance of success.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Further {
    /// Days without success within the horizon, per partner that begins.
    pub days: f64,
    /// Revenue within the horizon, per partner that begins, in minor units.
    pub revenue_minor: Option<f64>,
    /// Partners of those present that come to success within the horizon.
    pub present: f64,
}

impl Ranking {
    /// Ranks both levers of every stage before success. None if the chain cannot be solved.
    pub(crate) fn of(model: &Model, x: f64) -> Option<Ranking> {
        let levers = Lever::all(model.past.before_success());
        let (states, days) = (model.past.histories.states, model.horizon.days);
        let estimate = |counts: &[Counts]| {
            let kernel = Kernel::of(states, counts);
            let chance = TimeToTarget::chance(states.success, &kernel, states.start, days)?;
            Some([vec![chance], effects(&kernel, &levers, x, days)?].concat())
        };
        let draws = if model.past.histories.len() <= BOOTSTRAP_UP_TO {
            Draws::bootstrap(&model.past.histories, estimate)
        } else {
            Draws::jackknife(&model.past.histories, estimate)
        }?;
        let warned = diagnostics::warned(&model.past);
        let candidate = |(at, lever): (usize, &Lever)| Candidate {
            at: at + 1,
            exits: exits(model, *lever),
            warned: warned.contains(&lever.state),
        };
        let candidates: Vec<Candidate> = levers.iter().enumerate().map(candidate).collect();
        let order = LeverOrder::of(&draws, &candidates, model.past.histories.len(), LEAST_POINTS);
        let ranked = |one: &RankedCandidate| Ranked {
            lever: levers[one.candidate],
            exits: candidates[one.candidate].exits,
            effect: one.effect,
            limits: one.limits,
            first: one.first,
        };
        let levers = order.ranked.iter().map(ranked).collect();
        let (chance, chance_limits) = (draws.estimates[0], draws.limits(0));
        Some(Ranking { x, chance, chance_limits, levers, order })
    }

    /// Returns the lever that is the first, also if that is not sure.
    pub(crate) fn first(&self) -> Option<&Ranked> {
        match &self.order.verdict {
            LeverVerdict::Clear(at) | LeverVerdict::Likely(at) => self.levers.get(*at),
            LeverVerdict::TooClose(named) => self.levers.get(*named.first()?),
            LeverVerdict::None => None,
        }
    }

    /// Returns the verdict for machines.
    pub(crate) fn figures(&self, channel: &Channel) -> Vec<Figure> {
        let verdict = match &self.order.verdict {
            LeverVerdict::Clear(_) => "clear",
            LeverVerdict::Likely(_) => "likely",
            LeverVerdict::TooClose(_) => "too close to call",
            LeverVerdict::None => "none",
        };
        let (first, limits, lead) = (self.first(), self.chance_limits, self.order.lead);
        vec![
            Figure::for_machines("verdict", verdict),
            Figure::for_machines("first_stage", first.map(|one| channel.stages[one.lever.state].as_str())),
            Figure::for_machines("first_lever", first.map(|one| word(one.lever.kind))),
            Figure::for_machines("lead", Cell::decimal(lead.map(|lead| lead.estimate))),
            Figure::for_machines("lead_at_least", Cell::decimal(lead.map(|lead| lead.at_least))),
            Figure::for_machines("p_success", Cell::decimal(Some(self.chance))),
            Figure::for_machines("p_success_low", Cell::decimal(limits.map(|one| one.low))),
            Figure::for_machines("p_success_high", Cell::decimal(limits.map(|one| one.high))),
        ]
    }

    /// Returns where to intervene and how certain that is, in a sentence or two.
    pub(crate) fn headline(&self, channel: &Channel, horizon: usize) -> String {
        let success = success_name(channel);
        let Some(first) = self.first() else {
            return self.unclear(channel);
        };
        let mut impact = format!("{} points", points(first.effect));
        if let Some(Limits { low, high }) = first.limits {
            impact.push_str(&format!(" (95 % CI {} to {})", points(low), points(high)));
        }
        let impact = format!("{impact} in new partners that reach {success} within {horizon} days");
        let what = what(channel, first.lever, self.x);
        let share = |share: Option<f64>| {
            let share = percent_beside(share.unwrap_or(0.0), &[80, 95]);
            format!("first in {share} % of random samples")
        };
        match &self.order.verdict {
            LeverVerdict::TooClose(named) => {
                let all: Vec<String> = named
                    .iter()
                    .filter_map(|at| self.levers.get(*at))
                    .map(|one| format!("{} ({})", self::what(channel, one.lever, self.x), share(one.first)))
                    .collect();
                format!(
                    "Where to intervene: too close to call between {}. Impact of the first: {impact}.",
                    phrase(&all)
                )
            }
            sure => {
                let sure = if matches!(sure, LeverVerdict::Clear(_)) { "clear" } else { "likely" };
                format!("Where to intervene: {what} ({sure}, {}). Impact: {impact}.", share(first.first))
            }
        }
    }
}

impl Ranking {
    /// Says how far the first lever is ahead in the same resamples, and, if it leads in nearly all of them without being
    /// clear, what it lacks.
    pub(crate) fn ahead(&self, channel: &Channel) -> Vec<String> {
        let lead = self.order.lead.map(|lead| {
            format!(
                "Lead over the second ({}): {} points; over the best of the others at least {} points (one-sided 95 % limit).",
                what(channel, self.levers[lead.over].lever, self.x),
                points(lead.estimate),
                points(lead.at_least)
            )
        });
        let lacks = self.order.held_back.map(|why| match why {
            HeldBack::FewPartners => {
                format!(
                    "Likely, not certain: with fewer than {PARTNERS} partners the order may still change."
                )
            }
            HeldBack::Warned => "Not clear: a warning below concerns this stage.".to_owned(),
            HeldBack::Unranked(place) => {
                let other = &self.levers[place];
                let (kind, noun) = based_on(other.lever.kind);
                let stage = &channel.program.stages()[other.lever.state].name;
                let has = counted(other.exits, noun);
                format!("Not clear: {kind} in {stage} may bring more, but has {has}; {EXITS} are needed.")
            }
        });
        lead.into_iter().chain(lacks).collect()
    }

    /// Says why no improvement can be recommended: those that seem to bring most may rest on too few exits.
    fn unclear(&self, channel: &Channel) -> String {
        let best = self.levers.iter().max_by(|a, b| a.effect.total_cmp(&b.effect));
        let why = match best.filter(|one| one.first.is_none()) {
            Some(one) => {
                let (kind, noun) = based_on(one.lever.kind);
                let stage = &channel.program.stages()[one.lever.state].name;
                let has = counted(one.exits, noun);
                format!("{kind} in {stage} may matter most, but has {has}; {EXITS} are needed")
            }
            None => "no improvement has a significant impact; the history is too short or has too few \
                     partners"
                .to_owned(),
        };
        format!("Where to intervene: no clear answer yet; {why}.")
    }
}

/// Returns what a kind of lever changes, and what its figures rest on.
fn based_on(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Faster => ("speed", "completed visit"),
        Kind::FewerDrops => ("drop-off", "drop-off"),
    }
}

/// Returns a change of a chance with its limits, in points; one that no digit shows is said to be so small.
pub(crate) fn effect_in_words(effect: f64, limits: Option<Limits>) -> String {
    let Some(Limits { low, high }) = limits else { return format!("{} points", points(effect)) };
    let [effect, low, high] = [effect, low, high].map(points);
    if [&effect, &low, &high].into_iter().all(|text| text == "0.0") {
        return "under 0.1 points".to_owned();
    }
    format!("{effect} points ({low} to {high})")
}

/// Returns what machines call a lever.
pub(crate) fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Faster => "faster",
        Kind::FewerDrops => "fewer_drops",
    }
}

/// Returns what a lever does, in words.
pub(crate) fn what(channel: &Channel, lever: Lever, x: f64) -> String {
    let stage = &channel.program.stages()[lever.state].name;
    match lever.kind {
        Kind::Faster => format!("make {stage} {:.0} % faster", x * 100.0),
        Kind::FewerDrops => format!("reduce drop-off in {stage} by {:.0} %", x * 100.0),
    }
}

/// Returns the name of the success stage.
pub(crate) fn success_name<'c>(channel: &'c Channel) -> &'c str {
    &channel.program.success_stage().name
}

fn exits(model: &Model, lever: Lever) -> u64 {
    let counts = &model.counts[lever.state];
    match lever.kind {
        Kind::Faster => counts.ended(),
        Kind::FewerDrops => counts.exits_in_all(model.past.histories.states.left),
    }
}

/// Returns what a lever would change beside the chance of success.
pub(crate) fn further(model: &Model, lever: Lever, x: f64) -> Option<Further> {
    let (states, days) = (model.past.histories.states, model.horizon.days);
    let before = model.to_success.as_ref()?;
    let changed = lever.applied(&model.kernel, x);
    let after = TimeToTarget::to(states.success, &changed, days)?;
    let open: Vec<ObservedStay> = open_stays(model);
    let revenue = |to_success: &TimeToTarget| {
        model.revenue.as_ref().map(|one| one.expected(to_success.curve(states.start)))
    };
    Some(Further {
        days: after.days_without(states.start, days) - before.days_without(states.start, days),
        revenue_minor: revenue(&after).zip(revenue(before)).map(|(after, before)| after - before),
        present: expected(&model.kernel, &after, &open, Some((lever, x)))
            - expected(&model.kernel, before, &open, None),
    })
}

/// Returns all open stays on the way to success, those of parked partners too.
pub(crate) fn open_stays(model: &Model) -> Vec<ObservedStay> {
    let success = model.past.histories.states.success;
    model
        .past
        .histories
        .iter()
        .filter_map(crate::analysis::state_histories::StateHistory::open)
        .filter(|stay| stay.state != success)
        .collect()
}
