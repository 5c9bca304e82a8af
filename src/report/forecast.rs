//! `report forecast`: how many of those who are on the way will have come to each stage by a day.

use crate::analysis::Z;
use crate::analysis::counts::Counts;
use crate::analysis::kernel::Kernel;
use crate::analysis::lives::{Life, Lives, States, Stay};
use crate::analysis::passage::{Outlook, Passage};
use crate::analysis::resample::Draws;
use crate::lifecycle::base::day::Day;
use crate::report::channel::Channel;
use crate::report::diagnostics;
use crate::report::frame::Frame;
use crate::report::model::Model;
use crate::report::past::Past;
use crate::report::say::percent;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// A back-test goes back so many times, as far as the history reaches.
const BACK_TESTS: i64 = 12;
/// Days between the days from which a back-test looks.
const STEP: i64 = 30;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Options {
    pub horizon: Option<usize>,
    /// Whether forecasts from past days are compared with what happened.
    pub back_test: bool,
    /// Days ahead for which the expected numbers are wanted.
    pub at: Vec<usize>,
    pub explain: bool,
}

/// How many are expected at a stage.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
struct Expected {
    on_the_way: usize,
    mean: f64,
    /// The variance of the number where the chances are right.
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
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame, options: &Options) -> Report {
    let model = Model::of(channel, options.horizon);
    let days = model.horizon.days;
    let until = channel.as_of.plus(i64::try_from(days).unwrap_or(0));
    let mut figures = frame.figures(channel);
    figures.extend([
        Figure::for_machines("horizon_days", Cell::age(Some(days))),
        Figure::for_machines("history_days", model.horizon.history),
        Figure::for_machines("until", until),
    ]);
    let mut notes = Vec::new();
    let mut ahead = columns(until);
    match model.blocked(channel) {
        Some(blocked) => ahead.empty = blocked,
        None => {
            for target in 1..=model.past.lives.states.success {
                if let Some(expected) = expect(&model.past, &model.past.lives, target, days) {
                    ahead.rows.push(row(channel, target, expected));
                }
            }
            let passage = model.passage.as_ref();
            let through =
                passage.map_or(0.0, |passage| passage.from(model.past.lives.states.start, days).reached);
            notes.extend(diagnostics::dependence(&model.past, through, days));
        }
    }
    if options.explain {
        ahead.notes.push(EXPLAINED.to_owned());
    }
    let mut sheets = vec![ahead, by_stage(channel, &model), by_day(channel, &model.past, &options.at)];
    if options.back_test {
        sheets.push(back_test(channel, &model, days));
    }
    notes.extend(diagnostics::of_stays(channel, &model.past));
    notes.push(model.horizon.sentence());
    Report {
        schema: "chanlife.forecast/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: sheets.into_iter().map(Into::into).collect(),
        notes,
    }
}

fn columns(until: Day) -> Sheet {
    let columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("on_the_way", "On the way now"),
        Column::for_people(format!("Will have come by {until}")),
        Column::for_machines("expected"),
        Column::for_people("Range (95 %)"),
        Column::for_machines("low"),
        Column::for_machines("high"),
        Column::for_machines("sd_if_right"),
        Column::for_machines("sd_of_estimate"),
        Column::for_people("Can't be told").optional(),
        Column::for_machines("unknown"),
    ];
    Sheet::new("rows", "Of the partners that are there now", columns)
}

fn row(channel: &Channel, target: usize, expected: Expected) -> Vec<Cell> {
    let stage = &channel.program.stages()[target];
    let (low, high) = expected.range();
    let unknown = (expected.unknown >= 0.5).then(|| format!("{:.0}", expected.unknown));
    vec![
        stage.key.as_str().into(),
        stage.name.as_str().into(),
        Cell::count(expected.on_the_way),
        format!("{:.0}", expected.mean).into(),
        Cell::decimal(Some(expected.mean)),
        format!("{low:.0} to {high:.0}").into(),
        Cell::decimal(Some(low)),
        Cell::decimal(Some(high)),
        Cell::decimal(Some(expected.variance.sqrt())),
        Cell::decimal(Some(expected.uncertain.sqrt())),
        unknown.into(),
        Cell::decimal(Some(expected.unknown)),
    ]
}

/// How many of those in each stage are expected to succeed, for machines, however little that rests on.
fn by_stage(channel: &Channel, model: &Model) -> Sheet {
    let keys = ["stage", "open", "expected", "sd_if_right", "unknown"];
    let mut sheet = Sheet::new("by_stage", "", keys.map(Column::for_machines).to_vec()).for_machines();
    let Some(passage) = &model.passage else { return sheet };
    let (success, days) = (model.past.lives.states.success, model.horizon.days);
    let mut by_state = vec![Expected::default(); model.past.lives.states.count];
    for stay in model.past.lives.iter().filter_map(|life| on_the_way(&model.past, life, success)) {
        let rest =
            usize::try_from(stay.spell.days).ok().and_then(|age| model.kernel.row(stay.state).given_age(age));
        by_state[stay.state].add(1, rest.map_or(UNKNOWN, |rest| passage.of_rest(&rest, days)));
    }
    for (state, expected) in by_state.into_iter().enumerate().filter(|(_, one)| one.on_the_way > 0) {
        sheet.rows.push(vec![
            model.past.state_name(channel, state).into(),
            Cell::count(expected.on_the_way),
            Cell::decimal(Some(expected.mean)),
            Cell::decimal(Some(expected.variance.sqrt())),
            Cell::decimal(Some(expected.unknown)),
        ]);
    }
    sheet
}

/// How many will have come to each stage by the asked days, for machines, however little that rests on.
fn by_day(channel: &Channel, past: &Past, at: &[usize]) -> Sheet {
    let keys = ["stage", "day", "on_the_way", "expected", "sd_if_right", "sd_of_estimate", "unknown"];
    let mut sheet = Sheet::new("by_day", "", keys.map(Column::for_machines).to_vec()).for_machines();
    for target in 1..=past.lives.states.success {
        for day in at {
            let Some(expected) = expect(past, &past.lives, target, *day) else { continue };
            sheet.rows.push(vec![
                channel.stages[target].as_str().into(),
                Cell::age(Some(*day)),
                Cell::count(expected.on_the_way),
                Cell::decimal(Some(expected.mean)),
                Cell::decimal(Some(expected.variance.sqrt())),
                Cell::decimal(Some(expected.uncertain.sqrt())),
                Cell::decimal(Some(expected.unknown)),
            ]);
        }
    }
    sheet
}

/// The open stay of a life that has still to come to a stage: in an earlier one, or parked from there.
fn on_the_way(past: &Past, life: Life, target: usize) -> Option<Stay> {
    let stay = life.open()?;
    let stage = past.parked_from(stay.state).unwrap_or(stay.state);
    (stage < target).then_some(stay)
}

/// How many of those on the way come to a stage within so many days.
fn expect(past: &Past, lives: &Lives, target: usize, days: usize) -> Option<Expected> {
    let states = States { success: target, ..lives.states };
    let mut ages: Vec<(usize, usize)> = lives
        .iter()
        .filter_map(|life| on_the_way(past, life, target))
        .filter_map(|stay| Some((stay.state, usize::try_from(stay.spell.days).ok()?)))
        .collect();
    ages.sort_unstable();
    let sum = |counts: &[Counts]| {
        let kernel = Kernel::of(states, counts);
        let passage = Passage::to(target, &kernel, days)?;
        let mut expected = Expected::default();
        for alike in ages.chunk_by(|a, b| a == b) {
            let (state, age) = *alike.first()?;
            let rest = kernel.row(state).given_age(age);
            expected.add(alike.len(), rest.map_or(UNKNOWN, |rest| passage.of_rest(&rest, days)));
        }
        Some(expected)
    };
    let mut expected = sum(&lives.counts())?;
    let draws = Draws::jackknife(lives, |counts| Some(vec![sum(counts)?.mean]))?;
    expected.uncertain = draws.se(0).powi(2);
    Some(expected)
}

/// Forecasts of success from past days, beside what happened.
fn back_test(channel: &Channel, model: &Model, days: usize) -> Sheet {
    let columns = vec![
        Column::new("as_of", "Looking from"),
        Column::new("until", "To"),
        Column::new("on_the_way", "On the way then"),
        Column::for_people("Expected"),
        Column::for_machines("expected"),
        Column::for_people("Range (95 %)"),
        Column::for_machines("low"),
        Column::for_machines("high"),
        Column::new("happened", "Happened"),
        Column::new("held", "In the range"),
    ];
    let past = &model.past;
    let success = past.lives.states.success;
    let title = "The same forecast from past days, beside what happened";
    let mut sheet = Sheet::new("back_test", title, columns).empty(
        "The history is too short to look back: it must reach 1.5 times the horizon before the first day.",
    );
    let ahead = days as i64;
    let first = channel.as_of.number() - model.horizon.history;
    let looks = (0..BACK_TESTS).map(|step| channel.as_of.number() - ahead - step * STEP);
    let mut held = 0;
    for look in looks.filter(|look| 2 * (look - first) >= 3 * ahead) {
        let then = past.lives.seen_on(look);
        let Some(expected) = expect(past, &then, success, days) else { continue };
        let ids: Vec<i64> = then
            .iter()
            .filter(|life| on_the_way(past, *life, success).is_some())
            .map(|life| life.id)
            .collect();
        let came = |life: &Life| {
            let within = look + 1..=look + ahead;
            life.visits.iter().any(|visit| visit.state == success && within.contains(&visit.entered))
        };
        let happened =
            past.lives.iter().filter(|life| ids.binary_search(&life.id).is_ok() && came(life)).count();
        let (low, high) = expected.range();
        // A number is in the range where the range rounds to it.
        let inside = (low.floor()..=high.ceil()).contains(&(happened as f64));
        held += usize::from(inside);
        sheet.rows.push(vec![
            Day::from_number(look).into(),
            Day::from_number(look + ahead).into(),
            Cell::count(expected.on_the_way),
            format!("{:.0}", expected.mean).into(),
            Cell::decimal(Some(expected.mean)),
            format!("{low:.0} to {high:.0}").into(),
            Cell::decimal(Some(low)),
            Cell::decimal(Some(high)),
            Cell::count(happened),
            inside.into(),
        ]);
    }
    if !sheet.rows.is_empty() {
        let share = percent(held as f64 / sheet.rows.len() as f64);
        sheet.notes.push(format!(
            "The range held {held} of {} times ({share} %); looks that overlap are not independent.",
            sheet.rows.len()
        ));
    }
    sheet
}

const EXPLAINED: &str = "Each open stay is followed from its present age on through the chain of stages (semi-Markov first \
    passage); their chances add up to the number that will have come. The range has both the luck of the single partners \
    and the uncertainty of the chances (jackknife over 40 groups of partners). Can't be told: those that would have to be \
    followed beyond the oldest stay ever seen; the upper end of the range counts them as coming. Partners that begin \
    after today are not in it.";
