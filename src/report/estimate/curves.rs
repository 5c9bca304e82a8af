//! Estimates at asked days with full precision, for machines, however little they rest on.

use crate::analysis::counts::Counts;
use crate::analysis::incidence::incidences;
use crate::analysis::levers::Lever;
use crate::analysis::occupation::Occupation;
use crate::analysis::survival::Survival;
use crate::analysis::time_to_target::{Outlook, TimeToTarget};
use crate::report::estimate::histories::Past;
use crate::report::estimate::model::Model;
use crate::report::estimate::ranking::word;
use crate::report::reading::Channel;
use crate::report::value::{Cell, Table};

/// Days for which curves are given, unless others are asked for.
pub(crate) const DAYS: [usize; 4] = [30, 90, 180, 365];

/// Returns the curves at the asked days, for machines, however little they rest on.
pub(crate) fn curves<'c>(stages: impl IntoIterator<Item = (&'c str, &'c Counts)>, at: &[usize]) -> Table {
    let stages: Vec<(&str, Survival)> =
        stages.into_iter().map(|(key, counts)| (key, Survival::of(counts))).collect();
    let rows: Vec<(&str, &Survival, usize)> =
        stages.iter().flat_map(|(key, survival)| at.iter().map(move |day| (*key, survival, *day))).collect();
    // A curve that has come down to nothing is known beyond the oldest stay.
    let seen = |survival: &Survival, day: usize| survival.oldest() >= Some(day);
    Table::of("curves", "", &rows)
        .machines("stage", |(key, ..)| *key)
        .machines("day", |(.., day)| Cell::age(*day))
        .machines("at_risk", |(_, survival, day)| survival.at_risk(*day))
        .machines("survival", |(_, survival, day)| {
            Cell::decimal(Some(survival.at(*day)).filter(|s| seen(survival, *day) || *s == 0.0))
        })
        .machines("survival_se", |(_, survival, day)| {
            Cell::decimal(seen(survival, *day).then(|| survival.se(*day)))
        })
        .machines("survival_low", |(_, survival, day)| {
            Cell::decimal(survival.limits(*day).map(|one| one.low).filter(|_| seen(survival, *day)))
        })
        .machines("survival_high", |(_, survival, day)| {
            Cell::decimal(survival.limits(*day).map(|one| one.high).filter(|_| seen(survival, *day)))
        })
        .machines("restricted_mean_days", |(_, survival, day)| {
            Cell::decimal(survival.restricted_mean(*day).map(|(mean, _)| mean))
        })
        .machines("restricted_mean_se", |(_, survival, day)| {
            Cell::decimal(survival.restricted_mean(*day).map(|(_, se)| se))
        })
        .done()
        .for_machines()
}

/// The incidence of one next state by one day.
struct ExitByDay {
    stage: String,
    to: String,
    day: usize,
    exits: u64,
    p: f64,
    p_se: f64,
}

/// Returns the incidence of each next state at the asked days, for machines.
pub(crate) fn exits(channel: &Channel, past: &Past, at: &[usize]) -> Table {
    let mut rows = Vec::new();
    for (state, counts) in past.histories.counts().iter().enumerate().filter(|(_, counts)| counts.ended() > 0)
    {
        for (to, incidence) in
            incidences(counts).iter().enumerate().filter(|(to, _)| counts.exits_in_all(*to) > 0)
        {
            rows.extend(at.iter().map(|day| ExitByDay {
                stage: past.state_name(channel, state),
                to: past.state_name(channel, to),
                day: *day,
                exits: counts.exits_in_all(to),
                p: incidence.at(*day),
                p_se: incidence.se(*day),
            }));
        }
    }
    Table::of("exits", "", &rows)
        .machines("stage", |row| &row.stage)
        .machines("to", |row| &row.to)
        .machines("day", |row| Cell::age(row.day))
        .machines("exits", |row| row.exits)
        .machines("p", |row| Cell::decimal(row.p))
        .machines("p_se", |row| Cell::decimal(row.p_se))
        .done()
        .for_machines()
}

/// Returns where partners are at the end of the asked days since their first one, for machines.
pub(crate) fn occupation(channel: &Channel, past: &Past, at: &[usize]) -> Table {
    let occupation = Occupation::of(&past.histories, at.iter().copied().max().unwrap_or(0));
    let all = at.iter().flat_map(|day| (0..past.histories.states.count).map(|state| (*day, state)));
    let rows: Vec<(usize, usize, f64)> =
        all.filter_map(|(day, state)| Some((day, state, occupation.at(day, state)?))).collect();
    Table::of("occupation", "", &rows)
        .machines("day", |(day, ..)| Cell::age(*day))
        .machines("stage", |(_, state, _)| past.state_name(channel, *state))
        .machines("p", |(.., p)| Cell::decimal(*p))
        .machines("days_there", |(day, state, _)| Cell::decimal(occupation.days(*day, *state)))
        .done()
        .for_machines()
}

/// Returns the chance of success from every state by the asked days, and what each lever adds to it from the start,
/// for machines.
pub(crate) fn chances(channel: &Channel, model: &Model, x: f64, at: &[usize]) -> Option<[Table; 2]> {
    let states = model.past.histories.states;
    let last = at.iter().copied().max()?;
    let to_success = TimeToTarget::to(states.success, &model.kernel, last)?;
    let from = (0..states.count)
        .filter(|state| model.counts[*state].ages() > 0 && *state != states.success)
        .flat_map(|state| at.iter().map(move |day| (state, *day)));
    let from: Vec<(usize, usize, Outlook)> =
        from.map(|(state, day)| (state, day, to_success.from(state, day))).collect();
    let from = Table::of("p_success_by_day", "", &from)
        .machines("stage", |(state, ..)| model.past.state_name(channel, *state))
        .machines("day", |(_, day, _)| Cell::age(*day))
        .machines("p", |(.., outlook)| Cell::decimal(outlook.reached))
        .machines("unknown", |(.., outlook)| Cell::decimal(outlook.unknown));
    let mut added: Vec<(Lever, usize, f64)> = Vec::new();
    for lever in Lever::all(model.past.before_success()) {
        let changed = TimeToTarget::to(states.success, &lever.applied(&model.kernel, x), last)?;
        let effect = |day: usize| changed.curve(states.start)[day] - to_success.curve(states.start)[day];
        added.extend(at.iter().map(|day| (lever, *day, effect(*day))));
    }
    let added = Table::of("effects_by_day", "", &added)
        .machines("stage", |(lever, ..)| channel.stages[lever.state].as_str())
        .machines("lever", |(lever, ..)| word(lever.kind))
        .machines("day", |(_, day, _)| Cell::age(*day))
        .machines("effect", |(.., effect)| Cell::decimal(*effect));
    Some([from.done().for_machines(), added.done().for_machines()])
}
