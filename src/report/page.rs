//! `report`: one page on the whole channel: where partners stand, where to intervene, whom to touch first.

use crate::report::channel::Channel;
use crate::report::estimate::model::Model;
use crate::report::estimate::ranking::{Effort, Ranking};
use crate::report::frame::Frame;
use crate::report::pipeline::Pipeline;
use crate::report::stuck::Pace;
use crate::report::todo;
use crate::report::todo::Todo;
use crate::report::value::{Cell, Figure, Report};
use crate::store::View;

/// How many partners the page names.
const FIRST: usize = 5;
/// By which share the page's levers are pulled.
const CHANGE: f64 = 0.25;

/// The page.
///
/// # Errors
/// Where the file can't be read.
pub(crate) fn report(view: &View, channel: &Channel, frame: &Frame) -> anyhow::Result<Report> {
    let pipeline = Pipeline::of(channel);
    let model = Model::of(channel, None);
    let mut report = frame
        .report("chanlife.report/1", channel)
        .with_figures(pipeline.figures(channel))
        .with_figures([Figure::for_machines("horizon_days", Cell::age(model.horizon.days))]);
    let mut table = pipeline.table(channel, Some(&model));
    let ranking = match model.blocked(channel) {
        Some(blocked) => Err(blocked),
        None => Ranking::of(&model, CHANGE, Effort::Quick).ok_or_else(|| "Too few to tell.".to_owned()),
    };
    match &ranking {
        Ok(ranking) => {
            report = report.with_figures(ranking.figures(channel));
            table.notes = ranking.sentences(channel, model.horizon.days);
            table.notes.push(format!("More: `chanlife report intervene`. {}", model.horizon.sentence()));
        }
        Err(why) if pipeline.partners() > 0 => {
            table.notes.push(format!("Where to intervene: {}", uncapital(why)));
        }
        Err(_) => {}
    }
    let late = |todo: &Todo| todo.overdue.is_some() || todo.pace != Pace::Usual;
    let todos = todo::todos(channel, &model, late);
    let mut first =
        todo::table(view, channel, &model, &todos, Some(FIRST))?.empty("No partner is overdue or stuck.");
    first.key = "touch_first";
    if pipeline.partners() > 0 {
        "Touch first".clone_into(&mut first.title);
    }
    let nobody = channel.lines.is_empty() && frame.segment.is_everyone();
    let note = if nobody {
        format!("No partner as of {}; `chanlife add-partner NAME` adds one.", frame.as_of)
    } else {
        pipeline.sentence(channel)
    };
    Ok(report.with_tables([table, first]).with_notes([note]))
}

fn uncapital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
