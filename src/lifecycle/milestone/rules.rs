//! Settling milestones: how their events are taken in, the rules, and what is due.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::criteria;
use crate::lifecycle::due::{AgendaItem, Due, DueKind, Lacking, NextStep};
use crate::lifecycle::enablement::rules::next_person;
use crate::lifecycle::facts::{Facts, Held, MilestoneFact, PartnerFacts};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::milestone::events::{Done, MilestoneRecord, Reopened, Skipped, Status};
use crate::lifecycle::milestone::section::{Milestone, Need, SettledBy};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::rules::step_of_period;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::stage::events::{LeftAs, Stay};

/// What of a milestone is so already; `what` is its key, with the period of a recurring one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum MilestoneAlready {
    Open { partner: String, what: String },
    Settled { partner: String, what: String, status: Settlement, since: Day },
}

/// How a milestone came to be settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Settlement {
    Done,
    Passed,
    Skipped,
}

/// Why a record of a milestone does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum MilestoneMisfit {
    /// The partner has left, and it is a milestone of a stage.
    AfterLeaving { milestone: String },
    /// The partner has not left, and it is an item of the list for partners that leave.
    BeforeLeaving { milestone: String },
    /// The milestone is reopened, but it is open.
    Open { milestone: String },
    /// The milestone is done or skipped already.
    Twice { milestone: String },
}

/// Why a record of a milestone is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum MilestoneRefusal {
    Skipped {
        named: MilestoneNamed,
        on: Day,
    },
    Done {
        named: MilestoneNamed,
        since: Day,
    },
    /// A record of the period settles it.
    SettledByRecord {
        named: MilestoneNamed,
        on: Day,
    },
    /// Something else settles it, which is not there yet; `key` is that of the partner.
    NotByHand {
        key: String,
        milestone: String,
        lacking: Lacking,
        step: Step,
    },
    /// It is an item of the list for partners that leave; `key` is that of the partner.
    OfLeaving {
        key: String,
        milestone: String,
    },
    NoPeriod {
        milestone: String,
    },
    /// The period is shorter or longer than those of the milestone.
    OtherPeriod {
        milestone: String,
        every: Every,
        period: Period,
        on: Day,
        current: Option<Period>,
    },
    PeriodToCome {
        period: Period,
        on: Day,
        current: Option<Period>,
    },
}

/// A milestone of a partner, for a recurring one of a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MilestoneNamed {
    /// The key of the partner.
    pub partner: String,
    pub milestone: String,
    pub period: Option<Period>,
}

impl Happening for Done {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let status = Status::Done { evidence: self.evidence.clone(), by: self.by.clone() };
        mark(partner, at, (&self.milestone, self.leaving), self.period.as_deref(), status)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.evidence);
        erase(&mut self.by);
    }
}

impl Happening for Skipped {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let status = Status::Skipped { reason: self.reason.clone() };
        mark(partner, at, (&self.milestone, self.leaving), self.period.as_deref(), status)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Reopened {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let status = Status::Reopened { reason: self.reason.clone() };
        mark(partner, at, (&self.milestone, self.leaving), self.period.as_deref(), status)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

fn mark(
    partner: &mut Partner,
    at: &Moment,
    (milestone, leaving): (&str, bool),
    period: Option<&str>,
    status: Status,
) -> Result<(), Misfit> {
    let milestone = at.aliases.milestone(milestone).to_owned();
    let has_left = partner.has_left();
    if has_left && !leaving {
        return Err(MilestoneMisfit::AfterLeaving { milestone }.into());
    }
    if leaving && !has_left {
        return Err(MilestoneMisfit::BeforeLeaving { milestone }.into());
    }
    let held = partner.milestone(&milestone, period).is_some();
    match (&status, held) {
        (Status::Reopened { .. }, false) => return Err(MilestoneMisfit::Open { milestone }.into()),
        (Status::Done { .. } | Status::Skipped { .. }, true) => {
            return Err(MilestoneMisfit::Twice { milestone }.into());
        }
        _ => {}
    }
    let (event, day, life) = (at.event, at.day, partner.returns);
    let period = period.map(str::to_owned);
    partner.milestones.push(MilestoneRecord { event, day, milestone, period, status, life });
    Ok(())
}

/// Which milestone is meant, and for a recurring one which period.
#[derive(Clone, Copy)]
pub(crate) struct MilestoneRequest<'a> {
    pub milestone: &'a Milestone,
    /// As typed; the period that contains the day if nothing was typed.
    pub period: Option<&'a str>,
}

/// Records that a milestone was reached.
///
/// # Errors
/// Refused for a partner that has left, a milestone that was skipped, or a period that does not fit.
pub(crate) fn done(
    facts: PartnerFacts,
    request: MilestoneRequest,
    evidence: Option<&str>,
    by: Option<&str>,
) -> Ruling {
    let period = open_period(facts, request)?;
    let what = described(request, period.as_ref());
    match facts.held(request.milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped: true })) => {
            let named = named(facts, request, period);
            return Err(Error::refused(MilestoneRefusal::Skipped { named, on: day }));
        }
        Some(Held::Passed { day }) => return Ok(already(facts, &what, Settlement::Passed, day)),
        Some(Held::Recorded(MilestoneFact { day, .. }) | Held::Settled { day }) => {
            return Ok(already(facts, &what, Settlement::Done, day));
        }
        None => refuse_by_hand(facts, request.milestone)?,
    }
    let (milestone, period) = (request.milestone.key.clone(), period.map(|period| period.to_string()));
    let (evidence, by) = (evidence.map(str::to_owned), by.map(str::to_owned));
    let leaving = is_of_leaving(facts, request.milestone);
    Decision::record(Done { milestone, period, evidence, by, leaving })
}

/// Records that a milestone does not apply to this partner; a gate is then passed.
///
/// # Errors
/// Refused for a partner that has left, a milestone that is done, or a period that does not fit.
pub(crate) fn skip(facts: PartnerFacts, request: MilestoneRequest, reason: &str) -> Ruling {
    let period = open_period(facts, request)?;
    let what = described(request, period.as_ref());
    match facts.held(request.milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped: true })) => {
            return Ok(already(facts, &what, Settlement::Skipped, day));
        }
        Some(Held::Recorded(MilestoneFact { day, .. })) => {
            let named = named(facts, request, period);
            return Err(Error::refused(MilestoneRefusal::Done { named, since: day }));
        }
        Some(Held::Passed { day }) => return Ok(already(facts, &what, Settlement::Passed, day)),
        Some(Held::Settled { day }) => return Ok(already(facts, &what, Settlement::Done, day)),
        None => {}
    }
    let (milestone, period) = (request.milestone.key.clone(), period.map(|period| period.to_string()));
    let leaving = is_of_leaving(facts, request.milestone);
    Decision::record(Skipped { milestone, period, reason: reason.to_owned(), leaving })
}

/// Opens a milestone that was done or skipped.
///
/// # Errors
/// Refused for a partner that has left or a period that does not fit.
pub(crate) fn reopen(facts: PartnerFacts, request: MilestoneRequest, reason: Option<&str>) -> Ruling {
    let period = open_period(facts, request)?;
    let what = described(request, period.as_ref());
    match facts.held(request.milestone, period.as_ref()) {
        Some(Held::Passed { .. }) => refuse_by_hand(facts, request.milestone)?,
        Some(Held::Settled { .. }) if request.milestone.needs.is_some() => {
            refuse_by_hand(facts, request.milestone)?;
        }
        Some(Held::Settled { day }) => {
            let named = named(facts, request, period);
            return Err(Error::refused(MilestoneRefusal::SettledByRecord { named, on: day }));
        }
        _ => {}
    }
    let period = period.map(|period| period.to_string());
    if facts.partner.milestone(&request.milestone.key, period.as_deref()).is_none() {
        return Ok(Decision::already(MilestoneAlready::Open {
            partner: facts.partner.name().to_owned(),
            what,
        }));
    }
    let milestone = request.milestone.key.clone();
    let leaving = is_of_leaving(facts, request.milestone);
    Decision::record(Reopened { milestone, period, reason: reason.map(str::to_owned), leaving })
}

fn already(facts: PartnerFacts, what: &str, status: Settlement, since: Day) -> Decision {
    let partner = facts.partner.name().to_owned();
    Decision::already(MilestoneAlready::Settled { partner, what: what.to_owned(), status, since })
}

/// A milestone that something else settles is not settled by saying so.
fn refuse_by_hand(facts: PartnerFacts, milestone: &Milestone) -> Result<(), Error> {
    let Some(need) = &milestone.needs else {
        return Ok(());
    };
    let (lacking, step) = lacking(facts, need);
    let (key, milestone) = (facts.partner.key.clone(), milestone.key.clone());
    Err(Error::refused(MilestoneRefusal::NotByHand { key, milestone, lacking, step }))
}

/// Whether it is an item of the list for partners that leave.
fn is_of_leaving(facts: PartnerFacts, milestone: &Milestone) -> bool {
    facts.program.leaving.iter().any(|one| one.key == milestone.key)
}

fn refuse_still_here(facts: PartnerFacts, milestone: &Milestone) -> Result<(), Error> {
    let partner = facts.partner;
    if partner.has_left() {
        return Ok(());
    }
    let (key, milestone) = (partner.key.clone(), milestone.key.clone());
    Err(Error::refused(MilestoneRefusal::OfLeaving { key, milestone }))
}

fn named(facts: PartnerFacts, request: MilestoneRequest, period: Option<Period>) -> MilestoneNamed {
    let (partner, milestone) = (facts.partner.key.clone(), request.milestone.key.clone());
    MilestoneNamed { partner, milestone, period }
}

fn described(request: MilestoneRequest, period: Option<&Period>) -> String {
    match period {
        None => format!("`{}`", request.milestone.key),
        Some(period) => format!("`{}` of {period}", request.milestone.key),
    }
}

/// The period that is meant, if the milestone recurs.
fn open_period(facts: PartnerFacts, request: MilestoneRequest) -> Result<Option<Period>, Error> {
    if is_of_leaving(facts, request.milestone) {
        return refuse_still_here(facts, request.milestone).map(|()| None);
    }
    refuse_left(facts)?;
    let key = &request.milestone.key;
    let Some(every) = request.milestone.every else {
        return match request.period {
            None => Ok(None),
            Some(_) => Err(Error::refused(MilestoneRefusal::NoPeriod { milestone: key.clone() })),
        };
    };
    let calendar = facts.program.calendar;
    let current = calendar.containing(facts.day, every);
    let Some(typed) = request.period else {
        return Ok(current);
    };
    let period = calendar.parse(typed).map_err(Error::refused)?;
    let of_this_length = calendar.containing(period.first, every);
    if of_this_length.as_ref() != Some(&period) {
        let (milestone, on) = (key.clone(), facts.day);
        return Err(Error::refused(MilestoneRefusal::OtherPeriod { milestone, every, period, on, current }));
    }
    if period.first > facts.day {
        return Err(Error::refused(MilestoneRefusal::PeriodToCome { period, on: facts.day, current }));
    }
    Ok(Some(period))
}

/// Returns what a milestone needs and does not have yet, and the step that brings it.
pub(crate) fn lacking(facts: PartnerFacts, need: &Need) -> (Lacking, Step) {
    let partner = facts.partner.key.clone();
    match need {
        Need::Questionnaire(questionnaire) => {
            let (so_far, step) = criteria::rules::lacking(facts, questionnaire);
            (Lacking::Answers { questionnaire: questionnaire.clone(), so_far }, step)
        }
        Need::Certified { course, people } => {
            let certified = facts.certified(course).len();
            let (course, people) = (course.clone(), *people);
            let person = next_person(facts, &course);
            let step = Step::Certify { partner, course: course.clone(), person };
            (Lacking::Certificates { course, certified, people }, step)
        }
        Need::Agreed(term) => {
            let kind = facts.program.term(term).map_or("text", |term| term.field.kind.word());
            let term = term.clone();
            (Lacking::Agreement { term: term.clone() }, Step::Agree { partner, term, kind })
        }
        Need::Delivered(material) => {
            let version = facts.delivered(material).map(|one| one.version.clone());
            let material = material.clone();
            (Lacking::Delivery { material: material.clone(), version }, Step::Deliver { partner, material })
        }
    }
}

/// Returns the open milestones of the stage that are due on a day.
pub(crate) fn dues(facts: PartnerFacts, stage: &str) -> Vec<Due> {
    let PartnerFacts { program, partner, .. } = facts;
    let Some((stage, stay)) = program.stage(stage).zip(partner.current()) else { return Vec::new() };
    let open = stage.milestones.iter().filter(|one| facts.is_open(one));
    open.filter_map(|milestone| due(facts, stay, milestone)).collect()
}

fn due(facts: PartnerFacts, stay: &Stay, milestone: &Milestone) -> Option<Due> {
    let PartnerFacts { program, partner, day } = facts;
    let period = milestone.every.and_then(|every| program.calendar.containing(day, every));
    let due = match (&period, milestone.due_days) {
        (Some(_), _) if partner.is_self_service() => return None,
        (Some(period), _) => period.last,
        (None, Some(days)) if stay.entry_known => stay.entered.plus(days),
        (None, _) => return None,
    };
    let kind = match milestone.settled_by {
        Some(SettledBy::Review) => DueKind::Review,
        // Reports are owed at the pace that is agreed.
        Some(SettledBy::Report) => return None,
        _ => DueKind::Milestone,
    };
    let life = if partner.returns > 0 { format!(".{}", partner.returns) } else { String::new() };
    let label = period.as_ref().map_or_else(String::new, |period| format!(".{period}"));
    Some(Due {
        day: due,
        kind,
        what: AgendaItem::Milestone { name: milestone.name.clone(), period, lacking: None },
        step: settling(facts, milestone).1,
        id: format!("milestone.{}{label}{life}", milestone.key),
    })
}

/// Returns how many days after the end of its period a recurring milestone is due: those that a report has.
pub(crate) fn days_after_period(program: &Program, milestone: &Milestone) -> i64 {
    if milestone.settled_by == Some(SettledBy::Report) { program.report_due_days() } else { 0 }
}

/// Returns how to settle an open milestone.
pub(crate) fn settling_step(facts: PartnerFacts, milestone: &Milestone) -> NextStep {
    let (lacking, step) = settling(facts, milestone);
    NextStep { what: AgendaItem::Milestone { name: milestone.name.clone(), period: None, lacking }, step }
}

fn settling(facts: PartnerFacts, milestone: &Milestone) -> (Option<Lacking>, Step) {
    if let Some(need) = &milestone.needs {
        let (lacking, step) = lacking(facts, need);
        return (Some(lacking), step);
    }
    let period = milestone.every.and_then(|every| facts.program.calendar.containing(facts.day, every));
    let of_period = milestone.settled_by.zip(period);
    let step = of_period.and_then(|(by, period)| step_of_period(facts, by, &period));
    (None, step.unwrap_or_else(|| done_step(facts.partner, milestone)))
}

fn done_step(partner: &Partner, milestone: &Milestone) -> Step {
    Step::Done { partner: partner.key.clone(), milestone: milestone.key.clone() }
}

/// Returns what is still to be done for a partner that left; nothing for one that was declined.
pub(crate) fn open_leaving<'p>(program: &'p Program, partner: &Partner, label: LeftAs) -> Vec<&'p Milestone> {
    let items = program.leaving.iter().filter(|_| label != LeftAs::Declined);
    items.filter(|one| partner.milestone(&one.key, None).is_none()).collect()
}

/// Returns the items of the list for partners that leave that are due on a day.
pub(crate) fn leaving_dues(facts: PartnerFacts, label: LeftAs) -> Vec<Due> {
    let partner = facts.partner;
    let Some(left) = partner.current().map(|stay| stay.entered) else { return Vec::new() };
    let open = open_leaving(facts.program, partner, label).into_iter();
    let due = open.filter_map(|item| {
        Some(Due {
            day: left.plus(item.due_days?),
            kind: DueKind::Leaving,
            what: AgendaItem::Milestone { name: item.name.clone(), period: None, lacking: None },
            step: done_step(partner, item),
            id: format!("leaving.{}.{}", item.key, partner.returns),
        })
    });
    due.collect()
}

/// Returns the step for a partner that left.
pub(crate) fn leaving_step(facts: PartnerFacts, label: LeftAs) -> Option<NextStep> {
    let open = open_leaving(facts.program, facts.partner, label).into_iter().next()?;
    Some(NextStep {
        what: AgendaItem::Milestone { name: open.name.clone(), period: None, lacking: None },
        step: done_step(facts.partner, open),
    })
}
