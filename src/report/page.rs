//! `report`: one page on the whole channel, and whom to touch first.

use super::channel::{Channel, Line};
use super::frame::Frame;
use super::pipeline::Pipeline;
use super::sheet::{Cell, Column, Report, Sheet};
use crate::domain::next::next_step;
use crate::store::View;

/// How many partners the page names.
const FIRST: usize = 5;

/// The page.
///
/// # Errors
/// Where the file can't be read.
pub fn report(view: &View, channel: &Channel, frame: &Frame) -> anyhow::Result<Report> {
    let pipeline = Pipeline::of(channel);
    let nobody = channel.lines.is_empty() && frame.segment.is_everyone();
    let notes = match nobody {
        true => vec!["No partner yet: `chanlife add-partner NAME` adds one.".to_owned()],
        false => vec![pipeline.sentence(channel)],
    };
    let mut facts = frame.facts(channel);
    facts.extend(pipeline.facts(channel));
    Ok(Report {
        schema: "chanlife.report/1",
        title: frame.title(&channel.program.name),
        facts,
        sheets: vec![pipeline.sheet(channel), most_overdue(view, channel)?],
        notes,
    })
}

/// The partners furthest beyond the target of their stage, each with its next step.
fn most_overdue(view: &View, channel: &Channel) -> anyhow::Result<Sheet> {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("stage", "Stage"),
        Column::new("since", "Since"),
        Column::new("days_in_stage", "Days there"),
        Column::new("overdue_days", "Overdue").alert(),
        Column::new("owner", "Owner").optional(),
        Column::for_machines("next"),
        Column::new("command", "Next"),
    ];
    let title = match channel.lines.is_empty() {
        true => "",
        false => "Touch first: furthest beyond the target of their stage",
    };
    let mut sheet = Sheet::new("touch_first", title, columns).empty("No partner is overdue.");
    let mut overdue: Vec<(i64, &Line)> =
        channel.lines.iter().filter_map(|line| Some((channel.overdue_days(line)?, line))).collect();
    overdue.sort_by_key(|(days, line)| (std::cmp::Reverse(*days), line.id));
    for (days, line) in overdue.into_iter().take(FIRST) {
        let Some(partner) = view.partner(line.id)? else { continue };
        let step = next_step(channel.program, &partner, channel.as_of);
        sheet.rows.push(vec![
            partner.key.as_str().into(),
            partner.name().into(),
            channel.row_of(line).into(),
            line.entered.filter(|_| line.entry_known).into(),
            Cell::days(channel.days_here(line)),
            Cell::Days(days),
            partner.attribute("owner").into(),
            step.as_ref().map(|step| step.what.clone()).into(),
            step.map(|step| step.command).into(),
        ]);
    }
    Ok(sheet)
}
