//! Announcements, questions, imports of partner operations, and their history.

use serde_json::Value;

use crate::partner_operations::{desk, rows};
use crate::support::Desk;

#[test]
fn a_text_with_the_launch_day_is_refused_until_the_day_is_given() {
    let desk = desk();
    desk.file("body.txt", "On {{launch_day}}.");
    let tell = ["announce", "k1", "acme", "--subject", "Hi", "--body", "body.txt"];
    let before = desk.picture();
    assert!(desk.fails(2, &tell).contains("give the launch day with --launch-day DATE"));
    assert_eq!(desk.picture(), before);
    desk.ok(&[&tell[..], &["--launch-day", "2099-12-31"]].concat());
}

#[test]
fn partners_are_told_once_and_it_is_said_who_was_told_late_or_not_at_all() {
    let desk = desk();
    desk.ok(&["agree", "acme", "launch-notice=30", "--on", "2026-06-02"]);
    desk.file("body.txt", "Dear {{contact}}, {{partner}} has {{days_to_launch}} days.");
    let tell = [
        "announce",
        "atlas",
        "--where",
        "stage=readiness,growth,terms",
        "--subject",
        "Atlas for {{partner}}",
        "--body",
        "body.txt",
    ];
    let launch = ["--launch-day", "2026-12-31", "--on", "2026-11-20", "--yes"];
    desk.ok(&["edit", "gamma", "--remove-contact", "doe@gamma.example", "--on", "2026-06-02"]);
    let out = ["--messages", "out", "--sender", "ana@vendor.example"];
    let err = desk.fails(4, &[&tell[..], &launch, &out].concat());
    assert!(err.contains("Gamma has no contact with an e-mail address"), "{err}");
    assert!(!desk.folder().join("out").exists(), "nothing is written where nothing is recorded");
    desk.ok(&[&tell[..], &launch, &out, &["--skip-refused"]].concat());
    let states = || {
        let report = desk.json(&["report", "communication", "atlas"]);
        let state =
            |row: &Value| (row["partner"].to_string(), row["state"].to_string(), row["late_days"].as_i64());
        rows(&report).iter().map(state).collect::<Vec<_>>()
    };
    let text = |partner: &str, state: &str, late| (format!("\"{partner}\""), format!("\"{state}\""), late);
    assert_eq!(
        states(),
        [text("gamma", "not told", Some(52)), text("beta", "late", Some(49)), text("acme", "in time", None)],
        "41 days before it, 30 agreed with acme, 90 with the others; gamma on the 23rd"
    );
    // Telling again says so, and writes all messages again; telling more partners writes theirs.
    let before = desk.picture();
    desk.ok(&["announce", "atlas", "--where", "stage=readiness,growth", "--merge", "again.csv", "--yes"]);
    assert_eq!(desk.picture(), before);
    let merged = std::fs::read_to_string(desk.folder().join("again.csv")).expect("a file");
    assert_eq!(merged.lines().count(), 3, "{merged}");
    assert!(
        merged.contains("acme,Acme Doe,doe@acme.example,Atlas for Acme,\"Dear Acme Doe, Acme has 38 days.\""),
        "{merged}"
    );
    desk.ok(&["announce", "atlas", "gamma", "--on", "2026-11-23", "--told-by", "call"]);
    assert_eq!(states()[0], text("gamma", "late", Some(52)));
    desk.ok(&["announce", "answered", "atlas", "acme", "--by", "Acme Doe"]);
    desk.fails(4, &["announce", "answered", "other", "acme"]);
    let report = desk.json(&["report", "communication"]);
    let row = rows(&report)[0].clone();
    assert_eq!(
        (&row["told"], &row["late"], &row["not_told"], &row["answered"]),
        (&3.into(), &2.into(), &0.into(), &1.into())
    );
    let err = desk.fails(2, &["announce", "b", "acme", "--subject", "{{nmae}}", "--body", "body.txt"]);
    assert!(err.contains("there is no field `{{nmae}}`"), "{err}");
    desk.check();
}

#[test]
fn five_thousand_partners_are_told_by_one_action_and_one_undo_takes_it_back() {
    let desk = Desk::new();
    let mut csv = "name,key,stage,contact_name,contact_email,region\n".to_owned();
    for at in 0..5000 {
        let region = if at % 2 == 0 { "EMEA" } else { "APAC" };
        csv.push_str(&format!("Partner {at},p{at},launch,Jane {at},jane@p{at}.example,{region}\n"));
    }
    desk.ok(&["import", "partners", &desk.file("p.csv", csv), "--observed-from", "2026-01-01"]);
    desk.file("body.txt", "Dear {{contact}}");
    let actions = || desk.json(&["log", "--limit", "1"])["rows"][0]["action"].as_i64().expect("a number");
    let (before, told) = (actions(), |desk: &Desk| {
        rows(&desk.json(&["report", "communication"])).first().map(|row| row["told"].clone())
    });
    let tell =
        ["announce", "atlas", "--where", "stage=launch", "--subject", "Atlas", "--body", "body.txt", "--yes"];
    desk.ok(&[&tell[..], &["--messages", "out", "--sender", "ana@vendor.example"]].concat());
    assert_eq!(actions(), before + 1, "one action");
    assert_eq!(told(&desk), Some(5000.into()));
    assert_eq!(std::fs::read_dir(desk.folder().join("out")).expect("a folder").count(), 5000);
    desk.ok(&["undo"]);
    assert_eq!(told(&desk), None);
    desk.ok(&["redo"]);
    assert_eq!(told(&desk), Some(5000.into()));
    desk.check();
}

#[test]
fn one_answer_serves_many() {
    let desk = desk();
    let ask = |partner: &str, text: &str| {
        let said = desk.json(&["ask", partner, text, "--on", "2026-11-10"]);
        rows(&said)[0]["event"].to_string()
    };
    let first = ask("acme", "How are defective units sent back?");
    let open = || rows(&desk.json(&["questions"])).len();
    assert_eq!(open(), 1);
    desk.ok(&["answer", &first, "With the label from the portal", "--on", "2026-11-12"]);
    assert_eq!(open(), 0);
    let said = desk.run(&["ask", "beta", "How can defective units be sent back to you?"]);
    assert!(
        said.err.contains(&format!("similar question {first}:")) && said.err.contains("the portal"),
        "{}",
        said.err
    );
    let second = rows(&desk.json(&["questions"]))[0]["question"].to_string();
    let third = ask("gamma", "Where does the box go?");
    desk.fails(4, &["answer", &second, "--as", &third]);
    let actions = || desk.json(&["log"])["rows"].as_array().expect("rows").len();
    let before = actions();
    desk.ok(&["answer", &format!("{second},{third}"), "--as", &first]);
    assert_eq!((actions(), open()), (before + 1, 0), "one action");
    let found = rows(&desk.json(&["questions", "PORTAL", "box"]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["answer"], "With the label from the portal");
    desk.fails(4, &["answer", &first, "Otherwise"]);
    assert_eq!(rows(&desk.json(&["questions", "--as-of", "2026-11-11"])).len(), 2, "they were open then");
    desk.ok(&["undo"]);
    assert_eq!(open(), 2);
    desk.check();
}

#[test]
fn what_is_recorded_by_commands_comes_from_files_too_and_twice_is_once() {
    let desk = desk();
    desk.ok(&["revenue", "add", "beta", "100000", "--on", "2026-08-03"]);
    let files = [
        (
            "terms",
            "partner,term,value,on,until\nacme,margin,15,2026-06-10,2027-06-09\nacme,territory,DACH,2026-06-10,\n",
        ),
        (
            "certifications",
            "partner,course,person,on,email,role\nacme,sales,Acme Doe,2026-07-01,doe@acme.example,sales\nacme,sales,Tom,2026-07-01,tom@acme.example,presales\n",
        ),
        ("deliveries", "partner,material,version,on\nacme,documentation-kit,1,2026-07-02\n"),
        (
            "announcements",
            "partner,announcement,on,subject,answered\nacme,spring,2026-07-02,Spring,2026-07-05\nbeta,spring,2026-07-02,Spring,\n",
        ),
        (
            "questions",
            "partner,question,on,answer,answered\nacme,How?,2026-07-02,So,2026-07-04\nacme,When?,2026-07-03,,\n",
        ),
        (
            "funds",
            "partner,step,on,fund,amount,ref,period,activity,starts,ends,cost,until,proof,leads\n\
                   beta,accrue,2026-10-02,co-op,2000,,2026-Q3,,,,,,,\n\
                   beta,request,2026-10-03,co-op,900,W-1,,webinar,2026-10-20,2026-10-20,2000,,,\n\
                   beta,approve,2026-10-04,,800,W-1,,,,,,2026-12-20,,\n\
                   beta,claim,2026-10-25,,500,W-1,,,,,,,inv 1,9\n\
                   beta,claim,2026-10-25,,200,W-1,,,,,,,inv 2,\n\
                   beta,pay,2026-11-02,,,W-1,,,,,,,inv 2,\n\
                   beta,pay,2026-11-03,,,W-1,,,,,,,,\n",
        ),
    ];
    for (what, csv) in files {
        let file = desk.file("in.csv", csv);
        desk.ok(&["import", what, &file]);
        let actions = || desk.json(&["log"])["rows"].as_array().expect("rows").len();
        let before = actions();
        let again = desk.run(&["import", what, &file]);
        assert_eq!((again.code, actions()), (0, before), "{what} twice: {}", again.err);
    }
    let acme = desk.json(&["show", "acme"]);
    assert_eq!(acme["terms"], serde_json::json!(["margin 15 until 2027-06-09", "territory DACH"]));
    assert_eq!(acme["certified"], serde_json::json!(["sales 2 of 2 (doe@acme.example, tom@acme.example)"]));
    assert_eq!(acme["open_questions"], 1);
    let beta = desk.json(&["fund", "show", "beta"]);
    let row = rows(&beta)[0].clone();
    let money = ["came_in", "available", "committed", "claimed", "paid"].map(|key| row[key].clone());
    assert_eq!(money, [2000.0, 1200.0, 100.0, 0.0, 700.0].map(Value::from));
    let bad = "partner,step,on,fund,amount,ref,proof\nbeta,pay,2026-11-05,,,W-1,\nbeta,claim,2026-11-05,,1,W-9,x\nbeta,grant,2026-11-05,co,5,,\nbeta,leap,2026-11-05,,,,\n";
    let err = desk.fails(6, &["import", "funds", &desk.file("bad.csv", bad)]);
    for part in [
        "line 2",
        "no unpaid claim found: ref `W-1`",
        "line 3",
        "request not found: ref `W-9`",
        "line 4",
        "the funds are",
        "line 5",
        "`leap`",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    desk.check();
}

#[test]
fn the_past_stays_what_it_was_and_a_merged_partner_brings_its_own() {
    let desk = desk();
    let report =
        |name: &str, more: &[&str]| desk.ok(&[&["report", name, "--format", "json"][..], more].concat());
    let past = ["--as-of", "2026-11-10", "--known-on", "2026-11-23"];
    desk.ok(&["agree", "acme", "margin=15", "--on", "2026-11-05"]);
    desk.ok(&["certify", "acme", "sales", "doe", "--on", "2026-11-05"]);
    desk.ok(&["ask", "acme", "How?", "--on", "2026-11-05"]);
    desk.ok(&["fund", "grant", "acme", "100", "--on", "2026-11-05"]);
    let before =
        ["terms", "readiness", "funds", "communication"].map(|name| report(name, &["--as-of", "2026-11-10"]));
    desk.ok(&["agree", "acme", "margin=18", "--on", "2026-11-15"]);
    desk.ok(&["certify", "acme", "technical", "doe", "--on", "2026-11-15"]);
    let number = rows(&desk.json(&["questions"]))[0]["question"].to_string();
    desk.ok(&["answer", &number, "So", "--on", "2026-11-15"]);
    desk.ok(&["fund", "grant", "acme", "50", "--on", "2026-11-15"]);
    let after =
        ["terms", "readiness", "funds", "communication"].map(|name| report(name, &["--as-of", "2026-11-10"]));
    assert_eq!(before, after);
    assert!(report("terms", &past).contains("\"known_on\": \"2026-11-23\""));
    desk.ok(&["merge", "gamma", "--into", "acme", "--without-stages", "--yes"]);
    desk.check();
    let shown = desk.json(&["show", "acme"]);
    assert_eq!(shown["contacts"].as_array().expect("contacts").len(), 2);
    desk.ok(&["undo"]);
    desk.check();
}
