//! The same sale, reported by two partners of whom one stands above the other, such as a distributor and its reseller.
//!
//! What a reseller buys from its distributor is one sale. Sums over partners count it for the partner below, and leave out
//! the copy of the one above with what the one above took back of it. A copy stays one whatever the partner below took back:
//! that return is in the sum, once, on its own day. Who stood above whom is asked of the day of the sale. What one partner
//! plans and attains goes by what it reported.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::revenue::events::{Sale, SaleDetail};
use crate::lifecycle::revenue::overlaps::giving_way;
use crate::lifecycle::revenue::reported::Invoice;

/// Returns the sales of a partner that one below it reports too, and what is returned of them, in their order. `stood_above`
/// says whether the one partner stood above the other on a day.
pub(crate) fn copied<'s>(
    above: &'s [Sale],
    below: &[Sale],
    stood_above: impl Fn(Day) -> bool,
) -> Vec<&'s Sale> {
    let of_paper = by_paper(below);
    let is_copy = |one: &&Sale| {
        let same_paper =
            paper(one).filter(|_| one.said().returns.is_none()).and_then(|paper| of_paper.get(paper));
        same_paper.is_some_and(|all| all.iter().any(|other| is_same(one, other))) && stood_above(one.day)
    };
    let copies: Vec<&Sale> = above.iter().filter(is_copy).collect();
    let events: HashSet<i64> = copies.iter().map(|copy| copy.event).collect();
    let mut copies_of: HashMap<&str, Vec<&Sale>> = HashMap::new();
    for copy in &copies {
        copies_of.entry(paper(copy).unwrap_or_default()).or_default().push(copy);
    }
    let returns_copy = |one: &Sale| {
        let copies = paper(one).and_then(|paper| copies_of.get(paper));
        copies.is_some_and(|copies| copies.iter().any(|copy| is_return_of(one, copy)))
    };
    // The parts of a total that is left out go with it.
    let is_part = |one: &Sale| {
        one.ties.as_ref().and_then(|ties| ties.part_of).is_some_and(|total| events.contains(&total))
    };
    let goes = |one: &&Sale| events.contains(&one.event) || is_part(one) || returns_copy(one);
    above.iter().filter(goes).collect()
}

/// Returns the sales of a partner that have the reference of one of a partner below it, each with that one, where neither
/// customer nor product tells them apart: those of which one is a copy, and those that differ in day or amount.
pub(crate) fn same_reference<'s>(above: &'s [Sale], below: &'s [Sale]) -> Vec<(&'s Sale, &'s Sale)> {
    let of_paper = by_paper(below);
    let is_sale = |one: &&Sale| one.said().returns.is_none();
    let pairs = above.iter().filter(is_sale).flat_map(|one| {
        let others = paper(one).and_then(|paper| of_paper.get(paper)).into_iter().flatten();
        others.copied().filter(is_sale).filter(|other| fits(one, other)).map(move |other| (one, other))
    });
    pairs.collect()
}

/// Returns records by the invoice or report that they are of, or return.
fn by_paper(sales: &[Sale]) -> HashMap<&str, Vec<&Sale>> {
    let mut found: HashMap<&str, Vec<&Sale>> = HashMap::new();
    for sale in sales {
        if let Some(paper) = paper(sale) {
            found.entry(paper).or_default().push(sale);
        }
    }
    found
}

/// Returns the reference of a sale; of a return that names its sale, that of the sale.
fn paper(sale: &Sale) -> Option<&str> {
    sale.said().returns.as_deref().or(sale.reference.as_deref())
}

/// Returns the sales of one partner that another reports too: same reference, product, day and amount. If the two are merged,
/// they count once.
pub(crate) fn reported_by_both<'s>(one: &'s [Sale], other: &[Sale]) -> Vec<&'s Sale> {
    let known: HashSet<Paper> = other.iter().filter_map(Paper::of).collect();
    one.iter().filter(|sale| Paper::of(sale).is_some_and(|paper| known.contains(&paper))).collect()
}

/// Returns the sales of one partner that another has with the same reference and another amount or day, each with that one;
/// lines that both have alike contradict nothing.
pub(crate) fn differing<'s>(one: &'s [Sale], other: &'s [Sale]) -> Vec<(&'s Sale, &'s Sale)> {
    let papers = |sales: &'s [Sale]| -> HashSet<Paper<'s>> { sales.iter().filter_map(Paper::of).collect() };
    let (own, others) = (papers(one), papers(other));
    let is_known =
        |sale: &Sale, known: &HashSet<Paper>| Paper::of(sale).is_some_and(|paper| known.contains(&paper));
    let pairs = same_reference(one, other).into_iter();
    pairs.filter(|(sale, same)| !is_known(sale, &others) && !is_known(same, &own)).collect()
}

/// Returns the records of one partner that would count twice with those of another if the two were merged, each with one of the
/// `winning` ones; what both reported alike is one sale.
pub(crate) fn overlapping<'s>(winning: &'s [Sale], losing: &'s [Sale]) -> Vec<(&'s Sale, &'s Sale)> {
    let is_alike = |one: &Sale, other: &Sale| Paper::of(one).is_some() && Paper::of(one) == Paper::of(other);
    giving_way(winning, losing).into_iter().filter(|(one, other)| !is_alike(one, other)).collect()
}

/// A merge, as far as sales go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SalesMerge {
    /// The number of its event.
    pub event: i64,
    pub from: PartnerId,
    pub into: PartnerId,
}

/// Drops from the sales of a partner those that partners merged into it report too; `origins` says of each event whose it
/// was, `subject` is the partner. What two partners reported alike when they were merged is one sale, whatever was corrected
/// of it after that.
pub(crate) fn drop_merged(
    sales: &mut Vec<Sale>,
    subject: PartnerId,
    origins: &HashMap<i64, PartnerId>,
    merges: &[SalesMerge],
) {
    let is_later = |whose: PartnerId, merge: &SalesMerge| {
        whose != merge.into && merges.iter().any(|one| one.from == whose && one.event > merge.event)
    };
    for merge in merges {
        drop_alike(sales, subject, merge, |sale| {
            let whose = origins.get(&sale.event).copied().unwrap_or(subject);
            (!is_later(whose, merge)).then_some(whose)
        });
    }
}

/// Drops what partners reported alike when they were merged; `origin` says whose a sale was, unless it came in later.
fn drop_alike(
    sales: &mut Vec<Sale>,
    subject: PartnerId,
    merge: &SalesMerge,
    origin: impl Fn(&Sale) -> Option<PartnerId>,
) {
    let mut reported: HashMap<Paper, BTreeMap<PartnerId, usize>> = HashMap::new();
    for sale in sales.iter() {
        if let Some((paper, whose)) = Paper::as_of(sale, merge.event).zip(origin(sale)) {
            *reported.entry(paper).or_default().entry(whose).or_default() += 1;
        }
    }
    let dropped: HashSet<i64> = sales
        .iter()
        .filter(|sale| {
            let by = Paper::as_of(sale, merge.event).and_then(|paper| reported.get(&paper));
            let most = by.and_then(|by| by.iter().max_by_key(|(whose, count)| (**count, **whose == subject)));
            most.is_some_and(|(most, _)| origin(sale).is_some_and(|whose| whose != *most))
        })
        .map(|sale| sale.event)
        .collect();
    sales.retain(|sale| !dropped.contains(&sale.event));
}

/// What makes a record the same as another: the invoice or report, and what it says.
#[derive(PartialEq, Eq, Hash)]
struct Paper<'s> {
    reference: &'s str,
    is_return: bool,
    product: Option<&'s str>,
    day: Day,
    money: (Option<&'s str>, Option<i64>),
}

impl<'s> Paper<'s> {
    fn of(sale: &'s Sale) -> Option<Paper<'s>> {
        Paper::said(Invoice::right(sale))
    }

    /// Returns the paper as it was before the corrections that came after an event.
    fn as_of(sale: &'s Sale, event: i64) -> Option<Paper<'s>> {
        let is_later = sale.first.as_ref().is_some_and(|first| first.corrected_by > event);
        Paper::said(if is_later { Invoice::first(sale) } else { Invoice::right(sale) })
    }

    fn said(invoice: Invoice<'s>) -> Option<Paper<'s>> {
        let Invoice { reference, day, money, said } = invoice;
        Some(Paper {
            reference: said.returns.as_deref().or(reference)?,
            is_return: said.returns.is_some(),
            product: said.product.as_deref(),
            day,
            money,
        })
    }
}

/// Returns whether two records tell of one sale: same reference, day and amount, and no other customer or product; by what is
/// right of both, or by what was first reported.
fn is_same(one: &Sale, other: &Sale) -> bool {
    let alike = |one: Invoice, other: Invoice| {
        (one.reference, one.day, one.money) == (other.reference, other.day, other.money)
            && fit(one.said, other.said)
    };
    one.reference.is_some()
        && other.said().returns.is_none()
        && (alike(Invoice::right(one), Invoice::right(other))
            || alike(Invoice::first(one), Invoice::first(other)))
}

/// Returns whether two records name no two customers or products.
fn fits(one: &Sale, other: &Sale) -> bool {
    fit(one.said(), other.said())
}

fn fit(one: &SaleDetail, other: &SaleDetail) -> bool {
    let details = |part: fn(&SaleDetail) -> Option<&String>| agree(part(one), part(other));
    details(|detail| detail.customer.as_ref()) && details(|detail| detail.product.as_ref())
}

/// Returns whether a record returns a sale, or one line of it.
pub(crate) fn is_return_of(one: &Sale, sale: &Sale) -> bool {
    let returned = one.said().returns.as_ref();
    returned.is_some()
        && returned == sale.reference.as_ref()
        && agree(one.said().product.as_ref(), sale.said().product.as_ref())
}

/// Returns whether two details are equal, or one of them is not said.
fn agree(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_none() || other.is_none() || one == other
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn march() -> Day {
        Day::parse_iso("2026-03-01").expect("a day")
    }

    fn sale(event: i64, reference: &str, amount_minor: i64) -> Sale {
        Sale {
            event,
            day: march(),
            amount_minor,
            parts_minor: 0,
            period: None,
            reference: Some(reference.to_owned()),
            detail: None,
            ties: None,
            first: None,
        }
    }

    fn with(mut sale: Sale, say: impl FnOnce(&mut SaleDetail)) -> Sale {
        let mut detail = SaleDetail::NONE;
        say(&mut detail);
        sale.detail = Some(Arc::new(detail));
        sale
    }

    fn back(event: i64, amount_minor: i64) -> Sale {
        let returned = with(sale(event, "", amount_minor), |detail| detail.returns = Some("X1".to_owned()));
        Sale { reference: None, ..returned }
    }

    fn events(above: &[Sale], below: &[Sale]) -> Vec<i64> {
        copied(above, below, |_| true).iter().map(|one| one.event).collect()
    }

    #[test]
    fn the_copy_of_the_partner_above_goes_with_what_it_returns_of_it() {
        let above = [sale(1, "X1", 1000), sale(2, "X2", 1000), back(3, -200)];
        assert_eq!(events(&above, &[sale(4, "X1", 1000)]), [1, 3]);
        assert_eq!(events(&above, &[sale(4, "X1", 999), sale(5, "X3", 1000)]), Vec::<i64>::new());
    }

    #[test]
    fn a_copy_stays_one_whatever_is_returned_of_the_sale_below() {
        let above = [sale(1, "X1", 1000)];
        assert_eq!(events(&above, &[sale(4, "X1", 1000), back(5, -400)]), [1]);
        assert_eq!(events(&above, &[sale(4, "X1", 1000), back(5, -400), back(6, -600)]), [1]);
    }

    #[test]
    fn who_stands_above_counts_on_the_day_of_the_sale() {
        let above = [sale(1, "X1", 1000), Sale { day: march().plus(40), ..sale(2, "X2", 500) }];
        let below = [sale(4, "X1", 1000), Sale { day: march().plus(40), ..sale(5, "X2", 500) }];
        let since = |first: Day| copied(&above, &below, |day| day >= first).len();
        assert_eq!([march(), march().plus(1), march().plus(41)].map(since), [2, 1, 0]);
        assert_eq!(same_reference(&above, &[sale(4, "X1", 900), back(5, -900)]).len(), 1);
    }

    #[test]
    fn another_customer_or_product_is_another_sale_and_what_is_not_said_contradicts_nothing() {
        let to =
            |event, who: &str| with(sale(event, "X1", 1000), |detail| detail.customer = Some(who.to_owned()));
        let of = |event, what: &str| {
            with(sale(event, "X1", 1000), |detail| detail.product = Some(what.to_owned()))
        };
        assert_eq!(events(&[to(1, "acme")], &[to(2, "acme")]), [1]);
        assert_eq!(events(&[to(1, "acme")], &[to(2, "bolt")]), Vec::<i64>::new());
        assert_eq!(events(&[to(1, "acme")], &[sale(2, "X1", 1000)]), [1]);
        assert_eq!(events(&[of(1, "atlas")], &[of(2, "nova")]), Vec::<i64>::new());
        assert_eq!(events(&[sale(1, "X1", 1000)], &[of(2, "nova")]), [1]);
    }

    #[test]
    fn a_sale_that_two_merged_partners_report_counts_once_with_its_returns() {
        let origins = HashMap::from([(1, 7), (2, 7), (3, 8), (4, 8), (5, 8)]);
        let mut sales =
            vec![sale(1, "X1", 1000), back(2, -100), sale(3, "X1", 1000), back(4, -100), back(5, -100)];
        drop_merged(&mut sales, 7, &origins, &[SalesMerge { event: 9, from: 8, into: 7 }]);
        assert_eq!(sales.iter().map(|one| one.event).collect::<Vec<_>>(), [1, 4, 5]);
        assert_eq!(
            reported_by_both(&[sale(1, "X1", 1000), sale(2, "X2", 5)], &[sale(3, "X1", 1000)]).len(),
            1
        );
    }
}
