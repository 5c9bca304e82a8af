//! How a record that would count twice, or cannot count as was said, can be recorded: each way is tried before it is named.

use std::collections::BTreeSet;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::revenue::overlaps::{Counting, OverlapFault};
use crate::lifecycle::rule::{Decision, Ruling};

/// How often events are added to those that are replaced, until nothing is in the way.
const STEPS: usize = 8;

/// How many events are named, if a word says the same.
const NAMED: usize = 8;

/// A way in which a record is taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum WayOut {
    /// It stands in place of others; `drops_detail` if it can then be no part, nor a total of parts, as was said.
    Replacing { within: bool, events: Vec<i64>, drops_detail: bool },
    /// It is a part of a total, or a total of parts.
    Detail,
    /// It counts beside the others; `drops_detail` if it was said to be a part.
    Beside { drops_detail: bool },
    /// It counts by itself, and not as a part, as was said.
    WithoutDetail,
}

/// Returns the ways in which a record is taken that is refused as `said`; `record` decides on it in another way, and `fault`
/// says of a refusal what is in the way.
pub(crate) fn ways_out(
    said: &Counting,
    record: impl Fn(&Counting) -> Ruling,
    fault: fn(&Error) -> Option<&OverlapFault>,
) -> Vec<WayOut> {
    let is_taken = |counting: &Counting| matches!(record(counting), Ok(Decision::Record(_)));
    let without_detail = Counting { detail: false, ..said.clone() };
    let detail = Counting { detail: true, ..said.clone() };
    let beside = Counting { beside: true, ..without_detail.clone() };
    let drops_detail = said.detail;
    [
        replacing(said, &record, fault),
        (!said.detail && !said.beside && is_taken(&detail)).then_some(WayOut::Detail),
        (said.detail && is_taken(&without_detail)).then_some(WayOut::WithoutDetail),
        (!said.beside && is_taken(&beside)).then_some(WayOut::Beside { drops_detail }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns what a record has to stand in place of, beside what was said, so that nothing is in its way.
fn replacing(
    said: &Counting,
    record: impl Fn(&Counting) -> Ruling,
    fault: fn(&Error) -> Option<&OverlapFault>,
) -> Option<WayOut> {
    let mut counting = said.clone();
    for _ in 0..STEPS {
        let refused = match record(&counting) {
            Ok(Decision::Record(_)) if counting.replaces != said.replaces => {
                let all = Counting { within: true, replaces: said.replaces.clone(), ..counting.clone() };
                let is_long = counting.replaces.len() > NAMED;
                let short = is_long && matches!(record(&all), Ok(Decision::Record(_)));
                let Counting { within, replaces: events, detail, .. } = if short { all } else { counting };
                return Some(WayOut::Replacing { within, events, drops_detail: said.detail && !detail });
            }
            Ok(_) => return None,
            Err(refused) => refused,
        };
        let known: BTreeSet<i64> = counting.replaces.iter().copied().collect();
        let more = in_the_way(fault(&refused)?)?;
        if more.is_empty() && counting.detail {
            counting.detail = false;
        } else if more.iter().all(|event| known.contains(event)) {
            return None;
        }
        counting.replaces = known.into_iter().chain(more).collect::<BTreeSet<i64>>().into_iter().collect();
    }
    None
}

/// Returns the recorded events that are in the way; none if something else is.
fn in_the_way(fault: &OverlapFault) -> Option<Vec<i64>> {
    let events: Vec<i64> = match fault {
        OverlapFault::CountedTwice { others, .. } => others.iter().map(|one| one.event).collect(),
        OverlapFault::NothingToExplain { straddled } => straddled.iter().map(|one| one.event).collect(),
        OverlapFault::Repeats { known, .. } | OverlapFault::OtherDays { known, .. } => vec![known.event],
        OverlapFault::LeavesParts { replaces, .. } => replaces.clone(),
        OverlapFault::PartsExceed { total, with_parts, .. } if total.event == i64::MAX => with_parts.clone(),
        OverlapFault::LeavesReturn { event, .. } => vec![*event],
        _ => return None,
    };
    Some(events)
}
