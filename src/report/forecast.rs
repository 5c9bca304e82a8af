//! `report forecast`: how many active partners will reach each stage by a day.

use clap::Args;

use crate::analysis::Z;
use crate::analysis::counts::Counts;
use crate::analysis::kernel::Kernel;
use crate::analysis::resample::Draws;
use crate::analysis::state_histories::{ObservedStay, StateHistories, StateHistory, States};
use crate::analysis::time_to_target::{Outlook, TimeToTarget};
use crate::lifecycle::base::day::Day;
use crate::report::basis::Basis;
use crate::report::estimate::diagnostics;
use crate::report::estimate::histories::Past;
use crate::report::estimate::model::Model;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{CurveDays, HorizonOption};
use crate::report::reading::{Channel, Needs};
use crate::report::value::percent;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;

/// A back-test goes back so many times, as far as the history reaches.
const BACK_TESTS: i64 = 12;
/// Days between the days from which a back-test looks.
const STEP: i64 = 30;

#[derive(Debug, Args)]
pub(crate) struct ForecastReport {
    #[command(flatten)]
    horizon: HorizonOption,
    /// Make the same forecast from past dates and compare it with what happened
    #[arg(long)]
    back_test: bool,
    #[command(flatten)]
    at: CurveDays,
}

impl NamedReport for ForecastReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/forecast.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::ALL_SALES)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let at = self.at.days();
        let options = ForecastOptions { horizon: self.horizon.days(), back_test: self.back_test, at };
        Ok(report(asked.channel, asked.basis, &options))
    }
}

/// What is asked of `report forecast`.
#[derive(Clone, Debug)]
struct ForecastOptions {
    pub horizon: Option<usize>,
    /// Whether forecasts from past days are compared with what happened.
    pub back_test: bool,
    /// Days ahead for which the expected numbers are wanted.
    pub at: Vec<usize>,
}

/// How many are expected at a stage.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
struct Expected {
    on_the_way: usize,
    mean: f64,
    /// The variance of the number if the chances are right.
    variance: f64,
    /// The variance of the mean, from estimating the chances.
    uncertain: f64,
    /// How many of them can't be followed so far.
    unknown: f64,
}

/// The outlook of a stay older than any that was seen.
const UNKNOWN: Outlook = Outlook { reached: 0.0, unknown: 1.0 };

impl Expected {
    /// Counts so many with the same outlook.
    fn add(&mut self, count: usize, outlook: Outlook) {
        let many = count as f64;
        self.on_the_way += count;
        self.mean += many * outlook.reached;
        self.variance += many * outlook.reached * (1.0 - outlook.reached);
        self.unknown += many * outlook.unknown;
    }

    /// The 95 % range; those that can't be followed may all come.
    fn range(&self) -> (f64, f64) {
        let wide = Z * (self.variance + self.uncertain).sqrt();
        let (low, high) = (self.mean - wide, self.mean + self.unknown + wide);
        (low.max(0.0), high.min(self.on_the_way as f64))
    }

    fn range_in_words(&self) -> String {
        let (low, high) = self.range();
        format!("{low:.0} to {high:.0}")
    }
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, options: &ForecastOptions) -> Report {
    let model = Model::of(channel, options.horizon);
    let days = model.horizon.days;
    let until = channel.as_of.plus(i64::try_from(days).unwrap_or(0));
    let blocked = model.blocked(channel);
    let mut rows: Vec<(usize, Expected)> = Vec::new();
    let mut dependence = None;
    if blocked.is_none() {
        let targets = 1..=model.past.histories.states.success;
        rows = targets
            .filter_map(|target| Some((target, expect(&model.past, &model.past.histories, target, days)?)))
            .collect();
        let to_success = model.to_success.as_ref();
        let start = model.past.histories.states.start;
        let through = to_success.map_or(0.0, |to_success| to_success.from(start, days).reached);
        dependence = diagnostics::dependence(&model.past, through, days);
    }
    let mut ahead = by_target(channel, &rows, until);
    if let Some(blocked) = blocked {
        ahead = ahead.empty(format!("No forecast: {blocked}."));
    }
    let back_test = options.back_test.then(|| back_test(channel, &model, days));
    frame
        .report("chanlife.forecast/1", channel)
        .with_figures([
            Figure::for_machines("horizon_days", Cell::age(days)),
            Figure::for_machines("history_days", model.horizon.history),
            Figure::for_machines("until", until),
        ])
        .with_tables([ahead, by_stage(channel, &model), by_day(channel, &model.past, &options.at)])
        .with_tables(back_test)
        .with_notes(dependence)
        .with_notes(diagnostics::of_stays(channel, &model.past))
        .with_notes([model.horizon.sentence()])
}

/// How many will have come to each stage, of those who are there now.
fn by_target(channel: &Channel, rows: &[(usize, Expected)], until: Day) -> Table {
    Table::of("rows", "Current partners expected to reach each stage", rows)
        .machines("stage", |(target, _)| &channel.program.stages()[*target].key)
        .column("name", "Stage", |(target, _)| &channel.program.stages()[*target].name)
        .column("on_the_way", "Not there yet", |(_, expected)| expected.on_the_way)
        .people(format!("Expected by {until}"), |(_, expected)| format!("{:.0}", expected.mean))
        .headline()
        .machines("expected", |(_, expected)| Cell::decimal(expected.mean))
        .people("Range (95 %)", |(_, expected)| expected.range_in_words())
        .machines("low", |(_, expected)| Cell::decimal(expected.range().0))
        .machines("high", |(_, expected)| Cell::decimal(expected.range().1))
        .machines("sd_if_right", |(_, expected)| Cell::decimal(expected.variance.sqrt()))
        .machines("sd_of_estimate", |(_, expected)| Cell::decimal(expected.uncertain.sqrt()))
        .people("Unknown", |(_, expected)| {
            (expected.unknown >= 0.5).then(|| format!("{:.0}", expected.unknown))
        })
        .optional()
        .detail()
        .machines("unknown", |(_, expected)| Cell::decimal(expected.unknown))
        .done()
}

/// How many of those in each stage are expected to succeed, for machines, however little that rests on.
fn by_stage(channel: &Channel, model: &Model) -> Table {
    let (success, days) = (model.past.histories.states.success, model.horizon.days);
    let mut by_state = vec![Expected::default(); model.past.histories.states.count];
    if let Some(to_success) = &model.to_success {
        for stay in
            model.past.histories.iter().filter_map(|history| on_the_way(&model.past, history, success))
        {
            let age = usize::try_from(stay.spell.days).ok();
            let rest = age.and_then(|age| model.kernel.row(stay.state).given_age(age));
            by_state[stay.state].add(1, rest.map_or(UNKNOWN, |rest| to_success.of_rest(&rest, days)));
        }
    }
    let rows: Vec<(usize, Expected)> =
        by_state.into_iter().enumerate().filter(|(_, one)| one.on_the_way > 0).collect();
    Table::of("by_stage", "", &rows)
        .machines("stage", |(state, _)| model.past.state_name(channel, *state))
        .machines("open", |(_, expected)| expected.on_the_way)
        .machines("expected", |(_, expected)| Cell::decimal(expected.mean))
        .machines("sd_if_right", |(_, expected)| Cell::decimal(expected.variance.sqrt()))
        .machines("unknown", |(_, expected)| Cell::decimal(expected.unknown))
        .done()
        .for_machines()
}

/// How many will have come to each stage by the asked days, for machines, however little that rests on.
fn by_day(channel: &Channel, past: &Past, at: &[usize]) -> Table {
    let targets = 1..=past.histories.states.success;
    let asked = targets.flat_map(|target| at.iter().map(move |day| (target, *day)));
    let rows: Vec<(usize, usize, Expected)> = asked
        .filter_map(|(target, day)| Some((target, day, expect(past, &past.histories, target, day)?)))
        .collect();
    Table::of("by_day", "", &rows)
        .machines("stage", |(target, ..)| &channel.stages[*target])
        .machines("day", |(_, day, _)| Cell::age(*day))
        .machines("on_the_way", |(.., expected)| expected.on_the_way)
        .machines("expected", |(.., expected)| Cell::decimal(expected.mean))
        .machines("sd_if_right", |(.., expected)| Cell::decimal(expected.variance.sqrt()))
        .machines("sd_of_estimate", |(.., expected)| Cell::decimal(expected.uncertain.sqrt()))
        .machines("unknown", |(.., expected)| Cell::decimal(expected.unknown))
        .done()
        .for_machines()
}

/// The open stay of a history that has still to come to a stage: in an earlier one, or parked from there.
fn on_the_way(past: &Past, history: StateHistory, target: usize) -> Option<ObservedStay> {
    let stay = history.open()?;
    let stage = past.parked_from(stay.state).unwrap_or(stay.state);
    (stage < target).then_some(stay)
}

/// How many of those on the way come to a stage within so many days.
fn expect(past: &Past, histories: &StateHistories, target: usize, days: usize) -> Option<Expected> {
    let states = States { success: target, ..histories.states };
    let mut ages: Vec<(usize, usize)> = histories
        .iter()
        .filter_map(|history| on_the_way(past, history, target))
        .filter_map(|stay| Some((stay.state, usize::try_from(stay.spell.days).ok()?)))
        .collect();
    ages.sort_unstable();
    let sum = |counts: &[Counts]| {
        let kernel = Kernel::of(states, counts);
        let to_target = TimeToTarget::to(target, &kernel, days)?;
        let mut expected = Expected::default();
        for alike in ages.chunk_by(|a, b| a == b) {
            let (state, age) = *alike.first()?;
            let rest = kernel.row(state).given_age(age);
            expected.add(alike.len(), rest.map_or(UNKNOWN, |rest| to_target.of_rest(&rest, days)));
        }
        Some(expected)
    };
    let mut expected = sum(&histories.counts())?;
    let draws = Draws::jackknife(histories, |counts| Some(vec![sum(counts)?.mean]))?;
    expected.uncertain = draws.se(0).powi(2);
    Some(expected)
}

/// A forecast from a past day, with what happened.
struct LookBack {
    /// The past day, as a number.
    look: i64,
    expected: Expected,
    happened: usize,
}

impl LookBack {
    fn of(past: &Past, look: i64, days: usize) -> Option<LookBack> {
        let success = past.histories.states.success;
        let then = past.histories.seen_on(look);
        let expected = expect(past, &then, success, days)?;
        let on_their_way = then.iter().filter(|history| on_the_way(past, *history, success).is_some());
        let ids: Vec<i64> = on_their_way.map(|history| history.id).collect();
        let within = look + 1..=look + days as i64;
        let came = |history: &StateHistory| {
            history.visits.iter().any(|visit| visit.state == success && within.contains(&visit.entered))
        };
        let happened = past
            .histories
            .iter()
            .filter(|history| ids.binary_search(&history.id).is_ok() && came(history))
            .count();
        Some(LookBack { look, expected, happened })
    }

    /// Returns whether the number is in the range, as the range is rounded.
    fn held(&self) -> bool {
        let (low, high) = self.expected.range();
        (low.floor()..=high.ceil()).contains(&(self.happened as f64))
    }
}

/// Forecasts of success from past days, beside what happened.
fn back_test(channel: &Channel, model: &Model, days: usize) -> Table {
    let ahead = days as i64;
    let first = channel.as_of.number() - model.horizon.history;
    let looks = (0..BACK_TESTS).map(|step| channel.as_of.number() - ahead - step * STEP);
    let looks = looks.filter(|look| 2 * (look - first) >= 3 * ahead);
    let rows: Vec<LookBack> = looks.filter_map(|look| LookBack::of(&model.past, look, days)).collect();
    let held = rows.iter().filter(|row| row.held()).count();
    let note = (!rows.is_empty()).then(|| {
        format!(
            "The actual number was within the range in {held} of {} forecasts ({} %, 95 % expected); overlapping forecasts are \
             correlated.",
            rows.len(),
            percent(held as f64 / rows.len() as f64)
        )
    });
    Table::of("back_test", "Back-test: past forecasts and what happened", &rows)
        .column("as_of", "Forecast on", |row| Day::from_number(row.look))
        .column("until", "For", |row| Day::from_number(row.look + ahead))
        .column("on_the_way", "Active then", |row| row.expected.on_the_way)
        .people("Expected", |row| format!("{:.0}", row.expected.mean))
        .machines("expected", |row| Cell::decimal(row.expected.mean))
        .people("Range (95 %)", |row| row.expected.range_in_words())
        .headline()
        .machines("low", |row| Cell::decimal(row.expected.range().0))
        .machines("high", |row| Cell::decimal(row.expected.range().1))
        .column("happened", "Actual", |row| row.happened)
        .headline()
        .column("held", "Within range", LookBack::held)
        .done()
        .empty("No back-test: the history is too short; 2.5 times the horizon is needed.")
        .with_notes(note)
}
