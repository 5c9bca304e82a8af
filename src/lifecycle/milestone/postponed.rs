//! Moving the due day of a milestone for one partner: how the event is taken in, and the rule.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::facts::{Facts, MilestoneFact, PartnerFacts, StandingFact, StayFact};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::milestone::agenda::{
    due_day, due_once, is_reported, left_open, planned_day, planned_once, to_prepare,
};
use crate::lifecycle::milestone::events::{DueMoved, MovedDue};
use crate::lifecycle::milestone::held::Held;
use crate::lifecycle::milestone::moves::{moved_to, moves_of_period, moves_of_visit};
use crate::lifecycle::milestone::proof::proofs;
use crate::lifecycle::milestone::rules::{
    MilestoneAlready, MilestoneRefusal, MilestoneRequest, OffStage, is_of_leaving, named, open_period,
    refuse_left_out,
};
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::plans::follow_ups::refuse_due_before;
use crate::lifecycle::rule::{Decision, Ruling};
use crate::lifecycle::stage::events::{LeftAs, Standing};

impl Happening for DueMoved {
    // What was done sooner and recorded later needs no other day any more: the move then changes nothing.
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let stage = self.stage.as_deref().map(|stage| at.aliases.stage(stage));
        let visit = match stage {
            Some(stage) => partner.last_visit(stage).map(|(stay, _)| stay),
            None => partner.current(),
        };
        let (milestone, entered) =
            (at.aliases.milestone(&self.milestone), visit.map_or(at.day, |stay| stay.entered));
        // An earlier move may have been undone, or come to stand after this one: what it said is not taken from here.
        let before = match self.days {
            Some(days) => moves_of_period(partner, milestone, |one| one == days),
            None => moves_of_visit(partner, milestone, entered),
        };
        let from = before.last().map(|last| last.to).or(self.planned);
        let moved = DueMove { day: at.day, from, to: self.to, reason: Some(self.reason.clone()) };
        partner.moved_dues.push(MovedDue {
            milestone: milestone.to_owned(),
            stage: stage.map(str::to_owned),
            days: self.days,
            life: partner.returns,
            entered,
            moved,
        });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

/// Moves the day by which a milestone is due.
///
/// # Errors
/// Refused for a milestone that is settled, that is for other partners, or whose stage the partner has not entered; for a
/// report, which is due as the program says; and for a day before that of the agreement.
pub(crate) fn move_due(facts: PartnerFacts, request: MilestoneRequest, to: Day, reason: &str) -> Ruling {
    let milestone = request.milestone;
    let period = period_meant(facts, request)?;
    refuse_left_out(facts, milestone)?;
    let key = || milestone.key.clone();
    if is_reported(milestone) {
        return Err(Error::refused(MilestoneRefusal::ReportDue { milestone: key() }));
    }
    match facts.held(milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped })) => {
            let named = named(facts, request, period);
            return Err(Error::refused(if skipped {
                MilestoneRefusal::Skipped { named, on: day }
            } else {
                MilestoneRefusal::Done { named, since: day }
            }));
        }
        Some(Held::Met(met)) => {
            let by = proofs(facts, met, period.as_ref());
            let named = named(facts, request, period);
            return Err(Error::refused(MilestoneRefusal::SettledByFacts { named, by }));
        }
        None => {}
    }
    refuse_due_before(facts, to)?;
    let (stage, from, planned) = if is_of_leaving(facts, milestone) {
        refuse_declined(facts, milestone)?;
        let left = facts.partner.current().map_or(facts.day, |stay| stay.entered);
        let planned = milestone.due_days.map(|days| left.plus(days));
        (None, moved_to(facts, milestone, None, left).or(planned), planned)
    } else {
        let (stage, entered) = visit_of(facts, request, period.as_ref())?;
        let (from, planned) = match &period {
            Some(period) => {
                let planned = planned_day(facts, milestone, period, entered);
                (due_day(facts, milestone, period, entered), planned)
            }
            None => (due_once(facts, milestone, entered), planned_once(facts, milestone, entered)),
        };
        (Some(stage), from, planned)
    };
    if from == Some(to) {
        let (partner, what) = (facts.partner.name().to_owned(), named(facts, request, period));
        return Ok(Decision::already(MilestoneAlready::DueThen { partner, what, due: to }));
    }
    let days = period.as_ref().map(Period::days);
    let (period, reason) = (period.map(|period| period.to_string()), reason.to_owned());
    Decision::record(DueMoved { milestone: key(), stage, period, days, from, planned, to, reason })
}

/// Returns the period that is meant: without one, the next one if it is the one to prepare for, since the current one is
/// settled or asks for nothing.
///
/// # Errors
/// Those of [`open_period`].
fn period_meant(facts: PartnerFacts, request: MilestoneRequest) -> Result<Option<Period>, Error> {
    let period = open_period(facts, request)?;
    let next = to_prepare(facts, request.milestone).filter(|_| request.period.is_none());
    let (Some((next, _)), Some(current), Some(stay)) = (next, &period, facts.current()) else {
        return Ok(period);
    };
    let is_due = due_day(facts, request.milestone, current, stay.entered).is_some();
    let is_open = is_due && facts.held(request.milestone, Some(current)).is_none();
    Ok(if is_open { period } else { Some(next) })
}

/// Returns the stage of a milestone, and the first day of the partner's last visit to it.
///
/// # Errors
/// Refused if the partner has not entered the stage since it last came back, and if the milestone is not due any more, so
/// that another day of it would be seen nowhere.
fn visit_of(
    facts: PartnerFacts,
    request: MilestoneRequest,
    period: Option<&Period>,
) -> Result<(String, Day), Error> {
    let PartnerFacts { program, partner, .. } = facts;
    let milestone = request.milestone;
    let stage = program.milestone(&milestone.key).map(|(stage, _)| stage);
    let key = stage.map_or("", |stage| stage.key.as_str());
    let since_back: Vec<StayFact> =
        facts.stays().rev().take_while(|stay| stay.place != StandingFact::Left).collect();
    let position = |key: &str| program.position(key);
    let has_passed = facts.stage().and_then(position) > position(key);
    let off = |off: OffStage| {
        Error::refused(MilestoneRefusal::NotInStage {
            partner: partner.name().to_owned(),
            milestone: milestone.key.clone(),
            stage: program.stage_name(key).to_owned(),
            off,
        })
    };
    let Some(at) = since_back.iter().position(|stay| stay.stage() == Some(key)) else {
        return Err(off(if has_passed { OffStage::Skipped } else { OffStage::NotYet }));
    };
    match facts.stage() {
        Some(now) if now != key && !has_passed => {
            return Err(off(OffStage::BackIn(program.stage_name(now).to_owned())));
        }
        _ if milestone.every.is_some() && partner.is_self_service() => {
            return Err(Error::refused(MilestoneRefusal::SelfService {
                partner: partner.name().to_owned(),
                milestone: milestone.key.clone(),
            }));
        }
        _ => {}
    }
    let is_missed = || {
        let mut open = left_open(facts).into_iter();
        open.any(|one| one.milestone.key == milestone.key && one.period.as_ref() == period)
    };
    let is_over = if milestone.every.is_some() { !is_missed() } else { milestone.gate };
    if has_passed && is_over {
        let left = at.checked_sub(1).and_then(|next| since_back.get(next));
        return Err(Error::refused(MilestoneRefusal::NotDueAnyMore {
            named: named(facts, request, period.cloned()),
            partner: partner.name().to_owned(),
            stage: program.stage_name(key).to_owned(),
            on: left.map_or(facts.day, |next| next.entered),
        }));
    }
    Ok((key.to_owned(), since_back[at].entered))
}

/// Checks that there is something to wind up with a partner that left.
///
/// # Errors
/// Refused if it was declined.
fn refuse_declined(facts: PartnerFacts, milestone: &Milestone) -> Result<(), Error> {
    match facts.partner.standing() {
        Some(Standing::Left { label: LeftAs::Declined, .. }) => {
            Err(Error::refused(MilestoneRefusal::WasDeclined {
                partner: facts.partner.name().to_owned(),
                milestone: milestone.key.clone(),
            }))
        }
        _ => Ok(()),
    }
}
