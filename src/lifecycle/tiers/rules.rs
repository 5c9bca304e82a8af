//! Changing tiers: how a change is taken in, the rules, and which tier a partner has earned.

use std::fmt;

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::Forgetting;
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::tiers::events::Tiered;
use crate::lifecycle::tiers::section::{Tier, TierCondition};

impl Happening for Tiered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if at.own {
            partner.change(at.day, &[("tier".to_owned(), Some(self.tier.clone()))].into());
        }
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

/// What was found of one condition.
#[derive(Clone, PartialEq, Debug)]
pub struct TierEvidence {
    pub met: bool,
    pub sentence: String,
}

impl fmt::Display for TierEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// Returns the highest tier of which all conditions are met, those of the tiers below included, with what was found of it
/// and of the first one that is not met.
///
/// Tiers are in order, the lowest first. No tier if even the first asks for what is not met.
pub(crate) fn proposed(
    tiers: &[Tier],
    mut find: impl FnMut(&TierCondition) -> TierEvidence,
) -> (Option<&Tier>, Vec<TierEvidence>) {
    let (mut reached, mut evidence) = (None, Vec::new());
    for tier in tiers {
        let found: Vec<TierEvidence> = tier
            .conditions
            .iter()
            .map(|condition| {
                let TierEvidence { met, sentence } = find(condition);
                let not = if met { "" } else { "not " };
                TierEvidence { met, sentence: format!("{}: {sentence}, {not}met", tier.key) }
            })
            .collect();
        let met = found.iter().all(|one| one.met);
        if !met {
            evidence.extend(found.into_iter().filter(|one| !one.met));
            break;
        }
        evidence = found;
        reached = Some(tier);
    }
    (reached, evidence)
}

/// Why a change of tier is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TierRefusal {
    /// The program has tiers, but not this one.
    Unknown { why: String },
    /// No tier is lower than the one that the partner is in.
    Lowest { partner: String, tier: String },
    /// The partner is in no tier of the program.
    InNone { partner: String },
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
/// Refused for a tier that the program does not have, and if no tier is lower.
pub(crate) fn lower_tier(program: &Program, partner: &Partner, named: Option<&str>) -> Result<String, Error> {
    let keys: Vec<&str> = program.tiers.iter().map(|tier| tier.key.as_str()).collect();
    if let Some(named) = named {
        return program.read_attribute("tier", named).map_err(|fault| {
            let why = fault.map(|fault| fault.sentence()).unwrap_or_default();
            Error::refused(TierRefusal::Unknown { why })
        });
    }
    let name = partner.name().to_owned();
    let now = partner.attribute("tier");
    let at = now.and_then(|now| keys.iter().position(|key| key.eq_ignore_ascii_case(now)));
    match (at, now) {
        (Some(at @ 1..), _) => Ok(keys[at - 1].to_owned()),
        (Some(_), Some(now)) => {
            Err(Error::refused(TierRefusal::Lowest { partner: name, tier: now.to_owned() }))
        }
        _ => Err(Error::refused(TierRefusal::InNone { partner: name })),
    }
}

/// Moves a partner to the tier whose conditions it meets.
///
/// # Errors
/// Refused for a partner that has left, and in a program without tiers.
pub(crate) fn retier(facts: PartnerFacts) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { program, partner, .. } = facts;
    if program.tiers.is_empty() {
        return Err(Error::refused(TierRefusal::NoTiers));
    }
    let review = tier_review(facts);
    let Some(tier) = review.proposed.filter(|_| review.now != review.proposed) else {
        let (partner, tier) = (partner.name().to_owned(), review.now.map(str::to_owned));
        return Ok(Decision::already(TierKept { partner, tier }));
    };
    let evidence: Vec<String> = review.evidence.iter().map(|one| one.sentence.clone()).collect();
    Decision::record(Tiered { tier: tier.to_owned(), evidence })
}

/// What a tier review finds of one partner.
#[derive(Clone, PartialEq, Debug)]
pub struct TierReview<'a> {
    /// The tier of the program that it is in; none if it is in none, or in another one.
    pub now: Option<&'a str>,
    /// The tier that it would be in; none if it is not to be touched.
    pub proposed: Option<&'a str>,
    pub evidence: Vec<TierEvidence>,
}

/// Holds what a partner reached against the conditions of the tiers. Only partners in growth are reviewed, and a tier that
/// the program does not have is left alone.
pub fn tier_review(facts: PartnerFacts) -> TierReview {
    let PartnerFacts { program, partner, .. } = facts;
    let held = partner.attribute("tier");
    let now = held.and_then(|key| program.tier(key)).map(|tier| tier.key.as_str());
    let in_growth = facts.in_growth_since().is_some();
    if !in_growth || (held.is_some() && now.is_none()) {
        return TierReview { now, proposed: None, evidence: Vec::new() };
    }
    let (tier, evidence) = proposed(&program.tiers, |condition| found(facts, condition));
    TierReview { now, proposed: tier.map(|tier| tier.key.as_str()), evidence }
}

fn found(facts: PartnerFacts, condition: &TierCondition) -> TierEvidence {
    let program = facts.program;
    match condition {
        TierCondition::Revenue(least) => {
            let revenue = facts.revenue_12m();
            let money = |minor: i128| program.currency.money(minor);
            let (got, wanted) = (money(revenue), money(i128::from(*least)));
            let sentence = format!("{got} of {wanted} {} in 12 months", program.currency.code());
            TierEvidence { met: revenue >= i128::from(*least), sentence }
        }
        TierCondition::Attainment(least) => match attainment(facts) {
            None => TierEvidence { met: false, sentence: "no quarter with a plan is over".to_owned() },
            Some((actual, target)) => TierEvidence {
                met: actual * 100 >= target * i128::from(*least),
                sentence: format!("{} of {least} % of plan", actual * 100 / target.max(1)),
            },
        },
        TierCondition::Milestone(key) => {
            let milestone = program.milestone(key).map(|(_, milestone)| milestone);
            let held = milestone.and_then(|milestone| facts.held_once(milestone));
            let word = if held.is_some() { "done" } else { "open" };
            TierEvidence { met: held.is_some(), sentence: format!("`{key}` {word}") }
        }
    }
}

/// Revenue and targets of the last four whole quarters that have a target.
fn attainment(facts: PartnerFacts) -> Option<(i128, i128)> {
    let over = facts.targets(facts.day).into_iter();
    let mut quarters: Vec<(Day, Day, i64)> =
        over.filter(|(_, last, target)| *last <= facts.day && *target > 0).collect();
    quarters.sort();
    let last = &quarters[quarters.len().saturating_sub(4)..];
    let target: i128 = last.iter().map(|(.., target)| i128::from(*target)).sum();
    let actual: i128 = last.iter().map(|(first, last, _)| facts.sold(*first, *last)).sum();
    (target > 0).then_some((actual, target))
}
