//! The next step for each partner, most at stake first: `next`, and the front page.

use std::collections::HashSet;

use crate::lifecycle::agenda::{AgendaItem, Due, DueKind, NextStep, dues, next_step};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::stage::LeftAs;
use crate::report::basis::Basis;
use crate::report::due;
use crate::report::estimate::model::{Model, OpenVisit};
use crate::report::reading::{Channel, Line};
use crate::report::stuck::{Pace, at_stake, pace};
use crate::report::value::percent;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{StandingRow, View};
use crate::text::agenda::{lateness, noun};
use crate::text::performance::measured;
use crate::text::steps::command_line;

/// For so many days after a partner left its open off-boarding is listed.
const WINDING_UP_DAYS: i64 = 180;

/// What is due within so many days is listed.
const SOON_DAYS: i64 = 30;

/// A partner for whom there may be something to do.
pub(crate) struct Todo<'c> {
    line: &'c Line,
    standing: Option<OpenVisit>,
    pub pace: Pace,
    pub overdue: Option<i64>,
}

impl Todo<'_> {
    fn loss(&self) -> Option<f64> {
        self.standing.as_ref().and_then(OpenVisit::loss)
    }
}

/// Returns the partners that are wanted: most at stake first, then those furthest beyond their target, then the oldest;
/// behind them all, those that left lately.
pub(crate) fn todos<'c>(
    channel: &'c Channel,
    model: &Model,
    wanted: impl Fn(&Todo) -> bool,
) -> Vec<Todo<'c>> {
    let sayable = model.blocked(channel).is_none();
    let mut standings = model.standings().into_iter().peekable();
    let mut todos: Vec<Todo> = Vec::new();
    for line in channel.lines.iter().filter(|line| line.left_as().is_none() || winds_up(channel, line)) {
        while standings.next_if(|standing| standing.partner < line.id).is_some() {}
        let standing = standings.next_if(|standing| standing.partner == line.id);
        let pace = standing.as_ref().map_or(Pace::Usual, |standing| pace(model, standing));
        let standing = standing.filter(|_| sayable);
        let todo = Todo { line, standing, pace, overdue: channel.facts(line).overdue_days() };
        if wanted(&todo) {
            todos.push(todo);
        }
    }
    todos.sort_by(|a, b| {
        let stake = |one: &Todo| one.loss().unwrap_or(0.0);
        let age = |one: &Todo| one.line.entered;
        let left = |one: &Todo| one.line.left_as().is_some();
        left(a)
            .cmp(&left(b))
            .then(stake(b).total_cmp(&stake(a)))
            .then(b.overdue.cmp(&a.overdue))
            .then(age(a).cmp(&age(b)))
            .then(a.line.id.cmp(&b.line.id))
    });
    todos
}

/// Whether a partner left so lately that something may still be to be wound up.
fn winds_up(channel: &Channel, line: &Line) -> bool {
    let lately = line.entered.is_some_and(|day| channel.as_of.since(day) <= WINDING_UP_DAYS);
    lately && !channel.program.leaving.is_empty() && line.left_as() != Some(LeftAs::Declined)
}

/// A partner with its next step.
struct NextStepRow<'t> {
    todo: &'t Todo<'t>,
    partner: Partner,
    next: NextStep,
}

/// Returns the first `limit` of these that have a next step, as a table.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn table(
    view: &View,
    channel: &Channel,
    model: &Model,
    todos: &[Todo],
    limit: Option<usize>,
) -> anyhow::Result<Table> {
    let mut rows: Vec<NextStepRow> = Vec::new();
    for todo in todos {
        if limit.is_some_and(|limit| rows.len() >= limit) {
            break;
        }
        let Some(partner) = view.partner(todo.line.id)? else { continue };
        let waits = partner.current().and_then(|stay| stay.until).is_some_and(|until| until > channel.as_of);
        let facts = PartnerFacts { program: channel.program, partner: &partner, day: channel.as_of };
        let dues = dues(facts);
        let step = next_step(channel.program, &partner, channel.as_of).filter(|_| !waits);
        let step = step.map(|step| oldest_instead(todo, &dues, channel.as_of, step));
        rows.extend(step.map(|next| NextStepRow { todo, partner, next }));
    }
    let table = Table::of("rows", "", &rows)
        .column("partner", "Partner", |row| &row.partner.key)
        .machines("name", |row| row.partner.name())
        .column("stage", "Stage", |row| channel.row_of(row.todo.line))
        .column("since", "Since", |row| row.todo.line.entered.filter(|_| row.todo.line.entry_known))
        .detail()
        .column("days_in_stage", "Days in stage", |row| Cell::days(channel.days_here(row.todo.line)))
        .machines("overdue_days", |row| Cell::days(row.todo.overdue))
        .people("Reason", |row| why(channel, row))
        .headline()
        .machines("pace", |row| row.todo.pace.word())
        .machines("rank", |row| Cell::decimal(row.todo.standing.as_ref().map(|standing| standing.rank)))
        .machines("at_stake", |row| at_stake(model, channel, row.todo.loss()))
        .people(format!("At stake ({} a year)", channel.program.currency.code()), |row| {
            at_stake(model, channel, row.todo.loss()).filter(|money| money.minor != 0)
        })
        .optional()
        .machines("at_stake_probability", |row| Cell::decimal(row.todo.loss()))
        .column("owner", "Owner", |row| row.partner.attribute("owner"))
        .optional()
        .detail()
        .machines("next", |row| row.next.what.sentence())
        .column("command", "Next step", |row| command_line(&row.next.step));
    Ok(table.done())
}

/// Returns what is late or waits for us.
fn late(dues: &[Due], day: Day) -> impl Iterator<Item = &Due> {
    dues.iter().filter(move |due| due.day < day || due.kind == DueKind::Waiting)
}

/// Returns the step of what has been late longest, if the partner is on the list for that and the next step is about
/// something that is not late.
fn oldest_instead(todo: &Todo, dues: &[Due], day: Day, next: NextStep) -> NextStep {
    let is_reason = slowness(todo).is_none() && late(dues, day).all(|due| due.step != next.step);
    match late(dues, day).min_by_key(|due| due.day).filter(|_| is_reason) {
        Some(due) => NextStep { what: due.what.clone(), step: due.step.clone() },
        None => next,
    }
}

/// Why a partner is on the list: that it is slow, and what is overdue or has waited for us longest; if nothing is, what
/// comes next.
fn why(channel: &Channel, row: &NextStepRow) -> String {
    let facts = PartnerFacts { program: channel.program, partner: &row.partner, day: channel.as_of };
    let slow = slowness(row.todo);
    let dues = dues(facts);
    let of_next = late(&dues, channel.as_of).find(|due| due.step == row.next.step);
    // That it is overdue in its stage says that its milestones are.
    let late = of_next.filter(|due| slow.is_none() || due.kind != DueKind::Milestone);
    let reasons: Vec<String> =
        slow.into_iter().chain(late.map(|due| late_in_words(facts, &dues, due))).collect();
    if reasons.is_empty() { on_time(facts, row, &dues) } else { reasons.join("; ") }
}

fn slowness(todo: &Todo) -> Option<String> {
    let longer = todo.standing.as_ref().map(|standing| percent(standing.rank));
    match (todo.pace, todo.overdue, longer) {
        (Pace::Stuck, _, Some(longer)) => Some(format!("stuck: longer than {longer} % of visits")),
        (Pace::Stuck, ..) => Some("stuck".to_owned()),
        (_, Some(days), _) => Some(format!("{days} d over target")),
        (Pace::Slow, ..) => Some("slow".to_owned()),
        (Pace::Usual, ..) => None,
    }
}

fn late_in_words(facts: PartnerFacts, dues: &[Due], late: &Due) -> String {
    let missing = |due: &&Due| due.kind == DueKind::Report && due.day < facts.day;
    let reports = dues.iter().filter(missing).count();
    match &late.what {
        AgendaItem::Report { period } if reports > 1 => {
            format!("{reports} reports missing, the first for {period}")
        }
        AgendaItem::Milestone { name, .. } if late.kind == DueKind::Milestone && is_gate(facts, name) => {
            format!("gate {} d overdue", facts.day.since(late.day))
        }
        _ => lateness(late, facts.day),
    }
}

/// Whether the milestone of this name is an unmet gate of the partner.
fn is_gate(facts: PartnerFacts, name: &str) -> bool {
    let gates = facts.missing_gates().into_iter().filter_map(|key| facts.program.milestone(key));
    gates.into_iter().any(|(_, gate)| gate.name == name)
}

/// Why a partner is on the list if nothing is overdue.
fn on_time(facts: PartnerFacts, row: &NextStepRow, dues: &[Due]) -> String {
    let coming = dues.iter().find(|due| due.step == row.next.step);
    match (&row.next.what, row.todo.line.place) {
        (AgendaItem::BelowRule, _) => facts.program.non_performing.map_or_else(
            || row.next.what.sentence(),
            |found| {
                let quarters = counted(found.rule.quarters, "quarter");
                format!("{} for {quarters}", measured(facts.program, found.rule.measures))
            },
        ),
        (AgendaItem::Watched { since }, _) => format!("on the watch list since {since}"),
        (AgendaItem::PlanEnded { on }, _) => format!("improvement plan ended on {on}"),
        (AgendaItem::Decline { .. }, _) => row.next.what.sentence(),
        (_, None) => "no stage yet".to_owned(),
        (_, Some(StandingRow::Parked(_))) => match row.partner.current().and_then(|stay| stay.until) {
            Some(until) => format!("parked until {until}"),
            None => "parked without an end date".to_owned(),
        },
        (_, Some(StandingRow::Left(..))) => "left".to_owned(),
        (AgendaItem::MoveOn { .. }, _) => "all gates met".to_owned(),
        _ => match coming {
            Some(due) => format!("{} due {}", noun(due.kind), due.day),
            None => "on schedule".to_owned(),
        },
    }
}

/// What is asked of `next`.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct TodoOptions {
    /// How many rows; none for all.
    pub limit: Option<usize>,
}

/// Returns `next`: the to-do list of a segment.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn report(
    view: &View,
    whole: &Channel,
    frame: &Basis,
    options: TodoOptions,
) -> anyhow::Result<Report> {
    // The chances come from all partners, even if the list is one owner's.
    let model = Model::of(whole, None);
    let mine = whole.lines.iter().filter(|line| frame.segment.contains(whole, line));
    let own: HashSet<i64> = mine.map(|line| line.id).collect();
    let todos = todos(whole, &model, |todo| own.contains(&todo.line.id));
    let mut list = table(view, whole, &model, &todos, options.limit)?.empty("No next steps.");
    list.title = if options.limit.is_some_and(|limit| list.len() >= limit && todos.len() > limit) {
        format!("Next steps (first {})", list.len())
    } else {
        "Next steps".to_owned()
    };
    Ok(frame
        .report("chanlife.next/1", whole)
        .with_figures([Figure::for_machines("horizon_days", Cell::age(model.horizon.days))])
        .with_tables([list, due_soon(view, whole, &own, options)?])
        .with_notes(model.blocked(whole).map(|why| format!("At stake is not shown: {why}."))))
}

/// What is due soon; what should have been done long ago is why a partner is overdue, which the first table says.
fn due_soon(
    view: &View,
    channel: &Channel,
    own: &HashSet<i64>,
    options: TodoOptions,
) -> anyhow::Result<Table> {
    let own_lines = channel.lines.iter().filter(|line| own.contains(&line.id));
    let (lately, soon) = (channel.as_of.plus(-SOON_DAYS), channel.as_of.plus(SOON_DAYS));
    let mut long_ago = 0;
    let dues = due::owed(view, channel, own_lines, options.limit, |due| {
        let shown = due.day >= lately || !matches!(due.kind, DueKind::Milestone | DueKind::Leaving);
        long_ago += usize::from(!shown);
        shown && due.day <= soon
    })?;
    let note = (long_ago > 0).then(|| {
        let milestones = counted(long_ago, "milestone");
        let (are, all) = (if long_ago == 1 { "is" } else { "are" }, command_line(&Step::Calendar));
        format!("{milestones} more than {SOON_DAYS} days overdue {are} not shown; see all: `{all}`")
    });
    Ok(due::table(&dues, channel.as_of).with_notes(note))
}
