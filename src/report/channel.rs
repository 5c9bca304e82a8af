//! The channel on a day: one line for each partner, from which reports are computed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::criteria::{Questionnaire, Side, Verdict, Verdicts};
use crate::lifecycle::enablement::{Certificate, Delivery, covered_since};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::performance::WatchStatus;
use crate::lifecycle::program::{Need, Program};
use crate::lifecycle::stage::LeftAs;
use crate::lifecycle::terms::{Agreement, in_force};
pub use crate::report::needs::Needs;
use crate::store::{AssessmentRow, Attributes, Place, PlanRow, SaleRow, StayRow, View};

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
    /// All stays, in order of partner, where they were asked for.
    pub stays: Vec<StayRow>,
    /// All revenue, in order of partner, where it was asked for.
    pub sales: Vec<SaleRow>,
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
    /// Visits to each stage so far, by place in [`Channel::stages`], and parkings.
    pub visits: Vec<usize>,
    pub parkings: u32,
    pub revenue_12m_minor: i128,
    pub attributes: Option<Attributes>,
    pub held: BTreeSet<String>,
    /// The newest assessment by each questionnaire, where they were asked for.
    pub assessments: BTreeMap<String, AssessmentRow>,
    /// The newest answers by questionnaire and question, where they were asked for.
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
    /// The day on which it first entered growth since it last came back.
    pub launched: Option<Day>,
    /// Plans since it last came back, each version in order, where they were asked for.
    pub plans: Vec<PlanRow>,
    /// What is done about it where it does not perform, where that was asked for.
    pub care: WatchStatus,
    pub care_reason: Option<String>,
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
        let success = view.in_force.program.stages().iter().position(|stage| stage.success);
        // Lines and rows come in order of the partner's number, so that one pass pairs them.
        let mut at = 0;
        view.each_stay(|stay| {
            if let Some(line) = seek(&mut lines, &mut at, stay.partner) {
                line.stay(stay.place, stay.entered, stay.entry_known, success);
                if needs.stays {
                    stays.push(stay);
                }
            }
        })?;
        let mut at = 0;
        let mut sales = Vec::new();
        let year = view.as_of.months_before(12);
        view.each_sale(if needs.sales { Day::FIRST } else { year }, |sale| {
            let line = seek(&mut lines, &mut at, sale.partner);
            if let Some(line) = line.filter(|_| sale.day > year) {
                line.revenue_12m_minor += i128::from(sale.amount_minor);
            }
            if needs.sales {
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
                match line {
                    Some(line) if row.held => line.held.insert(row.milestone),
                    Some(line) => line.held.remove(&row.milestone),
                    None => false,
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
            view.each_plan(|row| {
                let line = seek(&mut lines, &mut at, row.partner).filter(|line| line.returns == row.life);
                if let Some(line) = line {
                    line.plans.push(row);
                }
            })?;
            let mut at = 0;
            view.each_care(|row| {
                let line = seek(&mut lines, &mut at, row.partner).filter(|line| line.returns == row.life);
                if let Some(line) = line {
                    line.care = WatchStatus::after(Some((row.day, row.step)));
                    line.care_reason = row.reason;
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
        if needs.milestones {
            for line in &mut lines {
                line.hold_what_is_met(program, view.as_of);
            }
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

    /// Days beyond the target of the stage; at least so many where the day of entry is not known.
    pub fn overdue_days(&self, line: &Line) -> Option<i64> {
        let Some(Place::In(stage)) = line.place else {
            return None;
        };
        let target = self.program.stages().get(stage)?.target_days?;
        Some(self.as_of.since(line.entered?) - target).filter(|days| *days > 0)
    }

    /// Gates of the current stage that are neither done nor skipped.
    pub fn missing_gates(&self, line: &Line) -> Vec<&str> {
        let Some(Place::In(stage)) = line.place else {
            return Vec::new();
        };
        let milestones = self.program.stages().get(stage).map_or(&[][..], |stage| &stage.milestones);
        let missing = milestones.iter().filter(|one| one.gate && !line.held.contains(&one.key));
        missing.map(|one| one.key.as_str()).collect()
    }

    pub fn productive(&self, line: &Line) -> Option<bool> {
        let rule = self.program.productive?;
        Some(line.revenue_12m_minor >= i128::from(rule.revenue_12m_minor))
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
            visits: Vec::new(),
            parkings: 0,
            revenue_12m_minor: 0,
            attributes: None,
            held: BTreeSet::new(),
            assessments: BTreeMap::new(),
            answers: BTreeMap::new(),
            launched: None,
            plans: Vec::new(),
            care: WatchStatus::None,
            care_reason: None,
            agreements: Vec::new(),
            certificates: Vec::new(),
            deliveries: Vec::new(),
            tellings: Vec::new(),
            returns: 0,
        }
    }

    fn stay(&mut self, place: Place, entered: Day, entry_known: bool, success: Option<usize>) {
        match (self.place, place) {
            (Some(Place::Left(..)), _) => {
                self.returns += 1;
                self.launched = None;
            }
            (_, Place::Parked(_)) => self.parkings += 1,
            _ => {}
        }
        if let Place::In(stage) = place {
            self.visits.push(stage);
            if Some(stage) == success {
                self.launched.get_or_insert(entered);
            }
        }
        self.place = Some(place);
        self.entered = Some(entered);
        self.entry_known = entry_known;
    }

    /// Milestones that do not recur are held where what they need is there.
    fn hold_what_is_met(&mut self, program: &Program, day: Day) {
        for (_, milestone) in program.milestones().filter(|(_, milestone)| milestone.every.is_none()) {
            if milestone.needs.as_ref().is_some_and(|need| self.meets(program, need, day)) {
                self.held.insert(milestone.key.clone());
            }
        }
    }

    fn meets(&self, program: &Program, need: &Need, day: Day) -> bool {
        match need {
            Need::Questionnaire(key) => {
                self.assessments.get(key).is_some_and(|row| row.verdicts.decided() == Some(Verdict::Pass))
            }
            Need::Certified { course, people } => {
                covered_since(self.certificates.iter(), course, *people, day).1.is_some()
            }
            Need::Agreed(term) => self.agreed(term, day).is_some(),
            Need::Delivered(key) => {
                let newest = program.material(key).map(|one| one.version.as_str());
                self.delivered(key).map(|one| one.version.as_str()).is_some_and(|got| Some(got) == newest)
            }
        }
    }

    /// What is agreed of a term on a day.
    pub fn agreed(&self, term: &str, day: Day) -> Option<&Agreement> {
        in_force(self.agreements.iter(), term, day)
    }

    /// The newest version of a material that it got.
    pub fn delivered(&self, material: &str) -> Option<&Delivery> {
        self.deliveries.iter().rev().find(|one| one.material == material)
    }

    /// An attribute that it has.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.as_ref()?.values.get(key).map(String::as_str)
    }

    /// What the questionnaires of a stage come to; nothing where none of them was answered.
    pub fn verdict(&self, program: &Program, stage: &str) -> Option<Verdicts> {
        let of = |one: &Questionnaire| self.assessments.get(&one.key).map(|row| row.verdicts);
        Verdicts::joint(program.questionnaires_of(stage).map(of))
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
        view.each_agreement(|partner, row| {
            if let Some(line) = seek(lines, &mut at, partner).filter(|line| line.returns == row.life) {
                line.agreements.push(row);
            }
        })?;
    }
    if needs.readiness || needs.milestones {
        let mut at = 0;
        view.each_certificate(|partner, row| {
            if let Some(line) = seek(lines, &mut at, partner) {
                line.certificates.push(row);
            }
        })?;
        let mut at = 0;
        view.each_delivery(|partner, row| {
            if let Some(line) = seek(lines, &mut at, partner) {
                line.deliveries.push(row);
            }
        })?;
    }
    if needs.tellings {
        let mut at = 0;
        view.each_telling(|partner, row| {
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
