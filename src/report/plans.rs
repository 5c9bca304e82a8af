//! `plan show` and `plan list`: business plans, actuals, action items and business reviews.

use std::collections::BTreeSet;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::moved::first_due;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::planned::PlannedDays;
use crate::lifecycle::plans::{
    BusinessPlan, BusinessReview, PlanGoal, PlanVersion, Task, begins, quarters_of,
};
use crate::lifecycle::program::Program;
use crate::report::basis::Basis;
use crate::report::plan_goals::of_partner_goals;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, PlannedYear};
use crate::text::periods::{days_in_words, of_period};
use crate::text::plans::moved_in_words;
use crate::text::steps::command_line;

/// A year or a quarter of a plan.
struct PlannedPeriod<'p> {
    period: Period,
    /// The days of its plan.
    year: Period,
    version: &'p PlanVersion,
    /// None of a quarter that was over when the plan was made.
    target_minor: Option<i128>,
    /// What of the agreed target counts: for days on which the partner is there, and no other plan counts.
    counts_minor: Option<i128>,
    /// Revenue so far on days that no other plan has, if the period has begun.
    actual_minor: Option<i128>,
}

/// Returns what the list of plans reads.
pub(crate) fn needs() -> Needs {
    Needs::ALL_SALES.and(Needs::of::<AttributesRow>()).and(Needs::of::<PlannedYear>())
}

/// Returns the plans of one partner.
pub(crate) fn of_partner(program: &Program, partner: &Partner, frame: &Basis) -> Report {
    let facts = PartnerFacts { program, partner, day: frame.as_of };
    let mut plans: Vec<&BusinessPlan> = partner.plans.iter().collect();
    plans.sort_by_key(|plan| plan.days);
    let planned = facts.planned(facts.day);
    let periods: Vec<PlannedPeriod> =
        plans.into_iter().flat_map(|plan| planned_periods(facts, &planned, plan)).collect();
    let is_cut =
        periods.iter().any(|one| one.counts_minor.is_some_and(|minor| one.target_minor != Some(minor)));
    let money = |minor: i128| program.currency.money(minor);
    let set = Step::SetPlan { partner: partner.key.clone(), year: "YEAR".to_owned() };
    let none = format!("No business plan yet: `{}`", command_line(&set));
    let table = Table::of("rows", "Business plans", &periods)
        .period("period", "Period", |one| Some(&one.period))
        .machines("plan", |one| one.year.to_string())
        .machines("state", |one| one.version.state().word())
        .machines("partner_left", |_| partner.has_left())
        .people("Status", |one| if partner.has_left() { "partner left" } else { one.version.state().words() })
        .column("target", format!("Target ({})", program.currency.code()), |one| one.target_minor.map(money))
        .machines("counts", |one| one.counts_minor.map(money))
        .people("Of it counts", |one| one.counts_minor.filter(|_| is_cut).map(money))
        .optional()
        .column("actual", "Actual", |one| one.actual_minor.map(money))
        .column("attainment", "Attainment", |one| {
            Cell::share(
                one.actual_minor.and_then(|actual| ratio(actual, one.counts_minor.or(one.target_minor)?)),
            )
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
        .with_tables([table])
        .with_tables(of_partner_goals(facts, partner))
        .with_tables([task_table(program, partner, frame.as_of), review_table(program, partner)])
}

/// Returns the year and the quarters of the agreed version, and of a newer draft.
fn planned_periods<'p>(
    facts: PartnerFacts<'p>,
    planned: &PlannedDays,
    plan: &'p BusinessPlan,
) -> Vec<PlannedPeriod<'p>> {
    let (calendar, today, begins) = (facts.program.calendar, facts.day, plan.begins());
    let draft = plan.newest().filter(|one| one.agreed.is_none());
    let mut periods = Vec::new();
    for version in plan.active().into_iter().chain(draft) {
        let is_active = version.agreed.is_some();
        let begins = if is_active { begins } else { begins.min(version.first_day(plan.days)) };
        let mut add = |days: DayRange, target_minor: Option<i128>| {
            let first = days.first.max(begins);
            periods.push(PlannedPeriod {
                period: calendar.named(days),
                year: calendar.named(plan.days),
                version,
                target_minor,
                counts_minor: target_minor.filter(|_| is_active).map(|_| planned.of_plan(plan.days, days)),
                actual_minor: (first <= today).then(|| {
                    sold_on(facts, planned, (plan.days, DayRange { first, last: days.last.min(today) }))
                }),
            });
        };
        add(plan.days, Some(version.year_minor()));
        for (days, target) in quarters_of(plan.days.first).into_iter().zip(version.targets_minor) {
            add(days, (days.last >= begins).then_some(i128::from(target)));
        }
    }
    periods
}

/// Adds up what was sold on those of some days on which no other plan than that of `year` counts, in minor units.
fn sold_on<'f>(facts: impl Facts<'f>, planned: &PlannedDays, (year, days): (DayRange, DayRange)) -> i128 {
    planned.left_to(year, days).into_iter().map(|part| facts.sold(part.first, part.last)).sum()
}

fn task_table(program: &Program, partner: &Partner, today: Day) -> Table {
    let is_of_now = |task: &&Task| task.is_open() || task.life == partner.returns;
    let mut tasks: Vec<&Task> =
        partner.tasks.iter().filter(|task| !task.follow_up).filter(is_of_now).collect();
    let owner = |task: &Task| task.owner.clone().or_else(|| partner.attribute("owner").map(str::to_owned));
    tasks.sort_by_key(|task| (!task.is_open(), task.due, task.event));
    let of = |task: &Task| {
        let year = task.plan.map(|year| program.calendar.named(year));
        year.map_or_else(|| "improvement plan".to_owned(), |year| of_period(&year, "plan"))
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
        .machines("owner", |task| task.owner.as_deref())
        .column("assignee", "Assignee", move |task| owner(task))
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
        .period("period", "Quarter", |review| Some(program.calendar.named(review.days)))
        .column("on", "Reviewed", |review| review.day)
        .column("text", "Findings", |review| review.text.as_deref())
        .optional()
        .done()
        .empty("No business reviews yet.")
}

/// A version of a partner's plan, and the revenue of its year so far.
struct PlannedLine<'c> {
    line: &'c Line,
    /// The days of its fiscal year.
    year: Period,
    version: &'c PlanVersion,
    /// What of it counts, if it is agreed.
    counts_minor: Option<i128>,
    actual_minor: i128,
}

/// Returns the plans of a fiscal year.
pub(crate) fn list(channel: &Channel, frame: &Basis, year: &Period) -> Report {
    let rows: Vec<PlannedLine> =
        channel.lines.iter().flat_map(|line| planned_lines(channel, line, year)).collect();
    let currency = channel.program.currency;
    let is_cut = |one: &PlannedLine| one.counts_minor.is_some_and(|minor| minor != one.version.year_minor());
    let (any_cut, any_other) = (rows.iter().any(is_cut), rows.iter().any(|one| one.year != *year));
    let mut table = Table::of("rows", format!("Business plans, fiscal year {}", year.in_full()), &rows)
        .column("partner", "Partner", |one| one.line.key())
        .partner_name(|one| one.line.attribute("name"))
        .machines("state", |one| one.version.state().word())
        .people("Status", |one| match one.line.left_as() {
            Some(_) => "partner left",
            None => one.version.state().words(),
        })
        .machines("partner_left", |one| one.line.left_as().is_some())
        .machines("first_day", |one| one.year.first)
        .machines("last_day", |one| one.year.last)
        .people("Plan of", |one| any_other.then(|| one.year.in_full()))
        .optional()
        .column("target", format!("Target ({})", currency.code()), |one| {
            channel.money(one.version.year_minor())
        });
    for at in 0..4 {
        table = table
            .machines(format!("q{}_target", at + 1), move |one| channel.money(one.version.targets_minor[at]))
            .machines(format!("q{}_first_day", at + 1), move |one| quarters_of(one.year.first)[at].first)
            .machines(format!("q{}_last_day", at + 1), move |one| quarters_of(one.year.first)[at].last);
    }
    let table = table
        .machines("counts", |one| one.counts_minor.map(|minor| channel.money(minor)))
        .people("Of it counts", |one| one.counts_minor.filter(|_| any_cut).map(|minor| channel.money(minor)))
        .optional()
        .column("actual_to_date", "Actual to date", |one| channel.money(one.actual_minor))
        .column("attainment", "Attainment", |one| {
            Cell::share(ratio(one.actual_minor, one.counts_minor.unwrap_or(one.version.year_minor())))
        })
        .machines("goals", |one| Cell::List(one.version.goals.iter().map(goal_in_words).collect()))
        .column("drawn_up", "Drafted", |one| one.version.day)
        .column("agreed_on", "Agreed", |one| one.version.agreed)
        .optional()
        .column("agreed_by", "Agreed by", |one| one.version.agreed_by.as_deref())
        .optional()
        .done()
        .empty(format!("No business plans for {}.", year.in_full()));
    frame
        .report("chanlife.plans/1", channel)
        .with_figures([
            Figure::for_machines("period", year.to_string()),
            Figure::for_machines("period_first_day", year.first),
            Figure::for_machines("period_last_day", year.last),
            Figure::for_machines("currency", currency.code()),
        ])
        .with_tables([table])
        .with_caveats(of_other_days(channel, year.days(), "Each is listed whole."))
}

/// Returns a target beside revenue for machines: `product Atlas Pro: 5000000`, in minor units; `customers: 12`.
fn goal_in_words(goal: &PlanGoal) -> String {
    let product = goal.of.product().map_or_else(String::new, |product| format!(" {product}"));
    format!("{}{product}: {}", goal.of.word(), goal.target)
}

/// Returns the agreed versions of plans for a year or a part of it, and newer drafts.
fn planned_lines<'c>(channel: &'c Channel, line: &'c Line, year: &Period) -> Vec<PlannedLine<'c>> {
    let mut rows: Vec<&PlannedYear> = line.records().iter().collect();
    rows.retain(|row| row.year.shared(year.days()).is_some());
    let mut years: Vec<DayRange> = rows.iter().map(|row| row.year).collect();
    years.dedup();
    let mut lines = Vec::new();
    for of in years {
        let versions = || rows.iter().copied().filter(|row| row.year == of);
        let begins = begins(of, versions().map(|row| &row.version));
        let active = versions().rfind(|row| row.version.agreed.is_some());
        let draft = versions().next_back().filter(|row| row.version.agreed.is_none());
        let (facts, last) = (channel.facts(line), of.last.min(channel.as_of));
        let planned = facts.planned(channel.as_of);
        lines.extend(active.into_iter().chain(draft).map(|row| {
            let is_active = row.version.agreed.is_some();
            let first = if is_active { begins } else { begins.min(row.version.first_day(of)) };
            PlannedLine {
                line,
                year: channel.program.calendar.named(of),
                version: &row.version,
                counts_minor: row.version.agreed.map(|_| planned.of_plan(of, of)),
                actual_minor: sold_on(facts, &planned, (of, DayRange { first, last })),
            }
        }));
    }
    lines
}

/// Says how many partners have plans for other days than those of the fiscal year, some of which are in it, and which days:
/// nothing if all plans fit. `shown` says how the figures show them.
pub(crate) fn of_other_days(channel: &Channel, year: DayRange, shown: &str) -> Option<String> {
    let mut others: BTreeSet<DayRange> = BTreeSet::new();
    let mut partners = 0;
    for line in &channel.lines {
        let agreed = channel.facts(line).plans().filter(|plan| plan.agreed_by(channel.as_of));
        let own: Vec<DayRange> = agreed
            .map(|plan| plan.year)
            .filter(|days| *days != year && days.shared(year).is_some())
            .collect();
        partners += usize::from(!own.is_empty());
        others.extend(own);
    }
    let days: Vec<String> = others.into_iter().map(days_in_words).collect();
    (partners > 0).then(|| {
        let have = if partners == 1 { "has a plan" } else { "have plans" };
        format!(
            "{} {have} for other days than the fiscal year: {}. {shown}",
            counted(partners, "partner"),
            phrase(&days)
        )
    })
}
