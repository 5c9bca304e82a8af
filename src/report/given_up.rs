//! Of whom nothing more is expected, so that only a decision is left, and why: `next` and `report stuck` say it alike.

use std::collections::{HashMap, HashSet};

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::program::PARENT;
use crate::lifecycle::stage::LeftAs;
use crate::report::estimate::model::{Model, OpenVisit};
use crate::report::estimate::sale_chances::{HALF_A_YEAR, is_far_beyond, is_nearly_gone};
use crate::report::reading::{Channel, Line};
use crate::report::value::percent;
use crate::store::StandingRow;

/// Where no chance can be estimated, a visit so many times as long as its target, and half a year longer, is for a decision.
const GIVEN_UP_FACTOR: i64 = 4;

/// Why nothing more is expected of a partner, so that only a decision is left.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum GivenUp {
    /// Hardly any of the chance of success within so many days that a new partner has is left.
    Chance { now: f64, fresh: f64, horizon_days: usize },
    /// The visit has lasted far longer than any that ended; the longest of those, in days.
    LongerThanAny { longest: usize },
    /// No chance can be told, and the visit has lasted many times its target, in days.
    TimesTarget { target: i64 },
    /// In growth, hardly any partner still sold after it had waited so long.
    Sale,
}

impl GivenUp {
    /// Returns it in words.
    pub(crate) fn sentence(self, channel: &Channel) -> String {
        match self {
            GivenUp::Chance { now, fresh, horizon_days } => {
                let success = &channel.program.success_stage().name;
                let [now, fresh] = [now, fresh].map(percent);
                format!("chance of {success} within {horizon_days} d {now} %, of a new partner {fresh} %")
            }
            GivenUp::LongerThanAny { longest } => {
                format!("no visit that ended lasted longer than {longest} d")
            }
            GivenUp::TimesTarget { target } => {
                format!("over {GIVEN_UP_FACTOR} times the target of {target} d")
            }
            GivenUp::Sale => "hardly any partner still sells after so long".to_owned(),
        }
    }
}

/// Returns the step by which a partner is let go; of one of which no chance is known the one that shows it, for people to judge.
pub(crate) fn deciding_step(line: &Line, given_up: Option<GivenUp>) -> Step {
    let partner = line.key().to_owned();
    if matches!(given_up, Some(GivenUp::TimesTarget { .. })) {
        return Step::Show { partner };
    }
    let first = line.place == Some(StandingRow::In(0));
    let label = if first { LeftAs::Declined } else { LeftAs::Terminated }.word();
    Step::Leave { partner, label }
}

/// Returns of which partners before growth, of those that are slow, nothing more is expected, and why.
pub(crate) fn all_given_up(
    channel: &Channel,
    model: &Model,
    slow: &[OpenVisit],
) -> HashMap<PartnerId, GivenUp> {
    let is_sayable = model.blocked(channel).is_none();
    let parents = parents_in(channel);
    let slow: HashMap<PartnerId, &OpenVisit> = slow.iter().map(|one| (one.partner, one)).collect();
    let lines = channel.lines.iter().filter(|line| !parents.contains(line.key()));
    let found = lines.filter_map(|line| {
        let standing = slow.get(&line.id)?;
        Some((line.id, given_up(channel, model, (line, Some(standing)), is_sayable)?))
    });
    found.collect()
}

/// Returns why nothing more is expected of a slow partner before growth, if so. Whoever sells is not let go for the time that
/// it has spent in a stage.
pub(crate) fn given_up(
    channel: &Channel,
    model: &Model,
    (line, standing): (&Line, Option<&OpenVisit>),
    is_sayable: bool,
) -> Option<GivenUp> {
    let sells = channel.facts(line).revenue_12m() > 0;
    if sells { None } else { gone(channel, model, (line, standing), is_sayable) }
}

/// Returns why nothing more can be expected of a slow visit, if so: hardly a chance is left; if that is not known, it has lasted twice
/// as long as any that was completed; if no chances can be told at all, many times its target.
fn gone(
    channel: &Channel,
    model: &Model,
    (line, standing): (&Line, Option<&OpenVisit>),
    is_sayable: bool,
) -> Option<GivenUp> {
    let days = channel.days_here(line).unwrap_or(0);
    if !is_sayable {
        let target = channel.facts(line).stage().and_then(|stage| channel.program.stage(stage)?.target_days);
        let is_far = |target: &i64| days > GIVEN_UP_FACTOR * target && days > target + HALF_A_YEAR;
        return target.filter(is_far).map(|target| GivenUp::TimesTarget { target });
    }
    let standing = standing?;
    let outlook = standing.outlook.filter(|_| is_followed(model, standing));
    match (outlook, standing.fresh) {
        (Some(now), Some(fresh)) if is_nearly_gone(now.reached + now.unknown, fresh.reached) => {
            let horizon_days = model.horizon.days;
            Some(GivenUp::Chance { now: now.reached, fresh: fresh.reached, horizon_days })
        }
        // What becomes of a visit that lasts longer than nearly all that were seen is not known.
        (Some(now), Some(fresh)) if !is_nearly_gone(now.reached, fresh.reached) => None,
        _ => {
            let ends = model.counts[standing.stay.state].ends();
            let longest = ends.iter().rposition(|ended| *ended > 0);
            longest
                .filter(|longest| is_far_beyond(days, *longest))
                .map(|longest| GivenUp::LongerThanAny { longest })
        }
    }
}

/// Returns whether enough visits to the stage were followed for as long as this one has lasted to say what becomes of it.
pub(crate) fn is_followed(model: &Model, standing: &OpenVisit) -> bool {
    let until = model.stages[standing.stay.state].curve.until();
    until.is_some_and(|until| standing.stay.spell.days <= until as i64)
}

/// Returns the keys of the partners that are the parent of one in the channel that has not left.
pub(crate) fn parents_in<'c>(channel: &'c Channel) -> HashSet<&'c str> {
    let there = channel.lines.iter().filter(|line| line.left_as().is_none());
    if channel.program.has_parents() {
        there.filter_map(|line| line.attribute(PARENT)).collect()
    } else {
        HashSet::new()
    }
}
