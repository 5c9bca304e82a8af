//! By what a milestone is settled, fact by fact, with the day and the paper of each.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::held::{MetNeed, MilestoneFacts};
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::revenue::events::Sale;

/// A fact that settles a milestone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Proof {
    pub what: ProvenFact,
    pub day: Day,
}

/// What settles a milestone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ProvenFact {
    /// A sale, by its number and, if it has one, its invoice or deal.
    Sale { number: i64, reference: Option<String> },
    /// Revenue came to so much or more.
    Revenue { least: Amount },
    /// An announcement of which the partner was notified.
    Notification { announcement: String },
    /// Another fact, of which the program says all there is to say.
    Fact(Need),
}

/// Returns by what a need is met, fact by fact, for a milestone that recurs within a period.
pub(crate) fn proofs(facts: PartnerFacts, met: MetNeed, period: Option<&Period>) -> Vec<Proof> {
    match met.need {
        Need::All(several) => {
            let parts = several.iter().filter_map(|one| facts.met(one, period));
            parts.flat_map(|met| proofs(facts, met, period)).collect()
        }
        fact => vec![Proof { what: proven(facts, fact, met.day, period), day: met.day }],
    }
}

fn proven(facts: PartnerFacts, fact: &Need, day: Day, period: Option<&Period>) -> ProvenFact {
    match fact {
        Need::Sold(number) => {
            let sale = facts.nth_sale(*number, period).and_then(|kept| facts.partner.sales.get(kept.at));
            let deal = |sale: &Sale| sale.reference.clone().or_else(|| sale.detail.as_ref()?.deal.clone());
            ProvenFact::Sale { number: *number, reference: sale.and_then(deal) }
        }
        Need::Revenue(least) => ProvenFact::Revenue { least: facts.program.currency.amount(least.minor) },
        Need::Announced(start) => {
            let start = start.as_deref().unwrap_or_default();
            let mut told = facts.notifications().filter(|one| one.day == day);
            told.find(|one| one.announcement.starts_with(start)).map_or_else(
                || ProvenFact::Fact(fact.clone()),
                |one| ProvenFact::Notification { announcement: one.announcement.clone() },
            )
        }
        other => ProvenFact::Fact(other.clone()),
    }
}
