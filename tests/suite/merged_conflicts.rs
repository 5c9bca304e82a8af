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
fn sales_of_one_reference_in_two_currencies_are_named_in_those() {
    let desk = Desk::new();
    for name in ["Acme", "Bolt"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2026-01-05"]);
    }
    let sale = ["--ref", "R1", "--on", "2026-07-05"];
    desk.ok(&[&["revenue", "add", "acme", "100", "--currency", "USD", "--rate", "0.9"], &sale[..]].concat());
    desk.ok(&[&["revenue", "add", "bolt", "90"], &sale[..]].concat());
    let why = desk.fails(4, &["merge", "bolt", "--into", "acme"]);
    let both = "100 USD at 0.9 on 2026-07-05 for `acme`, 90.00 EUR on 2026-07-05 for `bolt`";
    assert!(why.contains(both), "{why}");
}

#[test]
fn a_merge_names_what_of_past_plans_counts_no_more() {
    let desk = Desk::new();
    for key in ["acme", "bolt"] {
        desk.ok(&["add-partner", key, "--stage", "growth", "--on", "2025-01-01"]);
        let plan = ["--quarters", "100,100,100,100", "--agreed-by", "J", "--on", "2025-01-01"];
        desk.ok(&[&["plan", "set", key, "--period", "2025"], &plan[..]].concat());
    }
    let both = "plans up to today: 800.00 EUR counted for the two, 400.00 EUR count after this merge";
    let said = desk.run(&["merge", "bolt", "--into", "acme", "--dry-run"]);
    assert!(said.err.contains(both), "{}", said.err);
    let said = desk.run(&["merge", "bolt", "--into", "acme", "--plans", "add"]);
    assert!(!said.err.contains("plans up to today"), "nothing changes: {}", said.err);
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

/// Two entries with totals of one quarter, and a total of another beside an invoice that is returned in part.
fn with_totals() -> Desk {
    let desk = Desk::new();
    for name in ["Acme", "Acme Austria"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2026-01-05", "--owner", "ana"]);
    }
    desk.ok(&["revenue", "add", "acme", "500", "--period", "2026-Q1"]);
    desk.ok(&["revenue", "add", "acme-austria", "450", "--period", "2026-Q1"]);
    desk.ok(&["revenue", "add", "acme-austria", "100", "--on", "2026-02-03", "--customer", "X", "--detail"]);
    desk.ok(&[
        "revenue",
        "add",
        "acme-austria",
        "70",
        "--on",
        "2026-07-02",
        "--customer",
        "Y",
        "--ref",
        "L1",
    ]);
    desk.ok(&["revenue", "add", "acme-austria", "-10", "--on", "2026-07-12", "--returns", "L1"]);
    desk.ok(&["revenue", "add", "acme", "90", "--period", "2026-Q3"]);
    desk.ok(&["revenue", "add", "acme", "33", "--on", "2026-10-05"]);
    desk
}

fn total(desk: &Desk, more: &[&str]) -> Option<f64> {
    let listed = desk.json(&[&["report", "revenue", "--by", "partner"][..], more].concat());
    rows(&listed).iter().map(|row| row["amount"].as_f64()).sum()
}

#[test]
fn totals_of_the_same_days_are_refused_with_their_remedy_and_count_once_as_the_merge_says() {
    let desk = with_totals();
    let err = desk.fails(4, &MERGE);
    assert!(err.contains("500.00 EUR for 2026-Q1 (1 Jan to 31 Mar 2026) of `acme` and 450.00 EUR"), "{err}");
    assert!(err.contains("70.00 EUR on 2026-07-02, -10.00 EUR on 2026-07-12 of `acme-austria`"), "{err}");
    assert!(err.contains("--keep sales") && err.contains("--take sales"), "{err}");
    for (choice, named, sum) in [
        ("--keep", "500.00 EUR for 2026-Q1 (1 Jan to 31 Mar 2026) of `acme` stays, not 450.00 EUR", 623.0),
        (
            "--take",
            "450.00 EUR for 2026-Q1 (1 Jan to 31 Mar 2026) of `acme-austria` replaces 500.00 EUR",
            543.0,
        ),
    ] {
        for dry in [&["--dry-run"][..], &[]] {
            let said = merge(&desk, &[&[choice, "sales"], dry].concat());
            assert!(said.contains(named), "{said}");
        }
        assert_eq!(total(&desk, &[]), Some(sum), "{choice}");
        desk.check();
        let copy = Desk::empty();
        copy.ok(&["import", "--all", &copy.file("all.jsonl", desk.ok(&["export", "--all"]))]);
        assert_eq!(total(&copy, &[]), Some(sum), "{choice}");
        desk.ok(&["undo"]);
        assert_eq!(total(&desk, &[]), Some(500.0 + 450.0 + 70.0 - 10.0 + 90.0 + 33.0));
    }
}

#[test]
fn what_gave_way_in_a_merge_is_not_corrected_and_what_counts_is() {
    let desk = with_totals();
    merge(&desk, &["--keep", "sales"]);
    let listed = desk.json(&["log", "acme", "--kind", "sold"]);
    let of = |minor: i64| {
        let found = rows(&listed)
            .into_iter()
            .find(|row| row["what"].as_str().is_some_and(|text| text.contains(&format!("{minor}.00 EUR"))));
        found.map(|row| row["event"].to_string()).expect("an event")
    };
    let err = desk.fails(4, &["correct", &of(450), "--amount", "400"]);
    assert!(err.contains("counts no more: the merge of event"), "{err}");
    desk.ok(&["correct", &of(500), "--amount", "510"]);
    assert_eq!(total(&desk, &[]), Some(633.0));
    desk.check();
}

#[test]
fn what_ended_with_a_partner_that_left_stays_ended_after_a_merge_unless_it_is_taken() {
    let desk = Desk::new();
    for name in ["Acme", "Acme Austria"] {
        desk.ok(&["add-partner", name, "--stage", "growth", "--on", "2026-01-05", "--owner", "ana"]);
    }
    let plan = ["--period", "2026", "--target", "36500", "--agreed-by", "J", "--on", "2026-01-10"];
    desk.ok(&[&["plan", "set", "acme-austria"], &plan[..]].concat());
    desk.ok(&["plan", "action", "acme-austria", "hire", "--due", "2026-12-01", "--on", "2026-01-20"]);
    desk.ok(&["watch", "acme-austria", "--reason", "no pipeline", "--on", "2026-02-01"]);
    desk.ok(&["agree", "acme-austria", "margin=15", "--on", "2026-02-01"]);
    desk.ok(&["follow", "acme-austria", "2026-12-03", "call back", "--on", "2026-03-01"]);
    let planned = |as_of: &str| {
        let listed = desk.json(&["plan", "list", "--period", "2026", "--as-of", as_of]);
        rows(&listed)
            .iter()
            .map(|row| row["counted"].as_f64().or(row["target"].as_f64()))
            .sum::<Option<f64>>()
    };
    let past = planned("2026-03-31");
    desk.ok(&["leave", "acme-austria", "--as", "withdrew", "--reason", "closed", "--on", "2026-05-10"]);
    let ended = planned("2026-11-23");
    let said = merge(&desk, &[]);
    assert!(
        said.contains("`acme-austria` left on 2026-05-10, and what ended then stays ended: plan 2026"),
        "{said}"
    );
    for part in ["terms margin", "watch list", "--take plans,terms,watch"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(planned("2026-11-23"), ended);
    let shown = desk.ok(&["show", "acme"]);
    assert!(!shown.contains("Terms  ") && !shown.contains("on the watch list since"), "{shown}");
    assert!(
        shown.contains("call back") && shown.contains("hire  "),
        "what is to be done outlives a leaving: {shown}"
    );
    desk.ok(&["undo"]);
    desk.ok(&["redo"]);
    assert_eq!(planned("2026-11-23"), ended);
    desk.check();
    desk.ok(&["undo"]);
    merge(&desk, &["--take", "plans,terms,watch"]);
    assert_eq!(planned("2026-11-23"), past);
    let shown = desk.ok(&["show", "acme"]);
    assert!(shown.contains("margin 15") && shown.contains("on the watch list since"), "{shown}");
    desk.check();
}

#[test]
fn a_merge_that_brings_a_leaving_says_so() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-01-05"]);
    desk.ok(&["add-partner", "Acme Austria", "--stage", "recruitment", "--on", "2025-01-05"]);
    desk.ok(&["leave", "acme-austria", "--as", "withdrew", "--reason", "closed", "--on", "2026-05-10"]);
    let said = desk.run(&["merge", "acme-austria", "--into", "acme", "--dry-run"]).err;
    assert!(
        said.contains("Acme has left too, since `acme-austria` left on 2026-05-10; --without-stages"),
        "{said}"
    );
    let said = merge(&desk, &["--dry-run"]);
    assert!(!said.contains("has left too"), "{said}");
}

#[test]
fn a_person_whom_both_know_is_named_and_no_opt_out_is_lost_by_a_merge() {
    let desk = Desk::new();
    let jane = "Jane Doe <jane@acme.example>, owner";
    desk.ok(&["add-partner", "Acme", "--contact", jane, "--on", "2026-01-05"]);
    desk.ok(&["add-partner", "Acme Austria", "--contact", "Bob <bob@acme.example>", "--on", "2026-01-05"]);
    let other = "Jane Smith <jane@acme.example>, cto, +49 30 1234567";
    desk.ok(&["edit", "acme-austria", "--contact", other, "--on", "2026-02-01"]);
    desk.ok(&["edit", "acme-austria", "--contact-opt-out", "jane@acme.example", "--on", "2026-03-01"]);
    // What the other entry said later of its own Jane takes nothing back.
    desk.ok(&["edit", "acme", "--contact-opt-out", "jane@acme.example", "--on", "2026-02-01"]);
    desk.ok(&["edit", "acme", "--contact-opt-in", "jane@acme.example", "--on", "2026-04-01"]);
    for dry in [&["--dry-run"][..], &[]] {
        let said = merge(&desk, dry);
        assert!(
            said.contains(&format!("contact: {jane} of `acme` stays, not {other} of `acme-austria`")),
            "{said}"
        );
        assert!(said.contains("opted out of mail, as at `acme-austria`"), "{said}");
    }
    let shown = desk.json(&["show", "acme"]);
    let people = shown["people"].as_array().cloned().unwrap_or_default();
    let found = people.iter().find(|one| one["email"] == "jane@acme.example").expect("Jane");
    assert_eq!((&found["name"], &found["opted_out"]), (&"Jane Doe".into(), &true.into()));
    assert_eq!(found["phone"], "+49 30 1234567", "what one does not know is completed");
    assert_eq!(people.len(), 2);
    desk.check();
    // After the merge she may be mailed again.
    desk.ok(&["edit", "acme", "--contact-opt-in", "jane@acme.example"]);
    assert_eq!(desk.json(&["show", "acme"])["opted_out"].as_array().map(Vec::len), Some(0));
    desk.check();
}

#[test]
fn an_opt_out_outlives_another_address_from_a_file_and_a_move() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--contact", "Jane Doe <jane@acme.example>", "--on", "2026-01-05"]);
    desk.ok(&["add-partner", "Beta", "--contact", "JANE DOE <jane@home.example>", "--on", "2026-01-05"]);
    desk.ok(&["edit", "acme", "--contact-opt-out", "jane@acme.example"]);
    let head = "name,contact_name,contact_email,contact_opt_out\n";
    let out = |partner: &str| {
        let people = desk.json(&["show", partner])["people"].as_array().cloned().unwrap_or_default();
        people.iter().filter(|one| one["opted_out"] == true).count()
    };
    desk.ok(&["import", "partners", &desk.file("p.csv", format!("{head}Acme,jane doe,jane@new.example,\n"))]);
    assert_eq!(out("acme"), 2, "another address is no other person");
    desk.ok(&["import", "partners", &desk.file("p.csv", format!("{head}Acme,Kim,kim@acme.example,\n"))]);
    assert_eq!(out("acme"), 2);
    desk.ok(&["move-contact", "acme", "jane@new.example", "--to", "beta", "--as", "jane@beta.example"]);
    assert_eq!(out("beta"), 1);
    desk.check();
}

/// Partners in growth with a plan of 2026 each.
fn planned(targets: &[(&str, &str)]) -> Desk {
    let desk = Desk::new();
    for (partner, target) in targets {
        desk.ok(&[
            "add-partner",
            partner,
            "--stage",
            "growth",
            "--on",
            "2025-10-10",
            "--observed-from",
            "2025-10-10",
        ]);
        let plan = ["plan", "set", partner, "--period", "2026", "--target", target, "--agreed-by", "J"];
        desk.ok(&[&plan[..], &["--on", "2026-01-01"]].concat());
    }
    desk
}

fn join(desk: &Desk, from: &str, into: &str, plans: &str) -> String {
    let said = desk.run(&["merge", from, "--into", into, "--without-stages", "--plans", plans]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.err
}

/// The plan of all partners by quarter of the fiscal year.
fn quarters(desk: &Desk) -> Vec<Option<f64>> {
    let growth = desk.json(&["report", "growth"]);
    growth["quarters"].as_array().into_iter().flatten().map(|quarter| quarter["plan"].as_f64()).collect()
}

#[test]
fn plans_that_were_added_up_are_added_up_again_with_those_of_another_merge() {
    let desk = planned(&[("acme", "4000"), ("dup", "400"), ("tri", "40")]);
    join(&desk, "tri", "dup", "add");
    let said = join(&desk, "dup", "acme", "add");
    assert!(said.contains("are added up, 4440.00 EUR"), "{said}");
    assert_eq!(quarters(&desk), [Some(1110.0); 4]);
    desk.ok(&["undo"]);
    join(&desk, "dup", "acme", "take");
    assert_eq!(quarters(&desk), [Some(110.0); 4]);
    let desk = planned(&[("acme", "4000"), ("dup", "400"), ("tri", "40")]);
    join(&desk, "dup", "acme", "add");
    join(&desk, "tri", "acme", "add");
    assert_eq!(quarters(&desk), [Some(1110.0); 4]);
    desk.check();
}

#[test]
fn a_plan_that_is_made_after_a_merge_is_meant_for_both_partners() {
    let desk = planned(&[("acme", "4000"), ("dup", "400")]);
    join(&desk, "dup", "acme", "add");
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--quarters", "1,2,3,4", "--agreed-by", "J"]);
    assert_eq!(quarters(&desk), [1.0, 2.0, 3.0, 4.0].map(Some));
    // What one that was merged had planned after its own merge is not added to twice either.
    let desk = planned(&[("acme", "4000"), ("dup", "400"), ("tri", "40")]);
    join(&desk, "tri", "dup", "add");
    desk.ok(&["plan", "set", "dup", "--period", "2026", "--quarters", "1,2,3,4", "--agreed-by", "J"]);
    join(&desk, "dup", "acme", "add");
    assert_eq!(quarters(&desk), [1001.0, 1002.0, 1003.0, 1004.0].map(Some));
    desk.check();
}

#[test]
fn plans_of_years_that_share_days_are_a_conflict_and_count_there_as_was_said() {
    let program = |start: u32| {
        format!(
            "[program]\nname = \"Channel\"\ncurrency = \"EUR\"\nfiscal_year_start = {start}\n\n\
             [[stage]]\nkey = \"talks\"\n\n[[stage]]\nkey = \"growth\"\nsuccess = true\n"
        )
    };
    let made = |start: u32| {
        let mut desk = Desk::empty();
        desk.set_today("2026-01-05");
        desk.ok(&["init", "--program", &desk.file("first.toml", program(1))]);
        for partner in ["acme", "dup"] {
            desk.ok(&["add-partner", partner, "--stage", "growth", "--on", "2026-01-01"]);
        }
        desk.ok(&[
            "plan",
            "set",
            "acme",
            "--period",
            "2026",
            "--quarters",
            "1000,2000,3000,4000",
            "--agreed-by",
            "J",
        ]);
        desk.set_today("2026-08-01");
        desk.ok(&["program", "apply", &desk.file("moved.toml", program(start))]);
        desk.ok(&[
            "plan",
            "set",
            "dup",
            "--period",
            "2027",
            "--quarters",
            "100,200,300,400",
            "--agreed-by",
            "J",
        ]);
        desk
    };
    let desk = made(4);
    assert_eq!(quarters(&desk), [2100.0, 3200.0, 4300.0, 400.0].map(Some));
    for (plans, planned) in [
        ("keep", [2000.0, 3000.0, 4000.0, 400.0]),
        ("take", [100.0, 200.0, 300.0, 400.0]),
        ("add", [2100.0, 3200.0, 4300.0, 400.0]),
    ] {
        let said = join(&desk, "dup", "acme", plans);
        assert!(said.contains("plans for 1 Apr to 31 Dec 2026: "), "{said}");
        assert_eq!(said.contains("plans up to today"), plans != "add", "{said}");
        assert_eq!(quarters(&desk), planned.map(Some), "{plans}");
        desk.check();
        desk.ok(&["undo"]);
    }
    // Quarters that begin in February share months: what counts in all is as before, to the cent of each part.
    let desk = made(2);
    let total = |desk: &Desk, partner: &str| -> f64 {
        let shown = desk.json(&["plan", "show", partner]);
        // A row for each year, and one for each of its quarters.
        rows(&shown).iter().filter_map(|row| row["counts"].as_f64()).sum::<f64>() / 2.0
    };
    let before = total(&desk, "acme") + total(&desk, "dup");
    join(&desk, "dup", "acme", "add");
    let after = total(&desk, "acme");
    assert!(before > 10_000.0 && (after - before).abs() < 0.1, "{before} {after}");
}
