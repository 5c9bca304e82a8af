//! `report pipeline`: partners in each stage, how many are overdue, and their revenue.

use std::collections::BTreeMap;

use clap::Args;

use crate::analysis::survival::Survival;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::stage::LeftAs;
use crate::report::basis::Basis;
use crate::report::criteria;
use crate::report::estimate::histories::Outcome;
use crate::report::estimate::model::{Model, OfStage};
use crate::report::estimate::significance::Evidence;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption};
use crate::report::reading::{Channel, LEFT, Line, NO_STAGE, Needs, PARKED};
use crate::report::stuck;
use crate::report::value::{Cell, Figure, Report, Table, TypedTable};
use crate::store::{AssessmentRow, StandingRow, View};

/// Within so many days it is said how many advance.
const ADVANCE: usize = 90;

#[derive(Debug, Args)]
pub(crate) struct PipelineReport {
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for PipelineReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/pipeline.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::of::<AssessmentRow>())
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        Ok(report(asked.channel, asked.basis))
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }
}

/// What is counted of the partners of one row; every partner is in exactly one.
#[derive(Clone, Default, Debug)]
struct RowCounts {
    partners: usize,
    overdue: usize,
    oldest_days: Option<i64>,
    stays: usize,
    revenue_12m_minor: i128,
    productive: usize,
}

/// One row of the table.
struct PipelineRow<'m> {
    key: &'m str,
    name: &'m str,
    target: Option<i64>,
    counts: RowCounts,
    /// Nothing for rows whose stays are not counted.
    stays: Option<usize>,
    stuck: Option<usize>,
    /// How fast the stage is.
    of_stage: Option<&'m OfStage>,
}

/// Where partners stand.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// By place in [`Channel::stages`].
    stages: Vec<RowCounts>,
    none: RowCounts,
    parked: RowCounts,
    left: RowCounts,
    left_as: BTreeMap<LeftAs, usize>,
    /// Partners in a stage beyond its target.
    pub overdue: usize,
}

impl Pipeline {
    /// Counts the partners of a channel.
    pub(crate) fn of(channel: &Channel) -> Pipeline {
        let mut pipeline = Pipeline {
            stages: vec![RowCounts::default(); channel.stages.len()],
            none: RowCounts::default(),
            parked: RowCounts::default(),
            left: RowCounts::default(),
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
                StandingRow::In(stage) => self.stages[stage].stays += 1,
                StandingRow::Parked(_) => self.parked.stays += 1,
                StandingRow::Left(..) => {}
            }
        }
        let facts = channel.facts(line);
        let revenue_12m_minor = channel.revenue_12m_once(line);
        if let Some(label) = line.left_as() {
            *self.left_as.entry(label).or_default() += 1;
        }
        let overdue = facts.overdue_days().is_some();
        self.overdue += usize::from(overdue);
        let row = match line.place {
            None => &mut self.none,
            Some(StandingRow::In(stage)) => &mut self.stages[stage],
            Some(StandingRow::Parked(_)) => &mut self.parked,
            Some(StandingRow::Left(..)) => &mut self.left,
        };
        row.partners += 1;
        row.overdue += usize::from(overdue);
        row.revenue_12m_minor += revenue_12m_minor;
        row.productive += usize::from(facts.productive() == Some(true));
        if line.left_as().is_none() {
            row.oldest_days = row.oldest_days.max(channel.days_here(line));
        }
    }

    /// Returns how many partners it has.
    pub(crate) fn partners(&self) -> usize {
        let rows = self.stages.iter().chain([&self.none, &self.parked, &self.left]);
        rows.map(|row| row.partners).sum()
    }

    /// Returns the table; with a model, also how long stays last, and who is stuck.
    pub(crate) fn table(&self, channel: &Channel, model: Option<&Model>) -> Table {
        let rows = self.rows(channel, model);
        let sum = |part: fn(&RowCounts) -> usize| rows.iter().map(|row| part(&row.counts)).sum();
        let total = PipelineRow {
            counts: RowCounts {
                partners: sum(|counts| counts.partners),
                overdue: sum(|counts| counts.overdue),
                revenue_12m_minor: rows.iter().map(|row| row.counts.revenue_12m_minor).sum(),
                ..RowCounts::default()
            },
            stuck: model.map(|_| rows.iter().filter_map(|row| row.stuck).sum()),
            ..PipelineRow::of("", "Total", RowCounts::default())
        };
        let mut table = Table::summed("rows", "Pipeline", &rows, Some(&total))
            .machines("stage", |row| row.key)
            .column("name", "Stage", |row| row.name)
            .column("partners", "Partners", |row| row.counts.partners)
            .headline()
            .column("overdue", "Overdue", |row| row.counts.overdue)
            .headline()
            .alert();
        if model.is_some() {
            table = with_pace(table);
        }
        let currency = channel.program.currency.code();
        table
            .column("oldest_days", "Longest in stage", |row| Cell::days(row.counts.oldest_days))
            .column("target_days", "Target", |row| Cell::days(row.target))
            .detail()
            .machines("stays", |row| row.stays)
            .column("revenue_12m", format!("12-month revenue ({currency})"), |row| {
                channel.money(row.counts.revenue_12m_minor)
            })
            .machines("currency", |_| currency)
            .done()
    }

    fn rows<'m>(&self, channel: &'m Channel, model: Option<&'m Model>) -> Vec<PipelineRow<'m>> {
        let mut stuck = vec![0; channel.stages.len()];
        for standing in model.into_iter().flat_map(stuck::stuck) {
            stuck[standing.stay.state] += 1;
        }
        let mut rows: Vec<PipelineRow> = Vec::new();
        for (at, (counts, key)) in self.stages.iter().zip(channel.stages).enumerate() {
            let stage = channel.program.stages().get(at);
            // A stage that the program no longer has goes by its key.
            if stage.is_none() && counts.partners == 0 && counts.stays == 0 {
                continue;
            }
            let of_stage = model.and_then(|model| model.stages.get(at));
            rows.push(PipelineRow {
                target: stage.and_then(|stage| stage.target_days),
                stays: Some(counts.stays),
                stuck: of_stage.map(|_| stuck[at]),
                of_stage,
                ..PipelineRow::of(key, stage.map_or(key, |stage| &stage.name), counts.clone())
            });
        }
        if self.none.partners > 0 {
            rows.push(PipelineRow::of(NO_STAGE, "No stage yet", self.none.clone()));
        }
        let parked = PipelineRow::of(PARKED, "Parked", self.parked.clone());
        rows.push(PipelineRow { stays: Some(self.parked.stays), ..parked });
        rows.push(PipelineRow::of(LEFT, "Left", self.left.clone()));
        rows
    }

    /// Returns totals for machines.
    pub(crate) fn figures(&self, channel: &Channel) -> Vec<Figure> {
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

    /// Returns the totals in a sentence.
    pub(crate) fn sentence(&self, channel: &Channel) -> String {
        let inside: usize = self.stages.iter().map(|row| row.partners).sum();
        let partners = counted(channel.lines.len(), "partner");
        let mut parts = vec![format!("{inside} in a stage")];
        if self.none.partners > 0 {
            parts.push(format!("{} without a stage", self.none.partners));
        }
        parts.push(format!("{} parked", self.parked.partners));
        let labels: Vec<String> =
            self.left_as.iter().map(|(label, count)| format!("{count} {}", label.word())).collect();
        let labels = if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) };
        parts.push(format!("{} left{labels}", self.left.partners));
        format!("{partners}: {}.", parts.join(", "))
    }
}

impl<'m> PipelineRow<'m> {
    fn of(key: &'m str, name: &'m str, counts: RowCounts) -> PipelineRow<'m> {
        PipelineRow { key, name, target: None, counts, stays: None, stuck: None, of_stage: None }
    }

    fn survival(&self) -> Option<&'m Survival> {
        Some(&self.of_stage?.curve.survival)
    }

    fn advance(&self) -> Option<f64> {
        let stage = self.of_stage?;
        let sayable = stage.curve.evidence == Evidence::Full && Some(ADVANCE) <= stage.curve.until();
        let p = stage.incidences[Outcome::Advanced as usize].at(ADVANCE);
        (sayable && p > 0.0).then_some(p)
    }
}

/// Adds how fast the stages are, and how many are stuck in them.
fn with_pace<'r>(table: TypedTable<'r, PipelineRow<'r>>) -> TypedTable<'r, PipelineRow<'r>> {
    table
        .column("stuck", "Stuck", |row| row.stuck)
        .headline()
        .alert()
        .people("Median (95 % CI)", |row| row.of_stage.map(|stage| stage.curve.quantile(0.5)))
        .optional()
        .machines("q50_days", |row| Cell::age(row.survival().and_then(|one| one.quantile(0.5))))
        .machines("q50_days_low", |row| Cell::age(row.survival().and_then(|one| one.quantile_limits(0.5).0)))
        .machines("q50_days_high", |row| Cell::age(row.survival().and_then(|one| one.quantile_limits(0.5).1)))
        .column("p_advance_90d", "Advance within 90 d", |row| Cell::share(row.advance()))
        .optional()
        .detail()
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis) -> Report {
    let pipeline = Pipeline::of(channel);
    frame
        .report("chanlife.pipeline/1", channel)
        .with_figures(pipeline.figures(channel))
        .with_tables([pipeline.table(channel, None)])
        .with_tables(criteria::table(channel))
        .with_notes([pipeline.sentence(channel)])
        .with_notes(channel.counted_once(channel.as_of.months_before(12).plus(1)))
}
