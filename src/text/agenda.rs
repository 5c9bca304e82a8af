//! The words of what is due and what to do next.

use crate::lifecycle::agenda::{AgendaItem, ClosedAs, Due, DueKind, NextStep, Over};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::capital;
use crate::lifecycle::performance::SellingLag;
use crate::text::needs::so_far;
use crate::text::periods::PeriodNaming;
use crate::text::steps::command_line;

impl Sentence for AgendaItem {
    fn sentence(&self) -> String {
        said(self, PeriodNaming::InFull)
    }
}

/// Says what is due in a table, below which the days of its fiscal periods are said.
pub(crate) fn in_table(item: &AgendaItem) -> String {
    said(item, PeriodNaming::ByName)
}

/// Returns the period that something due is about, if it is said.
pub(crate) fn period_of(item: &AgendaItem) -> Option<&Period> {
    match item {
        AgendaItem::Milestone { period, .. } => period.as_ref(),
        AgendaItem::Missed { first: period, .. }
        | AgendaItem::SendPlan { year: period }
        | AgendaItem::AwaitPlan { year: period }
        | AgendaItem::Selling { lag: SellingLag::BehindPlan { year: period, .. } }
        | AgendaItem::Report { period }
        | AgendaItem::ReportMissing { first: period, .. }
        | AgendaItem::ReportsOwed { first: period, .. } => Some(period),
        _ => None,
    }
}

fn said(item: &AgendaItem, naming: PeriodNaming) -> String {
    match item {
        AgendaItem::Place { stage } => format!("place it in {stage}"),
        AgendaItem::Wait { until } => format!("wait until {until}"),
        AgendaItem::TakeUp { parked_until } => format!("resume it, parked until {parked_until}"),
        AgendaItem::ParkedOpenEnd { days: 0 } => {
            "parked without an end date: resume it when it is ready, or let it leave".to_owned()
        }
        AgendaItem::ParkedOpenEnd { days } => {
            format!("parked for {days} d without an end date: resume it, or let it leave")
        }
        AgendaItem::TakeUpNow => "resume it".to_owned(),
        AgendaItem::MoveOn { stage } => format!("all gates met, advance to {stage}"),
        AgendaItem::Milestone { name, period, lacking, .. } => {
            let period =
                period.as_ref().map_or_else(String::new, |period| format!(" ({})", naming.named(period)));
            let so_far = lacking.as_ref().and_then(so_far);
            let so_far = so_far.map_or_else(String::new, |so_far| format!(", {so_far}"));
            format!("{name}{period}{so_far}")
        }
        AgendaItem::Missed { name, period, .. } => format!("{name} ({}), missed", naming.named(period)),
        AgendaItem::Passed { name, stage, .. } => format!("{name}, open since {stage}"),
        AgendaItem::Decline { .. } => "criteria not met, decline or override".to_owned(),
        AgendaItem::Action { what, .. } => what.clone(),
        AgendaItem::ActionDue { what, due, .. } => format!("{what}, due {due}"),
        AgendaItem::SendPlan { year } => format!("send the {}", naming.with_noun(year, "plan")),
        AgendaItem::AwaitPlan { year } => {
            format!("if the partner approves the {}", naming.with_noun(year, "plan"))
        }
        AgendaItem::PlanEnds => "improvement plan ends, decide".to_owned(),
        AgendaItem::PlanEnded { on } => format!("improvement plan ended on {on}, decide"),
        AgendaItem::Watched { since } => {
            format!("on the watch list since {since}, agree an improvement plan")
        }
        AgendaItem::BelowRule => "below the performance threshold".to_owned(),
        AgendaItem::Selling { lag } => lag_in_words(lag, naming),
        AgendaItem::Growth { reason } => reason.clone(),
        AgendaItem::NoPlan => "no plan is agreed for this year".to_owned(),
        AgendaItem::ParkOrLeave => "park it, or end the partnership".to_owned(),
        AgendaItem::Report { period } | AgendaItem::ReportMissing { period, .. } => {
            format!("sell-through report for {}", naming.named(period))
        }
        AgendaItem::ReportsOwed { first, count } => reports_missing(first, *count, naming),
        AgendaItem::Renewal { term, ends } => format!("{term}: ends on {ends}, renewal due"),
        AgendaItem::CertificateEnds { person, course } => expiring(course, person),
        AgendaItem::MoneyEnds { .. }
        | AgendaItem::ActivityStarts { .. }
        | AgendaItem::ClaimDue { .. }
        | AgendaItem::Question { .. }
        | AgendaItem::Request { .. }
        | AgendaItem::Payment { .. }
        | AgendaItem::Launch { .. } => of_money_and_questions(item),
    }
}

/// Says what is due of funds, questions and launches.
fn of_money_and_questions(item: &AgendaItem) -> String {
    match item {
        AgendaItem::MoneyEnds { amount, fund } => format!("{amount} of {fund} expires"),
        AgendaItem::ActivityStarts { activity, request } => {
            format!("{activity} starts (request {request})")
        }
        AgendaItem::ClaimDue { amount, request, not_covered } => {
            let short = not_covered.map_or_else(String::new, |amount| format!(", {amount} not covered"));
            format!("claim {amount} (request {request}){short}")
        }
        AgendaItem::Question { question, text, .. } => format!("question {question}, {}", one_line(text)),
        AgendaItem::Request { request, amount, fund, activity } => {
            format!("request {request}, {amount} from {fund} for {activity}")
        }
        AgendaItem::Payment { claim, amount, fund, not_covered } => {
            let short = not_covered.map_or_else(String::new, |amount| format!(", {amount} not covered"));
            format!("claim {claim}, pay {amount} from {fund}{short}")
        }
        AgendaItem::Launch { announcement } => format!("launch of {announcement}"),
        _ => String::new(),
    }
}

/// Returns a text that may have several lines in one, as far as a table has room for it.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= QUESTION_SHOWN {
        return line;
    }
    let first: String = line.chars().take(QUESTION_SHOWN).collect();
    format!("{}...", first.trim_end())
}

/// So many characters of a question are shown in a line.
const QUESTION_SHOWN: usize = 200;

fn reports_missing(first: &Period, count: usize, naming: PeriodNaming) -> String {
    let first = naming.named(first);
    match count {
        1 => format!("sell-through report for {first} is missing"),
        _ => format!("{count} sell-through reports are missing, the first for {first}"),
    }
}

/// Says how a partner sells too little.
fn lag_in_words(lag: &SellingLag, naming: PeriodNaming) -> String {
    match lag {
        SellingLag::NothingSold { since } => format!("nothing sold since {since}"),
        SellingLag::LastSale { on } => format!("last sale on {on}"),
        SellingLag::BehindPlan { year, until } => {
            format!("behind its {} up to {until}", naming.with_noun(year, "plan"))
        }
    }
}

/// Says what is next of a partner in a line of its own: "next milestone: Business review held; record it: `...`".
pub(crate) fn next_line(next: &NextStep) -> String {
    let is_milestone = matches!(next.what, AgendaItem::Milestone { .. } | AgendaItem::Missed { .. });
    let noun = if is_milestone { "next milestone" } else { "next" };
    format!("{noun}: {}", step_in_words(next))
}

/// Says what is next, with its command; a command that records what is done is to be typed after that.
pub(crate) fn step_in_words(next: &NextStep) -> String {
    let NextStep { what, step } = next;
    let said = match what {
        // The command says which year it is, and what was recorded before which days it has.
        AgendaItem::SendPlan { .. } | AgendaItem::AwaitPlan { .. } => in_table(what),
        _ => what.sentence(),
    };
    let command = command_line(step);
    match (what, step) {
        (AgendaItem::Wait { until }, _) => format!("on {until}: `{command}`"),
        (
            AgendaItem::Milestone { .. } | AgendaItem::Missed { .. },
            Step::Done { .. } | Step::ReviewPlan { .. },
        )
        | (AgendaItem::SendPlan { .. }, _) => format!("{said}; record it: `{command}`"),
        (AgendaItem::ActionDue { what, late_days, follow_up, .. }, _) => {
            let noun = if *follow_up { "follow-up" } else { "action item" };
            let late = if *late_days > 0 { format!("overdue {late_days} d") } else { "due today".to_owned() };
            format!("{noun} `{what}`, {late}; once it is done: `{command}`")
        }
        (AgendaItem::Decline { partner, failed: Some(questionnaire) }, _) => {
            let (partner, questionnaire) = (partner.clone(), questionnaire.clone());
            let overrule = command_line(&Step::Overrule { partner, questionnaire });
            format!("criteria not met, decline: `{command}`, or override: `{overrule}`")
        }
        (AgendaItem::Request { request, amount, fund, activity }, _) => {
            let reject = command_line(&Step::RejectRequest { request: *request });
            let asks = format!("request {request} asks {amount} for {activity}");
            match step {
                Step::GrantFund { .. } => {
                    format!("{asks}, but {fund} is empty; grant more: `{command}`, or reject it: `{reject}`")
                }
                Step::AccrueFund { .. } => {
                    format!(
                        "{asks}, but {fund} is empty; post accruals: `{command}`, or reject it: `{reject}`"
                    )
                }
                _ => format!("{said}: `{command}`"),
            }
        }
        (_, Step::ReportRevenue { .. }) => format!("{said}: `{command}`, {NOTHING_IS_ZERO}"),
        _ => format!("{said}: `{command}`"),
    }
}

/// What to report for a period in which nothing was sold.
pub(crate) const NOTHING_IS_ZERO: &str = "0 if nothing was sold";

/// Says what to report for a period in which nothing was sold, below a table.
pub(crate) const NOTHING_SOLD: &str = "If nothing was sold, report 0.";

/// Says that a certificate expires; a course may be named for what it gives.
fn expiring(course: &str, person: &str) -> String {
    let noun = if course.to_lowercase().ends_with("certification") { "" } else { " certification" };
    format!("{course}{noun} of {person} expires")
}

/// Says in a few words for how long something has been overdue, or has waited for us: `question waiting 15 d`.
pub(crate) fn lateness(due: &Due, today: Day, naming: PeriodNaming) -> String {
    let days = today.since(due.day);
    match &due.what {
        AgendaItem::Question { .. } => format!("question waiting{}", since(days)),
        AgendaItem::Request { fund, .. } => {
            let empty = matches!(due.step, Step::GrantFund { .. } | Step::AccrueFund { .. });
            let empty = if empty { format!(", {fund} is empty") } else { String::new() };
            format!("fund request waiting{}{empty}", since(days))
        }
        AgendaItem::Payment { not_covered: Some(_), fund, .. } => {
            format!("claim waiting{}, not covered by {fund}", since(days))
        }
        AgendaItem::Payment { .. } => format!("claim waiting{}", since(days)),
        AgendaItem::ReportMissing { first, count: 1, .. } => {
            format!("report {} missing", naming.within(first))
        }
        AgendaItem::ReportMissing { first, count, .. } => {
            format!("{count} reports missing, the first for {}", naming.within(first))
        }
        AgendaItem::Missed { .. } => missed(due, naming).unwrap_or_default(),
        AgendaItem::Renewal { term, ends } if *ends < today => {
            format!("{term} expired {} d ago", today.since(*ends))
        }
        AgendaItem::Renewal { term, .. } => format!("renewal of {term} due for {days} d"),
        AgendaItem::PlanEnds => format!("improvement plan ended {days} d ago"),
        AgendaItem::TakeUpNow => format!("parking ended {days} d ago"),
        _ => format!("{} {days} d overdue", noun(due.kind)),
    }
}

/// Says how many periods of a milestone or how many reports were missed: `3 business reviews missed, the first for
/// 2026-Q1`; nothing of what was not missed.
fn missed(due: &Due, naming: PeriodNaming) -> Option<String> {
    if let AgendaItem::ReportMissing { first, count, .. } = &due.what {
        return Some(reports_missing(first, *count, naming));
    }
    let AgendaItem::Missed { name, first: period, count, .. } = &due.what else { return None };
    let period = naming.named(period);
    Some(match (due.kind, count) {
        (DueKind::Review, 1) => format!("business review for {period} missed"),
        (DueKind::Review, count) => format!("{count} business reviews missed, the first for {period}"),
        (_, 1) => format!("{name} ({period}), missed"),
        (_, count) => format!("{name}: missed {count} times, first for {period}"),
    })
}

/// Returns for how long something has waited, if not only since today.
fn since(days: i64) -> String {
    if days > 0 { format!(" {days} d") } else { String::new() }
}

/// Says what is due as seen from a day: what has expired by then is no longer said to end.
pub(crate) fn seen_from(due: &Due, today: Day) -> String {
    match &due.what {
        AgendaItem::Renewal { term, ends } if *ends < today => format!("{term}: expired on {ends}"),
        what => what.sentence(),
    }
}

/// Says what is due as a table does, seen from a day.
pub(crate) fn seen_in_table(due: &Due, today: Day) -> String {
    let said = missed(due, PeriodNaming::ByName).unwrap_or_else(|| match &due.what {
        AgendaItem::Renewal { .. } => seen_from(due, today),
        what => in_table(what),
    });
    match &due.what {
        // What people typed stays as they typed it.
        AgendaItem::Action { .. } | AgendaItem::ActionDue { .. } | AgendaItem::Renewal { .. } => said,
        _ => capital(&said),
    }
}

/// Returns of which type something due is, as people read it; what waits for us, by what we are to do.
pub(crate) fn type_in_words(due: &Due) -> &'static str {
    match due.what {
        AgendaItem::Question { .. } => "to answer",
        AgendaItem::Request { .. } => "to approve",
        AgendaItem::Payment { .. } => "to pay",
        _ => noun(due.kind),
    }
}

/// Says why something that was due is over.
pub(crate) fn over_in_words(over: &Over) -> String {
    match over {
        Over::Closed(ClosedAs::Done { on }) => format!("done on {on}"),
        Over::Closed(ClosedAs::Skipped { on }) => format!("skipped on {on}"),
        Over::Closed(ClosedAs::Dropped { on }) => format!("dropped on {on}"),
        Over::OnHold => "on hold".to_owned(),
        Over::Withdrawn => "withdrawn".to_owned(),
        Over::Elsewhere { with: Some(with) } => format!("now with {with}"),
        Over::Elsewhere { with: None } => "not in this calendar any more".to_owned(),
        Over::NotDueAnyMore => "not due any more".to_owned(),
    }
}

/// Returns what is due in a word or two: `review`.
pub(crate) fn noun(kind: DueKind) -> &'static str {
    match kind {
        DueKind::Action => "action item",
        DueKind::Leaving => "off-boarding",
        DueKind::Resume => "end of parking",
        DueKind::Fund => "fund expiry",
        other => other.word(),
    }
}
