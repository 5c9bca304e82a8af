//! How long something takes to come where it may also never come: counts, the day by which half has come, and shares
//! by given days, with leaving as another end (Aalen-Johansen; no more is said than the counts carry).

use crate::analysis::counts::Counts;
use crate::analysis::incidence::{Incidence, incidences};
use crate::analysis::survival::Survival;
use crate::report::say::{Evidence, chance};
use crate::report::sheet::{Cell, Column};

/// A curve is said while so many are at risk.
const AT_RISK: u64 = 5;

/// Headings for people of what is counted: all, those to whom it came, those who left before, those still waiting.
pub(crate) struct Headings<'h> {
    pub all: (&'static str, &'h str),
    pub came: (&'static str, &'h str),
    pub left: &'h str,
    pub open: &'h str,
}

pub(crate) fn columns(headings: &Headings, by: &[usize]) -> Vec<Column> {
    let mut columns = vec![
        Column::new(headings.all.0, headings.all.1),
        Column::new(headings.came.0, headings.came.1),
        Column::new("left_before", headings.left),
        Column::new("open", headings.open),
        Column::for_people("Half by (95 %)"),
        Column::for_machines("q50_days"),
        Column::for_machines("q50_days_low"),
        Column::for_machines("q50_days_high"),
    ];
    for days in by {
        columns.push(Column::for_people(format!("By {days} d")));
        columns.push(Column::for_machines(format!("p_{days}d")));
        columns.push(Column::for_machines(format!("p_{days}d_low")));
        columns.push(Column::for_machines(format!("p_{days}d_high")));
    }
    columns
}

/// The cells for these columns: `came` and `left` are causes in the counts.
pub(crate) fn cells(counts: &Counts, came: usize, left: usize, by: &[usize]) -> Vec<Cell> {
    let reached = counts.exits_in_all(came);
    let incidence = &incidences(counts)[came];
    let evidence = Evidence::of(reached);
    let survival = Survival::of(counts);
    let until = (0..counts.ages()).rfind(|age| survival.at_risk(*age) >= AT_RISK);
    let (low, high) = quantile_limits(incidence, 0.5, counts.ages());
    let median = incidence.quantile(0.5).filter(|_| evidence == Evidence::Full);
    let mut cells = vec![
        Cell::count(counts.ended() + counts.open()),
        Cell::count(reached),
        Cell::count(counts.exits_in_all(left)),
        Cell::count(counts.open()),
        in_words(evidence, median, low, high),
        Cell::age(median),
        Cell::age(low.filter(|_| evidence > Evidence::TooFew)),
        Cell::age(high.filter(|_| evidence > Evidence::TooFew)),
    ];
    for days in by.iter().copied() {
        let sayable = evidence == Evidence::Full && Some(days) <= until;
        let limits = incidence.limits(days).filter(|_| sayable);
        let p = Some(incidence.at(days)).filter(|_| sayable);
        cells.push(p.map_or(Cell::Missing, |p| chance(p, limits)));
        cells.push(Cell::decimal(p));
        cells.push(Cell::decimal(limits.map(|limits| limits.low)));
        cells.push(Cell::decimal(limits.map(|limits| limits.high)));
    }
    cells
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
