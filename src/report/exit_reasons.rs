//! Why partners left or were parked: how many for each reason of the program, in a window of days and in the one before it.

use std::collections::BTreeMap;

use crate::report::reading::{Channel, NO_STAGE};
use crate::report::value::{Cell, Table};
use crate::store::StandingRow;

/// Counts of the two windows differ beyond chance above this many standard deviations of their difference.
const TREND: f64 = 2.0;

/// How many went out of the way: in the window, and in the one of the same length before it.
#[derive(Clone, Copy, Default, Debug)]
struct ExitCount {
    now: u64,
    before: u64,
}

impl ExitCount {
    fn add(&mut self, in_window: bool) {
        if in_window {
            self.now += 1;
        } else {
            self.before += 1;
        }
    }

    /// Says whether there were more or fewer than before, if that is beyond chance: the counts are taken as Poisson, of which
    /// the difference has the sum as variance.
    fn trend(self) -> Option<&'static str> {
        let (now, before) = (self.now as f64, self.before as f64);
        match (now - before) / (now + before).sqrt().max(1.0) {
            TREND.. => Some("more"),
            change if change <= -TREND => Some("fewer"),
            _ => None,
        }
    }
}

/// Exits for one reason, from one stage or from all.
#[derive(Clone, Copy, Default, Debug)]
struct ExitCounts {
    left: ExitCount,
    parked: ExitCount,
}

/// One reason, with its exits by stage.
struct ExitReasonRow<'c> {
    /// Nothing for exits without a reason of the program.
    why: Option<&'c str>,
    name: &'c str,
    all: ExitCounts,
    /// Those that left since they are watched: of others, those that left earlier may be missing.
    watched: ExitCount,
    /// In order of the stages; exits from no stage come last.
    by_stage: BTreeMap<usize, ExitCounts>,
}

/// Returns the reasons, and the reasons by stage; the window, in days, ends on the day of the report.
pub(super) fn tables(channel: &Channel, window: i64) -> [Table; 2] {
    let rows = rows(channel, window);
    let before = format!("Left in the {window} d before");
    let title = format!("Why partners left or were parked in the last {window} days");
    let reasons = Table::of("reasons", title, &rows)
        .machines("reason", |row| row.why)
        .column("name", "Reason", |row| row.name)
        .identity()
        .column("left", "Left", |row| row.all.left.now)
        .headline()
        .column("left_before", before, |row| row.all.left.before)
        .column("parked", "Parked", |row| row.all.parked.now)
        .machines("parked_before", |row| row.all.parked.before)
        .people("From", |row| from_in_words(channel, row))
        .machines("trend", |row| row.watched.trend())
        .people("Trend", |row| match row.watched.trend() {
            Some("more") => "more left than before",
            Some(_) => "fewer left than before",
            None => "no clear change",
        })
        .detail()
        .done()
        .empty(format!(
            "Nobody left or was parked in the last {window} days, nor in the {window} days before."
        ));
    let cells: Vec<(usize, &ExitReasonRow, ExitCounts)> = rows
        .iter()
        .flat_map(|row| row.by_stage.iter().map(move |(stage, counts)| (*stage, row, *counts)))
        .collect();
    let by_stage = Table::of("reasons_by_stage", "", &cells)
        .machines("stage", |(stage, ..)| channel.stages.get(*stage).map_or(NO_STAGE, String::as_str))
        .machines("reason", |(_, row, _)| row.why)
        .machines("left", |(.., counts)| counts.left.now)
        .machines("left_before", |(.., counts)| counts.left.before)
        .machines("parked", |(.., counts)| counts.parked.now)
        .machines("parked_before", |(.., counts)| counts.parked.before)
        .done()
        .for_machines();
    [reasons, by_stage]
}

fn rows<'c>(channel: &'c Channel, window: i64) -> Vec<ExitReasonRow<'c>> {
    let first = channel.as_of.plus(1 - window);
    let before = channel.as_of.plus(1 - 2 * window);
    let mut found: BTreeMap<Option<&str>, ExitReasonRow> = BTreeMap::new();
    for line in &channel.lines {
        for (stay, why) in channel.stays_with_causes(line) {
            let (from, is_left) = match stay.place {
                StandingRow::Left(_, from) => (from, true),
                StandingRow::Parked(from) => (from, false),
                StandingRow::In(_) => continue,
            };
            if stay.entered < before {
                continue;
            }
            let row = found.entry(why).or_insert_with(|| ExitReasonRow {
                why,
                name: why.map_or("no listed reason", |key| channel.program.reason_name(key)),
                all: ExitCounts::default(),
                watched: ExitCount::default(),
                by_stage: BTreeMap::new(),
            });
            if is_left && stay.entered >= line.observed_from {
                row.watched.add(stay.entered >= first);
            }
            let stage = row.by_stage.entry(from.unwrap_or(usize::MAX)).or_default();
            for counts in [&mut row.all, stage] {
                let count = if is_left { &mut counts.left } else { &mut counts.parked };
                count.add(stay.entered >= first);
            }
        }
    }
    let mut rows: Vec<ExitReasonRow> = found.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.why.is_some(), row.all.left.now, row.all.parked.now)));
    rows
}

/// Says from which stages partners left or were parked in the window: `Terms 2, Launch 1`.
fn from_in_words(channel: &Channel, row: &ExitReasonRow) -> Cell {
    let stages = row.by_stage.iter().filter_map(|(stage, counts)| {
        let name =
            channel.stages.get(*stage).map_or("before any stage", |key| channel.program.stage_name(key));
        let count = counts.left.now + counts.parked.now;
        (count > 0).then(|| format!("{name} {count}"))
    });
    Cell::list(stages)
}
