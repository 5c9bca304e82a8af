//! Settling milestones by hand: how their events are taken in, and the rules.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::due::Lacking;
use crate::lifecycle::facts::{Facts, MilestoneFact, PartnerFacts};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::milestone::agenda::is_reported;
use crate::lifecycle::milestone::events::{Done, MilestoneRecord, RecordedPeriod, Reopened, Skipped, Status};
use crate::lifecycle::milestone::held::{Held, MetNeed, MilestoneFacts};
use crate::lifecycle::milestone::lacking::{lacking, settling};
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::proof::{Proof, proofs};
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// What of a milestone is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum MilestoneAlready {
    Open {
        partner: String,
        what: MilestoneNamed,
    },
    Settled {
        partner: String,
        what: MilestoneNamed,
        status: Settlement,
        since: Day,
        by: Vec<Proof>,
    },
    /// It is due on that day.
    DueThen {
        partner: String,
        what: MilestoneNamed,
        due: Day,
    },
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
    /// What it needs is there, and it is not open again by saying so.
    SettledByFacts {
        named: MilestoneNamed,
        by: Vec<Proof>,
    },
    /// Something else settles it, which is not there yet; `key` is that of the partner.
    NotByHand {
        key: String,
        milestone: String,
        /// A period that is over, if it is one of that.
        period: Option<Period>,
        lacking: Lacking,
        step: Step,
    },
    /// It is for other partners than this one.
    NotForPartner {
        partner: String,
        milestone: String,
        applies: Applies,
    },
    /// A report is due as the program says, and its day is not moved for one partner.
    ReportDue {
        milestone: String,
    },
    /// The partner has not been in its stage, here by name, or has gone back before it.
    NotInStage {
        partner: String,
        milestone: String,
        stage: String,
        off: OffStage,
    },
    /// It was due in a stage, here by name, that the partner left on a day, and nobody waits for it any more.
    NotDueAnyMore {
        named: MilestoneNamed,
        partner: String,
        stage: String,
        on: Day,
    },
    /// Nothing that recurs is due of a partner that serves itself.
    SelfService {
        partner: String,
        milestone: String,
    },
    /// Nothing is to be wound up with a partner that was declined.
    WasDeclined {
        partner: String,
        milestone: String,
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
    /// The period ended before the partner came into the file.
    PeriodBefore {
        partner: String,
        period: Period,
        since: Day,
        current: Option<Period>,
    },
}

/// Where a partner is that is not in the stage of a milestone, and was not since it last came back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum OffStage {
    NotYet,
    /// It is in a later stage.
    Skipped,
    /// It was there and is in an earlier stage again, here by name.
    BackIn(String),
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
        mark(partner, at, (&self.milestone, self.leaving), (self.period.as_deref(), self.days), status)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.evidence);
        erase(&mut self.by);
    }
}

impl Happening for Skipped {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let status = Status::Skipped { reason: self.reason.clone() };
        mark(partner, at, (&self.milestone, self.leaving), (self.period.as_deref(), self.days), status)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Reopened {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let status = Status::Reopened { reason: self.reason.clone() };
        mark(partner, at, (&self.milestone, self.leaving), (self.period.as_deref(), self.days), status)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

fn mark(
    partner: &mut Partner,
    at: &Moment,
    (milestone, leaving): (&str, bool),
    (called, days): (Option<&str>, Option<DayRange>),
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
    let period = called.map(|called| {
        let own =
            partner.milestones.iter().filter(|one| one.life == partner.returns && one.milestone == milestone);
        let known = own.filter_map(|one| one.period.as_ref()).map(|one| (one.called.as_str(), one.days));
        RecordedPeriod { days: at.days(called, days, known), called: called.to_owned() }
    });
    let held = partner.milestone(&milestone, period.as_ref().map(|one| one.days)).is_some();
    match (&status, held) {
        (Status::Reopened { .. }, false) => return Err(MilestoneMisfit::Open { milestone }.into()),
        (Status::Done { .. } | Status::Skipped { .. }, true) => {
            return Err(MilestoneMisfit::Twice { milestone }.into());
        }
        _ => {}
    }
    let (event, day, life) = (at.event, at.day, partner.returns);
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
/// Refused for a partner that has left, a milestone that was skipped or is for other partners, or a period that does not
/// fit.
pub(crate) fn done(
    facts: PartnerFacts,
    request: MilestoneRequest,
    evidence: Option<&str>,
    by: Option<&str>,
) -> Ruling {
    let period = open_period(facts, request)?;
    refuse_left_out(facts, request.milestone)?;
    match facts.held(request.milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped: true })) => {
            let named = named(facts, request, period);
            return Err(Error::refused(MilestoneRefusal::Skipped { named, on: day }));
        }
        Some(held) => return Ok(already(facts, request, period.as_ref(), held)),
        None => refuse_by_hand(facts, request.milestone, period.as_ref())?,
    }
    let (milestone, days) = (request.milestone.key.clone(), period.as_ref().map(Period::days));
    let period = period.map(|period| period.to_string());
    let (evidence, by) = (evidence.map(str::to_owned), by.map(str::to_owned));
    let leaving = is_of_leaving(facts, request.milestone);
    Decision::record(Done { milestone, period, days, evidence, by, leaving })
}

/// Records that a milestone does not apply to this partner; a gate is then passed.
///
/// # Errors
/// Refused for a partner that has left, a milestone that is done or is for other partners, a period that does not fit, and
/// a report: what was not sold is reported, too.
pub(crate) fn skip(facts: PartnerFacts, request: MilestoneRequest, reason: &str) -> Ruling {
    let period = open_period(facts, request)?;
    refuse_left_out(facts, request.milestone)?;
    match facts.held(request.milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped: false })) => {
            let named = named(facts, request, period);
            return Err(Error::refused(MilestoneRefusal::Done { named, since: day }));
        }
        Some(held) => return Ok(already(facts, request, period.as_ref(), held)),
        None if is_reported(request.milestone) => {
            refuse_by_hand(facts, request.milestone, period.as_ref())?;
        }
        None => {}
    }
    let (milestone, days) = (request.milestone.key.clone(), period.as_ref().map(Period::days));
    let period = period.map(|period| period.to_string());
    let leaving = is_of_leaving(facts, request.milestone);
    Decision::record(Skipped { milestone, period, days, reason: reason.to_owned(), leaving })
}

/// Opens a milestone that was done or skipped.
///
/// # Errors
/// Refused for a partner that has left or a period that does not fit.
pub(crate) fn reopen(facts: PartnerFacts, request: MilestoneRequest, reason: Option<&str>) -> Ruling {
    let period = open_period(facts, request)?;
    let what = named(facts, request, period.clone());
    if let Some(Held::Met(met)) = facts.held(request.milestone, period.as_ref()) {
        let by = proofs(facts, met, period.as_ref());
        let named = named(facts, request, period);
        return Err(Error::refused(MilestoneRefusal::SettledByFacts { named, by }));
    }
    let recorded = match &period {
        Some(period) => facts.recorded_of(request.milestone, period),
        None => facts.partner.milestone(&request.milestone.key, None),
    };
    // What was recorded for a period of another fiscal calendar is opened as that.
    let days = recorded.and_then(|one| one.period.as_ref()).map(|period| period.days);
    let period = days.map(|days| facts.program.calendar.named(days).to_string());
    if recorded.is_none() {
        return Ok(Decision::already(MilestoneAlready::Open {
            partner: facts.partner.name().to_owned(),
            what,
        }));
    }
    let milestone = request.milestone.key.clone();
    let leaving = is_of_leaving(facts, request.milestone);
    Decision::record(Reopened { milestone, period, days, reason: reason.map(str::to_owned), leaving })
}

fn already(facts: PartnerFacts, request: MilestoneRequest, period: Option<&Period>, held: Held) -> Decision {
    let (status, by) = match held {
        Held::Recorded(MilestoneFact { skipped: true, .. }) => (Settlement::Skipped, Vec::new()),
        Held::Recorded(_) => (Settlement::Done, Vec::new()),
        Held::Met(MetNeed { need: Need::Questionnaire(_), .. }) => (Settlement::Passed, Vec::new()),
        Held::Met(met) => (Settlement::Done, proofs(facts, met, period)),
    };
    let (partner, what) = (facts.partner.name().to_owned(), named(facts, request, period.cloned()));
    Decision::already(MilestoneAlready::Settled { partner, what, status, since: held.day(), by })
}

/// A milestone that something else settles is not settled by saying so.
fn refuse_by_hand(facts: PartnerFacts, milestone: &Milestone, period: Option<&Period>) -> Result<(), Error> {
    // That a report was received is one truth with the revenue in it.
    let by_hand = milestone.by_hand && !is_reported(milestone);
    let Some(need) = milestone.needs.as_ref().filter(|_| !by_hand) else {
        return Ok(());
    };
    let (lacking, step) = lacking(facts, need, period);
    let over = period.filter(|period| period.last < facts.day);
    // What brings it today brings it for the current period.
    let step = over.map_or(step, |over| settling(facts, milestone, Some(over)).1);
    let (key, milestone, period) = (facts.partner.key.clone(), milestone.key.clone(), over.cloned());
    Err(Error::refused(MilestoneRefusal::NotByHand { key, milestone, period, lacking, step }))
}

/// Checks that a milestone is for the partner.
///
/// # Errors
/// Refused if it is for others.
pub(super) fn refuse_left_out(facts: PartnerFacts, milestone: &Milestone) -> Result<(), Error> {
    let found = facts.program.milestone(&milestone.key);
    let stage = found.map(|(stage, _)| stage);
    let own = found.map_or(milestone, |(_, own)| own);
    let scope = if stage.is_some() {
        facts.left_out_by(stage, own)
    } else {
        Some(&own.applies).filter(|scope| !facts.applies(scope))
    };
    let Some(applies) = scope.cloned() else { return Ok(()) };
    let (partner, milestone) = (facts.partner.name().to_owned(), milestone.key.clone());
    Err(Error::refused(MilestoneRefusal::NotForPartner { partner, milestone, applies }))
}

/// Returns whether it is an item of the list for partners that leave.
pub(super) fn is_of_leaving(facts: PartnerFacts, milestone: &Milestone) -> bool {
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

/// Returns the milestone that is meant, as a refusal names it.
pub(super) fn named(
    facts: PartnerFacts,
    request: MilestoneRequest,
    period: Option<Period>,
) -> MilestoneNamed {
    let (partner, milestone) = (facts.partner.key.clone(), request.milestone.key.clone());
    MilestoneNamed { partner, milestone, period }
}

/// Returns the period that is meant, if the milestone recurs.
///
/// # Errors
/// Refused for a partner that has left, for an item of the list for partners that leave if it has not, and for a period that
/// does not fit.
pub(super) fn open_period(facts: PartnerFacts, request: MilestoneRequest) -> Result<Option<Period>, Error> {
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
    let period = calendar.parse(typed).map_err(Error::usage)?;
    let of_this_length = calendar.containing(period.first, every);
    let kept = facts.program.report_calendars().period_of(period.first, every);
    if of_this_length.as_ref() != Some(&period) && kept.as_ref() != Some(&period) {
        let (milestone, on) = (key.clone(), facts.day);
        return Err(Error::refused(MilestoneRefusal::OtherPeriod { milestone, every, period, on, current }));
    }
    // What is due before its period begins can be done in the period before.
    let prepared = request.milestone.lead_days.and(calendar.containing(period.first.plus(-1), every));
    let opens = prepared.map_or(period.first, |before| before.first);
    if opens > facts.day {
        return Err(Error::refused(MilestoneRefusal::PeriodToCome { period, on: facts.day, current }));
    }
    let partner = facts.partner;
    let is_recorded = partner.milestone(key, Some(period.days())).is_some();
    if period.last < partner.since && !is_recorded {
        let (partner, since) = (partner.name().to_owned(), partner.since);
        return Err(Error::refused(MilestoneRefusal::PeriodBefore { partner, period, since, current }));
    }
    Ok(Some(period))
}
