//! `report compare`: the same stage by segment, or before and since a day.
//!
//! A visit belongs to the segment that its partner was in when the visit began, and a partner to the one that it was in
//! when its first visit began: what came later, such as a tier that was earned, must not choose the sample.

use std::collections::{HashMap, HashSet};

use clap::Args;

use crate::analysis::Z;
use crate::analysis::counts::Counts;
use crate::analysis::incidence::{incidence, is_known_at};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::phrase;
use crate::lifecycle::program::{Program, Stage};
use crate::report::basis::Basis;
use crate::report::compare_outcomes::{SegmentOutcome, outcome_table, outcomes};
use crate::report::estimate::histories::{Horizon, Outcome, Past};
use crate::report::estimate::significance::{Curve, Evidence};
use crate::report::named::{NamedReport, ReportRequest, field_of_by};
use crate::report::options::HorizonOption;
use crate::report::reading::{Channel, Line, Needs, Quality};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::report::value::{points, signed};
use crate::store::View;
use crate::text::periods::fiscal_periods;
use crate::text::reports::recorded_later;

/// The name of the segment of those without a value.
const NONE: &str = "(none)";

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
            Some(By::Quality(quality)) => Ok(quality.needs_of_past().and(Needs::ALL_SALES)),
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
            Some("half") => Some(By::Period(Every::Half)),
            Some("quarter") => Some(By::Period(Every::Quarter)),
            Some("month") => Some(By::Period(Every::Month)),
            Some(word) => {
                let quality = field_of_by(word, program)?;
                quality.refuse_future().map_err(|hint| Error::usage(only_later(word)).hint(hint))?;
                Some(By::Quality(quality))
            }
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

/// Says why visits cannot be grouped by a field.
fn only_later(word: &str) -> String {
    format!(
        "--by: `{word}` is known only once a visit is under way, so visits would be grouped by their own outcome"
    )
}

/// One part of the channel: its name, and counts by state of it and of the rest.
struct ChannelPart {
    name: String,
    /// Those that began in it; if `outcome` is not known, those with a visit in it.
    partners: usize,
    counts: Vec<Counts>,
    rest: Vec<Counts>,
    /// None if it is not known from the first day of a partner which part it belongs to.
    outcome: Option<SegmentOutcome>,
}

/// The parts of the channel, and notes on how they came about.
struct ChannelParts {
    parts: Vec<ChannelPart>,
    notes: Vec<String>,
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, by: &By, horizon: Option<usize>) -> Report {
    let past = Past::of(channel);
    let horizon = past.horizon(horizon);
    let ChannelParts { parts, notes } = match by {
        By::Quality(quality) => by_quality(channel, &past, quality, horizon),
        By::Day(day) => by_day(channel, &past, *day, horizon),
        By::Period(every) => by_period(channel, &past, *every, horizon),
    };
    let stages = channel.program.stages().iter().enumerate().filter(|(_, stage)| !stage.success);
    let rows: Vec<SegmentStage> = stages
        .flat_map(|(at, stage)| parts.iter().map(move |part| (at, stage, part)))
        .map(|(at, stage, part)| SegmentStage::of(&past, (at, stage), part, horizon))
        .collect();
    let future = frame.segment.future_fields();
    let outcomes = outcome_table(channel, &outcome_rows(&parts), horizon);
    let outcomes = outcomes.map(|table| if future.is_empty() { table } else { table.for_machines() });
    frame
        .report("chanlife.compare/1", channel)
        .with_figures([Figure::for_machines("horizon_days", Cell::age(horizon.days))])
        .with_tables([table(channel, &rows, horizon)])
        .with_tables(outcomes)
        .with_notes(chosen_by_outcome(channel, &future))
        .with_notes([horizon.sentence()])
        .with_notes(notes)
        .with_notes(channel.counted_once(Day::FIRST))
}

/// Says that `--where` chose the partners by their own outcome, so that it cannot be compared.
fn chosen_by_outcome(channel: &Channel, future: &[&str]) -> Option<String> {
    let fields: Vec<String> = future.iter().map(|field| format!("`{field}`")).collect();
    let success = &channel.program.success_stage().name;
    (!fields.is_empty()).then(|| {
        format!(
            "Not compared: who reached {success}, first revenue and revenue, since --where chooses the partners by {}, which is \
             known only later; read the visits above with the same care.",
            phrase(&fields)
        )
    })
}

/// The outcomes that are known, each with the name of its part.
fn outcome_rows(parts: &[ChannelPart]) -> Vec<(&str, &SegmentOutcome)> {
    parts.iter().filter_map(|part| Some((part.name.as_str(), part.outcome.as_ref()?))).collect()
}

fn table(channel: &Channel, rows: &[SegmentStage], horizon: Horizon) -> Table {
    let value = |one: Estimate| Cell::decimal(one.map(|(value, _)| value));
    let se = |one: Estimate| Cell::decimal(one.map(|(_, se)| se));
    let per_year = |one: &SegmentOutcome| one.revenue_per_year(channel);
    Table::of("rows", "Stage by segment", rows)
        .machines("stage", |row| &row.stage.key)
        .column("name", "Stage", |row| &row.stage.name)
        .column("group", "Segment", |row| &row.part.name)
        .identity()
        .machines("partners", |row| row.part.partners)
        .column("stays", "Visits", |row| row.curve.stays())
        .detail()
        .column("exits", "Completed", |row| row.curve.counts.ended())
        .detail()
        .people("Median (95 % CI)", SegmentStage::median)
        .headline()
        .people(format!("Mean time (capped at {} d)", horizon.days), |row| {
            row.mean.filter(|_| row.is_sure()).map(|(mean, _)| format!("{mean:.0} d"))
        })
        .optional()
        .people("Mean vs. rest (95 % CI)", |row| {
            row.mean_difference().filter(|_| row.are_both_sure()).and_then(days_in_words)
        })
        .optional()
        .people(format!("Advanced within {} d", horizon.days), |row| {
            Cell::share(row.advanced.filter(|_| row.is_sure()).map(|(p, _)| p))
        })
        .optional()
        .people("Advanced vs. rest (95 % CI)", |row| {
            row.advanced_difference().filter(|_| row.are_both_sure()).and_then(points_in_words)
        })
        .optional()
        .machines("restricted_mean_days", |row| value(row.mean))
        .machines("restricted_mean_se", |row| se(row.mean))
        .machines("mean_difference", |row| value(row.mean_difference()))
        .machines("mean_difference_se", |row| se(row.mean_difference()))
        .machines("p_advanced", |row| value(row.advanced))
        .machines("p_advanced_se", |row| se(row.advanced))
        .machines("p_difference", |row| value(row.advanced_difference()))
        .machines("p_difference_se", |row| se(row.advanced_difference()))
        .machines("evidence", |row| row.curve.evidence.word())
        .machines("reached_growth", |row| row.part.outcome.as_ref().map(|one| one.in_growth))
        .machines("p_growth", |row| Cell::decimal(row.part.outcome.as_ref().and_then(|one| one.growth.p)))
        .machines("with_revenue", |row| row.part.outcome.as_ref().map(|one| one.with_revenue))
        .machines("p_revenue", |row| Cell::decimal(row.part.outcome.as_ref().and_then(|one| one.revenue.p)))
        .machines("revenue_per_partner_year", |row| row.part.outcome.as_ref().map(per_year))
        .done()
        .empty("No visits to compare.")
}

/// The segments found so far by name, each with its number.
#[derive(Default)]
struct SegmentNames {
    numbers: HashMap<String, usize>,
}

impl SegmentNames {
    fn number(&mut self, name: String) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(name).or_insert(next)
    }
}

/// Returns the name of the segment that a partner was in at the end of a day.
fn segment_on(channel: &Channel, line: &Line, quality: &Quality, day: Day) -> String {
    match quality.cell_on(channel, line, day) {
        Cell::Text(text) if !text.is_empty() => text,
        Cell::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
        Cell::Decimal(number) | Cell::Score(number) => number.to_string(),
        Cell::Money(money) => money.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::List(options) if !options.is_empty() => options.join(", "),
        _ if quality.word() == "verdict" => "not assessed".to_owned(),
        _ => NONE.to_owned(),
    }
}

/// Returns the day on which a partner began: of its first visit, or since which it is watched if there is none.
fn began(channel: &Channel, line: &Line) -> Day {
    channel.stays_of(line).first().map_or(line.observed_from, |stay| stay.entered)
}

fn by_quality(channel: &Channel, past: &Past, quality: &Quality, horizon: Horizon) -> ChannelParts {
    let mut names = SegmentNames::default();
    let mut later = 0_usize;
    let mut visitors: HashSet<(usize, usize)> = HashSet::new();
    let mut counts = past.histories.counts_by(|at, stay| {
        let line = &channel.lines[at];
        let day = Day::from_number(stay.entered).unwrap_or(Day::FIRST);
        let name = segment_on(channel, line, quality, day);
        later += usize::from(quality.is_attribute() && name == NONE && is_known_now(channel, line, quality));
        let number = names.number(name);
        visitors.insert((number, at));
        number
    });
    let groups: Vec<usize> = channel
        .lines
        .iter()
        .map(|line| names.number(segment_on(channel, line, quality, began(channel, line))))
        .collect();
    let states = past.histories.states.count;
    counts.resize_with(names.numbers.len(), || vec![Counts::new(states); states]);
    let outcomes = outcomes(channel, past, (counts.len(), &groups), horizon);
    let all = past.histories.counts();
    let mut visited = vec![0; counts.len()];
    for (number, _) in &visitors {
        visited[*number] += 1;
    }
    let mut parts: Vec<ChannelPart> = Vec::with_capacity(counts.len());
    let mut names: Vec<(String, usize)> = names.numbers.into_iter().collect();
    names.sort_by_key(|(_, number)| *number);
    for (((name, number), counts), outcome) in names.into_iter().zip(counts).zip(outcomes) {
        let rest = all.iter().zip(&counts).map(|(all, part)| all.without(part)).collect();
        // Whoever is assessed or answers later would be missing among those without a verdict.
        let outcome = quality.is_attribute().then_some(outcome);
        let partners = outcome.as_ref().map_or(visited[number], |one| one.partners);
        parts.push(ChannelPart { name, partners, counts, rest, outcome });
    }
    // A segment whose only visits are in the stage of success has nothing to compare.
    let success = past.histories.states.success;
    let compared = |part: &ChannelPart| {
        let visits = part.counts.iter().enumerate().filter(|(state, _)| *state != success);
        part.partners > 0 || visits.map(|(_, counts)| counts.ended() + counts.open()).sum::<u64>() > 0
    };
    parts.retain(compared);
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    let notes = (later > 0).then(|| recorded_later(later, quality.word())).into_iter().collect();
    ChannelParts { parts, notes }
}

fn is_known_now(channel: &Channel, line: &Line, quality: &Quality) -> bool {
    !quality.cell(channel, line).is_blank()
}

/// What of all stays lies before a day, and what since; partners are with the time in which they began.
fn by_day(channel: &Channel, past: &Past, day: Day, horizon: Horizon) -> ChannelParts {
    let groups: Vec<usize> =
        channel.lines.iter().map(|line| usize::from(began(channel, line) >= day)).collect();
    let outcomes = outcomes(channel, past, (2, &groups), horizon);
    let (day, last) = (day.number(), past.histories.as_of);
    let (before, since) = (
        past.histories.counts_within(&(i64::MIN / 2..=day - 1)),
        past.histories.counts_within(&(day..=last)),
    );
    let shown = Day::from_number(day).map(|day| day.to_string()).unwrap_or_default();
    let sides = [("before", &before, &since), ("since", &since, &before)].into_iter().zip(outcomes);
    let part = |((name, counts, rest), outcome): ((&str, &Vec<Counts>, &Vec<Counts>), SegmentOutcome)| {
        let name = format!("{name} {shown}");
        let (partners, counts, rest) = (outcome.partners, counts.clone(), rest.clone());
        ChannelPart { name, partners, counts, rest, outcome: Some(outcome) }
    };
    ChannelParts { parts: sides.map(part).collect(), notes: Vec::new() }
}

/// What of all stays lies in each period, and what in the others; partners are with the period in which they began.
fn by_period(channel: &Channel, past: &Past, every: Every, horizon: Horizon) -> ChannelParts {
    let periods = periods(channel, past, every);
    // Who began before the first period that is watched is with the first.
    let group = |line: &Line| {
        let day = began(channel, line);
        periods.iter().position(|period| day <= period.last).unwrap_or(periods.len().saturating_sub(1))
    };
    let groups: Vec<usize> = channel.lines.iter().map(group).collect();
    let outcomes = outcomes(channel, past, (periods.len(), &groups), horizon);
    let part = |(period, outcome): (Period, SegmentOutcome)| {
        let (first, last) = (period.first.number(), period.last.number().min(past.histories.as_of));
        let mut rest = past.histories.counts_within(&(i64::MIN / 2..=first - 1));
        if last < past.histories.as_of {
            let later = past.histories.counts_within(&(last + 1..=past.histories.as_of));
            rest.iter_mut().zip(&later).for_each(|(rest, later)| rest.merge(later));
        }
        let counts = past.histories.counts_within(&(first..=last));
        let (name, partners) = (period.to_string(), outcome.partners);
        ChannelPart { name, partners, counts, rest, outcome: Some(outcome) }
    };
    let parts = periods.iter().cloned().zip(outcomes).map(part).collect();
    ChannelParts { parts, notes: fiscal_periods(periods.iter()).into_iter().collect() }
}

/// Returns the periods of the history, oldest first.
fn periods(channel: &Channel, past: &Past, every: Every) -> Vec<Period> {
    let calendar = channel.program.calendar;
    let first = past.histories.as_of - past.histories.history_days();
    let mut periods: Vec<Period> = Vec::new();
    let mut next = Day::from_number(first);
    while let Some(period) =
        next.filter(|day| *day <= channel.as_of).and_then(|day| calendar.containing(day, every))
    {
        next = Day::from_number(period.last.number() + 1);
        periods.push(period);
    }
    periods
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
            let known = is_known_at(&counts, horizon.days);
            let advanced = known.then(|| (advanced.at(horizon.days), advanced.se(horizon.days)));
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

/// Says a difference in days with its interval; nothing if all visits are alike, so that it has none.
fn days_in_words((mean, se): (f64, f64)) -> Option<String> {
    let text =
        format!("{} d ({} to {})", signed(mean, 0), signed(mean - Z * se, 0), signed(mean + Z * se, 0));
    (se > 0.0).then_some(text)
}

/// Says a difference of shares with its interval; nothing if both are 0 or 100 %, so that it has none.
fn points_in_words((p, se): (f64, f64)) -> Option<String> {
    let text = format!("{} points ({} to {})", points(p), points(p - Z * se), points(p + Z * se));
    (se > 0.0).then_some(text)
}
