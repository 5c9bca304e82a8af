//! `report nonperforming --back-test`: whom a rule would have flagged at the ends of past quarters, and what became
//! of them, beside those whom it would not have flagged.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{Performance, PerformanceRule};
use crate::report::basis::Basis;
use crate::report::reading::{Channel, LineFacts};
use crate::report::value::percent;
use crate::report::value::{Figure, Report, Table};
use crate::store::{StandingRow, StayRow};
use crate::text::performance::measured;

/// What became of partners within the quarters after.
#[derive(Clone, Copy, Default, Debug)]
struct Fates {
    partners: usize,
    left: usize,
    /// Above the threshold in one of the quarters at least.
    recovered: usize,
    below: usize,
    /// Not in growth all the time, without anything to be judged by, or without a report.
    unknown: usize,
}

impl Fates {
    fn add(&mut self, fate: LaterPerformance) {
        self.partners += 1;
        *match fate {
            LaterPerformance::Left => &mut self.left,
            LaterPerformance::Recovered => &mut self.recovered,
            LaterPerformance::Below => &mut self.below,
            LaterPerformance::Unknown => &mut self.unknown,
        } += 1;
    }

    fn plus(&mut self, other: Fates) {
        self.partners += other.partners;
        self.left += other.left;
        self.recovered += other.recovered;
        self.below += other.below;
        self.unknown += other.unknown;
    }
}

#[derive(Clone, Copy)]
enum LaterPerformance {
    Left,
    Recovered,
    Below,
    Unknown,
}

/// One quarter: those that the rule would have flagged at its end, and those that it would have let pass.
#[derive(Clone, Default)]
struct QuarterFates {
    /// None of the total.
    period: Option<Period>,
    flagged: Fates,
    performing: Fates,
}

/// Returns the whole report.
pub(crate) fn report(channel: &Channel, frame: &Basis, rule: PerformanceRule) -> Report {
    let rows = by_quarter(channel, rule);
    let mut total = QuarterFates::default();
    for row in &rows {
        total.flagged.plus(row.flagged);
        total.performing.plus(row.performing);
    }
    let title = format!(
        "Back-test of the rule: {} for {}",
        measured(channel.program, rule.measures),
        counted(rule.quarters, "full quarter")
    );
    let table = Table::summed("rows", title, &rows, Some(&total).filter(|_| !rows.is_empty()))
        .column("quarter", "End of", |row| {
            row.period.as_ref().map_or_else(|| "Total".to_owned(), Period::to_string)
        })
        .period_days("quarter", |row| row.period.as_ref())
        .column("flagged", "Newly flagged", |row| row.flagged.partners)
        .headline()
        .column("flagged_recovered", "Recovered", |row| row.flagged.recovered)
        .column("flagged_below", "Still below", |row| row.flagged.below)
        .column("flagged_left", "Left", |row| row.flagged.left)
        .column("flagged_unknown", "Unknown", |row| row.flagged.unknown)
        .detail()
        .column("performing", "Performing", |row| row.performing.partners)
        .column("performing_stayed_above", "Stayed above", |row| row.performing.recovered)
        .column("performing_fell_below", "Fell below", |row| row.performing.below)
        .column("performing_left", "Left", |row| row.performing.left)
        .column("performing_unknown", "Unknown", |row| row.performing.unknown)
        .detail()
        .done()
        .empty("Not enough data: no quarter is long enough ago.");
    frame
        .report("chanlife.nonperforming-back-test/1", channel)
        .with_figures([
            Figure::for_machines("flagged", total.flagged.partners),
            Figure::for_machines("flagged_left", total.flagged.left),
            Figure::for_machines("performing", total.performing.partners),
            Figure::for_machines("performing_left", total.performing.left),
        ])
        .with_tables([table])
        .with_notes(notes(total.flagged, total.performing, rule))
}

/// The quarters in which there was anybody to judge.
fn by_quarter(channel: &Channel, rule: PerformanceRule) -> Vec<QuarterFates> {
    let quarters = quarters(channel, rule);
    let named =
        |(end, _): &(Period, Vec<Day>)| QuarterFates { period: Some(end.clone()), ..QuarterFates::default() };
    let mut rows: Vec<QuarterFates> = quarters.iter().map(named).collect();
    for line in &channel.lines {
        let own = channel.stays_of(line);
        let mut flagged_before = false;
        for ((end, after), row) in quarters.iter().zip(&mut rows) {
            let at = |day: Day| standing(channel.facts(line), &rule, day);
            let now = at(end.last);
            match now {
                Some(Performance::Under) if !flagged_before => {
                    row.flagged.add(fate(channel, own, after, &at));
                }
                Some(Performance::Performing) => row.performing.add(fate(channel, own, after, &at)),
                _ => {}
            }
            flagged_before = now == Some(Performance::Under);
        }
    }
    rows.retain(|row| row.flagged.partners + row.performing.partners > 0);
    rows
}

fn notes(flagged: Fates, performing: Fates, rule: PerformanceRule) -> Vec<String> {
    let within = counted(rule.quarters, "quarter");
    let share = |part: usize, whole: usize| percent(part as f64 / whole.max(1) as f64);
    let mut notes = Vec::new();
    if flagged.partners > 0 {
        notes.push(format!(
            "Flagged {}: {} left within {within} ({} %), {} recovered, {} stayed below.",
            counted(flagged.partners, "time"),
            flagged.left,
            share(flagged.left, flagged.partners),
            flagged.recovered,
            flagged.below
        ));
    }
    if performing.partners > 0 {
        notes.push(format!(
            "Performing {}: {} left within {within} ({} %).",
            counted(performing.partners, "time"),
            performing.left,
            share(performing.left, performing.partners)
        ));
    }
    if flagged.partners < 10 {
        notes.push("Not enough data to tune the rule: 10 flagged partners are needed.".to_owned());
    }
    notes.push(
        "Uses what is known today and ignores decisions on single partners. A partner counts as flagged once per period \
         below the threshold."
            .to_owned(),
    );
    notes
}

/// The past quarters, each with the ends of as many quarters after it as the rule looks at.
fn quarters(channel: &Channel, rule: PerformanceRule) -> Vec<(Period, Vec<Day>)> {
    let calendar = channel.program.calendar;
    let Some(first) = channel.sales.iter().map(|sale| sale.day).min() else { return Vec::new() };
    let mut all: Vec<Period> = Vec::new();
    let mut next = calendar.containing(first, Every::Quarter);
    while let Some(period) = next.filter(|period| period.last <= channel.as_of) {
        next = calendar.containing(period.last.plus(1), Every::Quarter);
        all.push(period);
    }
    let after = usize::try_from(rule.quarters).unwrap_or(usize::MAX);
    let with = |at: usize| {
        let following = all.get(at + 1..at + 1 + after)?;
        Some((all[at].clone(), following.iter().map(|period| period.last).collect()))
    };
    (0..all.len()).filter_map(with).collect()
}

/// How the partner performed at the end of a day, if it was in growth.
fn standing(line: LineFacts, rule: &PerformanceRule, day: Day) -> Option<Performance> {
    let stay = line.stays().rev().find(|stay| stay.entered <= day)?;
    if stay.stage()? != line.program().success_stage().key {
        return None;
    }
    line.performance_on(rule, stay.entered, None, day).map(|judged| judged.performance)
}

/// What became of a partner by the ends of the quarters after.
fn fate(
    channel: &Channel,
    stays: &[StayRow],
    after: &[Day],
    at: &impl Fn(Day) -> Option<Performance>,
) -> LaterPerformance {
    let Some(last) = after.last() else { return LaterPerformance::Unknown };
    let left = stays.iter().rev().find(|stay| stay.entered <= *last.min(&channel.as_of));
    if left.is_some_and(|stay| matches!(stay.place, StandingRow::Left(..))) {
        return LaterPerformance::Left;
    }
    // At the end of the last of them, all quarters that the rule looks at came after.
    match at(*last) {
        Some(Performance::Performing) => LaterPerformance::Recovered,
        Some(Performance::Under) => LaterPerformance::Below,
        _ => LaterPerformance::Unknown,
    }
}
