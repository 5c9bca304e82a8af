//! Tiers.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::percent::Ratio;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::program::Program;
use crate::lifecycle::tiers::{
    AttainedAmount, FoundOf, NextTier, NoGrowth, PointsOf, ScorePart, TierCondition, TierEvidence, TierFault,
    TierFinding, TierKept, TierRefusal, TierVerdict, Tiered,
};
use crate::text::events::{Described, ReceiptContext};

impl Sentence for TierRefusal {
    fn sentence(&self) -> String {
        match self {
            TierRefusal::Unknown { why } => why.clone(),
            TierRefusal::NotLower { partner, now, named, .. } if now == named => {
                format!("{partner} is in `{now}` already")
            }
            TierRefusal::NotLower { partner, now, named, .. } => {
                format!("`{named}` is not below `{now}`, the tier of {partner}")
            }
            TierRefusal::Lowest { partner, tier } => format!("{partner} is in `{tier}`, the lowest tier"),
            TierRefusal::InNone { partner, tier: None } => format!("{partner} has no tier to be lowered"),
            TierRefusal::InNone { partner, tier: Some(tier) } => {
                format!("{partner} is in `{tier}`, which is no tier of the program")
            }
            TierRefusal::NoTiers => "the program has no tiers".to_owned(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint: Hint = match self {
            TierRefusal::Unknown { .. } => return Vec::new(),
            TierRefusal::NotLower { lower, .. } => format!("lower tiers: {}", listed(lower)).into(),
            TierRefusal::Lowest { .. } => "choose self-service or leave".into(),
            TierRefusal::InNone { tier: None, .. } => "choose self-service or leave".into(),
            TierRefusal::InNone { tier: Some(_), .. } => "name the tier with --tier".into(),
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
            TierFault::NoCourse { course, .. } => format!("unknown course `{course}`"),
            TierFault::People { course } => format!("`{course}` needs a number of people from 1 to 10000"),
            TierFault::NoScore => "a tier asks for a score, and the program has none".to_owned(),
            TierFault::NoPart { part, .. } => format!("unknown part `{part}` of the score"),
            TierFault::PartPoints { part, weight, written } => {
                format!(
                    "{written} points in `{part}`: expected more than 0 and at most its weight of {weight}"
                )
            }
            TierFault::OfLeaving { milestone } => {
                format!("`{milestone}` is a step of leaving: a partner that is reviewed has never done it")
            }
            TierFault::Recurring { milestone } => {
                format!("`{milestone}` recurs: it is done for a period, never for good")
            }
            TierFault::OfThisTier { noun, key, tier } => {
                format!(
                    "{tier} can never be reached: {noun} `{key}`, which it asks for, is for no lower tier"
                )
            }
            TierFault::TooManyPoints { part: None, points, best } => {
                format!("{points} points can never be reached: the score has {} at most", best.normalize())
            }
            TierFault::TooManyPoints { part: Some(part), points, best } => {
                format!(
                    "{points} points in `{part}` can never be reached: it has {} at most",
                    best.normalize()
                )
            }
            TierFault::SameWord { word, tier } => {
                format!("`{word}` is the key or the name of tier `{tier}` too")
            }
            TierFault::NoAlternative => "any has no alternative".to_owned(),
            TierFault::EmptyAlternative { section } => format!("{section} asks for nothing"),
            TierFault::NoWeight { section } => format!("{section} has no valid weight"),
            TierFault::NoPoints { section } => {
                format!("{section} does not say what is worth how many points")
            }
            TierFault::Weights { total } => format!("the weights of the score add up to {total}, not to 100"),
            TierFault::Measure { word } => format!("unknown measure `{word}`"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy: Hint = match self {
            TierFault::Twice { .. } => "give each tier its own key".into(),
            TierFault::NoMilestone { .. } => "use a milestone of a stage".into(),
            TierFault::NoCourse { near: Some(near), .. } => format!("did you mean `{near}`?").into(),
            TierFault::NoCourse { near: None, .. } => "use the key of a [[course]]".into(),
            TierFault::People { course } => format!("write certified = {{ {course} = 2 }}").into(),
            TierFault::NoScore => "add [[score]] sections, one for each part".into(),
            TierFault::NoPart { parts, .. } if parts.is_empty() => "add it as a [[score]] section".into(),
            TierFault::NoPart { parts, .. } => format!("the parts are {}", listed(parts)).into(),
            TierFault::PartPoints { part, weight, .. } => {
                format!("write score_parts = {{ {part} = {} }}", (weight / 2).max(1)).into()
            }
            TierFault::OfLeaving { .. } | TierFault::Recurring { .. } => {
                "use a milestone of a stage that does not recur".into()
            }
            TierFault::OfThisTier { noun, .. } => {
                format!("add a lower tier to the tiers of the {noun}, or remove it here").into()
            }
            TierFault::TooManyPoints { .. } => "ask for fewer points, or let the bands give more".into(),
            TierFault::SameWord { .. } => "give each tier a key and a name of its own".into(),
            TierFault::NoAlternative | TierFault::EmptyAlternative { .. } => {
                "write any = [{ revenue_12m = 100000 }, { customers = 10 }]".into()
            }
            TierFault::NoWeight { .. } => "add weight = 40; the weights of all parts add up to 100".into(),
            TierFault::NoPoints { .. } => {
                "write linear = { worst = 0, best = 10 }, or bands = [{ score = 0 }, { from = 1, score = 100 }]".into()
            }
            TierFault::Weights { .. } => "change the weights so that they add up to 100".into(),
            TierFault::Measure { .. } => {
                "use revenue_12m, plan_attainment, growth_12m, customers or certified:COURSE".into()
            }
        };
        vec![remedy]
    }
}

impl Described for Tiered {
    fn described(&self, program: &Program) -> String {
        let stays = if self.stays { "stays in tier" } else { "tier" };
        format!("{stays} {}{}", self.tier, in_brackets(self, program))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let found = in_brackets(self, about.program);
        if self.stays {
            return format!("Reviewed the tier of {}: stays in {}{found}", about.partner, self.tier);
        }
        let from = about.before.and_then(|partner| partner.attribute("tier"));
        match from {
            Some(from) => format!("Moved {} from {from} to {}{found}", about.partner, self.tier),
            None => format!("Assigned tier {} to {}{found}", self.tier, about.partner),
        }
    }
}

/// Writes what was found of tiers, each tier once: " (silver met: 90000.00 of 80000.00 EUR in 12 months; gold not met: ...)".
fn in_brackets(tiered: &Tiered, program: &Program) -> String {
    let found = tiered.found.iter().map(|one| evidence_in_words(program, one));
    let parts = by_tier(&tiered.evidence.iter().cloned().chain(found).collect::<Vec<String>>());
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

/// Says what was found of a condition of a tier: `silver: 90000.00 of 80000.00 EUR in 12 months, met`.
pub(crate) fn evidence_in_words(program: &Program, evidence: &TierEvidence) -> String {
    let verdict = match evidence.verdict() {
        TierVerdict::Met => "met",
        TierVerdict::NotMet => "not met",
        TierVerdict::Unknown => "cannot be judged",
    };
    format!("{}: {}, {verdict}", evidence.tier, finding_in_words(program, &evidence.found))
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

/// Says what there is of what a condition asks for: `90000.00 of 80000.00 EUR in 12 months`.
pub(crate) fn finding_in_words(program: &Program, found: &TierFinding) -> String {
    let money = |minor: i128| program.currency.money(minor);
    match found {
        TierFinding::Revenue { got_minor, least_minor, known_from } => {
            let code = program.currency.code();
            let known = known_from.map_or_else(String::new, |day| format!(" (unknown before {day})"));
            format!("{} of {} {code} in 12 months{known}", money(*got_minor), money((*least_minor).into()))
        }
        TierFinding::Attainment { of_plan, percent } => match of_plan.and_then(AttainedAmount::share) {
            Some(ratio) => format!("{} of {percent} % of plan", ratio.percent_beside(*percent)),
            None => "no quarter with a plan is over".to_owned(),
        },
        TierFinding::Growth { before, percent } => match growth(*before) {
            Ok(ratio) => format!("{} of {percent} % growth in 12 months", ratio.percent_beside(*percent)),
            Err(NoGrowth::NothingSold) => format!("no growth of {percent} %: nothing sold in 24 months"),
            Err(why) => format!("growth unknown: {}", why_no_growth(why)),
        },
        TierFinding::Customers { got: Some(got), least } => {
            format!("{got} of {least} customers in 12 months")
        }
        TierFinding::Customers { got: None, .. } => "customers unknown: no sale names one".to_owned(),
        TierFinding::Certified { course, got, people } => {
            format!("{got} of {people} certified for `{course}`")
        }
        TierFinding::Milestone { key, done } => {
            format!("`{key}` {}", if *done { "done" } else { "open" })
        }
        TierFinding::Score { got, least, parts } => {
            let parts: Vec<String> = parts.iter().map(points_in_words).collect();
            format!("{} of {} points ({})", points(*got), points(*least), parts.join("; "))
        }
        TierFinding::ScorePart { part, least, unknown: true, .. } => {
            format!("`{part}` unknown, of {} points", points(*least))
        }
        TierFinding::ScorePart { part, got, least, unknown: false } => {
            format!("{} of {} points in `{part}`", points(*got), points(*least))
        }
        TierFinding::Any(alternatives) => {
            let words = |conditions: &Vec<FoundOf>| {
                let each: Vec<String> =
                    conditions.iter().map(|one| finding_in_words(program, &one.found)).collect();
                each.join(" and ")
            };
            let alternatives: Vec<String> = alternatives.iter().map(words).collect();
            format!("one of: {}", alternatives.join("; or "))
        }
    }
}

/// Says what is missing to meet a condition that is not met: `20000.00 EUR more in 12 months`.
pub(crate) fn missing_in_words(program: &Program, found: &TierFinding) -> String {
    match found {
        TierFinding::Revenue { got_minor, least_minor, .. } => {
            let more = program.currency.amount(i128::from(*least_minor) - got_minor);
            format!("{more} more revenue in 12 months")
        }
        TierFinding::Attainment { of_plan, percent } => match of_plan.and_then(AttainedAmount::share) {
            Some(ratio) => format!("{percent} % of plan ({} % now)", ratio.percent_beside(*percent)),
            None => format!("{percent} % of plan (no quarter with a plan is over)"),
        },
        TierFinding::Growth { before, percent } => match growth(*before) {
            Ok(ratio) => {
                format!("{percent} % growth in 12 months ({} % now)", ratio.percent_beside(*percent))
            }
            Err(NoGrowth::NothingSold) => {
                format!("{percent} % growth in 12 months (nothing sold in 24 months)")
            }
            Err(why) => format!("{percent} % growth in 12 months (unknown: {})", why_no_growth(why)),
        },
        TierFinding::Customers { got: Some(got), least } => {
            format!("{} in 12 months", counted_more(least - got, "customer", "customers"))
        }
        TierFinding::Customers { got: None, least } => {
            format!("{least} customers in 12 months (unknown: no sale names one)")
        }
        TierFinding::Certified { course, got, people } => {
            format!("{} certified for `{course}`", counted_more(people - got, "person", "people"))
        }
        TierFinding::Milestone { key, .. } => format!("`{key}` done"),
        TierFinding::Score { got, least, .. } => {
            format!("{} more points ({} of {})", points(least - got), points(*got), points(*least))
        }
        TierFinding::ScorePart { part, got, least, .. } => {
            format!("{} more points in `{part}`", points(least - got))
        }
        TierFinding::Any(alternatives) => {
            let words = |conditions: &Vec<FoundOf>| {
                let open = conditions.iter().filter(|one| !one.met);
                let each: Vec<String> = open.map(|one| missing_in_words(program, &one.found)).collect();
                each.join(" and ")
            };
            let alternatives: Vec<String> = alternatives.iter().map(words).collect();
            format!("one of: {}", alternatives.join("; or "))
        }
    }
}

/// Says how what is unknown of a condition gets known; nothing for what is known.
pub(crate) fn unknown_in_words(found: &TierFinding) -> Vec<String> {
    let remedy = match found {
        TierFinding::Revenue { .. } => {
            "Not all sales of 12 months are known: import the older ones, and the stages with the day since when all of it is known (--observed-from)."
        }
        TierFinding::Attainment { .. } => {
            "Plan attainment counts from the first whole quarter with a plan: `chanlife plan set PARTNER --period YEAR --target AMOUNT` records the plan."
        }
        TierFinding::Growth { before: Err(NoGrowth::NothingBefore), .. } => {
            "Growth can be told from 12 months after the first sale on."
        }
        TierFinding::Growth { .. } => {
            "Growth compares 24 months: import the older sales, and the stages with the day since when all of it is known (--observed-from)."
        }
        TierFinding::Customers { .. } => {
            "Customers are counted by name: give it with each sale (--customer NAME)."
        }
        TierFinding::Score { .. } | TierFinding::ScorePart { .. } => {
            "A part of the score that is unknown may be worth up to its weight: `chanlife report tiers --explain` says what each needs."
        }
        TierFinding::Any(alternatives) => {
            let open = alternatives.iter().flatten().filter(|one| one.verdict() == TierVerdict::Unknown);
            return open.flat_map(|one| unknown_in_words(&one.found)).collect();
        }
        TierFinding::Certified { .. } | TierFinding::Milestone { .. } => return Vec::new(),
    };
    vec![format!("Cannot be judged, so neither raised nor lowered. {remedy}")]
}

/// Says what the next tier takes, a phrase for each condition that is not met.
pub(crate) fn next_in_words(program: &Program, next: &NextTier) -> Vec<String> {
    next.missing.iter().map(|one| missing_in_words(program, &one.found)).collect()
}

fn counted_more(count: i64, one: &str, many: &str) -> String {
    format!("{count} more {}", if count == 1 { one } else { many })
}

fn growth(before: Result<AttainedAmount, NoGrowth>) -> Result<Ratio, NoGrowth> {
    before?.growth().ok_or(NoGrowth::NothingBefore)
}

fn why_no_growth(why: NoGrowth) -> &'static str {
    match why {
        NoGrowth::NotWatched => "not tracked for 24 months",
        NoGrowth::NothingBefore => "nothing sold in the 12 months before",
        NoGrowth::NothingSold => "nothing sold in 24 months",
    }
}

/// Returns points with at most two places.
fn points(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Says how many points a part of the score has: `performance 20 of 40`.
fn points_in_words(part: &PointsOf) -> String {
    let unknown = if part.known { "" } else { ", unknown" };
    format!("{} {} of {}{unknown}", part.part, points(part.got), part.weight)
}

/// Says what a tier asks for.
pub(crate) fn condition_in_words(program: &Program, condition: &TierCondition) -> String {
    match condition {
        TierCondition::Revenue(minor) => {
            let amount = program.currency.money(i128::from(*minor));
            format!("{amount} {} in 12 months", program.currency.code())
        }
        TierCondition::Attainment(percent) => format!("{percent} % of plan"),
        TierCondition::Growth(percent) => format!("{percent} % growth in 12 months"),
        TierCondition::Customers(1) => "1 customer in 12 months".to_owned(),
        TierCondition::Customers(least) => format!("{least} customers in 12 months"),
        TierCondition::Certified { course, people } => format!("{people} certified for `{course}`"),
        TierCondition::Milestone(key) => format!("`{key}` done"),
        TierCondition::Score(least) => format!("{} points", least.normalize()),
        TierCondition::ScorePart { part, points } => format!("{} points in `{part}`", points.normalize()),
        TierCondition::Any(alternatives) => {
            let words = |conditions: &Vec<TierCondition>| {
                let each: Vec<String> =
                    conditions.iter().map(|one| condition_in_words(program, one)).collect();
                each.join(" and ")
            };
            let alternatives: Vec<String> = alternatives.iter().map(words).collect();
            format!("one of: {}", alternatives.join("; or "))
        }
    }
}

/// Says what a part of the partner score measures and is worth.
pub(crate) fn score_part_in_words(part: &ScorePart) -> String {
    format!("{}: weight {}, {}, score {}", part.name, part.weight, part.measure.word(), part.worth)
}
