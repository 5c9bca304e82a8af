//! Merging a duplicate: the partner that stays keeps its stage and its agreed plan, unless a later word truly changes them.

use serde_json::Value;

use crate::partner_operations::rows;
use crate::support::Desk;
use crate::terminal::Terminal;

const MERGE: [&str; 4] = ["merge", "kite-ltd", "--into", "kite"];

/// A partner in Growth, and a second entry of it that was added by mistake on a day.
fn desk(on: &str) -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Kite", "--stage", "growth", "--on", "2025-10-22"]);
    desk.ok(&["add-partner", "Kite Ltd", "--on", on]);
    desk
}

/// Moves the second entry on, so that its move is the last of both.
fn moved() -> Desk {
    let desk = desk("2026-09-01");
    desk.ok(&["advance", "kite-ltd", "--override", "signed elsewhere", "--on", "2026-09-20"]);
    desk
}

fn stage(desk: &Desk, as_of: &str) -> Value {
    let row = rows(&desk.json(&["list", "--where", "key=kite", "--as-of", as_of]))[0].clone();
    Value::from(vec![row["stage"].clone(), row["since"].clone()])
}

fn growth() -> Value {
    Value::from(vec!["growth", "2025-10-22"])
}

#[test]
fn the_stage_in_which_a_duplicate_was_added_moves_nobody() {
    for on in ["2026-11-23", "2025-12-01", "2025-10-22"] {
        let desk = desk(on);
        for dry in [&["--dry-run"][..], &[]] {
            let said = desk.run(&[&MERGE[..], dry].concat());
            assert_eq!(said.code, 0, "{}", said.err);
            let kept = "stage: Growth of `kite` stays, not Recruitment of `kite-ltd`";
            assert!(said.err.contains(kept), "{}", said.err);
        }
        for as_of in ["2025-11-01", "2025-12-31", "2026-11-23"] {
            assert_eq!(stage(&desk, as_of), growth(), "{on}, {as_of}");
        }
        let copy = Desk::empty();
        copy.ok(&["import", "--all", &copy.file("all.jsonl", desk.ok(&["export", "--all"]))]);
        assert_eq!(stage(&copy, "2026-11-23"), growth());
        desk.ok(&["undo"]);
        assert_eq!(rows(&desk.json(&["list"])).len(), 2);
        desk.ok(&["redo"]);
        assert_eq!(stage(&desk, "2026-11-23"), growth());
        desk.check();
    }
}

#[test]
fn duplicates_that_were_placed_in_one_stage_are_merged_both_ways() {
    for other in ["2025-10-22", "2025-03-01"] {
        for (going, staying) in [("kite-ltd", "kite"), ("kite", "kite-ltd")] {
            let desk = Desk::new();
            desk.ok(&["add-partner", "Kite", "--stage", "growth", "--on", "2025-10-22"]);
            desk.ok(&["add-partner", "Kite Ltd", "--stage", "growth", "--on", other]);
            desk.ok(&["merge", going, "--into", staying]);
            let row = rows(&desk.json(&["list"]))[0].clone();
            assert_eq!((row["key"].as_str(), row["stage"].as_str()), (Some(staying), Some("growth")));
            assert_eq!(row["since"].as_str(), Some(other), "{going}");
            desk.ok(&["add-partner", "Third", "--stage", "growth", "--on", other]);
            desk.ok(&["merge", staying, "--into", "third"]);
            assert_eq!(rows(&desk.json(&["list"]))[0]["since"].as_str(), Some(other), "{going}");
            desk.check();
        }
    }
}

#[test]
fn what_an_older_duplicate_knows_of_the_time_before_is_taken_over() {
    let desk = desk("2025-03-01");
    desk.ok(&MERGE);
    assert_eq!(stage(&desk, "2026-11-23"), growth());
    assert_eq!(stage(&desk, "2025-06-01"), Value::from(vec!["recruitment", "2025-03-01"]));
    desk.check();
}

#[test]
fn a_later_move_of_the_duplicate_is_named_and_has_to_be_confirmed() {
    let desk = moved();
    let change =
        "stage: Growth becomes Terms, by the move of `kite-ltd` on 2026-09-20; --without-stages keeps Growth";
    let said = desk.run(&[&MERGE[..], &["--dry-run"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains(change), "{}", said.err);
    let err = desk.fails(2, &MERGE);
    assert!(err.contains("changes the stage of Kite from Growth to Terms and needs confirmation"), "{err}");
    for option in ["--without-stages", "--yes", "--dry-run"] {
        assert!(err.contains(option), "{option}: {err}");
    }
    assert_eq!(rows(&desk.json(&["list"])).len(), 2, "nothing was recorded");
    assert!(desk.run(&[&MERGE[..], &["--yes"]].concat()).err.contains(change));
    assert_eq!(stage(&desk, "2026-11-23"), Value::from(vec!["terms", "2026-09-20"]));
    assert_eq!(stage(&desk, "2026-09-10"), growth());
    desk.ok(&["undo"]);
    desk.ok(&["redo"]);
    assert_eq!(stage(&desk, "2026-11-23"), Value::from(vec!["terms", "2026-09-20"]));
    desk.check();
    desk.ok(&["undo"]);
    desk.ok(&[&MERGE[..], &["--without-stages"]].concat());
    assert_eq!(stage(&desk, "2026-11-23"), growth());
    desk.check();
}

#[test]
fn a_leaving_that_a_merge_brings_has_to_be_confirmed() {
    let desk = desk("2026-02-01");
    desk.ok(&["leave", "kite-ltd", "--as", "withdrew", "--reason", "closed", "--on", "2026-05-10"]);
    let err = desk.fails(2, &MERGE);
    assert!(err.contains("from Growth to left and needs confirmation"), "{err}");
    let said = desk.run(&[&MERGE[..], &["--yes"]].concat());
    assert!(said.err.contains("Kite has left too, since `kite-ltd` left on 2026-05-10"), "{}", said.err);
    desk.check();
}

#[test]
fn a_move_that_a_merge_brings_is_asked_for_on_a_terminal() {
    let desk = moved();
    for (answer, partners) in [("n", 2), ("y", 1)] {
        let mut terminal = Terminal::open(&desk, 120, &MERGE);
        terminal.expect("stage: Growth becomes Terms");
        terminal.answer("so that Kite is Terms and not Growth any more?", &format!("{answer}\r"));
        assert_eq!(terminal.end().0, 0);
        assert_eq!(rows(&desk.json(&["list"])).len(), partners, "{answer}");
    }
    desk.check();
}

/// Two entries of one partner: the plan of the first is agreed, that of the second is a draft of a day.
fn plans(drafted: &str) -> Desk {
    let desk = Desk::new();
    for name in ["Acme", "Bolt"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2025-10-10"]);
    }
    let agreed = ["--target", "400", "--agreed-by", "J", "--on", "2026-01-05"];
    desk.ok(&[&["plan", "set", "acme", "--period", "2026"], &agreed[..]].concat());
    desk.ok(&["plan", "set", "bolt", "--period", "2026", "--target", "800", "--on", drafted]);
    desk
}

/// Status and target of all plans of the year, the agreed one first.
fn planned(desk: &Desk, as_of: &str) -> Vec<(String, f64)> {
    let listed = desk.json(&["plan", "list", "--period", "2026", "--as-of", as_of]);
    let plan = |row: &Value| Some((row["state"].as_str()?.to_owned(), row["target"].as_f64()?));
    rows(&listed).iter().filter_map(plan).collect()
}

#[test]
fn an_agreed_plan_counts_until_the_draft_that_wins_a_merge_is_agreed() {
    let (agreed, draft) = (("active".to_owned(), 400.0), ("editing".to_owned(), 800.0));
    // Whether the draft is the older one or not.
    for drafted in ["2026-01-03", "2026-10-01"] {
        for (merge, into) in [
            (&["merge", "acme", "--into", "bolt"][..], "bolt"),
            (&["merge", "bolt", "--into", "acme", "--plans", "take"], "acme"),
        ] {
            let desk = plans(drafted);
            for dry in [&["--dry-run"][..], &[]] {
                let said = desk.run(&[merge, &["--without-stages"], dry].concat()).err;
                let named = "plan 2026: 400.00 EUR of `acme`, agreed, counts until 800.00 EUR (draft) of `bolt` is agreed";
                assert!(said.contains(named), "{said}");
            }
            assert_eq!(planned(&desk, "2026-11-23"), [agreed.clone(), draft.clone()], "{into}");
            assert_eq!(planned(&desk, "2026-06-30").first(), Some(&agreed), "{into}");
            desk.ok(&["undo"]);
            desk.ok(&["redo"]);
            assert_eq!(planned(&desk, "2026-06-30").first(), Some(&agreed), "{into}");
            desk.check();
            desk.ok(&["plan", "send", into, "--period", "2026"]);
            desk.ok(&["plan", "agree", into, "--period", "2026"]);
            assert_eq!(planned(&desk, "2026-11-23"), [("active".to_owned(), 800.0)], "{into}");
            assert_eq!(planned(&desk, "2026-06-30").first(), Some(&agreed), "{into}");
            desk.check();
        }
    }
}

#[test]
fn a_draft_that_loses_a_merge_is_called_one_and_is_not_added_up() {
    let desk = plans("2026-02-01");
    let err = desk.fails(4, &["merge", "bolt", "--into", "acme", "--without-stages", "--plans", "add"]);
    assert!(
        err.contains("the 2026 plan of `bolt` is not agreed and cannot be added to that of `acme`"),
        "{err}"
    );
    let said = desk.run(&["merge", "bolt", "--into", "acme", "--without-stages"]).err;
    let kept =
        "plan 2026: 400.00 EUR of `acme` stays, not 800.00 EUR (draft) of `bolt` (--plans take changes that)";
    assert!(said.contains(kept), "{said}");
    assert_eq!(planned(&desk, "2026-11-23"), [("active".to_owned(), 400.0)]);
    desk.check();
}

#[test]
fn a_merge_into_a_partner_that_has_left_is_named_and_has_to_be_confirmed() {
    let desk = Desk::new();
    for name in ["Acme", "Bolt"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2025-01-02"]);
    }
    desk.ok(&["leave", "acme", "--as", "withdrew", "--reason", "sold", "--on", "2026-03-31"]);
    let merge = ["merge", "bolt", "--into", "acme"];
    let away = "`acme` is left since 2026-03-31, and `bolt` in Growth";
    let said = desk.run(&[&merge[..], &["--dry-run"]].concat());
    assert!(said.err.contains(away), "{}", said.err);
    let err = desk.fails(2, &merge);
    assert!(err.contains("leaves nobody in Growth needs confirmation"), "{err}");
    desk.ok(&["merge", "acme", "--into", "bolt", "--without-stages"]);
    assert_eq!(desk.json(&["show", "bolt"])["stage"], "growth");
    desk.ok(&["undo"]);
    desk.ok(&[&merge[..], &["--yes"]].concat());
    desk.check();
}
