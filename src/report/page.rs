//! `report`: one page on the whole channel: the pipeline, where to intervene, the top priorities.

use clap::Args;

use crate::lifecycle::base::hint::Step;
use crate::report::basis::Basis;
use crate::report::estimate::model::Model;
use crate::report::estimate::ranking::{Effort, Ranking};
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption};
use crate::report::pipeline::Pipeline;
use crate::report::reading::{Channel, Needs};
use crate::report::stuck::Pace;
use crate::report::todo;
use crate::report::todo::Todo;
use crate::report::value::{Cell, Figure, Report};
use crate::store::View;
use crate::text::steps::command_line;

/// How many partners the page names.
const FIRST: usize = 5;
/// By which share stages are improved on the page.
const CHANGE: f64 = 0.25;

#[derive(Debug, Args)]
pub(crate) struct PageReport {
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for PageReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/page.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::ALL_SALES)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        report(asked.view, asked.channel, asked.basis)
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }
}

/// Returns the page.
///
/// # Errors
/// Fails if the file cannot be read.
fn report(view: &View, channel: &Channel, frame: &Basis) -> anyhow::Result<Report> {
    let pipeline = Pipeline::of(channel);
    let model = Model::of(channel, None);
    let mut report = frame
        .report("chanlife.report/1", channel)
        .with_figures(pipeline.figures(channel))
        .with_figures([Figure::for_machines("horizon_days", Cell::age(model.horizon.days))]);
    let mut table = pipeline.table(channel, Some(&model));
    let ranking = match model.blocked(channel) {
        Some(blocked) => Err(blocked),
        None => Ranking::of(&model, CHANGE, Effort::Quick).ok_or_else(|| "not enough data".to_owned()),
    };
    match &ranking {
        Ok(ranking) => {
            report = report
                .with_figures(ranking.figures(channel))
                .with_headline(ranking.headline(channel, model.horizon.days));
            table.notes.push(model.horizon.sentence());
        }
        Err(why) if pipeline.partners() > 0 => {
            report = report.with_headline(format!("Where to intervene: {why}"));
        }
        Err(_) => {}
    }
    let late = |todo: &Todo| todo.overdue.is_some() || todo.pace != Pace::Usual;
    let todos = todo::todos(channel, &model, late);
    let mut first = todo::table(view, channel, &model, &todos, Some(FIRST))?
        .empty("No partner is over its stage target or stuck.");
    first.key = "touch_first";
    if pipeline.partners() > 0 {
        "Top priorities".clone_into(&mut first.title);
    }
    let nobody = channel.lines.is_empty() && frame.segment.is_everyone();
    let note = if nobody {
        format!("No partners as of {}; add one: `{}`", frame.as_of, command_line(&Step::AddPartner))
    } else {
        pipeline.sentence(channel)
    };
    Ok(report.with_tables([table, first]).with_notes([note]))
}
