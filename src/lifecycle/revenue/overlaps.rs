//! Records of the same days: which would be counted twice, and how each counts once.
//!
//! A total is the record of a period without customer, deal and ship-to. A total and another record share a day and have
//! the same product, or one of them has none: then the amount of the one may be in the other. Such a record is taken only
//! if it says how it counts: it replaces the other, it is a part of it, so that the total counts for the rest, or it
//! counts beside it. Lines that name customer, deal or ship-to are not in each other's way, nor is a return that names
//! what it returns, nor what adds nothing.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::lifecycle::revenue::events::{Sale, SaleTies};
use crate::lifecycle::revenue::spans::{ByDays, InTheWay, SaleSpan, Siblings, is_total};

/// How a record is to count beside others of its days.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Counting {
    /// The events that it replaces.
    pub replaces: Vec<i64>,
    /// It replaces all that lies within its days.
    pub within: bool,
    /// It is a part of a total, or a total of which the records within are parts.
    pub detail: bool,
    /// It counts beside what is recorded of its days.
    pub beside: bool,
}

impl Counting {
    /// Reads what a record replaces: numbers of events, or `within` for all that lies within its days.
    ///
    /// # Errors
    /// Returns the word that is neither.
    pub fn replacing<'t>(words: impl IntoIterator<Item = &'t str>) -> Result<Counting, &'t str> {
        let mut counting = Counting::default();
        for word in words {
            match word.parse() {
                _ if word == "within" => counting.within = true,
                Ok(event) if event > 0 => counting.replaces.push(event),
                _ => return Err(word),
            }
        }
        Ok(counting)
    }
}

/// Why a record cannot count as it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum OverlapFault {
    /// It would count twice with others.
    CountedTwice { others: Vec<InTheWay> },
    /// The very same is recorded and is not among the events that it is to replace.
    Repeats { known: InTheWay, replaces: Vec<i64> },
    /// Its reference is that of a record of other days, of which one of the two is a period.
    OtherDays { reference: String, known: InTheWay },
    /// It is a part of a total and would lie outside its days, or be of another product.
    NotItsPart { total: InTheWay, other_days: bool },
    /// Parts of a total that is replaced would count by themselves.
    LeavesParts { total: i64, parts: Vec<InTheWay>, replaces: Vec<i64> },
    /// No sale of the partner that counts has this number.
    NothingToReplace { event: i64 },
    /// A return that is recorded names what would be replaced.
    LeavesReturn { event: i64, reference: String },
    /// There is neither a total around it nor, if it is one, a record within it; `straddled` share some of its days.
    NothingToExplain { straddled: Vec<InTheWay> },
    /// Several totals could be meant.
    ManyTotals { totals: Vec<i64> },
    /// The parts of a total come to more than it; `with_parts` are the events to replace if they are restated with it.
    PartsExceed { total: InTheWay, parts_minor: i128, with_parts: Vec<i64> },
}

/// A pair of records that count twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Overlap {
    /// The later of the two.
    pub record: InTheWay,
    pub fault: OverlapFault,
}

/// The records of a partner that count, and which total each is a part of.
#[derive(Default)]
pub(crate) struct Overlaps<'s> {
    places: HashMap<i64, SaleSpan<'s>>,
    parents: HashMap<i64, i64>,
    parts: HashMap<i64, BTreeSet<i64>>,
    siblings: HashMap<Option<i64>, Siblings<'s>>,
    /// All of them, whatever they are a part of.
    all: Siblings<'s>,
    returns: HashMap<&'s str, Vec<i64>>,
    /// What records that were taken stand in place of: another one of them may stand there with them.
    gone: HashSet<i64>,
    parts_minor: HashMap<i64, i128>,
}

impl<'s> Overlaps<'s> {
    /// Makes it of the sales of a partner that count.
    pub(crate) fn of(sales: &'s [Sale]) -> Overlaps<'s> {
        let mut overlaps = Overlaps { parents: parents(sales), ..Overlaps::default() };
        for sale in sales {
            let parent = overlaps.parents.get(&sale.event).copied();
            overlaps.insert(SaleSpan::of(sale), parent);
        }
        overlaps
    }

    /// Adds a record, as a part of a total if it is one.
    fn insert(&mut self, place: SaleSpan<'s>, parent: Option<i64>) {
        if let Some(returns) = place.returns {
            self.returns.entry(returns).or_default().push(place.event);
        }
        if let Some(total) = parent {
            self.parents.insert(place.event, total);
            self.parts.entry(total).or_default().insert(place.event);
            *self.parts_minor.entry(total).or_default() += i128::from(place.amount_minor);
        }
        if !place.gives_way() {
            self.siblings.entry(parent).or_default().change(&place, ByDays::insert);
            self.all.change(&place, ByDays::insert);
        }
        self.places.insert(place.event, place);
    }

    fn remove(&mut self, event: i64) {
        let Some(place) = self.places.remove(&event) else { return };
        let parent = self.parents.remove(&event);
        if let Some(total) = parent {
            self.parts.entry(total).or_default().remove(&event);
            *self.parts_minor.entry(total).or_default() -= i128::from(place.amount_minor);
        }
        if let Some(siblings) = self.siblings.get_mut(&parent) {
            siblings.change(&place, ByDays::remove);
        }
        self.all.change(&place, ByDays::remove);
    }

    /// Takes a record that is to be recorded, and returns how it counts beside the others; none if nothing is to be said.
    ///
    /// # Errors
    /// Says with which record it would count twice, or what of `counting` cannot be.
    pub(crate) fn take(
        &mut self,
        place: SaleSpan<'s>,
        counting: &Counting,
    ) -> Result<Option<SaleTies>, OverlapFault> {
        let ties = self.ties(&place, counting)?;
        for event in &ties.replaces {
            self.remove(*event);
            self.gone.insert(*event);
        }
        for event in &ties.parts {
            if let Some(part) = self.places.get(event).copied() {
                self.remove(*event);
                self.insert(part, Some(place.event));
            }
        }
        self.insert(SaleSpan { beside: ties.beside, ..place }, ties.part_of);
        Ok(Some(ties).filter(|ties| *ties != SaleTies::default()))
    }

    fn ties(&self, place: &SaleSpan<'s>, counting: &Counting) -> Result<SaleTies, OverlapFault> {
        let replaces = self.replaced(place, counting)?;
        self.keep_returns(place, &replaces)?;
        let mut ties = SaleTies { beside: counting.beside, ..SaleTies::default() };
        // What restates a part is a part of the same total, and parts of what is restated are its own.
        let of_replaced = replaces.iter().filter_map(|event| self.parents.get(event));
        let mut of_replaced = of_replaced.filter(|total| !replaces.contains(total));
        let fits = |total: &&i64| self.places.get(*total).is_some_and(|total| place.is_part_for(total));
        ties.part_of = of_replaced.find(fits).copied();
        let orphans = replaces.iter().filter_map(|event| self.parts.get(event)).flatten();
        let parts: BTreeSet<i64> = orphans.copied().filter(|event| !replaces.contains(event)).collect();
        let (own, freed) = parts
            .into_iter()
            .filter_map(|event| self.places.get(&event))
            .partition::<Vec<_>, _>(|part| part.is_part_for(place));
        refuse_freed(&freed, &replaces, &self.parents, counting)?;
        let mut parts: BTreeSet<i64> = own.iter().map(|part| part.event).collect();
        if counting.detail {
            ties.part_of = match ties.part_of {
                None => self.total_around(place, &replaces)?,
                known => known,
            };
            parts.extend(self.parts_for(place, ties.part_of, &replaces));
            if ties.part_of.is_none() && parts.is_empty() {
                let free = |event: &i64| !replaces.contains(event);
                let straddled = self.in_the_way(place, None, free).map(SaleSpan::in_the_way).collect();
                return Err(OverlapFault::NothingToExplain { straddled });
            }
        }
        let free = |event: &i64| !replaces.contains(event) && !parts.contains(event);
        let others: Vec<&SaleSpan> = self.in_the_way(place, ties.part_of, free).collect();
        if !others.is_empty() && !counting.beside {
            return Err(twice(others));
        }
        let parts_minor = parts.iter().filter_map(|event| self.places.get(event));
        check_parts(place, parts_minor.map(|part| i128::from(part.amount_minor)).sum(), || {
            replaces.union(&parts).copied().collect()
        })?;
        if let Some(total) = ties.part_of {
            let gone = replaces.iter().chain(&parts).filter(|event| self.parents.get(*event) == Some(&total));
            let gone = gone.filter_map(|event| self.places.get(event));
            let gone: i128 = gone.map(|part| i128::from(part.amount_minor)).sum();
            let parts_minor = self.parts_minor.get(&total).copied().unwrap_or(0);
            if let Some(total) = self.places.get(&total) {
                check_parts(total, parts_minor - gone + i128::from(place.amount_minor), || {
                    self.with_parts(total.event)
                })?;
            }
        }
        ties.replaces = replaces.into_iter().collect();
        ties.parts = parts.into_iter().collect();
        Ok(ties)
    }

    /// Returns the records that one replaces.
    fn replaced(&self, place: &SaleSpan<'s>, counting: &Counting) -> Result<BTreeSet<i64>, OverlapFault> {
        let mut replaced: BTreeSet<i64> = counting.replaces.iter().copied().collect();
        if let Some(event) =
            replaced.iter().find(|event| !self.places.contains_key(event) && !self.gone.contains(event))
        {
            return Err(OverlapFault::NothingToReplace { event: *event });
        }
        if counting.within {
            let around = SaleSpan { is_total: true, ..*place };
            let shared = self.all.in_the_way_of(&around);
            // What another row of the same file says is not restated by this one.
            let within = |event: &i64| {
                *event > 0 && self.places.get(event).is_some_and(|one| one.lies_within(place.days))
            };
            replaced.extend(shared.filter(within));
            let papers = replaced.iter().filter_map(|event| self.places.get(event)?.reference);
            let returns: Vec<i64> =
                papers.filter_map(|paper| self.returns.get(paper)).flatten().copied().collect();
            replaced.extend(returns.into_iter().filter(within));
        }
        Ok(replaced)
    }

    /// Returns whether a record that restates all within its days would stand in place of one event at most.
    /// Parts of that event that are `said_again` stay.
    pub(crate) fn restates_nothing_but(
        &self,
        place: &SaleSpan<'s>,
        event: i64,
        said_again: &HashSet<i64>,
    ) -> bool {
        let within = Counting { within: true, ..Counting::default() };
        let stays = |one: &i64| self.parents.get(one) == Some(&event) && said_again.contains(one);
        self.replaced(place, &within).is_ok_and(|found| found.iter().all(|one| *one == event || stays(one)))
    }

    /// Checks that each return still names a sale that counts.
    fn keep_returns(&self, place: &SaleSpan<'s>, replaces: &BTreeSet<i64>) -> Result<(), OverlapFault> {
        if self.returns.is_empty() {
            return Ok(());
        }
        let kept = |event: &i64| !replaces.contains(event) && self.places.contains_key(event);
        for reference in replaces.iter().filter_map(|event| self.places.get(event)?.reference) {
            let Some(event) =
                self.returns.get(reference).and_then(|all| all.iter().copied().find(|one| kept(one)))
            else {
                continue;
            };
            let mut others = self.places.values().filter(|one| kept(&one.event) && one.returns.is_none());
            if place.reference != Some(reference) && !others.any(|one| one.reference == Some(reference)) {
                return Err(OverlapFault::LeavesReturn { event, reference: reference.to_owned() });
            }
        }
        Ok(())
    }

    /// Returns the narrowest total of which a record is a part.
    fn total_around(
        &self,
        place: &SaleSpan<'s>,
        replaces: &BTreeSet<i64>,
    ) -> Result<Option<i64>, OverlapFault> {
        let shared = self.all.in_the_way_of(place);
        let around =
            shared.filter(|event| !replaces.contains(event)).filter_map(|event| self.places.get(&event));
        let wider = |total: &&SaleSpan| {
            place.is_part_for(total)
                && !(place.is_total
                    && total.is_part_for(place)
                    && (place.product.is_none() || place.product == total.product))
        };
        let mut around: Vec<(i64, bool, i64)> = around
            .filter(wider)
            .map(|total| (total.days.count(), total.product != place.product, total.event))
            .collect();
        around.sort_unstable();
        let nearest = around.first().map(|(days, other, _)| (*days, *other));
        let same = around.iter().filter(|(days, other, _)| Some((*days, *other)) == nearest);
        let same: Vec<i64> = same.map(|(.., event)| *event).collect();
        let product = |event: &i64| self.places.get(event).and_then(|total| total.product);
        if same.iter().any(|event| product(event) != same.first().and_then(product)) {
            return Err(OverlapFault::ManyTotals { totals: same });
        }
        // Of totals beside each other any could be meant: the first one that has room for it.
        let is_free = |event: &&i64| {
            let parts_minor = self.parts_minor.get(event).copied().unwrap_or(0);
            self.places
                .get(*event)
                .is_some_and(|total| has_room(total, parts_minor + i128::from(place.amount_minor)))
        };
        Ok(same.iter().find(is_free).or(same.first()).copied())
    }

    /// Returns a total and its parts, in order.
    fn with_parts(&self, total: i64) -> Vec<i64> {
        std::iter::once(total).chain(self.parts.get(&total).into_iter().flatten().copied()).collect()
    }

    /// Returns the records beside which a total would stand and that are parts of it.
    fn parts_for(&self, place: &SaleSpan<'s>, parent: Option<i64>, replaces: &BTreeSet<i64>) -> Vec<i64> {
        let Some(siblings) = self.siblings.get(&parent).filter(|_| place.is_total) else { return Vec::new() };
        let of_total = |event: &i64| {
            let part = self.places.get(event).is_some_and(|part| part.is_part_for(place));
            part && Some(*event) != parent && !replaces.contains(event)
        };
        siblings.in_the_way_of(place).filter(of_total).collect()
    }

    /// Returns the records that count twice with one under the same total, among those that are `free`.
    fn in_the_way<'o>(
        &'o self,
        place: &'o SaleSpan<'s>,
        parent: Option<i64>,
        free: impl Fn(&i64) -> bool + 'o,
    ) -> impl Iterator<Item = &'o SaleSpan<'s>> {
        let siblings = self.siblings.get(&parent).filter(|_| !place.gives_way());
        let found = siblings.into_iter().flat_map(move |siblings| siblings.in_the_way_of(place));
        let found = found.filter(move |event| *event != place.event && free(event));
        // A line that counts beside others does so whatever comes later.
        found.filter_map(|event| self.places.get(&event)).filter(|one| one.is_total || !one.beside)
    }

    /// Returns the records of its days beside which one of nothing would stand, the newest first.
    pub(crate) fn counted_on(&self, place: &SaleSpan<'s>) -> Vec<InTheWay> {
        let Some(siblings) = self.siblings.get(&None) else { return Vec::new() };
        let mut found: Vec<i64> = siblings.in_the_way_of(place).collect();
        found.sort_unstable_by_key(|event| std::cmp::Reverse(*event));
        found.iter().filter_map(|event| self.places.get(event)).map(SaleSpan::in_the_way).collect()
    }
}

/// Refuses to leave parts of a replaced total by themselves, if they count and were to be a part of something.
fn refuse_freed(
    freed: &[&SaleSpan],
    replaces: &BTreeSet<i64>,
    parents: &HashMap<i64, i64>,
    counting: &Counting,
) -> Result<(), OverlapFault> {
    let mut parts: Vec<&SaleSpan> = freed.iter().copied().filter(|part| part.amount_minor != 0).collect();
    let Some(total) = parts.first().and_then(|part| parents.get(&part.event)).copied() else { return Ok(()) };
    if counting.beside {
        return Ok(());
    }
    parts.sort_unstable_by_key(|part| part.event);
    let replaces = replaces.iter().copied().chain(parts.iter().map(|part| part.event)).collect();
    let parts = parts.into_iter().map(SaleSpan::in_the_way).collect();
    Err(OverlapFault::LeavesParts { total, parts, replaces })
}

/// Says with which others a record would count twice, in the order of their events.
fn twice(mut others: Vec<&SaleSpan>) -> OverlapFault {
    others.sort_unstable_by_key(|one| one.event);
    OverlapFault::CountedTwice { others: others.into_iter().map(SaleSpan::in_the_way).collect() }
}

/// Returns whether parts can be those of a total: a total below zero has no parts above, nor one of nothing any.
fn has_room(total: &SaleSpan, parts_minor: i128) -> bool {
    let whole = i128::from(total.amount_minor);
    match whole.signum() {
        1 => parts_minor <= whole,
        _ => (whole..=0).contains(&parts_minor),
    }
}

/// Checks that the parts of a total come to no more than it; `with_parts` are the events to replace with all of it.
fn check_parts(
    total: &SaleSpan,
    parts_minor: i128,
    with_parts: impl FnOnce() -> Vec<i64>,
) -> Result<(), OverlapFault> {
    if has_room(total, parts_minor) {
        return Ok(());
    }
    Err(OverlapFault::PartsExceed { total: total.in_the_way(), parts_minor, with_parts: with_parts() })
}

/// Returns the total of each sale that is a part of one, among sales that count; what was said last holds.
fn parents(sales: &[Sale]) -> HashMap<i64, i64> {
    let mut tied: Vec<(i64, &SaleTies)> =
        sales.iter().filter_map(|sale| Some((sale.event, sale.ties.as_deref()?))).collect();
    if tied.is_empty() {
        return HashMap::new();
    }
    tied.sort_unstable_by_key(|(event, _)| *event);
    let known: BTreeSet<i64> = sales.iter().map(|sale| sale.event).collect();
    let mut parents = HashMap::new();
    for (event, ties) in tied {
        if let Some(total) = ties.part_of.filter(|total| known.contains(total)) {
            parents.insert(event, total);
        }
        parents.extend(ties.parts.iter().filter(|part| known.contains(part)).map(|part| (*part, event)));
    }
    parents
}

/// Leaves out the sales that others replace, lets each total count for what its parts do not, and says of each part which
/// total it is of. `replaced` are the
/// events that are replaced by any record, whatever its day.
pub(crate) fn settle(sales: &mut Vec<Sale>, replaced: &BTreeSet<i64>) {
    if !replaced.is_empty() {
        sales.retain(|sale| !replaced.contains(&sale.event));
    }
    let parents = parents(sales);
    for sale in sales.iter_mut() {
        let total = parents.get(&sale.event).copied();
        if sale.ties.as_ref().and_then(|ties| ties.part_of) != total {
            let known = sale.ties.as_deref().cloned().unwrap_or_default();
            sale.ties = Some(Arc::new(SaleTies { part_of: total, ..known }));
        }
    }
    if parents.is_empty() {
        return;
    }
    let mut parts: HashMap<i64, i64> = HashMap::new();
    for sale in sales.iter() {
        if let Some(total) = parents.get(&sale.event) {
            let sum = parts.entry(*total).or_default();
            *sum = sum.saturating_add(sale.amount_minor);
        }
    }
    for sale in sales {
        if let Some(minor) = parts.get(&sale.event) {
            sale.parts_minor = *minor;
            sale.amount_minor = sale.amount_minor.saturating_sub(*minor);
        }
    }
}

/// Finds the records that count twice with an earlier one and do not say that they do, one of each later record.
pub(crate) fn counted_twice(sales: &[Sale]) -> Vec<Overlap> {
    if !sales.iter().any(is_total) {
        return Vec::new();
    }
    let parents = parents(sales);
    let mut in_order: Vec<&Sale> = sales.iter().collect();
    in_order.sort_unstable_by_key(|sale| sale.event);
    let mut known = Overlaps::default();
    let mut found = Vec::new();
    for sale in in_order {
        let (place, parent) = (SaleSpan::of(sale), parents.get(&sale.event).copied());
        // Rows of a file are recorded in the order of their days, so the one that counts beside may be the earlier one.
        let mut others = known.in_the_way(&place, parent, |_| !place.beside).filter(|one| !one.beside);
        let fault = others.next().map(|other| twice(vec![other]));
        drop(others);
        found.extend(fault.map(|fault| Overlap { record: place.in_the_way(), fault }));
        known.insert(place, parent);
    }
    for (total, parts_minor) in &known.parts_minor {
        let total = known.places.get(total);
        found.extend(total.and_then(|total| {
            let fault = check_parts(total, *parts_minor, || known.with_parts(total.event)).err()?;
            Some(Overlap { record: total.in_the_way(), fault })
        }));
    }
    for (part, total) in &known.parents {
        let pair = known.places.get(part).zip(known.places.get(total));
        found.extend(pair.filter(|(part, total)| !part.is_part_for(total)).map(|(part, total)| {
            let other_days = !part.lies_within(total.days);
            Overlap {
                record: part.in_the_way(),
                fault: OverlapFault::NotItsPart { total: total.in_the_way(), other_days },
            }
        }));
    }
    found.sort_by_key(|one| one.record.event);
    found
}

/// Returns the records of one partner that would count twice with those of another if the two were one, each with one of the
/// `winning` ones: totals and what their days hold. The parts of a total that gives way count by themselves, if they are
/// in the way of nothing, and what takes back a sale that gives way goes with it.
pub(crate) fn giving_way<'s>(winning: &'s [Sale], losing: &'s [Sale]) -> Vec<(&'s Sale, &'s Sale)> {
    if !winning.iter().chain(losing).any(is_total) {
        return Vec::new();
    }
    let (known, parents) = (Overlaps::of(winning), parents(losing));
    let sales: HashMap<i64, &Sale> = winning.iter().map(|sale| (sale.event, sale)).collect();
    let mut pairs: Vec<(&Sale, &Sale)> = Vec::new();
    let mut lost: HashMap<i64, &Sale> = HashMap::new();
    let mut left: Vec<&Sale> = losing.iter().collect();
    loop {
        let is_next = |sale: &&Sale| parents.get(&sale.event).is_none_or(|total| lost.contains_key(total));
        let (next, parts): (Vec<&Sale>, Vec<&Sale>) = left.into_iter().partition(is_next);
        if next.is_empty() {
            break;
        }
        for sale in next {
            let place = SaleSpan::of(sale);
            let others = known.in_the_way(&place, None, |_| !place.beside).filter(|one| !one.beside);
            let found: Vec<&Sale> = others.filter_map(|one| sales.get(&one.event).copied()).collect();
            lost.extend(found.first().map(|winner| (sale.event, *winner)));
            pairs.extend(found.into_iter().map(|winner| (winner, sale)));
        }
        left = parts;
    }
    let is_paper = |sale: &&Sale| sale.said().returns.is_none() && sale.reference.is_some();
    let papers = |sale: &'s Sale| sale.reference.as_deref();
    let kept = winning.iter().chain(losing.iter().filter(|sale| !lost.contains_key(&sale.event)));
    let kept: HashSet<&str> = kept.filter(is_paper).filter_map(papers).collect();
    let gone =
        losing.iter().filter(is_paper).filter_map(|sale| Some((papers(sale)?, *lost.get(&sale.event)?)));
    let gone: HashMap<&str, &Sale> = gone.filter(|(paper, _)| !kept.contains(paper)).collect();
    let returned = losing.iter().filter_map(|one| Some((*gone.get(one.said().returns.as_deref()?)?, one)));
    pairs.extend(returned);
    pairs
}

/// Finds the first record that counts twice after a change and did not before it; what did before, as files of older
/// versions may hold it, stands in the way of nothing.
pub(crate) fn newly_counted_twice(before: &[&[Sale]], after: &[Sale]) -> Option<Overlap> {
    let found = counted_twice(after);
    if found.is_empty() {
        return None;
    }
    let before = before.iter().flat_map(|sales| counted_twice(sales));
    let before: BTreeSet<i64> = before.map(|known| known.record.event).collect();
    found.into_iter().find(|one| !before.contains(&one.record.event))
}
