//! Moves: from stage to stage, out of the way and back.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::held::MilestoneFacts;
use crate::lifecycle::milestone::lacking::settling;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::rule::{Decision, Ruling, has_left};
use crate::lifecycle::stage::events::{Entered, Left, LeftAs, Parked, Standing, Why};
use crate::lifecycle::stage::reason::ExitKind;
use crate::lifecycle::stage::refusal::{GateState, MissingGate, StageAlready, StageNamed, StageRefusal};
use crate::lifecycle::stage::section::Stage;

/// Moves on to the next stage, or to a later one; places a partner that stands nowhere yet.
///
/// `latest` is the partner after all that is recorded, to tell gates that are done later from open ones.
///
/// # Errors
/// Refused while gates are missing or stages would be skipped, unless overridden with a reason.
pub(crate) fn advance(
    facts: PartnerFacts,
    latest: &Partner,
    to: Option<&Stage>,
    override_reason: Option<&str>,
) -> Ruling {
    let PartnerFacts { program, partner, .. } = facts;
    let now = match partner.standing() {
        None => return place(facts, to.unwrap_or(facts.first_stage())),
        Some(Standing::In { stage }) => stage.as_str(),
        Some(other) => return Err(not_in_a_stage(facts, other)),
    };
    let Some(target) = to.or_else(|| facts.next_stage(now)) else {
        return Err(Error::refused(StageRefusal::LastStage {
            partner: partner.name().to_owned(),
            key: partner.key.clone(),
            stage: program.stage_name(now).to_owned(),
        }));
    };
    if target.key == now {
        return Ok(Decision::already(StageAlready::In {
            partner: partner.name().to_owned(),
            stage: target.name.clone(),
        }));
    }
    let (from, until) = (program.position(now).unwrap_or(0), program.position(&target.key).unwrap_or(0));
    if until < from {
        return Err(Error::refused(StageRefusal::LiesBefore {
            key: partner.key.clone(),
            to: StageNamed::of(target),
            now: program.stage_name(now).to_owned(),
        }));
    }
    refuse_foreign(facts, target)?;
    let missing = missing_on_the_way(facts, from, until);
    let between = program.stages()[from + 1..until].iter().filter(|stage| facts.applies(&stage.applies));
    let skipped: Vec<&str> = between.map(|stage| stage.name.as_str()).collect();
    if override_reason.is_none() {
        refuse_to_skip(facts, &skipped)?;
        refuse_missing(facts, latest, now, &missing)?;
    }
    let overriding = !missing.is_empty() || !skipped.is_empty();
    Decision::record(Entered {
        stage: target.key.clone(),
        why: Why::Advanced,
        unknown_day: false,
        overridden: missing,
        reason: override_reason.filter(|_| overriding).map(str::to_owned),
    })
}

fn place(facts: PartnerFacts, stage: &Stage) -> Ruling {
    refuse_foreign(facts, stage)?;
    Decision::record(entered(stage, Why::Placed, None))
}

/// Gates that are missing in the stages from position `from` up to, not including, `until`.
fn missing_on_the_way(facts: PartnerFacts, from: usize, until: usize) -> Vec<String> {
    let gates = facts.program.stages()[from..until].iter().flat_map(|stage| facts.asked_in(stage));
    gates.filter(|one| one.gate && facts.held_once(one).is_none()).map(|one| one.key.clone()).collect()
}

/// Returns the stage in which a partner with these attributes begins: the one that is asked for, or the first that
/// applies to it.
///
/// # Errors
/// [`StageRefusal::DoesNotApply`].
pub(crate) fn beginning<'p>(
    program: &'p Program,
    key: &str,
    attributes: &BTreeMap<String, String>,
    to: Option<&'p Stage>,
) -> Result<&'p Stage, Error> {
    let applies = |stage: &&Stage| stage.applies.admits(|key| attributes.get(key).map(String::as_str));
    let first = program.stages().iter().find(applies).unwrap_or(program.first_stage());
    match to {
        Some(stage) if !applies(&stage) => Err(does_not_apply(key, stage, Some(first))),
        to => Ok(to.unwrap_or(first)),
    }
}

/// Refuses a stage that does not apply to the partner as it is on the day.
///
/// # Errors
/// [`StageRefusal::DoesNotApply`].
pub(crate) fn refuse_foreign(facts: PartnerFacts, stage: &Stage) -> Result<(), Error> {
    if facts.applies(&stage.applies) {
        return Ok(());
    }
    let next = facts.stage().and_then(|now| facts.next_stage(now));
    Err(does_not_apply(&facts.partner.key, stage, next))
}

fn does_not_apply(key: &str, stage: &Stage, next: Option<&Stage>) -> Error {
    Error::refused(StageRefusal::DoesNotApply {
        key: key.to_owned(),
        stage: StageNamed::of(stage),
        scope: stage.applies.clone(),
        next: next.map(StageNamed::of),
    })
}

fn refuse_to_skip(facts: PartnerFacts, skipped: &[&str]) -> Result<(), Error> {
    if skipped.is_empty() {
        return Ok(());
    }
    let stages = skipped.iter().map(|stage| (*stage).to_owned()).collect();
    Err(Error::refused(StageRefusal::WouldSkip { key: facts.partner.key.clone(), stages }))
}

fn refuse_missing(
    facts: PartnerFacts,
    latest: &Partner,
    stage: &str,
    missing: &[String],
) -> Result<(), Error> {
    if missing.is_empty() {
        return Ok(());
    }
    let later = PartnerFacts { partner: latest, day: Day::LAST, ..facts };
    Err(Error::refused(StageRefusal::GatesMissing {
        partner: facts.partner.name().to_owned(),
        stage: facts.program.stage_name(stage).to_owned(),
        on: facts.day,
        gates: missing.iter().map(|gate| missing_gate(facts, later, gate)).collect(),
    }))
}

/// Returns what is known of a gate that is missing on the day; `later` is the partner after all that is recorded.
fn missing_gate(facts: PartnerFacts, later: PartnerFacts, gate: &str) -> MissingGate {
    let milestone = facts.program.milestone(gate).map(|(_, milestone)| milestone);
    let state = match (milestone.and_then(|one| later.held_once(one)), later.settling_event(gate)) {
        (Some(held), None) => GateState::Settled { since: held.day() },
        (Some(held), Some(event)) => GateState::Recorded { on: held.day(), event },
        (None, _) => {
            let partner = facts.partner.key.clone();
            let (lacking, step) = milestone
                .map_or((None, Step::Show { partner }), |milestone| settling(facts, milestone, None));
            GateState::Open { lacking, step }
        }
    };
    MissingGate { gate: gate.to_owned(), state }
}

/// Moves back to an earlier stage; milestones stay done.
///
/// # Errors
/// Refused if the partner is not in a later stage.
pub(crate) fn back(facts: PartnerFacts, to: &Stage, reason: &str) -> Ruling {
    let PartnerFacts { program, partner, .. } = facts;
    let now = match partner.standing() {
        Some(Standing::In { stage }) => stage.as_str(),
        Some(other) => return Err(not_in_a_stage(facts, other)),
        None => return Err(nowhere_yet(facts)),
    };
    if to.key == now {
        return Ok(Decision::already(StageAlready::In {
            partner: partner.name().to_owned(),
            stage: to.name.clone(),
        }));
    }
    if program.position(&to.key) > program.position(now) {
        return Err(Error::refused(StageRefusal::ComesAfter {
            key: partner.key.clone(),
            to: StageNamed::of(to),
            now: program.stage_name(now).to_owned(),
        }));
    }
    refuse_foreign(facts, to)?;
    Decision::record(entered(to, Why::Back, Some(reason)))
}

/// Returns the stages that a partner can go back to.
///
/// # Errors
/// Refused if there is none, or the partner is in no stage.
pub(crate) fn earlier_stages(facts: PartnerFacts<'_>) -> Result<&[Stage], Error> {
    let PartnerFacts { program, partner, .. } = facts;
    let now = match partner.standing() {
        Some(Standing::In { stage }) => stage,
        Some(other) => return Err(not_in_a_stage(facts, other)),
        None => return Err(nowhere_yet(facts)),
    };
    match program.position(now) {
        None | Some(0) => Err(Error::refused(StageRefusal::FirstStage {
            partner: partner.name().to_owned(),
            stage: program.stage_name(now).to_owned(),
        })),
        Some(position) => Ok(&program.stages()[..position]),
    }
}

/// Puts a partner aside for the time being.
///
/// # Errors
/// Refused if the partner has left or stands in no stage yet.
pub(crate) fn park(facts: PartnerFacts, until: Option<Day>, because: Because) -> Ruling {
    let partner = facts.partner;
    match partner.standing() {
        Some(Standing::In { .. }) => {}
        Some(Standing::Parked { .. }) => return parked_already(facts, until, because.why),
        Some(left) => return Err(not_in_a_stage(facts, left)),
        None => return Err(nowhere_yet(facts)),
    }
    if let Some(until) = until.filter(|until| *until <= facts.day) {
        return Err(Error::refused(StageRefusal::EndsBeforeItBegins { until, from: facts.day }));
    }
    if let Some(why) = because.why {
        refuse_unfit_reason(facts.program, why, ExitKind::Parked)?;
    }
    let Because { why, reason } = because;
    Decision::record(Parked { until, why: why.map(str::to_owned), reason: reason.map(str::to_owned) })
}

/// So already, unless another end was asked for: what was recorded of a stay is not changed by saying it again.
fn parked_already(facts: PartnerFacts, until: Option<Day>, why: Option<&str>) -> Ruling {
    let partner = facts.partner;
    if let Some(stay) = partner.current().filter(|stay| why.is_some() && stay.cause.as_deref() != why) {
        return Err(Error::refused(StageRefusal::OtherExit {
            partner: partner.name().to_owned(),
            since: stay.entered,
            known: (ExitKind::Parked, stay.cause.clone()),
            event: stay.event,
            right: (None, why.map(str::to_owned)),
        }));
    }
    let known = partner.current().and_then(|stay| stay.until);
    match until.filter(|until| Some(*until) != known) {
        None => {
            Ok(Decision::already(StageAlready::Parked { partner: partner.name().to_owned(), until: known }))
        }
        Some(until) => Err(Error::refused(StageRefusal::ParkedAlready {
            partner: partner.name().to_owned(),
            key: partner.key.clone(),
            known,
            until,
        })),
    }
}

/// Takes a parked partner up again, in the stage it was parked from or in an earlier one.
///
/// # Errors
/// Refused if the partner is not parked, the stage it was parked from is not known, or a later one
/// is asked for: parking passes no gates.
pub(crate) fn resume(facts: PartnerFacts, to: Option<&Stage>) -> Ruling {
    let PartnerFacts { program, partner, .. } = facts;
    let from = match partner.standing() {
        Some(Standing::Parked { from }) => from.as_deref(),
        Some(Standing::In { stage }) => {
            let (partner, stage) = (partner.name().to_owned(), program.stage_name(stage).to_owned());
            return Ok(Decision::already(StageAlready::NotParked { partner, stage }));
        }
        Some(left) => return Err(not_in_a_stage(facts, left)),
        None => return Err(nowhere_yet(facts)),
    };
    let Some(stage) = to.or_else(|| program.stage(from?)) else {
        return Err(Error::refused(StageRefusal::ParkedFromUnknown {
            partner: partner.name().to_owned(),
            stages: program.stages().iter().map(|stage| stage.key.clone()).collect(),
        }));
    };
    if let Some(from) = from.filter(|from| program.position(&stage.key) > program.position(from)) {
        return Err(Error::refused(StageRefusal::ComesAfterParked {
            partner: partner.name().to_owned(),
            key: partner.key.clone(),
            from: program.stage_name(from).to_owned(),
            to: StageNamed::of(stage),
        }));
    }
    Decision::record(entered(stage, Why::Resumed, None))
}

/// Why a partner leaves or is parked: the key of a reason of the program, own words, or both.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Because<'a> {
    pub why: Option<&'a str>,
    pub reason: Option<&'a str>,
}

/// Records that the partner leaves the channel, from wherever it is.
///
/// # Errors
/// Refused if it has left already under another label or for another reason of the program, and if the reason is not one
/// for leaving so.
pub(crate) fn leave(facts: PartnerFacts, label: LeftAs, because: Because) -> Ruling {
    let partner = facts.partner;
    let Because { why, reason } = because;
    if let Some(why) = why {
        refuse_unfit_reason(facts.program, why, ExitKind::Left(label))?;
    }
    if let Some((stay, Standing::Left { label: known, .. })) =
        partner.current().map(|stay| (stay, &stay.standing))
    {
        let other_why = why.filter(|why| stay.cause.as_deref() != Some(why));
        if *known == label && other_why.is_none() {
            return Ok(Decision::already(StageAlready::Left { partner: partner.name().to_owned() }));
        }
        return Err(Error::refused(StageRefusal::OtherExit {
            partner: partner.name().to_owned(),
            since: stay.entered,
            known: (ExitKind::Left(*known), stay.cause.clone()),
            event: stay.event,
            right: (Some(label).filter(|label| label != known), other_why.map(str::to_owned)),
        }));
    }
    Decision::record(Left { label, why: why.map(str::to_owned), reason: reason.map(str::to_owned) })
}

/// Refuses a reason of the program that is not one for such an exit. One that the program no longer has is taken: it was
/// recorded while it had it.
///
/// # Errors
/// [`StageRefusal::ReasonForOthers`].
pub(crate) fn refuse_unfit_reason(program: &Program, key: &str, exit: ExitKind) -> Result<(), Error> {
    let Some(reason) = program.reason(key).filter(|reason| !reason.is_for(exit)) else { return Ok(()) };
    let fitting = program.reasons.iter().filter(|one| one.is_for(exit)).map(|one| one.key.clone());
    Err(Error::refused(StageRefusal::ReasonForOthers {
        key: key.to_owned(),
        exits: reason.exits.clone(),
        exit,
        fitting: fitting.collect(),
    }))
}

/// Brings back a partner that left; its milestones start again.
///
/// # Errors
/// Refused if the partner has not left.
pub(crate) fn return_to(facts: PartnerFacts, to: Option<&Stage>) -> Ruling {
    let PartnerFacts { program, partner, .. } = facts;
    let stage = to.unwrap_or(facts.first_stage());
    match partner.standing() {
        Some(Standing::Left { .. }) => {}
        Some(Standing::In { stage }) => {
            let (partner, stage) = (partner.name().to_owned(), program.stage_name(stage).to_owned());
            return Ok(Decision::already(StageAlready::NotLeft { partner, stage }));
        }
        Some(parked) => return Err(not_in_a_stage(facts, parked)),
        None => return Err(nowhere_yet(facts)),
    }
    refuse_foreign(facts, stage)?;
    Decision::record(entered(stage, Why::Returned, None))
}

fn entered(stage: &Stage, why: Why, reason: Option<&str>) -> Event {
    Event::from(Entered {
        stage: stage.key.clone(),
        why,
        unknown_day: false,
        overridden: Vec::new(),
        reason: reason.map(str::to_owned),
    })
}

fn not_in_a_stage(facts: PartnerFacts, standing: &Standing) -> Error {
    let (partner, key) = (facts.partner.name().to_owned(), facts.partner.key.clone());
    match standing {
        Standing::Parked { .. } => {
            let since = facts.partner.current().map_or(facts.day, |stay| stay.entered);
            Error::refused(StageRefusal::Parked { partner, key, since })
        }
        Standing::Left { label, .. } => has_left(facts, *label),
        Standing::In { stage } => {
            let stage = facts.program.stage_name(stage).to_owned();
            Error::refused(StageRefusal::InStage { partner, stage })
        }
    }
}

fn nowhere_yet(facts: PartnerFacts) -> Error {
    Error::refused(StageRefusal::NowhereYet {
        partner: facts.partner.name().to_owned(),
        key: facts.partner.key.clone(),
        first: facts.program.first_stage().key.clone(),
    })
}
