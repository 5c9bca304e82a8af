//! Tiers: what a partner must reach to be in one, raised by what it reached and lowered by decision.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::program::parse::check_key;
use crate::lifecycle::program::sections::read_amount;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// The partner has another tier, by what it reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tiered {
    pub tier: String,
    /// What was found, a sentence for each condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

impl Happening for Tiered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if at.own {
            partner.change(at.day, &[("tier".to_owned(), Some(self.tier.clone()))].into());
        }
        Ok(())
    }
}

/// A tier of the program; the first one asks for nothing.
#[derive(Clone, Debug)]
pub struct Tier {
    pub key: String,
    pub name: String,
    pub conditions: Vec<TierCondition>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TierCondition {
    /// Revenue of twelve months, in minor units.
    Revenue(i64),
    /// Revenue of the last four whole quarters with a plan, in percent of it.
    Attainment(i64),
    /// The milestone with this key is done.
    Milestone(String),
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
    Unknown { tier: String, tiers: Vec<String> },
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

/// What is wrong with the `[[tier]]` sections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TierFault {
    Twice { tier: String },
    NoMilestone { milestone: String },
}

/// Returns the tier that was named, or the next lower one.
///
/// # Errors
/// Refused for a tier that the program does not have, and if no tier is lower.
pub(crate) fn lower_tier(program: &Program, partner: &Partner, named: Option<&str>) -> Result<String, Error> {
    let keys: Vec<&str> = program.tiers.iter().map(|tier| tier.key.as_str()).collect();
    if let Some(named) = named {
        if keys.is_empty() || keys.contains(&named) {
            return Ok(named.to_owned());
        }
        let tiers = keys.into_iter().map(str::to_owned).collect();
        return Err(Error::refused(TierRefusal::Unknown { tier: named.to_owned(), tiers }));
    }
    let name = partner.name().to_owned();
    let now = partner.attribute("tier");
    let at = now.and_then(|now| keys.iter().position(|key| *key == now));
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
pub(crate) fn retier(scene: Scene) -> Ruling {
    refuse_left(scene)?;
    let Scene { program, partner, .. } = scene;
    if program.tiers.is_empty() {
        return Err(Error::refused(TierRefusal::NoTiers));
    }
    let review = tier_review(scene);
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
pub fn tier_review(scene: Scene) -> TierReview {
    let Scene { program, partner, .. } = scene;
    let held = partner.attribute("tier");
    let now = held.and_then(|key| program.tier(key)).map(|tier| tier.key.as_str());
    let in_growth = scene.in_growth_since().is_some();
    if !in_growth || (held.is_some() && now.is_none()) {
        return TierReview { now, proposed: None, evidence: Vec::new() };
    }
    let (tier, evidence) = proposed(&program.tiers, |condition| found(scene, condition));
    TierReview { now, proposed: tier.map(|tier| tier.key.as_str()), evidence }
}

fn found(scene: Scene, condition: &TierCondition) -> TierEvidence {
    let program = scene.program;
    match condition {
        TierCondition::Revenue(least) => {
            let revenue = scene.revenue_12m();
            let money = |minor: i128| program.currency.money(minor);
            let (got, wanted) = (money(revenue), money(i128::from(*least)));
            let sentence = format!("{got} of {wanted} {} in 12 months", program.currency.code());
            TierEvidence { met: revenue >= i128::from(*least), sentence }
        }
        TierCondition::Attainment(least) => match attainment(scene) {
            None => TierEvidence { met: false, sentence: "no quarter with a plan is over".to_owned() },
            Some((actual, target)) => TierEvidence {
                met: actual * 100 >= target * i128::from(*least),
                sentence: format!("{} of {least} % of plan", actual * 100 / target.max(1)),
            },
        },
        TierCondition::Milestone(key) => {
            let milestone = program.milestone(key).map(|(_, milestone)| milestone);
            let held = milestone.and_then(|milestone| scene.held_once(milestone));
            let word = if held.is_some() { "done" } else { "open" };
            TierEvidence { met: held.is_some(), sentence: format!("`{key}` {word}") }
        }
    }
}

/// Revenue and targets of the last four whole quarters that have a target.
fn attainment(scene: Scene) -> Option<(i128, i128)> {
    let over = scene.targets(scene.day).into_iter();
    let mut quarters: Vec<(Day, Day, i64)> =
        over.filter(|(_, last, target)| *last <= scene.day && *target > 0).collect();
    quarters.sort();
    let last = &quarters[quarters.len().saturating_sub(4)..];
    let target: i128 = last.iter().map(|(.., target)| i128::from(*target)).sum();
    let actual: i128 = last.iter().map(|(first, last, _)| scene.sold(*first, *last)).sum();
    (target > 0).then_some((actual, target))
}

/// Reads the `[[tier]]` sections, the lowest first; `milestones` are the keys of the program's milestones.
pub(crate) fn read_tiers(
    root: &mut Section,
    reader: &mut TomlReader,
    milestones: &HashSet<&str>,
    currency: Option<Currency>,
) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    for mut section in root.tables(reader, "tier") {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("tier `{}`", key.value));
            check_key(key, reader);
            if tiers.iter().any(|known| known.key == key.value) {
                reader.fault(&key.span, TierFault::Twice { tier: key.value.clone() });
            }
        }
        let name = section.text(reader, "name");
        let mut conditions = Vec::new();
        conditions
            .extend(read_amount(&mut section, reader, "revenue_12m", currency).map(TierCondition::Revenue));
        let attainment = section.whole(reader, "plan_attainment", 1..=1000);
        conditions.extend(attainment.map(|percent| TierCondition::Attainment(percent.value)));
        for milestone in section.texts_or_text(reader, "milestones") {
            if !milestones.contains(milestone.value.as_str()) {
                let fault = TierFault::NoMilestone { milestone: milestone.value.clone() };
                reader.fault(&milestone.span, fault);
            }
            conditions.push(TierCondition::Milestone(milestone.value));
        }
        section.finish(reader);
        if let Some(key) = key {
            let name = name.map_or_else(|| key.value.clone(), |name| name.value);
            tiers.push(Tier { key: key.value, name, conditions });
        }
    }
    tiers
}

/// Says what a tier asks for.
pub(crate) fn asked(program: &Program, condition: &TierCondition) -> String {
    match condition {
        TierCondition::Revenue(minor) => {
            let amount = program.currency.money(i128::from(*minor));
            format!("{amount} {} in 12 months", program.currency.code())
        }
        TierCondition::Attainment(percent) => format!("{percent} % of plan"),
        TierCondition::Milestone(key) => format!("`{key}` done"),
    }
}
