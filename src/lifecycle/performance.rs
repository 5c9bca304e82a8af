//! Whether a partner performs by the program's rule, and what is done if not: watch list, improvement plan, decision.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{Calendar, Every, Period};
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::event::{Event, LeftAs};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::facts::{SaleFact, Scene, sold};

use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::program::parse::MOST_DAYS;
use crate::lifecycle::program::sections::read_amount;
use crate::lifecycle::revenue::ReportingRule;
use crate::lifecycle::revenue::owed;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::stage::leave;
use crate::lifecycle::tiers::{Tiered, lower_tier};

/// The partner does not perform and is on the watch list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Watched {
    pub reason: String,
}

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

/// An improvement plan runs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Improving {
    pub until: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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

/// What is done with a partner that did not perform.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decided {
    pub outcome: DecidedAs,
    pub reason: String,
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

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedAs {
    /// It performs again.
    Recover,
    LowerTier,
    /// It stays, without a channel manager's time.
    SelfService,
    Leave,
}

impl DecidedAs {
    pub const ALL: [DecidedAs; 4] =
        [DecidedAs::Recover, DecidedAs::LowerTier, DecidedAs::SelfService, DecidedAs::Leave];

    /// Returns the word that is stored for the decision.
    pub fn word(self) -> &'static str {
        match self {
            DecidedAs::Recover => "recover",
            DecidedAs::LowerTier => "lower-tier",
            DecidedAs::SelfService => "self-service",
            DecidedAs::Leave => "leave",
        }
    }

    /// Reads the word that is stored for a decision.
    pub fn from_word(word: &str) -> Option<DecidedAs> {
        DecidedAs::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// When a partner counts as not performing, and how long an improvement plan runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NonPerforming {
    pub rule: PerformanceRule,
    pub improvement_days: i64,
}

/// When a partner counts as not performing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PerformanceRule {
    pub measure: PerformanceMeasure,
    /// So many whole quarters in a row.
    pub quarters: i64,
    /// Days after it entered growth that are not judged.
    pub grace_days: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PerformanceMeasure {
    /// Revenue of a quarter below so many percent of its target.
    PercentOfPlan(i64),
    /// Revenue of a quarter below so much, in minor units.
    Revenue(i64),
}

/// What is known of a partner that stands in growth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actuals<'a, S> {
    /// The day on which it first entered growth since it last came back; the grace begins there.
    pub launched: Day,
    /// Since when it stands there now.
    pub since: Day,
    /// In order of day.
    pub sales: &'a [S],
    /// Quarters with a target that both sides agreed to: first day, last day, target in minor units.
    pub targets: &'a [(Day, Day, i64)],
    /// Up to this day it is settled: a decision was taken, or nothing is known.
    pub settled: Option<Day>,
    /// How often it reports; none if it need not.
    pub cadence: Option<Every>,
}

/// A quarter that was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JudgedQuarter {
    pub period: Period,
    pub actual_minor: i128,
    /// The target, if there is a plan.
    pub target_minor: Option<i128>,
    /// Whether it lies below; nothing if that can't be known.
    pub below: Option<bool>,
    /// Nothing of it is reported, and reports are owed.
    pub unreported: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Performance {
    /// Not long enough in growth for the rule.
    TooEarly,
    /// A quarter has no plan.
    NoPlan,
    /// Reports are owed without which it can't be said.
    Unreported,
    Performing,
    Under,
}

/// The quarters that the rule looks at, oldest first, and what they come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    pub performance: Performance,
    pub quarters: Vec<JudgedQuarter>,
}

impl Performance {
    pub const ALL: [Performance; 5] = [
        Performance::TooEarly,
        Performance::NoPlan,
        Performance::Unreported,
        Performance::Performing,
        Performance::Under,
    ];

    /// Returns the judgement in a word.
    pub fn word(self) -> &'static str {
        match self {
            Performance::TooEarly => "too early",
            Performance::NoPlan => "no plan",
            Performance::Unreported => "reports owed",
            Performance::Performing => "performing",
            Performance::Under => "underperforming",
        }
    }
}

/// One step, from its day until the next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchRecord {
    pub day: Day,
    pub step: WatchStep,
    pub reason: Option<String>,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchStep {
    Watched,
    Improving { until: Day },
    Decided(DecidedAs),
}

/// Where a partner stands in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchStatus {
    /// Nothing is done, and nothing was decided.
    None,
    Watched {
        since: Day,
    },
    Improving {
        since: Day,
        until: Day,
    },
    /// It was decided on this day; what came before is settled.
    Settled {
        on: Day,
        outcome: DecidedAs,
    },
}

impl WatchStep {
    /// Returns the word that is stored for the step.
    pub fn word(self) -> &'static str {
        match self {
            WatchStep::Watched => "watch",
            WatchStep::Improving { .. } => "improvement",
            WatchStep::Decided(outcome) => outcome.word(),
        }
    }

    /// Reads the word that is stored for a step; an improvement plan has an end beside it.
    pub fn from_word(word: &str, until: Option<Day>) -> Option<WatchStep> {
        match word {
            "watch" => Some(WatchStep::Watched),
            "improvement" => until.map(|until| WatchStep::Improving { until }),
            _ => DecidedAs::from_word(word).map(WatchStep::Decided),
        }
    }
}

impl WatchStatus {
    /// Returns the status that the newest step leaves.
    pub fn after(newest: Option<(Day, WatchStep)>) -> WatchStatus {
        match newest {
            None => WatchStatus::None,
            Some((since, WatchStep::Watched)) => WatchStatus::Watched { since },
            Some((since, WatchStep::Improving { until })) => WatchStatus::Improving { since, until },
            Some((on, WatchStep::Decided(outcome))) => WatchStatus::Settled { on, outcome },
        }
    }

    /// Tells whether a decision is still to come.
    pub fn is_open(self) -> bool {
        matches!(self, WatchStatus::Watched { .. } | WatchStatus::Improving { .. })
    }
}

/// Judges a partner by the quarters that are over on `day`.
pub(crate) fn judge<S: SaleFact>(
    rule: &PerformanceRule,
    calendar: Calendar,
    reporting: Option<&ReportingRule>,
    of: &Actuals<S>,
    day: Day,
) -> Judged {
    let from = of.launched.plus(rule.grace_days).max(of.since);
    let from = of.settled.map_or(from, |settled| from.max(settled.plus(1)));
    let mut periods = owed(calendar, Every::Quarter, from, day);
    let wanted = usize::try_from(rule.quarters).unwrap_or(usize::MAX);
    if periods.len() < wanted {
        return Judged { performance: Performance::TooEarly, quarters: Vec::new() };
    }
    let last = periods.split_off(periods.len() - wanted);
    let owed = match (reporting, of.cadence) {
        (Some(reporting), Some(every)) => {
            let days = of.sales.iter().map(|sale| (sale.day(), sale.day()));
            // All of the quarter is wanted, whether it was due by then or not.
            ReportingRule { due_days: 0, ..reporting.clone() }.owed(calendar, every, of.since, days, day)
        }
        _ => Vec::new(),
    };
    let quarters: Vec<JudgedQuarter> =
        last.into_iter().map(|period| quarter(rule, of, &owed, period)).collect();
    let by_plan = matches!(rule.measure, PerformanceMeasure::PercentOfPlan(_));
    let performance = match () {
        () if quarters.iter().any(|one| one.below == Some(false)) => Performance::Performing,
        () if quarters.iter().all(|one| one.below == Some(true)) => Performance::Under,
        () if by_plan && quarters.iter().any(|one| one.target_minor.is_none_or(|target| target <= 0)) => {
            Performance::NoPlan
        }
        () => Performance::Unreported,
    };
    Judged { performance, quarters }
}

fn quarter<S: SaleFact>(
    rule: &PerformanceRule,
    of: &Actuals<S>,
    owed: &[Period],
    period: Period,
) -> JudgedQuarter {
    let within = |day: Day| (period.first..=period.last).contains(&day);
    let from = of.sales.partition_point(|sale| sale.day() < period.first);
    let actual_minor = sold(of.sales, period.first, period.last);
    let target =
        of.targets.iter().rev().find(|(first, last, _)| (*first, *last) == (period.first, period.last));
    let target_minor = target.map(|(.., target)| i128::from(*target));
    // A quarter of which anything is reported counts as far as it is.
    let any = of.sales.get(from).is_some_and(|sale| within(sale.day()));
    let unreported = !any && owed.iter().any(|one| within(one.last));
    let below = match rule.measure {
        PerformanceMeasure::Revenue(least) => Some(actual_minor < i128::from(least)),
        PerformanceMeasure::PercentOfPlan(percent) => target_minor
            .filter(|target| *target > 0)
            .map(|target| actual_minor * 100 < target * i128::from(percent)),
    };
    // What is not reported could lift it; what lies above stays above.
    let below = below.filter(|below| !(*below && unreported));
    JudgedQuarter { period, actual_minor, target_minor, below, unreported }
}

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

/// What is wrong with `[non_performing]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NonPerformingFault {
    /// It measures by plan and by revenue.
    TwoMeasures,
    NoMeasure,
    /// A number that it must have is missing.
    Missing {
        key: &'static str,
        example: &'static str,
    },
}

fn not_watched(scene: Scene) -> Error {
    let (partner, key) = (scene.partner.name().to_owned(), scene.partner.key.clone());
    Error::refused(PerformanceRefusal::NotWatched { partner, key })
}

/// Puts a partner on the watch list.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn watch(scene: Scene, reason: &str) -> Ruling {
    refuse_left(scene)?;
    let name = scene.partner.name();
    match scene.partner.watch_status() {
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
pub(crate) fn improve(scene: Scene, until: Option<Day>, reason: Option<&str>) -> Ruling {
    refuse_left(scene)?;
    let name = scene.partner.name();
    let days = scene.program.non_performing.map_or(90, |rule| rule.improvement_days);
    let until = until.unwrap_or_else(|| scene.day.plus(days));
    if until <= scene.day {
        return Err(Error::refused(PerformanceRefusal::ImprovementPlanOver { until, day: scene.day }));
    }
    match scene.partner.watch_status() {
        WatchStatus::Improving { until: known, .. } if known == until => {
            Ok(Decision::already(WatchedAlready::Improving { partner: name.to_owned(), until }))
        }
        care if care.is_open() => Decision::record(Improving { until, reason: reason.map(str::to_owned) }),
        _ => Err(not_watched(scene)),
    }
}

/// What a decision on a partner that does not perform brings with it.
#[derive(Clone, Copy)]
pub(crate) struct DecideRequest<'a> {
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
/// Refused for a partner that is not on the watch list, and if there is no lower tier.
pub(crate) fn decide(scene: Scene, request: &DecideRequest) -> Ruling {
    refuse_left(scene)?;
    let Scene { program, partner, .. } = scene;
    if !partner.watch_status().is_open() {
        return Err(not_watched(scene));
    }
    let (outcome, reason) = (request.outcome, request.reason.to_owned());
    let mut events = vec![Event::from(Decided { outcome, reason })];
    match outcome {
        DecidedAs::Recover | DecidedAs::SelfService => {}
        DecidedAs::LowerTier => {
            let tier = lower_tier(program, partner, request.tier)?;
            let evidence = vec![request.reason.to_owned()];
            events.push(Tiered { tier, evidence }.into());
        }
        DecidedAs::Leave => {
            if let Decision::Record(left) = leave(scene, request.label, request.reason)? {
                events.extend(left);
            }
        }
    }
    Ok(Decision::Record(events))
}

/// Reads `[non_performing]`: when a partner counts as not performing.
pub(crate) fn read_non_performing(
    mut section: Section,
    reader: &mut TomlReader,
    currency: Option<Currency>,
) -> Option<NonPerforming> {
    let percent = section.whole(reader, "below_percent_of_plan", 1..=100);
    let revenue = read_amount(&mut section, reader, "below_revenue_in_quarter", currency);
    let measure = match (&percent, revenue) {
        (Some(percent), None) => Some(PerformanceMeasure::PercentOfPlan(percent.value)),
        (None, Some(minor)) => Some(PerformanceMeasure::Revenue(minor)),
        (Some(percent), Some(_)) => {
            reader.fault(&percent.span, NonPerformingFault::TwoMeasures);
            None
        }
        (None, None) => {
            if reader.clean() {
                reader.fault(section.span(), NonPerformingFault::NoMeasure);
            }
            None
        }
    };
    let mut required = |reader: &mut TomlReader, key, range, example| {
        let value = section.whole(reader, key, range);
        if value.is_none() {
            reader.fault(section.span(), NonPerformingFault::Missing { key, example });
        }
        value
    };
    let quarters = required(reader, "quarters", 1..=20, "2");
    let improvement = required(reader, "improvement_days", 1..=MOST_DAYS, "90");
    let grace = section.whole(reader, "grace_days", 0..=MOST_DAYS).map_or(0, |days| days.value);
    section.finish(reader);
    Some(NonPerforming {
        rule: PerformanceRule { measure: measure?, quarters: quarters?.value, grace_days: grace },
        improvement_days: improvement?.value,
    })
}

/// Says what the rule on partners that do not perform measures.
pub(crate) fn measured(program: &Program, measure: PerformanceMeasure) -> String {
    match measure {
        PerformanceMeasure::PercentOfPlan(percent) => format!("below {percent} % of plan"),
        PerformanceMeasure::Revenue(minor) => {
            let amount = program.currency.money(i128::from(minor));
            format!("below {amount} {} in a quarter", program.currency.code())
        }
    }
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
pub(crate) fn due(scene: Scene) -> Option<Due> {
    let WatchStatus::Improving { until, .. } = scene.partner.watch_status() else { return None };
    Some(Due {
        day: until,
        kind: DueKind::Decision,
        what: AgendaItem::PlanEnds,
        step: Step::Decide { partner: scene.partner.key.clone() },
        id: "decision".to_owned(),
    })
}

/// Returns what the watch list asks for now.
pub(crate) fn watch_step(scene: Scene) -> Option<NextStep> {
    let partner = scene.partner.key.clone();
    match scene.partner.watch_status() {
        WatchStatus::Improving { until, .. } if until <= scene.day => {
            Some(NextStep { what: AgendaItem::PlanEnded { on: until }, step: Step::Decide { partner } })
        }
        WatchStatus::Watched { since } => {
            Some(NextStep { what: AgendaItem::Watched { since }, step: Step::Improve { partner } })
        }
        _ => None,
    }
}

/// Returns the step for a partner that does not perform and that nothing is done about.
pub(crate) fn rule_step(scene: Scene) -> Option<NextStep> {
    let under = scene.performance().is_some_and(|judged| judged.performance == Performance::Under);
    let partner = scene.partner.key.clone();
    (under && !scene.partner.watch_status().is_open())
        .then_some(NextStep { what: AgendaItem::BelowRule, step: Step::Watch { partner } })
}

/// Returns whether it was decided that the partner goes on without a channel manager's time.
pub(crate) fn is_self_service(partner: &Partner) -> bool {
    matches!(partner.watch_status(), WatchStatus::Settled { outcome: DecidedAs::SelfService, .. })
}
