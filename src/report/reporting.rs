//! `report reporting`: who owes which report of what was sold.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::report::channel::{Channel, Line};
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// The partners that owe reports, each with the periods, oldest first. The channel needs attributes and sales.
pub fn owing<'c>(channel: &'c Channel) -> Vec<(&'c Line, Vec<Period>)> {
    let owed = channel.lines.iter().filter_map(|line| {
        let periods = channel.facts(line).reports_owed();
        (!periods.is_empty()).then_some((line, periods))
    });
    owed.collect()
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame) -> Report {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("every", "Reports every"),
        Column::new("owed", "Owes"),
        Column::for_machines("reports_owed"),
        Column::new("due", "First was due"),
        Column::new("days_late", "Late").alert(),
        Column::new("owner", "Owner").optional(),
    ];
    let mut sheet = Sheet::new("rows", "Reports owed", columns).empty("No report is owed.");
    let due_days = channel.program.reporting.as_ref().map_or(0, |rule| rule.due_days);
    let mut all = owing(channel);
    let due = |periods: &[Period]| periods.first().map_or(Day::LAST, |period| period.last.plus(due_days));
    all.sort_by_key(|(line, periods)| (due(periods), line.id));
    let reports: usize = all.iter().map(|(_, periods)| periods.len()).sum();
    for (line, periods) in &all {
        let attribute = |key: &str| line.attributes.as_ref().and_then(|one| one.values.get(key)).cloned();
        let labels: Vec<String> = periods.iter().map(ToString::to_string).collect();
        sheet.rows.push(vec![
            line.key().into(),
            attribute("name").into(),
            channel.facts(line).cadence().map(Every::word).into(),
            Cell::List(labels),
            Cell::count(periods.len()),
            due(periods).into(),
            Cell::Days(channel.as_of.since(due(periods))),
            attribute("owner").into(),
        ]);
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("partners", Cell::count(all.len())));
    figures.push(Figure::for_machines("reports_owed", Cell::count(reports)));
    let notes = match &channel.program.reporting {
        None => vec!["The program does not say how often partners report; add [reporting] to it.".to_owned()],
        Some(_) if all.is_empty() => Vec::new(),
        Some(rule) => vec![format!(
            "{} {} {}. A report is due {} days after its period; one of nothing sold is `chanlife revenue add PARTNER 0 \
             --period PERIOD`.",
            counted(all.len(), "partner"),
            if all.len() == 1 { "owes" } else { "owe" },
            counted(reports, "report"),
            rule.due_days
        )],
    };
    Report {
        schema: "chanlife.reporting/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes,
    }
}
