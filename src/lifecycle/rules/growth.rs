//! Growth: business plans, reviews, tasks, what is done about partners that do not perform, tiers.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::event::{Event, LeftAs, Why};
use crate::lifecycle::growth::care::Care;
use crate::lifecycle::growth::event::{
    Agreed, Decided, DecidedAs, Finished, Improving, Planned, Reviewed, Sent, Tasked, Tiered, Watched,
};
use crate::lifecycle::growth::performance::{Actuals, Judged, judge};
use crate::lifecycle::growth::plan::{Plan, PlanState, PlanVersion, quarters_of};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::rules::moves::leave;
use crate::lifecycle::rules::tiers::lower_tier;
use crate::lifecycle::rules::{Decision, Ruling, refuse_left};
use crate::lifecycle::scene::Scene;

/// Draws up the plan of a fiscal year, or changes it; it counts when both sides agreed.
///
/// # Errors
/// Refused for a partner that has left, and for targets below nothing.
pub fn plan(scene: Scene, year: &Period, targets_minor: [i64; 4]) -> Ruling {
    refuse_left(scene)?;
    let Scene { program, partner, .. } = scene;
    let money = |minor: i128| program.currency.money(minor);
    if let Some(target) = targets_minor.iter().find(|target| **target < 0) {
        return Err(Error::refused(format!("a target of {} is below nothing", money(i128::from(*target))))
            .hint("targets are what is wanted; leave a quarter without one at 0"));
    }
    let known = partner.plan(&year.to_string()).and_then(Plan::newest);
    let sum: i128 = targets_minor.iter().map(|target| i128::from(*target)).sum();
    let (name, code) = (partner.name(), program.currency.code());
    if known.is_some_and(|known| known.targets_minor == targets_minor) {
        return Ok(Decision::AlreadySo(format!(
            "{name}: the plan of {year} says {} {code} already",
            money(sum)
        )));
    }
    let active = partner.plan(&year.to_string()).and_then(Plan::active);
    let until = active.map_or_else(String::new, |active| {
        format!("; until it is agreed, the one of {} counts", active.agreed.unwrap_or(active.day))
    });
    let said = format!("{name}: the plan of {year} is {} {code}, being edited{until}", money(sum));
    Decision::record(Planned { period: year.to_string(), starts: year.first, targets_minor }, said)
}

/// We agree to a plan, and the partner gets it.
///
/// # Errors
/// Refused where there is no plan, or the partner agreed to it.
pub fn send_plan(scene: Scene, year: &str) -> Ruling {
    let (name, state) = (scene.partner.name(), plan_state(scene, year)?);
    match state {
        PlanState::Editing => {
            let said = format!("{name}: the plan of {year} waits for the partner");
            Decision::record(Sent { period: year.to_owned() }, said)
        }
        other => Ok(Decision::AlreadySo(format!("{name}: the plan of {year} is {} already", other.words()))),
    }
}

/// The partner agrees to a plan, which then counts.
///
/// # Errors
/// Refused where there is no plan, or we did not agree to it ourselves.
pub fn agree_plan(scene: Scene, year: &str, by: Option<&str>) -> Ruling {
    let (name, key) = (scene.partner.name(), &scene.partner.key);
    match plan_state(scene, year)? {
        PlanState::Waiting => {
            let said = format!("{name}: the plan of {year} is active, agreed by both");
            Decision::record(Agreed { period: year.to_owned(), by: by.map(str::to_owned) }, said)
        }
        PlanState::Active => Ok(Decision::AlreadySo(format!("{name}: the plan of {year} is active already"))),
        PlanState::Editing => {
            Err(Error::refused(format!("{name}: the plan of {year} is still being edited"))
                .hint(format!("`chanlife plan send {key} --period {year}` says that we agree to it")))
        }
    }
}

fn plan_state(scene: Scene, year: &str) -> Result<PlanState, Error> {
    refuse_left(scene)?;
    let newest = scene.partner.plan(year).and_then(Plan::newest);
    newest.map(PlanVersion::state).ok_or_else(|| {
        let (name, key) = (scene.partner.name(), &scene.partner.key);
        Error::refused(format!("{name} has no plan of {year}"))
            .hint(format!("`chanlife plan set {key} --period {year} --target AMOUNT` draws one up"))
    })
}

/// Records a business review of a quarter.
///
/// # Errors
/// Refused for a partner that has left.
pub fn review(scene: Scene, quarter: &Period, text: Option<&str>) -> Ruling {
    refuse_left(scene)?;
    let period = quarter.to_string();
    let said = format!("{}: the business of {period} is reviewed", scene.partner.name());
    let known = scene.partner.reviews.iter().rev().find(|one| one.period == period);
    if known.is_some_and(|known| known.text.as_deref() == text && known.day == scene.day) {
        return Ok(Decision::AlreadySo(format!("{said} already")));
    }
    Decision::record(Reviewed { period, text: text.map(str::to_owned) }, said)
}

/// Adds something to be done by a day.
///
/// # Errors
/// Refused for a partner that has left, and where neither the plan nor an improvement plan is there.
pub fn task(scene: Scene, request: Tasked) -> Ruling {
    refuse_left(scene)?;
    let (partner, name, key) = (scene.partner, scene.partner.name(), &scene.partner.key);
    if let Some(year) = &request.plan {
        plan_state(scene, year)?;
    } else if !partner.care().is_open() {
        return Err(Error::refused(format!(
            "{name} is not on the watch list, so it has no improvement plan"
        ))
        .hint(format!("`chanlife watch {key} --reason REASON` puts it there"))
        .hint("--period YEAR names the business plan that the action belongs to"));
    }
    let of =
        request.plan.as_ref().map_or_else(|| "improvement plan".to_owned(), |year| format!("plan of {year}"));
    let owner = request.owner.as_ref().map_or_else(String::new, |owner| format!(", by {owner}"));
    let said = format!("{name}: `{}` by {}{owner}, of the {of}", request.what, request.due);
    if partner.open_tasks().iter().any(|one| one.what == request.what && one.due == request.due) {
        return Ok(Decision::AlreadySo(format!("{said} already")));
    }
    Decision::record(request, said)
}

/// What was to be done is done.
///
/// # Errors
/// Refused where there is no such task.
pub fn finish(scene: Scene, task: i64, outcome: Option<&str>) -> Ruling {
    let partner = scene.partner;
    let Some(found) = partner.tasks.iter().find(|one| one.event == task) else {
        let open = partner.open_tasks();
        let refusal = Error::refused(format!("{} has no action {task}", partner.name()));
        return Err(match open.first() {
            None => refusal.hint("nothing is to be done by a day"),
            Some(_) => {
                let listed: Vec<String> =
                    open.iter().map(|one| format!("{} ({})", one.event, one.what)).collect();
                refusal.hint(format!("open are {}", listed.join(", ")))
            }
        });
    };
    if let Some(day) = found.done {
        return Ok(Decision::AlreadySo(format!("{}: `{}` is done since {day}", partner.name(), found.what)));
    }
    let said = format!("{}: `{}` is done", partner.name(), found.what);
    Decision::record(Finished { task, outcome: outcome.map(str::to_owned) }, said)
}

/// Puts a partner on the watch list.
///
/// # Errors
/// Refused for a partner that has left.
pub fn watch(scene: Scene, reason: &str) -> Ruling {
    refuse_left(scene)?;
    let name = scene.partner.name();
    match scene.partner.care() {
        Care::Watched { since } | Care::Improving { since, .. } => {
            Ok(Decision::AlreadySo(format!("{name} is on the watch list since {since} already")))
        }
        _ => {
            let said = format!("{name} is on the watch list");
            Decision::record(Watched { reason: reason.to_owned() }, said)
        }
    }
}

/// Begins an improvement plan, or moves its end.
///
/// # Errors
/// Refused for a partner that is not on the watch list.
pub fn improve(scene: Scene, until: Option<Day>, reason: Option<&str>) -> Ruling {
    refuse_left(scene)?;
    let (name, key) = (scene.partner.name(), &scene.partner.key);
    let days = scene.program.non_performing.map_or(90, |rule| rule.improvement_days);
    let until = until.unwrap_or_else(|| scene.day.plus(days));
    if until <= scene.day {
        return Err(Error::refused(format!(
            "an improvement plan until {until} would be over on {}",
            scene.day
        )));
    }
    match scene.partner.care() {
        Care::Improving { until: known, .. } if known == until => {
            Ok(Decision::AlreadySo(format!("{name} has an improvement plan until {until} already")))
        }
        care if care.is_open() => {
            let said = format!("{name} has an improvement plan until {until}");
            Decision::record(Improving { until, reason: reason.map(str::to_owned) }, said)
        }
        _ => Err(Error::refused(format!("{name} is not on the watch list"))
            .hint(format!("`chanlife watch {key} --reason REASON` puts it there"))),
    }
}

/// What a decision on a partner that does not perform brings with it.
#[derive(Clone, Copy)]
pub struct DecideRequest<'a> {
    pub outcome: DecidedAs,
    pub reason: &'a str,
    /// For a lower tier: which.
    pub tier: Option<&'a str>,
    /// For leaving: how.
    pub label: LeftAs,
}

/// Decides on a partner that was watched.
///
/// # Errors
/// Refused for a partner that is not on the watch list, and where there is no lower tier.
pub fn decide(scene: Scene, request: &DecideRequest) -> Ruling {
    refuse_left(scene)?;
    let Scene { program, partner, .. } = scene;
    let (name, key) = (partner.name(), &partner.key);
    if !partner.care().is_open() {
        return Err(Error::refused(format!("{name} is not on the watch list"))
            .hint(format!("`chanlife watch {key} --reason REASON` puts it there")));
    }
    let (outcome, reason) = (request.outcome, request.reason.to_owned());
    let mut events = vec![Event::from(Decided { outcome, reason })];
    let mut said = format!("{name}: decided, {}", outcome.word());
    match outcome {
        DecidedAs::Recover | DecidedAs::SelfService => {}
        DecidedAs::LowerTier => {
            let tier = lower_tier(program, partner, request.tier)?;
            said = format!("{said}, to {tier}");
            let evidence = vec![request.reason.to_owned()];
            events.push(Tiered { tier, evidence }.into());
        }
        DecidedAs::Leave => {
            let Decision::Record { events: left, said: how } = leave(scene, request.label, request.reason)?
            else {
                return Ok(Decision::AlreadySo(said));
            };
            events.extend(left);
            said = how;
        }
    }
    Ok(Decision::Record { events, said })
}

/// The quarters with a target that both sides agreed to, of all plans since the partner last came back.
pub fn targets_of(partner: &Partner) -> Vec<(Day, Day, i64)> {
    let plans = partner.plans.iter().filter(|plan| plan.life == partner.returns);
    let targets = plans.filter_map(|plan| Some((plan.starts, plan.active()?.targets_minor)));
    targets
        .flat_map(|(starts, targets)| {
            quarters_of(starts).into_iter().zip(targets).map(|((first, last), target)| (first, last, target))
        })
        .collect()
}

/// How a partner performs by the program's rule; nothing where there is none, or it does not stand in growth.
pub fn performance(scene: Scene) -> Option<Judged> {
    let Scene { program, partner, day } = scene;
    let rule = program.non_performing?;
    let success = program.success_stage().key.as_str();
    let since = partner.current().filter(|stay| stay.standing.in_stage() == Some(success))?.entered;
    let launched = launched(program, partner)?;
    let sales: Vec<(Day, i64)> = partner.sales.iter().map(|sale| (sale.day, sale.amount_minor)).collect();
    let targets = targets_of(partner);
    let settled = match partner.care() {
        Care::Settled { on, .. } => Some(on),
        _ => None,
    };
    let actuals =
        Actuals { launched, since, sales: &sales, targets: &targets, settled, cadence: cadence(scene) };
    Some(judge(&rule.rule, program.calendar, program.reporting.as_ref(), &actuals, day))
}

/// How often a partner reports what it sold; nothing where it need not.
pub fn cadence(scene: Scene) -> Option<Every> {
    let Scene { program, partner, day } = scene;
    let rule = program.reporting.as_ref()?;
    let agreed =
        rule.term.as_deref().and_then(|term| partner.agreed(term, day)).and_then(|one| one.value.as_deref());
    rule.cadence(agreed.or_else(|| partner.attribute(rule.field.as_deref()?)))
}

/// The day on which a partner first entered growth since it last came back.
pub fn launched(program: &Program, partner: &Partner) -> Option<Day> {
    let success = program.success_stage().key.as_str();
    let back = partner.stays.iter().rposition(|stay| stay.why == Some(Why::Returned));
    let stays = &partner.stays[back.unwrap_or(0)..];
    stays.iter().find(|stay| stay.standing.in_stage() == Some(success)).map(|stay| stay.entered)
}

/// The report of the period that contains the day, or of the one before where it is not due yet and not made.
pub fn report_to_come(scene: Scene) -> Option<Period> {
    let Scene { program, partner, day } = scene;
    let success = program.success_stage().key.as_str();
    let stay = partner.current().filter(|stay| stay.standing.in_stage() == Some(success))?;
    let (rule, every) = (program.reporting.as_ref()?, cadence(scene)?);
    let now = program.calendar.containing(day, every)?;
    let before = program.calendar.containing(now.first.plus(-1), every)?;
    let made =
        |period: &Period| partner.sales.iter().any(|sale| (period.first..=period.last).contains(&sale.day));
    let comes = |period: &Period| {
        period.last.plus(rule.due_days) > day && period.first >= stay.entered.max(partner.observed_from)
    };
    [before, now].into_iter().find(|period| comes(period) && !made(period))
}

/// The reports that a partner in growth owes.
pub fn reports_owed(scene: Scene) -> Vec<Period> {
    let Scene { program, partner, day } = scene;
    let success = program.success_stage().key.as_str();
    let stay = partner.current().filter(|stay| stay.standing.in_stage() == Some(success));
    match (&program.reporting, cadence(scene), stay) {
        (Some(rule), Some(every), Some(stay)) => {
            let days = partner.sales.iter().map(|sale| {
                let period = sale.period.as_ref().and_then(|label| program.calendar.parse(label).ok());
                (period.map_or(sale.day, |period| period.first), sale.day)
            });
            // What was before anybody watched is not known.
            rule.owed(program.calendar, every, stay.entered.max(partner.observed_from), days, day)
        }
        _ => Vec::new(),
    }
}
