//! Which milestones are due, overdue or missed, and how to settle them.

use std::collections::HashSet;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::due::{AgendaItem, ClosedAs, Due, DueKind, NextStep};
use crate::lifecycle::facts::{Facts, MilestoneFact, PartnerFacts, StandingFact};
use crate::lifecycle::milestone::events::{MilestoneRecord, MovedDue, Status};
use crate::lifecycle::milestone::held::{Held, MilestoneFacts};
use crate::lifecycle::milestone::lacking::{done_step, settling};
use crate::lifecycle::milestone::moves::moved_to;
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::stage::events::{LeftAs, Stay};
use crate::lifecycle::stage::section::Stage;

/// A milestone that was not settled in time: one of an earlier stage, or one that recurs in a period that is over.
#[derive(Clone, Debug)]
pub(crate) struct LeftOpen<'f> {
    pub stage: &'f Stage,
    pub milestone: &'f Milestone,
    /// The period of one that recurs.
    pub period: Option<Period>,
    /// The day by which it was due.
    pub due: Day,
}

impl LeftOpen<'_> {
    /// Returns whether it is one of a period that was missed: the period is over, and no later day was agreed.
    pub(crate) fn is_missed(&self, today: Day) -> bool {
        self.period.as_ref().is_some_and(|period| self.due < today || self.due <= period.last)
    }
}

/// Returns the open milestones of the stage that are due on a day, and those that were left open.
pub(crate) fn dues(facts: PartnerFacts, stage: &str) -> Vec<Due> {
    let PartnerFacts { program, partner, .. } = facts;
    let Some((stage, stay)) = program.stage(stage).zip(partner.current()) else { return Vec::new() };
    let open = facts.asked_in(stage).filter(|one| facts.is_open(one));
    let mut all: Vec<Due> = open.filter_map(|milestone| due(facts, stay, milestone)).collect();
    all.extend(facts.asked_in(stage).filter_map(|milestone| prepared_due(facts, milestone)));
    all.extend(left_open_dues(facts));
    all
}

fn prepared_due(facts: PartnerFacts, milestone: &Milestone) -> Option<Due> {
    let (period, day) = to_prepare(facts, milestone)?;
    let (name, lacking, by) = (milestone.name.clone(), None, milestone.by);
    let what = AgendaItem::Milestone { name, period: Some(period.clone()), lacking, by };
    Some(made(facts, milestone, Some(&period), day, what))
}

/// Returns the period after the current one and the day by which a milestone of it is due, if it is due before the
/// period begins and is still open.
pub(crate) fn to_prepare(facts: PartnerFacts, milestone: &Milestone) -> Option<(Period, Day)> {
    milestone.lead_days.filter(|_| !facts.partner.is_self_service() && !is_reported(milestone))?;
    let (calendar, every) = (facts.program.calendar, milestone.every?);
    let next = calendar.containing(calendar.containing(facts.day, every)?.last.plus(1), every)?;
    let day = due_day(facts, milestone, &next, facts.current()?.entered)?;
    facts.held(milestone, Some(&next)).is_none().then_some((next, day))
}

/// Returns the day by which a recurring milestone of a period is due: the last day of the period or, with `lead_days`, so
/// many days before it begins, but not sooner than so many days after the partner came into the stage. If that was before
/// it was watched, nobody knows, and it is due so many days after. None if the period has fewer days left than that, and
/// without `lead_days` if the partner is not asked for the period; none, too, if it was asked for most of its days by periods
/// that were over before the fiscal year moved.
pub(crate) fn due_day(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: &Period,
    entered: Day,
) -> Option<Day> {
    let is_before = |every: Every| facts.program.report_calendars().is_mostly_before(period, every);
    if milestone.every.is_some_and(is_before) {
        return None;
    }
    moved_to(facts, milestone, Some(period), entered)
        .or_else(|| planned_day(facts, milestone, period, entered))
}

/// Returns the day of [`due_day`] as it is without any move.
pub(crate) fn planned_day(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: &Period,
    entered: Day,
) -> Option<Day> {
    let watched = asked_from(facts, milestone);
    let Some(lead_days) = milestone.lead_days else {
        let stage = facts.program.milestone(&milestone.key).map(|(stage, _)| stage)?;
        let is_asked = is_reported(milestone) || facts.is_asked_for(&stage.key, period, watched);
        return is_asked.then(|| period.last.plus(days_after_period(facts.program, milestone)));
    };
    let day = period.first.plus(-lead_days).max(entered.plus(lead_days));
    let day = if day < watched { watched.plus(lead_days) } else { day };
    Some(day).filter(|day| day.plus(lead_days) <= period.last)
}

/// Returns whether a milestone is owed now; one that recurs is not, if it is not due in the current period any more, and a
/// report is not before its period is over.
pub(crate) fn is_owed(facts: PartnerFacts, milestone: &Milestone) -> bool {
    if is_reported(milestone) && !milestone.by_hand {
        return false;
    }
    let period = milestone.every.and_then(|every| facts.program.calendar.containing(facts.day, every));
    let due =
        period.zip(facts.current()).map(|(period, stay)| due_day(facts, milestone, &period, stay.entered));
    due.is_none_or(|due| due.is_some())
}

/// Returns the day by which a milestone that does not recur is due: so many days after the partner came into the stage. If
/// that was before it was asked of the partner, nobody knows whether it is late, and it is due so many days after that. A day
/// that was agreed with the partner holds instead.
pub(crate) fn due_once(facts: PartnerFacts, milestone: &Milestone, entered: Day) -> Option<Day> {
    moved_to(facts, milestone, None, entered).or_else(|| planned_once(facts, milestone, entered))
}

/// Returns the day of [`due_once`] as it is without any move.
pub(crate) fn planned_once(facts: PartnerFacts, milestone: &Milestone, entered: Day) -> Option<Day> {
    let days = milestone.due_days?;
    let (day, asked) = (entered.plus(days), asked_from(facts, milestone));
    Some(if day < asked { asked.plus(days) } else { day })
}

/// Returns the day by which a milestone that does not recur is due in a visit, as [`due_once`] does; if the day of entry is
/// not known, only one that was agreed.
pub(crate) fn due_in_visit(facts: PartnerFacts, milestone: &Milestone, stay: &Stay) -> Option<Day> {
    if stay.entry_known {
        return due_once(facts, milestone, stay.entered);
    }
    moved_to(facts, milestone, None, stay.entered)
}

fn due(facts: PartnerFacts, stay: &Stay, milestone: &Milestone) -> Option<Due> {
    let PartnerFacts { program, partner, day } = facts;
    let period = milestone.every.and_then(|every| program.calendar.containing(day, every));
    let due = match &period {
        Some(_) if partner.is_self_service() || is_reported(milestone) => return None,
        Some(period) => due_day(facts, milestone, period, stay.entered)?,
        None => due_in_visit(facts, milestone, stay)?,
    };
    let what = AgendaItem::Milestone {
        name: milestone.name.clone(),
        period: period.clone(),
        lacking: None,
        by: milestone.by,
    };
    Some(made(facts, milestone, period.as_ref(), due, what))
}

/// Makes what is due of a milestone; its id stays the same whatever the day.
fn made(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
    day: Day,
    what: AgendaItem,
) -> Due {
    let kind = if milestone.needs == Some(Need::Reviewed) { DueKind::Review } else { DueKind::Milestone };
    let returns = facts.partner.returns;
    let life = if returns > 0 { format!(".{returns}") } else { String::new() };
    let label = period.map_or_else(String::new, |period| format!(".{}", period.lasting_name()));
    Due {
        day,
        kind,
        what,
        step: settling(facts, milestone, period).1,
        id: format!("milestone.{}{label}{life}", milestone.key),
    }
}

/// Returns what is or was due of a milestone of a stage on a day to which it was moved.
pub(crate) fn moved_due(facts: PartnerFacts, moved: &MovedDue) -> Option<Due> {
    let (_, milestone) = facts.program.milestone(&moved.milestone)?;
    let calendars = facts.program.report_calendars();
    let period = match (moved.days, milestone.every) {
        (Some(days), Some(every)) => Some(calendars.home(days, every)?),
        (None, None) => None,
        _ => return None,
    };
    let (name, by) = (milestone.name.clone(), milestone.by);
    let what = AgendaItem::Milestone { name, period: period.clone(), lacking: None, by };
    Some(made(facts, milestone, period.as_ref(), moved.moved.to, what))
}

/// Returns how a milestone, or an item of the list for partners that leave, came to be settled, by the id of what was due;
/// none while it is open. What was due before the partner left and came back is as it was recorded then.
pub(crate) fn closed(facts: PartnerFacts, id: &str) -> Option<ClosedAs> {
    let (kind, rest) = id.split_once('.')?;
    let mut parts = rest.split('.');
    let key = parts.next()?;
    let own = match kind {
        "milestone" => facts.program.milestone(key).map(|(_, milestone)| milestone),
        "leaving" => facts.program.leaving.iter().find(|one| one.key == key),
        _ => None,
    }?;
    let period = match own.every {
        Some(_) => Some(facts.program.calendar.of_lasting_name(parts.next()?)?),
        None => None,
    };
    let life: u32 = parts.next().map_or(Some(0), |life| life.parse().ok())?;
    if life != facts.partner.returns {
        return closed_before(facts, own, period.as_ref(), life);
    }
    let held = facts.held(own, period.as_ref())?;
    let on = held.day();
    let is_skipped = matches!(held, Held::Recorded(fact) if fact.skipped);
    Some(if is_skipped { ClosedAs::Skipped { on } } else { ClosedAs::Done { on } })
}

/// Returns how a milestone was recorded in an earlier life of the partner, before it left and came back.
fn closed_before(
    facts: PartnerFacts,
    own: &Milestone,
    period: Option<&Period>,
    life: u32,
) -> Option<ClosedAs> {
    let calendar = facts.program.calendar;
    let is_of = |one: &MilestoneRecord| match (period, own.every, &one.period) {
        (Some(asked), Some(every), Some(known)) => calendar.is_of(known.days, asked, every),
        (None, _, None) => true,
        _ => false,
    };
    let mut known = facts.partner.milestones.iter().rev();
    let newest = known.find(|one| one.life == life && one.milestone == own.key && is_of(one))?;
    if matches!(newest.status, Status::Reopened { .. }) {
        return None;
    }
    let MilestoneFact { day: on, skipped, .. } = MilestoneFact::of(newest);
    Some(if skipped { ClosedAs::Skipped { on } } else { ClosedAs::Done { on } })
}

/// Returns whether what a milestone asks for is owed at the pace that is agreed, which the reports of revenue say.
pub(crate) fn is_reported(milestone: &Milestone) -> bool {
    milestone.every.is_some() && milestone.needs == Some(Need::Reported)
}

/// Returns what was left open, each missed period with how many there are of its milestone.
fn left_open_dues(facts: PartnerFacts) -> Vec<Due> {
    let all = left_open(facts);
    let due = |one: &LeftOpen| {
        let (name, by) = (one.milestone.name.clone(), one.milestone.by);
        let what = match &one.period {
            None => AgendaItem::Passed { name, stage: one.stage.name.clone(), by },
            Some(period) if !one.is_missed(facts.day) => {
                AgendaItem::Milestone { name, period: Some(period.clone()), lacking: None, by }
            }
            Some(period) => {
                let missed = || missed_of(&all, one.milestone, facts.day);
                let first = missed().next().unwrap_or(period).clone();
                let count = missed().count();
                AgendaItem::Missed { name, period: period.clone(), first, count, by }
            }
        };
        made(facts, one.milestone, one.period.as_ref(), one.due, what)
    };
    all.iter().map(due).collect()
}

/// Returns the periods in which a milestone was missed, in order.
fn missed_of<'a>(
    all: &'a [LeftOpen],
    milestone: &'a Milestone,
    today: Day,
) -> impl Iterator<Item = &'a Period> {
    let same =
        all.iter().filter(move |other| std::ptr::eq(other.milestone, milestone) && other.is_missed(today));
    same.filter_map(|other| other.period.as_ref())
}

/// Returns the day since when a milestone is asked of the partner: its milestones are recorded, and the program has it.
fn asked_from(facts: PartnerFacts, milestone: &Milestone) -> Day {
    facts.asked_from().max(facts.program.asked_from(&milestone.key))
}

/// Returns the milestones that were not settled in time, the oldest first; none for a partner that left.
///
/// In each stage in which it was since it last came back, these are those of periods that ended while it was there, and,
/// if it moved on, those that do not recur and are no gates. What lies before the day since when its milestones are
/// asked, or since when the program has this one, is unknown, not late, and so is what is due so many days after an entry
/// whose day is not known.
pub(crate) fn left_open(facts: PartnerFacts<'_>) -> Vec<LeftOpen<'_>> {
    if facts.partner.has_left() {
        return Vec::new();
    }
    let (program, since) = (facts.program, facts.back_since());
    let visits: Vec<_> = facts.stays().collect();
    let mut all: Vec<LeftOpen> = Vec::new();
    for (at, stay) in visits.iter().enumerate().filter(|(_, stay)| stay.entered >= since) {
        let StandingFact::In(key) = stay.place else { continue };
        let Some(stage) = program.stage(key) else { continue };
        let end = visits.get(at + 1).map_or(facts.day, |next| next.entered);
        for milestone in facts.asked_in(stage) {
            let asked = asked_from(facts, milestone);
            let visit = WatchedVisit { watched: stay.entered.max(asked), end };
            match milestone.every {
                Some(every) => {
                    let moved = moved_periods(facts, milestone, every, visit);
                    let missed = missed_periods(facts, milestone, every, visit);
                    let missed: Vec<Period> = moved.into_iter().chain(missed).collect();
                    all.extend(missed.into_iter().filter_map(|period| {
                        let due = due_day(facts, milestone, &period, stay.entered)?;
                        Some(LeftOpen { stage, milestone, period: Some(period), due })
                    }));
                }
                // It was open while it was asked, however long the partner had been there, or a day was agreed.
                None => {
                    let is_asked = stay.entry_known && end >= asked;
                    let passed = passed_by(facts, stage, milestone, stay.entered);
                    let is_moved = || moved_to(facts, milestone, None, stay.entered).is_some();
                    all.extend(passed.filter(|_| is_asked || is_moved()));
                }
            }
        }
    }
    // Of a stage that it was in twice, the last visit counts.
    all.reverse();
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert((&one.milestone.key, one.period.clone())));
    all.sort_by(|a, b| (a.due, &a.milestone.key).cmp(&(b.due, &b.milestone.key)));
    all
}

/// A visit to a stage, as far as it was watched.
#[derive(Clone, Copy)]
struct WatchedVisit {
    watched: Day,
    /// The day on which it ended, or today.
    end: Day,
}

/// Returns the periods that ended within a visit, before today, and were neither settled nor skipped; whether they were
/// asked, [`due_day`] says.
fn missed_periods(
    facts: PartnerFacts,
    milestone: &Milestone,
    every: Every,
    visit: WatchedVisit,
) -> Vec<Period> {
    if facts.partner.is_self_service() || is_reported(milestone) {
        return Vec::new();
    }
    let calendars = facts.program.report_calendars();
    let mut missed = Vec::new();
    let mut next = calendars.period_of(visit.watched, every);
    while let Some(period) = next.filter(|period| period.last < visit.end) {
        let after = period.last.plus(1);
        if facts.held(milestone, Some(&period)).is_none() {
            missed.push(period);
        }
        next = calendars.period_of(after, every).filter(|following| following.last >= after);
    }
    missed
}

/// Returns the open periods that ended before a visit was watched, and of which another day was agreed all the same.
fn moved_periods(
    facts: PartnerFacts,
    milestone: &Milestone,
    every: Every,
    visit: WatchedVisit,
) -> Vec<Period> {
    if facts.partner.moved_dues.is_empty() || facts.partner.is_self_service() {
        return Vec::new();
    }
    let partner = facts.partner;
    let own =
        partner.moved_dues.iter().filter(|one| one.life == partner.returns && one.milestone == milestone.key);
    let periods = own.filter_map(|one| facts.program.report_calendars().home(one.days?, every));
    let watched =
        facts.program.calendar.days_containing(visit.watched, every).map_or(visit.watched, |one| one.first);
    let earlier = periods.filter(|period| period.last < watched && period.last < visit.end);
    earlier.filter(|period| facts.held(milestone, Some(period)).is_none()).collect()
}

/// Returns a milestone that does not recur and is no gate, if it is open and the partner is in a later stage.
fn passed_by<'f>(
    facts: PartnerFacts<'f>,
    stage: &'f Stage,
    milestone: &'f Milestone,
    entered: Day,
) -> Option<LeftOpen<'f>> {
    let position = |key: &str| facts.program.position(key);
    let is_passed = facts.stage().and_then(position) > position(&stage.key);
    let due = due_once(facts, milestone, entered).filter(|_| is_passed && !milestone.gate)?;
    facts.held_once(milestone).is_none().then_some(LeftOpen { stage, milestone, period: None, due })
}

/// Returns the step for the recurring milestone that was missed longest, if any was.
pub(crate) fn missed_step(facts: PartnerFacts) -> Option<NextStep> {
    let mut missed =
        left_open_dues(facts).into_iter().filter(|due| matches!(due.what, AgendaItem::Missed { .. }));
    missed.next().map(|due| NextStep { what: due.what, step: due.step })
}

/// Returns the milestones that what was just recorded settles by what they need, with the period of a recurring one: of
/// stages in which the partner was or may come. Reports are not among them.
pub(crate) fn newly_settled<'a>(
    before: PartnerFacts<'a>,
    after: PartnerFacts<'a>,
) -> Vec<(&'a Milestone, Option<Period>)> {
    let program = before.program;
    let position = |stage: &Stage| program.position(&stage.key);
    let now = before.stage().and_then(|key| program.stage(key));
    let was_in = |stage: &Stage| before.stays().any(|stay| stay.stage() == Some(&stage.key));
    let concerns = |stage: &Stage| was_in(stage) || position(stage) >= now.and_then(position);
    let asked =
        program.stages().iter().filter(|stage| concerns(stage)).flat_map(|stage| before.asked_in(stage));
    let once = asked.filter(|one| one.every.is_none());
    let recurring = now.into_iter().flat_map(|stage| before.asked_in(stage)).filter_map(|one| {
        let period = program.calendar.containing(before.day, one.every?);
        Some((one, Some(period?)))
    });
    let of_now = now.into_iter().flat_map(|stage| before.asked_in(stage));
    let prepared = of_now.filter_map(|one| Some((one, Some(to_prepare(before, one)?.0))));
    let missed = left_open(before).into_iter().filter(|one| one.period.is_some());
    let missed = missed.map(|one| (one.milestone, one.period));
    let all = once.map(|one| (one, None)).chain(recurring).chain(prepared).chain(missed);
    let settled = all.filter(|(one, _)| one.needs.is_some() && !is_reported(one)).filter(|(one, period)| {
        let is_met = matches!(after.held(one, period.as_ref()), Some(Held::Met(_)));
        is_met && before.held(one, period.as_ref()).is_none()
    });
    settled.collect()
}

/// Returns how many days after the end of its period a recurring milestone is due: those that a report has.
fn days_after_period(program: &Program, milestone: &Milestone) -> i64 {
    if is_reported(milestone) { program.report_due_days() } else { 0 }
}

/// Returns how to settle an open milestone.
pub(crate) fn settling_step(facts: PartnerFacts, milestone: &Milestone) -> NextStep {
    let period = milestone.every.and_then(|every| facts.program.calendar.containing(facts.day, every));
    let (lacking, step) = settling(facts, milestone, period.as_ref());
    let (name, by) = (milestone.name.clone(), milestone.by);
    NextStep { what: AgendaItem::Milestone { name, period: None, lacking, by }, step }
}

/// Returns what is to be done for a partner that left, done or not; nothing for one that was declined.
pub(crate) fn leaving_items<'p>(
    program: &'p Program,
    partner: &'p Partner,
    label: LeftAs,
) -> impl Iterator<Item = &'p Milestone> {
    let items = program.leaving.iter().filter(move |_| label != LeftAs::Declined);
    items.filter(|one| one.applies.admits(|key| partner.attribute(key)))
}

/// Returns what is still to be done for a partner that left; nothing for one that was declined.
pub(crate) fn open_leaving<'p>(
    program: &'p Program,
    partner: &'p Partner,
    label: LeftAs,
) -> Vec<&'p Milestone> {
    let items = leaving_items(program, partner, label);
    items.filter(|one| partner.milestone(&one.key, None).is_none()).collect()
}

/// Returns the day by which an item of the list for partners that leave is due, for one that left on a day; none if it has
/// none, or nobody recorded then whether it was wound up.
pub(crate) fn leaving_day(facts: PartnerFacts, item: &Milestone, left: Day) -> Option<Day> {
    let is_known = left >= facts.asked_from();
    let planned = item.due_days.filter(|_| is_known).map(|days| left.plus(days));
    moved_to(facts, item, None, left).or(planned)
}

/// Returns the items of the list for partners that leave that are due on a day.
pub(crate) fn leaving_dues(facts: PartnerFacts, label: LeftAs) -> Vec<Due> {
    let partner = facts.partner;
    let Some(left) = partner.current().map(|stay| stay.entered) else { return Vec::new() };
    let open = open_leaving(facts.program, partner, label).into_iter();
    let due = open.filter_map(|item| {
        Some(Due {
            day: leaving_day(facts, item, left)?,
            kind: DueKind::Leaving,
            what: leaving_item(item),
            step: done_step(facts, item, None),
            id: format!("leaving.{}.{}", item.key, partner.returns),
        })
    });
    due.collect()
}

/// Returns the step for a partner that left.
pub(crate) fn leaving_step(facts: PartnerFacts, label: LeftAs) -> Option<NextStep> {
    let open = open_leaving(facts.program, facts.partner, label).into_iter().next()?;
    Some(NextStep { what: leaving_item(open), step: done_step(facts, open, None) })
}

fn leaving_item(item: &Milestone) -> AgendaItem {
    AgendaItem::Milestone { name: item.name.clone(), period: None, lacking: None, by: item.by }
}
