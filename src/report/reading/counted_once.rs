//! Sales that two partners report of whom one stands above the other: sums over partners count them for the one below.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::revenue::{Sale, SaleFact, copied, same_reference};
use crate::report::value::rounded;
use crate::store::{ParentHistory, SaleRow, View};

/// How many sales are named.
const NAMED: usize = 3;

/// The copies of all partners: what is left out of sums over partners.
#[derive(Default)]
pub(super) struct CountedOnce {
    /// The copies, and what is returned of them, by event.
    copies: HashMap<i64, CopiedSale>,
    /// The sales without copies, of the partners that have some.
    rest: HashMap<PartnerId, Vec<SaleRow>>,
    /// Sales above that have the reference of one below and are no copy of it, by their event.
    apart: BTreeMap<i64, SalesApart>,
}

/// A sale that is left out for the partner above, since it counts for the one below.
struct CopiedSale {
    day: Day,
    amount_minor: i64,
    /// None if it is a return.
    reference: Option<String>,
    above: PartnerId,
    /// All below that report it.
    below: BTreeSet<PartnerId>,
    /// The keys of the partner above and of one below.
    keys: [String; 2],
}

/// A sale of a partner and one below it with the same reference that both count, the one above first.
struct SalesApart {
    reference: String,
    above: PartnerId,
    keys: [String; 2],
    events: [i64; 2],
    days: [Day; 2],
    amounts_minor: [i64; 2],
}

/// A partner, one below it, and what they reported.
struct Related<'s> {
    above: PartnerId,
    below: PartnerId,
    sales: [&'s [Sale]; 2],
    keys: [String; 2],
}

impl CountedOnce {
    /// Returns who had whom as its parent when, by the view's day; nobody under a program without parents.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn parents(view: &View) -> anyhow::Result<ParentHistory> {
        let has_parents = view.in_force.program.has_parents();
        Ok(if has_parents { view.parent_history()? } else { ParentHistory::default() })
    }

    /// Finds the copies among all sales up to the view's day; `parents` says who had whom as its
    /// parent when. What is kept is of days after `after`.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn of(
        view: &View,
        parents: &ParentHistory,
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
            let key = |partner| Ok::<_, anyhow::Error>(view.reader().lookup(partner)?.key);
            let keys = [key(above)?, key(below)?];
            once.compare(parents, &Related { above, below, sales: [of(above), of(below)], keys });
        }
        let copies = &once.copies;
        once.apart.retain(|_, pair| pair.events.iter().all(|event| !copies.contains_key(event)));
        once.keep(sales, &read, after);
        Ok(once)
    }

    /// Takes what a partner and one below it both report.
    fn compare(&mut self, parents: &ParentHistory, related: &Related) {
        let &Related { above, below, sales: [of_above, of_below], ref keys } = related;
        for copy in copied(of_above, of_below, |day| parents.stood_above(above, below, day)) {
            let reference = copy.reference.clone().filter(|_| copy.said().returns.is_none());
            let found = self.copies.entry(copy.event).or_insert_with(|| CopiedSale {
                day: copy.day,
                amount_minor: copy.amount_minor,
                reference,
                above,
                below: BTreeSet::new(),
                keys: keys.clone(),
            });
            found.below.insert(below);
        }
        for (one, other) in same_reference(of_above, of_below) {
            self.apart.entry(one.event).or_insert_with(|| SalesApart {
                reference: one.reference.clone().unwrap_or_default(),
                above,
                keys: keys.clone(),
                events: [one.event, other.event],
                days: [one.day, other.day],
                amounts_minor: [one.amount_minor, other.amount_minor],
            });
        }
    }

    /// Keeps the sales without copies of the partners that have some. Those that were read stand in the same order.
    fn keep(&mut self, sales: &[SaleRow], read: &HashMap<PartnerId, Vec<Sale>>, after: Day) {
        let copies = &self.copies;
        let is_copy = |sale: &Sale| copies.contains_key(&sale.event);
        let has_copies = |all: &[Sale]| all.iter().any(is_copy);
        for (partner, all) in read.iter().filter(|(_, all)| has_copies(all)) {
            let rows = sales.iter().filter(|row| row.partner == *partner);
            let rest = rows.zip(all.iter().filter(|sale| sale.day > Day::FIRST));
            let rest = rest.filter(|(row, sale)| row.day > after && !is_copy(sale));
            self.rest.insert(*partner, rest.map(|(row, _)| *row).collect());
        }
    }

    /// Returns the sales of a partner without copies, if it has some.
    pub(super) fn rest(&self, partner: PartnerId) -> Option<&[SaleRow]> {
        self.rest.get(&partner).map(Vec::as_slice)
    }

    /// Returns whether a sale is a copy, or returned of one.
    pub(super) fn leaves_out(&self, sale: &Sale) -> bool {
        self.copies.contains_key(&sale.event)
    }

    /// Returns the key of a partner below that reports a sale too, if it is a copy, or returned of one.
    pub(super) fn reported_below(&self, sale: &Sale) -> Option<&str> {
        self.copies.get(&sale.event).map(|copy| copy.keys[1].as_str())
    }

    /// Returns what of a partner's sales from `first` to `last` one of the partners `among` reports too, in minor units.
    pub(super) fn sold_twice(
        &self,
        partner: PartnerId,
        (first, last): (Day, Day),
        among: &BTreeSet<PartnerId>,
    ) -> i128 {
        if !self.rest.contains_key(&partner) {
            return 0;
        }
        let copies = self.copies.values().filter(|one| {
            one.above == partner && (first..=last).contains(&one.day) && !one.below.is_disjoint(among)
        });
        copies.map(|one| i128::from(one.amount_minor)).sum()
    }

    /// Returns a sentence that names the copies from `since` on of the partners that are wanted; none without any.
    pub(super) fn sentence(&self, since: Day, wanted: impl Fn(PartnerId) -> bool) -> Option<String> {
        let copies = self.copies.values().filter(|one| one.day >= since && wanted(one.above));
        let mut all: Vec<(Day, &str, &[String; 2])> =
            copies.filter_map(|one| Some((one.day, one.reference.as_deref()?, &one.keys))).collect();
        all.sort_unstable();
        let named = all
            .iter()
            .map(|(day, reference, [above, below])| format!("{reference} of {day} ({above}, {below})"));
        let (sales, is) = (counted(all.len(), "sale"), if all.len() == 1 { "is" } else { "are" });
        (!all.is_empty()).then(|| {
            format!(
                "{sales} reported by a partner and by one below it {is} counted once, for the one below: {}. Plans, tiers, \
                 funds and performance go by what each partner reported.",
                first_named(named)
            )
        })
    }

    /// Returns a sentence that names the sales of days from `since` on that count for a partner that is wanted and for one
    /// below it although both have the same reference; none without any.
    pub(super) fn sentence_apart(
        &self,
        currency: Currency,
        since: Day,
        wanted: impl Fn(PartnerId) -> bool,
    ) -> Option<String> {
        let all = self.apart.values();
        let mut all: Vec<&SalesApart> =
            all.filter(|one| one.days.iter().any(|day| *day >= since) && wanted(one.above)).collect();
        all.sort_by(|a, b| (a.days, &a.reference).cmp(&(b.days, &b.reference)));
        let named = all.iter().map(|one| {
            let of = |at: usize| {
                let amount = rounded(currency.money(i128::from(one.amounts_minor[at])));
                format!("{} {amount} on {}", one.keys[at], one.days[at])
            };
            format!("{} ({}; {})", one.reference, of(0), of(1))
        });
        let (references, is) = (counted(all.len(), "reference"), if all.len() == 1 { "is" } else { "are" });
        (!all.is_empty()).then(|| {
            format!(
                "{references} of a partner and of one below it {is} counted for both, since day or amount differ, or the \
                 one was not below the other on that day: {}.",
                first_named(named)
            )
        })
    }
}

/// Returns the first of what is named, and how many more there are.
fn first_named(mut all: impl ExactSizeIterator<Item = String>) -> String {
    let named: Vec<String> = all.by_ref().take(NAMED).collect();
    let more = if all.len() > 0 { format!(" and {} more", all.len()) } else { String::new() };
    named.join(", ") + &more
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
                has_parts: sale.has_parts(),
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

/// What partners above and below one report of a sale of it.
pub(crate) struct SameSale {
    /// The key of the partner for which it counts.
    counts_for: String,
    /// Those that report the same sale.
    same: Vec<SameRecord>,
    /// What the record itself comes to, and whether it is left out of sums, since one below reports it.
    own_minor: i64,
    is_left_out: bool,
    /// What others report under the same reference that counts as another sale, with the key of the partner.
    apart: Vec<(String, Sale)>,
}

/// A record of another partner that tells of the same sale.
#[derive(Clone, PartialEq, Eq, Debug)]
struct SameRecord {
    /// The key of the partner.
    key: String,
    event: i64,
    amount_minor: i64,
    /// It is left out of sums, since its partner is above.
    is_left_out: bool,
}

impl SameRecord {
    fn named(&self) -> String {
        format!("`{}` (event {})", self.key, self.event)
    }
}

impl SameSale {
    /// Looks for a sale of a partner among what those report that ever stood above or below it.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn of(view: &View, partner: PartnerId, own: &Sale) -> anyhow::Result<SameSale> {
        let parents = CountedOnce::parents(view)?;
        let (all_above, all_below) = (parents.all_above(partner), parents.all_below(partner));
        let related = all_above.union(&all_below).copied();
        let mut counts_for = partner;
        let mut found = SameSale {
            counts_for: String::new(),
            same: Vec::new(),
            own_minor: own.amount_minor,
            is_left_out: false,
            apart: Vec::new(),
        };
        let own = std::slice::from_ref(own);
        for one in related {
            let key = view.reader().lookup(one)?.key;
            for sale in &view.sales_of(one)? {
                let other = std::slice::from_ref(sale);
                let is_below = !copied(own, other, |day| parents.stood_above(partner, one, day)).is_empty();
                let is_above = !copied(other, own, |day| parents.stood_above(one, partner, day)).is_empty();
                if is_below || is_above {
                    found.is_left_out |= is_below;
                    let (key, event, amount_minor) = (key.clone(), sale.event, sale.amount_minor);
                    found.same.push(SameRecord { key, event, amount_minor, is_left_out: is_above });
                } else if !same_reference(own, other).is_empty() {
                    found.apart.push((key.clone(), sale.clone()));
                }
                if is_below && (counts_for == partner || parents.stood_above(counts_for, one, sale.day)) {
                    counts_for = one;
                }
            }
        }
        found.counts_for = view.reader().lookup(counts_for)?.key;
        Ok(found)
    }

    /// Says who reports the same sale and for whom it counts, and who reports another one under its reference.
    pub(crate) fn sentences(self, currency: Currency) -> Vec<String> {
        let mut said = Vec::new();
        let same: Vec<String> = self.same.iter().map(SameRecord::named).collect();
        if !same.is_empty() {
            let (who, report) = (phrase(&same), if same.len() == 1 { "reports" } else { "report" });
            said.push(format!(
                "{who} {report} the same sale; sums over partners count it once, for `{}`",
                self.counts_for
            ));
        }
        said.extend(self.apart.iter().map(|(key, sale)| {
            let amount = rounded(currency.money(i128::from(sale.amount_minor)));
            format!(
                "`{key}` reports {} too, {amount} {} on {} (event {}): both count, since day or amount differ, or neither \
                 was below the other that day",
                sale.reference.as_deref().unwrap_or_default(),
                currency.code(),
                sale.day,
                sale.event
            )
        }));
        said
    }
}

impl SameSale {
    /// Says what a correction of the sale changes of sums over partners, if others report the same sale before or after it.
    pub(crate) fn corrected(&self, after: &SameSale, currency: Currency) -> Option<String> {
        let is_new = |one: &&SameRecord| self.same.iter().all(|known| known.event != one.event);
        let others: Vec<&SameRecord> = self.same.iter().chain(after.same.iter().filter(is_new)).collect();
        let counted = |by: &SameSale| {
            let is_counted = |one: &&&SameRecord| {
                by.same.iter().all(|known| known.event != one.event || !known.is_left_out)
            };
            let own = if by.is_left_out { 0 } else { i128::from(by.own_minor) };
            let rest = others.iter().filter(is_counted).map(|one| i128::from(one.amount_minor));
            currency.amount(own + rest.sum::<i128>())
        };
        let (was, now) = (counted(self), counted(after));
        let not = if was == now { ", as before".to_owned() } else { format!(", not {was}") };
        let who = |same: &[SameRecord]| phrase(&same.iter().map(SameRecord::named).collect::<Vec<String>>());
        let verb = |same: &[SameRecord]| if same.len() == 1 { "reports" } else { "report" };
        if others.is_empty() {
            return None;
        }
        let (before, same) = (&self.same, &after.same);
        Some(if same.is_empty() {
            format!(
                "{} no longer {} the same sale; sums over partners count each: {now}{not}",
                who(before),
                verb(before)
            )
        } else {
            let (who, report, counts_for) = (who(same), verb(same), &after.counts_for);
            format!(
                "{who} {report} the same sale; sums over partners count it once, for `{counts_for}`: {now}{not}"
            )
        })
    }
}

/// Returns the pairs of a partner and one that was ever below it that have a record with the same reference each.
fn alike(parents: &ParentHistory, sales: &[SaleRow]) -> BTreeSet<(PartnerId, PartnerId)> {
    let mut records: HashMap<u64, BTreeSet<PartnerId>> = HashMap::new();
    for sale in sales.iter().filter(|sale| sale.papers.reference() != 0 && parents.knows(sale.partner)) {
        records.entry(sale.papers.reference()).or_default().insert(sale.partner);
    }
    let mut above: HashMap<PartnerId, BTreeSet<PartnerId>> = HashMap::new();
    let mut pairs = BTreeSet::new();
    for partners in records.into_values().filter(|partners| partners.len() > 1) {
        for below in &partners {
            let above = above.entry(*below).or_insert_with(|| parents.all_above(*below));
            pairs.extend(above.intersection(&partners).map(|one| (*one, *below)));
        }
    }
    pairs
}
