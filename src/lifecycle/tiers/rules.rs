//! Changing tiers: how a change is taken in, the rules, and which tier a partner has earned.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::Forgetting;
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::tiers::events::{TierReviewed, Tiered};
use crate::lifecycle::tiers::evidence::{FoundOf, TierEvidence, TierVerdict};
use crate::lifecycle::tiers::findings::held_against;
use crate::lifecycle::tiers::section::Tier;

impl Happening for Tiered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        partner.tier_reviews.push(TierReviewed { event: at.event, day: at.day, tier: self.tier.clone() });
        if at.takes_attribute("tier") && !self.stays {
            partner.change(at.day, &[("tier".to_owned(), Some(self.tier.clone()))].into());
        }
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

/// Returns the highest tier of which all conditions are met, those of the tiers below included, with what was found of it
/// and of the first one that is not met; and of that one what is missing.
///
/// Tiers are in order, the lowest first. No tier if even the first asks for what is not met.
fn proposed<'a>(all: &[TierFound<'a>]) -> (Option<&'a Tier>, Vec<TierEvidence>, Option<NextTier<'a>>) {
    let (mut reached, mut evidence) = (None, Vec::new());
    for TierFound { tier, found } in all {
        if found.iter().any(|one| !one.met) {
            let missing: Vec<TierEvidence> = found.iter().filter(|one| !one.met).cloned().collect();
            evidence.extend(missing.iter().cloned());
            return (reached, evidence, Some(NextTier { tier, missing }));
        }
        evidence.clone_from(found);
        reached = Some(*tier);
    }
    (reached, evidence, None)
}

/// A tier with what is found of each of its conditions.
struct TierFound<'a> {
    tier: &'a Tier,
    found: Vec<TierEvidence>,
}

impl<'a> TierFound<'a> {
    fn of(facts: PartnerFacts, tier: &'a Tier) -> TierFound<'a> {
        let found = tier.conditions.iter().map(|condition| {
            let FoundOf { met, found } = held_against(facts, condition);
            TierEvidence { tier: tier.key.clone(), met, found }
        });
        TierFound { tier, found: found.collect() }
    }
}

/// A tier that a partner does not reach.
#[derive(Clone, Debug)]
pub struct NextTier<'a> {
    pub tier: &'a Tier,
    pub missing: Vec<TierEvidence>,
}

/// Why a change of tier is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TierRefusal {
    /// The program has tiers, but not this one.
    Unknown { why: String },
    /// The tier that is named is not lower than the one that the partner is in; `lower` are those that are.
    NotLower { partner: String, now: String, named: String, lower: Vec<String> },
    /// No tier is lower than the one that the partner is in.
    Lowest { partner: String, tier: String },
    /// The partner is in no tier of the program: in none, or in another one, which has no lower one unless it is named.
    InNone { partner: String, tier: Option<String> },
    /// The program has no tiers.
    NoTiers,
}

/// Nothing is recorded: the partner stays in its tier, or in none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TierKept {
    pub partner: String,
    pub tier: Option<String>,
}

/// Returns the tier that was named, or the next lower one.
///
/// # Errors
/// Refused for a tier that the program does not have or that is not lower, and if no tier is.
pub(crate) fn lower_tier(program: &Program, partner: &Partner, named: Option<&str>) -> Result<String, Error> {
    let keys: Vec<&str> = program.tiers.iter().map(|tier| tier.key.as_str()).collect();
    let place = |tier: &str| keys.iter().position(|key| key.eq_ignore_ascii_case(tier));
    let name = partner.name().to_owned();
    let now = partner.attribute("tier");
    let at = now.and_then(place);
    if let Some(named) = named {
        let named = program.read_attribute("tier", named).map_err(|fault| {
            let why = fault.map(|fault| fault.sentence()).unwrap_or_default();
            Error::usage(TierRefusal::Unknown { why })
        })?;
        return match (at.filter(|at| place(&named).is_some_and(|named| named >= *at)), now) {
            (Some(0), Some(now)) => {
                Err(Error::refused(TierRefusal::Lowest { partner: name, tier: now.to_owned() }))
            }
            (Some(at), Some(now)) => {
                let (now, lower) = (now.to_owned(), keys[..at].iter().map(|key| (*key).to_owned()).collect());
                Err(Error::refused(TierRefusal::NotLower { partner: name, now, named, lower }))
            }
            (None, None) => Err(Error::refused(TierRefusal::InNone { partner: name, tier: None })),
            _ => Ok(named),
        };
    }
    match (at, now) {
        (Some(at @ 1..), _) => Ok(keys[at - 1].to_owned()),
        (Some(_), Some(now)) => {
            Err(Error::refused(TierRefusal::Lowest { partner: name, tier: now.to_owned() }))
        }
        _ => {
            let tier = now.map(str::to_owned);
            Err(Error::refused(TierRefusal::InNone { partner: name, tier }))
        }
    }
}

/// Records a review of the tier: moves a partner to the tier whose conditions it meets, or notes that it stays.
///
/// # Errors
/// Refused for a partner that has left, and in a program without tiers.
pub(crate) fn retier(facts: PartnerFacts) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { program, partner, day } = facts;
    if program.tiers.is_empty() {
        return Err(Error::refused(TierRefusal::NoTiers));
    }
    let review = tier_review(facts);
    let kept = || {
        let (partner, tier) = (partner.name().to_owned(), review.now.map(str::to_owned));
        Ok(Decision::already(TierKept { partner, tier }))
    };
    let Some(tier) = review.proposed else { return kept() };
    let stays = review.now == review.proposed;
    if stays && partner.tier_reviews.last().is_some_and(|one| one.day == day && one.tier == tier) {
        return kept();
    }
    let (tier, found) = (tier.to_owned(), review.evidence);
    Decision::record(Tiered { tier, evidence: Vec::new(), found, stays })
}

/// What a tier review finds of one partner.
#[derive(Clone, Debug)]
pub struct TierReview<'a> {
    /// The tier of the program that it is in; none if it is in none, or in another one.
    pub now: Option<&'a str>,
    /// The highest tier that it is known to have earned.
    pub earned: Option<&'a str>,
    /// The tier that it would be in; none if it is not to be touched. What is unknown moves it neither up nor down.
    pub proposed: Option<&'a str>,
    /// What is not known of the tiers that it may have earned, if that decides which one it has.
    pub unknown: Vec<TierEvidence>,
    pub evidence: Vec<TierEvidence>,
    /// The lowest tier that it does not reach, with what is missing; none above the highest, and if it is not reviewed.
    pub next: Option<NextTier<'a>>,
    /// The tier that it is in, with what it lacks to keep it, if it is above the one that it has earned.
    pub keeps: Option<NextTier<'a>>,
}

/// Holds what a partner reached against the conditions of the tiers. Only partners in growth are reviewed, and a tier that the
/// program never had is left alone; one that it has no more is as none.
pub fn tier_review(facts: PartnerFacts) -> TierReview {
    let PartnerFacts { program, partner, .. } = facts;
    let held = partner.attribute("tier");
    let now = held.and_then(|key| program.tier(key)).map(|tier| tier.key.as_str());
    let in_growth = facts.in_growth_since().is_some();
    let is_gone = held.is_some_and(|key| program.gone_tiers.contains(key));
    if !in_growth || (held.is_some() && now.is_none() && !is_gone) {
        let (evidence, unknown) = (Vec::new(), Vec::new());
        return TierReview { now, earned: None, proposed: None, unknown, evidence, next: None, keeps: None };
    }
    let all: Vec<TierFound> = program.tiers.iter().map(|tier| TierFound::of(facts, tier)).collect();
    let (tier, mut evidence, next) = proposed(&all);
    let earned = tier.map(|tier| tier.key.as_str());
    let keeps = next.as_ref().and_then(|next| kept(&all, now?, next.tier));
    let Possible { tier: possible, unknown, missed } =
        next.as_ref().map_or_else(Possible::default, |next| possible(&all, next));
    let possible = possible.or(earned);
    let place = |key: Option<&str>| program.tiers.iter().position(|tier| Some(tier.key.as_str()) == key);
    let proposed = match now {
        Some(_) if place(now) > place(possible) => possible,
        Some(_) if place(now) > place(earned) => now,
        _ => earned,
    };
    let missed = missed.into_iter().filter(|_| place(now) > place(possible));
    for found in unknown.iter().cloned().chain(missed) {
        if !evidence.contains(&found) {
            evidence.push(found);
        }
    }
    TierReview { now, earned, proposed, unknown, evidence, next, keeps }
}

/// How far up a partner may be, if what is unknown of it were good.
#[derive(Default)]
struct Possible<'a> {
    /// The highest tier that is not known to be missed, if it is above the one that is earned.
    tier: Option<&'a str>,
    /// What is unknown up to it.
    unknown: Vec<TierEvidence>,
    /// What is known to be missed of the tier above it.
    missed: Vec<TierEvidence>,
}

/// Returns how far up a partner may be, from `next` on, the lowest tier that is not known to be earned.
fn possible<'a>(all: &[TierFound<'a>], next: &NextTier) -> Possible<'a> {
    let mut possible = Possible::default();
    for TierFound { tier, found } in all.iter().skip_while(|one| one.tier.key != next.tier.key) {
        let of = |verdict| found.iter().filter(move |one| one.verdict() == verdict).cloned();
        possible.missed.extend(of(TierVerdict::NotMet));
        if !possible.missed.is_empty() {
            break;
        }
        possible.tier = Some(tier.key.as_str());
        possible.unknown.extend(of(TierVerdict::Unknown));
    }
    possible
}

/// Returns what a partner lacks to keep the tier that it is in, if that is `missed`, the lowest tier that it does not reach, or
/// one above it: all conditions from there on that are not met; of several on the same measure that of the highest tier.
fn kept<'a>(all: &[TierFound<'a>], now: &str, missed: &Tier) -> Option<NextTier<'a>> {
    let place = |key: &str| all.iter().position(|one| one.tier.key == key);
    let (first, last) = (place(&missed.key)?, place(now)?);
    if last < first {
        return None;
    }
    let mut missing: Vec<TierEvidence> = Vec::new();
    for one in all.get(first..=last)?.iter().rev().flat_map(|one| &one.found) {
        if !one.met && !missing.iter().any(|known| known.found.is_of_same_measure(&one.found)) {
            missing.push(one.clone());
        }
    }
    Some(NextTier { tier: all[last].tier, missing })
}
