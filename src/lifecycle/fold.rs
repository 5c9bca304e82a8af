//! The fold: from the events of a partner to what is known of it.
//!
//! It is pure and total: any events give a state. Events that do not fit are left out of the state
//! and named as conflicts; a file never holds any, since nothing that makes one is recorded.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::lifecycle::base::conflict::{Conflict, Misfit};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::corrections::merged::{PlanFate, Yields};
use crate::lifecycle::corrections::order::{RightParts, arrange, right_parts};
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::happening::{EventMisfit, Moment};
use crate::lifecycle::partner::events::Edited;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::added::{join_plans, lay_beneath};
use crate::lifecycle::program::aliases::{Aliases, Part};
use crate::lifecycle::renamed::renamed;
use crate::lifecycle::revenue::copies::{SalesMerge, drop_merged};
use crate::lifecycle::revenue::overlaps::settle;

/// What the fold of some events arrives at.
#[derive(Clone, Debug)]
pub struct Folded<'e> {
    /// What the events say of the partner, also if it was removed or merged; none if it had
    /// not come into the file by then.
    pub state: Option<Partner>,
    pub fate: Fate,
    /// Events that do not fit, in order.
    pub conflicts: Vec<Conflict>,
    /// The events in the order in which they count, each with the day that holds after corrections.
    pub order: Vec<(Day, &'e Recorded)>,
}

impl Folded<'_> {
    /// Returns the partner, unless it was removed or merged.
    pub fn partner(&self) -> Option<&Partner> {
        self.state.as_ref().filter(|_| self.fate == Fate::Live)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Live,
    Removed,
    MergedInto(PartnerId),
}

/// Folds the events of `subject` up to the end of `until`, or all of them.
///
/// `events` may be in any order and hold those of partners merged into `subject`. Stages and
/// milestones go by the keys that `aliases` gives them now. Corrections, removals and merges hold
/// whatever the day, since they mend what was recorded; so does a sale that replaces another.
pub fn fold<'e>(
    subject: PartnerId,
    events: &'e [Recorded],
    aliases: &Aliases,
    until: Option<Day>,
) -> Folded<'e> {
    #[cfg(test)]
    crate::lifecycle::base::tally::count_fold();
    let mut conflicts = Vec::new();
    let order = arrange(subject, events, &mut conflicts);
    let fate = fate(subject, events);
    let yields = Yields::of(subject, events, &order);
    let mut state = Folding::start(subject, &order, until, (&yields, aliases));
    let past = order.iter().filter(|(day, _)| until.is_none_or(|until| *day <= until));
    for (day, recorded) in past {
        let step = match &mut state {
            Some(state) => state.step(*day, recorded, aliases),
            None => Err(EventMisfit::BeforeJoining.into()),
        };
        if let Err(what) = step {
            conflicts.push(Conflict { event: recorded.number, day: *day, what });
        }
    }
    let mut partner = state.map(Folding::finish);
    if let Some(partner) = partner.as_mut().filter(|_| events.iter().any(|one| one.partner != subject)) {
        let origins: HashMap<i64, PartnerId> = events.iter().map(|one| (one.number, one.partner)).collect();
        if yields.chooses_sales() {
            let counting = counting_sales(subject, (&order, &origins), aliases, &yields);
            partner.sales.retain(|sale| counting.contains(&sale.event));
        }
        drop_merged(&mut partner.sales, subject, &origins, &sales_merges(subject, events));
    }
    if let Some(partner) = partner.as_mut() {
        settle(&mut partner.sales, &replaced(&order));
    }
    Folded { state: partner, fate, conflicts, order }
}

/// Returns the sales that do not give way to those of a merged partner; what gives way does so from its first day on.
fn counting_sales(
    subject: PartnerId,
    (order, origins): (&[(Day, &Recorded)], &HashMap<i64, PartnerId>),
    aliases: &Aliases,
    yields: &Yields,
) -> HashSet<i64> {
    let mut sales =
        Folding::start(subject, order, None, (yields, aliases)).map_or_else(Vec::new, |mut state| {
            for (day, recorded) in order.iter().filter(|(_, one)| matches!(one.event, Event::Sold(_))) {
                let _ = state.step(*day, recorded, aliases);
            }
            state.partner.sales
        });
    yields.drop_sales(&mut sales, origins);
    sales.iter().map(|sale| sale.event).collect()
}

/// Returns the merges by which sales came to a partner, the earliest first.
fn sales_merges(subject: PartnerId, events: &[Recorded]) -> Vec<SalesMerge> {
    let mut merges: Vec<SalesMerge> = events
        .iter()
        .filter(|one| one.partner != subject)
        .filter_map(|one| match &one.event {
            Event::Merged(merged) => {
                Some(SalesMerge { event: one.number, from: one.partner, into: merged.into })
            }
            _ => None,
        })
        .collect();
    merges.sort_by_key(|merge| merge.event);
    merges
}

/// Returns the events that others replace, whatever their day.
fn replaced(order: &[(Day, &Recorded)]) -> BTreeSet<i64> {
    let ties = order.iter().filter_map(|(_, one)| match &one.event {
        Event::Sold(sold) => sold.ties.as_ref(),
        _ => None,
    });
    ties.flat_map(|ties| ties.replaces.iter().copied()).collect()
}

fn fate(subject: PartnerId, events: &[Recorded]) -> Fate {
    let own = events.iter().filter(|one| one.partner == subject);
    let fates = own.filter_map(|one| match &one.event {
        Event::Removed(_) => Some(Fate::Removed),
        Event::Merged(parts) => Some(Fate::MergedInto(parts.into)),
        _ => None,
    });
    fates.reduce(|_, last| last).unwrap_or(Fate::Live)
}

struct Folding<'y> {
    partner: Partner,
    right: HashMap<i64, RightParts>,
    yields: &'y Yields,
    /// Hold the plans that count beside others, by the merges that brought them.
    beside: BTreeMap<Vec<usize>, Partner>,
    /// Hold the plans that count until a draft of the partner is agreed, by the merge that brought them.
    beneath: BTreeMap<usize, Partner>,
}

impl<'y> Folding<'y> {
    /// Starts with what its `joined` event says of the partner; nothing if it comes only after `until`.
    fn start(
        subject: PartnerId,
        order: &[(Day, &Recorded)],
        until: Option<Day>,
        (yields, aliases): (&'y Yields, &Aliases),
    ) -> Option<Folding<'y>> {
        let is_own = |one: &&Recorded| one.partner == subject && matches!(one.event, Event::Joined(_));
        let own = order.iter().map(|(_, one)| *one).find(is_own)?;
        let (number, event) = (own.number, renamed(&own.event, aliases));
        let Event::Joined(joined) = &*event else { return None };
        let (since, _) = order.first()?;
        if until.is_some_and(|until| *since > until) {
            return None;
        }
        let mut partner = Partner::new(subject, *since, last_watched(subject, order), joined);
        for version in &mut partner.versions {
            version.attributes.retain(|key, _| yields.takes_attribute(number, subject, key));
        }
        let mut right = right_parts(order);
        let exits = right.values_mut().filter_map(|right| right.exit.why.as_mut());
        exits.for_each(|key| *key = aliases.part(Part::Reason, key).to_owned());
        Some(Folding { partner, right, yields, beside: BTreeMap::new(), beneath: BTreeMap::new() })
    }

    /// Returns the partner, with the plans that are added to its own, and those that count until its own are agreed.
    fn finish(mut self) -> Partner {
        let mut partner = self.partner;
        for (at, merge) in self.yields.of_plans().enumerate() {
            while let Some(path) = self.beside.keys().find(|path| path.first() == Some(&at)).cloned() {
                let brought = self.beside.remove(&path).map(|one| one.plans).unwrap_or_default();
                let into = match &path[1..] {
                    [] => &mut partner,
                    later => self.beside.entry(later.to_vec()).or_insert_with(|| without_plans(&partner)),
                };
                join_plans(&mut into.plans, brought, merge);
            }
        }
        self.beneath.into_values().for_each(|beneath| lay_beneath(&mut partner.plans, beneath.plans));
        partner
    }

    fn step(&mut self, day: Day, recorded: &Recorded, aliases: &Aliases) -> Result<(), Misfit> {
        if !self.yields.counts(recorded) {
            return Ok(());
        }
        let right = self.right.get(&recorded.number);
        let at = Moment {
            event: recorded.number,
            kind: recorded.event.kind(),
            day,
            recorded_day: recorded.day,
            own: recorded.partner == self.partner.id,
            origin: recorded.partner,
            yields: self.yields,
            aliases,
            calendar: aliases.calendar_at(recorded.number),
            corrected_by: right.map(|right| right.by),
            corrected_minor: right.and_then(|right| right.amount_minor),
            corrected_sale: right.map(|right| &right.sale),
            corrected_exit: right.map(|right| &right.exit),
        };
        let event = renamed(&recorded.event, aliases);
        let fresh = || without_plans(&self.partner);
        let apart = match self.yields.plan_fate(recorded) {
            PlanFate::Beside(merges) => Some(self.beside.entry(merges).or_insert_with(fresh)),
            PlanFate::Beneath(merge) => Some(self.beneath.entry(merge).or_insert_with(fresh)),
            PlanFate::Counts | PlanFate::Yields => None,
        };
        if let Some(apart) = apart {
            apart.stays.clone_from(&self.partner.stays);
            apart.returns = self.partner.returns;
            return event.happening().apply(apart, &at);
        }
        let Some(ended) = self.yields.ended_life(recorded, day) else {
            return event.happening().apply(&mut self.partner, &at);
        };
        let life = std::mem::replace(&mut self.partner.returns, ended);
        let applied = event.happening().apply(&mut self.partner, &at);
        self.partner.returns = life;
        applied
    }
}

fn without_plans(partner: &Partner) -> Partner {
    Partner { plans: Vec::new(), ..partner.clone() }
}

/// The last word after it joined on since when the partner is watched; it holds whatever the day it was said.
fn last_watched<'o>(subject: PartnerId, order: &[(Day, &'o Recorded)]) -> Option<&'o Edited> {
    let own = order.iter().filter(|(_, one)| one.partner == subject);
    let said: BTreeMap<i64, &Edited> = own
        .filter_map(|(_, one)| match &one.event {
            Event::Edited(edited) if edited.observed_from.is_some() => Some((one.number, edited)),
            _ => None,
        })
        .collect();
    said.into_values().next_back()
}
