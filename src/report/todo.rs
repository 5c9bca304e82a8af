//! The next step for each partner, most at stake first: `next`, and the front page.

use std::collections::HashSet;

use shell_words::quote;

use crate::lifecycle::agenda::{AgendaItem, Due, DueKind, NextStep, dues, next_step, pressing};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::{Doer, MilestoneFacts};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::performance::selling_step;
use crate::report::basis::Basis;
use crate::report::due;
use crate::report::due::{Owed, WorkOf};
use crate::report::estimate::model::Model;
use crate::report::given_up::deciding_step;
use crate::report::priorities::{Attention, PartnerPriority, all_late_days, priorities};
use crate::report::promises;
use crate::report::reading::{Channel, Needs, Segment};
use crate::report::reason::{GrowthReason, GrowthWatch};
use crate::report::stuck::Pace;
use crate::report::value::percent;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AnswersRow, StandingRow, View};
use crate::text::agenda::{lateness, noun, period_of};
use crate::text::periods::{PeriodNaming, fiscal_periods, is_named};
use crate::text::reports::PARK_INSTEAD;
use crate::text::steps::command_line;

/// What is due within so many days is listed.
const SOON_DAYS: i64 = 30;
/// So many reasons are said of a partner, and how many more there are.
const REASONS: usize = 2;

/// What the lists look at.
pub(crate) const NEEDS: Needs = Needs::PERFORMANCE.and(Needs::of::<AnswersRow>());

/// A partner with its next step.
struct NextStepRow<'t> {
    todo: &'t PartnerPriority<'t>,
    partner: Partner,
    dues: Vec<Due>,
    next: NextStep,
}

impl NextStepRow<'_> {
    /// Returns the periods that its reasons may name.
    fn periods(&self) -> impl Iterator<Item = &Period> {
        let reasons = self.todo.growth.iter().flat_map(|found| &found.reasons);
        let years = reasons.filter_map(|reason| match reason {
            GrowthReason::NoPlan { year, .. } => Some(year),
            _ => None,
        });
        self.dues.iter().filter_map(|due| period_of(&due.what)).chain(years)
    }
}

/// Returns the first `limit` of these that have a next step, as a table.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn table<'t>(
    view: &View,
    channel: &Channel,
    key: &'static str,
    todos: impl Iterator<Item = &'t PartnerPriority<'t>>,
    limit: Option<usize>,
) -> anyhow::Result<Table> {
    let sold_since = view.reader().sold_since()?;
    let mut rows: Vec<NextStepRow> = Vec::new();
    for todo in todos {
        if limit.is_some_and(|limit| rows.len() >= limit) {
            break;
        }
        let Some(partner) = view.partner(todo.line.id)? else { continue };
        let facts = PartnerFacts { program: channel.program, partner: &partner, day: channel.as_of };
        let dues = dues(facts);
        let step = step(channel, facts, todo, (&dues, sold_since));
        rows.extend(step.map(|next| NextStepRow { todo, partner, dues, next }));
    }
    let days = days_named(channel, &rows);
    let stake = |minor: f64| channel.money(minor.round() as i128);
    let money = |row: &NextStepRow, part: fn(&PartnerPriority) -> Option<f64>| part(row.todo).map(stake);
    let minor = |todo: &PartnerPriority| todo.stake.map(|stake| stake.minor);
    let whole = |todo: &PartnerPriority| todo.stake.map(|stake| stake.whole_minor);
    let table = Table::of(key, "", &rows)
        .column("partner", "Partner", |row| &row.partner.key)
        .partner_name(|row| row.partner.name())
        .column("stage", "Stage", |row| channel.row_of(row.todo.line))
        .machines("since", |row| row.todo.line.entered.filter(|_| row.todo.line.entry_known))
        .column("days_in_stage", "Days in stage", |row| Cell::days(channel.days_here(row.todo.line)))
        .detail()
        .machines("overdue_days", |row| Cell::days(row.todo.overdue))
        .machines("attention", |row| row.todo.attention.word())
        .machines("reason", |row| why(channel, row, PeriodNaming::InFull))
        .people("Reason", |row| why(channel, row, PeriodNaming::ByName))
        .headline()
        .machines("pace", |row| row.todo.pace.word())
        .machines("rank", |row| Cell::decimal(row.todo.standing.as_ref().map(|standing| standing.rank)))
        .machines("at_stake", move |row| money(row, minor))
        .people(format!("At stake ({})", channel.program.currency.code()), move |row| {
            money(row, minor).filter(|money: &Money| money.minor != 0)
        })
        .optional()
        .machines("gap", move |row| money(row, whole))
        .machines("yardstick", |row| {
            let gap = row.todo.growth.as_ref().and_then(|found| found.gap);
            gap.map(|gap| gap.yardstick.word())
        })
        .machines("at_stake_probability", |row| Cell::decimal(row.todo.loss()))
        .column("owner", "Owner", |row| row.partner.attribute("owner"))
        .optional()
        .detail()
        .column("by", "Responsible", |row| row.next.what.doer().map(Doer::word))
        .optional()
        .detail()
        .machines("next", |row| row.next.what.sentence())
        .column("command", "Next step", |row| command_line(&row.next.step));
    Ok(table.done().with_notes(days))
}

/// Says which days the fiscal periods have that reasons name.
fn days_named(channel: &Channel, rows: &[NextStepRow]) -> Option<String> {
    let named = rows.iter().flat_map(|row| {
        let reason = why(channel, row, PeriodNaming::ByName);
        row.periods().filter(move |period| is_named(period, &reason))
    });
    fiscal_periods(named)
}

/// Returns what to do about a partner: what its most pressing reason asks for. `sold_since` is the first day of which revenue
/// is recorded, of any partner.
pub(crate) fn step(
    channel: &Channel,
    facts: PartnerFacts,
    todo: &PartnerPriority,
    (dues, sold_since): (&[Due], Option<Day>),
) -> Option<NextStep> {
    let waits =
        facts.partner.current().and_then(|stay| stay.until).is_some_and(|until| until > channel.as_of);
    let next = next_step(facts, sold_since).filter(|_| !waits)?;
    let is_over = |reason: &GrowthReason| matches!(reason, GrowthReason::ImprovementOver { .. });
    let waits_for_us = dues.iter().any(|due| due.kind == DueKind::Waiting && due.step == next.step);
    match &todo.growth {
        Some(found) if todo.attention == Attention::Act || found.reasons.iter().any(is_over) => {
            // The page asks for what `show` asks for, which knows no other partners.
            if waits_for_us || found.is_no_plan_alone() || next.step != selling_step(facts) {
                return Some(next);
            }
            let what = AgendaItem::Growth { reason: found.reasons.first()?.sentence(PeriodNaming::InFull) };
            Some(NextStep { what, step: next.step })
        }
        _ if todo.attention == Attention::Decide => {
            let step = deciding_step(todo.line, todo.given_up);
            Some(NextStep { what: AgendaItem::ParkOrLeave, step })
        }
        _ => Some(next),
    }
}

/// Why a partner is on the list, the most pressing reason first; if nothing is late, what comes next.
fn why(channel: &Channel, row: &NextStepRow, naming: PeriodNaming) -> String {
    let facts = PartnerFacts { program: channel.program, partner: &row.partner, day: channel.as_of };
    let dues = &row.dues;
    let slow = slowness(row.todo);
    let promise = due_follow_up(row, channel.as_of, naming);
    let growth = || row.todo.growth.iter().flat_map(|found| &found.reasons);
    let is_plan = |reason: &&GrowthReason| matches!(reason, GrowthReason::NoPlan { .. });
    let plan = growth().filter(is_plan).map(|reason| reason.sentence(naming));
    let mut growth = growth().filter(|reason| !is_plan(reason)).map(|reason| reason.sentence(naming));
    let first = growth.next();
    // That it is overdue in its stage says that its milestones are.
    let late = pressing(channel.program, channel.as_of, dues).into_iter();
    let late: Vec<&Due> = late.filter(|due| slow.is_none() || due.kind != DueKind::Milestone).collect();
    let (urgent, late): (Vec<&Due>, Vec<&Due>) =
        late.into_iter().partition(|due| due.kind == DueKind::Waiting || due.ends());
    let urgent = urgent_in_words(facts, &urgent, naming);
    let late = late.into_iter().map(|due| late_in_words(facts, due, naming));
    let gone = row.todo.given_up.map(|gone| gone.sentence(channel));
    let mut reasons: Vec<String> = Vec::new();
    // What waits for us and what ends is always said, of all else the first.
    let said = usize::from(slow.is_some() || first.is_some()) + urgent.len();
    let said = said + usize::from(promise.is_some()) + usize::from(gone.is_some());
    for reason in promise
        .into_iter()
        .chain(slow.clone())
        .chain(first)
        .chain(gone)
        .chain(urgent)
        .chain(late)
        .chain(growth)
        .chain(plan)
    {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let most = said.max(REASONS);
    if reasons.len() > most {
        let more = reasons.split_off(most).len();
        reasons.push(format!("{more} more"));
    }
    if reasons.is_empty() { on_time(row) } else { reasons.join("; ") }
}

/// Says for how long the follow-up that comes next has been due, if one does.
fn due_follow_up(row: &NextStepRow, today: Day, naming: PeriodNaming) -> Option<String> {
    let next = row.dues.iter().find(|due| due.kind == DueKind::FollowUp && due.step == row.next.step)?;
    Some(if next.day < today { lateness(next, today, naming) } else { "follow-up due today".to_owned() })
}

/// Says what waits for us and what ends, the most pressing first; of several that wait of one kind the oldest, and how many.
fn urgent_in_words(facts: PartnerFacts, urgent: &[&Due], naming: PeriodNaming) -> Vec<String> {
    let kind = |due: &Due| std::mem::discriminant(&due.what);
    let mut said: Vec<(std::mem::Discriminant<AgendaItem>, usize, String)> = Vec::new();
    for due in urgent {
        let known = said.iter_mut().find(|(known, ..)| due.kind == DueKind::Waiting && *known == kind(due));
        match known {
            Some((_, count, _)) => *count += 1,
            None => said.push((kind(due), 1, late_in_words(facts, due, naming))),
        }
    }
    let in_words = |(_, count, said): (_, usize, String)| match count {
        1 => said,
        count => format!("{said} and {} more", count - 1),
    };
    said.into_iter().map(in_words).collect()
}

fn slowness(todo: &PartnerPriority) -> Option<String> {
    let longer = todo.standing.as_ref().map(|standing| percent(standing.rank));
    match (todo.pace, todo.overdue, longer) {
        (Pace::Stuck, _, Some(longer)) => Some(format!("stuck: longer than {longer} % of visits")),
        (Pace::Stuck, ..) => Some("stuck".to_owned()),
        (_, Some(days), _) => Some(format!("{days} d over target")),
        (Pace::Slow, ..) => Some("slow".to_owned()),
        (Pace::Usual, ..) => None,
    }
}

fn late_in_words(facts: PartnerFacts, late: &Due, naming: PeriodNaming) -> String {
    match &late.what {
        AgendaItem::Milestone { name, .. } if late.kind == DueKind::Milestone && is_gate(facts, name) => {
            format!("gate {} d overdue", facts.day.since(late.day))
        }
        AgendaItem::Milestone { name, .. }
            if matches!(late.kind, DueKind::Milestone | DueKind::Leaving) && late.day < facts.day =>
        {
            format!("overdue {} d: {name}", facts.day.since(late.day))
        }
        _ if late.day > facts.day && late.kind == DueKind::Fund => {
            format!("fund money expires on {}", late.day)
        }
        AgendaItem::ClaimDue { not_covered: Some(_), .. } if late.day > facts.day => {
            format!("claim ends on {}, not covered by the fund", late.day)
        }
        _ if late.day > facts.day => format!("{} ends on {}", noun(late.kind), late.day),
        _ => lateness(late, facts.day, naming),
    }
}

/// Whether the milestone of this name is an unmet gate of the partner.
fn is_gate(facts: PartnerFacts, name: &str) -> bool {
    let gates = facts.missing_gates().into_iter().filter_map(|key| facts.program.milestone(key));
    gates.into_iter().any(|(_, gate)| gate.name == name)
}

/// Why a partner is on the list if nothing is overdue.
fn on_time(row: &NextStepRow) -> String {
    let coming = row.dues.iter().find(|due| due.step == row.next.step);
    match (&row.next.what, row.todo.line.place) {
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
#[derive(Clone, Copy)]
pub(crate) struct TodoOptions<'o> {
    /// How many rows; none for all.
    pub limit: Option<usize>,
    /// Whose work for partners of others is listed, too.
    pub work: Option<WorkOf<'o>>,
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
    let own_lines = || whole.lines.iter().filter(|line| own.contains(&line.id));
    let mut owed = due::OwedList::default();
    let mut promised = due::OwedList::default();
    let mut long_ago = 0;
    let mut take = |partner: &Partner, due: Due| {
        if promises::is_promised(&due, whole.as_of) {
            promised.take(Owed::of(partner, due), options.limit);
        } else if is_soon(&due, whole, &mut long_ago) {
            owed.take(Owed::of(partner, due), options.limit);
        }
    };
    let late_days = all_late_days(view, whole, own_lines(), |partner, dues| {
        for due in with_reports_in_one(dues) {
            take(partner, due);
        }
    })?;
    if let Some(work) = options.work {
        let others = whole.lines.iter().filter(|line| !own.contains(&line.id));
        let others = others.filter(|line| work.is_busy_with(whole, line));
        all_late_days(view, whole, others, |partner, dues| {
            for due in dues.into_iter().filter(|due| work.has(due)) {
                take(partner, due);
            }
        })?;
    }
    due::add_launches(view, &mut owed, |due| is_soon(due, whole, &mut long_ago))?;
    owed.cut(options.limit);
    let is_idle = owed.count + promised.count == 0;
    let unknown = if is_idle { frame.segment.unheld(whole) } else { Vec::new() };
    let watch = GrowthWatch::of(whole);
    let todos = priorities(whole, &model, &watch, &late_days, |line| own.contains(&line.id));
    let act = || todos.iter().filter(|todo| todo.attention != Attention::Decide);
    let decide = todos.iter().filter(|todo| todo.attention == Attention::Decide);
    let none = if is_idle { "No next steps." } else { "No further next steps." };
    let mut list = table(view, whole, "rows", act(), options.limit)?.empty(none);
    let is_cut = options.limit.is_some_and(|limit| list.len() >= limit && act().count() > limit);
    list.title = if is_cut { format!("Next steps (first {})", list.len()) } else { "Next steps".to_owned() };
    let decide = decide_table(view, whole, decide, options.limit)?;
    let promised = promises::table(promised, whole.as_of, options.limit);
    let due = due::tables(&owed, whole.as_of, long_ago_note(long_ago, &frame.segment));
    let tables = work_first([list].into_iter().chain(promised).chain(decide).chain(due).collect());
    Ok(frame
        .report("chanlife.next/1", whole)
        .with_figures([Figure::for_machines("horizon_days", Cell::age(model.horizon.days))])
        .with_tables(tables)
        .with_notes(unknown)
        .with_notes(model.blocked(whole).map(|why| format!("Chances of success are not shown: {why}."))))
}

/// Puts tables with rows first if the first one has none: a format with one table then has what there is to do.
fn work_first(mut tables: Vec<Table>) -> Vec<Table> {
    if tables.first().is_some_and(Table::is_empty) {
        tables.sort_by_key(Table::is_empty);
    }
    tables
}

/// Returns the partners about whom only a decision is left, as a table; none if there are none.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn decide_table<'t>(
    view: &View,
    channel: &Channel,
    todos: impl Iterator<Item = &'t PartnerPriority<'t>>,
    limit: Option<usize>,
) -> anyhow::Result<Option<Table>> {
    let todos: Vec<&PartnerPriority> = todos.collect();
    let mut table = table(view, channel, "decide", todos.iter().copied(), limit)?;
    table.title = if table.len() < todos.len() {
        format!("Decide: park or terminate (first {} of {})", table.len(), todos.len())
    } else {
        "Decide: park or terminate".to_owned()
    };
    Ok((!todos.is_empty()).then(|| table.with_notes([PARK_INSTEAD.to_owned()])))
}

/// Returns what is due with the missing reports of the partner as one: all are made in one go.
fn with_reports_in_one(mut dues: Vec<Due>) -> Vec<Due> {
    dues.retain(|due| due.kind != DueKind::Report || !due.what.is_again());
    for due in &mut dues {
        if let AgendaItem::ReportMissing { first, count, .. } = &due.what {
            due.what = AgendaItem::ReportsOwed { first: first.clone(), count: *count };
        }
    }
    dues
}

/// Whether something is to be listed by its day; what should have been done long ago is why a partner is overdue, which the
/// first table says.
fn is_soon(due: &Due, channel: &Channel, long_ago: &mut usize) -> bool {
    let (lately, soon) = (channel.as_of.plus(-SOON_DAYS), channel.as_of.plus(SOON_DAYS));
    let is_milestone = matches!(due.kind, DueKind::Milestone | DueKind::Leaving);
    let is_missed = matches!(due.what, AgendaItem::Missed { .. });
    let shown = due.day >= lately || is_missed || !is_milestone;
    *long_ago += usize::from(!shown);
    shown && due.day <= soon
}

/// Says that what should have been done long ago is in the calendar of the same partners.
fn long_ago_note(long_ago: usize, segment: &Segment) -> Option<String> {
    (long_ago > 0).then(|| {
        let milestones = counted(long_ago, "milestone");
        let (are, all) = (if long_ago == 1 { "is" } else { "are" }, command_line(&Step::Calendar));
        let all = match (segment.owners().as_slice(), segment.typed.is_empty()) {
            (_, true) => all,
            ([owner], _) => format!("{all} --owner {}", quote(owner)),
            _ => segment.typed.iter().fold(all, |all, one| format!("{all} --where {}", quote(one))),
        };
        format!("{milestones} more than {SOON_DAYS} days overdue {are} not in this list; see all: `{all}`")
    })
}
