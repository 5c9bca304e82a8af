//! What is read of the channel beside where partners stand; each report says what it needs.

use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::performance::WatchRecord;
use crate::lifecycle::terms::Agreement;
use crate::report::reading::records::LineRecord;
use crate::store::{AssessmentRow, AttributesRow, MilestoneRow, PlannedYear};

/// What a report needs beside where partners stand: types of records, and whether all revenue.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Needs {
    /// One bit for each type.
    records: u32,
    all_sales: bool,
}

impl Needs {
    /// Nothing beside where partners stand.
    pub const NONE: Needs = Needs { records: 0, all_sales: false };

    /// All revenue; that of the last twelve months is read in any case, and so are all stays.
    pub const ALL_SALES: Needs = Needs { records: 0, all_sales: true };

    /// What the rules of gates and milestones look at.
    pub const MILESTONES: Needs = Needs::of::<MilestoneRow>()
        .and(Needs::of::<AttributesRow>())
        .and(Needs::of::<AssessmentRow>())
        .and(Needs::of::<Agreement>())
        .and(Needs::of::<Certificate>())
        .and(Needs::of::<Delivery>());

    /// What the rules of plans and of performance look at.
    pub const PERFORMANCE: Needs = Needs::ALL_SALES
        .and(Needs::of::<AttributesRow>())
        .and(Needs::of::<PlannedYear>())
        .and(Needs::of::<WatchRecord>())
        .and(Needs::of::<Agreement>());

    /// Returns the need for one type of records.
    pub const fn of<T: LineRecord>() -> Needs {
        Needs { records: 1 << T::AT, all_sales: false }
    }

    /// Returns what both need.
    pub const fn and(self, other: Needs) -> Needs {
        Needs { records: self.records | other.records, all_sales: self.all_sales || other.all_sales }
    }

    /// Returns the types of records, one bit for each.
    pub(super) fn records(self) -> u32 {
        self.records
    }

    /// Returns whether all revenue is needed.
    pub(super) fn all_sales(self) -> bool {
        self.all_sales
    }
}
