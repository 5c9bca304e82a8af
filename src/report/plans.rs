//! `plan show` and `plan list`: what was planned, what came of it, what is to be done.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::facts::{Facts, sold};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::{PlanVersion, quarters_of};
use crate::lifecycle::program::Program;
use crate::report::channel::Channel;
use crate::report::frame::Frame;
use crate::report::growth::ratio;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// The plans of one partner.
pub fn of_partner(program: &Program, partner: &Partner, frame: &Frame) -> Report {
    let columns = vec![
        Column::new("period", "Period"),
        Column::new("state", "State"),
        Column::new("target", format!("Target ({})", program.currency.code())),
        Column::new("actual", "Actual"),
        Column::new("attainment", "Of target"),
        Column::new("agreed_on", "Agreed").optional(),
        Column::new("agreed_by", "By").optional(),
    ];
    let mut sheet = Sheet::new("rows", "Plans", columns)
        .empty(format!("No plan yet: `chanlife plan set {} --period YEAR --target AMOUNT`", partner.key));
    for plan in partner.plans.iter().filter(|plan| plan.life == partner.returns) {
        let shown = plan.active().into_iter().chain(plan.newest().filter(|one| one.agreed.is_none()));
        for version in shown {
            let quarters = quarters_of(plan.starts);
            let year = (plan.period.clone(), quarters[0].0, quarters[3].1, version.year_minor());
            let each = quarters.into_iter().zip(version.targets_minor).enumerate().map(
                |(at, ((first, last), target))| {
                    (format!("{}-Q{}", plan.period, at + 1), first, last, i128::from(target))
                },
            );
            for (label, first, last, target) in std::iter::once(year).chain(each) {
                let begun = first <= frame.as_of;
                let actual = sold(&partner.sales, first, last.min(frame.as_of));
                let money = |minor: i128| program.currency.money(minor);
                sheet.rows.push(vec![
                    label.into(),
                    version.state().words().into(),
                    money(target).into(),
                    begun.then(|| money(actual)).into(),
                    Cell::share(ratio(actual, target).filter(|_| begun)),
                    version.agreed.into(),
                    version.agreed_by.clone().into(),
                ]);
            }
        }
    }
    Report {
        schema: "chanlife.plan/1",
        title: frame.title(partner.name()),
        figures: vec![
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("partner", partner.key.as_str()),
            Figure::for_machines("currency", program.currency.code()),
        ],
        tables: vec![sheet, task_sheet(partner, frame.as_of), review_sheet(partner)]
            .into_iter()
            .map(Into::into)
            .collect(),
        notes: Vec::new(),
    }
}

fn task_sheet(partner: &Partner, today: Day) -> Sheet {
    let columns = vec![
        Column::new("action", "Action"),
        Column::new("what", "What"),
        Column::new("owner", "Owner").optional(),
        Column::new("due", "Due"),
        Column::new("of", "Of"),
        Column::new("status", "Status"),
        Column::new("done_on", "Done on").optional(),
    ];
    let mut sheet = Sheet::new("actions", "To be done", columns).empty("Nothing is to be done by a day.");
    let mut tasks: Vec<_> = partner.tasks.iter().filter(|task| task.life == partner.returns).collect();
    tasks.sort_by_key(|task| (task.done.is_some(), task.due, task.event));
    for task in tasks {
        let status = match task.done {
            Some(_) => "done",
            None if task.due < today => "overdue",
            None => "open",
        };
        sheet.rows.push(vec![
            task.event.into(),
            task.what.as_str().into(),
            task.owner.clone().into(),
            task.due.into(),
            task.plan
                .as_ref()
                .map_or_else(|| "improvement plan".to_owned(), |year| format!("plan of {year}"))
                .into(),
            status.into(),
            task.done.into(),
        ]);
    }
    sheet
}

fn review_sheet(partner: &Partner) -> Sheet {
    let columns = vec![
        Column::new("period", "Quarter"),
        Column::new("on", "Reviewed"),
        Column::new("text", "What was found").optional(),
    ];
    let mut sheet = Sheet::new("reviews", "Business reviews", columns).empty("No review yet.");
    for review in partner.reviews.iter().filter(|review| review.life == partner.returns) {
        sheet.rows.push(vec![review.period.as_str().into(), review.day.into(), review.text.clone().into()]);
    }
    sheet
}

/// The plans of a fiscal year; the channel needs attributes, sales and growth.
pub fn list(channel: &Channel, frame: &Frame, year: &Period) -> Report {
    let currency = channel.program.currency;
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("state", "State"),
        Column::new("target", format!("Target ({})", currency.code())),
        Column::for_machines("q1_target"),
        Column::for_machines("q2_target"),
        Column::for_machines("q3_target"),
        Column::for_machines("q4_target"),
        Column::new("actual_to_date", "Actual to date"),
        Column::new("attainment", "Of target"),
        Column::new("drawn_up", "Drawn up"),
        Column::new("agreed_on", "Agreed").optional(),
        Column::new("agreed_by", "By").optional(),
    ];
    let mut sheet =
        Sheet::new("rows", format!("Plans of {year}"), columns).empty(format!("No plan of {year}."));
    let label = year.to_string();
    for line in &channel.lines {
        let versions = || line.plans.iter().filter(|row| row.period == label);
        let active = versions().rfind(|row| row.version.agreed.is_some());
        let draft = versions().next_back().filter(|row| row.version.agreed.is_none());
        for row in active.into_iter().chain(draft) {
            let version: &PlanVersion = &row.version;
            let quarters = quarters_of(row.starts);
            let actual = channel.facts(line).sold(quarters[0].0, quarters[3].1.min(frame.as_of));
            let money = |minor: i128| currency.money(minor);
            let name = line.attributes.as_ref().and_then(|one| one.values.get("name")).cloned();
            let [q1, q2, q3, q4] = version.targets_minor.map(|target| Cell::from(money(i128::from(target))));
            sheet.rows.push(vec![
                line.key().into(),
                name.into(),
                version.state().words().into(),
                money(version.year_minor()).into(),
                q1,
                q2,
                q3,
                q4,
                money(actual).into(),
                Cell::share(ratio(actual, version.year_minor())),
                version.day.into(),
                version.agreed.into(),
                version.agreed_by.clone().into(),
            ]);
        }
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("period", label));
    figures.push(Figure::for_machines("currency", currency.code()));
    Report {
        schema: "chanlife.plans/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}
