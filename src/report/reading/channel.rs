//! The channel on a day: one line for each partner, from which reports are computed.

use std::collections::HashMap;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::funds::Movement;
use crate::lifecycle::performance::{WatchRecord, WatchStatus};
use crate::lifecycle::program::Program;
use crate::lifecycle::questions::PartnerQuestion;
use crate::lifecycle::terms::Agreement;
use crate::report::reading::line::Line;
use crate::report::reading::needs::Needs;
use crate::store::{AttributesRow, Damage, Place, PlannedYear, SaleRow, StayRow, View, damaged};

/// Rows of the pipeline that are not stages.
pub(crate) const PARKED: &str = "parked";
pub(crate) const LEFT: &str = "left";
pub(crate) const NO_STAGE: &str = "none";

/// All partners of a view.
pub struct Channel<'v> {
    pub program: &'v Program,
    pub as_of: Day,
    /// Keys of stages, those of the program first.
    pub stages: &'v [String],
    pub lines: Vec<Line>,
    /// All stays in order of partner, also of those that the segment leaves out; [`Channel::stays_of`] gives those of one.
    pub stays: Vec<StayRow>,
    /// Revenue in order of partner: all of it if that was asked for, else that of the last twelve months.
    pub sales: Vec<SaleRow>,
}

impl<'v> Channel<'v> {
    /// Returns an amount in the program's currency from its minor units.
    pub fn money(&self, minor: impl Into<i128>) -> Money {
        self.program.currency.money(minor.into())
    }

    /// Reads all partners of a view.
    ///
    /// # Errors
    /// Fails if the file can't be read.
    pub fn load(view: &'v View, needs: Needs) -> anyhow::Result<Channel<'v>> {
        let mut lines: Vec<Line> = view.partners()?.into_iter().map(Line::new).collect();
        let mut stays = Vec::new();
        let mut of = Pairing::new(&mut lines);
        view.each_stay(|stay| {
            if let Some(line) = of.line(stay.partner) {
                line.stay(&stay, stays.len());
                stays.push(stay);
            }
        })?;
        let mut sales = Vec::new();
        let mut of = Pairing::new(&mut lines);
        view.each_sale(if needs.sales { Day::FIRST } else { view.as_of.months_before(12) }, |sale| {
            if let Some(line) = of.line(sale.partner) {
                line.sale(sales.len());
                sales.push(sale);
            }
        })?;
        if needs.attributes {
            let mut attributes: HashMap<PartnerId, AttributesRow> = view.attributes()?;
            for line in &mut lines {
                line.attributes = attributes.remove(&line.id);
            }
        }
        load_milestones(view, needs, &mut lines)?;
        load_growth(view, needs, &mut lines)?;
        load_agreed(view, needs, &mut lines)?;
        load_questions(view, needs, &mut lines)?;
        load_funds(view, needs, &mut lines)?;
        let program = &view.in_force.program;
        Ok(Channel { program, as_of: view.as_of, stages: view.stages(), lines, stays, sales })
    }

    /// Returns the row of the pipeline that a line belongs to.
    pub fn row_of(&self, line: &Line) -> &str {
        match line.place {
            None => NO_STAGE,
            Some(Place::In(stage)) => &self.stages[stage],
            Some(Place::Parked(_)) => PARKED,
            Some(Place::Left(..)) => LEFT,
        }
    }

    /// Returns the days of the current visit, if the day of entry is known.
    pub fn days_here(&self, line: &Line) -> Option<i64> {
        line.entered.filter(|_| line.entry_known).map(|entered| self.as_of.since(entered))
    }

    /// Returns the stays of a line in order.
    pub fn stays_of(&self, line: &Line) -> &[StayRow] {
        &self.stays[line.stays()]
    }

    /// Returns the sales of a line in order of day, as far as they were asked for.
    pub fn sales_of(&self, line: &Line) -> &[SaleRow] {
        &self.sales[line.sales()]
    }
}

/// Pairs rows with lines in one pass: both come in order of the partner's number.
struct Pairing<'l> {
    lines: &'l mut [Line],
    at: usize,
}

impl Pairing<'_> {
    fn new(lines: &mut [Line]) -> Pairing<'_> {
        Pairing { lines, at: 0 }
    }

    /// Returns the line of a partner, going on from where the last one was found.
    fn line(&mut self, partner: PartnerId) -> Option<&mut Line> {
        while self.lines.get(self.at).is_some_and(|line| line.id < partner) {
            self.at += 1;
        }
        self.lines.get_mut(self.at).filter(|line| line.id == partner)
    }

    /// The same for a row that holds only until the partner leaves and comes back.
    fn line_since(&mut self, partner: PartnerId, life: u32) -> Option<&mut Line> {
        self.line(partner).filter(|line| line.returns() == life)
    }
}

/// Reads milestones and questionnaires.
fn load_milestones(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<()> {
    if needs.milestones {
        let mut of = Pairing::new(lines);
        view.each_milestone(|row| {
            if let Some(line) = of.line_since(row.partner, row.life) {
                line.milestone(row);
            }
        })?;
    }
    if needs.assessments || needs.milestones {
        let mut of = Pairing::new(lines);
        view.each_assessment(|row| {
            if let Some(line) = of.line_since(row.partner, row.life) {
                line.assessments.insert(row.questionnaire.clone(), row);
            }
        })?;
    }
    if needs.answers {
        let mut of = Pairing::new(lines);
        view.each_answers(|row| {
            if let Some(line) = of.line_since(row.partner, row.life) {
                line.answers.insert(row.questionnaire, row.answers);
            }
        })?;
    }
    Ok(())
}

/// Reads plans and the watch list.
fn load_growth(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<()> {
    if !needs.growth {
        return Ok(());
    }
    let mut of = Pairing::new(lines);
    view.each(|partner, row: PlannedYear| {
        if let Some(line) = of.line_since(partner, row.life) {
            line.plans.push(row);
        }
    })?;
    let mut of = Pairing::new(lines);
    view.each(|partner, row: WatchRecord| {
        if let Some(line) = of.line_since(partner, row.life) {
            line.watch_status = WatchStatus::after(Some((row.day, row.step)));
            line.watch_reason = row.reason;
        }
    })?;
    Ok(())
}

/// Reads what is agreed, who is certified, what was delivered and who was notified.
fn load_agreed(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<()> {
    if needs.terms || needs.milestones {
        let mut of = Pairing::new(lines);
        view.each(|partner, row: Agreement| {
            if let Some(line) = of.line_since(partner, row.life) {
                line.agreements.push(row);
            }
        })?;
    }
    if needs.enablement || needs.milestones {
        let mut of = Pairing::new(lines);
        view.each(|partner, row: Certificate| {
            if let Some(line) = of.line(partner) {
                line.certificates.push(row);
            }
        })?;
        let mut of = Pairing::new(lines);
        view.each(|partner, row: Delivery| {
            if let Some(line) = of.line(partner) {
                line.deliveries.push(row);
            }
        })?;
    }
    if needs.notifications {
        let mut of = Pairing::new(lines);
        view.each(|partner, row: Notification| {
            if let Some(line) = of.line(partner) {
                line.notifications.push(row);
            }
        })?;
    }
    Ok(())
}

/// Reads the questions of partners.
fn load_questions(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<()> {
    if !needs.questions {
        return Ok(());
    }
    let mut of = Pairing::new(lines);
    view.each(|partner, row: PartnerQuestion| {
        if let Some(line) = of.line(partner) {
            line.questions.push(row);
        }
    })?;
    Ok(())
}

/// Reads fund ledgers; fails if their movements contradict each other.
fn load_funds(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<()> {
    if !needs.funds {
        return Ok(());
    }
    let mut damage = None;
    let mut of = Pairing::new(lines);
    view.each(|partner, movement: Movement| {
        let taken = of.line(partner).map(|line| line.books.get_or_insert_default().take(&movement));
        if let Some(Err(why)) = taken {
            damage.get_or_insert(Damage::Books { event: movement.event, why: why.sentence() });
        }
    })?;
    if let Some(why) = damage {
        return Err(damaged(why).into());
    }
    for line in lines {
        line.books = line.books.take().map(|books| books.on(view.as_of));
    }
    Ok(())
}
