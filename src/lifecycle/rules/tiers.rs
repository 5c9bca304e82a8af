//! Tiers: held against what partners reached, lowered by decision.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::growth::event::Tiered;
use crate::lifecycle::growth::tier::{Condition, Evidence, proposed};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::rules::growth::targets_of;
use crate::lifecycle::rules::{Decision, Ruling, refuse_left};
use crate::lifecycle::scene::Scene;

/// The tier that was named, or the next lower one.
pub(crate) fn lower_tier(program: &Program, partner: &Partner, named: Option<&str>) -> Result<String, Error> {
    let keys: Vec<&str> = program.tiers.iter().map(|tier| tier.key.as_str()).collect();
    if let Some(named) = named {
        return match keys.is_empty() || keys.contains(&named) {
            true => Ok(named.to_owned()),
            false => Err(Error::refused(format!("there is no tier `{named}`"))
                .hint(format!("the tiers are {}", listed(&keys)))),
        };
    }
    let now = partner.attribute("tier");
    let at = now.and_then(|now| keys.iter().position(|key| *key == now));
    match (at, now) {
        (Some(at @ 1..), _) => Ok(keys[at - 1].to_owned()),
        (Some(_), Some(now)) => {
            Err(Error::refused(format!("{} is in `{now}`, the lowest tier", partner.name()))
                .hint("decide self-service or leave, or name a tier with --tier"))
        }
        _ => Err(Error::refused(format!("{} is in no tier of the program", partner.name()))
            .hint("name the tier with --tier")),
    }
}

/// Moves a partner to the tier whose conditions it meets.
///
/// # Errors
/// Refused for a partner that has left, and in a program without tiers.
pub fn retier(scene: Scene) -> Ruling {
    refuse_left(scene)?;
    let Scene { program, partner, .. } = scene;
    let name = partner.name();
    if program.tiers.is_empty() {
        return Err(
            Error::refused("the program has no tiers").hint("add [[tier]] sections, the lowest first")
        );
    }
    let review = tier_review(scene);
    let Some(tier) = review.proposed.filter(|_| review.now != review.proposed) else {
        return Ok(Decision::AlreadySo(match review.now {
            Some(now) => format!("{name} stays in {now}"),
            None => format!("{name} is in no tier of the program and stays there"),
        }));
    };
    let evidence: Vec<String> = review.evidence.iter().map(|one| one.sentence.clone()).collect();
    let from = partner.attribute("tier").map_or_else(String::new, |from| format!("{from} to "));
    let said = format!("{name}: tier {from}{tier} ({})", evidence.join("; "));
    Decision::record(Tiered { tier: tier.to_owned(), evidence }, said)
}

/// What a tier review finds of one partner.
#[derive(Clone, PartialEq, Debug)]
pub struct TierReview<'a> {
    /// The tier of the program that it is in; none where it is in none, or in another one.
    pub now: Option<&'a str>,
    /// The tier that it would be in; none where it is not to be touched.
    pub proposed: Option<&'a str>,
    pub evidence: Vec<Evidence>,
}

/// What a partner reached, against the conditions of the tiers. Only partners in growth are reviewed, and a tier that
/// the program does not have is left alone.
pub fn tier_review(scene: Scene) -> TierReview {
    let Scene { program, partner, day } = scene;
    let held = partner.attribute("tier");
    let now = held.and_then(|key| program.tier(key)).map(|tier| tier.key.as_str());
    let in_growth = partner.stage() == Some(program.success_stage().key.as_str());
    if !in_growth || (held.is_some() && now.is_none()) {
        return TierReview { now, proposed: None, evidence: Vec::new() };
    }
    let (tier, evidence) = proposed(&program.tiers, |condition| found(scene, condition, day));
    TierReview { now, proposed: tier.map(|tier| tier.key.as_str()), evidence }
}

fn found(scene: Scene, condition: &Condition, day: Day) -> Evidence {
    let Scene { program, partner, .. } = scene;
    match condition {
        Condition::Revenue(least) => {
            let revenue = partner.revenue_12m(day);
            let money = |minor: i128| program.currency.money(minor);
            let (got, wanted) = (money(revenue), money(i128::from(*least)));
            let sentence = format!("{got} of {wanted} {} in 12 months", program.currency.code());
            Evidence { met: revenue >= i128::from(*least), sentence }
        }
        Condition::Attainment(least) => match attainment(partner, day) {
            None => Evidence { met: false, sentence: "no quarter with a plan is over".to_owned() },
            Some((actual, target)) => Evidence {
                met: actual * 100 >= target * i128::from(*least),
                sentence: format!("{} of {least} % of plan", actual * 100 / target.max(1)),
            },
        },
        Condition::Milestone(key) => {
            let milestone = program.milestone(key).map(|(_, milestone)| milestone);
            let held = milestone.and_then(|milestone| Scene { day, ..scene }.held(milestone, None));
            let word = if held.is_some() { "done" } else { "open" };
            Evidence { met: held.is_some(), sentence: format!("`{key}` {word}") }
        }
    }
}

/// Revenue and targets of the last four whole quarters that have a target.
fn attainment(partner: &Partner, day: Day) -> Option<(i128, i128)> {
    let over = targets_of(partner).into_iter().filter(|(_, last, target)| *last <= day && *target > 0);
    let mut quarters: Vec<(Day, Day, i64)> = over.collect();
    quarters.sort();
    let last = &quarters[quarters.len().saturating_sub(4)..];
    let sold = |first: Day, last: Day| -> i128 {
        let within = partner.sales.iter().filter(|sale| (first..=last).contains(&sale.day));
        within.map(|sale| i128::from(sale.amount_minor)).sum()
    };
    let target: i128 = last.iter().map(|(.., target)| i128::from(*target)).sum();
    let actual: i128 = last.iter().map(|(first, last, _)| sold(*first, *last)).sum();
    (target > 0).then_some((actual, target))
}
