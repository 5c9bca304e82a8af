//! Tiers: what a partner must reach to be in one.

use std::fmt;

/// A tier of the program; the first one asks for nothing.
#[derive(Clone, Debug)]
pub struct Tier {
    pub key: String,
    pub name: String,
    pub conditions: Vec<Condition>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// Revenue of twelve months, in minor units.
    Revenue(i64),
    /// Revenue of the last four whole quarters with a plan, in percent of it.
    Attainment(i64),
    /// The milestone with this key is done.
    Milestone(String),
}

/// What was found of one condition.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    pub met: bool,
    pub sentence: String,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// The highest tier of which all conditions are met, those of the tiers below included, with what was found of it
/// and of the first one that is not met.
///
/// Tiers are in order, the lowest first. Nothing where even the first asks for what is not met.
pub fn proposed(
    tiers: &[Tier],
    mut find: impl FnMut(&Condition) -> Evidence,
) -> (Option<&Tier>, Vec<Evidence>) {
    let (mut reached, mut evidence) = (None, Vec::new());
    for tier in tiers {
        let found: Vec<Evidence> = tier
            .conditions
            .iter()
            .map(|condition| {
                let Evidence { met, sentence } = find(condition);
                let not = if met { "" } else { "not " };
                Evidence { met, sentence: format!("{}: {sentence}, {not}met", tier.key) }
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
