//! Targets of plans beside revenue: how far each is reached, and at what pace.

use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::GoalMeasure;
use crate::lifecycle::plans::goals::{GoalPlan, GoalProgress, goal_plans};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::Sale;
use crate::report::reading::Channel;
use crate::report::value::{Cell, Table};
use crate::store::View;
use crate::text::plans::measure_in_words;

/// A target of one partner.
struct GoalRow<'g> {
    partner: String,
    year: Period,
    progress: GoalProgress<'g>,
}

/// Returns the targets of the plans of one partner; no table if there are none.
pub(super) fn of_partner_goals<'f>(facts: impl Facts<'f>, partner: &'f Partner) -> Option<Table> {
    let mut rows = Vec::new();
    for plan in goal_plans(facts) {
        rows.extend(rows_of(facts, (&partner.key, &partner.sales), &plan));
    }
    (!rows.is_empty()).then(|| table(facts.program(), &rows))
}

/// Returns the targets of all partners whose plans have days of a fiscal year; no table if there are none. It reads the
/// sales of those partners only.
///
/// # Errors
/// Fails if the file cannot be read.
pub(super) fn of_channel_goals(
    channel: &Channel,
    view: &View,
    year: DayRange,
) -> anyhow::Result<Option<Table>> {
    let mut rows = Vec::new();
    for line in &channel.lines {
        let facts = channel.facts(line);
        let mut plans = goal_plans(facts);
        plans.retain(|plan| plan.year.shared(year).is_some());
        if plans.is_empty() {
            continue;
        }
        let sales = view.sales_of(line.id)?;
        for plan in plans {
            rows.extend(rows_of(facts, (line.key(), &sales), &plan));
        }
    }
    Ok((!rows.is_empty()).then(|| table(channel.program, &rows)))
}

fn rows_of<'f>(
    facts: impl Facts<'f>,
    (partner, sales): (&str, &[Sale]),
    plan: &GoalPlan<'f>,
) -> Vec<GoalRow<'f>> {
    let year = facts.program().calendar.named(plan.year);
    let progress = plan.progress(&facts.away(), sales, facts.day()).into_iter();
    progress.map(|progress| GoalRow { partner: partner.to_owned(), year: year.clone(), progress }).collect()
}

fn table(program: &Program, rows: &[GoalRow]) -> Table {
    let several = rows.iter().any(|row| row.year != rows[0].year);
    let number = |row: &GoalRow, value: f64| match row.progress.goal.of {
        GoalMeasure::Product(_) => Cell::from(program.currency.money(value.round() as i128)),
        GoalMeasure::Customers | GoalMeasure::Deals => Cell::Decimal((value * 10.0).round() / 10.0),
    };
    let reached = |row: &GoalRow| match row.progress.goal.of {
        GoalMeasure::Product(_) => Cell::from(program.currency.money(row.progress.reached)),
        GoalMeasure::Customers | GoalMeasure::Deals => {
            Cell::Number(i64::try_from(row.progress.reached).unwrap_or(i64::MAX))
        }
    };
    let is_cut = rows.iter().any(|row| (row.progress.counts - row.progress.goal.target as f64).abs() > 0.05);
    let share = |row: &GoalRow, of: f64| (of > 0.0).then(|| row.progress.reached as f64 / of);
    Table::of("goals", "Targets beside revenue", rows)
        .column("partner", "Partner", |row| &row.partner)
        .machines("plan", |row| row.year.to_string())
        .machines("first_day", |row| row.year.first)
        .machines("last_day", |row| row.year.last)
        .people("Plan", |row| several.then(|| row.year.in_full()))
        .optional()
        .machines("measure", |row| row.progress.goal.of.word())
        .machines("product", |row| row.progress.goal.of.product())
        .people("Target of", |row| measure_in_words(&row.progress.goal.of))
        .column("target", "Target", |row| number(row, row.progress.goal.target as f64))
        .machines("counts", |row| number(row, row.progress.counts))
        .people("Of it counts", |row| is_cut.then(|| number(row, row.progress.counts)))
        .optional()
        .column("to_date", "Target to date", |row| number(row, row.progress.to_date))
        .column("actual", "Actual", reached)
        .column("attainment", "Attainment", |row| Cell::share(share(row, row.progress.counts)))
        .column("pace", "Pace", |row| Cell::share(share(row, row.progress.to_date)))
        .done()
}
