//! Holding a partner against one condition of a tier, and its partner score.

use rust_decimal::Decimal;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::percent::Ratio;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::held::MilestoneFacts;
use crate::lifecycle::revenue::{NamedSales, kept_by_name};
use crate::lifecycle::tiers::evidence::{AttainedAmount, FoundOf, NoGrowth, PointsOf, TierFinding};
use crate::lifecycle::tiers::score::{ScoreMeasure, ScorePart, kept};
use crate::lifecycle::tiers::section::TierCondition;

/// Holds what a partner reached against a condition.
pub(super) fn held_against(facts: PartnerFacts, condition: &TierCondition) -> FoundOf {
    match condition {
        TierCondition::Revenue(least) => {
            let (got, asked) = (facts.revenue_12m(), i128::from(*least));
            let known_from = sales_known_from(facts).filter(|_| got < asked);
            met(got >= asked, TierFinding::Revenue { got_minor: got, least_minor: *least, known_from })
        }
        TierCondition::Attainment(percent) => {
            let of_plan = attainment(facts);
            let ratio = of_plan.and_then(AttainedAmount::share);
            let reached = ratio.is_some_and(|ratio| !ratio.is_below(*percent));
            met(reached, TierFinding::Attainment { of_plan, percent: *percent })
        }
        TierCondition::Growth(percent) => {
            let before = growth(facts);
            let ratio = before.ok().and_then(AttainedAmount::growth);
            let reached = ratio.is_some_and(|ratio| !ratio.is_below(*percent));
            met(reached, TierFinding::Growth { before, percent: *percent })
        }
        TierCondition::Customers(least) => {
            let got = customers(facts);
            met(got.is_some_and(|got| got >= *least), TierFinding::Customers { got, least: *least })
        }
        TierCondition::Certified { course, people } => {
            let got = certified(facts, course);
            let finding = TierFinding::Certified { course: course.clone(), got, people: *people };
            met(got >= *people, finding)
        }
        TierCondition::Milestone(key) => {
            let milestone = facts.program.milestone(key).map(|(_, milestone)| milestone);
            let done = milestone.is_some_and(|milestone| facts.held_once(milestone).is_some());
            met(done, TierFinding::Milestone { key: key.clone(), done })
        }
        TierCondition::Score(least) => {
            let parts: Vec<(&ScorePart, Points)> = scored(facts);
            let got: Decimal = parts.iter().map(|(_, points)| points.got).sum();
            let part = |(part, points): &(&ScorePart, Points)| PointsOf {
                part: part.key.clone(),
                got: kept(points.got),
                weight: part.weight,
                known: points.known,
            };
            let parts = parts.iter().map(part).collect();
            met(got >= *least, TierFinding::Score { got: kept(got), least: kept(*least), parts })
        }
        TierCondition::ScorePart { part, points } => of_part(facts, part, *points),
        TierCondition::Any(alternatives) => {
            let found: Vec<Vec<FoundOf>> = alternatives
                .iter()
                .map(|conditions| conditions.iter().map(|one| held_against(facts, one)).collect())
                .collect();
            let reached = found.iter().any(|alternative| alternative.iter().all(|one| one.met));
            met(reached, TierFinding::Any(found))
        }
    }
}

/// Holds the points of one part of the score against the least that are asked for.
fn of_part(facts: PartnerFacts, part: &str, least: Decimal) -> FoundOf {
    let known = facts.program.score.iter().find(|known| known.key == part);
    let Points { got, known } =
        known.map_or(Points { got: Decimal::ZERO, known: true }, |known| points(facts, known));
    let part = part.to_owned();
    let finding = TierFinding::ScorePart { part, got: kept(got), least: kept(least), unknown: !known };
    met(got >= least, finding)
}

/// The points of a part of the score.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Points {
    pub got: Decimal,
    /// Whether what it measures is known; if not, it is worth none.
    pub known: bool,
}

/// Returns the points of all parts of the partner score, in the order of the program.
pub(crate) fn scored(facts: PartnerFacts<'_>) -> Vec<(&'_ ScorePart, Points)> {
    facts.program.score.iter().map(|part| (part, points(facts, part))).collect()
}

fn points(facts: PartnerFacts, part: &ScorePart) -> Points {
    let reached = reached(facts, &part.measure);
    Points { got: part.points(reached), known: reached.is_some() }
}

/// Returns what a partner reached of a measure, in its unit; none if that is not known.
fn reached(facts: PartnerFacts, measure: &ScoreMeasure) -> Option<Decimal> {
    match measure {
        ScoreMeasure::Revenue => {
            let digits = facts.program.currency.digits();
            Decimal::try_from_i128_with_scale(facts.revenue_12m(), digits).ok()
        }
        ScoreMeasure::Attainment => attainment(facts)?.share()?.decimal(),
        ScoreMeasure::Growth => growth(facts).ok()?.growth()?.decimal(),
        ScoreMeasure::Customers => customers(facts).map(Decimal::from),
        ScoreMeasure::Certified(course) => Some(Decimal::from(certified(facts, course))),
    }
}

fn met(met: bool, found: TierFinding) -> FoundOf {
    FoundOf { met, found }
}

/// Returns revenue and targets of the last four whole quarters that have a target.
fn attainment(facts: PartnerFacts) -> Option<AttainedAmount> {
    let planned = facts.planned(facts.day);
    let over = planned.targets().filter(|one| one.days.last <= facts.day && one.counted_minor() > 0);
    let (mut target, mut actual) = (0, 0);
    for one in over.rev().take(4) {
        target += one.counted_minor();
        actual += facts.sold(one.days.first, one.days.last);
    }
    (target > 0).then_some(AttainedAmount { got_minor: actual, base_minor: target })
}

/// Returns the revenue of twelve months and that of the twelve months before, all of which must have been watched.
fn growth(facts: PartnerFacts) -> Result<AttainedAmount, NoGrowth> {
    let (year_ago, before) = (facts.day.months_before(12), facts.day.months_before(24));
    if facts.observed_from() > before.plus(1) {
        return Err(NoGrowth::NotWatched);
    }
    let base = facts.sold(before.plus(1), year_ago);
    if base <= 0 {
        let sold = facts.revenue_12m() > 0;
        return Err(if sold { NoGrowth::NothingBefore } else { NoGrowth::NothingSold });
    }
    Ok(AttainedAmount { got_minor: facts.revenue_12m(), base_minor: base })
}

/// Returns the day since when sales are known, if the partner was in growth before and it is less than twelve months ago.
fn sales_known_from(facts: PartnerFacts) -> Option<Day> {
    let (known_from, year_ago) = (facts.observed_from(), facts.day.months_before(12));
    let sold_before = facts.in_growth_since().is_some_and(|since| since <= known_from);
    (sold_before && known_from > year_ago.plus(1)).then_some(known_from)
}

/// Returns how many customers bought something in twelve months and did not return all of it, by the names that sales give;
/// none if no sale of them names one. Without any sale there are none, if all twelve months are known.
fn customers(facts: PartnerFacts) -> Option<i64> {
    let from = facts.day.months_before(12);
    let known = facts.partner.sales.iter().filter(|sale| sale.day <= facts.day);
    let mut recent = known.clone().filter(|sale| sale.day > from);
    if recent.clone().next().is_none() && sales_known_from(facts).is_none() {
        return Some(0);
    }
    let named = NamedSales::of(&facts.partner.sales);
    recent.find_map(|sale| named.customer_of(sale))?;
    let kept = kept_by_name(known, |sale| named.customer_of(sale));
    let bought = kept.values().filter(|sales| sales.iter().any(|sale| sale.day > from));
    i64::try_from(bought.count()).ok()
}

fn certified(facts: PartnerFacts, course: &str) -> i64 {
    i64::try_from(facts.certified(course).len()).unwrap_or(i64::MAX)
}

impl AttainedAmount {
    /// Returns the amount as a ratio to its base.
    pub fn share(self) -> Option<Ratio> {
        Ratio::of(self.got_minor, self.base_minor)
    }

    /// Returns by which share of its base the amount lies above it.
    pub fn growth(self) -> Option<Ratio> {
        Ratio::of(self.got_minor - self.base_minor, self.base_minor)
    }
}
