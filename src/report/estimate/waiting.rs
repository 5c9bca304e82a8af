//! How long something takes to come if it may also never come: counts, the day by which half has come, and shares
//! by given days, with leaving as another end (Aalen-Johansen; no more is said than the counts carry).

use crate::analysis::Limits;
use crate::analysis::counts::Counts;
use crate::analysis::incidence::{Incidence, incidences, is_known_at};
use crate::analysis::survival::Survival;
use crate::report::estimate::significance::{Evidence, chance};
use crate::report::value::{Cell, TypedTable};

/// A curve is said while so many are at risk.
const AT_RISK: u64 = 5;
/// Of a later day something is said only if no larger share (0 to 1) was still waiting when they were fewer.
const STILL_WAITING: f64 = 0.05;

/// Headings for people of what is counted: all, those to whom it came, those who left before, those still waiting.
pub(crate) struct Headings<'h> {
    pub all: (&'static str, &'h str),
    pub came: (&'static str, &'h str),
    pub left: &'h str,
    pub open: &'h str,
}

/// How long something takes to come, as far as the counts carry it.
pub(crate) struct Waiting {
    all: u64,
    came: u64,
    left: u64,
    open: u64,
    evidence: Evidence,
    median: Option<usize>,
    low: Option<usize>,
    high: Option<usize>,
    /// The share to whom it came by each of the days asked for.
    by: Vec<Option<(f64, Option<Limits>)>>,
}

impl Waiting {
    /// Returns what counts say, in which `came` and `left` are causes.
    pub(crate) fn of(counts: &Counts, came: usize, left: usize, by: &[usize]) -> Waiting {
        let reached = counts.exits_in_all(came);
        let incidence = &incidences(counts)[came];
        let evidence = Evidence::of(reached);
        let survival = Survival::of(counts);
        let until = (0..counts.ages()).rfind(|age| survival.at_risk(*age) >= AT_RISK);
        // Where hardly anybody was still waiting then, and all who did have ended, later days change nothing.
        let is_over = until.is_some_and(|until| survival.at(until) <= STILL_WAITING);
        let (low, high) = quantile_limits(incidence, 0.5, counts.ages());
        let sayable = |days: &usize| {
            evidence == Evidence::Full && (Some(*days) <= until || (is_over && is_known_at(counts, *days)))
        };
        let share = |days: &usize| {
            let said = || (incidence.at(*days), incidence.limits(*days));
            sayable(days).then(said)
        };
        Waiting {
            all: counts.ended() + counts.open(),
            came: reached,
            left: counts.exits_in_all(left),
            open: counts.open(),
            evidence,
            median: incidence.quantile(0.5).filter(|_| evidence == Evidence::Full),
            low,
            high,
            by: by.iter().map(share).collect(),
        }
    }

    /// Returns to how many it came.
    pub(crate) fn came(&self) -> u64 {
        self.came
    }

    /// Returns the share to whom it came by the first of the days asked for, if the counts carry it.
    pub(crate) fn first_share(&self) -> Option<(f64, Option<Limits>)> {
        self.by.first().copied().flatten()
    }

    /// Returns whether nothing was counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.all == 0
    }
}

/// Adds the columns on a wait, which `of` finds in a row; `by` are the days that the wait was asked for.
pub(crate) fn waiting_columns<'r, R>(
    table: TypedTable<'r, R>,
    headings: &Headings,
    by: &[usize],
    of: impl Fn(&'r R) -> &'r Waiting + Copy,
) -> TypedTable<'r, R> {
    let told = |waiting: &Waiting| waiting.evidence > Evidence::TooFew;
    let mut table = table
        .column(headings.all.0, headings.all.1, move |row| of(row).all)
        .column(headings.came.0, headings.came.1, move |row| of(row).came)
        .column("left_before", headings.left, move |row| of(row).left)
        .column("open", headings.open, move |row| of(row).open)
        .people("Median (95 % CI)", move |row| in_words(of(row)))
        .machines("q50_days", move |row| Cell::age(of(row).median))
        .machines("q50_days_low", move |row| Cell::age(of(row).low.filter(|_| told(of(row)))))
        .machines("q50_days_high", move |row| Cell::age(of(row).high.filter(|_| told(of(row)))));
    for (at, days) in by.iter().enumerate() {
        let share = move |row| of(row).by[at];
        let limits = move |row| share(row).and_then(|(_, limits)| limits);
        table = table
            .people(format!("Within {days} d"), move |row| share(row).map(|(p, limits)| chance(p, limits)))
            .machines(format!("p_{days}d"), move |row| Cell::decimal(share(row).map(|(p, _)| p)))
            .machines(format!("p_{days}d_low"), move |row| Cell::decimal(limits(row).map(|one| one.low)))
            .machines(format!("p_{days}d_high"), move |row| Cell::decimal(limits(row).map(|one| one.high)));
    }
    table
}

/// The days between which an incidence reaches `p`, from its 95 % limits; none if they do not reach it.
fn quantile_limits(incidence: &Incidence, p: f64, ages: usize) -> (Option<usize>, Option<usize>) {
    let first = |reached: fn(Limits) -> f64| {
        (0..ages).find(|age| incidence.limits(*age).is_some_and(|limits| reached(limits) >= p - 1e-9))
    };
    (first(|limits| limits.high), first(|limits| limits.low))
}

fn in_words(waiting: &Waiting) -> Cell {
    match (waiting.evidence, waiting.median, waiting.low, waiting.high) {
        (Evidence::TooFew, ..) => "not enough data".into(),
        (Evidence::Rough, _, Some(low), Some(high)) => format!("{low} to {high} d, rough").into(),
        (Evidence::Rough, ..) => format!("too few ({})", waiting.came).into(),
        (_, Some(at), Some(low), Some(high)) => format!("{at} d ({low} to {high})").into(),
        (_, Some(at), Some(low), None) => format!("{at} d (≥ {low})").into(),
        (_, Some(at), ..) => format!("{at} d").into(),
        (_, None, ..) => "not reached yet".into(),
    }
}
