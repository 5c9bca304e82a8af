//! `report compare`: the same stage in parts of the channel, or before and since a day.

use std::collections::BTreeMap;

use crate::analysis::Z;
use crate::analysis::counts::Counts;
use crate::analysis::incidence::incidence;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Every;
use crate::report::channel::Channel;
use crate::report::frame::Frame;
use crate::report::past::{Exit, Horizon, Past};
use crate::report::quality::Quality;
use crate::report::say::{Curve, Evidence, points, signed};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// What the channel is divided by.
#[derive(Clone, Debug)]
pub enum By {
    Quality(Quality),
    /// Before this day, and since.
    Day(Day),
    /// Periods of the program's fiscal calendar.
    Period(Every),
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Options {
    pub by: By,
    pub horizon: Option<usize>,
    pub explain: bool,
}

/// One part of the channel: its name, and counts by state.
struct Part {
    name: String,
    partners: usize,
    counts: Vec<Counts>,
    rest: Vec<Counts>,
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame, options: &Options) -> Report {
    let past = Past::of(channel);
    let horizon = past.horizon(options.horizon);
    let parts = match &options.by {
        By::Quality(quality) => by_quality(channel, &past, quality),
        By::Day(day) => by_day(&past, *day),
        By::Period(every) => by_period(channel, &past, *every),
    };
    let columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("group", "Part"),
        Column::new("partners", "Partners"),
        Column::new("stays", "Stays"),
        Column::new("exits", "Ended"),
        Column::for_people("Half gone by (95 %)"),
        Column::for_people(format!("Mean of first {} d", horizon.days)),
        Column::for_people("Against the rest (95 %)"),
        Column::for_people(format!("Advanced by {} d", horizon.days)),
        Column::for_people("Against the rest (95 %)"),
        Column::for_machines("restricted_mean_days"),
        Column::for_machines("restricted_mean_se"),
        Column::for_machines("mean_difference"),
        Column::for_machines("mean_difference_se"),
        Column::for_machines("p_advanced"),
        Column::for_machines("p_advanced_se"),
        Column::for_machines("p_difference"),
        Column::for_machines("p_difference_se"),
        Column::for_machines("evidence"),
    ];
    let mut sheet = Sheet::new("rows", "The same stage in parts of the channel", columns)
        .empty("There is nothing to compare.");
    for (at, stage) in channel.program.stages().iter().enumerate().filter(|(_, stage)| !stage.success) {
        for part in &parts {
            let row = Row::of(&past, at, part, horizon);
            sheet.rows.push(row.cells(&stage.key, &stage.name, part));
        }
    }
    if options.explain {
        sheet.notes.push(EXPLAINED.to_owned());
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("horizon_days", Cell::age(Some(horizon.days))));
    Report {
        schema: "chanlife.compare/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: vec![horizon.sentence()],
    }
}

fn by_quality(channel: &Channel, past: &Past, quality: &Quality) -> Vec<Part> {
    let mut groups: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for line in &channel.lines {
        let name = match quality.cell(channel, line) {
            Cell::Text(text) if !text.is_empty() => text,
            Cell::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
            Cell::Decimal(number) | Cell::Score(number) => number.to_string(),
            _ => "(none)".to_owned(),
        };
        groups.entry(name).or_default().push(line.id);
    }
    let part = |(name, ids): (String, Vec<i64>)| {
        // Numbers of partners are in order in every group, as lines are.
        let inside = |id: i64| ids.binary_search(&id).is_ok();
        Part {
            name,
            partners: ids.len(),
            counts: past.lives.counts_where(|life, _| inside(life.id), |stay| stay.spell),
            rest: past.lives.counts_where(|life, _| !inside(life.id), |stay| stay.spell),
        }
    };
    groups.into_iter().map(part).collect()
}

/// What of all stays lies before a day, and what since.
fn by_day(past: &Past, day: Day) -> Vec<Part> {
    let (day, last) = (day.number(), past.lives.as_of);
    let (before, since) =
        (past.lives.counts_within(&(i64::MIN / 2..=day - 1)), past.lives.counts_within(&(day..=last)));
    let shown = Day::from_number(day).map(|day| day.to_string()).unwrap_or_default();
    let part = |name: String, counts: &[Counts], rest: &[Counts]| Part {
        name,
        partners: past.lives.len(),
        counts: counts.to_vec(),
        rest: rest.to_vec(),
    };
    vec![part(format!("before {shown}"), &before, &since), part(format!("since {shown}"), &since, &before)]
}

/// What of all stays lies in each period, and what in the others.
fn by_period(channel: &Channel, past: &Past, every: Every) -> Vec<Part> {
    let calendar = channel.program.calendar;
    let first = past.lives.as_of - past.lives.history_days();
    let mut parts = Vec::new();
    let mut next = Day::from_number(first);
    while let Some(period) =
        next.filter(|day| *day <= channel.as_of).and_then(|day| calendar.containing(day, every))
    {
        let (first, last) = (period.first.number(), period.last.number().min(past.lives.as_of));
        let mut rest = past.lives.counts_within(&(i64::MIN / 2..=first - 1));
        if last < past.lives.as_of {
            let later = past.lives.counts_within(&(last + 1..=past.lives.as_of));
            rest.iter_mut().zip(&later).for_each(|(rest, later)| rest.merge(later));
        }
        let counts = past.lives.counts_within(&(first..=last));
        parts.push(Part { name: period.to_string(), partners: past.lives.len(), counts, rest });
        next = Day::from_number(period.last.number() + 1);
    }
    parts
}

/// An estimate with its standard error.
type Estimate = Option<(f64, f64)>;

struct Row {
    curve: Curve,
    rest: Curve,
    mean: Estimate,
    mean_of_rest: Estimate,
    advanced: Estimate,
    advanced_of_rest: Estimate,
}

impl Row {
    fn of(past: &Past, stage: usize, part: &Part, horizon: Horizon) -> Row {
        let of = |counts: &[Counts]| {
            let counts = past.by_exit(stage, &counts[stage]);
            let advanced = incidence(&counts, Exit::Advanced as usize);
            let seen = counts.ages() > horizon.days;
            let advanced = seen.then(|| (advanced.at(horizon.days), advanced.se(horizon.days)));
            let curve = Curve::of(counts);
            (curve.survival.restricted_mean(horizon.days), advanced, curve)
        };
        let (mean, advanced, curve) = of(&part.counts);
        let (mean_of_rest, advanced_of_rest, rest) = of(&part.rest);
        Row { curve, rest, mean, mean_of_rest, advanced, advanced_of_rest }
    }

    fn cells(&self, key: &str, name: &str, part: &Part) -> Vec<Cell> {
        let full = self.curve.evidence == Evidence::Full;
        let both = full && self.rest.evidence == Evidence::Full;
        let difference = |ours: Estimate, theirs: Estimate| {
            let ((a, se_a), (b, se_b)) = ours.zip(theirs)?;
            Some((a - b, se_a.hypot(se_b)))
        };
        let means = difference(self.mean, self.mean_of_rest);
        let chances = difference(self.advanced, self.advanced_of_rest);
        let days = |(mean, se): (f64, f64)| {
            format!("{} d ({} to {})", signed(mean, 0), signed(mean - Z * se, 0), signed(mean + Z * se, 0))
        };
        let share = |(p, se): (f64, f64)| {
            format!("{} points ({} to {})", points(p), points(p - Z * se), points(p + Z * se))
        };
        let first = |one: Estimate| Cell::decimal(one.map(|(value, _)| value));
        let second = |one: Estimate| Cell::decimal(one.map(|(_, se)| se));
        vec![
            key.into(),
            name.into(),
            part.name.as_str().into(),
            Cell::count(part.partners),
            Cell::count(self.curve.stays()),
            Cell::count(self.curve.counts.ended()),
            match self.curve.evidence {
                Evidence::TooFew => "too few to tell".into(),
                _ => self.curve.quantile(0.5),
            },
            self.mean.filter(|_| full).map(|(mean, _)| format!("{mean:.0} d")).into(),
            means.filter(|_| both).map(days).into(),
            Cell::share(self.advanced.filter(|_| full).map(|(p, _)| p)),
            chances.filter(|_| both).map(share).into(),
            first(self.mean),
            second(self.mean),
            first(means),
            second(means),
            first(self.advanced),
            second(self.advanced),
            first(chances),
            second(chances),
            self.curve.evidence.word().into(),
        ]
    }
}

const EXPLAINED: &str = "Each part against all others together: the difference of the mean days in the stage within the horizon \
    (restricted means), and of the share that has gone on to a later stage by then, with 95 % intervals; an interval that \
    holds 0 shows no difference. Of many comparisons one in twenty seems to differ by chance. Of periods, only \
    the days of each stay that lie in the period count, so that a change shows at once.";
