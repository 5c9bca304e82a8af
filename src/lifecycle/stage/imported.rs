//! A stage history from elsewhere, read into events.

use std::collections::{HashMap, VecDeque};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::history::History;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::Aliases;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::stage::events::{Entered, Left, LeftAs, PARKED, Parked, Standing, Why};
use crate::lifecycle::stage::rules::StageMisfit;

/// One row of a stage history: where the partner went, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Move {
    pub line: u64,
    pub day: Day,
    pub to: Target,
    /// Why the partner leaves or is parked.
    pub because: ImportedReason,
}

/// The key of the program's reason, and the reason in own words, as a file gives them.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ImportedReason {
    pub why: Option<String>,
    pub reason: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Target {
    Stage(String),
    Parked,
    Left(LeftAs),
}

impl Target {
    /// Returns the word for it: the key of the stage, `parked`, or how the partner left.
    pub(crate) fn word(&self) -> &str {
        match self {
            Target::Stage(key) => key,
            Target::Parked => PARKED,
            Target::Left(label) => label.word(),
        }
    }
}

/// Returns the event by which a partner is first known in a stage, or as parked or left.
pub(crate) fn placed(target: &Target, because: &ImportedReason, unknown_day: bool) -> Event {
    match target {
        Target::Stage(stage) => {
            let (stage, why) = (stage.clone(), Why::Placed);
            Entered { stage, why, unknown_day, overridden: Vec::new(), reason: None }.into()
        }
        Target::Parked => parked(because),
        Target::Left(label) => left(*label, because),
    }
}

fn parked(because: &ImportedReason) -> Event {
    let ImportedReason { why, reason } = because.clone();
    Parked { until: None, why, reason }.into()
}

fn left(label: LeftAs, because: &ImportedReason) -> Event {
    let ImportedReason { why, reason } = because.clone();
    Left { label, why, reason }.into()
}

/// A row that is recorded already with another reason, which stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeptReason {
    pub event: i64,
    pub recorded: ImportedReason,
    /// What the row says otherwise.
    pub given: ImportedReason,
}

/// What the rows of one partner come to.
#[derive(Clone, Default, Debug)]
pub(crate) struct Reading {
    /// Events that are new, in order.
    pub events: Vec<(Day, Event)>,
    /// The lines that they come from.
    pub lines: Vec<u64>,
    /// Rows that are recorded already.
    pub known: usize,
    /// Those of them that give another reason, by line.
    pub kept: Vec<(u64, KeptReason)>,
    /// Rows that name the place where the partner stands anyway.
    pub repeated: usize,
    /// Lines that do not fit, each with the reason.
    pub rejected: Vec<(u64, StageMisfit)>,
}

/// Reads the rows of one partner, which are in order, beside what is known of it.
///
/// A row is known if the partner's events have as many of this target and day as there are rows
/// up to it: real histories hold the same move twice on one day. A row that says again what the known
/// row before it says was no change when that one was imported, and is none now.
pub(crate) fn imported(program: &Program, aliases: &Aliases, history: &History, rows: &[Move]) -> Reading {
    let mut reading = Reading::default();
    let mut known = known_moves(history, aliases);
    let held = history.fold(aliases, None);
    let mut existing =
        held.order.iter().filter_map(|(day, one)| Some((*day, target(&one.event, aliases)?))).peekable();
    let mut standing: Option<Standing> = None;
    let mut known_before: Option<&Target> = None;
    let mut to_come = changes_to_come(rows);
    for (at, row) in rows.iter().enumerate() {
        while let Some((_, target)) = existing.next_if(|(day, _)| *day <= row.day) {
            standing = Some(moved(standing.as_ref(), &target));
        }
        let to_come = to_come.entry((row.day, &row.to)).or_default();
        if is_change(rows, at) {
            *to_come -= 1;
        }
        // What is known is first of all what the rows that change something say.
        let spare = if known_before == Some(&row.to) { *to_come } else { 0 };
        let known = known.get_mut(&(row.day, row.to.clone())).filter(|events| events.len() > spare);
        if let Some(event) = known.and_then(VecDeque::pop_front) {
            reading.known += 1;
            let kept = held.state.as_ref().and_then(|partner| other_reason(partner, event, &row.because));
            reading.kept.extend(kept.map(|kept| (row.line, kept)));
            known_before = Some(&row.to);
            continue;
        }
        if known_before == Some(&row.to) {
            reading.repeated += 1;
            continue;
        }
        known_before = None;
        match event(program, standing.as_ref(), row) {
            Ok(Some(event)) => {
                reading.events.push((row.day, event));
                reading.lines.push(row.line);
                standing = Some(moved(standing.as_ref(), &row.to));
            }
            Ok(None) => reading.repeated += 1,
            Err(why) => reading.rejected.push((row.line, why)),
        }
    }
    reading
}

/// How many rows say each thing on each day, without those that only say again what the row before says.
fn changes_to_come(rows: &[Move]) -> HashMap<(Day, &Target), usize> {
    let mut changes = HashMap::new();
    for (_, row) in rows.iter().enumerate().filter(|(at, _)| is_change(rows, *at)) {
        *changes.entry((row.day, &row.to)).or_default() += 1;
    }
    changes
}

fn is_change(rows: &[Move], at: usize) -> bool {
    at == 0 || rows[at - 1].to != rows[at].to
}

/// Returns the events of each target and day, in the order in which they were recorded.
fn known_moves(history: &History, aliases: &Aliases) -> HashMap<(Day, Target), VecDeque<i64>> {
    let mut known: HashMap<(Day, Target), VecDeque<i64>> = HashMap::new();
    for Recorded { number, day, event, .. } in &history.events {
        if let Some(target) = target(event, aliases) {
            known.entry((*day, target)).or_default().push_back(*number);
        }
    }
    known
}

/// Returns what a known row says otherwise of why the partner left or was parked by this event, if it does.
pub(crate) fn other_reason(partner: &Partner, event: i64, because: &ImportedReason) -> Option<KeptReason> {
    let stay = partner.stays.iter().find(|stay| stay.event == event)?;
    let recorded = ImportedReason { why: stay.cause.clone(), reason: stay.reason.clone() };
    let given = ImportedReason {
        why: because.why.clone().filter(|why| Some(why) != recorded.why.as_ref()),
        reason: because.reason.clone().filter(|reason| Some(reason) != recorded.reason.as_ref()),
    };
    (given != ImportedReason::default()).then_some(KeptReason { event, recorded, given })
}

fn target(event: &Event, aliases: &Aliases) -> Option<Target> {
    match event {
        Event::Entered(entered) => Some(Target::Stage(aliases.stage(&entered.stage).to_owned())),
        Event::Parked(_) => Some(Target::Parked),
        Event::Left(left) => Some(Target::Left(left.label)),
        _ => None,
    }
}

fn moved(standing: Option<&Standing>, to: &Target) -> Standing {
    let from = standing.and_then(Standing::last_stage).map(str::to_owned);
    match to {
        Target::Stage(stage) => Standing::In { stage: stage.clone() },
        Target::Parked => Standing::Parked { from },
        Target::Left(label) => Standing::Left { label: *label, from },
    }
}

/// The event of a row; none if it says what is so already.
fn event(program: &Program, standing: Option<&Standing>, row: &Move) -> Result<Option<Event>, StageMisfit> {
    if let Some(Standing::Left { label, .. }) = standing {
        return Err(StageMisfit::AfterLeaving { label: *label });
    }
    match (&row.to, standing) {
        (Target::Stage(stage), Some(Standing::In { stage: now })) if stage == now => Ok(None),
        (Target::Parked, Some(Standing::Parked { .. })) => Ok(None),
        (Target::Stage(stage), _) => Ok(Some(entered(stage, why(program, standing, stage)))),
        (Target::Parked, _) => Ok(Some(parked(&row.because))),
        (Target::Left(label), _) => Ok(Some(left(*label, &row.because))),
    }
}

fn why(program: &Program, standing: Option<&Standing>, stage: &str) -> Why {
    match standing {
        None | Some(Standing::Left { .. }) => Why::Placed,
        Some(Standing::Parked { .. }) => Why::Resumed,
        Some(Standing::In { stage: now }) if program.position(stage) < program.position(now) => Why::Back,
        Some(Standing::In { .. }) => Why::Advanced,
    }
}

fn entered(stage: &str, why: Why) -> Event {
    let stage = stage.to_owned();
    Entered { stage, why, unknown_day: false, overridden: Vec::new(), reason: None }.into()
}
