//! The estimators against independent implementations, on real data: with `CHANLIFE_LOGS`, every folder there has
//! `events.csv`, `meta.json` and, from the R packages survival, etm and mstate, `reference.json` and `semi_markov.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chanlife::face::analysis::counts::Counts;
use chanlife::face::analysis::incidence::{Incidence, incidences};
use chanlife::face::analysis::kernel::Kernel;
use chanlife::face::analysis::levers::{Kind, Lever, effects};
use chanlife::face::analysis::occupation::Occupation;
use chanlife::face::analysis::state_histories::{LEFT_BEFORE, SUCCEEDED, StateHistories, States, Visit};
use chanlife::face::analysis::survival::Survival;
use chanlife::face::analysis::time_to_target::TimeToTarget;
use chanlife::face::lifecycle::base::day::Day;
use serde_json::Value;

use crate::support::logs;

const STATES: [&str; 9] =
    ["recruitment", "terms", "readiness", "launch", "growth", "parked", "terminated", "declined", "withdrew"];
const LEFT: usize = 6;

/// How many figures were compared, and the largest difference of each kind.
#[derive(Default)]
struct Compared {
    figures: usize,
    worst: BTreeMap<&'static str, f64>,
}

impl Compared {
    fn near(&mut self, kind: &'static str, ours: f64, theirs: &Value, tolerance: f64, what: &str) {
        let Some(theirs) = theirs.as_f64() else { return };
        let difference = (ours - theirs).abs();
        assert!(difference <= tolerance, "{what}: {kind} is {ours}, expected {theirs}");
        self.figures += 1;
        let worst = self.worst.entry(kind).or_default();
        *worst = worst.max(difference);
    }

    fn same(&mut self, ours: Option<usize>, theirs: &Value, what: &str) {
        assert_eq!(ours.map(|days| days as u64), theirs.as_u64(), "{what}");
        self.figures += 1;
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a reference")).expect("JSON")
}

fn day(text: &str) -> i64 {
    Day::parse_iso(text).expect("a day").number()
}

fn at(row: &Value) -> usize {
    usize::try_from(row["t"].as_u64().or(row["tau"].as_u64()).or(row["age"].as_u64()).expect("a day"))
        .expect("small")
}

/// The histories of a log; `labelled` keeps the labels of leaving apart.
fn histories(folder: &Path, meta: &Value, labelled: bool) -> StateHistories {
    let states = States { count: STATES.len(), start: 0, success: 4, left: LEFT, unknown: usize::MAX };
    let mut rows: BTreeMap<String, Vec<(i64, usize)>> = BTreeMap::new();
    for line in fs::read_to_string(folder.join("events.csv")).expect("events").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let state = STATES.iter().position(|state| *state == cells[1]).expect("a known state");
        let state = if labelled { state } else { state.min(LEFT) };
        rows.entry(cells[0].to_owned()).or_default().push((day(cells[2]), state));
    }
    let observed: BTreeMap<String, i64> = fs::read_to_string(folder.join("observed_from.csv"))
        .unwrap_or_default()
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(partner, from)| (partner.to_owned(), day(from)))
        .collect();
    let as_of = day(meta["as_of"].as_str().expect("a day"));
    let mut histories = StateHistories::new(states, as_of);
    for (number, (partner, mut visits)) in (1..).zip(rows) {
        visits.retain(|(entered, _)| *entered <= as_of);
        visits.sort_by_key(|(entered, _)| *entered);
        let Some((first, _)) = visits.first() else { continue };
        histories.begin(number, observed.get(&partner).copied().unwrap_or(*first));
        for (entered, state) in visits {
            histories.visit(Visit { state, entered, entry_known: true });
        }
    }
    histories
}

fn compare(folder: &Path) -> Compared {
    let name = folder.display().to_string();
    let (meta, reference) = (json(&folder.join("meta.json")), json(&folder.join("reference.json")));
    let (labelled, histories) = (histories(folder, &meta, true), histories(folder, &meta, false));
    let counts = labelled.counts();
    let mut compared = Compared::default();
    for (stage, expected) in reference["stages"].as_object().into_iter().flatten() {
        let state = STATES.iter().position(|state| state == stage).expect("a known state");
        stage_agrees(&mut compared, &format!("{name}, {stage}"), &counts[state], expected);
    }
    success_agrees(&mut compared, &name, &histories, &reference["process"]["first_success"]);
    occupation_agrees(&mut compared, &name, &labelled, &reference["process"]);
    chain_agrees(&mut compared, &name, &histories, &json(&folder.join("semi_markov.json")));
    compared
}

fn stage_agrees(compared: &mut Compared, what: &str, counts: &Counts, expected: &Value) {
    let survival = Survival::of(counts);
    let dwell = &expected["dwell_any_exit"];
    for (quantile, p) in [("q25", 0.25), ("q50", 0.5), ("q75", 0.75)] {
        let what = format!("{what}, {quantile}");
        compared.same(survival.quantile(p), &dwell["quantiles_first_t"][quantile], &what);
        let (low, high) = survival.quantile_limits(p);
        compared.same(low, &dwell["ci_loglog_lower"][quantile], &format!("{what}, lower"));
        compared.same(high, &dwell["ci_loglog_upper"][quantile], &format!("{what}, upper"));
    }
    for row in dwell["surv"].as_array().into_iter().flatten().filter(|row| row["beyond_data"] != true) {
        let t = at(row);
        compared.near("S", survival.at(t), &row["S"], 1e-8, what);
        compared.near("se of S", survival.se(t), &row["se_greenwood"], 1e-6, what);
        if let Some(limits) = survival.limits(t) {
            compared.near("limit of S", limits.low, &row["lo_loglog"], 1e-6, what);
            compared.near("limit of S", limits.high, &row["hi_loglog"], 1e-6, what);
        }
    }
    for row in dwell["restricted_mean"].as_array().into_iter().flatten() {
        if let Some((mean, se)) = survival.restricted_mean(at(row)) {
            compared.near("restricted mean", mean, &row["rmst"], 1e-6, what);
            compared.near("se of restricted mean", se, &row["se"], 1e-6, what);
        }
    }
    let all = incidences(counts);
    for (cause, rows) in expected["exits_cif"].as_object().into_iter().flatten() {
        let cause = STATES.iter().position(|state| state == cause).expect("a known state");
        incidence_agrees(compared, &format!("{what}, exit {cause}"), &all[cause], rows);
    }
    for row in expected["given_age"].as_array().into_iter().flatten() {
        let age = at(row);
        let what = format!("{what}, given age {age}");
        compared.same(survival.remaining_quantile(age, 0.5), &row["remaining_median_first_t"], &what);
        compared.same(survival.remaining_quantile(age, 0.75), &row["remaining_q75_first_t"], &what);
    }
}

fn incidence_agrees(compared: &mut Compared, what: &str, incidence: &Incidence, rows: &Value) {
    for row in rows.as_array().into_iter().flatten() {
        compared.near("F", incidence.at(at(row)), &row["F"], 1e-8, what);
        compared.near("se of F", incidence.se(at(row)), &row["se_greenwood_etm"], 1e-6, what);
    }
}

fn success_agrees(compared: &mut Compared, name: &str, histories: &StateHistories, expected: &Value) {
    let counts = histories.first_success();
    if expected["n"].as_u64() != Some(counts.ended() + counts.open()) {
        // Histories that begin in success are outside of it here, and there are some in the reference.
        return;
    }
    let all = incidences(&counts);
    for (cause, rows) in [(SUCCEEDED, "success"), (LEFT_BEFORE, "left")] {
        incidence_agrees(compared, &format!("{name}, {rows}"), &all[cause], &expected["cif"][rows]);
    }
}

fn occupation_agrees(compared: &mut Compared, name: &str, histories: &StateHistories, process: &Value) {
    let occupation = Occupation::of(histories, 4000);
    for row in process["occupation"].as_array().into_iter().flatten() {
        for (state, label) in STATES.iter().enumerate() {
            if let Some(p) = occupation.at(at(row), state) {
                compared.near(
                    "occupation",
                    p,
                    &row[*label]["p"],
                    1e-8,
                    &format!("{name}, {label}, day {}", at(row)),
                );
            }
        }
    }
    for row in process["restricted_mean_time_in_state"].as_array().into_iter().flatten() {
        for (state, label) in STATES.iter().enumerate() {
            if let Some(days) = occupation.days(at(row), state) {
                compared.near("days in state", days, &row[*label]["days"], 1e-6, &format!("{name}, {label}"));
            }
        }
    }
}

fn chain_agrees(compared: &mut Compared, name: &str, histories: &StateHistories, expected: &Value) {
    let states = histories.states;
    let kernel = Kernel::of(states, &histories.counts());
    for (stage, rows) in expected["p_success_from_each_stage"].as_object().into_iter().flatten() {
        let state = STATES.iter().position(|state| state == stage).expect("a known state");
        for row in rows.as_array().into_iter().flatten() {
            let to_target = TimeToTarget::to(states.success, &kernel, at(row)).expect("a chain");
            compared.near(
                "P(success)",
                to_target.from(state, at(row)).reached,
                &row["p"],
                1e-7,
                &format!("{name}, {stage}"),
            );
        }
    }
    for lever in expected["interventions"]["rows"].as_array().into_iter().flatten() {
        let (kind, stage) = lever["lever"].as_str().and_then(|lever| lever.split_once(':')).expect("a lever");
        let kind = if kind == "faster" { Kind::Faster } else { Kind::FewerDrops };
        let state = STATES.iter().position(|state| *state == stage).expect("a known state");
        for row in lever["effects"].as_array().into_iter().flatten() {
            let ours = effects(&kernel, &[Lever { kind, state }], 0.25, at(row)).expect("a chain");
            compared.near(
                "effect of a lever",
                ours[0],
                &row["delta_p"],
                1e-7,
                &format!("{name}, {stage}, {kind:?}"),
            );
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a run with --nocapture shows what was compared")]
fn estimates_agree_with_other_implementations_on_real_data() {
    for folder in logs() {
        if folder.join("reference.json").exists() {
            let Compared { figures, worst } = compare(&folder);
            println!("{}: {figures} figures agree; largest differences {worst:?}", folder.display());
        }
    }
}
