//! Why a partner in growth needs attention, and what it lacks: the reasons of the front page and of `next`.

use crate::analysis::rhythm::{Rhythms, Silence};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{
    DecidedAs, Performance, SILENT_DAYS, WatchStatus, drawn_up, grace_days, reported_until, year_without_plan,
};
use crate::lifecycle::plans::PlanState;
use crate::report::estimate::growth_gaps::{GapYardstick, GrowthGap, GrowthGaps};
use crate::report::estimate::sale_chances::{SaleChances, sale_days};
use crate::report::reading::{Channel, Line, LineFacts, Needs};
use crate::report::value::percent;
use crate::text::performance::{measured, not_agreed};
use crate::text::periods::PeriodNaming;

/// Why revenue of a partner in growth is at stake, the most pressing first.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum GrowthReason {
    /// Its improvement plan is over.
    ImprovementOver { on: Day },
    /// It is on the watch list.
    Watched { since: Day },
    /// It sold nothing since it came to growth, so many days ago.
    NothingSold { days: i64 },
    /// It sold nothing for so many days, longer than its own rhythm makes likely.
    Quiet { days: i64, usual_days: i64 },
    /// It sold nothing in twelve months, and something before, so many days ago.
    NothingLately { days: i64 },
    /// It is below what the rule of the program asks for.
    BelowRule { rule: String },
    /// Its revenue of the year is this share of its plan up to the last day of which sales are known.
    BelowPlan { share: f64, until: Day },
    /// Its revenue of the year is this share of what it expected up to that day.
    BelowExpectation { share: f64, until: Day },
    /// No plan of the fiscal year is agreed; one may be drawn up.
    NoPlan { year: Period, drawn_up: Option<PlanState> },
}

/// What a reason is called over several partners.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ReasonNames {
    /// For machines.
    pub word: &'static str,
    pub heading: &'static str,
    /// What these partners have in common: "16 of 20 partners have sold nothing yet".
    pub in_common: &'static str,
}

impl ReasonNames {
    /// Returns what so many of several partners have in common: `1 of 20 partners is below plan`.
    pub(crate) fn in_common_of(&self, partners: usize) -> String {
        match self.in_common.split_once(' ') {
            _ if partners != 1 => self.in_common.to_owned(),
            Some(("are", rest)) => format!("is {rest}"),
            Some(("have", rest)) => format!("has {rest}"),
            _ => format!("{}s", self.in_common),
        }
    }
}

impl GrowthReason {
    /// Returns what the reason is called over several partners.
    pub(crate) fn names(&self) -> ReasonNames {
        let (word, heading, in_common) = match self {
            GrowthReason::ImprovementOver { .. } => {
                ("improvement plan ended", "Improvement plan ended", "have an improvement plan that ended")
            }
            GrowthReason::Watched { .. } => ("watched", "On the watch list", "are on the watch list"),
            GrowthReason::NothingSold { .. } => ("nothing sold", "Nothing sold yet", "have sold nothing yet"),
            GrowthReason::Quiet { .. } => ("gone quiet", "Gone quiet", "have gone quiet"),
            GrowthReason::NothingLately { .. } => {
                ("nothing sold in 12 months", "No sale in 12 months", "have sold nothing in 12 months")
            }
            GrowthReason::BelowRule { .. } => ("underperforming", "Underperforming", "underperform"),
            GrowthReason::BelowPlan { .. } => ("below plan", "Below plan", "are below plan"),
            GrowthReason::BelowExpectation { .. } => {
                ("below expectation", "Below expected revenue", "are below the revenue they expected")
            }
            GrowthReason::NoPlan { drawn_up: Some(PlanState::Editing), .. } => {
                ("plan is a draft", "Plan is a draft", "have a plan that is still a draft")
            }
            GrowthReason::NoPlan { drawn_up: Some(PlanState::Waiting), .. } => (
                "plan awaiting approval",
                "Plan awaiting partner approval",
                "have a plan that awaits their approval",
            ),
            GrowthReason::NoPlan { .. } => ("no plan", "No plan", "have no plan for this year"),
        };
        ReasonNames { word, heading, in_common }
    }

    /// Returns the reason as people read it beside one partner.
    pub(crate) fn sentence(&self, naming: PeriodNaming) -> String {
        match self {
            GrowthReason::ImprovementOver { on } => format!("improvement plan ended on {on}"),
            GrowthReason::Watched { since } => format!("on the watch list since {since}"),
            GrowthReason::NothingSold { days } => format!("nothing sold in {days} d"),
            GrowthReason::Quiet { days, usual_days } => {
                format!("no sale for {days} d, usually every {usual_days} d")
            }
            GrowthReason::NothingLately { days } => format!("last sale {days} d ago"),
            GrowthReason::BelowRule { rule } => rule.clone(),
            GrowthReason::BelowPlan { share, until } => {
                format!("{} % of plan up to {until}", percent(*share))
            }
            GrowthReason::BelowExpectation { share, until } => {
                format!("{} % of the revenue it expected up to {until}", percent(*share))
            }
            GrowthReason::NoPlan { year, drawn_up } => not_agreed(year, *drawn_up, naming),
        }
    }
}

/// What the reasons are judged by, over the whole channel.
pub(crate) struct GrowthWatch {
    gaps: Option<GrowthGaps>,
    chances: SaleChances,
    rhythms: Rhythms,
}

/// What is found of one partner in growth.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct GrowthFinding {
    /// The most pressing first; at least one.
    pub reasons: Vec<GrowthReason>,
    pub gap: Option<GrowthGap>,
    /// For how many days it has waited for its first sale, or been silent for too long; 0 if neither.
    pub waiting_days: i64,
    /// The chance that it still sells is nearly gone.
    pub is_nearly_gone: bool,
}

impl GrowthFinding {
    /// Returns whether nothing is wrong but that a plan is missing; what is due for the partner is then more pressing.
    pub(crate) fn is_no_plan_alone(&self) -> bool {
        matches!(self.reasons.as_slice(), [GrowthReason::NoPlan { .. }])
    }
}

impl GrowthWatch {
    /// Measures the channel, which needs all that plans and performance look at, and the answers to questionnaires.
    pub(crate) fn of(channel: &Channel) -> GrowthWatch {
        GrowthWatch {
            gaps: GrowthGaps::of(channel),
            chances: SaleChances::of(channel),
            rhythms: rhythms(channel),
        }
    }

    /// Returns the last day of the fiscal year that gaps are measured to.
    pub(crate) fn until(&self) -> Option<Day> {
        self.gaps.as_ref().map(|gaps| gaps.year.last)
    }

    /// Returns why a partner in growth needs attention; none if it does not, is left to itself, or is not in growth.
    pub(crate) fn finding(&self, channel: &Channel, line: &Line) -> Option<GrowthFinding> {
        let facts = channel.facts(line);
        if !is_looked_after(facts) {
            return None;
        }
        let gap = self.gaps.as_ref().and_then(|gaps| gaps.gap(channel, line));
        let waited = self.chances.waited(channel, line).filter(|days| *days > grace_days(channel.program));
        let mut reasons: Vec<GrowthReason> = watched(facts).into_iter().collect();
        reasons.extend(waited.map(|days| GrowthReason::NothingSold { days }));
        let quiet = quiet(&self.rhythms, facts);
        reasons.extend(quiet.clone());
        let judged = facts.performance().map(|judged| judged.performance);
        reasons.extend((judged == Some(Performance::Under)).then(|| below_rule(channel)).flatten());
        reasons.extend(gap.filter(|_| waited.is_none()).and_then(|gap| below_yardstick(&gap)));
        reasons.extend(year_without_plan(facts).map(|year| GrowthReason::NoPlan {
            drawn_up: drawn_up(facts.plans(), &year, facts.day()),
            year,
        }));
        let silent =
            quiet.and(sale_days(facts).last().copied()).map(|last| reported_until(facts).number() - last);
        let is_nearly_gone = waited.is_some_and(|days| self.chances.is_first_nearly_gone(days))
            || silent.is_some_and(|days| days > SILENT_DAYS && self.chances.is_next_nearly_gone(days));
        let waiting_days = waited.or(silent).unwrap_or(0);
        (!reasons.is_empty()).then_some(GrowthFinding { reasons, gap, waiting_days, is_nearly_gone })
    }
}

/// What [`gone_quiet`] looks at.
pub(crate) const RHYTHM_NEEDS: Needs = Needs::PERFORMANCE;

/// Returns that a partner has gone quiet, held against the rhythms of all; none if it has not, is left to itself, or is not in
/// growth.
pub(crate) fn gone_quiet(channel: &Channel, line: &Line) -> Option<GrowthReason> {
    let facts = channel.facts(line);
    if !is_looked_after(facts) || facts.sales().is_empty() {
        return None;
    }
    quiet(&rhythms(channel), facts)
}

/// Returns whether a partner is in growth and not left to itself.
fn is_looked_after<'f>(facts: impl Facts<'f>) -> bool {
    let is_alone =
        matches!(facts.watch_status(), WatchStatus::Settled { outcome: DecidedAs::SelfService, .. });
    facts.in_growth_since().is_some() && !is_alone
}

/// Returns that a partner is silent for longer than its rhythm makes likely, or, if that cannot be said, for a year.
fn quiet(rhythms: &Rhythms, facts: LineFacts) -> Option<GrowthReason> {
    let sold = sale_days(facts);
    let days = facts.day().number() - sold.last()?;
    let silence = rhythms.silence(&sold, reported_until(facts).number()).filter(Silence::is_quiet);
    match silence {
        Some(silence) => {
            let usual_days = silence.expected_days.round() as i64;
            Some(GrowthReason::Quiet { days, usual_days })
        }
        None => (days > SILENT_DAYS).then_some(GrowthReason::NothingLately { days }),
    }
}

/// Returns the rhythms of all partners that sell.
fn rhythms(channel: &Channel) -> Rhythms {
    let days = channel.lines.iter().map(|line| sale_days(channel.facts(line)));
    let days: Vec<Vec<i64>> = days.filter(|days| !days.is_empty()).collect();
    Rhythms::of(&days, channel.as_of.number())
}

fn watched(facts: LineFacts) -> Option<GrowthReason> {
    match facts.watch_status() {
        WatchStatus::Improving { until, .. } if until <= facts.day() => {
            Some(GrowthReason::ImprovementOver { on: until })
        }
        WatchStatus::Watched { since } => Some(GrowthReason::Watched { since }),
        _ => None,
    }
}

fn below_rule(channel: &Channel) -> Option<GrowthReason> {
    let rule = channel.program.non_performing.as_ref()?.rule;
    let quarters = counted(rule.quarters, "quarter");
    Some(GrowthReason::BelowRule {
        rule: format!("{} for {quarters}", measured(channel.program, rule.measures)),
    })
}

/// Returns that a partner is behind its plan, or what it expected, and will be at the end of the year.
fn below_yardstick(gap: &GrowthGap) -> Option<GrowthReason> {
    let behind = gap.gap_minor > 0 && gap.actual_minor < gap.owed_minor;
    let share = gap.actual_minor.max(0) as f64 / gap.to_date_minor.max(1) as f64;
    match gap.yardstick {
        GapYardstick::Plan if behind => Some(GrowthReason::BelowPlan { share, until: gap.until }),
        GapYardstick::Expectation if behind => {
            Some(GrowthReason::BelowExpectation { share, until: gap.until })
        }
        GapYardstick::Plan | GapYardstick::Expectation | GapYardstick::Median => None,
    }
}
