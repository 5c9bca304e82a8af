//! What is read of the channel beside where partners stand; each report says what it needs.

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::funds::Books;
use crate::lifecycle::performance::WatchRecord;
use crate::lifecycle::program::{Need, Program};
use crate::lifecycle::terms::Agreement;
use crate::lifecycle::tiers::TierReviewed;
use crate::report::reading::records::LineRecord;
use crate::store::{AssessmentRow, AttributesRow, MilestoneRow, PlannedYear, ReviewRow};

/// What a report needs beside where partners stand: types of records, and whether all revenue.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Needs {
    /// One bit for each type.
    records: u32,
    all_sales: bool,
    /// Whether the facts that the milestones of the program need.
    milestones: bool,
}

impl Needs {
    /// Nothing beside where partners stand.
    pub const NONE: Needs = Needs { records: 0, all_sales: false, milestones: false };

    /// All revenue; that of the last twelve months is read in any case, and so are all stays.
    pub const ALL_SALES: Needs = Needs { records: 0, all_sales: true, milestones: false };

    /// What the rules of gates and milestones look at, as far as the program needs it.
    pub const MILESTONES: Needs = Needs { records: 0, all_sales: false, milestones: true };

    /// What the rules of plans and of performance look at.
    pub const PERFORMANCE: Needs = Needs::ALL_SALES
        .and(Needs::of::<AttributesRow>())
        .and(Needs::of::<PlannedYear>())
        .and(Needs::of::<WatchRecord>())
        .and(Needs::of::<Agreement>());

    /// Returns the need for one type of records.
    pub const fn of<T: LineRecord>() -> Needs {
        Needs { records: 1 << T::AT, ..Needs::NONE }
    }

    /// Returns what both need.
    pub const fn and(self, other: Needs) -> Needs {
        Needs {
            records: self.records | other.records,
            all_sales: self.all_sales || other.all_sales,
            milestones: self.milestones || other.milestones,
        }
    }

    /// Returns all that is needed under a program, with the facts that its milestones need.
    pub(super) fn under(self, program: &Program) -> Needs {
        if !self.milestones {
            return self;
        }
        let own = Needs::of::<MilestoneRow>().and(Needs::of::<AttributesRow>());
        let once = program.milestones().filter(|(_, milestone)| milestone.every.is_none());
        let facts = once.flat_map(|(_, milestone)| milestone.needs.iter().flat_map(Need::facts));
        facts.map(Needs::of_fact).fold(self.and(own), Needs::and)
    }

    fn of_fact(fact: &Need) -> Needs {
        match fact {
            Need::Questionnaire(_) => Needs::of::<AssessmentRow>(),
            Need::Certified { .. } => Needs::of::<Certificate>(),
            Need::Agreed(_) | Need::Renewed(_) => Needs::of::<Agreement>(),
            Need::Delivered(_) => Needs::of::<Delivery>(),
            Need::Sold(_) | Need::Revenue(_) | Need::Reported => Needs::ALL_SALES,
            Need::Granted(_) | Need::Claimed(_) => Needs::of::<Books>(),
            Need::Announced(_) => Needs::of::<Notification>(),
            Need::Planned => Needs::of::<PlannedYear>(),
            Need::Reviewed => Needs::of::<ReviewRow>(),
            Need::TierReviewed => Needs::of::<TierReviewed>(),
            Need::Any(_) | Need::All(_) => Needs::NONE,
        }
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
