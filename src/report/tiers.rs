//! Tiers: `tier review`, which proposes promotions and demotions, and `report tiers`, which says what the next one takes.

use clap::Args;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::tiers::{Points, ScorePart, TierReview, scored, tier_review};
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Needs};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;
use crate::text::reports::{apply_tiers, no_tier_left};
use crate::text::tiers::{by_tier, evidence_in_words, next_in_words, unknown_in_words};

/// A partner with its tier review and the proposed move.
struct ReviewedTier<'a> {
    facts: PartnerFacts<'a>,
    review: TierReview<'a>,
    moved: &'static str,
}

/// Which partners a tier review shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReviewScope<'a> {
    /// One partner, whether its tier changes or not.
    One(&'a str),
    /// All of them, also those whose tier stays the same.
    All,
    /// Those whose tier changes.
    Changes,
}

/// Returns the whole report.
pub(crate) fn report(
    program: &Program,
    partners: &[PartnerFacts],
    frame: &Basis,
    scope: ReviewScope,
) -> Report {
    let all = !matches!(scope, ReviewScope::Changes);
    let mut rows: Vec<ReviewedTier> = partners.iter().map(|facts| reviewed(program, *facts)).collect();
    let count = |word: &str| rows.iter().filter(|one| one.moved == word).count();
    let (up, down) = (count("promotion"), count("demotion"));
    rows.sort_by_key(|one| one.facts.partner.key.as_str());
    let unjudged = rows.iter().filter(|one| !one.review.unknown.is_empty()).count();
    rows.retain(|one| all || !matches!(one.moved, "stays" | "not reviewed"));
    let mut remedies = remedies(&rows);
    let mut lost =
        rows.iter().filter(|one| one.review.proposed.is_none() && has_lost_tier(&one.facts, &one.review));
    remedies.extend(lost.next().map(|one| no_tier_left(&one.facts.partner.key)));
    let table = Table::of("rows", "Tier review", &rows)
        .column("partner", "Partner", |one| one.facts.partner.key.as_str())
        .partner_name(|one| one.facts.partner.name())
        .column("tier", "Current tier", |one| one.facts.partner.attribute("tier"))
        .column("proposed", "Proposed tier", |one| one.review.proposed)
        .headline()
        .column("move", "Move", |one| one.moved)
        .headline()
        .machines("evidence", |one| Cell::List(found(one)))
        .people("Criteria", |one| Cell::List(by_tier(&found(one))))
        .headline()
        .machines("next_tier", ReviewedTier::next_tier)
        .machines("missing", ReviewedTier::missing)
        .done()
        .empty("No tier changes proposed.");
    let note = if program.tiers.is_empty() {
        Some("The program has no tiers: add [[tier]] sections, lowest first.".to_owned())
    } else if !rows.iter().any(|one| one.review.proposed.is_some() && one.review.now != one.review.proposed) {
        None
    } else {
        let one = if let ReviewScope::One(key) = scope { Some(key) } else { None };
        Some(apply_tiers(one, &frame.segment.typed))
    };
    Report::new("chanlife.tier-review/1", frame.title(&program.name))
        .with_figures([
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("promotions", up),
            Figure::for_machines("demotions", down),
            Figure::for_machines("unknown", unjudged),
        ])
        .with_tables([table])
        .with_notes(note)
        .with_notes(remedies)
}

/// Says how to record what is unknown of these partners, each way once.
fn remedies(rows: &[ReviewedTier]) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for found in rows.iter().flat_map(|one| &one.review.unknown) {
        for remedy in unknown_in_words(&found.found) {
            if !said.contains(&remedy) {
                said.push(remedy);
            }
        }
    }
    said
}

fn reviewed<'a>(program: &Program, facts: PartnerFacts<'a>) -> ReviewedTier<'a> {
    let review = tier_review(facts);
    let position = |key: &str| program.tiers.iter().position(|tier| tier.key == key);
    let moved = match (review.now, review.proposed) {
        (None, None) if has_lost_tier(&facts, &review) => "tier no longer in the program",
        (_, None) => "not reviewed",
        (Some(now), Some(then)) if now == then && !review.unknown.is_empty() => "cannot be judged",
        (None, Some(_)) if facts.partner.attribute("tier").is_some() => "tier no longer in the program",
        (None, Some(_)) => "first assignment",
        (Some(now), Some(then)) if now == then => "stays",
        (Some(now), Some(then)) if position(now) < position(then) => "promotion",
        (Some(_), Some(_)) => "demotion",
    };
    ReviewedTier { facts, review, moved }
}

/// Returns whether the partner has a tier that is none of the program, which has others.
fn has_lost_tier(facts: &PartnerFacts, review: &TierReview) -> bool {
    review.now.is_none() && facts.partner.attribute("tier").is_some() && !facts.program.tiers.is_empty()
}

fn found(one: &ReviewedTier) -> Vec<String> {
    let ReviewedTier { facts, review, .. } = one;
    if review.proposed.is_none() {
        let unknown = facts.partner.attribute("tier").is_some() && review.now.is_none();
        if unknown {
            return vec!["current tier not in the program".to_owned()];
        }
        if facts.in_growth_since().is_none() {
            return vec!["not in growth".to_owned()];
        }
    }
    review.evidence.iter().map(|one| evidence_in_words(facts.program, one)).collect()
}

impl ReviewedTier<'_> {
    fn next_tier(&self) -> Option<&str> {
        self.review.next.as_ref().map(|next| next.tier.key.as_str())
    }

    /// Returns what the partner lacks to keep its tier, if that is above the one that it has earned.
    fn lacks(&self) -> Option<Vec<String>> {
        self.review.keeps.as_ref().map(|keeps| next_in_words(self.facts.program, keeps))
    }

    /// Returns what the next tier takes, a phrase for each condition that is not met.
    fn missing(&self) -> Cell {
        let next = self.review.next.as_ref();
        Cell::List(next.map_or_else(Vec::new, |next| next_in_words(self.facts.program, next)))
    }
}

/// `report tiers`: the tier of each partner in growth, the one it has earned, and what the next one takes.
#[derive(Debug, Args)]
pub(crate) struct TiersReport {}

impl NamedReport for TiersReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/tiers.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::NONE)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let channel = asked.channel;
        let mut partners = Vec::new();
        for line in channel.lines.iter().filter(|line| channel.facts(line).in_growth_since().is_some()) {
            partners.extend(asked.view.partner(line.id)?);
        }
        Ok(tiers_report(channel, asked.basis, &partners))
    }

    fn examples() -> &'static [&'static str] {
        &["report tiers", "report tiers --where region=EMEA --format csv"]
    }
}

fn tiers_report(channel: &Channel, frame: &Basis, partners: &[Partner]) -> Report {
    let program = channel.program;
    let facts = partners.iter().map(|partner| PartnerFacts { program, partner, day: channel.as_of });
    let mut rows: Vec<ReviewedTier> = facts.map(|facts| reviewed(program, facts)).collect();
    rows.sort_by_key(|one| one.facts.partner.key.as_str());
    let top = rows.iter().filter(|one| one.review.proposed.is_some() && one.review.next.is_none()).count();
    let table = Table::of("rows", "Tiers, and what the next one takes", &rows)
        .column("partner", "Partner", |one| one.facts.partner.key.as_str())
        .partner_name(|one| one.facts.partner.name())
        .column("tier", "Tier", |one| one.facts.partner.attribute("tier"))
        .column("earned", "Earned", |one| one.review.earned)
        .machines("evidence", |one| Cell::List(found(one)))
        .machines("next_tier", ReviewedTier::next_tier)
        .machines("missing", |one| match one.review.proposed {
            None if one.review.next.is_none() => Cell::List(found(one)),
            _ => one.missing(),
        })
        .machines("keeps_tier", |one| one.review.keeps.as_ref().map(|keeps| keeps.tier.key.as_str()))
        .machines("keeps_tier_with", |one| Cell::List(one.lacks().unwrap_or_default()))
        .people("Next tier", |one| match &one.review.keeps {
            Some(keeps) => Some(format!("keeps {}", keeps.tier.key)),
            None => one.next_tier().map(str::to_owned),
        })
        .people("What it takes", |one| match (one.lacks(), one.review.proposed) {
            (Some(lacks), _) => Cell::List(lacks),
            (None, None) if one.review.next.is_none() => Cell::List(found(one)),
            _ => one.missing(),
        })
        .headline()
        .done()
        .empty("No partner is in growth.");
    let note = program
        .tiers
        .is_empty()
        .then(|| "The program has no tiers: add [[tier]] sections, lowest first.".to_owned());
    frame
        .report("chanlife.tiers/1", channel)
        .with_figures([
            Figure::for_machines("partners", rows.len()),
            Figure::for_machines("in_highest_tier", top),
        ])
        .with_tables([table])
        .with_tables((!program.score.is_empty()).then(|| score_table(program, &rows)))
        .with_notes(note)
}

/// Returns the partner score with the points of each part.
fn score_table(program: &Program, rows: &[ReviewedTier]) -> Table {
    let rows: Vec<ScoreRow> =
        rows.iter().map(|one| ScoreRow { partner: one.facts.partner, parts: scored(one.facts) }).collect();
    let mut table = Table::of("score", "Partner score, of 100 points", &rows)
        .column("partner", "Partner", |row| row.partner.key.as_str())
        .later_partner_name(|row| row.partner.name())
        .column("score", "Score", |row| {
            Cell::decimal(row.parts.iter().map(|(_, points)| points.got).sum::<Decimal>().to_f64())
        })
        .headline();
    for (at, part) in program.score.iter().enumerate() {
        let title = format!("{} (of {})", part.name, part.weight);
        table = table.column(part.key.clone(), title, move |row| {
            let (_, points) = row.parts.get(at)?;
            points.known.then(|| points.got.to_f64()).flatten().map(|points| Cell::decimal(Some(points)))
        });
    }
    table.done()
}

/// A partner with the points of each part of the score.
struct ScoreRow<'a> {
    partner: &'a Partner,
    parts: Vec<(&'a ScorePart, Points)>,
}
