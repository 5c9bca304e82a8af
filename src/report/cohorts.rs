//! `report cohorts`: partners by start period, and the share that reached each stage by when.

use std::collections::BTreeMap;

use clap::Args;

use crate::analysis::Limits;
use crate::analysis::counts::Counts;
use crate::analysis::incidence::incidence;
use crate::analysis::state_histories::{SUCCEEDED, StateHistory};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::program::Stage;
use crate::report::basis::Basis;
use crate::report::estimate::diagnostics;
use crate::report::estimate::histories::Past;
use crate::report::estimate::significance::{Evidence, chance};
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Needs};
use crate::report::value::{Cell, Report, Table};
use crate::store::View;

#[derive(Debug, Args)]
pub(crate) struct CohortsReport {
    /// Length of the start periods, in the program's fiscal calendar
    #[arg(long, value_enum, value_name = "PERIOD", default_value = "quarter")]
    every: EveryWord,
}

impl NamedReport for CohortsReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/cohorts.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::ALL_SALES)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let every = match self.every {
            EveryWord::Year => Every::Year,
            EveryWord::Half => Every::Half,
            EveryWord::Quarter => Every::Quarter,
            EveryWord::Month => Every::Month,
            EveryWord::Week => Every::Week,
        };
        Ok(report(asked.channel, asked.basis, every))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum EveryWord {
    Year,
    Half,
    Quarter,
    Month,
    Week,
}

/// Days since the first one for which it is said how many had come where.
const DAYS: [usize; 3] = [90, 180, 365];

/// How many of a cohort had come to each stage by a day.
struct CohortDay<'p> {
    cohort: &'p Period,
    partners: usize,
    day: usize,
    /// By stage, from the second one on.
    stages: Vec<Reached>,
}

/// How many had come to a stage, or beyond it.
struct Reached {
    p: f64,
    se: f64,
    limits: Option<Limits>,
    /// Partners that came, and all of the cohort.
    came: u32,
    all: u64,
}

impl Reached {
    fn of(counts: &Counts, days: usize) -> Reached {
        let reached = incidence(counts, SUCCEEDED);
        Reached {
            p: reached.at(days),
            se: reached.se(days),
            limits: reached.limits(days),
            came: (0..=days).map(|day| counts.exits(SUCCEEDED, day)).sum(),
            all: counts.ended() + counts.open(),
        }
    }

    fn in_words(&self) -> Cell {
        if Evidence::of(self.all) == Evidence::Full {
            chance(self.p, self.limits)
        } else {
            Cell::Text(format!("{} of {}", self.came, self.all))
        }
    }
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, every: Every) -> Report {
    let past = Past::of(channel);
    let calendar = channel.program.calendar;
    let period = |history: StateHistory| calendar.containing(Day::from_number(history.began()?)?, every);
    let mut cohorts: BTreeMap<Period, usize> = BTreeMap::new();
    for period in past.histories.iter().filter_map(period) {
        *cohorts.entry(period).or_default() += 1;
    }
    let stages = &channel.program.stages()[1..=past.histories.states.success.max(1).min(past.stages - 1)];
    let mut rows = Vec::new();
    for (cohort, partners) in &cohorts {
        let age = usize::try_from(channel.as_of.since(cohort.last)).unwrap_or(0);
        for day in DAYS.into_iter().filter(|days| *days <= age) {
            let stages = (1..=stages.len()).map(|at| Reached::of(&first_to(&past, cohort, at), day));
            rows.push(CohortDay { cohort, partners: *partners, day, stages: stages.collect() });
        }
    }
    frame
        .report("chanlife.cohorts/1", channel)
        .with_tables([table(&rows, stages)])
        .with_notes(diagnostics::of_stays(channel, &past))
}

fn table(rows: &[CohortDay], stages: &[Stage]) -> Table {
    let is_first = |row: &CohortDay| row.day == DAYS[0];
    let mut table = Table::of("rows", "Partners that reached each stage", rows)
        .machines("cohort", |row| row.cohort.to_string())
        // People read once what is the same in all rows of a cohort.
        .people("Cohort", |row| is_first(row).then(|| row.cohort.to_string()))
        .period_days("cohort", |row| Some(row.cohort))
        .machines("partners", |row| row.partners)
        .people("Partners", |row| is_first(row).then_some(row.partners))
        .headline()
        .column("day", "Within", |row| Cell::age(row.day))
        .identity();
    for (at, stage) in stages.iter().enumerate() {
        let key = format!("p_{}", stage.key.replace('-', "_"));
        table = table.people(&stage.name, |row| row.stages[at].in_words());
        // The stage of success is what the others lead to.
        table = if at + 1 == stages.len() { table.headline() } else { table };
        table = table
            .machines(key.clone(), |row| Cell::decimal(row.stages[at].p))
            .machines(format!("{key}_se"), |row| Cell::decimal(row.stages[at].se))
            .machines(format!("{key}_low"), |row| Cell::decimal(row.stages[at].limits.map(|one| one.low)))
            .machines(format!("{key}_high"), |row| Cell::decimal(row.stages[at].limits.map(|one| one.high)));
    }
    table.done().empty(format!(
        "Not enough data: the first figures appear {} days after the end of a start period.",
        DAYS[0]
    ))
}

/// The days from the first one to the stage at this place, or beyond it, of the partners of a cohort.
fn first_to(past: &Past, cohort: &Period, at: usize) -> Counts {
    let wanted = |state: usize| (at..past.stages).contains(&state);
    let of = |history: StateHistory| {
        history
            .began()
            .and_then(Day::from_number)
            .is_some_and(|day| (cohort.first..=cohort.last).contains(&day))
    };
    past.histories.first_to(wanted, of)
}
