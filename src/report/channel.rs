//! The channel on a day: one line for each partner, from which reports are computed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::criteria::Side;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::{AssessmentFact, Facts, MilestoneFact, PlaceFact, PlanFact, StayFact};
use crate::lifecycle::performance::{WatchRecord, WatchStatus};
use crate::lifecycle::program::Program;
use crate::lifecycle::stage::LeftAs;
use crate::lifecycle::terms::Agreement;
pub use crate::report::needs::Needs;
use crate::store::{AssessmentRow, Attributes, Place, PlannedYear, SaleRow, StayRow, View};

/// Rows of the pipeline that are not stages.
pub const PARKED: &str = "parked";
pub const LEFT: &str = "left";
pub const NO_STAGE: &str = "none";

/// All partners of a view.
pub struct Channel<'v> {
    pub program: &'v Program,
    pub as_of: Day,
    /// Keys of stages, those of the program first.
    pub stages: &'v [String],
    pub lines: Vec<Line>,
    /// All stays in order of partner, also of partners without a line; [`Line::stays`] says which are whose.
    pub stays: Vec<StayRow>,
    /// Revenue in order of partner: all of it if that was asked for, else that of the last twelve months.
    pub sales: Vec<SaleRow>,
}

/// The facts of one line.
#[derive(Clone, Copy)]
pub struct LineFacts<'c> {
    channel: &'c Channel<'c>,
    line: &'c Line,
}

/// What one line of a report can say of a partner.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: PartnerId,
    pub observed_from: Day,
    /// Where it stands, and since when; nothing for a partner that stands nowhere yet.
    pub place: Option<Place>,
    pub entered: Option<Day>,
    /// False where it was found here on `entered` and came some day before.
    pub entry_known: bool,
    /// Where its stays and its sales are in those of the channel.
    stays: Range<usize>,
    sales: Range<usize>,
    pub attributes: Option<Attributes>,
    /// The records of milestones that do not recur, where they were asked for.
    milestones: BTreeMap<String, MilestoneFact>,
    /// The newest assessment by each questionnaire, where they were asked for.
    pub assessments: BTreeMap<String, AssessmentRow>,
    /// The newest answers by questionnaire and question, where they were asked for.
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
    /// Plans since it last came back, each version in order, where they were asked for.
    pub plans: Vec<PlannedYear>,
    /// What is done about it where it does not perform, where that was asked for.
    pub watch_status: WatchStatus,
    pub watch_reason: Option<String>,
    /// What was agreed since it last came back, where that was asked for.
    pub agreements: Vec<Agreement>,
    pub certificates: Vec<Certificate>,
    pub deliveries: Vec<Delivery>,
    pub tellings: Vec<Notification>,
    returns: u32,
}

impl<'v> Channel<'v> {
    /// Returns an amount in the program's currency from its minor units.
    pub fn money(&self, minor: impl Into<i128>) -> Money {
        self.program.currency.money(minor.into())
    }

    /// Reads all partners of a view.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn load(view: &'v View, needs: Needs) -> anyhow::Result<Channel<'v>> {
        let mut lines: Vec<Line> = view.partners()?.into_iter().map(Line::of).collect();
        let mut stays = Vec::new();
        // Lines and rows come in order of the partner's number, so that one pass pairs them.
        let mut at = 0;
        view.each_stay(|stay| {
            if let Some(line) = seek(&mut lines, &mut at, stay.partner) {
                line.stay(&stay, stays.len());
                stays.push(stay);
            }
        })?;
        let mut at = 0;
        let mut sales = Vec::new();
        let year = view.as_of.months_before(12);
        view.each_sale(if needs.sales { Day::FIRST } else { year }, |sale| {
            if let Some(line) = seek(&mut lines, &mut at, sale.partner) {
                extend(&mut line.sales, sales.len());
                sales.push(sale);
            }
        })?;
        if needs.attributes {
            let mut attributes: HashMap<PartnerId, Attributes> = view.attributes()?;
            for line in &mut lines {
                line.attributes = attributes.remove(&line.id);
            }
        }
        if needs.milestones {
            let mut at = 0;
            view.each_milestone(|row| {
                let line = seek(&mut lines, &mut at, row.partner).filter(|line| line.returns == row.life);
                match (line, row.record) {
                    (Some(line), Some(record)) => line.milestones.insert(row.milestone, record),
                    (Some(line), None) => line.milestones.remove(&row.milestone),
                    (None, _) => None,
                };
            })?;
        }
        if needs.answers {
            let mut at = 0;
            view.each_answers(|row| {
                let line = seek(&mut lines, &mut at, row.partner).filter(|line| line.returns == row.life);
                line.map(|line| line.answers.insert(row.questionnaire, row.answers));
            })?;
        }
        if needs.growth {
            let mut at = 0;
            view.each(|partner, row: PlannedYear| {
                let line = seek(&mut lines, &mut at, partner).filter(|line| line.returns == row.life);
                if let Some(line) = line {
                    line.plans.push(row);
                }
            })?;
            let mut at = 0;
            view.each(|partner, row: WatchRecord| {
                let line = seek(&mut lines, &mut at, partner).filter(|line| line.returns == row.life);
                if let Some(line) = line {
                    line.watch_status = WatchStatus::after(Some((row.day, row.step)));
                    line.watch_reason = row.reason;
                }
            })?;
        }
        load_backing(view, needs, &mut lines)?;
        let program = &view.in_force.program;
        if needs.assessments || needs.milestones {
            let mut at = 0;
            view.each_assessment(|row| {
                let line = seek(&mut lines, &mut at, row.partner).filter(|line| line.returns == row.life);
                line.map(|line| line.assessments.insert(row.questionnaire.clone(), row));
            })?;
        }
        Ok(Channel { program, as_of: view.as_of, stages: view.stages(), lines, stays, sales })
    }

    /// The row of the pipeline that a line belongs to.
    pub fn row_of(&self, line: &Line) -> &str {
        match line.place {
            None => NO_STAGE,
            Some(Place::In(stage)) => &self.stages[stage],
            Some(Place::Parked(_)) => PARKED,
            Some(Place::Left(..)) => LEFT,
        }
    }

    /// Days of the current stay, where the day of entry is known.
    pub fn days_here(&self, line: &Line) -> Option<i64> {
        line.entered.filter(|_| line.entry_known).map(|entered| self.as_of.since(entered))
    }

    /// Returns the facts of a line, over which the rules are written.
    pub fn facts<'c>(&'c self, line: &'c Line) -> LineFacts<'c> {
        LineFacts { channel: self, line }
    }

    /// Returns the stays of a line in order.
    pub fn stays_of(&self, line: &Line) -> &[StayRow] {
        &self.stays[line.stays.clone()]
    }

    /// Returns the sales of a line in order of day, as far as they were asked for.
    pub fn sales_of(&self, line: &Line) -> &[SaleRow] {
        &self.sales[line.sales.clone()]
    }
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

    fn attribute(self, key: &str) -> Option<&'c str> {
        self.line.attribute(key)
    }

    fn stays(self) -> impl DoubleEndedIterator<Item = StayFact<'c>> {
        self.channel.stays_of(self.line).iter().map(move |stay| StayFact {
            place: match stay.place {
                Place::In(stage) => PlaceFact::In(&self.channel.stages[stage]),
                Place::Parked(_) => PlaceFact::Parked,
                Place::Left(..) => PlaceFact::Left,
            },
            entered: stay.entered,
            entry_known: stay.entry_known,
        })
    }

    fn sales(self) -> &'c [SaleRow] {
        self.channel.sales_of(self.line)
    }

    fn milestone(self, key: &str) -> Option<MilestoneFact> {
        self.line.milestones.get(key).copied()
    }

    fn assessment(self, questionnaire: &str) -> Option<AssessmentFact> {
        let found = self.line.assessments.get(questionnaire)?;
        Some(AssessmentFact { day: found.day, verdicts: found.verdicts })
    }

    fn agreements(self) -> impl DoubleEndedIterator<Item = &'c Agreement> {
        self.line.agreements.iter()
    }

    fn certificates(self) -> impl Iterator<Item = &'c Certificate> {
        self.line.certificates.iter()
    }

    fn deliveries(self) -> impl DoubleEndedIterator<Item = &'c Delivery> {
        self.line.deliveries.iter()
    }

    fn plans(self) -> impl DoubleEndedIterator<Item = PlanFact<'c>> {
        self.line.plans.iter().map(|row| PlanFact {
            period: &row.period,
            starts: row.starts,
            version: &row.version,
        })
    }

    fn watch_status(self) -> WatchStatus {
        self.line.watch_status
    }
}

impl LineFacts<'_> {
    /// Returns the milestones that do not recur and are settled, in order of their keys, also those that the program no
    /// longer has.
    pub fn milestones_held(self) -> BTreeSet<String> {
        let known = self.program().milestones().map(|(_, milestone)| milestone);
        let held = known.filter(|one| one.every.is_none() && self.held_once(one).is_some());
        let recorded = self.line.milestones.keys().cloned();
        held.map(|one| one.key.clone()).chain(recorded).collect()
    }
}

impl Line {
    fn of((id, observed_from): (PartnerId, Day)) -> Line {
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
            tellings: Vec::new(),
            returns: 0,
        }
    }

    /// Takes the next stay, which is number `at` of all.
    fn stay(&mut self, stay: &StayRow, at: usize) {
        if let Some(Place::Left(..)) = self.place {
            self.returns += 1;
        }
        self.place = Some(stay.place);
        self.entered = Some(stay.entered);
        self.entry_known = stay.entry_known;
        extend(&mut self.stays, at);
    }

    /// An attribute that it has.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.as_ref()?.values.get(key).map(String::as_str)
    }

    /// The score by one side's questionnaires of a stage, the lower where there are several; nothing while
    /// answers could change it.
    pub fn score(&self, program: &Program, stage: &str, side: Side) -> Option<f64> {
        let scores = program.questionnaires_of(stage).filter(|one| one.side == side).map(|one| {
            let [low, high] = self.assessments.get(&one.key)?.score?;
            Some(low).filter(|low| low.total_cmp(&high).is_eq())
        });
        let scores = scores.collect::<Option<Vec<f64>>>()?;
        scores.into_iter().reduce(f64::min)
    }

    pub fn left_as(&self) -> Option<LeftAs> {
        match self.place {
            Some(Place::Left(label, _)) => Some(label),
            _ => None,
        }
    }

    pub fn key(&self) -> &str {
        self.attributes.as_ref().map_or("", |attributes| &attributes.key)
    }
}

/// Reads what stands behind the stages.
fn load_backing(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<()> {
    if needs.terms || needs.milestones {
        let mut at = 0;
        view.each(|partner, row: Agreement| {
            if let Some(line) = seek(lines, &mut at, partner).filter(|line| line.returns == row.life) {
                line.agreements.push(row);
            }
        })?;
    }
    if needs.readiness || needs.milestones {
        let mut at = 0;
        view.each(|partner, row: Certificate| {
            if let Some(line) = seek(lines, &mut at, partner) {
                line.certificates.push(row);
            }
        })?;
        let mut at = 0;
        view.each(|partner, row: Delivery| {
            if let Some(line) = seek(lines, &mut at, partner) {
                line.deliveries.push(row);
            }
        })?;
    }
    if needs.tellings {
        let mut at = 0;
        view.each(|partner, row: Notification| {
            if let Some(line) = seek(lines, &mut at, partner) {
                line.tellings.push(row);
            }
        })?;
    }
    Ok(())
}

/// The line of `partner`, going on from where the last one was found.
fn seek<'l>(lines: &'l mut [Line], at: &mut usize, partner: PartnerId) -> Option<&'l mut Line> {
    while lines.get(*at).is_some_and(|line| line.id < partner) {
        *at += 1;
    }
    lines.get_mut(*at).filter(|line| line.id == partner)
}

/// Takes the row number `at` into those of a line; they follow each other.
fn extend(own: &mut Range<usize>, at: usize) {
    let start = if own.end == 0 { at } else { own.start };
    *own = start..at + 1;
}
