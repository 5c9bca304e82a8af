//! The part of `show` on growth: plan, performance, follow-up, overdue reports, action items, off-boarding.

use crate::lifecycle::agenda::open_leaving;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::performance::WatchStatus;
use crate::lifecycle::plans::year_meant;
use crate::lifecycle::stage::Standing;
use crate::lifecycle::tiers::tier_review;
use crate::report::value::{Cell, Figure};
use crate::text::performance::{performance_in_words, quarter_in_words};
use crate::text::periods::PeriodNaming;
use crate::text::tiers::next_in_words;

/// Returns plan, performance, follow-up, overdue reports, action items and open off-boarding items.
pub(super) fn performance_figures(facts: PartnerFacts) -> Vec<Figure> {
    let PartnerFacts { program, partner, day } = facts;
    let year = program.calendar.containing(day, Every::Year);
    let year = year.map(|year| year_meant(facts, year));
    let plan = year.as_ref().and_then(|year| partner.plan(year.days()));
    let money = |minor: i128| format!("{} {}", program.currency.money(minor), program.currency.code());
    let planned = plan.and_then(|plan| {
        let (newest, active) = (plan.newest()?, plan.active());
        let counts = active.map(|active| format!("{} agreed", money(active.year_minor())));
        let draft = Some(newest).filter(|newest| newest.agreed.is_none());
        let draft = draft.map(|draft| format!("{} {}", money(draft.year_minor()), draft.state().words()));
        let parts: Vec<String> = counts.into_iter().chain(draft).collect();
        Some(format!("{}: {}", program.calendar.named(plan.days).in_full(), parts.join(", ")))
    });
    let judged = facts.performance();
    let quarters = judged.as_ref().map_or_else(String::new, |judged| {
        let words: Vec<String> = judged.quarters.iter().map(|one| quarter_in_words(program, one)).collect();
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    });
    let care = match partner.watch_status() {
        WatchStatus::None => None,
        WatchStatus::Watched { since } => Some(format!("on the watch list since {since}")),
        WatchStatus::Improving { since, until } => Some(format!("improvement plan from {since} to {until}")),
        WatchStatus::Settled { on, outcome } => Some(format!("decided on {on}: {}", outcome.word())),
    };
    let reason = partner.watch_records.last().filter(|_| care.is_some()).and_then(|step| step.reason.clone());
    let owed = facts.reports_owed();
    let each = |said: fn(&Period) -> String| Cell::List(owed.iter().map(said).collect());
    let tasks: Vec<String> = partner
        .open_tasks()
        .iter()
        .map(|task| format!("{}, due {} (no. {})", task.what, task.due, task.event))
        .collect();
    let leaving: Vec<String> = match partner.standing() {
        Some(Standing::Left { label, .. }) => {
            open_leaving(program, partner, *label).iter().map(|one| one.key.clone()).collect()
        }
        _ => Vec::new(),
    };
    let status = judged.as_ref().map(|judged| performance_in_words(judged, PeriodNaming::InFull));
    let performance = judged.map(|judged| judged.performance.word());
    vec![
        Figure::for_people("Plan", planned),
        Figure::for_machines("performance", performance),
        Figure::for_people("Performance", status.map(|word| format!("{word}{quarters}"))),
        Figure::new(
            "care",
            "Follow-up",
            care.map(|care| match reason {
                Some(reason) => format!("{care}: {reason}"),
                None => care,
            }),
        ),
        Figure::for_machines("reports_owed", each(Period::to_string)),
        Figure::for_machines("reports_owed_days", each(|one| format!("{}..{}", one.first, one.last))),
        Figure::for_people("Overdue reports", each(Period::with_days)),
        Figure::for_machines("actions", Cell::List(tasks)),
        Figure::for_machines("leaving_open", Cell::List(leaving)),
    ]
}

/// Returns the next tier, and what it takes; for a partner above the tier that it has earned also what it lacks to keep its
/// own.
pub(super) fn tier_figures(facts: PartnerFacts) -> [Figure; 6] {
    let review = tier_review(facts);
    let (next, keeps) = (review.next, review.keeps);
    let lacks = keeps.as_ref().map_or_else(Vec::new, |keeps| next_in_words(facts.program, keeps));
    let kept = keeps.as_ref().map(|keeps| format!("{} with {}", keeps.tier.key, lacks.join(", ")));
    let takes = next.as_ref().map_or_else(Vec::new, |next| next_in_words(facts.program, next));
    let words = next
        .as_ref()
        .filter(|_| keeps.is_none())
        .map(|next| format!("{}: {}", next.tier.key, takes.join(", ")));
    [
        Figure::for_machines("next_tier", next.map(|next| next.tier.key.as_str())),
        Figure::for_machines("next_tier_takes", Cell::List(takes)),
        Figure::for_people("Next tier", words),
        Figure::for_machines("keeps_tier", keeps.map(|keeps| keeps.tier.key.as_str())),
        Figure::for_machines("keeps_tier_with", Cell::List(lacks)),
        Figure::for_people("Keeps tier", kept),
    ]
}
