//! What two partners that are to be merged both have, and do not agree on.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::corrections::events::Merged;
use crate::lifecycle::corrections::merged::{MergeChoice, MergeChoices, MergePart};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::events::{Contact, is_same_person};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::performance::events::{WatchStatus, WatchStep};
use crate::lifecycle::plans::events::{BusinessPlan, PlanState, PlanVersion};
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fields::PARENT;
use crate::lifecycle::revenue::copies::{differing, overlapping};
use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::revenue::spans::{InTheWay, SaleSpan};
use crate::lifecycle::stage::events::Standing;

/// Something that both partners have, each in its own way, and whose word counts.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct MergeConflict {
    pub part: MergePart,
    /// What it is, if its values do not say it: the key of a term, an attribute or a milestone, the reference of a sale.
    pub what: String,
    pub values: ConflictValues,
    pub choice: MergeChoice,
}

/// What each of the two says: the partner that stays first, then the one that goes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ConflictValues {
    Plans(Period, [PlanHeld; 2]),
    /// Plans of two years that share days.
    PlansAcross {
        plans: [(Period, PlanHeld); 2],
        shared: DayRange,
    },
    Texts(String, String),
    /// The last step, and its day.
    Watch([(WatchStep, Day); 2]),
    Days(Day, Day),
    Sales([(Amount, Day); 2]),
    /// Records of the same days, of which the one is in the other.
    Records([Vec<InTheWay>; 2]),
}

/// What one of the two has planned for a year.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct PlanHeld {
    /// The target of the version that was drawn up last.
    pub newest: Amount,
    pub state: PlanState,
    /// The target of the version that both sides agreed to last.
    pub agreed: Option<Amount>,
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
    let plans = plans_of_both(program, staying, going);
    let mut all: Vec<MergeConflict> = plans
        .into_iter()
        .map(|(year, both)| conflict(MergePart::Plans, "", ConflictValues::Plans(year, both)))
        .collect();
    for (plans, shared) in plans_across(program, staying, going) {
        all.push(conflict(MergePart::Plans, "", ConflictValues::PlansAcross { plans, shared }));
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
    let records = records_of_same_days(staying, going, choice(MergePart::Sales));
    all.extend(records.into_iter().map(|both| conflict(MergePart::Sales, "", ConflictValues::Records(both))));
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

/// Returns the records of the same days that would count twice, those that are in each other together: of the partner that
/// stays first. The parts of a total are in it.
pub(crate) fn records_of_same_days(
    staying: &Partner,
    going: &Partner,
    choice: MergeChoice,
) -> Vec<[Vec<InTheWay>; 2]> {
    let is_taken = choice == MergeChoice::Take;
    let pairs = if is_taken {
        overlapping(&going.sales, &staying.sales)
    } else {
        overlapping(&staying.sales, &going.sales)
    };
    let mut groups: Vec<[BTreeMap<i64, &Sale>; 2]> = Vec::new();
    for (winning, losing) in pairs {
        let (own, other) = if is_taken { (losing, winning) } else { (winning, losing) };
        let mut joined = [BTreeMap::from([(own.event, own)]), BTreeMap::from([(other.event, other)])];
        groups.retain_mut(|[owns, others]| {
            let is_apart = !owns.contains_key(&own.event) && !others.contains_key(&other.event);
            if !is_apart {
                joined[0].append(owns);
                joined[1].append(others);
            }
            is_apart
        });
        groups.push(joined);
    }
    let in_the_way = |all: BTreeMap<i64, &Sale>| -> Vec<InTheWay> {
        let total = |sale: &Sale| sale.ties.as_ref().and_then(|ties| ties.part_of);
        let whole = all.values().filter(|sale| total(sale).is_none_or(|total| !all.contains_key(&total)));
        whole.map(|sale| SaleSpan::of(sale).in_the_way()).collect()
    };
    groups.into_iter().map(|group| group.map(in_the_way)).collect()
}

/// Returns the attributes that the partner that goes has and the one that stays has not, which are kept.
pub(crate) fn taken_over(staying: &Partner, going: &Partner) -> Vec<(String, String)> {
    let is_new = |key: &str| {
        key != PARENT && MergePart::of_attribute(key).is_some() && staying.attribute(key).is_none()
    };
    let own = going.attributes().iter().filter(|(key, _)| is_new(key));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What of a partner that left before it is merged ended then, and stays so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StaysEnded {
    pub left: Day,
    /// What years are called whose plans count up to that day.
    pub plans: Vec<String>,
    pub terms: Vec<String>,
    pub is_watched: bool,
    /// How many milestones were done or skipped.
    pub milestones: usize,
}

/// Returns what stays ended if a partner is merged that has left; none if its stages are taken over, or nothing ended.
pub(crate) fn stays_ended(program: &Program, going: &Partner, merged: &Merged) -> Option<StaysEnded> {
    let left = going.current().filter(|_| going.has_left() && merged.without_stages)?.entered;
    let choice = |part: MergePart| merged.choices.as_ref().and_then(|all| all.get(&part)).copied();
    let is_ended = |part: MergePart| choice(part) != Some(MergeChoice::Take);
    let plans = going.plans.iter().filter(|plan| plan.days.last > left && choice(MergePart::Plans).is_none());
    let terms = agreed_terms(going).into_keys().filter(|_| is_ended(MergePart::Terms));
    let milestones = going.milestones.iter().filter(|one| {
        going.milestone(&one.milestone, one.period.as_ref().map(|period| period.days)) == Some(one)
    });
    let ended = StaysEnded {
        left,
        plans: plans.map(|plan| program.calendar.named(plan.days).to_string()).collect(),
        terms: terms.map(str::to_owned).collect(),
        is_watched: is_ended(MergePart::Watch) && going.watch_status() != WatchStatus::None,
        milestones: milestones.count(),
    };
    let is_nothing =
        ended.plans.is_empty() && ended.terms.is_empty() && !ended.is_watched && ended.milestones == 0;
    (!is_nothing).then_some(ended)
}

/// A person whom both partners have, each otherwise, or who must not be mailed by the word of one of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SharedPerson {
    pub staying: Contact,
    pub going: Contact,
    /// As the person is known after the merge.
    pub now: Contact,
    /// Whether the person opted out of mail at the partner that goes and not at the one that stays.
    pub newly_opted_out: bool,
}

/// Returns the people whom both partners have, as far as they do not agree; `after` is the partner that stays with both.
pub(crate) fn shared_people(staying: &Partner, going: &Partner, after: &Partner) -> Vec<SharedPerson> {
    let shared = |own: &Contact| {
        let other = going.contacts.iter().find(|other| is_same_person(own, other))?;
        let now = after.contacts.iter().find(|now| is_same_person(own, now))?;
        let newly_opted_out = after.is_opted_out(now) && !staying.is_opted_out(own);
        let differs = own != other || newly_opted_out;
        let [staying, going, now] = [own, other, now].map(Contact::clone);
        differs.then_some(SharedPerson { staying, going, now, newly_opted_out })
    };
    staying.contacts.iter().filter_map(shared).collect()
}

/// Returns since when the partner that stays has left too, if a merge brings it the leaving of the one that goes.
pub(crate) fn leaves_with(staying: &Partner, going: &Partner, merged: &Merged) -> Option<Day> {
    let last = |partner: &Partner| partner.current().map(|stay| (stay.entered, stay.event));
    let is_last =
        !merged.without_stages && going.has_left() && !staying.has_left() && last(going) > last(staying);
    last(going).filter(|_| is_last).map(|(day, _)| day)
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

/// Returns the years for which both partners have a plan, with those plans: that of the partner that stays first.
pub(crate) fn plans_of_both(
    program: &Program,
    staying: &Partner,
    going: &Partner,
) -> Vec<(Period, [PlanHeld; 2])> {
    let mut own: Vec<&BusinessPlan> = staying.plans.iter().collect();
    own.sort_by_key(|plan| plan.days);
    let both = own.into_iter().filter_map(|plan| {
        let other = going.plans.iter().find(|other| other.days.first == plan.days.first)?;
        Some((program.calendar.named(plan.days), [plan, other].map(|plan| plan_held(program, plan))))
    });
    let held = |(year, [own, other]): (Period, [Option<PlanHeld>; 2])| Some((year, [own?, other?]));
    both.filter_map(held).collect()
}

/// Returns the plans of the two that are of different years and share days, with those days: that of the partner that stays first.
fn plans_across(
    program: &Program,
    staying: &Partner,
    going: &Partner,
) -> Vec<([(Period, PlanHeld); 2], DayRange)> {
    let is_of_both = |plan: &BusinessPlan| staying.plans.iter().any(|own| own.days.first == plan.days.first);
    let others: Vec<&BusinessPlan> = going.plans.iter().filter(|plan| !is_of_both(plan)).collect();
    let named = |plan: &BusinessPlan| Some((program.calendar.named(plan.days), plan_held(program, plan)?));
    let pairs = staying.plans.iter().flat_map(|own| others.iter().map(move |other| (own, *other)));
    pairs
        .filter_map(|(own, other)| Some(([named(own)?, named(other)?], own.days.shared(other.days)?)))
        .collect()
}

fn plan_held(program: &Program, plan: &BusinessPlan) -> Option<PlanHeld> {
    let target = |version: &PlanVersion| program.currency.amount(version.year_minor());
    let newest = plan.newest()?;
    Some(PlanHeld { newest: target(newest), state: newest.state(), agreed: plan.active().map(target) })
}

/// Returns what of the plans counts up to `today`, of both partners before a merge and of the one that stays, `after` it, if a merge
/// changes that.
pub(crate) fn plans_to_date(
    program: &Program,
    (staying, going): (&Partner, &Partner),
    after: &Partner,
    today: Day,
) -> Option<[Amount; 2]> {
    let to_date = |partner: &Partner| {
        let planned = PartnerFacts { program, partner, day: today }.planned(today);
        planned.within(DayRange { first: Day::FIRST, last: today }).map_or(0, |planned| planned.minor)
    };
    let [before, now] = [to_date(staying) + to_date(going), to_date(after)];
    // Parts are rounded to the minor unit each, so that two plans and their sum may differ by that.
    ((before - now).abs() > 2).then(|| [before, now].map(|minor| program.currency.amount(minor)))
}

/// How a merge leaves the partner that stays where it was not before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StageChange {
    pub from: Standing,
    pub to: Standing,
    /// The day of the move of the partner that goes which does it.
    pub day: Day,
}

/// Returns what a merge changes about where the partner that stays is, if the last move of both is one of the partner
/// that goes; `after` is the partner that stays with both.
pub(crate) fn stage_change(staying: &Partner, after: &Partner) -> Option<StageChange> {
    let (before, now) = (staying.current()?, after.current()?);
    let is_other = now.event != before.event && now.standing != before.standing;
    is_other.then(|| StageChange {
        from: before.standing.clone(),
        to: now.standing.clone(),
        day: now.entered,
    })
}

/// A merge with a partner that has left or is parked, of one that is in a stage: with that, nobody is in it any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StaysAway {
    /// How the partner that stays is away, and since when.
    pub away: Standing,
    pub since: Day,
    /// The stage of the partner that goes.
    pub stage: String,
}

/// Returns how the partner that stays is away, if the one that goes is in a stage and a merge leaves it so; `after` is the partner
/// that stays with both.
pub(crate) fn stays_away(staying: &Partner, going: &Partner, after: &Partner) -> Option<StaysAway> {
    let (before, now) = (staying.current()?, after.current()?);
    let is_away = !matches!(now.standing, Standing::In { .. });
    let stage = going.stage().filter(|_| is_away && before.event == now.event)?.to_owned();
    Some(StaysAway { away: now.standing.clone(), since: now.entered, stage })
}

/// Returns the stage of the partner that stays and that of the one that goes, if they differ and the first one stays.
pub(crate) fn stage_kept<'p>(
    (staying, going): (&'p Partner, &'p Partner),
    after: &Partner,
) -> Option<[&'p str; 2]> {
    let (own, other) = (staying.stage()?, going.stage()?);
    (own != other && after.stage() == Some(own)).then_some([own, other])
}

/// Returns what was agreed last of each term, unless it was withdrawn.
fn agreed_terms(partner: &Partner) -> BTreeMap<&str, &str> {
    let mut last: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for one in &partner.terms {
        last.insert(&one.term, one.value.as_deref());
    }
    last.into_iter().filter_map(|(term, value)| Some((term, value?))).collect()
}
