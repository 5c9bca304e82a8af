//! Tiers.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::program::Program;
use crate::lifecycle::tiers::TierCondition;
use crate::lifecycle::tiers::{TierFault, TierKept, TierRefusal, Tiered};
use crate::text::events::{Described, ReceiptContext};

impl Sentence for TierRefusal {
    fn sentence(&self) -> String {
        match self {
            TierRefusal::Unknown { why } => why.clone(),
            TierRefusal::Lowest { partner, tier } => format!("{partner} is in `{tier}`, the lowest tier"),
            TierRefusal::InNone { partner } => format!("{partner} is in no tier of the program"),
            TierRefusal::NoTiers => "the program has no tiers".to_owned(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint: Hint = match self {
            TierRefusal::Unknown { .. } => return Vec::new(),
            TierRefusal::Lowest { .. } => "choose self-service or leave, or name a tier with --tier".into(),
            TierRefusal::InNone { .. } => "name the tier with --tier".into(),
            TierRefusal::NoTiers => "add [[tier]] sections, the lowest first".into(),
        };
        vec![hint]
    }
}

impl Sentence for TierKept {
    fn sentence(&self) -> String {
        match &self.tier {
            Some(tier) => format!("{} stays in tier {tier}", self.partner),
            None => format!("{} has no tier of the program and meets the conditions of none", self.partner),
        }
    }
}

impl Sentence for TierFault {
    fn sentence(&self) -> String {
        match self {
            TierFault::Twice { tier } => format!("tier `{tier}` is declared twice"),
            TierFault::NoMilestone { milestone } => format!("unknown milestone `{milestone}`"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            TierFault::Twice { .. } => "give each tier its own key",
            TierFault::NoMilestone { .. } => "use a milestone of a stage",
        };
        vec![remedy.into()]
    }
}

impl Described for Tiered {
    fn described(&self, _: &Program) -> String {
        format!("tier {}{}", self.tier, in_brackets(&self.evidence))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let from = about.before.and_then(|partner| partner.attribute("tier"));
        let from = from.map_or_else(String::new, |from| format!(" from {from}"));
        format!("Moved {}{from} to {}{}", about.partner, self.tier, in_brackets(&self.evidence))
    }
}

/// Writes what was found of tiers, each tier once: " (silver met: 90000.00 of 80000.00 EUR in 12 months; gold not met: ...)".
fn in_brackets(evidence: &[String]) -> String {
    let parts = by_tier(evidence);
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

/// Returns what was found, each tier once: "silver met: 90000.00 of 80000.00 EUR in 12 months".
pub(crate) fn by_tier(evidence: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = None;
    for found in evidence {
        let split = found.split_once(": ").and_then(|(tier, rest)| {
            let (what, met) = rest.rsplit_once(", ")?;
            Some((tier, met, what))
        });
        let Some((tier, met, what)) = split else {
            parts.push(found.clone());
            continue;
        };
        match parts.last_mut().filter(|_| before == Some((tier, met))) {
            Some(part) => part.push_str(&format!(", {what}")),
            None => parts.push(format!("{tier} {met}: {what}")),
        }
        before = Some((tier, met));
    }
    parts
}

/// Says what a tier asks for.
pub(crate) fn condition_in_words(program: &Program, condition: &TierCondition) -> String {
    match condition {
        TierCondition::Revenue(minor) => {
            let amount = program.currency.money(i128::from(*minor));
            format!("{amount} {} in 12 months", program.currency.code())
        }
        TierCondition::Attainment(percent) => format!("{percent} % of plan"),
        TierCondition::Milestone(key) => format!("`{key}` done"),
    }
}
