//! Whether a partner in growth sells too little by what is known of it alone, and the step that helps it to sell.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::due::{AgendaItem, NextStep};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::milestone::held::MilestoneFacts;
use crate::lifecycle::performance::events::{DecidedAs, WatchStatus};
use crate::lifecycle::performance::judge::Performance;
use crate::lifecycle::performance::lag::SellingLag;
use crate::lifecycle::performance::rules::watch_step;
use crate::lifecycle::plans::planned::PlannedDays;
use crate::lifecycle::plans::rules;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::events::SaleFact;

/// A partner in growth is not asked for its first sale within so many days, unless the program says otherwise.
const GRACE_DAYS: i64 = 90;
/// Whoever sold nothing for so long is asked why, whatever its rhythm was.
pub(crate) const SILENT_DAYS: i64 = 365;
/// In so many last days of a fiscal year nobody is asked for its plan any more.
const NEARLY_OVER_DAYS: i64 = 60;

/// Returns for how many days a partner in growth is not asked for its first sale.
pub(crate) fn grace_days(program: &Program) -> i64 {
    program.non_performing.as_ref().map_or(GRACE_DAYS, |rule| rule.rule.grace_days)
}

/// Returns how a partner in growth sells too little; none if it does not, or is left to itself. `sold_since` is the first day
/// of which a sale is recorded, of any partner; without any, nothing is known of who sold nothing.
pub(crate) fn selling_lag<'f>(facts: impl Facts<'f>, sold_since: Option<Day>) -> Option<SellingLag> {
    facts.in_growth_since()?;
    if let WatchStatus::Settled { outcome: DecidedAs::SelfService, .. } = facts.watch_status() {
        return None;
    }
    let since = sold_since.and_then(|_| Some(known_since(facts, facts.launched()?, sold_since)));
    let days = |from: Day| facts.day().since(from);
    match facts.sales().iter().rfind(|sale| sale.amount_minor() > 0).map(SaleFact::day) {
        None => {
            let waited = since.filter(|since| days(*since) > grace_days(facts.program()));
            if let Some(since) = waited {
                return Some(SellingLag::NothingSold { since });
            }
        }
        Some(on) if days(on) > SILENT_DAYS => return Some(SellingLag::LastSale { on }),
        Some(_) => {}
    }
    let year = facts.program().calendar.containing(facts.day(), Every::Year)?;
    let planned = facts.planned(facts.day());
    let days = planned.within(year.days())?.days;
    let until = reported_until(facts);
    let is_behind = facts.sold(days.first, facts.day()) < planned.owed(DayRange { last: until, ..days });
    let plan = || plan_meant(facts, &planned, (year, DayRange { first: days.first, last: until }));
    is_behind.then(|| SellingLag::BehindPlan { year: plan(), until })
}

/// Returns the fiscal year, if the partner has a plan for it or none that counts on some days; else the last one that does.
fn plan_meant<'f>(facts: impl Facts<'f>, planned: &PlannedDays, (year, days): (Period, DayRange)) -> Period {
    let agreed = facts.plans().filter(|plan| plan.agreed_by(facts.day())).map(|plan| plan.year);
    let counting: Vec<DayRange> = agreed.filter(|of| planned.of_plan(*of, days) > 0).collect();
    match counting.last() {
        Some(last) if !counting.contains(&year.days()) => facts.program().calendar.named(*last),
        _ => year,
    }
}

/// Returns the day since when it is known of a partner in growth whether it sells: since it came there, but not before it was
/// watched, unless sales of earlier days are recorded in the channel, `sold_since` the first.
pub(crate) fn known_since<'f>(facts: impl Facts<'f>, came: Day, sold_since: Option<Day>) -> Day {
    let watched = facts.observed_from();
    came.max(sold_since.map_or(watched, |first| first.min(watched)))
}

/// Returns the fiscal year of which a partner that is to have a plan has none agreed, unless it is nearly over.
pub(crate) fn year_without_plan<'f>(facts: impl Facts<'f>) -> Option<Period> {
    let year = facts.program().calendar.containing(facts.day(), Every::Year)?;
    let is_asked = !is_nearly_over(&year, facts.day()) && facts.asks_for_plan();
    (is_asked && !facts.planned(facts.day()).covers(facts.day())).then_some(year)
}

/// Returns whether so few days of a fiscal year are left on a day that nobody is asked for its plan any more.
fn is_nearly_over(year: &Period, day: Day) -> bool {
    year.last.since(day) <= NEARLY_OVER_DAYS
}

/// Returns the last day of which the sales of a partner are known: of one that reports by period the end of the newest
/// period whose report is due, or the day of a later sale.
pub(crate) fn reported_until<'f>(facts: impl Facts<'f>) -> Day {
    let program = facts.program();
    let Some(every) = facts.cadence() else { return facts.day() };
    let coming = program.calendar.days_containing(facts.day().plus(-program.report_due_days()), every);
    let reported = coming.map_or(facts.day(), |coming| coming.first.plus(-1));
    facts.sales().last().map_or(reported, |sale| sale.day().max(reported))
}

/// Returns the part of an amount for `whole` that falls on the days from the first to the last of `part`.
pub(crate) fn share_of_days(amount: i128, whole: (Day, Day), part: (Day, Day)) -> i128 {
    let days = i128::from(whole.1.since(whole.0) + 1);
    let (first, last) = (part.0.max(whole.0), part.1.min(whole.1));
    amount * i128::from((last.since(first) + 1).max(0)) / days
}

/// Returns what growth asks for of a partner alone: decisions that are due, actions, and what helps a sale if it sells too
/// little. `sold_since` is that of [`selling_lag`].
pub(crate) fn growth_step(facts: PartnerFacts, sold_since: Option<Day>) -> Option<NextStep> {
    if let Some(step) = watch_step(facts, None) {
        return Some(step);
    }
    if facts.partner.is_self_service() {
        return None;
    }
    rules::next_step(facts).or_else(|| watch_step(facts, Some(facts.performance()?.performance))).or_else(
        || {
            selling_lag(facts, sold_since)
                .map(|lag| NextStep { what: AgendaItem::Selling { lag }, step: helping_step(facts) })
        },
    )
}

/// Returns the step that helps a partner in growth to sell: what its watch list asks for, the action that is agreed on, or a
/// new one; without a plan, the plan.
pub(crate) fn selling_step(facts: PartnerFacts) -> Step {
    let judged = facts.performance().map(|judged| judged.performance);
    let judged = judged.filter(|performance| *performance == Performance::Under);
    let own =
        watch_step(facts, None).or_else(|| rules::next_step(facts)).or_else(|| watch_step(facts, judged));
    own.map_or_else(|| helping_step(facts), |next| next.step)
}

/// Returns the action that is agreed on, or a new one; without a plan, the plan.
fn helping_step(facts: PartnerFacts) -> Step {
    let partner = facts.partner.key.clone();
    if let Some(task) = facts.partner.open_tasks().first() {
        return Step::FinishAction { partner, action: task.event };
    }
    let planned = facts.planned(facts.day);
    let year = if planned.covers(facts.day) {
        facts.program.calendar.containing(facts.day, Every::Year)
    } else {
        year_worth_planning(facts, facts.day)
    };
    match year {
        Some(year) if planned.covers(facts.day.max(year.first)) => Step::PlanAction { partner },
        Some(year) if facts.asks_for_plan() => {
            let set = Step::SetPlan { partner, year: year.to_string() };
            rules::approval_step(facts, &year).map_or(set, |next| next.step)
        }
        _ => Step::Note { partner },
    }
}

/// Returns the fiscal year of a day for which a plan is still worth making today: the next one if that year is nearly over.
pub(crate) fn year_worth_planning(facts: PartnerFacts, day: Day) -> Option<Period> {
    let calendar = facts.program.calendar;
    let year = calendar.containing(day, Every::Year)?;
    if is_nearly_over(&year, facts.day) {
        return calendar.containing(year.last.plus(1), Every::Year);
    }
    Some(year)
}
