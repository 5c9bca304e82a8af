//! `report flow`: partners in and out of each stage, where they pile up, and why they leave.

use clap::Args;

use crate::analysis::flow::{Flow, flows};
use crate::report::basis::Basis;
use crate::report::estimate::histories::Past;
use crate::report::estimate::significance::{Curve, Evidence};
use crate::report::exit_reasons;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Needs, PARKED};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;

/// So much more work than the flow explains, and fewer departures than arrivals, is piling up.
const PILING: f64 = 1.25;
/// Arrivals of the two halves of the window differ beyond chance above this many standard deviations.
const TREND: f64 = 2.0;

#[derive(Debug, Args)]
pub(crate) struct FlowReport {
    /// How many days to look back
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(u16).range(2..=4000), allow_negative_numbers = true)]
    window: u16,
    /// Only why partners left or were parked; with --format csv for a spreadsheet
    #[arg(long)]
    reasons: bool,
}

impl NamedReport for FlowReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/flow.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::ALL_SALES)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let window = i64::from(self.window);
        if self.reasons {
            let report = asked.basis.report("chanlife.flow/1", asked.channel);
            let window_days = Figure::for_machines("window_days", window);
            let tables = exit_reasons::tables(asked.channel, window);
            return Ok(report.with_figures([window_days]).with_tables(tables));
        }
        Ok(report(asked.channel, asked.basis, window))
    }
}

/// One stage, or all parked partners, in the window.
struct StageFlow {
    key: String,
    name: String,
    flow: Flow,
    /// As many as the flow explains; none if too few stays ended to say.
    expected: Option<f64>,
    ratio: Option<f64>,
    state: Option<&'static str>,
}

impl StageFlow {
    /// Returns the state as people read it: a stage grows or shrinks by what comes in.
    fn state_in_words(&self) -> &'static str {
        match self.state {
            Some("growing") => "more coming in than before",
            Some("shrinking") => "fewer coming in than before",
            Some(state) => state,
            None if self.ratio.is_none() => "not enough data",
            None => "steady",
        }
    }
}

/// Returns the whole report; the window, in days, ends on the day of the report.
fn report(channel: &Channel, frame: &Basis, window: i64) -> Report {
    let rows = stages(channel, &Past::of(channel), window);
    let title = format!("Inflow and outflow in the last {window} days");
    let table = Table::of("rows", title, &rows)
        .machines("stage", |row| &row.key)
        .column("name", "Stage", |row| &row.name)
        .column("open_before", "At start", |row| row.flow.open_before)
        .column("arrivals", "In", |row| row.flow.arrivals)
        .column("departures", "Out", |row| row.flow.departures)
        .column("open_after", "Now", |row| row.flow.open_after)
        .headline()
        .column("net", "Change", |row| {
            let net = row.flow.open_after.cast_signed() - row.flow.open_before.cast_signed();
            Cell::change(Cell::Number(net))
        })
        .machines("stay_days", |row| row.flow.stay_days)
        .people("Expected (Little's law)", |row| row.expected.map(|expected| format!("{expected:.0}")))
        .detail()
        .machines("expected", |row| Cell::decimal(row.expected))
        .machines("ratio", |row| Cell::decimal(row.ratio))
        .machines("state", |row| row.state)
        .people("State", StageFlow::state_in_words)
        .headline()
        .done();
    frame
        .report("chanlife.flow/1", channel)
        .with_figures([Figure::for_machines("window_days", window)])
        .with_tables([table])
        .with_tables(exit_reasons::tables(channel, window))
}

fn stages(channel: &Channel, past: &Past, window: i64) -> Vec<StageFlow> {
    let last = channel.as_of.number();
    let first = last - window + 1;
    let middle = first + window / 2;
    let all = flows(&past.histories, &(first..=last));
    let (early, late) =
        (flows(&past.histories, &(first..=middle - 1)), flows(&past.histories, &(middle..=last)));
    let counts = past.histories.counts();
    let of = |key: &str, name: &str, flow: Flow, halves: [u64; 2], curve: &Curve| {
        let rate = flow.arrivals as f64 / window as f64;
        let mean = curve.survival.oldest().and_then(|oldest| curve.survival.restricted_mean(oldest));
        let sayable = curve.evidence == Evidence::Full;
        let expected = mean.filter(|_| sayable).map(|(mean, _)| rate * mean);
        let ratio =
            expected.filter(|expected| *expected > 0.0).map(|expected| flow.open_after as f64 / expected);
        let state = state(flow, halves, ratio);
        StageFlow { key: key.to_owned(), name: name.to_owned(), flow, expected, ratio, state }
    };
    let in_stages = channel.program.stages().iter().enumerate().map(|(at, stage)| {
        let curve = Curve::of(past.by_exit(at, &counts[at]));
        of(&stage.key, &stage.name, all[at], [early[at].arrivals, late[at].arrivals], &curve)
    });
    let parked = |flows: &[Flow]| past.parked_states().map(|state| flows[state]).fold(Flow::default(), added);
    let curve = Curve::of(past.parked(&counts));
    let halves = [parked(&early).arrivals, parked(&late).arrivals];
    in_stages.chain([of(PARKED, "Parked", parked(&all), halves, &curve)]).collect()
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

/// Whether work piles up; Little's law says so only if arrivals are steady.
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
