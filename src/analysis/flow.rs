//! Arrivals, departures and work in progress in a window of days; Little's law.

use std::ops::RangeInclusive;

use crate::analysis::state_histories::StateHistories;

/// What went through a state in a window of days.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Flow {
    pub arrivals: u64,
    pub departures: u64,
    /// Stays that were open before the window began, and when it ended.
    pub open_before: u64,
    pub open_after: u64,
    /// Days spent there in the window: the sum over its days of the stays open at the end of the day.
    pub stay_days: u64,
}

/// Counts arrivals, departures and work in progress of every state in a window of days, both ends included.
///
/// A stay that began on an unknown day counts as work in progress from the day on which it was found; its
/// beginning is no arrival. The quantities are those of Little's law (Little, 1961).
pub fn flows(histories: &StateHistories, window: &RangeInclusive<i64>) -> Vec<Flow> {
    let mut flows = vec![Flow::default(); histories.states.count];
    let (first, last) = (*window.start(), *window.end());
    for history in histories.iter() {
        for (at, visit) in history.visits.iter().enumerate() {
            let flow = &mut flows[visit.state];
            let end = history.visits.get(at + 1).map(|next| next.entered);
            // Open at the end of the days from `entered` to the day before `end`.
            let until = end.map_or(last, |end| end - 1);
            let arrived = visit.entry_known && visit.entered >= history.observed_from;
            flow.arrivals += u64::from(arrived && window.contains(&visit.entered));
            flow.departures += u64::from(end.is_some_and(|end| window.contains(&end)));
            flow.open_before += u64::from(visit.entered < first && until >= first - 1);
            flow.open_after += u64::from(visit.entered <= last && until >= last);
            let days = until.min(last) - visit.entered.max(first) + 1;
            flow.stay_days += u64::try_from(days).unwrap_or(0);
        }
    }
    flows
}
