//! The facts of one line, over which the rules of the lifecycle are written.

use std::collections::BTreeSet;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::facts::{AssessmentFact, Facts, MilestoneFact, StandingFact, StayFact};
use crate::lifecycle::funds::{Books, FundLedger};
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::performance::WatchStatus;
use crate::lifecycle::plans::PlanFact;
use crate::lifecycle::program::Program;
use crate::lifecycle::terms::Agreement;
use crate::lifecycle::tiers::TierReviewed;
use crate::report::reading::channel::Channel;
use crate::report::reading::line::Line;
use crate::store::{AssessmentRow, PlannedYear, ReviewRow, SaleRow, StandingRow};

/// The facts of one line.
#[derive(Clone, Copy)]
pub struct LineFacts<'c> {
    channel: &'c Channel<'c>,
    line: &'c Line,
}

impl<'c> Facts<'c> for LineFacts<'c> {
    type Sale = SaleRow;

    fn program(self) -> &'c Program {
        self.channel.program
    }

    fn day(self) -> Day {
        self.channel.as_of
    }

    fn observed_from(self) -> Day {
        self.line.observed_from
    }

    fn asked_from(self) -> Day {
        self.line.asked_from
    }

    fn attribute(self, key: &str) -> Option<&'c str> {
        self.line.attribute(key)
    }

    fn stays(self) -> impl DoubleEndedIterator<Item = StayFact<'c>> {
        self.channel.stays_of(self.line).iter().map(move |stay| StayFact {
            place: match stay.place {
                StandingRow::In(stage) => StandingFact::In(&self.channel.stages[stage]),
                StandingRow::Parked(_) => StandingFact::Parked,
                StandingRow::Left(..) => StandingFact::Left,
            },
            entered: stay.entered,
            entry_known: stay.entry_known,
        })
    }

    fn sales(self) -> &'c [SaleRow] {
        self.channel.sales_of(self.line)
    }

    fn milestone(self, key: &str) -> Option<MilestoneFact> {
        self.line.settled(key)
    }

    fn assessment_on(self, questionnaire: &str, day: Day) -> Option<AssessmentFact> {
        let found = self.line.assessment_on(questionnaire, day)?;
        Some(AssessmentFact { day: found.day, verdicts: found.verdicts_on(day) })
    }

    fn assessments(self) -> impl DoubleEndedIterator<Item = (&'c str, AssessmentFact)> {
        self.line.records().iter().map(move |row: &AssessmentRow| {
            (
                row.questionnaire.as_str(),
                AssessmentFact { day: row.day, verdicts: row.verdicts_on(self.channel.as_of) },
            )
        })
    }

    fn agreements(self) -> impl DoubleEndedIterator<Item = &'c Agreement> {
        self.line.records().iter()
    }

    fn certificates(self) -> impl Iterator<Item = &'c Certificate> {
        self.line.records().iter()
    }

    fn deliveries(self) -> impl DoubleEndedIterator<Item = &'c Delivery> {
        self.line.records().iter()
    }

    fn plans(self) -> impl DoubleEndedIterator<Item = PlanFact<'c>> {
        self.line.records().iter().map(|row: &PlannedYear| PlanFact { year: row.year, version: &row.version })
    }

    fn reviews(self) -> impl DoubleEndedIterator<Item = (DayRange, Day)> {
        self.line.records().iter().map(|row: &ReviewRow| (row.days, row.day))
    }

    fn tier_reviews(self) -> impl DoubleEndedIterator<Item = Day> {
        self.line.records().iter().map(|row: &TierReviewed| row.day)
    }

    fn notifications(self) -> impl DoubleEndedIterator<Item = &'c Notification> {
        self.line.records().iter().filter(|one: &&Notification| one.is_told())
    }

    fn ledger(self, fund: &str) -> Option<&'c FundLedger> {
        self.line.records().first().and_then(|books: &Books| books.ledger(fund))
    }

    fn watch_status(self) -> WatchStatus {
        self.line.watch_status()
    }
}

impl LineFacts<'_> {
    /// Returns the milestones that do not recur and are settled, in order of their keys, also those that the program no
    /// longer has.
    pub fn milestones_held(self) -> BTreeSet<String> {
        let known = self.program().milestones().map(|(_, milestone)| milestone);
        let held = known.filter(|one| one.every.is_none() && self.held_once(one).is_some());
        let recorded = self.line.settled_keys().cloned();
        held.map(|one| one.key.clone()).chain(recorded).collect()
    }
}

impl Channel<'_> {
    /// Returns the facts of a line, over which the rules are written.
    pub fn facts<'c>(&'c self, line: &'c Line) -> LineFacts<'c> {
        LineFacts { channel: self, line }
    }
}
