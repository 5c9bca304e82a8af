//! `report velocity`: how long stays last, and how they end, with those that are still open.

use crate::analysis::incidence::{Incidence, incidences};
use crate::analysis::lives::{LEFT_BEFORE, SUCCEEDED};
use crate::analysis::survival::Survival;
use crate::lifecycle::base::text::phrase;
use crate::report::channel::{Channel, PARKED};
use crate::report::curves::{DAYS, curves, exits, occupation};
use crate::report::diagnostics;
use crate::report::frame::Frame;
use crate::report::past::{Exit, Horizon, Past};
use crate::report::say::{Curve, Evidence, chance, completed_only, exits_by};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// What is asked.
#[derive(Clone, Default, Debug)]
pub struct Options {
    pub horizon: Option<usize>,
    /// Days for which curves are wanted.
    pub at: Vec<usize>,
    pub explain: bool,
}

/// What is known of the stays in one stage, or of all parked ones.
struct Stage {
    key: String,
    name: String,
    target: Option<i64>,
    curve: Curve,
    incidences: Vec<Incidence>,
}

/// The whole report.
pub fn report(channel: &Channel, frame: &Frame, options: &Options) -> Report {
    let past = Past::of(channel);
    let horizon = past.horizon(options.horizon);
    let stages = stages(channel, &past);
    let at: &[usize] = if options.at.is_empty() { &DAYS } else { &options.at };
    let mut figures = frame.figures(channel);
    figures.extend([
        Figure::for_machines("horizon_days", Cell::age(Some(horizon.days))),
        Figure::for_machines("history_days", horizon.history),
        Figure::for_machines("lives", Cell::count(past.lives.len())),
    ]);
    let mut lasting = lasting(&stages, horizon, options.explain);
    lasting.notes.extend(diagnostics::of_stays(channel, &past));
    let mut ending = ending(&stages, at);
    let mut success = first_success(channel, &past, at);
    if options.explain {
        lasting.notes.extend(explained_lasting(&stages, horizon));
        ending.notes.push(EXPLAINED_ENDING.to_owned());
        success.notes.push(EXPLAINED_SUCCESS.to_owned());
    }
    Report {
        schema: "chanlife.velocity/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![
            lasting,
            ending,
            success,
            curves(stages.iter().map(|stage| (stage.key.as_str(), &stage.curve.counts)), at),
            exits(channel, &past, at),
            occupation(channel, &past, at),
        ]
        .into_iter()
        .map(Into::into)
        .collect(),
        notes: vec![horizon.sentence()],
    }
}

fn stages(channel: &Channel, past: &Past) -> Vec<Stage> {
    let counts = past.lives.counts();
    let one = |key: &str, name: &str, target, counts| {
        let incidences = incidences(&counts);
        Stage { key: key.to_owned(), name: name.to_owned(), target, curve: Curve::of(counts), incidences }
    };
    let in_stages = channel.stages.iter().enumerate().filter_map(|(at, key)| {
        let known = channel.program.stages().get(at);
        let counts = past.by_exit(at, &counts[at]);
        // A stage that the program no longer has goes by its key, where anybody was there.
        let shown = known.is_some() || counts.ages() > 0;
        shown.then(|| {
            one(key, known.map_or(key, |one| &one.name), known.and_then(|one| one.target_days), counts)
        })
    });
    let parked = past.parked(&counts);
    let parked = (parked.ages() > 0).then(|| one(PARKED, "Parked", None, parked));
    in_stages.chain(parked).collect()
}

fn lasting(stages: &[Stage], horizon: Horizon, explain: bool) -> Sheet {
    let mut columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("stays", "Stays"),
        Column::new("exits", "Ended"),
        Column::new("open", "Open"),
        Column::new("oldest_open_days", "Oldest open"),
        Column::for_people("A quarter gone by").optional(),
        Column::for_people("Half gone by (95 %)"),
        Column::for_people("Three quarters gone by").optional(),
        Column::for_people(format!("Mean of first {} d", horizon.days)).optional(),
        Column::new("target_days", "Target"),
        Column::new("share_past_target", "Longer than target"),
    ];
    for quantile in ["q25", "q50", "q75"] {
        columns.extend(
            ["", "_low", "_high"].map(|limit| Column::for_machines(format!("{quantile}_days{limit}"))),
        );
    }
    columns.extend(
        [
            "restricted_mean_days",
            "restricted_mean_se",
            "from_age_days",
            "late_entries",
            "evidence",
            "completed_only_median_days",
            "completed_only_mean_days",
        ]
        .map(Column::for_machines),
    );
    if explain {
        columns.push(Column::for_people("Finished stays alone would say"));
    }
    let mut sheet = Sheet::new("rows", "How long they stay", columns).empty("No partner yet.");
    for stage in stages {
        sheet.rows.push(stage.lasting(horizon, explain));
    }
    sheet
}

impl Stage {
    fn lasting(&self, horizon: Horizon, explain: bool) -> Vec<Cell> {
        let Curve { counts, survival, evidence, .. } = &self.curve;
        let target = self.target.and_then(|days| usize::try_from(days).ok());
        let past_target = target.and_then(|days| self.curve.share_longer(days));
        let mean = survival.restricted_mean(horizon.days);
        let sayable_mean = mean.filter(|_| *evidence == Evidence::Full);
        let mut cells = vec![
            self.key.as_str().into(),
            self.name.as_str().into(),
            Cell::count(self.curve.stays()),
            Cell::count(counts.ended()),
            Cell::count(counts.open()),
            Cell::age(counts.oldest_open()),
            self.curve.quantile(0.25),
            match evidence {
                Evidence::TooFew if counts.ended() == 0 => "none ended".into(),
                Evidence::TooFew => Cell::Text(format!("too few to tell ({} ended)", counts.ended())),
                _ => self.curve.quantile(0.5),
            },
            self.curve.quantile(0.75),
            sayable_mean.map_or(Cell::Missing, |(mean, _)| Cell::Text(format!("{mean:.0} d"))),
            Cell::days(self.target),
            Cell::share(past_target),
        ];
        let raw = Survival::of(counts);
        for p in [0.25, 0.5, 0.75] {
            let (low, high) = raw.quantile_limits(p);
            cells.extend([raw.quantile(p), low, high].map(Cell::age));
        }
        let raw_mean = raw.restricted_mean(horizon.days);
        let completed = completed_only(counts);
        cells.extend([
            Cell::decimal(raw_mean.map(|(mean, _)| mean)),
            Cell::decimal(raw_mean.map(|(_, se)| se)),
            Cell::age(Some(self.curve.from)),
            Cell::count(counts.late()),
            evidence.word().into(),
            Cell::age(completed.map(|(_, median)| median)),
            Cell::decimal(completed.map(|(mean, _)| mean)),
        ]);
        if explain {
            cells.push(completed.map(|(mean, median)| naive(&self.curve, median, mean)).into());
        }
        cells
    }
}

/// What finished stays alone would say of the median, and by how much that is too short.
fn naive(curve: &Curve, median: usize, mean: f64) -> String {
    let ours = curve.survival.quantile(0.5).filter(|_| curve.evidence == Evidence::Full);
    let difference = match ours {
        Some(ours) if ours > median => format!(", {} d too short", ours - median),
        Some(ours) if ours < median => format!(", {} d too long", median - ours),
        Some(_) => ", the same".to_owned(),
        None => String::new(),
    };
    format!("half by {median} d{difference}; mean {mean:.0} d")
}

fn ending(stages: &[Stage], at: &[usize]) -> Sheet {
    let mut columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("day", "By day"),
        Column::new("at_risk", "Seen that long"),
    ];
    for (exit, heading) in Exit::ALL.iter().zip(["Advanced", "Back", "Parked", "Left"]) {
        columns.push(Column::for_people(heading));
        columns.extend(
            ["", "_se", "_low", "_high"].map(|part| Column::for_machines(format!("p_{}{part}", exit.word()))),
        );
    }
    columns.push(Column::new("p_still_there", "Still there"));
    let mut sheet = Sheet::new("exits_by_day", "Where they go, and by when (95 % intervals)", columns)
        .empty("Too few exits to tell: five are needed in a stage.");
    for stage in stages.iter().filter(|stage| stage.curve.evidence > Evidence::TooFew) {
        // Raw figures for every asked day; machines find in `at_risk` what they rest on.
        let survival = Survival::of(&stage.curve.counts);
        for day in at.iter().filter(|day| Some(**day) <= stage.curve.until()) {
            let mut cells = vec![
                stage.key.as_str().into(),
                stage.name.as_str().into(),
                Cell::age(Some(*day)),
                Cell::count(survival.at_risk(*day)),
            ];
            for (said, incidence) in exits_by(&stage.incidences, *day).into_iter().zip(&stage.incidences) {
                let limits = incidence.limits(*day);
                cells.push(said);
                cells.extend(
                    [
                        Some(incidence.at(*day)),
                        Some(incidence.se(*day)),
                        limits.map(|one| one.low),
                        limits.map(|one| one.high),
                    ]
                    .map(Cell::decimal),
                );
            }
            cells.push(Cell::share(Some(survival.at(*day))));
            sheet.rows.push(cells);
        }
    }
    sheet
}

fn first_success(channel: &Channel, past: &Past, at: &[usize]) -> Sheet {
    let success = &channel.program.success_stage().name;
    let counts = past.lives.first_success();
    let (survival, all) = (Survival::of(&counts), incidences(&counts));
    let evidence = Evidence::of(counts.exits_in_all(SUCCEEDED));
    let columns = vec![
        Column::new("day", "By day"),
        Column::new("at_risk", "Seen that long"),
        Column::for_people(format!("Reached {success}")),
        Column::for_machines("p_success"),
        Column::for_machines("p_success_se"),
        Column::for_machines("p_success_low"),
        Column::for_machines("p_success_high"),
        Column::for_people("Left before"),
        Column::for_machines("p_left"),
        Column::for_machines("p_left_se"),
    ];
    let title = format!("From the first day to {success}");
    let mut sheet = Sheet::new("first_success", title, columns);
    sheet.empty = format!(
        "Too few to tell: {} of {} reached {success}.",
        counts.exits_in_all(SUCCEEDED),
        counts.ended() + counts.open()
    );
    if evidence == Evidence::TooFew {
        return sheet;
    }
    for day in at.iter().copied().filter(|day| survival.at_risk(*day) >= 5) {
        let (reached, left) = (&all[SUCCEEDED], &all[LEFT_BEFORE]);
        let limits = reached.limits(day);
        sheet.rows.push(vec![
            Cell::age(Some(day)),
            Cell::count(survival.at_risk(day)),
            chance(reached.at(day), limits),
            Cell::decimal(Some(reached.at(day))),
            Cell::decimal(Some(reached.se(day))),
            Cell::decimal(limits.map(|one| one.low)),
            Cell::decimal(limits.map(|one| one.high)),
            chance(left.at(day), left.limits(day)),
            Cell::decimal(Some(left.at(day))),
            Cell::decimal(Some(left.se(day))),
        ]);
    }
    sheet
}

/// What the columns mean, and what those would hear who count finished stays alone.
fn explained_lasting(stages: &[Stage], horizon: Horizon) -> Vec<String> {
    let enough = stages.iter().filter(|stage| stage.curve.evidence == Evidence::Full);
    let short = enough.filter_map(|stage| {
        let (_, median) = completed_only(&stage.curve.counts)?;
        let ours = stage.curve.survival.quantile(0.5)?;
        (ours > median).then(|| format!("{} {median} in place of {ours} days", stage.name))
    });
    let short: Vec<String> = short.collect();
    let mut lines = vec![
        "Stays are visits to a stage: one that comes back counts again. Ended ones went on, back, aside or out; open \
         ones still run, and count as lasting at least as long as they do now."
            .to_owned(),
        "Half gone by: the day by which half of all stays end, whatever ends them, with a 95 % interval \
         (Kaplan-Meier, log-log limits). `≥` where the upper end is not reached yet, `>` where not even half ended; \
         with fewer than 10 ended stays it is rough, with fewer than 5 too few to tell."
            .to_owned(),
        format!(
            "Mean of first {} d: days spent in the stage on average, counting at most that many; such means add up \
             along the stages. Longer than target: the share of stays that last longer.",
            horizon.days
        ),
    ];
    if !short.is_empty() {
        lines.push(format!(
            "Finished stays alone would say of half of them: {}. That is too short, since the slow ones are still open.",
            phrase(&short)
        ));
    }
    lines
}

const EXPLAINED_ENDING: &str = "The chance that a stay has ended in this way by this day, beside the other ways \
    (Aalen-Johansen). Leaving is an end of its own, never taken for waiting. Taken up again after parking counts as \
    advanced. The five columns of a row add up to 100 %; a row is shown while 5 stays were seen that long.";

const EXPLAINED_SUCCESS: &str = "Each partner once, from its first day on, whatever it passed: no stage is assumed to be \
    like another. Partners whose first day is not known are left out, and so are those that began there.";
