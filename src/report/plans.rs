//! `plan show` and `plan list`: business plans, actuals, action items and business reviews.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::moved::first_due;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::{BusinessPlan, BusinessReview, PlanVersion, Task, quarters_of};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::sold_between;
use crate::report::basis::Basis;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, PlannedYear};
use crate::text::plans::moved_in_words;
use crate::text::steps::command_line;

/// A year or a quarter of a plan.
struct PlannedPeriod<'p> {
    label: String,
    version: &'p PlanVersion,
    target_minor: i128,
    /// Revenue so far, if the period has begun.
    actual_minor: Option<i128>,
}

/// Returns what the list of plans reads.
pub(crate) fn needs() -> Needs {
    Needs::ALL_SALES.and(Needs::of::<AttributesRow>()).and(Needs::of::<PlannedYear>())
}

/// Returns the plans of one partner.
pub(crate) fn of_partner(program: &Program, partner: &Partner, frame: &Basis) -> Report {
    let own = partner.plans.iter().filter(|plan| plan.life == partner.returns);
    let periods: Vec<PlannedPeriod> =
        own.flat_map(|plan| planned_periods(program, partner, plan, frame.as_of)).collect();
    let money = |minor: i128| program.currency.money(minor);
    let set = Step::SetPlan { partner: partner.key.clone(), year: "YEAR".to_owned() };
    let none = format!("No business plan yet: `{}`", command_line(&set));
    let table = Table::of("rows", "Business plans", &periods)
        .column("period", "Period", |one| &one.label)
        .machines("state", |one| one.version.state().word())
        .people("Status", |one| one.version.state().words())
        .column("target", format!("Target ({})", program.currency.code()), |one| money(one.target_minor))
        .column("actual", "Actual", |one| one.actual_minor.map(money))
        .column("attainment", "Attainment", |one| {
            Cell::share(one.actual_minor.and_then(|actual| ratio(actual, one.target_minor)))
        })
        .column("agreed_on", "Agreed", |one| one.version.agreed)
        .optional()
        .column("agreed_by", "Agreed by", |one| one.version.agreed_by.as_deref())
        .optional()
        .done()
        .empty(none);
    Report::new("chanlife.plan/1", frame.title(partner.name()))
        .with_figures([
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("partner", partner.key.as_str()),
            Figure::for_machines("currency", program.currency.code()),
        ])
        .with_tables([table, task_table(program, partner, frame.as_of), review_table(program, partner)])
}

/// Returns the year and the quarters of the agreed version, and of a newer draft.
fn planned_periods<'p>(
    program: &Program,
    partner: &Partner,
    plan: &'p BusinessPlan,
    today: Day,
) -> Vec<PlannedPeriod<'p>> {
    let quarters = quarters_of(plan.days.first);
    let draft = plan.newest().filter(|one| one.agreed.is_none());
    let mut periods = Vec::new();
    for version in plan.active().into_iter().chain(draft) {
        let mut add = |days: DayRange, target_minor: i128| {
            let (label, DayRange { first, last }) = (program.calendar.named(days).to_string(), days);
            let actual_minor = (first <= today).then(|| sold_between(&partner.sales, first, last.min(today)));
            periods.push(PlannedPeriod { label, version, target_minor, actual_minor });
        };
        add(plan.days, version.year_minor());
        for ((first, last), target) in quarters.into_iter().zip(version.targets_minor) {
            add(DayRange { first, last }, i128::from(target));
        }
    }
    periods
}

fn task_table(program: &Program, partner: &Partner, today: Day) -> Table {
    let mut tasks: Vec<&Task> =
        partner.tasks.iter().filter(|task| task.life == partner.returns && !task.follow_up).collect();
    tasks.sort_by_key(|task| (!task.is_open(), task.due, task.event));
    let of = |task: &Task| {
        let year = task.plan.map(|year| program.calendar.named(year));
        year.map_or_else(|| "improvement plan".to_owned(), |year| format!("{year} plan"))
    };
    let status = |task: &Task| match task.done {
        Some(_) => "done",
        None if task.dropped.is_some() => "dropped",
        None if task.due < today => "overdue",
        None => "open",
    };
    Table::of("actions", "Action items", &tasks)
        .column("action", "No.", |task| task.event)
        .column("what", "Action item", |task| &task.what)
        .headline()
        .column("owner", "Owner", |task| task.owner.as_deref())
        .optional()
        .column("due", "Due", |task| task.due)
        .headline()
        .machines("original_due", |task| first_due(&task.moves).unwrap_or(task.due))
        .machines("moves", |task| task.moves.len())
        .people("Moved", |task| moved_in_words(&task.moves))
        .optional()
        .column("of", "Part of", |task| of(task))
        .column("status", "Status", |task| status(task))
        .column("done_on", "Completed", |task| task.done)
        .optional()
        .done()
        .empty("No action items.")
}

fn review_table(program: &Program, partner: &Partner) -> Table {
    let own = partner.reviews.iter().filter(|review| review.life == partner.returns);
    let reviews: Vec<&BusinessReview> = own.collect();
    Table::of("reviews", "Business reviews", &reviews)
        .column("period", "Quarter", |review| program.calendar.named(review.days).to_string())
        .column("on", "Reviewed", |review| review.day)
        .column("text", "Findings", |review| review.text.as_deref())
        .optional()
        .done()
        .empty("No business reviews yet.")
}

/// A version of a partner's plan, and the revenue of its year so far.
struct PlannedLine<'c> {
    line: &'c Line,
    version: &'c PlanVersion,
    actual_minor: i128,
}

/// Returns the plans of a fiscal year.
pub(crate) fn list(channel: &Channel, frame: &Basis, year: &Period) -> Report {
    let label = year.to_string();
    let rows: Vec<PlannedLine> =
        channel.lines.iter().flat_map(|line| planned_lines(channel, line, year.days())).collect();
    let currency = channel.program.currency;
    let mut table = Table::of("rows", format!("Business plans, fiscal year {year}"), &rows)
        .column("partner", "Partner", |one| one.line.key())
        .machines("name", |one| one.line.attribute("name"))
        .machines("state", |one| one.version.state().word())
        .people("Status", |one| match one.line.left_as() {
            Some(_) => "partner left",
            None => one.version.state().words(),
        })
        .column("target", format!("Target ({})", currency.code()), |one| {
            channel.money(one.version.year_minor())
        });
    for at in 0..4 {
        table = table
            .machines(format!("q{}_target", at + 1), move |one| channel.money(one.version.targets_minor[at]));
    }
    let table = table
        .column("actual_to_date", "Actual to date", |one| channel.money(one.actual_minor))
        .column("attainment", "Attainment", |one| {
            Cell::share(ratio(one.actual_minor, one.version.year_minor()))
        })
        .column("drawn_up", "Drafted", |one| one.version.day)
        .column("agreed_on", "Agreed", |one| one.version.agreed)
        .optional()
        .column("agreed_by", "Agreed by", |one| one.version.agreed_by.as_deref())
        .optional()
        .done()
        .empty(format!("No business plans for {year}."));
    frame
        .report("chanlife.plans/1", channel)
        .with_figures([
            Figure::for_machines("period", label),
            Figure::for_machines("currency", currency.code()),
        ])
        .with_tables([table])
}

/// Returns the agreed version of a plan, and a newer draft.
fn planned_lines<'c>(channel: &'c Channel, line: &'c Line, year: DayRange) -> Vec<PlannedLine<'c>> {
    let versions = || line.records().iter().filter(|row: &&PlannedYear| row.year == year);
    let active = versions().rfind(|row| row.version.agreed.is_some());
    let draft = versions().next_back().filter(|row| row.version.agreed.is_none());
    let shown = |row: &'c PlannedYear| {
        let quarters = quarters_of(row.year.first);
        let last = quarters[3].1.min(channel.as_of);
        let actual_minor = channel.facts(line).sold(quarters[0].0, last);
        PlannedLine { line, version: &row.version, actual_minor }
    };
    active.into_iter().chain(draft).map(shown).collect()
}
