//! `report nonperforming --back-test`: whom a rule would have flagged at the ends of past quarters, and what became
//! of them, beside those whom it would not have flagged.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{Performance, PerformanceRule, measured};
use crate::report::channel::{Channel, LineFacts};
use crate::report::frame::Frame;
use crate::report::say::percent;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::{Place, StayRow};

/// What became of partners within the quarters after.
#[derive(Clone, Copy, Default, Debug)]
struct Fates {
    partners: usize,
    left: usize,
    /// Above the threshold in one of the quarters at least.
    recovered: usize,
    below: usize,
    /// Not in growth all the time, without a plan, or without a report.
    unknown: usize,
}

impl Fates {
    fn add(&mut self, fate: Fate) {
        self.partners += 1;
        *match fate {
            Fate::Left => &mut self.left,
            Fate::Recovered => &mut self.recovered,
            Fate::Below => &mut self.below,
            Fate::Unknown => &mut self.unknown,
        } += 1;
    }

    fn plus(&mut self, other: Fates) {
        self.partners += other.partners;
        self.left += other.left;
        self.recovered += other.recovered;
        self.below += other.below;
        self.unknown += other.unknown;
    }

    fn cells(self) -> [Cell; 5] {
        [self.partners, self.recovered, self.below, self.left, self.unknown].map(Cell::count)
    }
}

#[derive(Clone, Copy)]
enum Fate {
    Left,
    Recovered,
    Below,
    Unknown,
}

/// The whole report; the channel needs attributes, sales, stays and growth.
pub fn report(channel: &Channel, frame: &Frame, rule: PerformanceRule) -> Report {
    let columns = vec![
        Column::new("quarter", "At the end of"),
        Column::new("flagged", "Newly flagged"),
        Column::new("flagged_recovered", "Recovered"),
        Column::new("flagged_below", "Still below"),
        Column::new("flagged_left", "Left"),
        Column::new("flagged_unknown", "Not known"),
        Column::new("performing", "Performing"),
        Column::new("performing_stayed_above", "Stayed above"),
        Column::new("performing_fell_below", "Fell below"),
        Column::new("performing_left", "Left"),
        Column::new("performing_unknown", "Not known"),
    ];
    let title = format!(
        "The rule on past days: {} for {}",
        measured(channel.program, rule.measure),
        counted(rule.quarters, "whole quarter")
    );
    let mut sheet = Sheet::new("rows", title, columns).empty("No quarter is long enough past to tell.");
    let quarters = quarters(channel, rule);
    let mut table = vec![(Fates::default(), Fates::default()); quarters.len()];
    for line in &channel.lines {
        let own = channel.stays_of(line);
        let mut flagged_before = false;
        for ((end, after), (flagged, performing)) in quarters.iter().zip(&mut table) {
            let at = |day: Day| standing(channel.facts(line), &rule, day);
            let now = at(end.last);
            let flagged_now = now == Some(Performance::Under);
            match now {
                Some(Performance::Under) if !flagged_before => flagged.add(fate(channel, own, after, &at)),
                Some(Performance::Performing) => performing.add(fate(channel, own, after, &at)),
                _ => {}
            }
            flagged_before = flagged_now;
        }
    }
    let (mut flagged, mut performing) = (Fates::default(), Fates::default());
    for ((end, _), (of_flagged, of_performing)) in quarters.iter().zip(&table) {
        if of_flagged.partners + of_performing.partners == 0 {
            continue;
        }
        flagged.plus(*of_flagged);
        performing.plus(*of_performing);
        let cells = of_flagged.cells().into_iter().chain(of_performing.cells());
        sheet.rows.push(std::iter::once(Cell::text(end.to_string())).chain(cells).collect());
    }
    if !sheet.rows.is_empty() {
        let cells = flagged.cells().into_iter().chain(performing.cells());
        sheet.total = Some(std::iter::once(Cell::text("All")).chain(cells).collect());
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("flagged", Cell::count(flagged.partners)));
    figures.push(Figure::for_machines("flagged_left", Cell::count(flagged.left)));
    figures.push(Figure::for_machines("performing", Cell::count(performing.partners)));
    figures.push(Figure::for_machines("performing_left", Cell::count(performing.left)));
    Report {
        schema: "chanlife.nonperforming-back-test/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: notes(flagged, performing, rule),
    }
}

fn notes(flagged: Fates, performing: Fates, rule: PerformanceRule) -> Vec<String> {
    let within = counted(rule.quarters, "quarter");
    let share = |part: usize, whole: usize| percent(part as f64 / whole.max(1) as f64);
    let mut notes = Vec::new();
    if flagged.partners > 0 {
        notes.push(format!(
            "Of {} that the rule would have flagged, {} left within {within} ({} %), {} recovered and {} stayed below.",
            counted(flagged.partners, "time"),
            flagged.left,
            share(flagged.left, flagged.partners),
            flagged.recovered,
            flagged.below
        ));
    }
    if performing.partners > 0 {
        notes.push(format!(
            "Of {} that it would have let pass, {} left ({} %).",
            counted(performing.partners, "time"),
            performing.left,
            share(performing.left, performing.partners)
        ));
    }
    if flagged.partners < 10 {
        notes.push("Fewer than 10 were flagged: too few to tune the rule by.".to_owned());
    }
    notes.push(
        "Looked at with what is known now, and without what was decided about anybody; a partner is counted as flagged \
         at the first quarter of each time below."
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

/// How the partner performed at the end of a day, where it stood in growth.
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
) -> Fate {
    let Some(last) = after.last() else { return Fate::Unknown };
    let left = stays.iter().rev().find(|stay| stay.entered <= *last.min(&channel.as_of));
    if left.is_some_and(|stay| matches!(stay.place, Place::Left(..))) {
        return Fate::Left;
    }
    // At the end of the last of them, all quarters that the rule looks at came after.
    match at(*last) {
        Some(Performance::Performing) => Fate::Recovered,
        Some(Performance::Under) => Fate::Below,
        _ => Fate::Unknown,
    }
}
