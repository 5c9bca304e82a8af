//! `tier review`: who should move up or down, and why.

use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::program::Program;
use crate::lifecycle::tiers::{TierReview, tier_review};
use crate::report::basis::Basis;
use crate::report::value::{Cell, Figure, Report, Table};

/// A partner, what its review finds, and where that moves it.
struct Reviewed<'a> {
    facts: PartnerFacts<'a>,
    review: TierReview<'a>,
    moved: &'static str,
}

/// Returns the whole report. `all` shows those too that stay where they are.
pub(crate) fn report(program: &Program, partners: &[PartnerFacts], frame: &Basis, all: bool) -> Report {
    let mut rows: Vec<Reviewed> = partners.iter().map(|facts| reviewed(program, *facts)).collect();
    let count = |word: &str| rows.iter().filter(|one| one.moved == word).count();
    let (up, down) = (count("promotion"), count("demotion"));
    rows.retain(|one| all || !matches!(one.moved, "stays" | "not reviewed"));
    let table = Table::of("rows", "Tier review", &rows)
        .column("partner", "Partner", |one| one.facts.partner.key.as_str())
        .machines("name", |one| one.facts.partner.name())
        .column("tier", "Tier now", |one| one.facts.partner.attribute("tier"))
        .column("proposed", "Proposed", |one| one.review.proposed)
        .column("move", "Move", |one| one.moved)
        .column("evidence", "What was found", |one| Cell::List(found(one)))
        .done()
        .empty("Nobody should move.");
    let note = if program.tiers.is_empty() {
        Some("The program has no tiers; add [[tier]] sections, the lowest first.")
    } else if rows.is_empty() {
        None
    } else {
        Some("`chanlife tier review --apply` records the moves as one action.")
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

fn reviewed<'a>(program: &Program, facts: PartnerFacts<'a>) -> Reviewed<'a> {
    let review = tier_review(facts);
    let position = |key: &str| program.tiers.iter().position(|tier| tier.key == key);
    let moved = match (review.now, review.proposed) {
        (_, None) => "not reviewed",
        (None, Some(_)) => "first tier",
        (Some(now), Some(then)) if now == then => "stays",
        (Some(now), Some(then)) if position(now) < position(then) => "promotion",
        (Some(_), Some(_)) => "demotion",
    };
    Reviewed { facts, review, moved }
}

fn found(one: &Reviewed) -> Vec<String> {
    let Reviewed { facts, review, .. } = one;
    if review.proposed.is_some() {
        return review.evidence.iter().map(|one| one.sentence.clone()).collect();
    }
    let unknown = facts.partner.attribute("tier").is_some() && review.now.is_none();
    let why =
        if unknown { "the program does not have its tier" } else { "it is not in growth, or meets no tier" };
    vec![why.to_owned()]
}
