//! `report velocity`: time in each stage and outcomes, visits in progress included.

use clap::Args;

use crate::analysis::incidence::{Incidence, incidences};
use crate::analysis::state_histories::{LEFT_BEFORE, ObservedStay, SUCCEEDED, StateHistory};
use crate::analysis::survival::Survival;
use crate::report::basis::Basis;
use crate::report::estimate::curves::{DAYS, curves, exits, occupation};
use crate::report::estimate::diagnostics;
use crate::report::estimate::histories::{Horizon, Outcome, Past};
use crate::report::estimate::significance::{Curve, Evidence, chance, completed_only};
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{CurveDays, HorizonOption};
use crate::report::reading::{Channel, Needs, PARKED};
use crate::report::slippage;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;

#[derive(Debug, Args)]
pub(crate) struct VelocityReport {
    #[command(flatten)]
    horizon: HorizonOption,
    #[command(flatten)]
    at: CurveDays,
}

impl NamedReport for VelocityReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/velocity.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::ALL_SALES.and(slippage::NEEDS))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let (horizon, at) = (self.horizon.days(), self.at.days());
        let options = VelocityOptions { horizon, at, completed_only: asked.explain };
        Ok(report(asked.channel, asked.basis, &options))
    }
}

/// What is asked of `report velocity`.
#[derive(Clone, Default, Debug)]
struct VelocityOptions {
    pub horizon: Option<usize>,
    /// Days for which curves are wanted.
    pub at: Vec<usize>,
    /// Whether to show beside it what completed visits alone would give.
    pub completed_only: bool,
}

/// What is known of the stays in one stage, or of all parked ones.
struct StageVelocity {
    key: String,
    name: String,
    target: Option<i64>,
    curve: Curve,
    /// How long the longest visit in progress has lasted; estimates count no visit beyond their longest age.
    longest_open: Option<i64>,
    /// Without regard to the age from which the curve can be told.
    raw: Survival,
    incidences: Vec<Incidence>,
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, options: &VelocityOptions) -> Report {
    let past = Past::of(channel);
    let horizon = past.horizon(options.horizon);
    let stages = stages(channel, &past);
    let at: &[usize] = if options.at.is_empty() { &DAYS } else { &options.at };
    let lasting =
        lasting(&stages, horizon, options.completed_only).with_notes(diagnostics::of_stays(channel, &past));
    frame
        .report("chanlife.velocity/1", channel)
        .with_figures([
            Figure::for_machines("horizon_days", Cell::age(horizon.days)),
            Figure::for_machines("history_days", horizon.history),
            Figure::for_machines("lives", past.histories.len()),
        ])
        .with_tables([
            lasting,
            ending(&stages, at),
            first_success(channel, &past, at),
            curves(stages.iter().map(|stage| (stage.key.as_str(), &stage.curve.counts)), at),
            exits(channel, &past, at),
            occupation(channel, &past, at),
        ])
        .with_tables([slippage::table(channel)])
        .with_notes([horizon.sentence()])
}

fn stages(channel: &Channel, past: &Past) -> Vec<StageVelocity> {
    let counts = past.histories.counts();
    let open: Vec<ObservedStay> = past.histories.iter().filter_map(StateHistory::open).collect();
    let longest = |is_there: &dyn Fn(usize) -> bool| {
        let there = open.iter().filter(|stay| is_there(stay.state) && stay.spell.since <= stay.spell.days);
        there.map(|stay| stay.spell.days).max()
    };
    let one = |key: &str, name: &str, target, counts, longest_open| {
        let incidences = incidences(&counts);
        let (raw, curve) = (Survival::of(&counts), Curve::of(counts));
        StageVelocity {
            key: key.to_owned(),
            name: name.to_owned(),
            target,
            curve,
            longest_open,
            raw,
            incidences,
        }
    };
    let in_stages = channel.stages.iter().enumerate().filter_map(|(at, key)| {
        let known = channel.program.stages().get(at);
        let counts = past.by_exit(at, &counts[at]);
        // A stage that the program no longer has goes by its key, if anybody was there.
        let shown = known.is_some() || counts.ages() > 0;
        shown.then(|| {
            let (name, target) = (known.map_or(key, |one| &one.name), known.and_then(|one| one.target_days));
            one(key, name, target, counts, longest(&|state| state == at))
        })
    });
    let parked = past.parked(&counts);
    let longest_parked = longest(&|state| past.parked_states().any(|parked| parked == state));
    let parked = (parked.ages() > 0).then(|| one(PARKED, "Parked", None, parked, longest_parked));
    in_stages.chain(parked).collect()
}

fn lasting(stages: &[StageVelocity], horizon: Horizon, with_completed_only: bool) -> Table {
    let mean = |stage: &StageVelocity| stage.raw.restricted_mean(horizon.days);
    let mut table = Table::of("rows", "Time in stage", stages)
        .machines("stage", |stage| &stage.key)
        .column("name", "Stage", |stage| &stage.name)
        .column("stays", "Visits", |stage| stage.curve.stays())
        .column("exits", "Completed", |stage| stage.curve.counts.ended())
        .detail()
        .column("open", "In progress", |stage| stage.curve.counts.open())
        .column("oldest_open_days", "Longest in progress", |stage| Cell::days(stage.longest_open))
        .detail()
        .people("25th percentile", |stage| stage.curve.quantile(0.25))
        .optional()
        .detail()
        .people("Median (95 % CI)", StageVelocity::median)
        .headline()
        .people("75th percentile", |stage| stage.curve.quantile(0.75))
        .optional()
        .detail()
        .people(format!("Mean time (capped at {} d)", horizon.days), |stage| stage.mean(horizon))
        .optional()
        .column("target_days", "Target", |stage| Cell::days(stage.target))
        .column("share_past_target", "Longer than target", |stage| {
            let target = stage.target.and_then(|days| usize::try_from(days).ok());
            Cell::share(target.and_then(|days| stage.curve.share_longer(days)))
        });
    for (quantile, p) in [("q25", 0.25), ("q50", 0.5), ("q75", 0.75)] {
        table = table
            .machines(format!("{quantile}_days"), |stage| Cell::age(stage.raw.quantile(p)))
            .machines(format!("{quantile}_days_low"), |stage| Cell::age(stage.raw.quantile_limits(p).0))
            .machines(format!("{quantile}_days_high"), |stage| Cell::age(stage.raw.quantile_limits(p).1));
    }
    table = table
        .machines("restricted_mean_days", |stage| Cell::decimal(mean(stage).map(|(mean, _)| mean)))
        .machines("restricted_mean_se", |stage| Cell::decimal(mean(stage).map(|(_, se)| se)))
        .machines("from_age_days", |stage| Cell::age(stage.curve.from))
        .machines("late_entries", |stage| Cell::count(stage.curve.counts.late()))
        .machines("evidence", |stage| stage.curve.evidence.word())
        .machines("completed_only_median_days", |stage| {
            Cell::age(completed_only(&stage.curve.counts).map(|(_, median)| median))
        })
        .machines("completed_only_mean_days", |stage| {
            Cell::decimal(completed_only(&stage.curve.counts).map(|(mean, _)| mean))
        });
    if with_completed_only {
        table = table.people("Completed visits only (biased)", |stage| {
            completed_only(&stage.curve.counts).map(|(mean, median)| naive(&stage.curve, median, mean))
        });
        table = table.headline();
    }
    table.done().empty("No partners yet.")
}

impl StageVelocity {
    fn median(&self) -> Cell {
        let ended = self.curve.counts.ended();
        match self.curve.evidence {
            Evidence::TooFew if ended == 0 => "not enough data (0 completed)".into(),
            Evidence::TooFew => Cell::Text(format!("not enough data ({ended} completed)")),
            _ => self.curve.quantile(0.5),
        }
    }

    fn ending(&self, exit: Outcome) -> &Incidence {
        &self.incidences[exit as usize]
    }

    fn mean(&self, horizon: Horizon) -> Option<String> {
        let mean = self.curve.survival.restricted_mean(horizon.days);
        mean.filter(|_| self.curve.evidence == Evidence::Full).map(|(mean, _)| format!("{mean:.0} d"))
    }
}

/// What finished stays alone would say of the median, and by how much that is too short.
fn naive(curve: &Curve, median: usize, mean: f64) -> String {
    let ours = curve.survival.quantile(0.5).filter(|_| curve.evidence == Evidence::Full);
    let difference = match ours {
        Some(ours) if ours > median => format!(" ({} d too short)", ours - median),
        Some(ours) if ours < median => format!(" ({} d too long)", median - ours),
        Some(_) => " (the same)".to_owned(),
        None => String::new(),
    };
    format!("median {median} d{difference}; mean {mean:.0} d")
}

fn ending(stages: &[StageVelocity], at: &[usize]) -> Table {
    let told = stages.iter().filter(|stage| stage.curve.evidence > Evidence::TooFew);
    // Raw figures for every asked day; machines find in `at_risk` what they rest on.
    let rows: Vec<(&StageVelocity, usize)> = told
        .flat_map(|stage| at.iter().map(move |day| (stage, *day)))
        .filter(|(stage, day)| Some(*day) <= stage.curve.until())
        .collect();
    let mut table = Table::of("exits_by_day", "Outcomes by days in stage (95 % CI)", &rows)
        .machines("stage", |(stage, _)| &stage.key)
        .column("name", "Stage", |(stage, _)| &stage.name)
        .column("day", "Within", |(_, day)| Cell::age(*day))
        .identity()
        .column("at_risk", "Visits followed this long", |(stage, day)| stage.raw.at_risk(*day))
        .detail();
    for (exit, heading) in Outcome::ALL.iter().zip(["Advanced", "Moved back", "Parked", "Left"]) {
        let key = format!("p_{}", exit.word());
        table = table.people(heading, |(stage, day)| {
            chance(stage.ending(*exit).at(*day), stage.ending(*exit).limits(*day))
        });
        table = if matches!(exit, Outcome::Advanced | Outcome::Left) { table.headline() } else { table };
        table = table
            .machines(key.clone(), |(stage, day)| Cell::decimal(stage.ending(*exit).at(*day)))
            .machines(format!("{key}_se"), |(stage, day)| Cell::decimal(stage.ending(*exit).se(*day)))
            .machines(format!("{key}_low"), |(stage, day)| {
                Cell::decimal(stage.ending(*exit).limits(*day).map(|one| one.low))
            })
            .machines(format!("{key}_high"), |(stage, day)| {
                Cell::decimal(stage.ending(*exit).limits(*day).map(|one| one.high))
            });
    }
    table
        .column("p_still_there", "Still in stage", |(stage, day)| Cell::share(stage.raw.at(*day)))
        .headline()
        .done()
        .empty("Not enough data: 5 completed visits are needed in a stage.")
}

fn first_success(channel: &Channel, past: &Past, at: &[usize]) -> Table {
    let success = &channel.program.success_stage().name;
    let counts = past.histories.first_success();
    let (survival, all) = (Survival::of(&counts), incidences(&counts));
    let (reached, left) = (&all[SUCCEEDED], &all[LEFT_BEFORE]);
    let came = counts.exits_in_all(SUCCEEDED);
    let told = Evidence::of(came) > Evidence::TooFew;
    let days: Vec<usize> = at.iter().copied().filter(|day| told && survival.at_risk(*day) >= 5).collect();
    Table::of("first_success", format!("Time to {success}, from the first day"), &days)
        .column("day", "Within", |day| Cell::age(*day))
        .column("at_risk", "Partners followed this long", |day| survival.at_risk(*day))
        .detail()
        .people(format!("Reached {success}"), |day| chance(reached.at(*day), reached.limits(*day)))
        .headline()
        .machines("p_success", |day| Cell::decimal(reached.at(*day)))
        .machines("p_success_se", |day| Cell::decimal(reached.se(*day)))
        .machines("p_success_low", |day| Cell::decimal(reached.limits(*day).map(|one| one.low)))
        .machines("p_success_high", |day| Cell::decimal(reached.limits(*day).map(|one| one.high)))
        .people("Left before", |day| chance(left.at(*day), left.limits(*day)))
        .machines("p_left", |day| Cell::decimal(left.at(*day)))
        .machines("p_left_se", |day| Cell::decimal(left.se(*day)))
        .done()
        .empty(format!(
            "Not enough data: {came} of {} partners reached {success}, 5 are needed.",
            counts.ended() + counts.open()
        ))
}
