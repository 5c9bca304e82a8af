//! Corrections, removals and merges: events that mend what was recorded, or say what became of it.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{PartnerId, is_false};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::Partner;

pub use crate::lifecycle::rules::records::correct;

/// Another event's day or amount was recorded wrongly; these are the right ones.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// The number of the event that was wrong.
    pub event: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The partner was recorded by mistake and counts in no figure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Removed {
    pub reason: String,
}

/// The partner is the same as another, which takes over its history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Merged {
    pub into: PartnerId,
    /// The stages that this partner passed are not taken over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_stages: bool,
}

/// Who the partner is was erased from all that is recorded; what remains counts as before.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forgotten {}

/// Stands for events that could not be read when the file was rescued; none of a partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lost {
    /// How many numbers of events it stands for, its own with those behind it.
    pub events: i64,
}

/// Why a correction does not fit what was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CorrectionMisfit {
    /// There is no event with this number.
    NoSuchEvent { event: i64 },
}

// What these change is settled before the fold begins: they hold whatever their day.
impl Happening for Corrected {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for Removed {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Merged {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }
}

impl Happening for Forgotten {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }
}

impl Happening for Lost {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }
}
