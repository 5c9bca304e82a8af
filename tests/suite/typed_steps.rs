//! Every step that the reports print can be typed: on a channel where much is open, with the words in capitals replaced,
//! none of them is refused for its form.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Desk, said};

/// A channel with something open at every stage, and with money, questions, plans and people.
fn busy() -> Desk {
    let mut desk = Desk::new();
    let places = [
        ("rec", "recruitment"),
        ("neg", "terms"),
        ("ready", "readiness"),
        ("start", "launch"),
        ("grow", "growth"),
        ("weak", "growth"),
        ("plan", "growth"),
        ("silent", "growth"),
        ("rest", "growth"),
        ("gone", "growth"),
    ];
    desk.set_today("2025-12-01");
    for (key, stage) in places {
        desk.ok(&["add-partner", key, "--stage", stage, "--type", "reseller", "--owner", "ana"]);
    }
    desk.ok(&["add-partner", "lost", "--stage", "growth"]);
    for key in ["grow", "weak", "plan"] {
        desk.ok(&["plan", "set", key, "--period", "2026", "--target", "120000"]);
        desk.ok(&["plan", "send", key, "--period", "2026"]);
        desk.ok(&["plan", "agree", key, "--period", "2026"]);
    }
    desk.set_today("2026-07-10");
    for (key, amount) in [("grow", "30000"), ("weak", "10"), ("plan", "20"), ("rest", "500")] {
        for month in ["01", "02", "03", "04", "05", "06"] {
            desk.ok(&["revenue", "add", key, amount, "--period", &format!("2026-{month}")]);
        }
    }
    desk.ok(&["fund", "grant", "grow", "5000", "--fund", "mdf"]);
    desk.ok(&["fund", "accrue", "--where", "stage=growth"]);
    for cost in ["200", "300"] {
        let starts = ["--fund", "mdf", "--starts", "2026-07-10"];
        desk.ok(&[&["fund", "request", "grow", "Webinar", "--cost", cost][..], &starts].concat());
    }
    let requests = desk.json(&["fund", "list"])["requests"].as_array().expect("requests").clone();
    desk.ok(&["fund", "approve", &requests[0]["request"].to_string()]);
    desk.ok(&["fund", "claim", &requests[0]["request"].to_string(), "90", "--proof", "invoice"]);
    desk.ok(&["certify", "grow", "sales", "Jo Doe <jo@grow.example>", "--until", "2026-12-10"]);
    desk.ok(&["agree", "grow", "contract-end=2026-12-31"]);
    desk.ok(&["agree", "weak", "contract-end=2026-09-30"]);
    desk.ok(&["plan", "action", "grow", "Call the buyer", "--due", "2026-11-01"]);
    desk.ok(&["watch", "weak", "--reason", "below plan"]);
    desk.ok(&["watch", "plan", "--reason", "below plan"]);
    desk.ok(&["improve", "plan", "--until", "2026-08-10"]);
    desk.ok(&["park", "rest", "--until", "2026-10-01", "--reason", "no budget"]);
    desk.ok(&["park", "rec", "--reason", "no budget"]);
    desk.ok(&["leave", "gone", "--as", "terminated", "--reason", "sold"]);
    desk.set_today("2026-11-23");
    desk.ok(&["ask", "grow", "When does it ship?"]);
    desk.ok(&["plan", "set", "grow", "--period", "2027", "--target", "150000"]);
    let body = desk.file("body.txt", "It ships.");
    let atlas = ["announce", "atlas-3", "grow", "--subject", "Atlas 3", "--body", &body];
    desk.ok(&[&atlas[..], &["--launch-day", "2027-02-01"]].concat());
    desk
}

/// What the reports are asked; `PARTNER` stands for each partner.
const ASKED: [&str; 31] = [
    "next --limit 0",
    "calendar --limit 0",
    "report",
    "report pipeline",
    "report velocity",
    "report forecast",
    "report intervene",
    "report intervene --toward first-revenue",
    "report intervene --toward productive",
    "report intervene --toward revenue",
    "report stuck",
    "report cohorts",
    "report flow",
    "report growth",
    "report revenue",
    "report nonperforming --all",
    "report reporting",
    "report readiness",
    "report communication",
    "report communication atlas-3",
    "report funds",
    "report terms",
    "report tiers",
    "report overrides",
    "questions",
    "tier review",
    "fund list",
    "list",
    "show PARTNER",
    "fund show PARTNER",
    "report review PARTNER",
];

/// Adds the commands that the cells of a report hold.
fn collect(value: &Value, steps: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("chanlife ") => {
            steps.insert(text.clone());
        }
        Value::Array(all) => all.iter().for_each(|one| collect(one, steps)),
        Value::Object(all) => all.values().for_each(|one| collect(one, steps)),
        _ => {}
    }
}

/// The commands that sentences name in backticks.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('`').filter(|part| part.starts_with("chanlife ")).map(str::to_owned)
}

/// The words of a command line with the words in capitals replaced by what somebody could type.
fn typed(step: &str) -> Vec<String> {
    let known = [
        ("AMOUNT", "100"),
        ("REASON", "because"),
        ("TEXT", "an answer"),
        ("WHAT", "a call"),
        ("PERSON", "Al Roe <al@roe.example>"),
        ("KEY", "atlas-3"),
        ("HOW", "call"),
        ("ACTIVITY", "Webinar"),
        ("FUND", "co-op"),
        ("PROOF", "invoice"),
        ("OUTCOME", "recover"),
        ("PARTNER", "grow"),
        ("NAME", "New Co"),
        ("FILE", "merge.csv"),
        ("PERIOD", "2026-Q3"),
        ("QUARTER", "2026-Q3"),
        ("YEAR", "2027"),
    ];
    let mut words = shell_words::split(step).expect("a command line");
    for at in 1..words.len() {
        let is_past = matches!(words[at - 1].as_str(), "--on");
        let day = if is_past { "2026-11-20" } else { "2027-01-15" };
        let word = &mut words[at];
        if let Some((term, placeholder)) = word.clone().split_once('=') {
            let value = match (placeholder, term) {
                ("DATE", _) => "2027-12-31",
                ("NUMBER", _) => "12",
                ("AMOUNT", _) => "100",
                ("VALUE", "reporting-cadence") => "month",
                ("VALUE", _) => "all",
                (other, _) => other,
            };
            *word = format!("{term}={value}");
        } else if word == "DATE" {
            day.clone_into(word);
        } else if let Some((_, value)) = known.iter().find(|(placeholder, _)| word == placeholder) {
            (*value).clone_into(word);
        }
    }
    words.split_off(1)
}

#[test]
fn every_step_that_a_report_prints_can_be_typed_as_it_stands() {
    let desk = busy();
    let partners = desk.json(&["list"])["rows"].as_array().expect("rows").clone();
    let mut steps = BTreeSet::new();
    for asked in ASKED {
        let mut all = vec![asked.to_owned()];
        if asked.contains("PARTNER") {
            let keys = partners.iter().filter_map(|row| row["key"].as_str());
            all = keys.map(|key| asked.replace("PARTNER", key)).collect();
        }
        for one in &all {
            let words: Vec<&str> = one.split(' ').collect();
            collect(&desk.json(&words), &mut steps);
            let read = desk.run(&words);
            steps.extend(quoted(&read.out).chain(quoted(&read.err)));
        }
    }
    assert!(steps.len() > 60, "few steps: {steps:?}");
    let copy = desk.folder().join("copy.db");
    let mut wrong = Vec::new();
    let question = desk.json(&["questions"])["rows"][0]["question"].to_string();
    for step in &steps {
        std::fs::copy(desk.db(), &copy).expect("copied");
        let words: Vec<String> = typed(step)
            .into_iter()
            .map(|word| if word == "NUMBER" { question.clone() } else { word })
            .collect();
        let run = said(desk.command().env("CHANLIFE_DB", &copy).args(&words).output().expect("it starts"));
        // Questionnaires are asked at a terminal, which a test has not.
        let is_asked = words[0] == "assess" && run.err.starts_with("error: the answer is missing");
        let is_capital = |word: &String| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        if run.code != 0 && run.code != 1 && !is_asked || words.iter().any(is_capital) {
            wrong.push(format!("{step}\n  as {words:?}\n  [{}] {}", run.code, run.err.trim_end()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} steps fail:\n{}", wrong.len(), steps.len(), wrong.join("\n"));
}
