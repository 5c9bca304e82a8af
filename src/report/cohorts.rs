//! `report cohorts`: of the partners that began in a period, how many came to each stage, and by when.

use std::collections::BTreeMap;

use crate::analysis::incidence::incidence;
use crate::analysis::lives::{Life, SUCCEEDED};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::report::channel::Channel;
use crate::report::diagnostics;
use crate::report::frame::Frame;
use crate::report::past::Past;
use crate::report::say::{Evidence, chance};
use crate::report::sheet::{Cell, Column, Report, Sheet};

/// Days since the first one for which it is said how many had come where.
const DAYS: [usize; 3] = [90, 180, 365];

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub every: Every,
    pub explain: bool,
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame, options: Options) -> Report {
    let past = Past::of(channel);
    let calendar = channel.program.calendar;
    let period = |life: Life| calendar.containing(Day::from_number(life.began()?)?, options.every);
    let mut cohorts: BTreeMap<Period, usize> = BTreeMap::new();
    for period in past.lives.iter().filter_map(period) {
        *cohorts.entry(period).or_default() += 1;
    }
    let mut columns = vec![
        Column::new("cohort", "Began in"),
        Column::new("partners", "Partners"),
        Column::new("day", "By day"),
    ];
    let stages = &channel.program.stages()[1..=past.lives.states.success.max(1).min(past.stages - 1)];
    for stage in stages {
        columns.push(Column::for_people(&stage.name));
        let key = stage.key.replace('-', "_");
        columns
            .extend(["", "_se", "_low", "_high"].map(|part| Column::for_machines(format!("p_{key}{part}"))));
    }
    let mut sheet = Sheet::new("rows", "How many came to each stage", columns).empty(format!(
        "No cohort is old enough yet: the first figure comes {} days after its last partner began.",
        DAYS[0]
    ));
    for (period, partners) in &cohorts {
        let age = usize::try_from(channel.as_of.since(period.last)).unwrap_or(0);
        for days in DAYS.into_iter().filter(|days| *days <= age) {
            let mut cells = vec![period.to_string().into(), Cell::count(*partners), Cell::age(Some(days))];
            for at in 1..=stages.len() {
                let wanted = |state: usize| (at..past.stages).contains(&state);
                let of = |life: Life| {
                    life.began()
                        .and_then(Day::from_number)
                        .is_some_and(|day| (period.first..=period.last).contains(&day))
                };
                let counts = past.lives.first_to(wanted, of);
                let reached = incidence(&counts, SUCCEEDED);
                let (p, limits) = (reached.at(days), reached.limits(days));
                let enough = Evidence::of(counts.ended() + counts.open()) == Evidence::Full;
                cells.push(match enough {
                    true => chance(p, limits),
                    false => Cell::Text(format!(
                        "{} of {}",
                        reached_by(&counts, days),
                        counts.ended() + counts.open()
                    )),
                });
                cells.push(Cell::decimal(Some(p)));
                cells.push(Cell::decimal(Some(reached.se(days))));
                cells.push(Cell::decimal(limits.map(|limits| limits.low)));
                cells.push(Cell::decimal(limits.map(|limits| limits.high)));
            }
            sheet.rows.push(cells);
        }
    }
    if options.explain {
        sheet.notes.push(EXPLAINED.to_owned());
    }
    Report {
        schema: "chanlife.cohorts/1",
        title: frame.title(&channel.program.name),
        figures: frame.figures(channel),
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: diagnostics::of_stays(channel, &past),
    }
}

fn reached_by(counts: &crate::analysis::counts::Counts, days: usize) -> u32 {
    (0..=days).map(|day| counts.exits(SUCCEEDED, day)).sum()
}

const EXPLAINED: &str = "A cohort is all partners that began in a period; partners of whom the first day is not known are left \
    out. A row says which share had come to a stage, or beyond it, within so many days of their own first day, with a \
    95 % interval (Aalen-Johansen, leaving beside it); it stands there once the youngest of the cohort is that old. \
    Under 10 partners the counts are given.";
