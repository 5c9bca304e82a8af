//! Estimates at asked days with full precision, for machines, however little they rest on.

use crate::analysis::counts::Counts;
use crate::analysis::incidence::incidences;
use crate::analysis::levers::Lever;
use crate::analysis::occupation::Occupation;
use crate::analysis::passage::{Outlook, Passage};
use crate::analysis::survival::Survival;
use crate::report::channel::Channel;
use crate::report::model::Model;
use crate::report::past::Past;
use crate::report::ranking::word;
use crate::report::sheet::{Cell, Column, Sheet};

/// Days for which curves are given, unless others are asked for.
pub const DAYS: [usize; 4] = [30, 90, 180, 365];

/// The curves at the asked days, for machines, however little they rest on.
pub fn curves<'c>(stages: impl IntoIterator<Item = (&'c str, &'c Counts)>, at: &[usize]) -> Sheet {
    let keys = [
        "stage",
        "day",
        "at_risk",
        "survival",
        "survival_se",
        "survival_low",
        "survival_high",
        "restricted_mean_days",
        "restricted_mean_se",
    ];
    let mut sheet = Sheet::new("curves", "", keys.map(Column::for_machines).to_vec()).for_machines();
    for (key, counts) in stages {
        let survival = Survival::of(counts);
        for day in at.iter().copied() {
            let (limits, mean) = (survival.limits(day), survival.restricted_mean(day));
            let seen = survival.oldest() >= Some(day);
            sheet.rows.push(vec![
                key.into(),
                Cell::age(Some(day)),
                Cell::count(survival.at_risk(day)),
                Cell::decimal(Some(survival.at(day)).filter(|s| seen || *s == 0.0)),
                Cell::decimal(Some(survival.se(day)).filter(|_| seen)),
                Cell::decimal(limits.map(|one| one.low).filter(|_| seen)),
                Cell::decimal(limits.map(|one| one.high).filter(|_| seen)),
                Cell::decimal(mean.map(|(mean, _)| mean)),
                Cell::decimal(mean.map(|(_, se)| se)),
            ]);
        }
    }
    sheet
}

/// The incidence of each next state at the asked days, for machines.
pub fn exits(channel: &Channel, past: &Past, at: &[usize]) -> Sheet {
    let keys = ["stage", "to", "day", "exits", "p", "p_se"];
    let mut sheet = Sheet::new("exits", "", keys.map(Column::for_machines).to_vec()).for_machines();
    for (state, counts) in past.lives.counts().iter().enumerate().filter(|(_, counts)| counts.ended() > 0) {
        for (to, incidence) in
            incidences(counts).iter().enumerate().filter(|(to, _)| counts.exits_in_all(*to) > 0)
        {
            for day in at {
                sheet.rows.push(vec![
                    past.state_name(channel, state).into(),
                    past.state_name(channel, to).into(),
                    Cell::age(Some(*day)),
                    Cell::count(counts.exits_in_all(to)),
                    Cell::decimal(Some(incidence.at(*day))),
                    Cell::decimal(Some(incidence.se(*day))),
                ]);
            }
        }
    }
    sheet
}

/// Where partners are at the end of the asked days since their first one, for machines.
pub fn occupation(channel: &Channel, past: &Past, at: &[usize]) -> Sheet {
    let keys = ["day", "stage", "p", "days_there"];
    let mut sheet = Sheet::new("occupation", "", keys.map(Column::for_machines).to_vec()).for_machines();
    let occupation = Occupation::of(&past.lives, at.iter().copied().max().unwrap_or(0));
    for day in at {
        for (state, name) in
            (0..past.lives.states.count).map(|state| (state, past.state_name(channel, state)))
        {
            if let Some(p) = occupation.at(*day, state) {
                let days = Cell::decimal(occupation.days(*day, state));
                sheet.rows.push(vec![Cell::age(Some(*day)), name.into(), Cell::decimal(Some(p)), days]);
            }
        }
    }
    sheet
}

/// The chance of success from every state by the asked days, and what each lever adds to it from the start, for
/// machines.
pub fn chances(channel: &Channel, model: &Model, x: f64, at: &[usize]) -> Option<[Sheet; 2]> {
    let states = model.past.lives.states;
    let last = at.iter().copied().max()?;
    let columns = |keys: &[&str]| keys.iter().map(|key| Column::for_machines(*key)).collect::<Vec<Column>>();
    let mut from =
        Sheet::new("p_success_by_day", "", columns(&["stage", "day", "p", "unknown"])).for_machines();
    let passage = Passage::to(states.success, &model.kernel, last)?;
    for state in (0..states.count).filter(|state| model.counts[*state].ages() > 0 && *state != states.success)
    {
        for day in at {
            let Outlook { reached, unknown } = passage.from(state, *day);
            let name = model.past.state_name(channel, state);
            let day = Cell::age(Some(*day));
            from.rows.push(vec![
                name.into(),
                day,
                Cell::decimal(Some(reached)),
                Cell::decimal(Some(unknown)),
            ]);
        }
    }
    let mut added =
        Sheet::new("effects_by_day", "", columns(&["stage", "lever", "day", "effect"])).for_machines();
    for lever in Lever::all(model.past.before_success()) {
        let changed = Passage::to(states.success, &lever.applied(&model.kernel, x), last)?;
        for day in at {
            let effect = changed.curve(states.start)[*day] - passage.curve(states.start)[*day];
            added.rows.push(vec![
                channel.stages[lever.state].as_str().into(),
                word(lever.kind).into(),
                Cell::age(Some(*day)),
                Cell::decimal(Some(effect)),
            ]);
        }
    }
    Some([from, added])
}
