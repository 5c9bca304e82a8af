//! What a report knows of one partner.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::Side;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::MilestoneFact;
use crate::lifecycle::performance::{WatchRecord, WatchStatus};
use crate::lifecycle::program::{Program, further, further_key};
use crate::lifecycle::stage::LeftAs;
use crate::report::reading::records::{LineRecord, Records};
use crate::store::{
    AnswersRow, AssessmentRow, AttributesRow, MilestoneRow, ProfileRow, StandingRow, StayRow, WatchedPartner,
};

/// What one line of a report can say of a partner.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: PartnerId,
    pub observed_from: Day,
    pub asked_from: Day,
    /// Its place, and since when; nothing for a partner without a stage yet.
    pub place: Option<StandingRow>,
    pub entered: Option<Day>,
    /// False if it was found here on `entered` and came some day before.
    pub entry_known: bool,
    /// Where its stays and its sales are in those of the channel.
    stays: Range<usize>,
    sales: Range<usize>,
    returns: u32,
    /// Its number among the lines that were read, and the records of them all.
    at: usize,
    records: Rc<Records>,
}

impl Line {
    /// Makes the line of a partner of whom nothing else is known yet; `none` is shared.
    pub(super) fn new(at: usize, row: &WatchedPartner, none: &Rc<Records>) -> Line {
        Line {
            id: row.id,
            observed_from: row.observed_from,
            asked_from: row.asked_from,
            place: None,
            entered: None,
            entry_known: true,
            stays: 0..0,
            sales: 0..0,
            returns: 0,
            at,
            records: Rc::clone(none),
        }
    }

    /// Takes the records of all lines.
    pub(super) fn has(&mut self, records: &Rc<Records>) {
        self.records = Rc::clone(records);
    }

    /// Takes the next stay, which is number `at` of all stays.
    pub(super) fn stay(&mut self, stay: &StayRow, at: usize) {
        if let Some(StandingRow::Left(..)) = self.place {
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

    /// Returns its records of one type in order, without those that ended when it left and came back.
    pub fn records<T: LineRecord>(&self) -> &[T] {
        self.records.of(self.at)
    }

    /// Returns its attributes.
    pub fn attributes(&self) -> Option<&AttributesRow> {
        self.records().first()
    }

    /// Returns a settled milestone that does not recur.
    pub(super) fn settled(&self, key: &str) -> Option<MilestoneFact> {
        let mut newest = self.records().iter().rev();
        newest.find(|row: &&MilestoneRow| row.milestone == key)?.record
    }

    /// Returns the keys of the settled milestones.
    pub(super) fn settled_keys(&self) -> impl Iterator<Item = &String> {
        let keys: BTreeSet<&String> =
            self.records().iter().map(|row: &MilestoneRow| &row.milestone).collect();
        keys.into_iter().filter(|key| self.settled(key).is_some())
    }

    /// Returns the newest assessment by a questionnaire.
    pub fn assessment(&self, questionnaire: &str) -> Option<&AssessmentRow> {
        self.assessment_on(questionnaire, Day::LAST)
    }

    /// Returns the newest assessment by a questionnaire of those made by `day`.
    pub(super) fn assessment_on(&self, questionnaire: &str, day: Day) -> Option<&AssessmentRow> {
        let mut newest = self.records().iter().rev();
        newest.find(|row: &&AssessmentRow| row.questionnaire == questionnaire && row.day <= day)
    }

    /// Returns the newest answers to a questionnaire of those given by `day`, by question.
    pub fn answers_on(&self, questionnaire: &str, day: Day) -> Option<&BTreeMap<String, String>> {
        let mut newest = self.records().iter().rev();
        let newest = newest.find(|row: &&AnswersRow| row.questionnaire == questionnaire && row.day <= day);
        newest.map(|row| &row.answers)
    }

    /// Returns what is done about it because it does not perform.
    pub fn watch_status(&self) -> WatchStatus {
        WatchStatus::after(self.records().last().map(|row: &WatchRecord| (row.day, row.step)))
    }

    /// Returns why the last step about its performance was taken.
    pub fn watch_reason(&self) -> Option<&str> {
        self.records().last().and_then(|row: &WatchRecord| row.reason.as_deref())
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

    /// Returns the attribute that was in force at the end of `day`.
    pub fn attribute_on(&self, key: &str, day: Day) -> Option<&str> {
        let mut newest = self.records().iter().rev();
        newest.find(|row: &&ProfileRow| row.since <= day)?.value(key)
    }

    /// Returns an attribute.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes()?.value(key)
    }

    /// Returns all values of an attribute, its own first.
    pub(crate) fn values(&self, key: &str) -> Vec<&str> {
        let rest = further(self.attribute(&further_key(key)));
        self.attribute(key).into_iter().chain(rest).collect()
    }

    /// Returns the score by one side's questionnaires of a stage, the lower if there are several; nothing while
    /// answers could change it.
    pub fn score(&self, program: &Program, stage: &str, side: Side) -> Option<f64> {
        self.score_on(program, stage, side, Day::LAST)
    }

    /// Returns the score as [`Line::score`] does, from the answers given by `day`.
    pub(super) fn score_on(&self, program: &Program, stage: &str, side: Side, day: Day) -> Option<f64> {
        let asked = program.questionnaires_of(stage).filter(|one| one.side == side);
        let asked = asked.filter(|one| one.applies.admits(|key| self.attribute(key)));
        let scores = asked.map(|one| {
            let [low, high] = self.assessment_on(&one.key, day)?.score?;
            Some(low).filter(|low| low.total_cmp(&high).is_eq())
        });
        let scores = scores.collect::<Option<Vec<f64>>>()?;
        scores.into_iter().reduce(f64::min)
    }

    /// Returns how it left, if it did.
    pub fn left_as(&self) -> Option<LeftAs> {
        match self.place {
            Some(StandingRow::Left(label, _)) => Some(label),
            _ => None,
        }
    }

    /// Returns its key.
    pub fn key(&self) -> &str {
        self.attributes().map_or("", |attributes| &attributes.key)
    }
}

/// Takes the row number `at` into those of a line; they follow each other.
fn extend(own: &mut Range<usize>, at: usize) {
    let start = if own.end == 0 { at } else { own.start };
    *own = start..at + 1;
}
