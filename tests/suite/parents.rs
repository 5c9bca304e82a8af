//! Parents: distributors and their resellers, whose sales count once.

use serde_json::Value;

use crate::support::Desk;

fn parent(desk: &Desk, partner: &str) -> Value {
    desk.json(&["show", partner])["parent"].clone()
}

/// A distributor, north, with two resellers, r1 and r2, and a partner without a parent.
fn desk() -> Desk {
    let desk = Desk::new();
    for (name, region) in [("North", "EMEA"), ("Solo", "APAC")] {
        desk.ok(&["add-partner", name, "--region", region, "--on", "2026-01-05", "--stage", "growth"]);
    }
    for name in ["R1", "R2"] {
        let stage = ["--on", "2026-01-05", "--stage", "growth"];
        desk.ok(&[&["add-partner", name, "--parent", "north", "--region", "EMEA"][..], &stage].concat());
    }
    for (partner, amount, day, reference) in [
        ("north", "1000", "2026-02-01", "N-1"),
        ("r1", "200", "2026-02-02", "R-1"),
        ("r2", "30", "2026-05-03", "R-2"),
        ("solo", "4", "2026-05-04", "S-1"),
    ] {
        desk.ok(&["revenue", "add", partner, amount, "--on", day, "--ref", reference]);
    }
    desk
}

fn amounts(report: &Value, key: &str) -> Vec<(String, String)> {
    let rows = report["rows"].as_array().expect("rows").iter();
    let label = |row: &Value| row[key].as_str().unwrap_or_default().to_owned();
    rows.map(|row| (label(row), format!("{:.2}", row["amount"].as_f64().expect("an amount")))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(key, amount)| ((*key).to_owned(), (*amount).to_owned())).collect()
}

#[test]
fn sales_of_resellers_add_up_under_their_distributor_and_the_total_stays() {
    let desk = desk();
    let by_parent = desk.json(&["report", "revenue", "--by", "parent"]);
    assert_eq!(amounts(&by_parent, "parent"), pairs(&[("north", "1230.00"), ("solo", "4.00")]));
    let north = &by_parent["rows"][0];
    assert_eq!((north["own"].as_f64(), north["below"].as_f64()), (Some(1000.0), Some(230.0)));
    for by in ["partner", "type", "tier", "region", "owner", "parent", "parent,quarter", "region,month"] {
        assert_eq!(desk.json(&["report", "revenue", "--by", by])["total"], by_parent["total"], "{by}");
    }
    let below = desk.json(&["report", "revenue", "--where", "parent=north"]);
    assert_eq!(amounts(&below, "partner"), pairs(&[("r1", "200.00"), ("r2", "30.00")]));
    let listed = desk.ok(&["list", "--where", "parent=north", "--columns", "key,parent", "--format", "csv"]);
    assert_eq!(listed, "key,parent\nr1,north\nr2,north\n");
    let shown = desk.json(&["show", "north"]);
    let children: Vec<&str> = shown["children"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["partner"].as_str().expect("a key"))
        .collect();
    assert_eq!(children, ["r1", "r2"], "the largest revenue first");
    assert_eq!((parent(&desk, "r1"), parent(&desk, "north")), ("north".into(), Value::Null));
    desk.check();
}

#[test]
fn a_sale_counts_for_what_its_partner_was_on_the_day_of_the_sale() {
    let desk = desk();
    desk.ok(&["edit", "r1", "--region", "LATAM", "--unset", "parent", "--on", "2026-03-01"]);
    desk.ok(&["revenue", "add", "r1", "5", "--on", "2026-03-02"]);
    let by_region = desk.json(&["report", "revenue", "--by", "region"]);
    assert_eq!(
        amounts(&by_region, "region"),
        pairs(&[("APAC", "4.00"), ("EMEA", "1230.00"), ("LATAM", "5.00")])
    );
    let by_parent = desk.json(&["report", "revenue", "--by", "parent"]);
    assert_eq!(
        amounts(&by_parent, "parent"),
        pairs(&[("north", "1230.00"), ("r1", "5.00"), ("solo", "4.00")])
    );
    // A tier that was given today moves no sale of yesterday.
    desk.ok(&["edit", "north", "--tier", "gold"]);
    assert_eq!(
        amounts(&desk.json(&["report", "revenue", "--by", "tier"]), "tier"),
        pairs(&[("", "1239.00")])
    );
    desk.check();
}

#[test]
fn the_topmost_partner_stands_for_all_below_it() {
    let desk = desk();
    desk.ok(&["add-partner", "Agent", "--parent", "r1", "--on", "2026-02-01"]);
    desk.ok(&["revenue", "add", "agent", "7", "--on", "2026-02-03"]);
    let by_parent = desk.json(&["report", "revenue", "--by", "parent"]);
    assert_eq!(amounts(&by_parent, "parent"), pairs(&[("north", "1237.00"), ("solo", "4.00")]));
    assert_eq!(desk.json(&["list", "--where", "parent=north"])["rows"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_same_sale_of_a_partner_and_its_parent_is_named() {
    let desk = desk();
    let said = desk.run(&["revenue", "add", "north", "200", "--on", "2026-02-02", "--ref", "R-1"]);
    assert!(
        said.code == 0
            && said.err.contains("`r1` (event 11) reports the same sale")
            && said.err.contains("once, for `r1`"),
        "{}",
        said.err
    );
    for by in ["parent", "partner", "region"] {
        let out = desk.ok(&["report", "revenue", "--by", by]);
        let note = "1 sale reported by a partner and by one below it is counted once, for the one below: R-1 of 2026-02-02 (north, r1)";
        assert!(out.replace('\n', " ").contains(note), "{out}");
    }
    desk.ok(&["undo"]);
    let others = [("solo", "200", "2026-02-02"), ("north", "200", "2026-02-05"), ("r2", "200", "2026-02-02")];
    for (partner, amount, day) in others {
        let said = desk.run(&["revenue", "add", partner, amount, "--on", day, "--ref", "R-1"]);
        assert!(!said.err.contains("same sale"), "{partner}: {}", said.err);
    }
    assert!(!desk.ok(&["report", "revenue"]).contains("once"));
}

#[test]
fn parents_go_in_no_circle_and_exist() {
    let desk = desk();
    desk.ok(&["add-partner", "Agent", "--parent", "r1"]);
    let err = desk.fails(4, &["edit", "north", "--parent", "agent"]);
    assert!(
        err.contains("circle: `agent`, under `r1`, under `north`") && err.contains("--unset parent"),
        "{err}"
    );
    let err = desk.fails(4, &["edit", "r1", "--parent", "R1"]);
    assert!(err.contains("`r1` cannot be its own parent"), "{err}");
    desk.fails(4, &["edit", "--where", "region=EMEA", "--parent", "r2"]);
    let err = desk.fails(3, &["edit", "r1", "--parent", "nobody"]);
    assert!(err.contains("--parent: partner not found: `nobody`"), "{err}");
    desk.fails(3, &["add-partner", "Late", "--parent", "nobody"]);
    assert_eq!(parent(&desk, "north"), Value::Null);
    desk.ok(&["edit", "--where", "parent=north", "--set", "parent=Solo"]);
    assert_eq!((parent(&desk, "r1"), parent(&desk, "r2")), ("solo".into(), "solo".into()));
    // The day before it was still the other.
    let before = desk.json(&["list", "--where", "parent=north", "--as-of", "2026-11-22"]);
    assert_eq!(before["rows"].as_array().map(Vec::len), Some(2));
    desk.check();
}

#[test]
fn parents_follow_a_merge_and_end_with_a_removal() {
    let desk = desk();
    desk.ok(&["add-partner", "Nordic", "--on", "2026-01-02"]);
    desk.ok(&["merge", "north", "--into", "nordic", "--without-stages"]);
    assert_eq!(parent(&desk, "r1"), "nordic");
    assert_eq!(desk.json(&["show", "nordic"])["children"].as_array().map(Vec::len), Some(2));
    let by_parent = desk.json(&["report", "revenue", "--by", "parent"]);
    assert_eq!(amounts(&by_parent, "parent")[0], ("nordic".to_owned(), "1230.00".to_owned()));
    // A circle through the merged one is one too.
    desk.fails(4, &["edit", "nordic", "--parent", "r1"]);
    let said = desk.run(&["remove", "nordic", "--reason", "mistake"]);
    assert!(said.err.contains("2 partners below it without a parent now"), "{}", said.err);
    assert_eq!(parent(&desk, "r1"), Value::Null);
    desk.ok(&["undo"]);
    assert_eq!(parent(&desk, "r1"), "nordic");
    desk.check();
}

#[test]
fn a_forgotten_distributor_keeps_its_resellers_under_its_new_key() {
    let desk = desk();
    let before = desk.json(&["report", "revenue", "--by", "parent"]);
    desk.ok(&["forget", "north", "--yes"]);
    let after = desk.json(&["report", "revenue", "--by", "parent"]);
    assert_eq!(before["rows"][0]["below"], after["rows"][0]["below"]);
    assert_eq!(parent(&desk, "r1"), after["rows"][0]["parent"]);
    desk.check();
}

#[test]
fn an_import_finds_parents_by_any_name_wherever_they_stand_in_the_file() {
    let desk = Desk::new();
    let file = desk.file(
        "p.csv",
        "partner,name,parent\nA-3,Corner Shop,A-2\nA-2,Nordic Retail,Nordic Distribution\nA-1,Nordic Distribution,\n",
    );
    desk.ok(&["import", "partners", &file]);
    assert_eq!((parent(&desk, "a-3"), parent(&desk, "a-2")), ("a-2".into(), "a-1".into()));
    // Again it changes nothing.
    let before = desk.ok(&["log"]);
    desk.ok(&["import", "partners", &file]);
    assert_eq!(desk.ok(&["log"]), before);
    let circle = desk.file("c.csv", "partner,parent\nA-1,A-3\n");
    let err = desk.fails(6, &["import", "partners", &circle]);
    assert!(err.contains("line 2") && err.contains("circle"), "{err}");
    let unknown = desk.file("u.csv", "partner,parent\nA-9,Nowhere\n");
    let err = desk.fails(6, &["import", "partners", &unknown]);
    assert!(err.contains("parent: partner not found: `Nowhere`"), "{err}");
    let circle = desk.file("d.csv", "name,parent\nX,Y\nY,X\n");
    desk.fails(6, &["import", "partners", &circle]);
    desk.check();
}

/// Two partners, a and b, of whom neither is the other's parent.
fn two() -> Desk {
    let desk = Desk::new();
    for name in ["A", "B"] {
        desk.ok(&["add-partner", name, "--on", "2026-01-05", "--stage", "growth"]);
    }
    desk
}

#[test]
fn no_undo_redo_or_correction_puts_parents_in_a_circle() {
    let desk = two();
    desk.ok(&["edit", "a", "--parent", "b"]);
    desk.ok(&["edit", "a", "--unset", "parent"]);
    desk.ok(&["edit", "b", "--parent", "a"]);
    let log = desk.json(&["log"]);
    let unset = log["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["words"].as_str().is_some_and(|words| words.contains("--unset")));
    let unset = unset.map_or_else(|| "4".to_owned(), |row| row["action"].to_string());
    let err = desk.fails(4, &["undo", &unset]);
    assert!(err.contains("circle: `b`, under `a`") && err.contains("edit b --unset parent"), "{err}");
    assert_eq!((parent(&desk, "a"), parent(&desk, "b")), (Value::Null, "a".into()));
    desk.ok(&["edit", "b", "--unset", "parent"]);
    desk.ok(&["undo", &unset]);
    assert_eq!(parent(&desk, "a"), "b");
    assert!(desk.fails(4, &["undo"]).contains("circle"), "it would put `b` under `a` again");
    desk.check();
    // Nor does bringing back what was undone.
    let desk = two();
    desk.ok(&["edit", "a", "--parent", "b"]);
    desk.ok(&["undo"]);
    desk.ok(&["edit", "b", "--parent", "a"]);
    let err = desk.fails(4, &["redo", "4"]);
    assert!(err.contains("circle"), "{err}");
    desk.check();
}

#[test]
fn no_merge_puts_parents_in_a_circle() {
    let desk = two();
    desk.ok(&["add-partner", "X", "--on", "2026-01-02"]);
    desk.ok(&["edit", "b", "--parent", "x"]);
    desk.ok(&["edit", "a", "--parent", "b"]);
    let err = desk.fails(4, &["merge", "x", "--into", "a", "--without-stages"]);
    assert!(err.contains("circle: `b`, under `a`") && err.contains("edit b --unset parent"), "{err}");
    desk.ok(&["edit", "b", "--unset", "parent"]);
    desk.ok(&["merge", "x", "--into", "a", "--without-stages"]);
    assert_eq!((parent(&desk, "a"), parent(&desk, "b")), ("b".into(), Value::Null));
    // A parent that becomes one with its child is no circle: the child has no parent any more.
    desk.ok(&["merge", "b", "--into", "a", "--without-stages"]);
    assert_eq!(parent(&desk, "a"), Value::Null);
    desk.check();
}

#[test]
fn a_long_chain_of_parents_is_followed_to_its_end() {
    let desk = Desk::new();
    let mut rows = "key,name,parent\n".to_owned();
    for at in 0..100 {
        rows.push_str(&format!(
            "h{at},H{at},{}\n",
            if at == 0 { String::new() } else { format!("h{}", at - 1) }
        ));
    }
    desk.ok(&["import", "partners", &desk.file("h.csv", &rows)]);
    let err = desk.fails(4, &["edit", "h0", "--parent", "h99"]);
    assert!(err.contains("circle: `h99`"), "{err}");
    let circle = desk.file("c.csv", "key,parent\nh0,h99\n");
    let err = desk.fails(6, &["import", "partners", &circle]);
    assert!(err.contains("circle"), "{err}");
    desk.ok(&["revenue", "add", "h99", "10"]);
    let by_parent = desk.json(&["report", "revenue", "--by", "parent"]);
    assert_eq!(amounts(&by_parent, "parent"), pairs(&[("h0", "10.00")]));
    desk.check();
}

#[test]
fn an_import_takes_no_part_of_a_name_for_a_parent() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme Holding", "--key", "a10"]);
    for typed in ["a1", "Acme", "hold", "a10x"] {
        let file = desk.file("p.csv", format!("key,name,parent\nb1,B1,{typed}\n"));
        let err = desk.fails(6, &["import", "partners", &file]);
        assert!(err.contains(&format!("parent: partner not found: `{typed}`")), "{err}");
    }
    let file = desk.file("p.csv", "key,name,parent\nb1,B1,a10\nb2,B2,acme holding\n");
    desk.ok(&["import", "partners", &file]);
    assert_eq!((parent(&desk, "b1"), parent(&desk, "b2")), ("a10".into(), "a10".into()));
    // Two of one name, in the database and in the file, are none.
    let file = desk.file("q.csv", "key,name,parent\nc1,ACME Holding,\nc2,C2,acme holding\n");
    let err = desk.fails(6, &["import", "partners", &file]);
    assert!(err.contains("several partners are called `acme holding`") && err.contains("`a10`"), "{err}");
    desk.check();
}

#[test]
fn a_parent_whose_row_is_rejected_is_replaced_by_no_other() {
    let desk = Desk::new();
    let file = desk.file("p.csv", "key,name,parent\nc1,C1,c2\nc2,C2,zz\nc20,C20,\nc3,C3,c1\n");
    let err = desk.fails(6, &["import", "partners", &file]);
    let told: Vec<&str> = err.lines().map(str::trim).filter(|line| line.starts_with("line ")).collect();
    assert_eq!(told.len(), 3, "{err}");
    assert!(told[0].contains("partner not found: `zz`"), "the true cause comes first: {err}");
    assert!(told[1].contains("its parent `c2` (line 3) is not imported"), "{err}");
    assert!(told[2].contains("its parent `c1` (line 2) is not imported"), "{err}");
    desk.ok(&["import", "partners", &file, "--skip-errors"]);
    let all = desk.ok(&["list", "--columns", "key,parent", "--format", "csv"]);
    assert_eq!(all, "key,parent\nc20,\n");
    // So it is if a row cannot even be read.
    let file = desk.file("r.csv", "key,name,tier,parent\nd1,D1,,d2\nd2,C20,Glod,\n");
    let err = desk.fails(6, &["import", "partners", &file]);
    let told: Vec<&str> = err.lines().map(str::trim).filter(|line| line.starts_with("line ")).collect();
    assert!(told[0].contains("Glod") && told[1].contains("its parent `d2` (line 3)"), "{err}");
    let file = desk.file("s.csv", "key,name,parent\nj1,J1,j2\nj2,J2,j1\nk1,K1,K1\n");
    let err = desk.fails(6, &["import", "partners", &file]);
    assert!(err.contains("go in a circle: `j1` under `j2` under `j1`"), "{err}");
    assert!(err.contains("`k1` cannot be its own parent"), "{err}");
    desk.check();
}

#[test]
fn who_leaves_with_partners_below_is_told_of_them() {
    let desk = desk();
    let said = desk.run(&["leave", "north", "--as", "withdrew", "--reason", "sold"]);
    assert!(said.code == 0 && said.err.contains("2 partners are still below it: `r1`, `r2`"), "{}", said.err);
    assert!(said.err.contains("chanlife edit --where parent=north --parent OTHER"), "{}", said.err);
    let said = desk.run(&["leave", "r1", "--as", "withdrew", "--reason", "sold"]);
    assert!(!said.err.contains("below"), "{}", said.err);
    desk.ok(&["edit", "--where", "parent=north", "--parent", "solo"]);
    desk.check();
}
