//! `report flow`: what comes in, what goes out, what piles up.

use crate::analysis::flow::{Flow, flows};
use crate::report::channel::{Channel, PARKED};
use crate::report::frame::Frame;
use crate::report::past::Past;
use crate::report::say::{Curve, Evidence};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// So much more work than the flow explains, and fewer departures than arrivals, is piling up.
const PILING: f64 = 1.25;
/// Arrivals of the two halves of the window differ beyond chance above this many standard deviations.
const TREND: f64 = 2.0;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Length of the window that ends on the day of the report, in days.
    pub window: i64,
    pub explain: bool,
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame, options: Options) -> Report {
    let past = Past::of(channel);
    let last = channel.as_of.number();
    let first = last - options.window + 1;
    let middle = first + options.window / 2;
    let all = flows(&past.lives, &(first..=last));
    let (early, late) = (flows(&past.lives, &(first..=middle - 1)), flows(&past.lives, &(middle..=last)));
    let counts = past.lives.counts();
    let columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("open_before", "There before"),
        Column::new("arrivals", "Came"),
        Column::new("departures", "Went"),
        Column::new("open_after", "There now"),
        Column::new("net", "Change"),
        Column::for_machines("stay_days"),
        Column::for_people("Explained by the flow"),
        Column::for_machines("expected"),
        Column::for_machines("ratio"),
        Column::new("state", "State").alert(),
    ];
    let title = format!("What came and went in the last {} days", options.window);
    let mut sheet = Sheet::new("rows", title, columns);
    let mut row = |key: &str, name: &str, flow: Flow, halves: [u64; 2], curve: &Curve| {
        let rate = flow.arrivals as f64 / options.window as f64;
        let mean = curve.survival.oldest().and_then(|oldest| curve.survival.restricted_mean(oldest));
        let sayable = curve.evidence == Evidence::Full;
        let expected = mean.filter(|_| sayable).map(|(mean, _)| rate * mean);
        let ratio =
            expected.filter(|expected| *expected > 0.0).map(|expected| flow.open_after as f64 / expected);
        let state = state(flow, halves, ratio);
        sheet.rows.push(vec![
            key.into(),
            name.into(),
            Cell::count(flow.open_before),
            Cell::count(flow.arrivals),
            Cell::count(flow.departures),
            Cell::count(flow.open_after),
            Cell::Number(flow.open_after.cast_signed() - flow.open_before.cast_signed()),
            Cell::count(flow.stay_days),
            expected.map(|expected| format!("{expected:.0}")).into(),
            Cell::decimal(expected),
            Cell::decimal(ratio),
            state.into(),
        ]);
    };
    for (at, stage) in channel.program.stages().iter().enumerate() {
        let curve = Curve::of(past.by_exit(at, &counts[at]));
        row(&stage.key, &stage.name, all[at], [early[at].arrivals, late[at].arrivals], &curve);
    }
    let parked = |flows: &[Flow]| past.parked_states().map(|state| flows[state]).fold(Flow::default(), added);
    let curve = Curve::of(past.parked(&counts));
    row(PARKED, "Parked", parked(&all), [parked(&early).arrivals, parked(&late).arrivals], &curve);
    if options.explain {
        sheet.notes.push(EXPLAINED.to_owned());
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("window_days", options.window));
    Report {
        schema: "chanlife.flow/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}

fn added(a: Flow, b: Flow) -> Flow {
    Flow {
        arrivals: a.arrivals + b.arrivals,
        departures: a.departures + b.departures,
        open_before: a.open_before + b.open_before,
        open_after: a.open_after + b.open_after,
        stay_days: a.stay_days + b.stay_days,
    }
}

/// Whether work piles up; Little's law says so only where arrivals are steady.
fn state(flow: Flow, [early, late]: [u64; 2], ratio: Option<f64>) -> Option<&'static str> {
    let (early, late) = (early as f64, late as f64);
    let trend = (late - early) / (early + late).sqrt().max(1.0);
    let more_than_explained = ratio? > PILING && flow.departures < flow.arrivals;
    match trend {
        TREND.. => Some("growing"),
        _ if trend <= -TREND => Some("shrinking"),
        _ if more_than_explained => Some("piling up"),
        _ => None,
    }
}

const EXPLAINED: &str = "There before and there now: open stays at the two ends of the window. Explained by the flow: as many as \
    would be there if partners went on coming as in this window and stayed as long as they do (Little's law: arrivals a \
    day times mean days of a stay, up to the oldest stay seen). Piling up: more than a quarter above that, and fewer go \
    than come. Where arrivals rise or fall between the halves of the window the law does not hold, and growing or \
    shrinking is said instead. It is evidence, not the ranking: `chanlife report intervene` has that.";
