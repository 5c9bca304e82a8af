//! What a report knows of one partner.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::Side;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::MilestoneFact;
use crate::lifecycle::funds::Books;
use crate::lifecycle::performance::WatchStatus;
use crate::lifecycle::program::Program;
use crate::lifecycle::questions::PartnerQuestion;
use crate::lifecycle::stage::LeftAs;
use crate::lifecycle::terms::Agreement;
use crate::store::{AssessmentRow, AttributesRow, MilestoneRow, Place, PlannedYear, StayRow};

/// What one line of a report can say of a partner.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: PartnerId,
    pub observed_from: Day,
    /// Its place, and since when; nothing for a partner without a stage yet.
    pub place: Option<Place>,
    pub entered: Option<Day>,
    /// False if it was found here on `entered` and came some day before.
    pub entry_known: bool,
    /// Where its stays and its sales are in those of the channel.
    stays: Range<usize>,
    sales: Range<usize>,
    pub attributes: Option<AttributesRow>,
    /// The records of milestones that do not recur, if they were asked for.
    milestones: BTreeMap<String, MilestoneFact>,
    /// The newest assessment by each questionnaire, if they were asked for.
    pub assessments: BTreeMap<String, AssessmentRow>,
    /// The newest answers by questionnaire and question, if they were asked for.
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
    /// Plans since it last came back, each version in order, if they were asked for.
    pub plans: Vec<PlannedYear>,
    /// What is done about it if it does not perform, if that was asked for.
    pub watch_status: WatchStatus,
    pub watch_reason: Option<String>,
    /// What was agreed since it last came back, if that was asked for.
    pub agreements: Vec<Agreement>,
    pub certificates: Vec<Certificate>,
    pub deliveries: Vec<Delivery>,
    pub notifications: Vec<Notification>,
    pub questions: Vec<PartnerQuestion>,
    /// The fund ledgers at the end of the day of the view, if it has any and they were asked for.
    pub books: Option<Books>,
    returns: u32,
}

impl Line {
    /// Makes the line of a partner that is watched since a day, of whom nothing else is known yet.
    pub(super) fn new((id, observed_from): (PartnerId, Day)) -> Line {
        Line {
            id,
            observed_from,
            place: None,
            entered: None,
            entry_known: true,
            stays: 0..0,
            sales: 0..0,
            attributes: None,
            milestones: BTreeMap::new(),
            assessments: BTreeMap::new(),
            answers: BTreeMap::new(),
            plans: Vec::new(),
            watch_status: WatchStatus::None,
            watch_reason: None,
            agreements: Vec::new(),
            certificates: Vec::new(),
            deliveries: Vec::new(),
            notifications: Vec::new(),
            questions: Vec::new(),
            books: None,
            returns: 0,
        }
    }

    /// Takes the next stay, which is number `at` of all stays.
    pub(super) fn stay(&mut self, stay: &StayRow, at: usize) {
        if let Some(Place::Left(..)) = self.place {
            self.returns += 1;
        }
        self.place = Some(stay.place);
        self.entered = Some(stay.entered);
        self.entry_known = stay.entry_known;
        extend(&mut self.stays, at);
    }

    /// Takes the next sale, which is number `at` of all sales.
    pub(super) fn sale(&mut self, at: usize) {
        extend(&mut self.sales, at);
    }

    /// Takes the next record of a milestone.
    pub(super) fn milestone(&mut self, row: MilestoneRow) {
        match row.record {
            Some(record) => self.milestones.insert(row.milestone, record),
            None => self.milestones.remove(&row.milestone),
        };
    }

    /// Returns a settled milestone, if milestones were read.
    pub(super) fn settled(&self, key: &str) -> Option<MilestoneFact> {
        self.milestones.get(key).copied()
    }

    /// Returns the keys of the settled milestones.
    pub(super) fn settled_keys(&self) -> impl Iterator<Item = &String> {
        self.milestones.keys()
    }

    /// Returns the places of its stays in those of the channel.
    pub(super) fn stays(&self) -> Range<usize> {
        self.stays.clone()
    }

    /// Returns the places of its sales in those of the channel.
    pub(super) fn sales(&self) -> Range<usize> {
        self.sales.clone()
    }

    /// Returns how often the partner came back after leaving.
    pub(super) fn returns(&self) -> u32 {
        self.returns
    }

    /// Returns an attribute.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.as_ref()?.values.get(key).map(String::as_str)
    }

    /// Returns the score by one side's questionnaires of a stage, the lower if there are several; nothing while
    /// answers could change it.
    pub fn score(&self, program: &Program, stage: &str, side: Side) -> Option<f64> {
        let scores = program.questionnaires_of(stage).filter(|one| one.side == side).map(|one| {
            let [low, high] = self.assessments.get(&one.key)?.score?;
            Some(low).filter(|low| low.total_cmp(&high).is_eq())
        });
        let scores = scores.collect::<Option<Vec<f64>>>()?;
        scores.into_iter().reduce(f64::min)
    }

    /// Returns how it left, if it did.
    pub fn left_as(&self) -> Option<LeftAs> {
        match self.place {
            Some(Place::Left(label, _)) => Some(label),
            _ => None,
        }
    }

    /// Returns its key; empty if attributes were not read.
    pub fn key(&self) -> &str {
        self.attributes.as_ref().map_or("", |attributes| &attributes.key)
    }
}

/// Takes the row number `at` into those of a line; they follow each other.
fn extend(own: &mut Range<usize>, at: usize) {
    let start = if own.end == 0 { at } else { own.start };
    *own = start..at + 1;
}
