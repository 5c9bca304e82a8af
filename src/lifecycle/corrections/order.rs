//! The order in which events count after corrections, and what then holds of them.

use std::collections::HashMap;

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::corrections::events::Corrected;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::revenue::events::SaleCorrection;
use crate::lifecycle::stage::events::ExitCorrection;

/// Why a correction does not fit what was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CorrectionMisfit {
    /// There is no event with this number.
    NoSuchEvent { event: i64 },
}

/// Orders events by the day that holds after corrections, then by number.
pub(crate) fn arrange<'e>(
    subject: PartnerId,
    events: &'e [Recorded],
    conflicts: &mut Vec<Conflict>,
) -> Vec<(Day, &'e Recorded)> {
    let mut days: HashMap<i64, Option<Day>> = HashMap::new();
    let mut corrections: Vec<(&Recorded, &Corrected)> =
        events.iter().filter_map(|one| as_correction(one).map(|parts| (one, parts))).collect();
    corrections.sort_by_key(|(one, _)| one.number);
    if !corrections.is_empty() {
        days = events.iter().map(|one| (one.number, None)).collect();
    }
    for (one, correction) in corrections {
        match days.get_mut(&correction.event) {
            Some(day) => *day = correction.day.or(*day),
            None => conflicts.push(Conflict {
                event: one.number,
                day: one.day,
                what: CorrectionMisfit::NoSuchEvent { event: correction.event }.into(),
            }),
        }
    }
    let without_stages = merged_without_stages(events);
    let mut order: Vec<(Day, &Recorded)> = events
        .iter()
        .filter(|one| one.partner == subject || taken_over(one, &without_stages))
        .map(|one| (days.get(&one.number).copied().flatten().unwrap_or(one.day), one))
        .collect();
    order.sort_by_key(|(day, one)| (*day, one.number));
    order
}

/// What corrections give an event beside its day.
#[derive(Clone, Default, Debug)]
pub(crate) struct RightParts {
    /// The last event that corrects it.
    pub by: i64,
    /// In minor units.
    pub amount_minor: Option<i64>,
    pub sale: SaleCorrection,
    pub exit: ExitCorrection,
}

/// Returns what corrections give, by the number of the event that was wrong; the last one counts.
pub(crate) fn right_parts(order: &[(Day, &Recorded)]) -> HashMap<i64, RightParts> {
    let mut corrections: Vec<(i64, &Corrected)> =
        order.iter().filter_map(|(_, one)| as_correction(one).map(|parts| (one.number, parts))).collect();
    corrections.sort_by_key(|(number, _)| *number);
    let mut right: HashMap<i64, RightParts> = HashMap::new();
    for (by, parts) in corrections {
        let known = right.entry(parts.event).or_default();
        known.by = by;
        known.amount_minor = parts.amount_minor.or(known.amount_minor);
        known.sale.replace_by(&parts.sale);
        known.exit.replace_by(&parts.exit);
    }
    right
}

fn as_correction(one: &Recorded) -> Option<&Corrected> {
    match &one.event {
        Event::Corrected(parts) => Some(parts),
        _ => None,
    }
}

/// The merged partners whose stages are not taken over, by their own merge or by a later one on the way.
fn merged_without_stages(events: &[Recorded]) -> Vec<PartnerId> {
    let merges: Vec<(PartnerId, PartnerId, bool)> = events
        .iter()
        .filter_map(|one| match &one.event {
            Event::Merged(parts) => Some((one.partner, parts.into, parts.without_stages)),
            _ => None,
        })
        .collect();
    let mut without: Vec<PartnerId> =
        merges.iter().filter(|(.., without)| *without).map(|(from, ..)| *from).collect();
    let mut reached = 0;
    while let Some(into) = without.get(reached).copied() {
        let through = merges.iter().filter(|(_, target, _)| *target == into).map(|(from, ..)| *from);
        let new: Vec<PartnerId> = through.filter(|from| !without.contains(from)).collect();
        without.extend(new);
        reached += 1;
    }
    without
}

/// Whether an event of a merged partner counts for the one that it was merged into.
fn taken_over(one: &Recorded, without_stages: &[PartnerId]) -> bool {
    match &one.event {
        Event::Entered(_) | Event::Parked(_) | Event::Left(_) => !without_stages.contains(&one.partner),
        _ => true,
    }
}
