//! `report nonperforming`: who is below what the program's rule asks for, and what is done about it.

use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{DecidedAs, Judged, JudgedQuarter, Performance, WatchStatus, measured};
use crate::lifecycle::program::Program;
use crate::report::channel::{Channel, Line};
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// The whole report; the channel needs attributes, sales and growth. `all` shows those that perform too.
pub fn report(channel: &Channel, frame: &Frame, all: bool) -> Report {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("performance", "By the rule"),
        Column::new("quarters", "Quarters"),
        Column::new("care", "What is done").optional(),
        Column::new("since", "Since").optional(),
        Column::new("until", "Until").optional(),
        Column::new("reason", "Because").optional(),
        Column::new("owner", "Owner").optional(),
        Column::new("command", "Next").optional(),
    ];
    let mut sheet = Sheet::new("rows", "Partners in growth against the rule", columns)
        .empty("Nobody is below what the rule asks for, and nobody is watched.");
    let mut counts: [usize; 5] = [0; 5];
    let mut watched = 0;
    for line in &channel.lines {
        let judged = channel.facts(line).performance();
        let Some(judged) = judged.or_else(|| line.watch_status.is_open().then(not_judged)) else { continue };
        counts[judged.performance as usize] += 1;
        watched += usize::from(line.watch_status.is_open());
        let noted = matches!(judged.performance, Performance::Under | Performance::Unreported)
            || line.watch_status != WatchStatus::None;
        if all || noted {
            sheet.rows.push(row(channel, line, &judged));
        }
    }
    let under = counts[Performance::Under as usize];
    let mut figures = frame.figures(channel);
    for (key, performance) in [
        ("underperforming", Performance::Under),
        ("performing", Performance::Performing),
        ("too_early", Performance::TooEarly),
        ("no_plan", Performance::NoPlan),
        ("reports_owed", Performance::Unreported),
    ] {
        figures.push(Figure::new(key, "", Cell::count(counts[performance as usize])));
    }
    figures.push(Figure::for_machines("watched", Cell::count(watched)));
    let mut notes = Vec::new();
    match channel.program.non_performing {
        None => notes.push("The program has no rule; add [non_performing] to it.".to_owned()),
        Some(found) => {
            let judged: usize = counts.iter().sum();
            let mut parts = vec![format!(
                "{under} {} for {}",
                measured(channel.program, found.rule.measure),
                counted(found.rule.quarters, "whole quarter")
            )];
            let others = [
                (Performance::Performing, "above it"),
                (Performance::TooEarly, "too early to judge"),
                (Performance::NoPlan, "without a plan"),
                (Performance::Unreported, "that report nothing of a quarter"),
            ];
            parts.extend(others.into_iter().filter_map(|(performance, words)| {
                let count = counts[performance as usize];
                (count > 0).then(|| format!("{count} {words}"))
            }));
            notes.push(format!("{} in growth: {}.", counted(judged, "partner"), parts.join(", ")));
        }
    }
    Report {
        schema: "chanlife.nonperforming/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes,
    }
}

/// A partner that is watched and does not stand in growth.
fn not_judged() -> Judged {
    Judged { performance: Performance::TooEarly, quarters: Vec::new() }
}

fn row(channel: &Channel, line: &Line, judged: &Judged) -> Vec<Cell> {
    let attribute = |key: &str| line.attributes.as_ref().and_then(|one| one.values.get(key)).cloned();
    let (care, since, until) = match line.watch_status {
        WatchStatus::None => (None, None, None),
        WatchStatus::Watched { since } => (Some("watched"), Some(since), None),
        WatchStatus::Improving { since, until } => (Some("improvement plan"), Some(since), Some(until)),
        WatchStatus::Settled { on, outcome } => (Some(outcome.word()), Some(on), None),
    };
    vec![
        line.key().into(),
        attribute("name").into(),
        judged.performance.word().into(),
        Cell::List(
            judged.quarters.iter().map(|quarter| quarter_in_words(channel.program, quarter)).collect(),
        ),
        care.into(),
        since.into(),
        until.into(),
        line.watch_reason.clone().into(),
        attribute("owner").into(),
        next(channel, line, judged).into(),
    ]
}

/// A quarter in words: `2026-Q3 31 %`.
pub fn quarter_in_words(program: &Program, quarter: &JudgedQuarter) -> String {
    let money = program.currency.money(quarter.actual_minor);
    let what = match quarter.target_minor.filter(|target| *target > 0) {
        Some(target) => format!("{} %", quarter.actual_minor * 100 / target),
        None => money.to_string(),
    };
    match quarter.unreported {
        true => format!("{} nothing reported", quarter.period),
        false => format!("{} {what}", quarter.period),
    }
}

fn next(channel: &Channel, line: &Line, judged: &Judged) -> Option<String> {
    let key = line.key();
    match line.watch_status {
        WatchStatus::Improving { until, .. } if until <= channel.as_of => {
            Some(format!("chanlife decide {key} recover|lower-tier|self-service|leave --reason REASON"))
        }
        WatchStatus::Improving { .. } | WatchStatus::Settled { outcome: DecidedAs::SelfService, .. } => None,
        WatchStatus::Watched { .. } => Some(format!("chanlife improve {key}")),
        WatchStatus::None | WatchStatus::Settled { .. } => (judged.performance == Performance::Under)
            .then(|| format!("chanlife watch {key} --reason REASON")),
    }
}
