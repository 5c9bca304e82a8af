//! `tier review`: proposed promotions and demotions, and why.

use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::program::Program;
use crate::lifecycle::tiers::{TierReview, tier_review};
use crate::report::basis::Basis;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::text::reports::APPLY_TIERS;
use crate::text::tiers::by_tier;

/// A partner with its tier review and the proposed move.
struct ReviewedTier<'a> {
    facts: PartnerFacts<'a>,
    review: TierReview<'a>,
    moved: &'static str,
}

/// Returns the whole report. `all` includes partners whose tier stays the same.
pub(crate) fn report(program: &Program, partners: &[PartnerFacts], frame: &Basis, all: bool) -> Report {
    let mut rows: Vec<ReviewedTier> = partners.iter().map(|facts| reviewed(program, *facts)).collect();
    let count = |word: &str| rows.iter().filter(|one| one.moved == word).count();
    let (up, down) = (count("promotion"), count("demotion"));
    rows.sort_by_key(|one| one.facts.partner.key.as_str());
    rows.retain(|one| all || !matches!(one.moved, "stays" | "not reviewed"));
    let table = Table::of("rows", "Tier review", &rows)
        .column("partner", "Partner", |one| one.facts.partner.key.as_str())
        .machines("name", |one| one.facts.partner.name())
        .column("tier", "Current tier", |one| one.facts.partner.attribute("tier"))
        .column("proposed", "Proposed tier", |one| one.review.proposed)
        .headline()
        .column("move", "Move", |one| one.moved)
        .headline()
        .machines("evidence", |one| Cell::List(found(one)))
        .people("Criteria", |one| Cell::List(by_tier(&found(one))))
        .headline()
        .done()
        .empty("No tier changes proposed.");
    let note = if program.tiers.is_empty() {
        Some("The program has no tiers: add [[tier]] sections, lowest first.")
    } else if rows.iter().all(|one| matches!(one.moved, "stays" | "not reviewed")) {
        None
    } else {
        Some(APPLY_TIERS)
    };
    Report::new("chanlife.tier-review/1", frame.title(&program.name))
        .with_figures([
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("promotions", up),
            Figure::for_machines("demotions", down),
        ])
        .with_tables([table])
        .with_notes(note.map(str::to_owned))
}

fn reviewed<'a>(program: &Program, facts: PartnerFacts<'a>) -> ReviewedTier<'a> {
    let review = tier_review(facts);
    let position = |key: &str| program.tiers.iter().position(|tier| tier.key == key);
    let moved = match (review.now, review.proposed) {
        (_, None) => "not reviewed",
        (None, Some(_)) => "first tier",
        (Some(now), Some(then)) if now == then => "stays",
        (Some(now), Some(then)) if position(now) < position(then) => "promotion",
        (Some(_), Some(_)) => "demotion",
    };
    ReviewedTier { facts, review, moved }
}

fn found(one: &ReviewedTier) -> Vec<String> {
    let ReviewedTier { facts, review, .. } = one;
    if review.proposed.is_some() {
        return review.evidence.iter().map(|one| one.sentence.clone()).collect();
    }
    let unknown = facts.partner.attribute("tier").is_some() && review.now.is_none();
    if unknown {
        return vec!["current tier not in the program".to_owned()];
    }
    if facts.in_growth_since().is_none() {
        return vec!["not in growth".to_owned()];
    }
    review.evidence.iter().map(|one| one.sentence.clone()).collect()
}
