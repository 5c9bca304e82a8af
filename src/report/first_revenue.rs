//! How long it takes from joining to the first revenue, and to being productive.

use super::channel::{Channel, Line};
use super::growing::Sales;
use super::past::Past;
use super::say::{Evidence, chance};
use super::sheet::{Cell, Column, Sheet};
use crate::analysis::counts::Counts;
use crate::analysis::incidence::{Incidence, incidences};
use crate::analysis::lives::{LEFT_BEFORE, SUCCEEDED};
use crate::analysis::survival::Survival;
use crate::domain::day::Day;

/// Days for which it is said how many have come so far.
const BY: [usize; 4] = [90, 180, 365, 730];
/// A curve is said while so many are at risk.
const AT_RISK: u64 = 5;

/// The table; the channel needs stays. `all` holds each line's sales, in the order of the channel.
pub(super) fn sheet(channel: &Channel, all: &[(&Line, Sales)]) -> Sheet {
    let mut columns = vec![
        Column::new("event", "Time from joining to"),
        Column::new("partners", "Partners"),
        Column::new("reached", "Reached it"),
        Column::new("left_before", "Left before"),
        Column::new("open", "Not yet"),
        Column::for_people("Half by (95 %)"),
        Column::for_machines("q50_days"),
        Column::for_machines("q50_days_low"),
        Column::for_machines("q50_days_high"),
    ];
    for days in BY {
        columns.push(Column::for_people(format!("By {days} d")));
        columns.push(Column::for_machines(format!("p_{days}d")));
        columns.push(Column::for_machines(format!("p_{days}d_low")));
        columns.push(Column::for_machines(format!("p_{days}d_high")));
    }
    let mut sheet = Sheet::new("time_to_revenue", "How long it takes", columns);
    let past = Past::of(channel);
    let first = |sales: &Sales| sales.iter().find(|(_, amount)| *amount > 0).map(|(day, _)| day.number());
    sheet.rows.push(row("first revenue", &past.lives.first_event(|at| first(&all[at].1))));
    if let Some(rule) = channel.program.productive {
        let productive = |sales: &Sales| productive_on(sales, rule.revenue_12m_minor).map(Day::number);
        sheet.rows.push(row("productive", &past.lives.first_event(|at| productive(&all[at].1))));
    }
    let counted = past.lives.first_event(|_| None);
    let unknown = past.lives.len() as u64 - counted.open() - counted.ended();
    if unknown > 0 {
        sheet.notes.push(format!("Without {unknown} whose beginning is not known."));
    }
    sheet
}

/// The first day on which the revenue of twelve months reaches `least`.
fn productive_on(sales: &[(Day, i64)], least: i64) -> Option<Day> {
    let (mut sum, mut from) = (0_i128, 0);
    for (at, (day, amount)) in sales.iter().enumerate() {
        sum += i128::from(*amount);
        let year = day.months_before(12);
        while sales[from].0 <= year {
            sum -= i128::from(sales[from].1);
            from += 1;
        }
        let day_is_over = sales.get(at + 1).is_none_or(|(next, _)| next != day);
        if day_is_over && sum >= i128::from(least) {
            return Some(*day);
        }
    }
    None
}

fn row(event: &str, counts: &Counts) -> Vec<Cell> {
    let reached = counts.exits_in_all(SUCCEEDED);
    let incidence = &incidences(counts)[SUCCEEDED];
    let evidence = Evidence::of(reached);
    let survival = Survival::of(counts);
    let until = (0..counts.ages()).rfind(|age| survival.at_risk(*age) >= AT_RISK);
    let (low, high) = quantile_limits(incidence, 0.5, counts.ages());
    let median = incidence.quantile(0.5).filter(|_| evidence == Evidence::Full);
    let mut row = vec![
        event.into(),
        Cell::count(counts.ended() + counts.open()),
        Cell::count(reached),
        Cell::count(counts.exits_in_all(LEFT_BEFORE)),
        Cell::count(counts.open()),
        in_words(evidence, median, low, high),
        Cell::age(median),
        Cell::age(low.filter(|_| evidence > Evidence::TooFew)),
        Cell::age(high.filter(|_| evidence > Evidence::TooFew)),
    ];
    for days in BY {
        let sayable = evidence == Evidence::Full && Some(days) <= until;
        let limits = incidence.limits(days).filter(|_| sayable);
        let p = Some(incidence.at(days)).filter(|_| sayable);
        row.push(p.map_or(Cell::Missing, |p| chance(p, limits)));
        row.push(Cell::decimal(p));
        row.push(Cell::decimal(limits.map(|limits| limits.low)));
        row.push(Cell::decimal(limits.map(|limits| limits.high)));
    }
    row
}

/// The days between which an incidence reaches `p`, from its 95 % limits; none where they do not reach it.
fn quantile_limits(incidence: &Incidence, p: f64, ages: usize) -> (Option<usize>, Option<usize>) {
    let first = |reached: fn(crate::analysis::Limits) -> f64| {
        (0..ages).find(|age| incidence.limits(*age).is_some_and(|limits| reached(limits) >= p - 1e-9))
    };
    (first(|limits| limits.high), first(|limits| limits.low))
}

fn in_words(evidence: Evidence, median: Option<usize>, low: Option<usize>, high: Option<usize>) -> Cell {
    match (evidence, median, low, high) {
        (Evidence::TooFew, ..) => "too few to tell".into(),
        (Evidence::Rough, _, Some(low), Some(high)) => format!("{low} to {high} d, rough").into(),
        (Evidence::Rough, ..) => "rough".into(),
        (_, Some(at), Some(low), Some(high)) => format!("{at} d ({low} to {high})").into(),
        (_, Some(at), Some(low), None) => format!("{at} d (≥ {low})").into(),
        (_, Some(at), ..) => format!("{at} d").into(),
        (_, None, ..) => "less than half so far".into(),
    }
}
