//! `[[tier]]` of the program.

use std::collections::HashSet;

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::program::sections::{check_key, read_amount};

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

/// What is wrong with the `[[tier]]` sections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TierFault {
    Twice { tier: String },
    NoMilestone { milestone: String },
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
