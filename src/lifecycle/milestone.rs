//! Milestones: done, skipped, open again.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::event::is_false;
use crate::lifecycle::facts::{Held, MilestoneFact, Scene};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::needs::{Lacking, lacking};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Milestone;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::stage::Standing;

/// A milestone was reached.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Done {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Who did it, where that is not who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// A milestone does not apply to this partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Skipped {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    pub reason: String,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// A milestone that was done or skipped is open again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reopened {
    pub milestone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It is an item of the list for partners that leave.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MilestoneRecord {
    pub event: i64,
    pub day: Day,
    pub milestone: String,
    pub period: Option<String>,
    pub status: Status,
    /// How often the partner had come back after leaving by then; milestones start again each time.
    pub life: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    Done { evidence: Option<String>, by: Option<String> },
    Skipped { reason: String },
    Reopened { reason: Option<String> },
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
    let has_left = matches!(partner.standing(), Some(Standing::Left { .. }));
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
    /// As typed; the period that contains the day where nothing was typed.
    pub period: Option<&'a str>,
}

/// Records that a milestone was reached.
///
/// # Errors
/// Refused for a partner that has left, a milestone that was skipped, or a period that does not fit.
pub(crate) fn done(
    scene: Scene,
    request: MilestoneRequest,
    evidence: Option<&str>,
    by: Option<&str>,
) -> Ruling {
    let period = open_period(scene, request)?;
    let what = described(request, period.as_ref());
    match scene.held(request.milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped: true })) => {
            return Err(Error::refused(format!("{what} was skipped on {day}"))
                .hint(format!("`chanlife reopen {} {}` first", scene.partner.key, request.milestone.key)));
        }
        Some(Held::Passed { day }) => return Ok(already(scene, &what, "passed", day)),
        Some(Held::Recorded(MilestoneFact { day, .. }) | Held::Settled { day }) => {
            return Ok(already(scene, &what, "done", day));
        }
        None => refuse_by_hand(scene, request.milestone)?,
    }
    let said = format!("{}: {what} is done", scene.partner.name());
    let (milestone, period) = (request.milestone.key.clone(), period.map(|period| period.to_string()));
    let (evidence, by) = (evidence.map(str::to_owned), by.map(str::to_owned));
    let leaving = is_of_leaving(scene, request.milestone);
    Decision::record(Done { milestone, period, evidence, by, leaving }, said)
}

/// Records that a milestone does not apply to this partner; a gate is then passed.
///
/// # Errors
/// Refused for a partner that has left, a milestone that is done, or a period that does not fit.
pub(crate) fn skip(scene: Scene, request: MilestoneRequest, reason: &str) -> Ruling {
    let period = open_period(scene, request)?;
    let what = described(request, period.as_ref());
    match scene.held(request.milestone, period.as_ref()) {
        Some(Held::Recorded(MilestoneFact { day, skipped: true })) => {
            return Ok(already(scene, &what, "skipped", day));
        }
        Some(Held::Recorded(MilestoneFact { day, .. })) => {
            return Err(Error::refused(format!("{what} is done since {day}"))
                .hint(format!("`chanlife reopen {} {}` first", scene.partner.key, request.milestone.key)));
        }
        Some(Held::Passed { day }) => return Ok(already(scene, &what, "passed", day)),
        Some(Held::Settled { day }) => return Ok(already(scene, &what, "done", day)),
        None => {}
    }
    let said = format!("{}: {what} is skipped", scene.partner.name());
    let (milestone, period) = (request.milestone.key.clone(), period.map(|period| period.to_string()));
    let leaving = is_of_leaving(scene, request.milestone);
    Decision::record(Skipped { milestone, period, reason: reason.to_owned(), leaving }, said)
}

/// Opens a milestone that was done or skipped.
///
/// # Errors
/// Refused for a partner that has left or a period that does not fit.
pub(crate) fn reopen(scene: Scene, request: MilestoneRequest, reason: Option<&str>) -> Ruling {
    let period = open_period(scene, request)?;
    let what = described(request, period.as_ref());
    match scene.held(request.milestone, period.as_ref()) {
        Some(Held::Passed { .. }) => refuse_by_hand(scene, request.milestone)?,
        Some(Held::Settled { .. }) if request.milestone.needs.is_some() => {
            refuse_by_hand(scene, request.milestone)?;
        }
        Some(Held::Settled { day }) => {
            let why = format!("{what} is settled by what was recorded on {day}");
            return Err(Error::refused(why).hint("`chanlife log` lists it; `chanlife undo` takes it back"));
        }
        _ => {}
    }
    let period = period.map(|period| period.to_string());
    if scene.partner.milestone(&request.milestone.key, period.as_deref()).is_none() {
        return Ok(Decision::AlreadySo(format!("{}: {what} is open already", scene.partner.name())));
    }
    let said = format!("{}: {what} is open again", scene.partner.name());
    let milestone = request.milestone.key.clone();
    let leaving = is_of_leaving(scene, request.milestone);
    Decision::record(Reopened { milestone, period, reason: reason.map(str::to_owned), leaving }, said)
}

fn already(scene: Scene, what: &str, status: &str, since: Day) -> Decision {
    Decision::AlreadySo(format!("{}: {what} is {status} since {since} already", scene.partner.name()))
}

/// A milestone that something else settles is not settled by saying so.
fn refuse_by_hand(scene: Scene, milestone: &Milestone) -> Result<(), Error> {
    let Some(need) = &milestone.needs else {
        return Ok(());
    };
    let (key, partner) = (&milestone.key, &scene.partner.key);
    let Lacking { by, so_far, command } = lacking(scene, need);
    let so_far = so_far.map_or_else(String::new, |so_far| format!(": {so_far}"));
    Err(Error::refused(format!("`{key}` is settled by {by}, not by hand{so_far}"))
        .hint(format!("`{command}` records it"))
        .hint(format!("`chanlife skip {partner} {key} --reason ...` passes it without; the reason is kept")))
}

/// Whether it is an item of the list for partners that leave.
fn is_of_leaving(scene: Scene, milestone: &Milestone) -> bool {
    scene.program.leaving.iter().any(|one| one.key == milestone.key)
}

fn refuse_still_here(scene: Scene, milestone: &Milestone) -> Result<(), Error> {
    let partner = scene.partner;
    match partner.standing() {
        Some(Standing::Left { .. }) => Ok(()),
        _ => Err(Error::refused(format!("`{}` is of partners that leave", milestone.key))
            .hint(format!("`chanlife leave {} --as terminated --reason REASON` first", partner.key))),
    }
}

fn described(request: MilestoneRequest, period: Option<&Period>) -> String {
    match period {
        None => format!("`{}`", request.milestone.key),
        Some(period) => format!("`{}` of {period}", request.milestone.key),
    }
}

/// The period that is meant, where the milestone recurs.
fn open_period(scene: Scene, request: MilestoneRequest) -> Result<Option<Period>, Error> {
    if is_of_leaving(scene, request.milestone) {
        return refuse_still_here(scene, request.milestone).map(|()| None);
    }
    refuse_left(scene)?;
    let key = &request.milestone.key;
    let Some(every) = request.milestone.every else {
        return match request.period {
            None => Ok(None),
            Some(_) => Err(Error::refused(format!("`{key}` does not recur, so it has no period"))
                .hint("leave --period out")),
        };
    };
    let calendar = scene.program.calendar;
    let current = calendar.containing(scene.day, every);
    let current_label = current.as_ref().map(Period::to_string).unwrap_or_default();
    let Some(typed) = request.period else {
        return Ok(current);
    };
    let period = calendar.parse(typed).map_err(Error::refused)?;
    let of_this_length = calendar.containing(period.first, every);
    if of_this_length.as_ref() != Some(&period) {
        let why = format!("`{key}` is done every {}, and {period} is not a {}", every.word(), every.word());
        return Err(Error::refused(why).hint(format!("for {} write --period {current_label}", scene.day)));
    }
    if period.first > scene.day {
        let why = format!("{period} begins on {}, after {}", period.first, scene.day);
        return Err(Error::refused(why).hint(format!("the current period is {current_label}")));
    }
    Ok(Some(period))
}
