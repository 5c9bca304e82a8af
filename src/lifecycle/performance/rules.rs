//! Acting on partners that do not perform: how its events are taken in, the rules, and what is due.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::performance::events::{
    Decided, DecidedAs, Improving, WatchRecord, WatchStatus, WatchStep, Watched,
};
use crate::lifecycle::performance::judge::Performance;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::stage::events::LeftAs;
use crate::lifecycle::stage::moves::{Because, leave};
use crate::lifecycle::tiers::events::Tiered;
use crate::lifecycle::tiers::rules::lower_tier;

impl Happening for Watched {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        if partner.watch_status().is_open() {
            return Err(WatchMisfit::WatchedTwice.into());
        }
        take_step(partner, at, WatchStep::Watched, Some(&self.reason));
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Improving {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let step = WatchStep::Improving { until: self.until };
        refuse_unwatched(partner.watch_status(), step)?;
        take_step(partner, at, step, self.reason.as_ref());
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for Decided {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let step = WatchStep::Decided(self.outcome);
        refuse_unwatched(partner.watch_status(), step)?;
        take_step(partner, at, step, Some(&self.reason));
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

/// The length of an improvement plan without a rule of the program.
const IMPROVEMENT_DAYS: i64 = 90;

/// Why a step for a partner that does not perform does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum WatchMisfit {
    WatchedTwice,
    NotWatched { step: WatchStep },
}

/// Why a step for a partner that does not perform is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PerformanceRefusal {
    /// The improvement plan would be over on the day on which it is recorded.
    ImprovementPlanOver { until: Day, day: Day },
    /// The partner is not on the watch list.
    NotWatched { partner: String, key: String },
}

/// Why nothing is recorded about a partner that does not perform: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum WatchedAlready {
    Listed { partner: String, since: Day },
    Improving { partner: String, until: Day },
}

fn not_watched(facts: PartnerFacts) -> Error {
    let (partner, key) = (facts.partner.name().to_owned(), facts.partner.key.clone());
    Error::refused(PerformanceRefusal::NotWatched { partner, key })
}

/// Puts a partner on the watch list.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn watch(facts: PartnerFacts, reason: &str) -> Ruling {
    refuse_left(facts)?;
    let name = facts.partner.name();
    match facts.partner.watch_status() {
        WatchStatus::Watched { since } | WatchStatus::Improving { since, .. } => {
            Ok(Decision::already(WatchedAlready::Listed { partner: name.to_owned(), since }))
        }
        _ => Decision::record(Watched { reason: reason.to_owned() }),
    }
}

/// Begins an improvement plan, or moves its end.
///
/// # Errors
/// Refused for a partner that is not on the watch list.
pub(crate) fn improve(facts: PartnerFacts, until: Option<Day>, reason: Option<&str>) -> Ruling {
    refuse_left(facts)?;
    let name = facts.partner.name();
    let days = facts.program.non_performing.map_or(IMPROVEMENT_DAYS, |rule| rule.improvement_days);
    let until = until.unwrap_or_else(|| facts.day.plus(days));
    check_end(facts.day, until)?;
    match facts.partner.watch_status() {
        WatchStatus::Improving { until: known, .. } if known == until => {
            Ok(Decision::already(WatchedAlready::Improving { partner: name.to_owned(), until }))
        }
        care if care.is_open() => Decision::record(Improving { until, reason: reason.map(str::to_owned) }),
        _ => Err(not_watched(facts)),
    }
}

/// Checks the last day of an improvement plan.
///
/// # Errors
/// Refused if it does not come after the day on which the plan begins.
pub(crate) fn check_end(day: Day, until: Day) -> Result<(), Error> {
    if until <= day {
        return Err(Error::refused(PerformanceRefusal::ImprovementPlanOver { until, day }));
    }
    Ok(())
}

/// What a decision on a partner that does not perform brings with it.
#[derive(Clone, Copy)]
pub(crate) struct DecideRequest<'a> {
    pub outcome: DecidedAs,
    pub reason: &'a str,
    /// For leaving: the key of the program's reason.
    pub why: Option<&'a str>,
    /// For a lower tier: which.
    pub tier: Option<&'a str>,
    /// For leaving: how.
    pub label: LeftAs,
}

/// Decides on a partner that was watched.
///
/// # Errors
/// Refused for a partner that is not on the watch list, and if there is no lower tier.
pub(crate) fn decide(facts: PartnerFacts, request: &DecideRequest) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { program, partner, .. } = facts;
    if !partner.watch_status().is_open() {
        return Err(not_watched(facts));
    }
    let (outcome, reason) = (request.outcome, request.reason.to_owned());
    let mut events = vec![Event::from(Decided { outcome, reason })];
    match outcome {
        DecidedAs::Recover | DecidedAs::SelfService => {}
        DecidedAs::LowerTier => {
            let tier = lower_tier(program, partner, request.tier)?;
            let evidence = vec![request.reason.to_owned()];
            events.push(Tiered { tier, evidence, found: Vec::new(), stays: false }.into());
        }
        DecidedAs::Leave => {
            let because = Because { why: request.why, reason: Some(request.reason) };
            if let Decision::Record(left) = leave(facts, request.label, because)? {
                events.extend(left);
            }
        }
    }
    Ok(Decision::Record(events))
}

fn refuse_unwatched(status: WatchStatus, step: WatchStep) -> Result<(), Misfit> {
    if status.is_open() {
        return Ok(());
    }
    Err(WatchMisfit::NotWatched { step }.into())
}

fn take_step(partner: &mut Partner, at: &Moment, step: WatchStep, reason: Option<&String>) {
    let (day, life) = (at.day, partner.returns);
    partner.watch_records.push(WatchRecord { day, step, reason: reason.cloned(), life });
}

/// Returns the decision that is due when an improvement plan ends.
pub(crate) fn due(facts: PartnerFacts) -> Option<Due> {
    let WatchStatus::Improving { until, .. } = facts.partner.watch_status() else { return None };
    Some(Due {
        day: until,
        kind: DueKind::Decision,
        what: AgendaItem::PlanEnds,
        step: Step::Decide { partner: facts.partner.key.clone() },
        id: "decision".to_owned(),
    })
}

/// Returns what to do next about a partner that does not perform, if anything; `performance` is by the rule, if that is
/// to count.
pub(crate) fn watch_step(facts: PartnerFacts, performance: Option<Performance>) -> Option<NextStep> {
    let step = facts.watch_step(&facts.partner.key, performance)?;
    let what = match facts.partner.watch_status() {
        WatchStatus::Improving { until, .. } => AgendaItem::PlanEnded { on: until },
        WatchStatus::Watched { since } => AgendaItem::Watched { since },
        WatchStatus::None | WatchStatus::Settled { .. } => AgendaItem::BelowRule,
    };
    Some(NextStep { what, step })
}
