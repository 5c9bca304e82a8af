//! `report overrides`: gates and verdicts that were overridden, why, and what became of those partners.

use std::collections::BTreeSet;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::stage::Stay;
use crate::lifecycle::stage::{LeftAs, Why};
use crate::report::channel::Channel;
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// The whole report. The channel needs attributes.
///
/// # Errors
/// Where the file can't be read.
pub fn report(view: &View, channel: &Channel, frame: &Frame) -> anyhow::Result<Report> {
    let columns = vec![
        Column::new("day", "Day"),
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::for_machines("event"),
        Column::new("kind", "What"),
        Column::new("overridden", "Overridden"),
        Column::new("reason", "Reason"),
        Column::new("by", "By"),
        Column::new("in_force", "In force").optional(),
        Column::new("stage", "Stands now"),
        Column::for_machines("left_as"),
        Column::new("since", "Since"),
        Column::new("revenue_12m", format!("Revenue 12 months ({})", channel.program.currency.code())),
    ];
    let mut sheet = Sheet::new("rows", "Overrides, and what became of those partners", columns)
        .empty("Nothing was overridden.");
    let candidates: BTreeSet<i64> = view.overriding()?;
    let success = channel.program.success_stage();
    let mut rows: Vec<(Day, Vec<Cell>)> = Vec::new();
    let (mut partners, mut succeeded, mut left) = (0, 0, 0);
    for line in channel.lines.iter().filter(|line| candidates.contains(&line.id)) {
        let history = view.history(line.id)?;
        let folded = history.fold(&view.in_force.aliases, Some(view.as_of));
        let state = folded.partner();
        // Success and leaving count from the first override on.
        let mut first: Option<Day> = None;
        for (day, recorded) in folded.order.iter().filter(|(day, _)| *day <= view.as_of) {
            let (kind, what, reason) = match &recorded.event {
                Event::Entered(entered) if entered.reason.is_some() && entered.why == Why::Advanced => {
                    let kind = if entered.overridden.is_empty() { "stages skipped" } else { "gates" };
                    (kind, entered.overridden.clone(), entered.reason.clone())
                }
                Event::Overridden(parts) => {
                    ("verdict", parts.questionnaires.clone(), Some(parts.reason.clone()))
                }
                Event::Skipped(parts)
                    if needs(channel, view.in_force.aliases.milestone(&parts.milestone)) =>
                {
                    ("criteria skipped", vec![parts.milestone.clone()], Some(parts.reason.clone()))
                }
                _ => continue,
            };
            first = first.or(Some(*day));
            let in_force = state.filter(|_| kind == "verdict").map(|partner| {
                partner.assessments.iter().any(|one| {
                    one.life == partner.returns
                        && one.overridden.as_ref().is_some_and(|by| by.event == recorded.number)
                        && partner.assessment(&one.assessed.questionnaire).is_some_and(|newest| newest == one)
                })
            });
            rows.push((
                *day,
                vec![
                    (*day).into(),
                    line.key().into(),
                    line.attributes.as_ref().and_then(|one| one.values.get("name")).cloned().into(),
                    recorded.number.into(),
                    kind.into(),
                    Cell::List(what),
                    reason.into(),
                    view.reader().actor_of(recorded.number)?.into(),
                    in_force.into(),
                    channel.row_of(line).into(),
                    line.left_as().map(LeftAs::word).into(),
                    line.entered.filter(|_| line.entry_known).into(),
                    channel.program.currency.money(channel.facts(line).revenue_12m()).into(),
                ],
            ));
        }
        let Some(first) = first else { continue };
        let came = |stay: &Stay| stay.entered >= first && stay.standing.in_stage() == Some(&success.key);
        partners += 1;
        succeeded += usize::from(state.is_some_and(|one| one.stays.iter().any(came)));
        left += usize::from(line.left_as().is_some());
    }
    rows.sort_by_key(|(day, _)| *day);
    sheet.rows = rows.into_iter().map(|(_, row)| row).collect();
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("partners", Cell::count(partners)));
    figures.push(Figure::for_machines("succeeded", Cell::count(succeeded)));
    figures.push(Figure::for_machines("left", Cell::count(left)));
    let notes = match partners {
        0 => Vec::new(),
        _ => vec![format!(
            "Of {}, {succeeded} came to {} and {left} left.",
            counted(partners, "partner"),
            success.name
        )],
    };
    Ok(Report {
        schema: "chanlife.overrides/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes,
    })
}

/// Whether a milestone is settled by something else than saying so.
fn needs(channel: &Channel, milestone: &str) -> bool {
    channel.program.milestone(milestone).is_some_and(|(_, one)| one.needs.is_some())
}
