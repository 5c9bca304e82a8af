//! `report compare`: the same stage by segment, or before and since a day.

use std::collections::BTreeMap;

use clap::Args;

use crate::analysis::Z;
use crate::analysis::counts::Counts;
use crate::analysis::incidence::incidence;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::program::{Program, Stage};
use crate::report::basis::Basis;
use crate::report::estimate::histories::{Horizon, Outcome, Past};
use crate::report::estimate::significance::{Curve, Evidence};
use crate::report::named::{NamedReport, ReportRequest, field_of_by};
use crate::report::options::HorizonOption;
use crate::report::reading::{Channel, Needs, Quality};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::report::value::{points, signed};
use crate::store::View;

#[derive(Debug, Args)]
pub(crate) struct CompareReport {
    #[command(flatten)]
    horizon: HorizonOption,
    /// Field to group by: type, region, tier, owner, a field of the program, or period (year, quarter, month)
    #[arg(long, value_name = "FIELD", conflicts_with = "since")]
    by: Option<String>,
    /// Compare the time before this date with the time since
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl NamedReport for CompareReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/compare.txt")
    }

    fn needs(&self, view: &View) -> anyhow::Result<Needs> {
        match self.by(&view.in_force.program)? {
            Some(By::Quality(quality)) => Ok(quality.needs().and(Needs::ALL_SALES)),
            _ => Ok(Needs::ALL_SALES),
        }
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let by = match asked.since(self.since.as_ref())? {
            Some(day) => Some(By::Day(day)),
            None => self.by(asked.channel.program)?,
        };
        let by = by.ok_or_else(|| Error::usage("`--by FIELD` or `--since DATE` is missing"))?;
        Ok(report(asked.channel, asked.basis, &by, self.horizon.days()))
    }

    fn examples() -> &'static [&'static str] {
        &[
            "report compare --by region",
            "report compare --by owner --where type=reseller",
            "report compare --since 2026-07-01",
        ]
    }
}

impl CompareReport {
    fn by(&self, program: &Program) -> Result<Option<By>, Error> {
        Ok(match self.by.as_deref() {
            None => None,
            Some("period" | "year") => Some(By::Period(Every::Year)),
            Some("quarter") => Some(By::Period(Every::Quarter)),
            Some("month") => Some(By::Period(Every::Month)),
            Some(word) => Some(By::Quality(field_of_by(word, program)?)),
        })
    }
}

/// What the channel is divided by.
#[derive(Clone, Debug)]
pub(crate) enum By {
    Quality(Quality),
    /// Before this day, and since.
    Day(Day),
    /// Periods of the program's fiscal calendar.
    Period(Every),
}

/// One part of the channel: its name, and counts by state.
struct ChannelPart {
    name: String,
    partners: usize,
    counts: Vec<Counts>,
    rest: Vec<Counts>,
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, by: &By, horizon: Option<usize>) -> Report {
    let past = Past::of(channel);
    let horizon = past.horizon(horizon);
    let parts = match by {
        By::Quality(quality) => by_quality(channel, &past, quality),
        By::Day(day) => by_day(&past, *day),
        By::Period(every) => by_period(channel, &past, *every),
    };
    let stages = channel.program.stages().iter().enumerate().filter(|(_, stage)| !stage.success);
    let rows: Vec<SegmentStage> = stages
        .flat_map(|(at, stage)| parts.iter().map(move |part| (at, stage, part)))
        .map(|(at, stage, part)| SegmentStage::of(&past, (at, stage), part, horizon))
        .collect();
    frame
        .report("chanlife.compare/1", channel)
        .with_figures([Figure::for_machines("horizon_days", Cell::age(horizon.days))])
        .with_tables([table(&rows, horizon)])
        .with_notes([horizon.sentence()])
}

fn table(rows: &[SegmentStage], horizon: Horizon) -> Table {
    let value = |one: Estimate| Cell::decimal(one.map(|(value, _)| value));
    let se = |one: Estimate| Cell::decimal(one.map(|(_, se)| se));
    Table::of("rows", "Stage by segment", rows)
        .machines("stage", |row| &row.stage.key)
        .column("name", "Stage", |row| &row.stage.name)
        .column("group", "Segment", |row| &row.part.name)
        .identity()
        .column("partners", "Partners", |row| row.part.partners)
        .detail()
        .column("stays", "Visits", |row| row.curve.stays())
        .detail()
        .column("exits", "Completed", |row| row.curve.counts.ended())
        .detail()
        .people("Median (95 % CI)", SegmentStage::median)
        .headline()
        .people(format!("Mean time (capped at {} d)", horizon.days), |row| {
            row.mean.filter(|_| row.is_sure()).map(|(mean, _)| format!("{mean:.0} d"))
        })
        .people("Mean vs. rest (95 % CI)", |row| {
            row.mean_difference().filter(|_| row.are_both_sure()).map(days_in_words)
        })
        .people(format!("Advanced within {} d", horizon.days), |row| {
            Cell::share(row.advanced.filter(|_| row.is_sure()).map(|(p, _)| p))
        })
        .people("Advanced vs. rest (95 % CI)", |row| {
            row.advanced_difference().filter(|_| row.are_both_sure()).map(points_in_words)
        })
        .machines("restricted_mean_days", |row| value(row.mean))
        .machines("restricted_mean_se", |row| se(row.mean))
        .machines("mean_difference", |row| value(row.mean_difference()))
        .machines("mean_difference_se", |row| se(row.mean_difference()))
        .machines("p_advanced", |row| value(row.advanced))
        .machines("p_advanced_se", |row| se(row.advanced))
        .machines("p_difference", |row| value(row.advanced_difference()))
        .machines("p_difference_se", |row| se(row.advanced_difference()))
        .machines("evidence", |row| row.curve.evidence.word())
        .done()
        .empty("No visits to compare.")
}

fn by_quality(channel: &Channel, past: &Past, quality: &Quality) -> Vec<ChannelPart> {
    let mut groups: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for line in &channel.lines {
        let name = match quality.cell(channel, line) {
            Cell::Text(text) if !text.is_empty() => text,
            Cell::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
            Cell::Decimal(number) | Cell::Score(number) => number.to_string(),
            _ if quality.word() == "verdict" => "not assessed".to_owned(),
            _ => "(none)".to_owned(),
        };
        groups.entry(name).or_default().push(line.id);
    }
    let part = |(name, ids): (String, Vec<i64>)| {
        // Numbers of partners are in order in every group, as lines are.
        let inside = |id: i64| ids.binary_search(&id).is_ok();
        ChannelPart {
            name,
            partners: ids.len(),
            counts: past.histories.counts_where(|history, _| inside(history.id), |stay| stay.spell),
            rest: past.histories.counts_where(|history, _| !inside(history.id), |stay| stay.spell),
        }
    };
    groups.into_iter().map(part).collect()
}

/// What of all stays lies before a day, and what since.
fn by_day(past: &Past, day: Day) -> Vec<ChannelPart> {
    let (day, last) = (day.number(), past.histories.as_of);
    let (before, since) = (
        past.histories.counts_within(&(i64::MIN / 2..=day - 1)),
        past.histories.counts_within(&(day..=last)),
    );
    let shown = Day::from_number(day).map(|day| day.to_string()).unwrap_or_default();
    let part = |name: String, counts: &[Counts], rest: &[Counts]| ChannelPart {
        name,
        partners: past.histories.len(),
        counts: counts.to_vec(),
        rest: rest.to_vec(),
    };
    vec![part(format!("before {shown}"), &before, &since), part(format!("since {shown}"), &since, &before)]
}

/// What of all stays lies in each period, and what in the others.
fn by_period(channel: &Channel, past: &Past, every: Every) -> Vec<ChannelPart> {
    let calendar = channel.program.calendar;
    let first = past.histories.as_of - past.histories.history_days();
    let mut parts = Vec::new();
    let mut next = Day::from_number(first);
    while let Some(period) =
        next.filter(|day| *day <= channel.as_of).and_then(|day| calendar.containing(day, every))
    {
        let (first, last) = (period.first.number(), period.last.number().min(past.histories.as_of));
        let mut rest = past.histories.counts_within(&(i64::MIN / 2..=first - 1));
        if last < past.histories.as_of {
            let later = past.histories.counts_within(&(last + 1..=past.histories.as_of));
            rest.iter_mut().zip(&later).for_each(|(rest, later)| rest.merge(later));
        }
        let counts = past.histories.counts_within(&(first..=last));
        parts.push(ChannelPart { name: period.to_string(), partners: past.histories.len(), counts, rest });
        next = Day::from_number(period.last.number() + 1);
    }
    parts
}

/// An estimate with its standard error.
type Estimate = Option<(f64, f64)>;

/// One stage in one part of the channel, and in the rest of it.
struct SegmentStage<'p> {
    stage: &'p Stage,
    part: &'p ChannelPart,
    curve: Curve,
    rest: Curve,
    mean: Estimate,
    mean_of_rest: Estimate,
    advanced: Estimate,
    advanced_of_rest: Estimate,
}

impl<'p> SegmentStage<'p> {
    fn of(
        past: &Past,
        (at, stage): (usize, &'p Stage),
        part: &'p ChannelPart,
        horizon: Horizon,
    ) -> SegmentStage<'p> {
        let of = |counts: &[Counts]| {
            let counts = past.by_exit(at, &counts[at]);
            let advanced = incidence(&counts, Outcome::Advanced as usize);
            let seen = counts.ages() > horizon.days;
            let advanced = seen.then(|| (advanced.at(horizon.days), advanced.se(horizon.days)));
            let curve = Curve::of(counts);
            (curve.survival.restricted_mean(horizon.days), advanced, curve)
        };
        let (mean, advanced, curve) = of(&part.counts);
        let (mean_of_rest, advanced_of_rest, rest) = of(&part.rest);
        SegmentStage { stage, part, curve, rest, mean, mean_of_rest, advanced, advanced_of_rest }
    }

    fn is_sure(&self) -> bool {
        self.curve.evidence == Evidence::Full
    }

    fn are_both_sure(&self) -> bool {
        self.is_sure() && self.rest.evidence == Evidence::Full
    }

    fn median(&self) -> Cell {
        match self.curve.evidence {
            Evidence::TooFew => "not enough data".into(),
            _ => self.curve.quantile(0.5),
        }
    }

    fn mean_difference(&self) -> Estimate {
        difference(self.mean, self.mean_of_rest)
    }

    fn advanced_difference(&self) -> Estimate {
        difference(self.advanced, self.advanced_of_rest)
    }
}

/// The difference of two independent estimates, with its standard error.
fn difference(ours: Estimate, theirs: Estimate) -> Estimate {
    let ((a, se_a), (b, se_b)) = ours.zip(theirs)?;
    Some((a - b, se_a.hypot(se_b)))
}

fn days_in_words((mean, se): (f64, f64)) -> String {
    format!("{} d ({} to {})", signed(mean, 0), signed(mean - Z * se, 0), signed(mean + Z * se, 0))
}

fn points_in_words((p, se): (f64, f64)) -> String {
    format!("{} points ({} to {})", points(p), points(p - Z * se), points(p + Z * se))
}
