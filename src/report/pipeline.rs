//! `report pipeline`: how many partners stand where, how many are overdue, what they bring.

use std::collections::BTreeMap;

use crate::lifecycle::base::money::Money;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::stage::LeftAs;
use crate::report::channel::{Channel, LEFT, Line, NO_STAGE, PARKED};
use crate::report::criteria;
use crate::report::frame::Frame;
use crate::report::model::{Model, OfStage};
use crate::report::past::Exit;
use crate::report::say::{Curve, Evidence};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::report::stuck;
use crate::store::Place;

/// Within so many days it is said how many advance.
const ADVANCE: usize = 90;

/// One row of the pipeline; every partner is in exactly one.
#[derive(Clone, Default, Debug)]
struct Row {
    partners: usize,
    overdue: usize,
    oldest_days: Option<i64>,
    stays: usize,
    revenue_12m_minor: i128,
    productive: usize,
}

/// Where partners stand.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// By place in [`Channel::stages`].
    stages: Vec<Row>,
    none: Row,
    parked: Row,
    left: Row,
    left_as: BTreeMap<LeftAs, usize>,
    /// Partners in a stage beyond its target.
    pub overdue: usize,
}

impl Pipeline {
    pub fn of(channel: &Channel) -> Pipeline {
        let mut pipeline = Pipeline {
            stages: vec![Row::default(); channel.stages.len()],
            none: Row::default(),
            parked: Row::default(),
            left: Row::default(),
            left_as: BTreeMap::new(),
            overdue: 0,
        };
        for line in &channel.lines {
            pipeline.count(channel, line);
        }
        pipeline
    }

    fn count(&mut self, channel: &Channel, line: &Line) {
        for stay in channel.stays_of(line) {
            match stay.place {
                Place::In(stage) => self.stages[stage].stays += 1,
                Place::Parked(_) => self.parked.stays += 1,
                Place::Left(..) => {}
            }
        }
        let facts = channel.facts(line);
        let revenue_12m_minor = facts.revenue_12m();
        if let Some(label) = line.left_as() {
            *self.left_as.entry(label).or_default() += 1;
        }
        let overdue = facts.overdue_days().is_some();
        self.overdue += usize::from(overdue);
        let row = match line.place {
            None => &mut self.none,
            Some(Place::In(stage)) => &mut self.stages[stage],
            Some(Place::Parked(_)) => &mut self.parked,
            Some(Place::Left(..)) => &mut self.left,
        };
        row.partners += 1;
        row.overdue += usize::from(overdue);
        row.revenue_12m_minor += revenue_12m_minor;
        row.productive += usize::from(facts.productive() == Some(true));
        if line.left_as().is_none() {
            row.oldest_days = row.oldest_days.max(channel.days_here(line));
        }
    }

    pub fn partners(&self) -> usize {
        let rows = self.stages.iter().chain([&self.none, &self.parked, &self.left]);
        rows.map(|row| row.partners).sum()
    }

    /// The table; with a model, also how long stays last, and who is stuck.
    pub fn sheet(&self, channel: &Channel, model: Option<&Model>) -> Sheet {
        let mut sheet = self.table(channel);
        let Some(model) = model else { return sheet };
        let mut stuck = vec![0; model.stages.len()];
        for standing in stuck::stuck(model) {
            stuck[standing.stay.state] += 1;
        }
        let columns = [
            Column::new("stuck", "Stuck").alert(),
            Column::for_people("Half gone by (95 %)").optional(),
            Column::for_machines("q50_days"),
            Column::for_machines("q50_days_low"),
            Column::for_machines("q50_days_high"),
            Column::new("p_advance_90d", "Advance in 90 d").optional(),
        ];
        // Behind the overdue ones, before the target.
        let at = 4;
        sheet.columns.splice(at..at, columns);
        let total = stuck.iter().sum::<usize>();
        for (stage, row) in sheet.rows.iter_mut().enumerate() {
            let cells = match model.stages.get(stage) {
                Some(of_stage) => paced(of_stage, stuck[stage]),
                None => blank(),
            };
            row.splice(at..at, cells);
        }
        if let Some(row) = &mut sheet.total {
            let [_, rest @ ..] = blank();
            row.splice(at..at, std::iter::once(Cell::count(total)).chain(rest));
        }
        sheet
    }

    fn table(&self, channel: &Channel) -> Sheet {
        let currency = channel.program.currency;
        let columns = vec![
            Column::for_machines("stage"),
            Column::new("name", "Stage"),
            Column::new("partners", "Partners"),
            Column::new("overdue", "Overdue").alert(),
            Column::new("oldest_days", "Longest there"),
            Column::new("target_days", "Target"),
            Column::for_machines("stays"),
            Column::new("revenue_12m", format!("Revenue 12 months ({})", currency.code())),
            Column::for_machines("currency"),
        ];
        let mut sheet = Sheet::new("rows", "Pipeline", columns);
        let mut total = Row::default();
        let mut add = |key: &str, name: &str, target: Option<i64>, row: &Row, stays: Option<usize>| {
            total.partners += row.partners;
            total.overdue += row.overdue;
            total.revenue_12m_minor += row.revenue_12m_minor;
            sheet.rows.push(cells(
                key,
                name,
                target,
                row,
                stays,
                currency.money(row.revenue_12m_minor),
                currency.code(),
            ));
        };
        for (at, row) in self.stages.iter().enumerate() {
            let key = &channel.stages[at];
            match channel.program.stages().get(at) {
                Some(stage) => add(key, &stage.name, stage.target_days, row, Some(row.stays)),
                // A stage that the program no longer has goes by its key.
                None if row.partners > 0 || row.stays > 0 => add(key, key, None, row, Some(row.stays)),
                None => {}
            }
        }
        if self.none.partners > 0 {
            add(NO_STAGE, "In no stage yet", None, &self.none, None);
        }
        add(PARKED, "Parked", None, &self.parked, Some(self.parked.stays));
        add(LEFT, "Left", None, &self.left, None);
        let money = currency.money(total.revenue_12m_minor);
        sheet.total = Some(cells("", "All", None, &total, None, money, ""));
        sheet
    }

    /// Totals for machines.
    pub fn figures(&self, channel: &Channel) -> Vec<Figure> {
        let left = |label| Cell::count(self.left_as.get(&label).copied().unwrap_or(0));
        let stays: usize = self.stages.iter().map(|row| row.stays).sum();
        let productive = self.stages.iter().map(|row| row.productive).sum::<usize>() + self.parked.productive;
        vec![
            Figure::for_machines("partners", Cell::count(channel.lines.len())),
            Figure::for_machines("stays", Cell::count(stays + self.parked.stays)),
            Figure::for_machines("overdue", Cell::count(self.overdue)),
            Figure::for_machines("productive", Cell::count(productive)),
            Figure::for_machines("declined", left(LeftAs::Declined)),
            Figure::for_machines("withdrew", left(LeftAs::Withdrew)),
            Figure::for_machines("terminated", left(LeftAs::Terminated)),
        ]
    }

    /// The totals in a sentence.
    pub fn sentence(&self, channel: &Channel) -> String {
        let inside: usize = self.stages.iter().map(|row| row.partners).sum();
        let partners = counted(channel.lines.len(), "partner");
        let mut parts = vec![format!("{inside} in a stage")];
        if self.none.partners > 0 {
            parts.push(format!("{} in no stage yet", self.none.partners));
        }
        parts.push(format!("{} parked", self.parked.partners));
        let labels: Vec<String> =
            self.left_as.iter().map(|(label, count)| format!("{count} {}", label.word())).collect();
        let labels = if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) };
        parts.push(format!("{} left{labels}", self.left.partners));
        format!("{partners}: {}.", parts.join(", "))
    }
}

fn cells(
    key: &str,
    name: &str,
    target: Option<i64>,
    row: &Row,
    stays: Option<usize>,
    revenue: Money,
    currency: &str,
) -> Vec<Cell> {
    vec![
        key.into(),
        name.into(),
        Cell::count(row.partners),
        Cell::count(row.overdue),
        Cell::days(row.oldest_days),
        Cell::days(target),
        stays.map_or(Cell::Missing, Cell::count),
        revenue.into(),
        currency.into(),
    ]
}

/// How fast a stage is, and how many are stuck in it.
fn paced(stage: &OfStage, stuck: usize) -> [Cell; 6] {
    let Curve { survival, evidence, .. } = &stage.curve;
    let (low, high) = survival.quantile_limits(0.5);
    let advance = &stage.incidences[Exit::Advanced as usize];
    let sayable = *evidence == Evidence::Full && Some(ADVANCE) <= stage.curve.until();
    [
        Cell::count(stuck),
        stage.curve.quantile(0.5),
        Cell::age(survival.quantile(0.5)),
        Cell::age(low),
        Cell::age(high),
        Cell::share(Some(advance.at(ADVANCE)).filter(|p| sayable && *p > 0.0)),
    ]
}

fn blank() -> [Cell; 6] {
    [const { Cell::Missing }; 6]
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame) -> Report {
    let pipeline = Pipeline::of(channel);
    let mut figures = frame.figures(channel);
    figures.extend(pipeline.figures(channel));
    Report {
        schema: "chanlife.pipeline/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: [Some(pipeline.sheet(channel, None)), criteria::sheet(channel)]
            .into_iter()
            .flatten()
            .map(Into::into)
            .collect(),
        notes: vec![pipeline.sentence(channel)],
    }
}
