//! Partner operations: terms, readiness and funds, and the milestones that they complete.

use serde_json::Value;

use crate::support::Desk;

pub(crate) fn rows(report: &Value) -> Vec<Value> {
    report["rows"].as_array().expect("rows").clone()
}

/// Three partners, one a stage, with a contact each.
pub(crate) fn desk() -> Desk {
    let desk = Desk::new();
    for (name, stage) in [("Acme", "readiness"), ("Beta", "growth"), ("Gamma", "terms")] {
        let contact = format!("{name} Doe <doe@{}.example>, sales", name.to_lowercase());
        desk.ok(&["add-partner", name, "--stage", stage, "--on", "2026-06-01", "--contact", &contact]);
    }
    desk
}

#[test]
fn terms_hold_from_a_day_until_a_day_and_are_to_be_agreed_anew_in_time() {
    let desk = desk();
    desk.ok(&["agree", "acme", "margin=15", "--on", "2026-06-10", "--until", "2026-12-31"]);
    desk.ok(&[
        "agree",
        "acme",
        "margin=18",
        "--on",
        "2026-06-20",
        "--from",
        "2026-08-01",
        "--until",
        "2026-08-31",
    ]);
    desk.ok(&["agree", "acme", "contract-end=2027-01-31", "--on", "2026-06-20"]);
    let margin = |as_of: &str| {
        let listed = desk.json(&["list", "--where", "key=acme", "--columns", "key,margin", "--as-of", as_of]);
        rows(&listed)[0]["margin"].clone()
    };
    let margins =
        ["2026-06-09", "2026-06-10", "2026-07-31", "2026-08-01", "2026-08-31", "2026-09-01", "2027-01-01"];
    let held: Vec<Value> = margins[..6].iter().map(|day| margin(day)).collect();
    assert_eq!(held, [Value::Null, 15.0.into(), 15.0.into(), 18.0.into(), 18.0.into(), 15.0.into()]);
    // 90 days before the contract ends it is to be renewed; next and the report say so.
    let renewals = |as_of: &str| {
        let due = desk.json(&["next", "--as-of", as_of])["due"].as_array().expect("due").clone();
        due.into_iter()
            .filter(|one| one["kind"] == "renewal")
            .map(|one| one["due"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(renewals("2026-10-01"), Vec::<Value>::new());
    assert_eq!(renewals("2026-10-10"), ["2026-11-02"]);
    let states = |as_of: &str| {
        let report = desk.json(&["report", "terms", "--all", "--as-of", as_of, "--where", "key=acme"]);
        let state = |row: &Value| {
            format!("{} {}", row["term"].as_str().expect("term"), row["state"].as_str().expect("state"))
        };
        let mut states: Vec<String> = rows(&report).iter().map(state).collect();
        states.sort();
        states
    };
    assert_eq!(states("2026-11-01"), ["contract-end agreed", "margin agreed"]);
    assert_eq!(states("2026-11-02"), ["contract-end to be agreed anew", "margin agreed"]);
    desk.ok(&["agree", "acme", "contract-end=2028-01-31", "--on", "2026-11-20"]);
    assert_eq!(states("2026-11-23"), ["contract-end agreed", "margin agreed"]);
    assert_eq!(states("2026-11-19"), ["contract-end to be agreed anew", "margin agreed"], "the past stays");
    desk.fails(4, &["agree", "acme", "margin=1", "--from", "2027-01-01", "--until", "2026-12-31"]);
    desk.fails(2, &["agree", "acme", "margin=much"]);
    desk.fails(2, &["agree", "acme", "reporting-cadence=weekly"]);
    desk.ok(&["agree", "acme", "margin="]);
    assert_eq!(margin("2026-11-23"), Value::Null, "given up");
    desk.check();
}

#[test]
fn a_partner_reports_as_often_as_is_agreed() {
    let desk = desk();
    desk.ok(&["edit", "beta", "--observed-from", "2026-06-01"]);
    let owed = || {
        let report = desk.json(&["report", "reporting", "--where", "key=beta"]);
        rows(&report).first().map(|row| row["owed"].as_array().expect("owed").len())
    };
    assert_eq!(owed(), Some(5), "June to October");
    desk.ok(&["agree", "beta", "reporting-cadence=quarter", "--on", "2026-06-05"]);
    assert_eq!(owed(), Some(1), "the third quarter");
    let shown = desk.json(&["show", "beta"]);
    assert_eq!(shown["reports_owed"], serde_json::json!(["2026-Q3"]), "show says the same");
    desk.ok(&["agree", "beta", "reporting-cadence=none"]);
    assert_eq!(owed(), None);
    desk.check();
}

#[test]
fn gates_are_settled_by_certificates_agreements_and_deliveries_and_by_nothing_else() {
    let desk = desk();
    let missing = |as_of: &str| {
        let listed =
            desk.json(&["list", "--where", "key=acme", "--columns", "key,missing", "--as-of", as_of]);
        let one = desk.json(&["show", "acme", "--as-of", as_of]);
        let gates: Vec<Value> = rows(&listed)[0]["missing_gates"].as_array().expect("gates").clone();
        let open = one["milestones"].as_array().expect("milestones").iter();
        let open = open.filter(|one| one["gate"] == true && one["on"].is_null());
        assert_eq!(open.map(|one| one["milestone"].clone()).collect::<Vec<Value>>(), gates, "{as_of}");
        gates
    };
    let all = ["sales-trained", "technical-trained", "support-ready", "documentation-kit"];
    assert_eq!(missing("2026-06-02"), all);
    for by_hand in ["sales-trained", "documentation-kit"] {
        let err = desk.fails(4, &["done", "acme", by_hand]);
        assert!(err.contains("not by hand") && err.contains("chanlife skip"), "{err}");
    }
    desk.ok(&["certify", "acme", "sales", "doe", "--on", "2026-07-01", "--until", "2026-10-31"]);
    desk.ok(&["certify", "acme", "sales", "Tom Lee <tom@acme.example>, presales", "--on", "2026-07-05"]);
    desk.ok(&["certify", "acme", "technical", "doe", "--on", "2026-07-05"]);
    desk.ok(&["deliver", "acme", "documentation-kit", "--on", "2026-07-06"]);
    desk.ok(&["done", "acme", "support-ready", "--on", "2026-07-07"]);
    assert_eq!(missing("2026-07-04"), all);
    assert_eq!(missing("2026-07-07"), Vec::<Value>::new());
    assert_eq!(missing("2026-10-31"), Vec::<Value>::new());
    assert_eq!(missing("2026-11-01"), ["sales-trained"], "a certificate ended");
    let err = desk.fails(4, &["advance", "acme"]);
    assert!(
        err.contains("1 of 2 certified for sales") && err.contains("chanlife certify acme sales"),
        "{err}"
    );
    desk.ok(&["certify", "acme", "sales", "doe@acme.example"]);
    assert_eq!(missing("2026-11-23"), Vec::<Value>::new());
    // Somebody leaves the partner, a new version of the kit comes out.
    desk.ok(&["edit", "acme", "--remove-contact", "tom@acme.example", "--on", "2026-11-23"]);
    assert_eq!(missing("2026-11-23"), ["sales-trained"]);
    desk.ok(&["undo"]);
    let program = desk.ok(&["program", "show"]).replace("version = \"1\"", "version = \"2\"");
    desk.ok(&["program", "apply", &desk.file("p.toml", program)]);
    assert_eq!(missing("2026-11-23"), ["documentation-kit"]);
    let report = desk.json(&["report", "readiness", "--where", "key=acme"]);
    assert_eq!(rows(&report)[0]["version_documentation_kit"], "1");
    assert_eq!(report["coverage"][0]["sales_covered_share"], 1.0);
    assert_eq!(report["coverage"][0]["documentation_kit_up_to_date"], 0);
    desk.ok(&["deliver", "acme", "documentation-kit"]);
    desk.ok(&["advance", "acme"]);
    desk.check();
}

#[test]
fn who_is_certified_is_a_contact_and_expires_on_a_day() {
    let desk = desk();
    let err = desk.fails(4, &["certify", "acme", "sales", "Nobody"]);
    assert!(err.contains("not a contact of Acme") && err.contains("Acme Doe"), "{err}");
    desk.fails(2, &["certify", "acme", "sails", "doe"]);
    desk.ok(&["certify", "acme", "sales", "Tom Lee <tom@acme.example>", "--on", "2026-07-01"]);
    let err = desk.fails(4, &["certify", "acme", "sales", "e"]);
    assert!(err.contains("matches several"), "{err}");
    desk.ok(&["certify", "acme", "technical", "tom", "--on", "2026-08-01", "--until", "2026-12-01"]);
    let report = desk.json(&["report", "readiness"]);
    let expiring: Vec<(&str, i64)> = report["expiring"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["course"].as_str().expect("course"), row["days_left"].as_i64().expect("days")))
        .collect();
    assert_eq!(expiring, [("technical", 8)]);
    let listed = desk.json(&["list", "--where", "certified=technical", "--columns", "key,certified"]);
    assert_eq!(rows(&listed)[0]["certified"], serde_json::json!(["sales", "technical"]));
    let later = desk.json(&["list", "--where", "certified=technical", "--as-of", "2026-07-31"]);
    assert_eq!(rows(&later).len(), 0);
    desk.check();
}

#[test]
fn money_is_approved_claimed_and_paid_once_and_never_beyond_what_is_there() {
    let desk = desk();
    desk.ok(&["revenue", "add", "beta", "100000", "--on", "2026-08-03"]);
    desk.ok(&["fund", "accrue", "beta"]);
    let ask =
        ["fund", "request", "beta", "webinar", "--cost", "6000", "--starts", "2026-11-01", "--fund", "co-op"];
    let err = desk.fails(4, &[&ask[..], &["--ask", "3000.01"]].concat());
    assert!(err.contains("pays at most 50 %, which is 3000.00 EUR"), "{err}");
    let asked = desk.json(&[&ask[..], &["--on", "2026-10-20"]].concat());
    let request = rows(&asked)[0]["event"].to_string();
    let err = desk.fails(4, &["fund", "approve", &request]);
    for figure in ["3000.00 EUR is more than is available", "2000.00 EUR credited", "--amount 2000.00"] {
        assert!(err.contains(figure), "{figure}: {err}");
    }
    desk.ok(&["fund", "approve", &request, "--amount", "2000"]);
    let err = desk.fails(4, &["fund", "claim", &request, "2000.01", "--proof", "inv"]);
    assert!(err.contains("2000.00 EUR approved, 0.00 EUR claimed, 2000.00 EUR left"), "{err}");
    let claimed = desk.json(&["fund", "claim", &request, "1500", "--proof", "inv 1", "--leads", "12"]);
    let claim = rows(&claimed)[0]["event"].to_string();
    desk.ok(&["fund", "pay", &claim]);
    let again = desk.run(&["fund", "pay", &claim]);
    assert!(again.code == 0 && again.err.contains("already paid on"), "{}", again.err);
    let balance = |as_of: &str| {
        let row = rows(&desk.json(&["fund", "show", "beta", "--as-of", as_of]))[0].clone();
        ["came_in", "available", "committed", "claimed", "paid", "expired"].map(|key| row[key].clone())
    };
    assert_eq!(balance("2026-11-23"), [2000.0, 0.0, 500.0, 0.0, 1500.0, 0.0].map(Value::from));
    // The revenue was less after all, and all of it is committed or paid.
    desk.ok(&["revenue", "add", "beta", "-50000", "--on", "2026-09-03"]);
    let said = desk.run(&["fund", "accrue", "beta"]);
    assert!(
        said.err.contains(
            "overpaid by 500.00 EUR, to be settled by what accrues next; 500.00 EUR committed is not covered"
        ),
        "{}",
        said.err
    );
    // An approval can't be undone under its claim, nor corrected below it.
    let approval = desk.json(&["log"])["rows"].as_array().expect("rows").iter().find_map(|row| {
        row["said"]
            .as_str()
            .is_some_and(|said| said.starts_with("Approved"))
            .then(|| row["action"].to_string())
    });
    desk.fails(4, &["undo", &approval.expect("an approval")]);
    desk.fails(4, &["correct", &claim, "--amount", "2500"]);
    desk.ok(&["correct", &claim, "--amount", "1400"]);
    assert_eq!(balance("2026-11-23"), [1000.0, 0.0, 600.0, 0.0, 1400.0, 0.0].map(Value::from));
    desk.check();
}

#[test]
fn a_grant_is_not_moved_behind_the_last_day_on_which_it_can_be_used() {
    let mut desk = desk();
    desk.ok(&["fund", "grant", "beta", "1000", "--until", "2026-12-01"]);
    desk.set_today("2026-12-20");
    let events = desk.json(&["log", "beta", "--kind", "fund-granted"]);
    let grant = events["rows"][0]["event"].to_string();
    let err = desk.fails(4, &["correct", &grant, "--on", "2026-12-10"]);
    assert!(err.contains("expired on 2026-12-01"), "{err}");
    desk.ok(&["correct", &grant, "--on", "2026-11-30"]);
    desk.check();
}

#[test]
fn what_is_not_claimed_or_approved_in_time_is_gone() {
    let mut desk = desk();
    desk.ok(&["fund", "grant", "beta", "1000", "--until", "2026-12-31"]);
    let ask = [
        "fund",
        "request",
        "beta",
        "fair",
        "--cost",
        "800",
        "--ask",
        "400",
        "--starts",
        "2026-11-01",
        "--fund",
        "mdf",
    ];
    let request =
        rows(&desk.json(&[&ask[..], &["--on", "2026-11-01"]].concat())).first().expect("one")["event"]
            .to_string();
    desk.ok(&["fund", "approve", &request, "--claim-by", "2026-12-20"]);
    desk.set_today("2027-02-01");
    let state = |as_of: &str| {
        let report = desk.json(&["fund", "show", "beta", "--as-of", as_of]);
        let money =
            ["available", "committed", "expired"].map(|key| rows(&report)[0][key].as_f64().expect("money"));
        (report["requests"][0]["state"].as_str().expect("state").to_owned(), money)
    };
    assert_eq!(state("2026-12-20"), ("approved".to_owned(), [600.0, 400.0, 0.0]));
    assert_eq!(state("2026-12-21"), ("lapsed".to_owned(), [1000.0, 0.0, 0.0]));
    assert_eq!(state("2027-01-01"), ("lapsed".to_owned(), [0.0, 0.0, 1000.0]));
    let err = desk.fails(4, &["fund", "claim", &request, "--proof", "late"]);
    assert!(err.contains("lapsed on 2026-12-21"), "{err}");
    let report = desk.json(&["report", "funds"]);
    let mdf = rows(&report).into_iter().find(|row| row["fund"] == "mdf").expect("there");
    assert_eq!((mdf["expired"].as_f64(), mdf["unused_share"].as_f64()), (Some(1000.0), Some(1.0)));
    desk.check();
}

#[test]
fn a_budget_is_that_of_all_partners_and_nothing_overdraws_it() {
    let desk = desk();
    desk.ok(&["fund", "grant", "acme", "30000"]);
    let err = desk.fails(4, &["fund", "grant", "--where", "stage=growth,terms", "10000.01", "--yes"]);
    assert!(err.contains("is 50000.00 EUR, and the grants would come to 50000.02 EUR"), "{err}");
    desk.ok(&["undo"]);
    desk.ok(&["fund", "grant", "--where", "stage=growth,terms", "15000", "--yes"]);
    let first = desk.json(&["log"])["rows"].as_array().expect("rows").iter().find_map(|row| {
        row["said"].as_str().is_some_and(|said| said.contains("30000.00")).then(|| row["action"].to_string())
    });
    let err = desk.fails(4, &["redo", &first.clone().expect("there")]);
    assert!(err.contains("would come to 60000.00 EUR, 10000.00 EUR more"), "{err}");
    let program = desk.ok(&["program", "show"]).replace("2026 = 50000", "2026 = 20000");
    let err = desk.fails(4, &["program", "apply", &desk.file("less.toml", program)]);
    assert!(err.contains("the 2026 budget of `mdf` is 20000.00 EUR"), "{err}");
    let more = desk.ok(&["program", "show"]).replace("2026 = 50000", "2026 = 60000");
    desk.ok(&["program", "apply", &desk.file("more.toml", more)]);
    desk.ok(&["redo", &first.expect("there")]);
    let csv = "partner,step,on,fund,amount\nacme,grant,2026-11-01,mdf,0.01\n";
    let err = desk.fails(4, &["import", "funds", &desk.file("grants.csv", csv)]);
    assert!(err.contains("60000.01 EUR, 0.01 EUR more"), "{err}");
    let budgets = desk.json(&["report", "funds"])["budgets"].clone();
    assert_eq!((budgets[0]["granted"].as_f64(), budgets[0]["left"].as_f64()), (Some(60000.0), Some(0.0)));
    desk.check();
}

#[test]
fn a_program_says_all_that_is_wrong_behind_the_stages() {
    let desk = Desk::empty();
    let head = "[program]\nname = \"T\"\ncurrency = \"EUR\"\n[[stage]]\nkey = \"a\"\nsuccess = true\n";
    let faults = [
        (
            "[[stage.milestone]]\nkey = \"m\"\nneeds = \"certified:nope:2\"\n",
            "the program has no course `nope`",
        ),
        ("[[stage.milestone]]\nkey = \"m\"\nneeds = \"certified:c:0\"\n", "needs is `certified:c:0`"),
        (
            "[[stage.milestone]]\nkey = \"m\"\nneeds = \"delivered:kit\"\n",
            "the program has no material `kit`",
        ),
        (
            "[launches]\nnotice_days = 9\nterm = \"t\"\n[[term]]\nkey = \"t\"\ntype = \"text\"\n",
            "term `t` is a text",
        ),
        (
            "[reporting]\nevery = \"month\"\nterm = \"t\"\n[[term]]\nkey = \"t\"\ntype = \"choice\"\noptions = [\"weekly\"]\n",
            "term `t` is a choice",
        ),
        ("[[fund]]\nkey = \"f\"\n", "does not name its source of money"),
        (
            "[[fund]]\nkey = \"f\"\npercent_of_revenue = 2\nbudget = { 2026 = 5 }\n",
            "accrues from revenue and has a budget",
        ),
        ("[[fund]]\nkey = \"f\"\nbudget = { 26 = 5 }\n", "`26` is not a fiscal year"),
        ("[[course]]\nkey = \"c\"\nvaliddays = 5\n", "did you mean `valid_days`?"),
        ("[[material]]\nkey = \"k\"\n", "has no version"),
    ];
    for (fault, said) in faults {
        let err = desk.fails(6, &["program", "check", &desk.file("p.toml", format!("{head}{fault}"))]);
        assert!(err.contains(said), "{said}: {err}");
    }
}
