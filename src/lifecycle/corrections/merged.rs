//! Whose word counts after a merge: what only one of the two partners has is kept, and where both have something, the one
//! that stays wins unless the merge says otherwise.
//!
//! Merges that were recorded before say nothing of it. They mean what they meant: attributes are those of the partner that
//! stays, everything else is taken over, the later word before the earlier.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::corrections::plan_years::plan_years;
use crate::lifecycle::corrections::sides::{MergeSide, idle_placing};
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::partner::events::{ContactChange, Edited, identity};
use crate::lifecycle::plans::events::year_of;
use crate::lifecycle::program::fields::PARENT;
use crate::lifecycle::program::several::further_of;
use crate::lifecycle::revenue::copies::differing;
use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::revenue::overlaps::giving_way;
use crate::lifecycle::revenue::reported::as_of_event;

/// What both partners of a merge can have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergePart {
    Plans,
    Terms,
    Attributes,
    Owner,
    Tier,
    /// What is done about a partner that does not perform.
    Watch,
    /// Due days of milestones that were moved.
    Dues,
    Sales,
}

/// Whose word counts where both have one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergeChoice {
    /// That of the partner that stays.
    Keep,
    /// Both are added up.
    Add,
    /// That of the partner that goes.
    Take,
}

/// What a merge says of the parts that both have; the partner that stays wins in all others.
pub(crate) type MergeChoices = BTreeMap<MergePart, MergeChoice>;

impl MergePart {
    pub const ALL: [MergePart; 8] = [
        MergePart::Plans,
        MergePart::Terms,
        MergePart::Attributes,
        MergePart::Owner,
        MergePart::Tier,
        MergePart::Watch,
        MergePart::Dues,
        MergePart::Sales,
    ];

    /// Returns the word by which commands know it.
    pub fn word(self) -> &'static str {
        match self {
            MergePart::Plans => "plans",
            MergePart::Terms => "terms",
            MergePart::Attributes => "attributes",
            MergePart::Owner => "owner",
            MergePart::Tier => "tier",
            MergePart::Watch => "watch",
            MergePart::Dues => "dues",
            MergePart::Sales => "sales",
        }
    }

    /// Returns the part that an attribute belongs to; none for the name, which is that of the partner that stays.
    pub(crate) fn of_attribute(key: &str) -> Option<MergePart> {
        match key {
            "name" => None,
            "owner" => Some(MergePart::Owner),
            "tier" => Some(MergePart::Tier),
            _ => Some(MergePart::Attributes),
        }
    }
}

/// What becomes of an event of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PlanFate {
    Counts,
    /// The other partner's plan counts.
    Yields,
    /// It counts beside the other partner's plan, or on days that one has not. With the positions of the merges by which.
    Beside(Vec<usize>),
    /// It was agreed, and the other one's is a draft: it counts until that is agreed. With the position of the merge.
    Beneath(usize),
}

/// Which events give way to those of the other partner, over all merges of a history.
#[derive(Default)]
pub(crate) struct Yields {
    merges: Vec<MergeRule>,
    /// The first day of the year that an event of a plan is about.
    years: HashMap<i64, Day>,
}

/// A milestone whose due day was moved, in a stage or for a period.
type DueKey = (String, Option<String>, Option<DayRange>);

/// One merge: who is on which side, and who wins what.
struct MergeRule {
    number: i64,
    staying: HashSet<PartnerId>,
    going: HashSet<PartnerId>,
    /// None for a merge that says nothing of it.
    choices: Option<MergeChoices>,
    plans: BTreeMap<Day, MergeChoice>,
    /// Years of the partner that goes which share days with another year of the one that stays.
    across: HashSet<Day>,
    /// Years of which the plan that wins is a draft, and the other one was agreed.
    drafted: HashSet<Day>,
    /// The event by which the partner that goes was placed first, if the one that stays had moved before: it is no move.
    placing: Option<i64>,
    terms: BTreeMap<String, MergeChoice>,
    attributes: BTreeMap<String, MergeChoice>,
    dues: BTreeMap<DueKey, MergeChoice>,
    watch: Option<MergeChoice>,
    ended: Option<EndedBefore>,
    /// Whom the partner that stays has as contacts, by what tells people apart, in lower case.
    people: HashSet<String>,
    /// Who must not be mailed by the word of either of the two.
    opted_out: HashSet<String>,
}

/// What ended before a merge, since the partner that goes had left and its stages are not taken over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct EndedBefore {
    /// The day and the number of the event by which it came back; none if it had not.
    back: Option<(Day, i64)>,
    /// The day on which it left last.
    left: Day,
}

/// What one side of a merge has.
#[derive(Default)]
struct Holdings {
    /// By the first day of the year, whether both sides agreed to any version.
    plans: BTreeMap<Day, bool>,
    terms: BTreeMap<String, Option<String>>,
    attributes: BTreeMap<String, Option<String>>,
    dues: HashSet<DueKey>,
    watched: bool,
    people: HashSet<String>,
    opted_out: HashSet<String>,
}

impl Holdings {
    /// Takes who comes and goes, and who may be mailed.
    fn meet(&mut self, edited: &Edited) {
        for ContactChange { from, to } in &edited.contacts_changed {
            let (from, to) = (folded(from), folded(identity(to)));
            self.people.remove(&from);
            if self.opted_out.contains(&from) {
                self.opted_out.insert(to.clone());
            }
            self.people.insert(to);
        }
        self.people.extend(edited.contacts.iter().map(|one| folded(identity(one))));
        edited.contacts_gone.iter().for_each(|one| {
            self.people.remove(&folded(one));
        });
        self.opted_out.extend(edited.opted_out.iter().map(|one| folded(one)));
        edited.opted_in.iter().for_each(|one| {
            self.opted_out.remove(&folded(one));
        });
    }
}

impl MergeRule {
    fn side(&self, partner: PartnerId) -> Option<MergeSide> {
        if self.going.contains(&partner) {
            Some(MergeSide::Going)
        } else if self.staying.contains(&partner) {
            Some(MergeSide::Staying)
        } else {
            None
        }
    }

    fn choice(&self, part: MergePart) -> MergeChoice {
        let choices = self.choices.as_ref();
        choices.and_then(|choices| choices.get(&part)).copied().unwrap_or(MergeChoice::Keep)
    }

    /// Returns whether what an event of a day says had ended before the merge.
    fn has_ended(&self, one: &Recorded, day: Day) -> bool {
        let is_before = one.number < self.number && self.side(one.partner) == Some(MergeSide::Going);
        let ended = self.ended.filter(|_| is_before);
        ended.is_some_and(|ended| ended.back.is_none_or(|back| (day, one.number) < back))
    }

    /// Decides who wins what, from what each side has.
    fn decide(&mut self, staying: &Holdings, going: &Holdings) {
        let both = |part: MergePart, one: bool, other: bool| (one && other).then(|| self.choice(part));
        let choice = self.choice(MergePart::Plans);
        let (mut plans, mut drafted) = (BTreeMap::new(), HashSet::new());
        for (year, own) in &staying.plans {
            let Some(other) = going.plans.get(year) else { continue };
            plans.insert(*year, choice);
            // Whether what wins, then what loses, was agreed.
            let agreed = if choice == MergeChoice::Take { (other, own) } else { (own, other) };
            let is_drafted = choice != MergeChoice::Add && agreed == (&false, &true);
            drafted.extend(is_drafted.then_some(*year));
        }
        let is_apart = |year: &Day, own: &Day| own != year && year_of(*own).shared(year_of(*year)).is_some();
        let across = going
            .plans
            .keys()
            .filter(|year| !plans.contains_key(*year) && staying.plans.keys().any(|own| is_apart(year, own)));
        let across = across.copied().collect();
        let dues = staying.dues.intersection(&going.dues);
        let dues = dues.map(|due| (due.clone(), self.choice(MergePart::Dues))).collect();
        let watch = both(MergePart::Watch, staying.watched, going.watched);
        self.people.clone_from(&staying.people);
        self.opted_out = &staying.opted_out | &going.opted_out;
        let terms = winners(&staying.terms, &going.terms, |_| Some(self.choice(MergePart::Terms)));
        let mut given = going.attributes.clone();
        // Under whom a partner stands is not for a merge to change.
        given.remove(PARENT);
        let attributes =
            winners(&staying.attributes, &given, |key| Some(self.choice(MergePart::of_attribute(key)?)));
        (self.plans, self.drafted, self.dues, self.watch) = (plans, drafted, dues, watch);
        (self.terms, self.attributes, self.across) = (terms, attributes, across);
    }
}

/// Returns who wins each value that the partner that goes has or had.
fn winners(
    staying: &BTreeMap<String, Option<String>>,
    going: &BTreeMap<String, Option<String>>,
    choice: impl Fn(&str) -> Option<MergeChoice>,
) -> BTreeMap<String, MergeChoice> {
    let has = |side: &BTreeMap<String, Option<String>>, key: &str| side.get(key).is_some_and(Option::is_some);
    let winner = |key: &String| {
        let chosen = choice(key)?;
        Some(match (has(staying, key), has(going, key)) {
            (true, true) => chosen,
            (false, true) => MergeChoice::Take,
            (_, false) => MergeChoice::Keep,
        })
    };
    going.keys().filter_map(|key| Some((key.clone(), winner(key)?))).collect()
}

/// Returns whether what is on a side of a merge gives way to the other side.
fn gives_way(side: Option<MergeSide>, choice: Option<MergeChoice>) -> bool {
    matches!(
        (side, choice),
        (Some(MergeSide::Going), Some(MergeChoice::Keep))
            | (Some(MergeSide::Staying), Some(MergeChoice::Take))
    )
}

impl Yields {
    /// Finds what gives way among the events of a partner, which are in the order in which they count.
    pub(crate) fn of(subject: PartnerId, events: &[Recorded], order: &[(Day, &Recorded)]) -> Yields {
        let mut merges: Vec<(i64, PartnerId, PartnerId, &Option<MergeChoices>)> = events
            .iter()
            .filter(|one| one.partner != subject)
            .filter_map(|one| match &one.event {
                Event::Merged(merged) => Some((one.number, one.partner, merged.into, &merged.choices)),
                _ => None,
            })
            .collect();
        if merges.iter().all(|(.., choices)| choices.is_none()) {
            return Yields::default();
        }
        merges.sort_by_key(|(number, ..)| *number);
        let mut yields = Yields { merges: Vec::new(), years: plan_years(order) };
        for (number, from, into, choices) in &merges {
            let before = |one: &&(i64, PartnerId, PartnerId, &Option<MergeChoices>)| one.0 < *number;
            let family = |root: PartnerId| {
                let mut members = HashSet::from([root]);
                let earlier: Vec<_> = merges.iter().filter(before).collect();
                while let Some((_, new, ..)) = earlier
                    .iter()
                    .find(|(_, from, into, _)| members.contains(into) && !members.contains(from))
                {
                    members.insert(*new);
                }
                members
            };
            let going = family(*from);
            let staying = &family(*into) - &going;
            let mut rule = MergeRule {
                number: *number,
                staying,
                going,
                choices: (*choices).clone(),
                plans: BTreeMap::new(),
                across: HashSet::new(),
                drafted: HashSet::new(),
                placing: None,
                terms: BTreeMap::new(),
                attributes: BTreeMap::new(),
                dues: BTreeMap::new(),
                watch: None,
                ended: None,
                people: HashSet::new(),
                opted_out: HashSet::new(),
            };
            rule.ended = ended_before(&rule, *from, events);
            if rule.choices.is_some() {
                let [staying, going] =
                    [MergeSide::Staying, MergeSide::Going].map(|side| yields.holdings(&rule, side, order));
                rule.decide(&staying, &going);
                rule.placing = yields.placing(&rule, order);
            }
            yields.merges.push(rule);
        }
        yields
    }

    /// Returns the event that places one of the two partners and moves nobody.
    fn placing(&self, rule: &MergeRule, order: &[(Day, &Recorded)]) -> Option<i64> {
        let moves = order.iter().filter(|(_, one)| one.number < rule.number && self.counts(one));
        idle_placing(moves.filter_map(|(day, one)| Some((*day, *one, rule.side(one.partner)?))))
    }

    /// Returns what one side of a merge has, as earlier merges left it.
    fn holdings(&self, rule: &MergeRule, side: MergeSide, order: &[(Day, &Recorded)]) -> Holdings {
        let mut held = Holdings::default();
        for (_, one) in order.iter().filter(|(_, one)| one.number < rule.number) {
            if rule.side(one.partner) == Some(side) && self.counts(one) {
                self.add(one, &mut held);
            }
        }
        held
    }

    fn add(&self, one: &Recorded, held: &mut Holdings) {
        let mut set = |key: &str, value: Option<&String>| {
            // Further values follow their attribute.
            if further_of(key).is_none() && self.takes_attribute(one.number, one.partner, key) {
                held.attributes.insert(key.to_owned(), value.cloned());
            }
        };
        match &one.event {
            Event::Joined(joined) => {
                joined.attributes.iter().for_each(|(key, value)| set(key, Some(value)));
                held.people.extend(joined.contacts.iter().map(|one| folded(identity(one))));
            }
            Event::Edited(edited) => {
                edited.attributes.iter().for_each(|(key, value)| set(key, value.as_ref()));
                held.meet(edited);
            }
            Event::Tiered(tiered) if !tiered.stays => set("tier", Some(&tiered.tier)),
            Event::TermsAgreed(agreed) => {
                let counting =
                    agreed.values.iter().filter(|(term, _)| self.takes_term(one.number, one.partner, term));
                held.terms.extend(counting.map(|(term, value)| (term.clone(), value.clone())));
            }
            Event::Planned(planned) => {
                held.plans.entry(planned.starts).or_default();
            }
            Event::Agreed(_) => {
                if let Some(is_agreed) = self.years.get(&one.number).and_then(|year| held.plans.get_mut(year))
                {
                    *is_agreed = true;
                }
            }
            Event::Watched(_) | Event::Improving(_) | Event::Decided(_) => held.watched = true,
            Event::DueMoved(moved) => {
                held.dues.insert((moved.milestone.clone(), moved.stage.clone(), moved.days));
            }
            _ => {}
        }
    }

    /// Returns whether an event counts, be it beside another; what it says of attributes and terms is asked one by one.
    pub(crate) fn counts(&self, one: &Recorded) -> bool {
        if self.merges.is_empty() {
            return true;
        }
        match &one.event {
            Event::Planned(_) | Event::Sent(_) | Event::Agreed(_) => self.plan_fate(one) != PlanFate::Yields,
            Event::Entered(_) => self.merges.iter().all(|rule| rule.placing != Some(one.number)),
            Event::Watched(_) | Event::Improving(_) | Event::Decided(_) => self.wins(one, |rule| rule.watch),
            Event::DueMoved(moved) => {
                let key = (moved.milestone.clone(), moved.stage.clone(), moved.days);
                self.wins(one, |rule| rule.dues.get(&key).copied())
            }
            _ => true,
        }
    }

    /// Returns whether an event is on the side that wins in all merges after it.
    fn wins(&self, one: &Recorded, choice: impl Fn(&MergeRule) -> Option<MergeChoice>) -> bool {
        let mut later = self.merges.iter().filter(|rule| one.number < rule.number);
        later.all(|rule| !gives_way(rule.side(one.partner), choice(rule)))
    }

    /// Returns what becomes of an event of a plan.
    pub(crate) fn plan_fate(&self, one: &Recorded) -> PlanFate {
        let Some(year) = self.years.get(&one.number) else { return PlanFate::Counts };
        let (mut beside, mut beneath) = (Vec::new(), None);
        for (at, rule) in self.merges.iter().enumerate().filter(|(_, rule)| one.number < rule.number) {
            let (side, choice) = (rule.side(one.partner), rule.plans.get(year).copied());
            if gives_way(side, choice) {
                if !rule.drafted.contains(year) {
                    return PlanFate::Yields;
                }
                beneath = beneath.or(Some(at));
            } else if side == Some(MergeSide::Going) {
                let is_beside = choice == Some(MergeChoice::Add) || rule.across.contains(year);
                beside.extend(is_beside.then_some(at));
            }
        }
        match beneath {
            Some(at) => PlanFate::Beneath(at),
            None if beside.is_empty() => PlanFate::Counts,
            None => PlanFate::Beside(beside),
        }
    }

    /// Returns the events of the merges in order, each with whose plans count after it where both have one.
    pub(crate) fn of_plans(&self) -> impl Iterator<Item = (i64, MergeChoice)> {
        self.merges.iter().map(|rule| (rule.number, rule.choice(MergePart::Plans)))
    }

    /// Returns the number of the life that an event belongs to, if its partner had left before it was merged: no partner comes
    /// back that often. What a merge takes by name goes on.
    pub(crate) fn ended_life(&self, one: &Recorded, day: Day) -> Option<u32> {
        let at = self.merges.iter().position(|rule| {
            let part = match &one.event {
                Event::TermsAgreed(_) => Some(MergePart::Terms),
                Event::Watched(_) | Event::Improving(_) | Event::Decided(_) => Some(MergePart::Watch),
                Event::DueMoved(_) => Some(MergePart::Dues),
                _ => None,
            };
            rule.has_ended(one, day) && part.is_none_or(|part| rule.choice(part) != MergeChoice::Take)
        })?;
        Some(u32::MAX - u32::try_from(at).unwrap_or(0))
    }

    /// Returns whether what an event says of a person gives way to what the partner that stays knows of the same one.
    pub(crate) fn knows_better(&self, number: i64, partner: PartnerId, person: &str) -> bool {
        let mut later = self.merges.iter().filter(|rule| number < rule.number);
        later
            .any(|rule| rule.side(partner) == Some(MergeSide::Going) && rule.people.contains(&folded(person)))
    }

    /// Returns whether a person who may be mailed again by an event may not, by what either partner said when they were merged.
    pub(crate) fn stays_opted_out(&self, number: i64, partner: PartnerId, person: &str) -> bool {
        let mut later =
            self.merges.iter().filter(|rule| number < rule.number && rule.side(partner).is_some());
        later.any(|rule| rule.opted_out.contains(&folded(person)))
    }

    /// Returns the last day of a plan whose partner had left before it was merged, unless the merge takes plans by name.
    pub(crate) fn plan_ends(&self, number: i64, partner: PartnerId) -> Option<Day> {
        let is_ended = |rule: &&MergeRule| {
            let is_before = number < rule.number && rule.side(partner) == Some(MergeSide::Going);
            is_before && rule.choice(MergePart::Plans) == MergeChoice::Keep
        };
        let ended = self.merges.iter().filter(is_ended).filter_map(|rule| rule.ended);
        ended.filter(|ended| ended.back.is_none()).map(|ended| ended.left).min()
    }

    /// Returns whether what an event says of a term counts.
    pub(crate) fn takes_term(&self, number: i64, partner: PartnerId, term: &str) -> bool {
        let mut later = self.merges.iter().filter(|rule| number < rule.number);
        later.all(|rule| !gives_way(rule.side(partner), rule.terms.get(term).copied()))
    }

    /// Returns whether what an event of one of the partners says of an attribute counts. Without merges that say otherwise, it
    /// is for whoever asks to leave out those of merged partners.
    pub(crate) fn takes_attribute(&self, number: i64, partner: PartnerId, key: &str) -> bool {
        let key = further_of(key).unwrap_or(key);
        let mut later = self.merges.iter().filter(|rule| number < rule.number);
        later.all(|rule| {
            let takes = rule.attributes.get(key) == Some(&MergeChoice::Take);
            match rule.side(partner) {
                Some(MergeSide::Going) => takes,
                Some(MergeSide::Staying) => !takes,
                None => true,
            }
        })
    }

    /// Returns whether a merge says whose word counts.
    pub(crate) fn is_empty(&self) -> bool {
        self.merges.is_empty()
    }

    /// Returns whether a merge chose between sales that contradict each other.
    pub(crate) fn chooses_sales(&self) -> bool {
        let chooses = |rule: &MergeRule| rule.choices.iter().any(|one| one.contains_key(&MergePart::Sales));
        self.merges.iter().any(chooses)
    }

    /// Drops the sales that give way to those of the other partner with the same reference or of the same days; `origins` says
    /// of each event whose it was.
    pub(crate) fn drop_sales(&self, sales: &mut Vec<Sale>, origins: &HashMap<i64, PartnerId>) {
        for rule in &self.merges {
            let choice = rule.choices.as_ref().and_then(|choices| choices.get(&MergePart::Sales));
            let (winner, loser) = match choice {
                Some(MergeChoice::Keep) => (MergeSide::Staying, MergeSide::Going),
                Some(MergeChoice::Take) => (MergeSide::Going, MergeSide::Staying),
                Some(MergeChoice::Add) | None => continue,
            };
            let known = || sales.iter().filter(|sale| sale.event < rule.number);
            let ties = known().filter_map(|sale| sale.ties.as_ref());
            let replaced: HashSet<i64> = ties.flat_map(|ties| &ties.replaces).copied().collect();
            let of_side = |side: MergeSide| -> Vec<Sale> {
                let is_of = |sale: &&Sale| {
                    let origin = origins.get(&sale.event).copied();
                    origin.and_then(|origin| rule.side(origin)) == Some(side)
                        && !replaced.contains(&sale.event)
                };
                known().filter(is_of).map(|sale| as_of_event(sale, rule.number)).collect()
            };
            let (winning, losing) = (of_side(winner), of_side(loser));
            let pairs = differing(&winning, &losing).into_iter().chain(giving_way(&winning, &losing));
            let lost: HashSet<i64> = pairs.map(|(_, loser)| loser.event).collect();
            sales.retain(|sale| !lost.contains(&sale.event));
        }
    }
}

/// Returns what ended with the leaving of the partner `from` before a merge that leaves out its stages.
fn ended_before(rule: &MergeRule, from: PartnerId, events: &[Recorded]) -> Option<EndedBefore> {
    rule.choices.as_ref()?;
    let merges = || {
        events.iter().filter_map(|one| match &one.event {
            Event::Merged(merged) => Some((one, merged)),
            _ => None,
        })
    };
    let is_left_out =
        |partner: PartnerId| merges().any(|(one, merged)| one.partner == partner && merged.without_stages);
    if !is_left_out(from) {
        return None;
    }
    let right: HashMap<i64, Day> = events
        .iter()
        .filter_map(|one| match &one.event {
            Event::Corrected(right) => Some((right.event, right.day?)),
            _ => None,
        })
        .collect();
    let is_own =
        |partner: PartnerId| partner == from || rule.going.contains(&partner) && !is_left_out(partner);
    let is_move = |one: &&Recorded| {
        let moves = matches!(one.event, Event::Entered(_) | Event::Parked(_) | Event::Left(_));
        moves && one.number < rule.number && is_own(one.partner)
    };
    let mut moves: Vec<(Day, &Recorded)> = events
        .iter()
        .filter(is_move)
        .map(|one| (right.get(&one.number).copied().unwrap_or(one.day), one))
        .collect();
    moves.sort_by_key(|(day, one)| (*day, one.number));
    let last = moves.iter().rposition(|(_, one)| matches!(one.event, Event::Left(_)))?;
    let back = moves.get(last + 1).map(|(day, one)| (*day, one.number));
    Some(EndedBefore { back, left: moves[last].0 })
}
