//! What reports on growth have in common: sales partner by partner, targets, and how partners perform.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::performance::{Actuals, Judged, PerformanceRule, WatchStatus, judge};
use crate::lifecycle::plans::quarters_of;
use crate::report::channel::{Channel, Line};
use crate::store::{Place, PlanRow};

/// A partner's days and amounts in minor units, in order.
pub type Sales = Vec<(Day, i64)>;

/// All lines with their sales, in order of partner; the channel needs sales.
pub fn with_sales<'c>(channel: &'c Channel) -> impl Iterator<Item = (&'c Line, Sales)> {
    let mut at = 0;
    channel.lines.iter().map(move |line| {
        while channel.sales.get(at).is_some_and(|sale| sale.partner < line.id) {
            at += 1;
        }
        let own = channel.sales[at..].iter().take_while(|sale| sale.partner == line.id);
        let sales: Sales = own.map(|sale| (sale.day, sale.amount_minor)).collect();
        at += sales.len();
        (line, sales)
    })
}

/// All lines with the days that each of their reports covers; the channel needs sales.
pub fn with_reports<'c>(channel: &'c Channel) -> impl Iterator<Item = (&'c Line, Vec<(Day, Day)>)> {
    let mut at = 0;
    channel.lines.iter().map(move |line| {
        while channel.sales.get(at).is_some_and(|sale| sale.partner < line.id) {
            at += 1;
        }
        let own = channel.sales[at..].iter().take_while(|sale| sale.partner == line.id);
        (line, own.map(|sale| (sale.from, sale.day)).collect())
    })
}

/// What was sold from `first` to `last`, in minor units.
pub fn sold(sales: &[(Day, i64)], first: Day, last: Day) -> i128 {
    let from = sales.partition_point(|(day, _)| *day < first);
    sales[from..].iter().take_while(|(day, _)| *day <= last).map(|(_, amount)| i128::from(*amount)).sum()
}

/// The plan of a fiscal year that both sides had agreed to by `day`.
pub fn plan_of<'l>(line: &'l Line, year: &Period, day: Day) -> Option<&'l PlanRow> {
    let label = year.to_string();
    let agreed = |row: &&PlanRow| row.period == label && row.version.agreed.is_some_and(|on| on <= day);
    line.plans.iter().rev().find(agreed)
}

/// The quarters with a target that both sides had agreed to by `day`: first day, last day, target.
pub fn targets(line: &Line, day: Day) -> Vec<(Day, Day, i64)> {
    let mut newest: Vec<&PlanRow> = Vec::new();
    for row in line.plans.iter().filter(|row| row.version.agreed.is_some_and(|on| on <= day)) {
        newest.retain(|known| known.period != row.period);
        newest.push(row);
    }
    let quarters = newest.into_iter().flat_map(|row| {
        let quarters = quarters_of(row.starts).into_iter().zip(row.version.targets_minor);
        quarters.map(|((first, last), target)| (first, last, target))
    });
    quarters.collect()
}

/// How often the partner reports; nothing where it need not, or the program does not ask for it.
pub fn cadence(channel: &Channel, line: &Line) -> Option<Every> {
    let rule = channel.program.reporting.as_ref()?;
    let agreed = rule.term.as_ref().and_then(|term| line.agreed(term, channel.as_of));
    let agreed = agreed.and_then(|one| one.value.as_deref());
    rule.cadence(agreed.or_else(|| line.attribute(rule.field.as_deref()?)))
}

/// Whether the partner stands in growth.
pub fn in_growth(channel: &Channel, line: &Line) -> bool {
    let success = channel.program.stages().iter().position(|stage| stage.success);
    matches!(line.place, Some(Place::In(stage)) if Some(stage) == success)
}

/// How a partner in growth performs by the program's rule.
pub fn performance(channel: &Channel, line: &Line, sales: &[(Day, i64)]) -> Option<Judged> {
    let rule = channel.program.non_performing?;
    let settled = match line.care {
        WatchStatus::Settled { on, .. } => Some(on),
        _ => None,
    };
    let since = line.entered.filter(|_| in_growth(channel, line))?;
    judged(channel, line, sales, &rule.rule, (since, settled), channel.as_of)
}

/// How a partner that stands in growth since a day performs by a rule on another day.
pub fn judged(
    channel: &Channel,
    line: &Line,
    sales: &[(Day, i64)],
    rule: &PerformanceRule,
    (since, settled): (Day, Option<Day>),
    day: Day,
) -> Option<Judged> {
    let targets = targets(line, day);
    let actuals = Actuals {
        launched: line.launched?,
        since,
        sales: &sales[..sales.partition_point(|(on, _)| *on <= day)],
        targets: &targets,
        settled,
        cadence: cadence(channel, line),
    };
    Some(judge(rule, channel.program.calendar, channel.program.reporting.as_ref(), &actuals, day))
}

/// Whether any partner is below what the program's rule asks for.
pub fn any_underperforming(channel: &Channel) -> bool {
    use crate::lifecycle::performance::Performance;
    let judged = with_sales(channel).filter_map(|(line, sales)| performance(channel, line, &sales));
    judged.into_iter().any(|one| one.performance == Performance::Under)
}
