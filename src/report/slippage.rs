//! How often what was due was moved, by stage: slippage is a signal where to intervene. A move to an earlier day is none.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::{DueMove, days_moved};
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::milestone::MovedDue;
use crate::lifecycle::plans::Task;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::{Cell, Table};
use crate::store::StandingRow;
use crate::text::reports::slippage_in_words;

/// What slippage is counted from.
pub(crate) const NEEDS: Needs = Needs::of::<MovedDue>().and(Needs::of::<Task>());

/// A stage stands out from so many moves to a later day and so many partners on, if most moves are in it.
const MOVES: usize = 5;
const PARTNERS: usize = 3;
/// The moves of so many months say which stage stands out.
const MONTHS: u32 = 12;

/// What stands in place of a stage for what is to be done once a partner left.
const OFF_BOARDING: (&str, &str) = ("off-boarding", "Off-boarding");

/// What was moved in a stage.
#[derive(Default)]
struct Slipped {
    milestones: usize,
    /// Actions of plans and follow-ups.
    actions: usize,
    /// How often a day was moved to a later one.
    later: usize,
    /// How often it was moved to an earlier one, or set where there was none.
    others: usize,
    partners: usize,
    /// By how many days each that was moved to a later day was moved in all.
    days: Vec<i64>,
}

/// Returns how often due days were moved in each stage, as a table; people see none if none was.
pub(crate) fn table(channel: &Channel) -> Table {
    let rows = slipped(channel, Day::FIRST);
    let table = Table::of("slippage", "Due dates moved", &rows)
        .machines("stage", |(stage, _)| channel.stages.get(*stage).map_or(OFF_BOARDING.0, String::as_str))
        .column("name", "Stage", |(stage, _)| {
            channel.stages.get(*stage).map_or(OFF_BOARDING.1, |key| channel.program.stage_name(key))
        })
        .column("partners", "Partners", |(_, one)| one.partners)
        .column("milestones", "Milestones", |(_, one)| one.milestones)
        .column("actions", "Action items and follow-ups", |(_, one)| one.actions)
        .machines("moves", |(_, one)| one.later + one.others)
        .column("moved_later", "Moved later", |(_, one)| one.later)
        .headline()
        .column("moved_earlier", "Moved earlier", |(_, one)| one.others)
        .column("median_days", "Median days later", |(_, one)| Cell::days(one.median()))
        .column("most_days", "Most days later", |(_, one)| Cell::days(one.days.iter().max().copied()))
        .done();
    if rows.is_empty() { table.for_machines() } else { table }
}

/// Returns what was moved since a day, by the place of the stage; off-boarding comes after all stages.
fn slipped(channel: &Channel, since: Day) -> Vec<(usize, Slipped)> {
    let mut all: BTreeMap<usize, Slipped> = BTreeMap::new();
    for line in &channel.lines {
        let mut of_line: BTreeMap<usize, Slipped> = BTreeMap::new();
        for (stage, moves) in moved_milestones(channel, line) {
            if moves.last().is_some_and(|last| last.day >= since) {
                let slipped = of_line.entry(stage).or_default();
                slipped.milestones += 1;
                slipped.add(&moves, since);
            }
        }
        for task in line.records::<Task>() {
            let moves = &task.moves;
            let Some(last) = moves.last().filter(|last| last.day >= since) else { continue };
            let first = moves.iter().find(|one| one.day >= since).unwrap_or(last);
            let Some(stage) = stage_on(channel, line, first.day) else { continue };
            let slipped = of_line.entry(stage).or_default();
            slipped.actions += 1;
            slipped.add(moves, since);
        }
        for (stage, slipped) in of_line {
            all.entry(stage).or_default().take(slipped);
        }
    }
    all.into_iter().collect()
}

/// Says in which stage most due dates of the last year were moved to a later day, if one stands out.
pub(crate) fn sentence(channel: &Channel) -> Option<String> {
    let all = slipped(channel, channel.as_of.months_before(MONTHS).plus(1));
    let total: usize = all.iter().map(|(_, one)| one.later).sum();
    let in_stages = all.iter().filter(|(stage, _)| *stage < channel.stages.len());
    let (stage, most) = in_stages.max_by_key(|(_, one)| one.later)?;
    let stands_out = most.later >= MOVES && most.days.len() >= PARTNERS && 2 * most.later > total;
    let median = most.median().filter(|_| stands_out && most.partners >= PARTNERS)?;
    let stage = channel.program.stage_name(&channel.stages[*stage]);
    Some(slippage_in_words(stage, (most.later, total), most.partners, median))
}

/// Tells what was moved apart: the milestone, the days of its period, how often the partner had come back, and the first
/// day of the visit.
type MovedKey<'m> = (&'m str, Option<DayRange>, u32, Day);

/// Returns the milestones of a partner that were moved, each with its stage and its moves in order.
fn moved_milestones(channel: &Channel, line: &Line) -> Vec<(usize, Vec<DueMove>)> {
    let mut found: BTreeMap<MovedKey, (usize, Vec<DueMove>)> = BTreeMap::new();
    for one in line.records::<MovedDue>() {
        let stage = match &one.stage {
            Some(key) => channel.stages.iter().position(|known| known == key),
            None => Some(channel.stages.len()),
        };
        let Some(stage) = stage else { continue };
        // One that recurs is moved for its period, whichever visit it was.
        let visit = if one.days.is_some() { Day::FIRST } else { one.entered };
        let place = found.entry((&one.milestone, one.days, one.life, visit));
        place.or_insert((stage, Vec::new())).1.push(one.moved.clone());
    }
    found.into_values().collect()
}

/// Returns the stage in which a partner was at the end of a day.
fn stage_on(channel: &Channel, line: &Line, day: Day) -> Option<usize> {
    let stay = channel.stays_of(line).iter().rev().find(|stay| stay.entered <= day)?;
    match stay.place {
        StandingRow::In(stage) => Some(stage),
        StandingRow::Parked(stage) | StandingRow::Left(_, stage) => stage,
    }
}

impl Slipped {
    /// Takes the moves of one thing, those since a day.
    fn add(&mut self, moves: &[DueMove], since: Day) {
        let own = || moves.iter().filter(|one| one.day >= since);
        let later = own().filter(|one| one.from.is_some_and(|from| one.to > from)).count();
        self.later += later;
        self.others += own().count() - later;
        self.days.extend(days_moved(moves).filter(|days| *days > 0));
    }

    /// Takes what was moved for one partner.
    fn take(&mut self, one: Slipped) {
        self.partners += 1;
        self.milestones += one.milestones;
        self.actions += one.actions;
        self.later += one.later;
        self.others += one.others;
        self.days.extend(one.days);
    }

    /// Returns the median of the days, the lower of two.
    fn median(&self) -> Option<i64> {
        let mut days = self.days.clone();
        days.sort_unstable();
        days.get(days.len().checked_sub(1)? / 2).copied()
    }
}
