//! Sales by what they name, such as a customer, less what came back of them.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::revenue::events::Sale;

/// What is left of a sale after its returns.
pub(crate) struct LeftOfSale<'s> {
    pub day: Day,
    reference: Option<&'s str>,
    left_minor: i128,
}

/// Returns the sales that were not returned in full, by the name that each gives, in order of their days; names that differ only
/// in case and blanks are one. A sale without a name is in none.
///
/// A return is taken off the sale that it names, any other one off the newest sales with its name.
pub(crate) fn kept_by_name<'s>(
    sales: impl Iterator<Item = &'s Sale> + Clone,
    name: impl Fn(&'s Sale) -> Option<&'s str>,
) -> BTreeMap<String, Vec<LeftOfSale<'s>>> {
    let mut kept: BTreeMap<String, Vec<LeftOfSale>> = BTreeMap::new();
    for sale in sales.clone().filter(|sale| sale.amount_minor > 0) {
        if let Some(name) = name(sale) {
            let (reference, left_minor) = (sale.reference.as_deref(), i128::from(sale.amount_minor));
            let left = LeftOfSale { day: sale.day, reference, left_minor };
            kept.entry(same_name(name)).or_default().push(left);
        }
    }
    for sales in kept.values_mut() {
        sales.sort_by_key(|sale| sale.day);
    }
    for returned in sales.filter(|sale| sale.amount_minor < 0) {
        let Some(sold) = name(returned).and_then(|name| kept.get_mut(&same_name(name))) else { continue };
        let (named, mut rest) = (returned.said().returns.as_deref(), -i128::from(returned.amount_minor));
        for one in sold.iter_mut().rev().filter(|one| named.is_none() || one.reference == named) {
            let part = one.left_minor.min(rest);
            one.left_minor -= part;
            rest -= part;
        }
    }
    for sales in kept.values_mut() {
        sales.retain(|sale| sale.left_minor > 0);
    }
    kept.retain(|_, sales| !sales.is_empty());
    kept
}

fn same_name(name: &str) -> String {
    name.trim().to_lowercase()
}
