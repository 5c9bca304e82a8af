//! The same sale, recorded for a partner and for its parent.
//!
//! What a reseller buys from its distributor is one sale, to be recorded for the reseller only. Records with the same
//! reference, day and amount of both are named, and count twice until one is corrected.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::PARENT;
use crate::lifecycle::revenue::Sale;
use crate::report::reading::{Channel, Line};

/// How many sales are named.
const NAMED: usize = 3;

/// Sales with a reference of partners that have a parent or are one.
pub(super) struct SoldTwice {
    /// The parent of each partner that has one, by key.
    parents: HashMap<String, String>,
    /// The keys of those that are a parent.
    is_parent: BTreeSet<String>,
    /// By reference, day and amount the keys of the partners.
    sales: BTreeMap<(Day, String, i64), Vec<String>>,
}

impl SoldTwice {
    /// Begins with the parents of a channel as they are now; the channel needs attributes.
    pub(super) fn of(channel: &Channel) -> SoldTwice {
        let parents: HashMap<String, String> = channel
            .lines
            .iter()
            .filter(|_| channel.program.has_parents())
            .filter_map(|line| Some((line.key().to_owned(), line.attribute(PARENT)?.to_owned())))
            .collect();
        let is_parent = parents.values().cloned().collect();
        SoldTwice { parents, is_parent, sales: BTreeMap::new() }
    }

    /// Takes a sale of a partner.
    pub(super) fn take(&mut self, line: &Line, sale: &Sale) {
        let Some(reference) = &sale.reference else { return };
        let key = line.key();
        if self.parents.contains_key(key) || self.is_parent.contains(key) {
            let found = self.sales.entry((sale.day, reference.clone(), sale.amount_minor)).or_default();
            found.push(key.to_owned());
        }
    }

    /// Returns a sentence that names the sales that count twice, if there are any.
    pub(super) fn sentence(&self) -> Option<String> {
        let twice = self.sales.iter().filter_map(|((day, reference, _), partners)| {
            let above = |key: &String| self.parents.get(key).filter(|parent| partners.contains(parent));
            let (child, parent) = partners.iter().find_map(|key| Some((key, above(key)?)))?;
            Some(format!("{reference} of {day} ({parent}, {child})"))
        });
        let twice: Vec<String> = twice.collect();
        let more = twice.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = twice.iter().take(NAMED).cloned().collect::<Vec<String>>().join(", ");
        (!twice.is_empty()).then(|| {
            let sales = counted(twice.len(), "sale");
            format!("{sales} recorded both for a partner and for its parent, counted twice: {named}{more}.")
        })
    }
}
