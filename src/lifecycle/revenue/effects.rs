//! What a change of the log does to records that it is not about: by what they replaced or were parts of.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::revenue::spans::{InTheWay, SaleSpan};

/// A record that counts otherwise after a change that is about others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleEffect {
    pub record: InTheWay,
    pub now: CountsNow,
}

/// How a record counts after a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CountsNow {
    Again,
    NoMore,
    /// It was a part of a total before.
    ByItself {
        total: i64,
    },
    AsPart {
        total: i64,
    },
}

/// Returns which records count otherwise after a change than before it, in the order of their events, without those that
/// it is about, which are `changed`, and without records of nothing.
pub(crate) fn effects_on_others<'s>(
    before: impl Iterator<Item = &'s Sale>,
    after: impl Iterator<Item = &'s Sale>,
    changed: &RangeInclusive<i64>,
) -> Vec<SaleEffect> {
    let by_event = |sales: &mut dyn Iterator<Item = &'s Sale>| -> BTreeMap<i64, &'s Sale> {
        let others = sales.filter(|sale| !changed.contains(&sale.event) && sale.reported_minor() != 0);
        others.map(|sale| (sale.event, sale)).collect()
    };
    let (mut before, mut after) = (before, after);
    let (before, after) = (by_event(&mut before), by_event(&mut after));
    let events: HashSet<i64> = before.keys().chain(after.keys()).copied().collect();
    let total = |sale: &Sale| sale.ties.as_ref().and_then(|ties| ties.part_of);
    let mut effects: Vec<SaleEffect> = events
        .into_iter()
        .filter_map(|event| {
            let (sale, now) = match (before.get(&event), after.get(&event)) {
                (None, Some(sale)) => (sale, CountsNow::Again),
                (Some(sale), None) => (sale, CountsNow::NoMore),
                (Some(was), Some(sale)) => match (total(was), total(sale)) {
                    (Some(total), None) => (sale, CountsNow::ByItself { total }),
                    (was, Some(total)) if was != Some(total) => (sale, CountsNow::AsPart { total }),
                    _ => return None,
                },
                (None, None) => return None,
            };
            Some(SaleEffect { record: SaleSpan::of(sale).in_the_way(), now })
        })
        .collect();
    effects.sort_unstable_by_key(|one| one.record.event);
    effects
}
