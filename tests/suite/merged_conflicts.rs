//! Merging two entries of one partner that do not agree: each conflict is named, and whose word counts can be said.

use serde_json::Value;

use crate::partner_operations::rows;
use crate::support::Desk;

/// Two entries of one partner, with a plan, a margin, an owner and a place on the watch list each.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-01-05", "--owner", "ana"]);
    let other =
        ["--stage", "growth", "--on", "2026-01-05", "--owner", "ben", "--tier", "gold", "--region", "AT"];
    desk.ok(&[&["add-partner", "Acme Austria"], &other[..]].concat());
    for (partner, target, margin, day) in
        [("acme", "40000", "12", "2026-01-20"), ("acme-austria", "20000", "15", "2026-01-21")]
    {
        desk.ok(&[
            "plan",
            "set",
            partner,
            "--period",
            "2026",
            "--target",
            target,
            "--agreed-by",
            "J",
            "--on",
            day,
        ]);
        desk.ok(&["agree", partner, &format!("margin={margin}"), "--on", day]);
        desk.ok(&["watch", partner, "--reason", "no pipeline", "--on", "2026-05-01"]);
    }
    desk.ok(&["agree", "acme-austria", "contract-end=2027-12-31", "--on", "2026-02-01"]);
    desk
}

const MERGE: [&str; 5] = ["merge", "acme-austria", "--into", "acme", "--without-stages"];

fn merge(desk: &Desk, more: &[&str]) -> String {
    let said = desk.run(&[&MERGE[..], more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    said.err
}

/// Owner, tier, margin, contract end and the target of the year.
fn holds(desk: &Desk, as_of: &str) -> Vec<Value> {
    let columns = "key,owner,tier,region,margin,contract-end";
    let listed = desk.json(&["list", "--where", "key=acme", "--columns", columns, "--as-of", as_of]);
    let plans = desk.json(&["plan", "list", "--period", "2026", "--as-of", as_of]);
    let target = rows(&plans).iter().find(|row| row["key"] == "acme" || row["partner"] == "acme").cloned();
    let row = rows(&listed)[0].clone();
    let mut held: Vec<Value> = ["owner", "tier", "region", "margin"].map(|key| row[key].clone()).to_vec();
    held.push(target.map_or(Value::Null, |row| row["target"].clone()));
    held
}

#[test]
fn the_partner_that_stays_wins_and_what_only_one_has_is_kept() {
    let desk = desk();
    let said = merge(&desk, &["--dry-run"]);
    for part in [
        "plan 2026: 40000.00 EUR of `acme` stays, not 20000.00 EUR",
        "margin: 12 of",
        "owner: ana of",
        "watch list",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("from `acme-austria`, since `acme` has none: region AT, tier gold"), "{said}");
    assert_eq!(merge(&desk, &[]).lines().filter(|line| line.contains(" stays, not ")).count(), 4);
    let kept: Vec<Value> = vec!["ana".into(), "gold".into(), "AT".into(), 12.0.into(), 40000.0.into()];
    assert_eq!(holds(&desk, "2026-11-23"), kept);
    assert_eq!(holds(&desk, "2026-03-01"), kept, "as if it had always been one");
    desk.check();
    let text = desk.ok(&["export", "--all"]);
    let copy = Desk::empty();
    copy.ok(&["import", "--all", &copy.file("all.jsonl", text)]);
    assert_eq!(holds(&copy, "2026-11-23"), kept);
    desk.ok(&["undo"]);
    assert_eq!(rows(&desk.json(&["list"])).len(), 2);
    desk.check();
}

#[test]
fn plans_are_added_up_and_terms_and_owner_taken_if_the_merge_says_so() {
    let desk = desk();
    let said = merge(&desk, &["--plans", "add", "--take", "terms,owner,watch"]);
    assert!(said.contains("are added up, 60000.00 EUR"), "{said}");
    let taken: Vec<Value> = vec!["ben".into(), "gold".into(), "AT".into(), 15.0.into(), 60000.0.into()];
    assert_eq!(holds(&desk, "2026-11-23"), taken);
    desk.check();
    // What is agreed after the merge counts.
    desk.ok(&["agree", "acme", "margin=20"]);
    desk.ok(&["edit", "acme", "--owner", "cy"]);
    assert_eq!(holds(&desk, "2026-11-23")[..4], ["cy".into(), "gold".into(), "AT".into(), Value::from(20.0)]);
    desk.fails(2, &[&MERGE[..], &["--keep", "sales", "--take", "sales"]].concat());
    desk.fails(2, &[&MERGE[..], &["--take", "sails"]].concat());
    desk.check();
}

#[test]
fn one_reference_with_two_amounts_is_refused_until_it_is_said_which_is_right() {
    let desk = desk();
    for (partner, reference, amount) in [
        ("acme", "R-1", "100"),
        ("acme-austria", "R-1", "100"),
        ("acme", "R-2", "500"),
        ("acme-austria", "R-2", "700"),
    ] {
        desk.ok(&["revenue", "add", partner, amount, "--on", "2026-03-02", "--ref", reference]);
    }
    let err = desk.fails(4, &MERGE);
    assert!(err.contains("`R-2` is 500.00 EUR on 2026-03-02 for `acme`, 700.00 EUR"), "{err}");
    assert!(err.contains("--keep sales") && err.contains("--take sales") && !err.contains("R-1"), "{err}");
    let revenue =
        |desk: &Desk| rows(&desk.json(&["list", "--columns", "key,revenue-12m"]))[0]["revenue_12m"].as_f64();
    merge(&desk, &["--keep", "sales"]);
    assert_eq!(revenue(&desk), Some(600.0));
    desk.ok(&["undo"]);
    let said = merge(&desk, &["--take", "sales"]);
    assert!(said.contains("sale `R-2`: 700.00 EUR on 2026-03-02 of `acme-austria` replaces"), "{said}");
    assert_eq!(revenue(&desk), Some(800.0));
    desk.check();
}
