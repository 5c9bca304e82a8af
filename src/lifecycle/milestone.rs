//! Milestones of a stage.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::event::is_false;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::stage::Standing;

pub use crate::lifecycle::partner::{MilestoneRecord, Status};
pub use crate::lifecycle::rules::milestones::{MilestoneRequest, done, reopen, skip};

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

/// Why a record of a milestone does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MilestoneMisfit {
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
