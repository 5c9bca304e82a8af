//! What happens to the money of funds. Names stand in users' files for ever.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::Event;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::funds::books::Movement;
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;

/// Money for marketing came to a partner as a share of its revenue, or less of it after all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Accrued {
    pub fund: String,
    /// The quarter whose revenue brought it.
    pub period: String,
    pub amount_minor: i64,
    /// The last day on which it can be approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

impl Happening for Accrued {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        book(self.clone(), partner, at)
    }
}

/// Money for marketing was given to a partner from a budget.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Granted {
    pub fund: String,
    /// The fiscal year whose budget it comes from.
    pub period: String,
    pub amount_minor: i64,
    /// The last day on which it can be approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

impl Happening for Granted {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        book(self.clone(), partner, at)
    }
}

/// The partner asks for money for an activity.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Requested {
    pub fund: String,
    /// The kind of activity, such as `webinar`.
    pub activity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    pub starts: Day,
    pub ends: Day,
    /// What it costs in all.
    pub cost_minor: i64,
    /// What we are asked for; the rest is the partner's share.
    pub asked_minor: i64,
    /// The pipeline that is expected of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Happening for Requested {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        erase(&mut self.what);
        self.reference = self.reference.take().map(|text| forgetting.instead("request", &text));
    }
}

/// Money is set aside for a request.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Approved {
    /// The number of the event that brought the request.
    pub request: i64,
    pub amount_minor: i64,
    /// The last day on which it can be claimed.
    pub claim_by: Day,
}

impl Happening for Approved {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        book(self.clone(), partner, at)
    }
}

/// A request, or a claim, is refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// The number of the event that brought it.
    pub what: i64,
    pub reason: String,
}

// What was begun is brought to its end also after the partner left.
impl Happening for Refused {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

/// The partner did what was approved and wants the money.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claimed {
    pub request: i64,
    pub amount_minor: i64,
    /// What proves it, such as the number of an invoice.
    pub proof: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads: Option<i64>,
    /// The pipeline that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_minor: Option<i64>,
}

impl Happening for Claimed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.proof = forgetting.instead("proof", &self.proof);
    }
}

/// A claim was paid.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Paid {
    /// The number of the event that brought the claim.
    pub claim: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Happening for Paid {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reference);
    }
}

/// Nothing more comes of a request; what is left of it goes back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Closed {
    pub request: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Happening for Closed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

/// Takes a movement into the books of the partner.
fn book(event: impl Into<Event>, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
    let Some(movement) = Movement::of(at.event, at.day, &event.into(), at.corrected_minor) else {
        return Ok(());
    };
    partner.books.take(&movement)?;
    partner.movements.push(movement);
    Ok(())
}
