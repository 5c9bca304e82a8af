//! What two partners that are to be merged both have, and do not agree on.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::corrections::merged::{MergeChoice, MergeChoices, MergePart};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::performance::events::WatchStep;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fields::PARENT;
use crate::lifecycle::revenue::copies::differing;

/// Something that both partners have, each in its own way, and whose word counts.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct MergeConflict {
    pub part: MergePart,
    /// What it is: the year of a plan, the key of a term, an attribute or a milestone, the reference of a sale.
    pub what: String,
    pub values: ConflictValues,
    pub choice: MergeChoice,
}

/// What each of the two says: the partner that stays first, then the one that goes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ConflictValues {
    /// Of a plan, the targets of the year.
    Amounts(Amount, Amount),
    Texts(String, String),
    /// The last step, and its day.
    Watch([(WatchStep, Day); 2]),
    Days(Day, Day),
    Sales([(Amount, Day); 2]),
}

/// Lists what both partners have and do not agree on; whoever is to be merged goes, the other one stays.
pub(crate) fn merge_conflicts(
    program: &Program,
    staying: &Partner,
    going: &Partner,
    choices: &MergeChoices,
) -> Vec<MergeConflict> {
    let choice = |part: MergePart| choices.get(&part).copied().unwrap_or(MergeChoice::Keep);
    let conflict = |part: MergePart, what: &str, values: ConflictValues| MergeConflict {
        part,
        what: what.to_owned(),
        values,
        choice: choice(part),
    };
    let money = |minor: i128| program.currency.amount(minor);
    let mut all = Vec::new();
    let plans = plan_targets(program, going);
    for (starts, (year, target)) in plan_targets(program, staying) {
        if let Some((_, other)) = plans.get(&starts) {
            let values = ConflictValues::Amounts(money(target), money(*other));
            all.push(conflict(MergePart::Plans, &year, values));
        }
    }
    let terms = agreed_terms(going);
    for (term, value) in agreed_terms(staying) {
        if let Some(other) = terms.get(term).filter(|other| **other != value) {
            let values = ConflictValues::Texts(value.to_owned(), (*other).to_owned());
            all.push(conflict(MergePart::Terms, term, values));
        }
    }
    for (key, value) in staying.attributes().iter().filter(|(key, _)| *key != PARENT) {
        let other = going.attribute(key).filter(|other| other != value);
        if let (Some(part), Some(other)) = (MergePart::of_attribute(key), other) {
            let values = ConflictValues::Texts(value.clone(), other.to_owned());
            all.push(conflict(part, key, values));
        }
    }
    if let (Some(own), Some(other)) = (staying.watch_records.last(), going.watch_records.last()) {
        let values = ConflictValues::Watch([(own.step, own.day), (other.step, other.day)]);
        all.push(conflict(MergePart::Watch, MergePart::Watch.word(), values));
    }
    for (milestone, [own, other]) in moved_by_both(staying, going) {
        all.push(conflict(MergePart::Dues, milestone, ConflictValues::Days(own, other)));
    }
    for (own, other) in differing(&staying.sales, &going.sales) {
        let part = |minor: i64, day: Day| (money(minor.into()), day);
        let values =
            ConflictValues::Sales([part(own.amount_minor, own.day), part(other.amount_minor, other.day)]);
        all.push(conflict(MergePart::Sales, own.reference.as_deref().unwrap_or_default(), values));
    }
    all
}

/// Returns the milestones that both moved to other days, with the last day by the one that stays and by the other.
fn moved_by_both<'p>(staying: &'p Partner, going: &Partner) -> Vec<(&'p str, [Day; 2])> {
    let mut moved = BTreeMap::new();
    for one in &staying.moved_dues {
        let same = going.moved_dues.iter().rev().find(|other| {
            (&other.milestone, &other.stage, other.days) == (&one.milestone, &one.stage, one.days)
        });
        if let Some(other) = same {
            moved.insert((&one.milestone, &one.stage, one.days), [one.moved.to, other.moved.to]);
        }
    }
    moved.into_iter().map(|((milestone, ..), days)| (milestone.as_str(), days)).collect()
}

/// Returns the attributes that the partner that goes has and the one that stays has not, which are kept.
pub(crate) fn taken_over(staying: &Partner, going: &Partner) -> Vec<(String, String)> {
    let is_new = |key: &str| {
        key != PARENT && MergePart::of_attribute(key).is_some() && staying.attribute(key).is_none()
    };
    let own = going.attributes().iter().filter(|(key, _)| is_new(key));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Open work for which nobody was named, and which goes from the owner of one partner to that of the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OtherHands {
    /// What is to be done.
    pub work: Vec<String>,
    pub from: String,
    pub to: String,
}

/// Returns the open actions and follow-ups that are another one's work once the two partners are merged.
pub(crate) fn work_of_another(
    staying: &Partner,
    going: &Partner,
    choices: &MergeChoices,
) -> Option<OtherHands> {
    let is_taken = choices.get(&MergePart::Owner) == Some(&MergeChoice::Take);
    let (own, other) = (staying.attribute("owner"), going.attribute("owner"));
    let (loses, from, to) = match (own, other) {
        (Some(own), Some(other)) if is_taken => (staying, own, other),
        (Some(own), Some(other)) => (going, other, own),
        _ => return None,
    };
    let open = loses.open_follow_ups().into_iter().chain(loses.open_tasks());
    let work: Vec<String> = open.filter(|one| one.owner.is_none()).map(|one| one.what.clone()).collect();
    let is_other = from.to_lowercase() != to.to_lowercase() && !work.is_empty();
    is_other.then(|| OtherHands { work, from: from.to_owned(), to: to.to_owned() })
}

/// Returns what each plan is called and its target in minor units, by the first day of its year.
fn plan_targets(program: &Program, partner: &Partner) -> BTreeMap<Day, (String, i128)> {
    let newest = partner.plans.iter().filter_map(|plan| {
        let target = plan.newest()?.year_minor();
        Some((plan.days.first, (program.calendar.named(plan.days).to_string(), target)))
    });
    newest.collect()
}

/// Returns what was agreed last of each term, unless it was withdrawn.
fn agreed_terms(partner: &Partner) -> BTreeMap<&str, &str> {
    let mut last: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for one in &partner.terms {
        last.insert(&one.term, one.value.as_deref());
    }
    last.into_iter().filter_map(|(term, value)| Some((term, value?))).collect()
}
