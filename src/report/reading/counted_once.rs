//! Sales that two partners report of whom one stands above the other: sums over partners count them for the one below.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::revenue::{Sale, SaleFact, copied};
use crate::store::{ParentsEver, SaleRow, View};

/// How many sales are named.
const NAMED: usize = 3;

/// The copies of all partners: what is left out of sums over partners.
#[derive(Default)]
pub(super) struct CountedOnce {
    /// The events of the copies, and of what is returned of them.
    events: HashSet<i64>,
    /// The sales without copies, of the partners that have some.
    rest: HashMap<PartnerId, Vec<SaleRow>>,
    /// The copies by day, without returns.
    copies: Vec<CopiedSale>,
}

/// A sale that is left out for the partner above, since it counts for the one below.
struct CopiedSale {
    day: Day,
    reference: String,
    above: PartnerId,
    /// Both keys, that of the partner above first.
    keys: [String; 2],
}

impl CountedOnce {
    /// Returns who ever had whom as its parent by the view's day; nobody under a program without parents.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn parents(view: &View) -> anyhow::Result<ParentsEver> {
        let has_parents = view.in_force.program.has_parents();
        Ok(if has_parents { view.reader().parents_ever(view.as_of)? } else { ParentsEver::default() })
    }

    /// Finds the copies among all sales up to the view's day; `parents` says who ever had whom as its
    /// parent. What is kept is of days after `after`.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn of(
        view: &View,
        parents: &ParentsEver,
        sales: &[SaleRow],
        after: Day,
    ) -> anyhow::Result<CountedOnce> {
        let mut once = CountedOnce::default();
        let mut read: HashMap<PartnerId, Vec<Sale>> = HashMap::new();
        for (above, below) in alike(parents, sales) {
            for partner in [above, below] {
                if let Entry::Vacant(unread) = read.entry(partner) {
                    unread.insert(view.sales_of(partner)?);
                }
            }
            let of = |partner: PartnerId| read.get(&partner).map_or(&[][..], Vec::as_slice);
            for copy in copied(of(above), of(below)) {
                let is_new = once.events.insert(copy.event);
                if let Some(reference) =
                    copy.reference.clone().filter(|_| is_new && copy.said().returns.is_none())
                {
                    let key = |partner| Ok::<_, anyhow::Error>(view.reader().lookup(partner)?.key);
                    let keys = [key(above)?, key(below)?];
                    once.copies.push(CopiedSale { day: copy.day, reference, above, keys });
                }
            }
        }
        once.copies.sort_by(|a, b| (a.day, &a.reference).cmp(&(b.day, &b.reference)));
        once.keep(sales, &read, after);
        Ok(once)
    }

    /// Keeps the sales without copies of the partners that have some. Those that were read stand in the same order.
    fn keep(&mut self, sales: &[SaleRow], read: &HashMap<PartnerId, Vec<Sale>>, after: Day) {
        let has_copies = |all: &[Sale]| all.iter().any(|sale| self.events.contains(&sale.event));
        for (partner, all) in read.iter().filter(|(_, all)| has_copies(all)) {
            let rows = sales.iter().filter(|row| row.partner == *partner);
            let rest = rows.zip(all.iter().filter(|sale| sale.day > Day::FIRST));
            let rest = rest.filter(|(row, sale)| row.day > after && !self.events.contains(&sale.event));
            self.rest.insert(*partner, rest.map(|(row, _)| *row).collect());
        }
    }

    /// Returns the sales of a partner without copies, if it has some.
    pub(super) fn rest(&self, partner: PartnerId) -> Option<&[SaleRow]> {
        self.rest.get(&partner).map(Vec::as_slice)
    }

    /// Returns whether a sale is a copy, or returned of one.
    pub(super) fn leaves_out(&self, sale: &Sale) -> bool {
        self.events.contains(&sale.event)
    }

    /// Returns a sentence that names the copies from `since` on of the partners that are wanted; none without any.
    pub(super) fn sentence(&self, since: Day, wanted: impl Fn(PartnerId) -> bool) -> Option<String> {
        let all: Vec<&CopiedSale> =
            self.copies.iter().filter(|one| one.day >= since && wanted(one.above)).collect();
        let named = all.iter().take(NAMED).map(|one| {
            let [above, below] = &one.keys;
            format!("{} of {} ({above}, {below})", one.reference, one.day)
        });
        let named: Vec<String> = named.collect();
        let more = all.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (sales, is) = (counted(all.len(), "sale"), if all.len() == 1 { "is" } else { "are" });
        (!all.is_empty()).then(|| {
            format!(
                "{sales} reported by a partner and by one below it {is} counted once, for the one below: {}{more}. Plans, tiers \
                 and performance go by what each partner reported.",
                named.join(", ")
            )
        })
    }
}

/// The sales of a partner and of all that ever stood below it.
pub(crate) struct FamilySales {
    sales: Vec<SaleRow>,
    once: CountedOnce,
}

impl FamilySales {
    /// Reads them up to the view's day.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn read(view: &View, partner: PartnerId) -> anyhow::Result<FamilySales> {
        let parents = CountedOnce::parents(view)?;
        let mut family = parents.all_below(partner);
        family.insert(partner);
        let mut sales = Vec::new();
        for partner in family {
            let read = view.sales_of(partner)?.into_iter().filter(|sale| sale.day > Day::FIRST);
            sales.extend(read.map(|sale| SaleRow {
                partner,
                from: sale.day,
                day: sale.day,
                amount_minor: sale.amount_minor,
                papers: sale.papers(),
            }));
        }
        let once = CountedOnce::of(view, &parents, &sales, Day::FIRST)?;
        Ok(FamilySales { sales, once })
    }

    /// Returns what of a partner's sales of days after `after` counts in sums over partners, in minor units.
    pub(crate) fn sold_once(&self, partner: PartnerId, after: Day) -> i128 {
        let rows = self.once.rest(partner).unwrap_or(&self.sales).iter();
        let rows = rows.filter(|row| row.partner == partner && row.day > after);
        rows.map(|row| i128::from(row.amount_minor)).sum()
    }

    /// Returns a sentence that names the sales after a day that count once although two of its partners report them.
    pub(crate) fn sentence(&self, after: Day) -> Option<String> {
        self.once.sentence(after.plus(1), |_| true)
    }
}

/// Returns the pairs of a partner and one below it that have a record with the same invoice, day and amount each. If two
/// stood above each other at different times, the older partner counts as the one below.
fn alike(parents: &ParentsEver, sales: &[SaleRow]) -> BTreeSet<(PartnerId, PartnerId)> {
    let mut records: HashMap<(Day, i64, u64), Vec<PartnerId>> = HashMap::new();
    for sale in sales.iter().filter(|sale| sale.papers.reference() != 0 && parents.knows(sale.partner)) {
        let found = records.entry((sale.day, sale.amount_minor, sale.papers.reference())).or_default();
        if found.last() != Some(&sale.partner) {
            found.push(sale.partner);
        }
    }
    let mut pairs = BTreeSet::new();
    for partners in records.into_values().filter(|partners| partners.len() > 1) {
        for below in &partners {
            let above = parents.all_above(*below);
            pairs.extend(partners.iter().filter(|one| above.contains(one)).map(|one| (*one, *below)));
        }
    }
    let both = pairs.clone();
    pairs.retain(|(above, below)| above > below || !both.contains(&(*below, *above)));
    pairs
}
