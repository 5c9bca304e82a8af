//! The part of `report review` on what is open: milestones, what either side waits for, proposals for the next quarter.

use crate::lifecycle::agenda::{AgendaItem, Due, DueKind, dues};
use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::criteria::Side;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::{Doer, MilestoneFacts, settling_step};
use crate::lifecycle::performance::{Judged, drawn_up, year_worth_planning};
use crate::lifecycle::plans::PlanState;
use crate::lifecycle::plans::rules::plan_step;
use crate::lifecycle::program::{Milestone, Need, Program};
use crate::lifecycle::tiers::{TierFinding, tier_review};
use crate::report::review_basis::{QuarterKnown, ReviewBasis};
use crate::report::value::{Cell, Table};
use crate::text::agenda::{in_table, period_of, seen_in_table};
use crate::text::performance::{not_agreed, performance_in_words};
use crate::text::periods::{PeriodNaming, fiscal_periods, is_named};
use crate::text::tiers::missing_in_words;

/// A milestone that was settled in the quarter, or is open.
struct ReviewedMilestone {
    name: String,
    by: Option<Doer>,
    status: &'static str,
    day: Day,
}

/// Returns the milestones that were settled in the quarter, and those that are open and due by the end of the next one.
pub(super) fn milestone_table(review: &ReviewBasis) -> Table {
    let facts = review.facts;
    let mut rows = settled(review);
    rows.extend(coming(review).into_iter().filter_map(|due| {
        let name = milestone_of(&due)?;
        let milestone = facts.program.milestones().map(|(_, one)| one).find(|one| one.name == name);
        if review.is_for_partner() && milestone.is_none_or(|one| is_inner(facts.program, one)) {
            return None;
        }
        let (said, status) = match &due.what {
            AgendaItem::Milestone { name, period: Some(period), .. } => {
                (format!("{name} ({})", PeriodNaming::ByName.named(period)), open_or_overdue(&due, facts.day))
            }
            AgendaItem::Missed { name, period, count, .. } => {
                (missed_in_words(name, period, *count), "missed")
            }
            _ => (name.to_owned(), open_or_overdue(&due, facts.day)),
        };
        Some(ReviewedMilestone { name: said, by: milestone.and_then(|one| one.by), status, day: due.day })
    }));
    rows.sort_by(|a, b| (a.day, &a.name).cmp(&(b.day, &b.name)));
    Table::of("milestones", "Milestones", &rows)
        .column("milestone", "Milestone", |one| &one.name)
        .headline()
        .column("by", "Responsible", |one| one.by.map(Doer::word))
        .optional()
        .column("status", "Status", |one| one.status)
        .column("day", "Done or due", |one| one.day)
        .done()
        .empty("No milestone was done or is due.")
        .with_notes(days_named(review, rows.iter().map(|one| one.name.as_str())))
}

/// Says which days the fiscal years have that texts name; those of the quarters stand beside their plans.
fn days_named<'t>(review: &ReviewBasis, texts: impl Iterator<Item = &'t str>) -> Option<String> {
    let texts: Vec<&str> = texts.collect();
    let calendar = review.facts.program.calendar;
    let dues = coming(review);
    let of_dues = dues.iter().filter_map(|due| period_of(&due.what)).cloned();
    let ends = [review.quarter.last, review.next.last].into_iter();
    let years = ends.filter_map(|day| calendar.containing(day, Every::Year));
    let all: Vec<Period> = of_dues.chain(years).chain(year_to_plan(review)).collect();
    let named = |one: &&Period| texts.iter().any(|text| is_named(one, text));
    fiscal_periods(all.iter().filter(|one| calendar.length(one) == Some(Every::Year)).filter(named))
}

/// Returns what is due by the end of the next quarter; of a milestone that was missed several times, the first alone.
fn coming(review: &ReviewBasis) -> Vec<Due> {
    let mut all = dues(review.facts);
    all.retain(|due| match due.what {
        AgendaItem::Missed { ref period, ref first, .. } => period == first,
        _ => due.day <= review.next.last,
    });
    all
}

/// Names a milestone that was missed: `Business review held (2025-Q2 and 5 more)`.
fn missed_in_words(name: &str, period: &Period, count: usize) -> String {
    match count {
        1 => format!("{name} ({})", PeriodNaming::ByName.named(period)),
        _ => format!("{name} ({} and {} more)", PeriodNaming::ByName.named(period), count - 1),
    }
}

/// Returns the name of the milestone that is due, if it is one.
fn milestone_of(due: &Due) -> Option<&str> {
    match &due.what {
        AgendaItem::Milestone { name, .. }
        | AgendaItem::Missed { name, .. }
        | AgendaItem::Passed { name, .. } => Some(name),
        _ => None,
    }
}

fn open_or_overdue(due: &Due, day: Day) -> &'static str {
    if due.day < day { "overdue" } else { "open" }
}

fn settled(review: &ReviewBasis) -> Vec<ReviewedMilestone> {
    let (facts, quarter) = (review.facts, &review.quarter);
    let mut rows = Vec::new();
    for (_, milestone) in facts.program.milestones() {
        if review.is_for_partner() && is_inner(facts.program, milestone) {
            continue;
        }
        let period = milestone.every.and_then(|every| facts.program.calendar.containing(quarter.last, every));
        let Some(held) = facts.held(milestone, period.as_ref()) else { continue };
        if !(quarter.first..=quarter.last).contains(&held.day()) {
            continue;
        }
        let name = period.map_or_else(
            || milestone.name.clone(),
            |period| format!("{} ({})", milestone.name, PeriodNaming::ByName.named(&period)),
        );
        rows.push(ReviewedMilestone { name, by: milestone.by, status: "done", day: held.day() });
    }
    rows
}

/// Returns whether a milestone rests on our own judgement of the partner.
fn is_inner(program: &Program, milestone: &Milestone) -> bool {
    fn asks_us(program: &Program, need: &Need) -> bool {
        match need {
            Need::Questionnaire(key) => program.questionnaire(key).is_none_or(|one| one.side == Side::Vendor),
            Need::Any(several) | Need::All(several) => several.iter().any(|one| asks_us(program, one)),
            _ => false,
        }
    }
    milestone.needs.as_ref().is_some_and(|need| asks_us(program, need))
}

/// Something that one side waits for.
struct OpenItem {
    what: String,
    /// Who is to act.
    by: Doer,
    since: Day,
    step: Option<Step>,
}

/// Returns what is open on both sides: questions, requests and claims that wait for us; reports, plans and answers that wait
/// for the partner.
pub(super) fn open_table(review: &ReviewBasis) -> Table {
    let facts = review.facts;
    let mut rows: Vec<OpenItem> = dues(facts)
        .into_iter()
        .filter_map(|due| {
            let by = match due.kind {
                DueKind::Waiting => Doer::Us,
                DueKind::Claim => Doer::Partner,
                _ => return None,
            };
            Some(OpenItem { what: in_table(&due.what), by, since: due.day, step: Some(due.step) })
        })
        .collect();
    rows.extend(missed(review));
    rows.extend(reports_missing(review));
    rows.extend(unanswered(review));
    rows.extend(plans_waiting(facts));
    rows.sort_by_key(|one| (one.by != Doer::Us, one.since));
    let who = |one: &OpenItem| match (one.by, review.is_for_partner()) {
        (Doer::Us, false) => "us".to_owned(),
        (Doer::Us, true) => facts.program.name.clone(),
        (Doer::Partner, _) => facts.partner.name().to_owned(),
    };
    let table = Table::of("open", "Open items", &rows)
        .column("by", "Waiting on", who)
        .column("what", "What", |one| &one.what)
        .headline()
        .column("since", "Since or due", |one| one.since);
    let table = if review.is_for_partner() {
        table
    } else {
        table.column("command", "Next step", |one| one.step.clone()).optional()
    };
    let days = days_named(review, rows.iter().map(|one| one.what.as_str()));
    table.done().empty("Nothing is open.").with_notes(days)
}

/// Returns what was missed in periods that are over.
fn missed(review: &ReviewBasis) -> Vec<OpenItem> {
    let mut rows = Vec::new();
    for due in coming(review) {
        let AgendaItem::Missed { name, period, count, by, .. } = &due.what else { continue };
        if review.is_for_partner() && !is_for_partner(review.facts.program, &due) {
            continue;
        }
        let (what, by) =
            (format!("{}, missed", missed_in_words(name, period, *count)), by.unwrap_or(Doer::Us));
        rows.push(OpenItem { what, by, since: due.day, step: Some(due.step) });
    }
    rows
}

/// Returns the reports that the partner owes, together.
fn reports_missing(review: &ReviewBasis) -> Option<OpenItem> {
    let facts = review.facts;
    let owed = facts.reports_owed();
    let first = owed.first()?;
    let what = match owed.len() {
        1 => format!("sell-through report for {}", PeriodNaming::ByName.named(first)),
        many => format!("{many} sell-through reports, the first for {}", PeriodNaming::ByName.named(first)),
    };
    let (partner, period) = (facts.partner.key.clone(), first.to_string());
    let since = first.last.plus(facts.program.report_due_days());
    Some(OpenItem { what, by: Doer::Partner, since, step: Some(Step::ReportRevenue { partner, period }) })
}

/// Returns the announcements since the quarter began that the partner has not answered.
fn unanswered(review: &ReviewBasis) -> Vec<OpenItem> {
    let told = review.facts.partner.notifications.iter();
    let open = told.filter(|one| one.awaits_answer() && one.day >= review.quarter.first);
    let item = |one: &Notification| OpenItem {
        what: format!("answer to `{}`", one.announcement),
        by: Doer::Partner,
        since: one.day,
        step: None,
    };
    open.map(item).collect()
}

fn plans_waiting(facts: PartnerFacts) -> Vec<OpenItem> {
    let plans = facts.partner.plans.iter();
    let waiting = plans.filter_map(|plan| {
        let newest = plan.newest().filter(|newest| newest.state() == PlanState::Waiting)?;
        let year = facts.program.calendar.named(plan.days);
        let partner = facts.partner.key.clone();
        Some(OpenItem {
            what: format!("approval of the {}", PeriodNaming::ByName.with_noun(&year, "plan")),
            by: Doer::Partner,
            since: newest.sent?,
            step: Some(Step::AgreePlan { partner, year: year.to_string() }),
        })
    });
    waiting.collect()
}

/// Something to agree on for the next quarter.
struct Proposal {
    what: String,
    why: String,
    due: Option<Day>,
    step: Option<Step>,
}

/// Returns what to agree on for the next quarter: the gap to plan, open gates, what is overdue, what ends, what the next tier takes.
pub(super) fn proposal_table(review: &ReviewBasis) -> Table {
    let mut rows = gaps(review);
    rows.extend(of_stage(review));
    rows.extend(of_agenda(review));
    rows.extend(of_tier(review));
    if !review.is_for_partner() {
        rows.extend(of_performance(review.facts));
    }
    // What is agreed on is for the next quarter; no day before it, or before today, can be kept.
    let earliest = review.next.first.max(review.facts.day);
    for row in &mut rows {
        row.due = row.due.filter(|due| *due >= earliest);
    }
    let table = Table::of("proposals", format!("Proposals for {}", review.next.in_full()), &rows)
        .column("what", "Proposal", |one| &one.what)
        .headline()
        .column("why", "Reason", |one| &one.why)
        .column("due", "Due", |one| one.due)
        .optional();
    let table = if review.is_for_partner() {
        table
    } else {
        table.column("command", "Next step", |one| one.step.clone().map(Cell::Step)).optional()
    };
    let days = days_named(review, rows.iter().map(|one| one.what.as_str()));
    table.done().empty("No proposals.").with_notes(days)
}

fn gaps(review: &ReviewBasis) -> Vec<Proposal> {
    let (facts, currency) = (review.facts, review.facts.program.currency);
    let mut rows = Vec::new();
    let row = review.reviewed(review.quarter.clone());
    if let Some(gap) = row.gap_minor().filter(|_| !facts.partner.has_left()) {
        let to_date = if row.known == QuarterKnown::Running { " to date" } else { "" };
        rows.push(Proposal {
            what: format!("make up {}", currency.amount(gap).rounded()),
            why: format!("{} below plan{to_date}", PeriodNaming::ByName.named(&review.quarter)),
            due: Some(review.next.last),
            step: None,
        });
    }
    rows.extend(selling_again(review));
    if let Some(year) = year_to_plan(review) {
        rows.push(Proposal {
            what: format!("agree on a plan for {}", PeriodNaming::ByName.named(&year)),
            why: not_agreed(&year, drawn_up(facts.plans(), &year, facts.day), PeriodNaming::ByName),
            due: None,
            step: Some(plan_step(facts, &year)),
        });
    }
    rows
}

/// Returns the plain fact about a partner in growth of which no sale since the quarter began is recorded.
fn selling_again(review: &ReviewBasis) -> Option<Proposal> {
    let facts = review.facts;
    if !sells_nothing(review) {
        return None;
    }
    let last = facts.sales().iter().rfind(|sale| sale.amount_minor > 0);
    let (what, why) = match last {
        None => ("make a first sale", "no sale is recorded yet".to_owned()),
        Some(sale) => ("sell again", format!("no sale is recorded since {}", sale.day)),
    };
    Some(Proposal { what: what.to_owned(), why, due: None, step: None })
}

fn sells_nothing(review: &ReviewBasis) -> bool {
    let facts = review.facts;
    let is_sale = |day: Day, minor: i64| minor > 0 && day >= review.quarter.first;
    facts.in_growth_since().is_some()
        && !facts.sales().iter().any(|sale| is_sale(sale.day, sale.amount_minor))
}

/// Returns the fiscal year for which a plan is to be agreed: that of the next quarter, or the one after it if it is nearly
/// over; none if it has one, and if the partner is to have none.
fn year_to_plan(review: &ReviewBasis) -> Option<Period> {
    let facts = review.facts;
    facts.in_growth_since().filter(|_| facts.asks_for_plan())?;
    let next = review.next.first.max(facts.day);
    let year = year_worth_planning(facts, next)?;
    let from = next.max(year.first);
    (!facts.planned(facts.day).covers(from)).then_some(year)
}

/// Returns, of a partner that is not in growth yet, the gates that are open, and for us that it is beyond the target.
fn of_stage(review: &ReviewBasis) -> Vec<Proposal> {
    let facts = review.facts;
    let Some(stage) = facts.stage().and_then(|key| facts.program.stage(key)) else { return Vec::new() };
    let mut rows = Vec::new();
    if let Some(days) = facts.overdue_days().filter(|_| !review.is_for_partner()) {
        rows.push(Proposal {
            what: "decide: continue, park or terminate".to_owned(),
            why: format!("{days} days over the target of {}", stage.name),
            due: None,
            step: None,
        });
    }
    let gates = facts.missing_gates();
    let gates = gates.iter().filter_map(|gate| Some(facts.program.milestone(gate)?.1));
    for gate in gates.filter(|gate| !review.is_for_partner() || !is_inner(facts.program, gate)) {
        let (what, why) = (gate.name.clone(), format!("open gate of {}", stage.name));
        rows.push(Proposal { what, why, due: None, step: Some(settling_step(facts, gate).step) });
    }
    rows
}

/// Returns what is overdue, and what ends by the end of the next quarter.
fn of_agenda(review: &ReviewBasis) -> Vec<Proposal> {
    let facts = review.facts;
    let mut rows = Vec::new();
    let (held, planned) = (review.quarter.to_string(), year_to_plan(review));
    for due in coming(review) {
        // What was missed is open on a side already.
        if matches!(due.what, AgendaItem::Missed { .. }) {
            continue;
        }
        // The review itself is being held, and a plan is proposed once.
        let is_said = match &due.step {
            Step::ReviewPlan { quarter, .. } => *quarter == held,
            Step::SetPlan { .. } => planned.is_some(),
            _ => false,
        };
        if is_said {
            continue;
        }
        let ends =
            matches!(due.kind, DueKind::Renewal | DueKind::Certificate | DueKind::Fund | DueKind::Claim);
        let late = due.day < facts.day && !matches!(due.kind, DueKind::Waiting | DueKind::Report);
        if !ends && !late || review.is_for_partner() && !is_for_partner(facts.program, &due) {
            continue;
        }
        let what = match &due.what {
            AgendaItem::Milestone { name, period, .. } if review.is_for_partner() => {
                period.as_ref().map_or_else(
                    || name.clone(),
                    |period| format!("{name} ({})", PeriodNaming::ByName.named(period)),
                )
            }
            AgendaItem::Action { what, owner: Some(owner) } => format!("{what} (owner: {owner})"),
            AgendaItem::MoneyEnds { amount, fund } => format!("use {} of {fund}", amount.rounded()),
            AgendaItem::CertificateEnds { person, course } => format!("renew {course} of {person}"),
            AgendaItem::Renewal { term, .. } => format!("extend {term}"),
            _ => seen_in_table(&due, facts.day),
        };
        let why = match (late, due.kind) {
            (true, DueKind::Certificate | DueKind::Fund) => "expired",
            (true, _) => "overdue",
            (false, DueKind::Renewal) => "up for renewal",
            (false, DueKind::Claim) => "to be claimed",
            (false, _) => "expires",
        };
        // A day that no proposal can name is said with the reason.
        let why = match (late, due.day < review.next.first) {
            (true, _) if why == "overdue" => format!("overdue since {}", due.day),
            (false, false) => why.to_owned(),
            _ => format!("{why} {}", due.day),
        };
        rows.push(Proposal { what, why, due: Some(due.day), step: Some(due.step) });
    }
    rows
}

/// Returns whether the partner may read what is due: no decision on it, and nothing that rests on our judgement.
fn is_for_partner(program: &Program, due: &Due) -> bool {
    let Some(name) = milestone_of(due) else {
        // A follow-up is a note of our own.
        let ours =
            [DueKind::Decision, DueKind::Resume, DueKind::Leaving, DueKind::Milestone, DueKind::FollowUp];
        return !ours.contains(&due.kind);
    };
    let milestone = program.milestones().map(|(_, one)| one).find(|one| one.name == name);
    milestone.is_some_and(|one| !is_inner(program, one))
}

/// Returns what the next tier takes, or what a partner above the tier that it has earned lacks to keep its own; a higher tier
/// that it has earned stands first. The partner does not read points of our score.
fn of_tier(review: &ReviewBasis) -> Vec<Proposal> {
    let found = tier_review(review.facts);
    let mut rows = Vec::new();
    let is_above = found.keeps.is_some();
    if let Some(earned) = found.proposed.filter(|earned| !is_above && found.now != Some(*earned)) {
        rows.push(Proposal {
            what: format!("assign tier {earned}"),
            why: "earned".to_owned(),
            due: None,
            step: Some(Step::ReviewTier { partner: review.facts.partner.key.clone() }),
        });
    }
    let Some(next) = found.keeps.or(found.next) else { return rows };
    let why = if is_above { "to keep tier" } else { "for tier" };
    // How much more revenue a tier takes is no help to a partner that sells nothing.
    let is_far = |found: &TierFinding| sells_nothing(review) && matches!(found, TierFinding::Revenue { .. });
    let shown = next.missing.iter().filter(|one| !review.is_for_partner() || !is_score(&one.found));
    let shown = shown.filter(|one| !is_far(&one.found));
    let proposal = |found: &TierFinding| Proposal {
        what: match found {
            TierFinding::Revenue { got_minor, least_minor, .. } => {
                let more = i128::from(*least_minor) - got_minor;
                let more = review.facts.program.currency.amount(more).rounded();
                format!("{more} more revenue in 12 months")
            }
            other => missing_in_words(review.facts.program, other),
        },
        why: format!("{why} {}", next.tier.key),
        due: None,
        step: None,
    };
    rows.extend(shown.map(|one| proposal(&one.found)));
    rows
}

fn is_score(found: &TierFinding) -> bool {
    match found {
        TierFinding::Score { .. } | TierFinding::ScorePart { .. } => true,
        TierFinding::Any(several) => several.iter().flatten().any(|one| is_score(&one.found)),
        _ => false,
    }
}

fn of_performance(facts: PartnerFacts) -> Option<Proposal> {
    let judged = facts.performance();
    let step = facts.watch_step(&facts.partner.key, judged.as_ref().map(|judged| judged.performance))?;
    let what = match &step {
        Step::Watch { .. } => "put it on the watch list",
        Step::Improve { .. } => "agree on an improvement plan",
        _ => "decide how to go on",
    };
    let said = |judged: &Judged| performance_in_words(judged, PeriodNaming::InFull);
    let why = judged.as_ref().map_or_else(|| "on the watch list".to_owned(), said);
    Some(Proposal { what: what.to_owned(), why, due: None, step: Some(step) })
}
