//! The reports' figures for machines against independent implementations, on real data, through the binary: with
//! `CHANLIFE_LOGS`, as in `references`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Desk, logs};

fn json(path: &Path) -> Value {
    fs::read_to_string(path).map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The row of a table that has these values.
fn row(rows: &Value, wanted: &[(&str, &Value)]) -> Value {
    let found = list(rows).find(|row| wanted.iter().all(|(key, value)| row[*key] == **value));
    found.unwrap_or_else(|| panic!("no row with {wanted:?}")).clone()
}

/// Counts what was compared.
#[derive(Default)]
struct Compared(usize);

impl Compared {
    fn near(&mut self, ours: &Value, theirs: &Value, tolerance: f64, what: &str) {
        match (ours.as_f64(), theirs.as_f64()) {
            (Some(a), Some(b)) => assert!((a - b).abs() <= tolerance, "{what}: {a}, expected {b}"),
            _ => assert!(theirs.is_null(), "{what}: {ours}, expected {theirs}"),
        }
        self.0 += 1;
    }
}

/// The log as the binary imports it; if partners were observed only from a later day, a column says so.
fn imported(folder: &Path) -> Desk {
    let desk = Desk::new();
    let events = folder.join("events.csv").display().to_string();
    let Ok(observed) = fs::read_to_string(folder.join("observed_from.csv")) else {
        desk.ok(&["import", "stages", &events, "--complete-history"]);
        return desk;
    };
    let mut text = String::from("partner,stage,entered_on,observed\n");
    for line in fs::read_to_string(events).expect("events").lines().skip(1) {
        let partner = line.split(',').next();
        let since = observed.lines().find(|line| line.split(',').next() == partner);
        let since = since.and_then(|line| line.split(',').nth(1)).expect("a day");
        text.push_str(&format!("{line},{since}\n"));
    }
    desk.ok(&["import", "stages", &desk.file("log.csv", text), "--observed-from", "observed"]);
    desk
}

fn velocity_agrees(compared: &mut Compared, desk: &Desk, name: &str, meta: &Value, reference: &Value) {
    let as_of = meta["as_of"].as_str().expect("a day");
    let days: Vec<String> = list(&meta["horizons"]).map(ToString::to_string).collect();
    let report = desk.json(&["report", "velocity", "--as-of", as_of, "--at", &days.join(",")]);
    for (stage, expected) in reference["stages"].as_object().expect("stages") {
        let (key, what) = (Value::from(stage.as_str()), format!("{name}, {stage}"));
        let ours = row(&report["rows"], &[("stage", &key)]);
        let dwell = &expected["dwell_any_exit"];
        compared.near(&ours["stays"], &expected["n_stays"], 0.0, &what);
        compared.near(&ours["q50_days"], &dwell["quantiles_first_t"]["q50"], 0.0, &what);
        compared.near(&ours["q50_days_low"], &dwell["ci_loglog_lower"]["q50"], 0.0, &what);
        compared.near(&ours["q50_days_high"], &dwell["ci_loglog_upper"]["q50"], 0.0, &what);
        for expected in list(&dwell["surv"]).filter(|one| one["beyond_data"] == false) {
            let ours = row(&report["curves"], &[("stage", &key), ("day", &expected["t"])]);
            if reference["left_truncated"] == false {
                // R counts late entries between two exits at the later of them.
                compared.near(&ours["at_risk"], &expected["at_risk"], 0.0, &what);
            }
            compared.near(&ours["survival"], &expected["S"], 1e-8, &what);
            compared.near(&ours["survival_se"], &expected["se_greenwood"], 1e-6, &what);
        }
        // Exits from parking are by the stage before, and leaving has one label: what is left to compare is stages.
        let is_stage = |to: &str| to != "parked" && list(&meta["chain"]).any(|one| one == to);
        let exits = expected["exits_cif"].as_object().into_iter().flatten();
        for (to, days) in exits.filter(|(to, _)| stage != "parked" && is_stage(to)) {
            for expected in list(days) {
                let to = Value::from(to.as_str());
                let ours = row(&report["exits"], &[("stage", &key), ("to", &to), ("day", &expected["t"])]);
                compared.near(&ours["p"], &expected["F"], 1e-8, &what);
                compared.near(&ours["p_se"], &expected["se_greenwood_etm"], 1e-6, &what);
            }
        }
    }
}

fn levers_agree(compared: &mut Compared, desk: &Desk, name: &str, as_of: &str, chain: &Value) {
    let of_stages = chain["p_success_from_each_stage"].as_object().expect("stages");
    let days: Vec<String> = list(&of_stages["recruitment"]).map(|one| one["t"].to_string()).collect();
    let report = desk.json(&["report", "intervene", "--as-of", as_of, "--at", &days.join(",")]);
    for (stage, days) in of_stages {
        for expected in list(days) {
            let wanted = [("stage", &Value::from(stage.as_str())), ("day", &expected["t"])];
            let ours = row(&report["p_success_by_day"], &wanted);
            compared.near(&ours["p"], &expected["p"], 1e-7, &format!("{name}, from {stage}"));
        }
    }
    for expected in list(&chain["p_success_from_each_stage"]["recruitment"]) {
        let horizon = expected["t"].to_string();
        let report = desk.json(&["report", "intervene", "--as-of", as_of, "--horizon", &horizon]);
        let what = format!("{name}, {horizon} days");
        compared.near(&report["p_success"], &expected["p"], 1e-7, &what);
        for lever in list(&chain["interventions"]["rows"]) {
            let (kind, stage) =
                lever["lever"].as_str().and_then(|lever| lever.split_once(':')).expect("a lever");
            let wanted = [("stage", &Value::from(stage)), ("lever", &Value::from(kind))];
            for effect in list(&lever["effects"]).filter(|effect| effect["t"] == expected["t"]) {
                let ours = row(&report["rows"], &wanted);
                compared.near(&ours["effect"], &effect["delta_p"], 1e-7, &what);
            }
        }
    }
}

fn forecasts_agree(compared: &mut Compared, desk: &Desk, name: &str, as_of: &str, truth: &Value) {
    for expected in list(&truth["results"]) {
        let horizon = expected["days_after_as_of"].to_string();
        let report = desk.json(&["report", "forecast", "--as-of", as_of, "--horizon", &horizon]);
        for (stage, expected) in expected["by_stage"].as_object().expect("stages") {
            let ours = row(&report["by_stage"], &[("stage", &Value::from(stage.as_str()))]);
            let what = format!("{name}, forecast from {stage}, {horizon} days");
            compared.near(&ours["open"], &expected["open"], 0.0, &what);
            compared.near(&ours["expected"], &expected["semi_markov_expected"], 0.0051, &what);
            compared.near(&ours["sd_if_right"], &expected["sd_if_model_true"], 0.0051, &what);
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a run with --nocapture shows what was compared")]
fn reports_for_machines_agree_with_other_implementations_on_real_data() {
    for folder in logs().into_iter().filter(|folder| folder.join("reference.json").exists()) {
        let name = folder.display().to_string();
        let (meta, reference) = (json(&folder.join("meta.json")), json(&folder.join("reference.json")));
        let as_of = meta["as_of"].as_str().expect("a day");
        let (desk, mut compared) = (imported(&folder), Compared::default());
        velocity_agrees(&mut compared, &desk, &name, &meta, &reference);
        // The chain here knows from where partners were parked; that of the reference does not.
        if reference["stages"]["parked"].is_null() {
            levers_agree(&mut compared, &desk, &name, as_of, &json(&folder.join("semi_markov.json")));
            forecasts_agree(&mut compared, &desk, &name, as_of, &json(&folder.join("forecast_truth.json")));
        }
        println!("{name}: {} figures of reports agree", compared.0);
    }
}
