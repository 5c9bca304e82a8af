//! Whom to touch first: one row for each partner, by what a touch can still change.
//!
//! Partners whom a touch can help come before those about whom only a decision is left. Among the first, those with money
//! at stake come first, most of it first; behind them those with a reason without money, by days late; last those with
//! none. What was promised for a day stands above all, and is listed by `promises.rs`.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::lifecycle::agenda::{Due, dues, pressing};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::stage::LeftAs;
use crate::report::estimate::model::{Model, OpenVisit};
use crate::report::given_up::{GivenUp, given_up, is_followed, parents_in};
use crate::report::reading::{Channel, Line};
use crate::report::reason::{GrowthFinding, GrowthReason, GrowthWatch};
use crate::report::stuck::{Pace, pace};
use crate::store::View;

/// For so many days after a partner left its open off-boarding is listed.
const WINDING_UP_DAYS: i64 = 180;
/// What is left to do about a partner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Attention {
    /// A touch can still change something.
    Act,
    /// The chance is nearly gone: park it or let it leave.
    Decide,
    /// Nothing asks for attention.
    None,
}

impl Attention {
    /// Returns what machines call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Attention::Act => "act",
            Attention::Decide => "decide",
            Attention::None => "none",
        }
    }
}

/// Money at stake, in minor units: the part that a touch can still bring, and all that is missing.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Stake {
    pub minor: f64,
    pub whole_minor: f64,
}

/// A partner for whom there may be something to do.
pub(crate) struct PartnerPriority<'c> {
    pub line: &'c Line,
    pub attention: Attention,
    /// Why only a decision is left, beside what is said in growth.
    pub given_up: Option<GivenUp>,
    pub standing: Option<OpenVisit>,
    pub pace: Pace,
    pub overdue: Option<i64>,
    pub growth: Option<GrowthFinding>,
    pub stake: Option<Stake>,
    /// Days for which its oldest reason without money has been late; below zero if it is to come.
    pub late_days: Option<i64>,
}

impl PartnerPriority<'_> {
    /// Returns how much less likely success is than for a partner that enters the stage now.
    pub(crate) fn loss(&self) -> Option<f64> {
        self.standing.as_ref().and_then(OpenVisit::loss)
    }

    fn in_order(&self, other: &Self) -> Ordering {
        let left = |one: &Self| one.line.left_as().is_some();
        let stake = |one: &Self| one.stake.map_or((f64::MIN, f64::MIN), |one| (one.minor, one.whole_minor));
        let ((stake_a, whole_a), (stake_b, whole_b)) = (stake(self), stake(other));
        // The longer a partner sells nothing, the less likely it still does.
        let waiting = |one: &Self| one.growth.as_ref().map_or(0, |found| found.waiting_days);
        self.attention
            .cmp(&other.attention)
            .then(left(self).cmp(&left(other)))
            .then(stake_b.total_cmp(&stake_a))
            .then(whole_b.total_cmp(&whole_a))
            .then(waiting(self).cmp(&waiting(other)))
            .then(other.loss().unwrap_or(0.0).total_cmp(&self.loss().unwrap_or(0.0)))
            .then(other.late_days.cmp(&self.late_days))
            .then(self.line.entered.cmp(&other.line.entered))
            .then(self.line.id.cmp(&other.line.id))
    }
}

/// Returns the partners of `wanted`, the first to touch first. `late_days` says for how long what is due for them has been
/// late, of those of whom it is known.
pub(crate) fn priorities<'c>(
    channel: &'c Channel,
    model: &Model,
    watch: &GrowthWatch,
    late_days: &HashMap<PartnerId, i64>,
    wanted: impl Fn(&Line) -> bool,
) -> Vec<PartnerPriority<'c>> {
    let is_sayable = model.blocked(channel).is_none();
    let mut standings = model.standings().into_iter().peekable();
    let parents = parents_in(channel);
    let mut all: Vec<PartnerPriority> = Vec::new();
    for line in channel.lines.iter().filter(|line| line.left_as().is_none() || winds_up(channel, line)) {
        while standings.next_if(|standing| standing.partner < line.id).is_some() {}
        let standing = standings.next_if(|standing| standing.partner == line.id);
        if !wanted(line) {
            continue;
        }
        let pace = standing.as_ref().map_or(Pace::Usual, |standing| pace(model, standing));
        let growth = watch.finding(channel, line);
        let overdue = channel.facts(line).overdue_days();
        let late = late_days.get(&line.id).copied();
        let mut one = PartnerPriority {
            line,
            attention: Attention::None,
            given_up: None,
            standing: standing.filter(|_| is_sayable),
            pace,
            overdue,
            growth,
            stake: None,
            late_days: late.max(overdue),
        };
        (one.attention, one.given_up) =
            attention(channel, model, &one, (is_sayable, parents.contains(line.key())));
        one.stake = stake(model, &one).filter(|_| one.attention == Attention::Act);
        all.push(one);
    }
    all.sort_by(PartnerPriority::in_order);
    all
}

/// Whether a partner left so lately that something may still be to be wound up.
fn winds_up(channel: &Channel, line: &Line) -> bool {
    let lately = line.entered.is_some_and(|day| channel.as_of.since(day) <= WINDING_UP_DAYS);
    lately && !channel.program.leaving.is_empty() && line.left_as() != Some(LeftAs::Declined)
}

/// Returns what is left to do about a partner: `is_sayable` says whether chances can be told, `is_parent` whether others
/// stand below it, who would be left without their parent if it were let go.
fn attention(
    channel: &Channel,
    model: &Model,
    one: &PartnerPriority,
    (is_sayable, is_parent): (bool, bool),
) -> (Attention, Option<GivenUp>) {
    let ended = |reason: &GrowthReason| matches!(reason, GrowthReason::ImprovementOver { .. });
    if let Some(found) = &one.growth {
        let decide = (found.is_nearly_gone || found.reasons.iter().any(ended)) && !is_parent;
        let gone = found.is_nearly_gone.then_some(GivenUp::Sale);
        return if decide { (Attention::Decide, gone) } else { (Attention::Act, None) };
    }
    let is_slow = one.overdue.is_some() || one.pace != Pace::Usual;
    let gone = (is_slow && !is_parent)
        .then(|| given_up(channel, model, (one.line, one.standing.as_ref()), is_sayable))
        .flatten();
    match gone {
        Some(gone) => (Attention::Decide, Some(gone)),
        None if is_slow || one.late_days.is_some() => (Attention::Act, None),
        None => (Attention::None, None),
    }
}

/// Returns what is at stake: before growth the chance that was lost, times the revenue of a year; in growth the part of
/// its gap that the rest of the year can still bring.
fn stake(model: &Model, one: &PartnerPriority) -> Option<Stake> {
    if let Some(found) = &one.growth {
        let gap = found.gap.filter(|gap| gap.gap_minor > 0)?;
        return Some(Stake { minor: gap.reachable_minor as f64, whole_minor: gap.gap_minor as f64 });
    }
    let standing = one.standing.as_ref()?;
    // A chance that is not known is not a loss.
    let known = standing.outlook?.reached > 0.0 && is_followed(model, standing);
    let minor = (model.yearly_minor()? * standing.loss().filter(|loss| known && *loss > 0.0)?).round();
    (minor > 0.0).then_some(Stake { minor, whole_minor: minor })
}

/// Returns for how many days the oldest reason without money has been late: what is overdue or waits for us, and what ends
/// soon; below zero if it is to come.
pub(crate) fn late_days(channel: &Channel, dues: &[Due]) -> Option<i64> {
    pressing(channel.program, channel.as_of, dues).into_iter().map(|due| channel.as_of.since(due.day)).max()
}

/// Returns for how long what is due for each of these partners has been late, of those for whom something is.
///
/// # Errors
/// Fails if the file can't be read.
pub(crate) fn all_late_days<'c>(
    view: &View,
    channel: &Channel,
    lines: impl Iterator<Item = &'c Line>,
    mut each: impl FnMut(&Partner, Vec<Due>),
) -> anyhow::Result<HashMap<PartnerId, i64>> {
    let mut late = HashMap::new();
    for line in lines {
        let Some(partner) = view.partner(line.id)? else { continue };
        let facts = PartnerFacts { program: channel.program, partner: &partner, day: channel.as_of };
        let dues = dues(facts);
        late.extend(late_days(channel, &dues).map(|days| (line.id, days)));
        each(&partner, dues);
    }
    Ok(late)
}
