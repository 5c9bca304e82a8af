//! The words of what a program says in vain.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::program::VainFault;

impl Sentence for VainFault {
    fn sentence(&self) -> String {
        match self {
            VainFault::NeedAnnouncement { key, start, .. } => {
                format!("{key}: no announcement can have a key that begins with `{start}`")
            }
            VainFault::NeedsTwice => "a milestone has needs or settled_by, not both".to_owned(),
            VainFault::NeedsTierEarly { stage, success } => format!(
                "`tier-reviewed` can never be met in `{stage}`: tiers are reviewed from `{success}` on"
            ),
            VainFault::NeedsReporting { milestone } => {
                format!("milestone `{milestone}` is never due: the program asks for no reports")
            }
            VainFault::DueOfRecurring => {
                "due_days means nothing for a recurring milestone: it is due by the end of its period"
                    .to_owned()
            }
            VainFault::SuccessForSome { section } => {
                format!(
                    "{section} has success = true and is for some partners only; the others can never succeed"
                )
            }
            VainFault::ForNobody { part, stage, partners } => {
                format!("{part} is for nobody: its stage `{stage}` is for {partners}")
            }
            VainFault::NeedsOfOthers { milestone, needs } => {
                format!("milestone `{milestone}` is asked of nobody: `{needs}` is for other partners")
            }
            VainFault::NeverPassed { questionnaire, best, pass_above } => format!(
                "questionnaire `{questionnaire}` can never pass: its best score is {}, and it passes above {}",
                best.normalize(),
                pass_above.normalize()
            ),
            VainFault::NoTerritory { term, option } => {
                format!("term `{term}`: option `{option}` is neither a country nor a region of the program")
            }
            VainFault::TierOptions => {
                "the options of field `tier` mean nothing beside the [[tier]] sections".to_owned()
            }
            VainFault::NoTiers { word } => format!("tiers: `{word}`: the program has no [[tier]]"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            VainFault::NeedAnnouncement { near, .. } => {
                format!("keys have lower-case letters, digits and dashes: write \"announced:{near}\"")
            }
            VainFault::NeedsTwice => {
                "remove one of them, or write needs = { any = [\"...\", \"...\"] }".to_owned()
            }
            VainFault::NeedsTierEarly { success, .. } => format!("move the milestone to `{success}`"),
            VainFault::NeedsReporting { .. } => "add [reporting] with every = \"month\"".to_owned(),
            VainFault::DueOfRecurring => "remove due_days, or write lead_days".to_owned(),
            VainFault::SuccessForSome { .. } => {
                "remove types, tiers and regions here; write them on its milestones".to_owned()
            }
            VainFault::ForNobody { .. } | VainFault::NeedsOfOthers { .. } => {
                "name the same types, tiers or regions in both, or remove one of them".to_owned()
            }
            VainFault::NeverPassed { .. } => "lower pass_above, or let an answer score 100".to_owned(),
            VainFault::NoTerritory { .. } => {
                "name countries by ISO 3166, or add a [[region]] with this key".to_owned()
            }
            VainFault::TierOptions => "remove the field".to_owned(),
            VainFault::NoTiers { word } => format!("add a [[tier]] with key = \"{word}\", or remove tiers"),
        };
        vec![remedy.into()]
    }
}
