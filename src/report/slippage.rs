//! How often what was due was moved, by stage: a signal where to intervene.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::{DueMove, days_moved};
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::milestone::MovedDue;
use crate::lifecycle::plans::Task;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::{Cell, Table};
use crate::store::StandingRow;

/// What slippage is counted from.
pub(crate) const NEEDS: Needs = Needs::of::<MovedDue>().and(Needs::of::<Task>());

/// What was moved in a stage.
#[derive(Default)]
struct Slipped {
    milestones: usize,
    /// Actions of plans and follow-ups.
    actions: usize,
    moves: usize,
    partners: usize,
    /// By how many days each was moved in all.
    days: Vec<i64>,
}

/// Returns how often due days were moved in each stage, as a table; people see none if none was.
pub(crate) fn table(channel: &Channel) -> Table {
    let mut all: BTreeMap<usize, Slipped> = BTreeMap::new();
    for line in &channel.lines {
        let mut of_line: BTreeMap<usize, Slipped> = BTreeMap::new();
        for (stage, moves) in moved_milestones(channel, line) {
            let slipped = of_line.entry(stage).or_default();
            slipped.milestones += 1;
            slipped.add(&moves);
        }
        for task in line.records().iter().filter(|task: &&Task| !task.moves.is_empty()) {
            let Some(stage) = task.moves.first().and_then(|one| stage_on(channel, line, one.day)) else {
                continue;
            };
            let slipped = of_line.entry(stage).or_default();
            slipped.actions += 1;
            slipped.add(&task.moves);
        }
        for (stage, slipped) in of_line {
            all.entry(stage).or_default().take(slipped);
        }
    }
    let rows: Vec<(usize, Slipped)> = all.into_iter().collect();
    let table = Table::of("slippage", "Due dates moved", &rows)
        .machines("stage", |(stage, _)| channel.stages[*stage].as_str())
        .column("name", "Stage", |(stage, _)| channel.program.stage_name(&channel.stages[*stage]))
        .column("partners", "Partners", |(_, one)| one.partners)
        .column("milestones", "Milestones", |(_, one)| one.milestones)
        .headline()
        .column("actions", "Actions", |(_, one)| one.actions)
        .column("moves", "Times moved", |(_, one)| one.moves)
        .headline()
        .column("median_days", "Median days later", |(_, one)| Cell::days(one.median()))
        .column("most_days", "Most days later", |(_, one)| Cell::days(one.days.iter().max().copied()))
        .done();
    if rows.is_empty() { table.for_machines() } else { table }
}

/// Tells what was moved apart: the milestone, the days of its period, how often the partner had come back, and the first
/// day of the visit.
type MovedKey<'m> = (&'m str, Option<DayRange>, u32, Day);

/// Returns the milestones of a partner that were moved, each with its stage and its moves in order.
fn moved_milestones(channel: &Channel, line: &Line) -> Vec<(usize, Vec<DueMove>)> {
    let mut found: BTreeMap<MovedKey, (usize, Vec<DueMove>)> = BTreeMap::new();
    for one in line.records::<MovedDue>() {
        let stage = one.stage.as_ref().and_then(|key| channel.stages.iter().position(|known| known == key));
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
    fn add(&mut self, moves: &[DueMove]) {
        self.moves += moves.len();
        self.days.extend(days_moved(moves));
    }

    /// Takes what was moved for one partner.
    fn take(&mut self, one: Slipped) {
        self.partners += 1;
        self.milestones += one.milestones;
        self.actions += one.actions;
        self.moves += one.moves;
        self.days.extend(one.days);
    }

    /// Returns the median of the days, the lower of two.
    fn median(&self) -> Option<i64> {
        let mut days = self.days.clone();
        days.sort_unstable();
        days.get(days.len().checked_sub(1)? / 2).copied()
    }
}
