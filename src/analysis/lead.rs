//! Which of several levers is the first, and how certain that is: one rule for every end that levers lead to.

use crate::analysis::Limits;
use crate::analysis::resample::Draws;

/// Exits of the kind that a lever changes, so that it can be recommended.
pub(crate) const EXITS: u64 = 10;
/// With fewer partners nothing is ever clear.
pub(crate) const PARTNERS: usize = 30;
/// A lever is clearly or likely the first if it is so in this share of resamples; those first in at least `NAMED` are
/// named if it is too close to call.
const CLEAR: f64 = 0.95;
const LIKELY: f64 = 0.80;
const NAMED: f64 = 0.10;
/// A smaller change of a chance is printed as none.
pub(crate) const LEAST_POINTS: f64 = 0.0005;

/// A lever that may be the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The index of its effect among the estimates.
    pub at: usize,
    /// Exits of the kind that it changes.
    pub exits: u64,
    /// Whether a warning is due on what it changes.
    pub warned: bool,
}

/// A candidate, ranked.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RankedCandidate {
    /// Its number among the candidates.
    pub candidate: usize,
    pub effect: f64,
    pub limits: Option<Limits>,
    /// The share of resamples in which it is the first; none if it has too few exits to be ranked.
    pub first: Option<f64>,
}

/// Which lever is the first, as places in [`LeverOrder::ranked`].
#[derive(Clone, PartialEq, Debug)]
pub enum LeverVerdict {
    Clear(usize),
    Likely(usize),
    TooClose(Vec<usize>),
    /// No lever surely brings something.
    None,
}

/// How far the first lever is ahead of the best of the others in the same resamples.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lead {
    /// The place of the second in [`LeverOrder::ranked`].
    pub over: usize,
    /// The lead over the second, as estimated.
    pub estimate: f64,
    /// The one-sided 95 % limit of the lead over whichever is the best of the others; above 0 exactly if the first leads in
    /// 95 % of the resamples.
    pub at_least: f64,
}

/// Why a lever that leads in 95 % of the resamples is not clearly the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeldBack {
    /// There are fewer than [`PARTNERS`] partners.
    FewPartners,
    /// A warning is due on what it changes.
    Warned,
    /// The lever at this place in [`LeverOrder::ranked`] has too few exits to be ranked, and may bring more.
    Unranked(usize),
}

/// All candidates, the largest effect first; behind them those with too few exits to be ranked.
#[derive(Clone, PartialEq, Debug)]
pub struct LeverOrder {
    pub ranked: Vec<RankedCandidate>,
    pub verdict: LeverVerdict,
    pub lead: Option<Lead>,
    /// Set if nothing else keeps the verdict from being clear.
    pub held_back: Option<HeldBack>,
}

impl LeverOrder {
    /// Ranks the candidates by estimates that rest on so many partners.
    ///
    /// The first is *clear* if it leads in at least 95 % of the resamples, so that the one-sided 95 % limit of its lead is
    /// above 0, there are at least 30 partners, it has 10 exits of its kind and no warning is due on it, and no lever
    /// without 10 exits has a larger upper limit or is ahead of it in 5 % of the resamples; else *likely* from 80 % on.
    /// An effect of which not even `least` is sure brings nothing that shows.
    pub fn of(draws: &Draws, candidates: &[Candidate], partners: usize, least: f64) -> LeverOrder {
        let (ranked, at) = ranked(draws, candidates);
        let eligible = at.len();
        let brings = |one: &RankedCandidate| {
            one.first.is_some() && one.limits.is_some_and(|limits| limits.low > least)
        };
        let Some(first) = ranked.iter().position(brings) else {
            return LeverOrder { ranked, verdict: LeverVerdict::None, lead: None, held_back: None };
        };
        let others: Vec<usize> = (0..eligible).filter(|place| *place != first).collect();
        let others_at: Vec<usize> = others.iter().map(|place| at[*place]).collect();
        // Behind a larger effect that is not sure to bring anything, nothing leads.
        let second = others.first().filter(|second| **second > first);
        let lead = second.zip(draws.least_lead(at[first], &others_at)).map(|(over, at_least)| Lead {
            over: *over,
            estimate: ranked[first].effect - ranked[*over].effect,
            at_least,
        });
        let share = |place: usize| ranked[place].first.unwrap_or(0.0);
        let upper = |place: usize| ranked[place].limits.map_or(0.0, |limits| limits.high);
        // What may bring more in more than 5 % of the resamples, or by its upper limit, keeps the first from being clear.
        let may_lead = |place: &usize| {
            let over = draws.least_lead(at[first], &[candidates[ranked[*place].candidate].at]);
            upper(*place) > upper(first) || over.is_some_and(|over| over <= 0.0)
        };
        let unranked = (eligible..ranked.len()).filter(may_lead);
        let unranked = unranked.max_by(|a, b| upper(*a).total_cmp(&upper(*b))).map(HeldBack::Unranked);
        let warned = candidates[ranked[first].candidate].warned.then_some(HeldBack::Warned);
        let few = (partners < PARTNERS).then_some(HeldBack::FewPartners);
        let leads = first == 0 && share(first) >= CLEAR && lead.is_none_or(|lead| lead.at_least > 0.0);
        let held_back = few.or(warned).or(unranked).filter(|_| leads);
        let verdict = match share(first) {
            _ if leads && held_back.is_none() => LeverVerdict::Clear(first),
            LIKELY.. if first == 0 => LeverVerdict::Likely(first),
            _ => {
                let by_share = |a: &usize, b: &usize| share(*b).total_cmp(&share(*a));
                let (mut named, mut others): (Vec<usize>, Vec<usize>) =
                    (0..eligible).partition(|place| share(*place) >= NAMED && brings(&ranked[*place]));
                named.sort_by(by_share);
                others.sort_by(by_share);
                // It is close between two at least: those that lead in most resamples.
                let missing = 2_usize.saturating_sub(named.len());
                named.extend(others.into_iter().take(missing));
                LeverVerdict::TooClose(named)
            }
        };
        LeverOrder { ranked, verdict, lead, held_back }
    }
}

/// All candidates in order, and the places of those with enough exits among the estimates.
fn ranked(draws: &Draws, candidates: &[Candidate]) -> (Vec<RankedCandidate>, Vec<usize>) {
    let mut ranked: Vec<RankedCandidate> = candidates
        .iter()
        .enumerate()
        .map(|(candidate, one)| RankedCandidate {
            candidate,
            effect: draws.estimates[one.at],
            limits: draws.limits(one.at),
            first: None,
        })
        .collect();
    let few = |one: &RankedCandidate| candidates[one.candidate].exits < EXITS;
    ranked.sort_by(|a, b| few(a).cmp(&few(b)).then(b.effect.total_cmp(&a.effect)));
    let eligible = ranked.iter().take_while(|one| !few(one));
    let at: Vec<usize> = eligible.map(|one| candidates[one.candidate].at).collect();
    let shares = draws.first_shares(&at);
    ranked.iter_mut().zip(shares).for_each(|(one, share)| one.first = Some(share));
    (ranked, at)
}
