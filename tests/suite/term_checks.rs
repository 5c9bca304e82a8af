//! Sales held against agreed terms, returns that name their sale, and the review as a document.

use serde_json::Value;

use crate::support::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    let place = ["--stage", "growth", "--on", "2025-01-01", "--observed-from", "2025-01-01"];
    for name in ["Acme", "Zenith"] {
        desk.ok(&[&["add-partner", name][..], &place].concat());
    }
    desk
}

fn texts(rows: &Value, key: &str) -> Vec<String> {
    let text = |row: &Value| row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned);
    rows.as_array().expect("rows").iter().map(text).collect()
}

#[test]
fn a_sale_is_held_against_the_terms_of_its_day_and_what_is_unknown_is_no_breach() {
    let desk = desk();
    desk.ok(&[
        "agree",
        "acme",
        "margin=20",
        "return-window=30",
        "territory=DACH, Italy",
        "--on",
        "2026-01-01",
    ]);
    desk.ok(&["agree", "acme", "margin=25", "--from", "2026-06-01", "--on", "2026-05-01"]);
    desk.ok(&["agree", "acme", "margin=30", "--from", "2027-01-01", "--on", "2026-05-01"]);
    let sales = "partner,amount,on,ref,list-amount,ship-to,returns\n\
                 acme,-100,2026-03-10,C-1,,,S-1\n\
                 acme,800,2026-03-01,S-1,1000,\"Rome, Italy\",\n\
                 acme,750,2026-05-31,S-2,1000,IT,\n\
                 acme,750,2026-06-01,S-3,1000,\"Lyon, France\",\n\
                 acme,500,2026-06-02,S-4,,,\n\
                 acme,-50,2026-07-02,C-2,,,S-3\n\
                 zenith,500,2026-06-02,S-4,1000,IT,\n";
    desk.ok(&["import", "revenue", &desk.file("sales.csv", sales)]);
    // As in a program without the region, so that the territory is not known.
    let program = desk.ok(&["program", "show"]);
    let region = "[[region]]\nkey = \"dach\"\ncountries = [\"DE\", \"AT\", \"CH\"]\n";
    assert!(program.contains(region), "{program}");
    desk.ok(&["program", "apply", &desk.file("none.toml", program.replace(region, ""))]);
    let report = desk.json(&["report", "terms"]);
    let breaches = &report["breaches"];
    assert_eq!(texts(breaches, "reference"), ["S-2", "C-2"]);
    assert_eq!(texts(breaches, "agreed"), ["20 %", "30 days"]);
    assert_eq!(texts(breaches, "actual"), ["25 %", "31 days after S-3"]);
    let sales = report["sales"].as_array().expect("rows");
    let counts =
        |at: usize| ["kept", "broken", "unknown"].map(|key| sales[at][key].as_u64().expect("a number"));
    assert_eq!([counts(0), counts(1), counts(2)], [[2, 1, 2], [1, 1, 0], [0, 0, 5]]);
    assert_eq!(texts(&report["to_come"], "value"), ["30"]);
    assert_eq!(report["margins"][0]["given_percent"], 23.3);
    assert_eq!(report["margins"][0]["agreed_percent"], 21.7);
    assert!(desk.ok(&["show", "acme"]).contains("margin 30 from 2027-01-01"));
    // With the region, the territory is known.
    desk.ok(&["program", "apply", &desk.file("regions.toml", program)]);
    let report = desk.json(&["report", "terms"]);
    assert_eq!(texts(&report["breaches"], "reference"), ["S-2", "S-3", "C-2"]);
    assert_eq!(texts(&report["breaches"], "actual")[1], "France (FR)");
    // What was forgotten of the customer leaves the country.
    desk.ok(&["forget", "acme", "--yes"]);
    let forgotten = desk.json(&["report", "terms"]);
    assert_eq!(texts(&forgotten["breaches"], "agreed"), ["20 %", "30 days"]);
    desk.check();
}

fn add<'w>(words: &[&'w str]) -> Vec<&'w str> {
    [&["revenue", "add", "acme"][..], words].concat()
}

#[test]
fn a_return_must_fit_the_sale_that_it_names_by_hand_and_by_file() {
    let desk = desk();
    desk.ok(&["revenue", "add", "acme", "100", "--ref", "S-1", "--product", "A", "--on", "2026-03-01"]);
    for (words, said) in [
        (
            add(&["-101", "--returns", "S-1", "--on", "2026-03-02"]),
            "at most 100.00 EUR of `S-1` can be returned",
        ),
        (add(&["-1", "--returns", "S-1", "--on", "2026-02-28"]), "`S-1` was sold on 2026-03-01"),
        (add(&["-1", "--returns", "S-2", "--on", "2026-03-02"]), "Acme has no sale with the reference `S-2`"),
        (add(&["-1", "--returns", "S-1", "--product", "B", "--on", "2026-03-02"]), "no sale of `B`"),
    ] {
        let err = desk.fails(4, &words);
        assert!(err.contains(said) && err.contains("chanlife revenue list acme"), "{err}");
    }
    let err = desk.fails(2, &add(&["1", "--returns", "S-1", "--on", "2026-03-02"]));
    assert!(err.contains("its amount is not negative"), "{err}");
    let before = desk.picture();
    let rows = "partner,amount,on,returns\nacme,-60,2026-03-05,S-1\nacme,-60,2026-03-06,S-1\nacme,5,2026-03-06,S-1\n\
                zenith,-1,2026-03-06,S-1\n";
    let err = desk.fails(6, &["import", "revenue", &desk.file("bad.csv", rows)]);
    for part in
        ["line 3", "at most 40.00 EUR", "line 4", "not negative", "line 5", "no sale with the reference"]
    {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert_eq!(desk.picture(), before);
    desk.ok(&add(&["-100", "--returns", "S-1", "--ref", "C-1", "--on", "2026-03-02"]));
    // No correction of the sale leaves more returned than sold.
    desk.ok(&["agree", "acme", "return-window=30", "--on", "2026-01-01"]);
    let sale = desk.json(&["revenue", "list", "acme"])["rows"][0]["event"].to_string();
    let err = desk.fails(4, &["correct", &sale, "--amount", "80"]);
    assert!(err.contains("the return of 2026-03-02") && err.contains("at most 80.00 EUR of `S-1`"), "{err}");
    let breaches = desk.json(&["report", "terms"])["breaches"].clone();
    assert!(texts(&breaches, "actual").is_empty(), "{breaches}");
    desk.check();
}

#[test]
fn the_review_for_the_partner_says_nothing_that_only_we_may_read() {
    let desk = desk();
    let plan = ["plan", "set", "acme", "--period", "2026", "--target", "400000", "--agreed-by", "J"];
    desk.ok(&[&plan[..], &["--on", "2026-01-05"]].concat());
    desk.ok(&[
        "plan",
        "review",
        "acme",
        "--period",
        "2026-Q2",
        "--text",
        "SECRET finding",
        "--on",
        "2026-07-05",
    ]);
    desk.ok(&["plan", "action", "acme", "hire a seller", "--due", "2026-08-01", "--on", "2026-07-05"]);
    let action = desk.json(&["plan", "show", "acme"])["actions"][0]["action"].to_string();
    desk.ok(&["plan", "done", "acme", &action, "--outcome", "SECRET outcome", "--on", "2026-08-20"]);
    desk.ok(&["plan", "action", "acme", "webinar", "--due", "2026-09-01", "--on", "2026-07-05"]);
    desk.ok(&["note", "acme", "SECRET note", "--on", "2026-08-02"]);
    desk.ok(&["ask", "acme", "Where is the price list?", "--on", "2026-08-03"]);
    for (amount, on) in [("20000", "2026-05-04"), ("31000", "2026-08-04")] {
        desk.ok(&["revenue", "add", "acme", amount, "--on", on, "--ref", on]);
    }
    desk.ok(&["watch", "acme", "--reason", "SECRET reason", "--on", "2026-10-02"]);
    let ours = desk.json(&["report", "review", "acme", "--period", "2026-Q3"]);
    assert_eq!(texts(&ours["commitments"], "status"), ["done late", "overdue"]);
    assert_eq!(ours["commitments"][0]["outcome"], "SECRET outcome");
    assert_eq!(ours["findings"], "SECRET finding");
    assert_eq!(ours["quarters"][2]["attainment"], 0.31);
    let open = texts(&ours["open"], "what");
    assert!(open.contains(&"question 14, Where is the price list?".to_owned()), "{open:?}");
    let proposals = texts(&ours["proposals"], "what");
    assert!(proposals.contains(&"make up 69\u{a0}000 EUR".to_owned()), "{proposals:?}");
    assert!(proposals.contains(&"agree on an improvement plan".to_owned()), "{proposals:?}");
    for format in ["table", "json", "csv", "md"] {
        let words = ["report", "review", "acme", "--period", "2026-Q3", "--for-partner", "--format", format];
        let theirs = desk.ok(&words);
        for hidden in ["SECRET", "chanlife ", "underperforming", "watch", "Zenith", "zenith", "improvement"] {
            assert!(!theirs.contains(hidden), "{format}: {hidden}: {theirs}");
        }
        assert!(theirs.contains("hire a seller"), "{theirs}");
    }
    for (period, said) in [("2026", "not a quarter"), ("2027-Q1", "has not begun"), ("x", "--period")] {
        let err = desk.fails(2, &["report", "review", "acme", "--period", period]);
        assert!(err.contains(said), "{err}");
    }
    desk.fails(3, &["report", "review", "nobody"]);
}

#[test]
fn a_template_for_the_partner_says_nothing_of_weights_and_must_haves() {
    let desk = desk();
    desk.ok(&["add-partner", "New"]);
    let template = desk.ok(&["assess", "new", "partner-criteria", "--template"]);
    for hidden in ["weight", "score", "required"] {
        assert!(!template.contains(hidden), "{hidden}: {template}");
    }
    assert!(desk.ok(&["assess", "new", "vendor-criteria", "--template"]).contains("weight"));
}

#[test]
fn what_sales_are_held_against_is_read_when_it_is_agreed_by_hand_and_by_file() {
    let desk = desk();
    for (term, value, said) in [
        ("territory", "everything but DE", "expected countries by ISO 3166"),
        ("territory", "XX", "regions of the program (`dach`, `benelux` and `nordics`)"),
        ("territory", "-", "or `worldwide`"),
        ("return-window", "-3", "return-window is `-3`, expected whole days from 0 to 3650"),
        ("return-window", "2.5", "expected whole days"),
        ("margin", "200", "margin is `200`, expected a percentage from 0 to 100"),
        ("margin", "-5", "expected a percentage"),
        ("launch-notice", "-1", "expected whole days"),
    ] {
        let err = desk.fails(2, &["agree", "acme", &format!("{term}={value}")]);
        assert!(err.contains(said), "{term}={value}: {err}");
        let rows = format!("partner,term,value,on\nacme,{term},{value},2026-11-01\n");
        let err = desk.fails(6, &["import", "terms", &desk.file("t.csv", rows)]);
        assert!(err.contains(said) && err.contains("line 2"), "{term}={value}: {err}");
    }
    let words = ["return-window=1e3", "margin=22.50", "territory=DE; Italy and Nordics", "launch-notice=030"];
    desk.ok(&[&["agree", "acme"][..], &words].concat());
    let terms = desk.json(&["show", "acme"])["terms"].to_string();
    for kept in ["return-window 1000", "margin 22.5", "territory DE; Italy and Nordics", "launch-notice 30"] {
        assert!(terms.contains(kept), "{kept}: {terms}");
    }
}

#[test]
fn a_sale_is_shipped_to_a_country_by_hand_and_by_file() {
    let desk = desk();
    for place in ["Atlantis", "dach", "Rome", "DE, the north"] {
        let said = format!("has the ship-to `{place}`, which names no country");
        let err = desk.fails(2, &add(&["10", "--ship-to", place]));
        assert!(err.contains(&said) && err.contains("ISO 3166"), "{err}");
        let rows = format!("partner,amount,on,ship-to\nacme,10,2026-11-01,\"{place}\"\n");
        let err = desk.fails(6, &["import", "revenue", &desk.file("s.csv", rows)]);
        assert!(err.contains(&said) && err.contains("line 2"), "{err}");
    }
    for place in ["IT", "ITA", "italy", "Turin, Italy"] {
        desk.ok(&add(&["10", "--ship-to", place]));
    }
    let err = desk.fails(2, &add(&["0", "--list-amount", "1000", "--period", "2026-04"]));
    assert!(err.contains("expected one with the sign of the amount"), "{err}");
}

/// Returns the number of the newest sale of Acme.
fn newest(desk: &Desk) -> String {
    let rows = desk.json(&["revenue", "list", "acme"])["rows"].clone();
    let events = rows.as_array().expect("rows").iter().filter_map(|row| row["event"].as_i64());
    events.max().expect("a sale").to_string()
}

#[test]
fn what_is_wrong_of_a_sale_beside_its_amount_is_corrected_and_stays_in_order() {
    let desk = desk();
    desk.ok(&add(&["800", "--list-amount", "1000", "--ref", "S-1", "--on", "2026-03-01"]));
    let sale = newest(&desk);
    for (words, said) in [
        (&["--amount", "-800"][..], "has the list amount 1000, expected one with the sign of the amount"),
        (&["--amount", "0"], "expected one with the sign of the amount"),
        (&["--list-amount", "-5"], "expected one with the sign of the amount"),
        (&["--list-amount", "much"], "has a list amount that cannot be read"),
        (&["--ship-to", "Atlantis"], "which names no country"),
        (&["--returns", "S-0"], "so its amount must be negative"),
    ] {
        let err = desk.fails(4, &[&["correct", &sale][..], words].concat());
        assert!(err.contains(said), "{words:?}: {err}");
    }
    let said =
        desk.run(&["correct", &sale, "--list-amount", "1200", "--ship-to", "Turin, IT", "--amount", "900"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let told = format!("{}{}", said.out, said.err);
    assert!(told.contains("amount from 800.00 to 900.00 EUR, ship-to Turin, IT, list amount 1200"), "{told}");
    let row = desk.json(&["revenue", "list", "acme"])["rows"][0].clone();
    assert_eq!((row["list_amount"].as_str(), row["ship_to"].as_str()), (Some("1200"), Some("Turin, IT")));
    assert!(desk.ok(&["correct", &sale, "--list-amount", "1200"]).is_empty(), "so already");
    desk.ok(&add(&["500", "--ref", "S-2", "--on", "2026-03-02"]));
    desk.ok(&add(&["-100", "--returns", "S-1", "--on", "2026-03-10"]));
    let returned = newest(&desk);
    let err = desk.fails(4, &["correct", &returned, "--returns", "S-9"]);
    assert!(err.contains("no sale with the reference `S-9`"), "{err}");
    desk.ok(&["correct", &returned, "--returns", "S-2", "--reason", "typed wrongly"]);
    let rows = desk.json(&["revenue", "list", "acme"])["rows"].clone();
    assert!(rows.as_array().expect("rows").iter().any(|row| row["returns"] == "S-2"), "{rows}");
    let log = desk.ok(&["log", "acme"]);
    assert!(log.contains("has returned sale S-2") && log.contains("has list amount 1200"), "{log}");
    let err = desk.fails(4, &["correct", "2", "--ship-to", "IT"]);
    assert!(err.contains("is `joined` and no sale"), "{err}");
    // What is recorded comes through undo, export and import, and what was forgotten leaves the country.
    let before = desk.picture();
    desk.ok(&["undo"]);
    desk.ok(&["redo"]);
    assert_eq!(desk.picture(), before);
    desk.ok(&["export", "--all", "-o", "all.jsonl"]);
    desk.ok(&["import", "--all", "all.jsonl", "--db", "again.db"]);
    desk.ok(&["check", "--db", "again.db"]);
    desk.ok(&["forget", "acme", "--yes"]);
    let rows = desk.json(&["revenue", "list"])["rows"].to_string();
    assert!(rows.contains("\"IT\"") && !rows.contains("Turin"), "{rows}");
    desk.check();
}

#[test]
fn a_return_is_in_the_currency_of_its_sale_at_its_rate() {
    let desk = desk();
    let dollars = ["--currency", "USD", "--rate", "0.9", "--ref", "S-1", "--on", "2026-03-01"];
    desk.ok(&[&add(&["500"])[..], &dollars].concat());
    desk.ok(&add(&["500", "--ref", "S-2", "--on", "2026-03-01"]));
    for (words, said) in [
        (&["-50", "--returns", "S-1"][..], "`S-1` was sold in USD at the rate 0.9"),
        (&["-50", "--returns", "S-1", "--currency", "USD", "--rate", "3"], "sold in USD at the rate 0.9"),
        (&["-50", "--returns", "S-1", "--currency", "GBP", "--rate", "0.9"], "sold in USD at the rate 0.9"),
        (&["-50", "--returns", "S-2", "--currency", "USD", "--rate", "0.9"], "was sold in EUR"),
    ] {
        let err = desk.fails(4, &add(words));
        assert!(err.contains(said), "{words:?}: {err}");
    }
    let rows = "partner,amount,on,returns,currency,rate\nacme,-50,2026-03-05,S-1,USD,0.95\n";
    let err = desk.fails(6, &["import", "revenue", &desk.file("r.csv", rows)]);
    assert!(err.contains("line 2") && err.contains("sold in USD at the rate 0.9"), "{err}");
    desk.ok(&add(&["-50", "--returns", "S-1", "--currency", "USD", "--rate", "0.90"]));
    desk.ok(&add(&["-60", "--returns", "S-1", "--currency", "USD"]));
    assert!(desk.json(&["revenue", "list"])["rows"].to_string().contains("-54.0"), "at the rate of its sale");
    assert!(desk.fails(2, &add(&["60", "--currency", "USD"])).contains("`--rate RATE` is missing"));
    desk.ok(&add(&["-50", "--returns", "S-2"]));
    let err = desk.fails(4, &add(&["-5", "--returns", "S-2", "--ref", "S-2"]));
    assert!(
        err.contains("the reference of a sale") && err.contains("credit note") && !err.contains("correct"),
        "{err}"
    );
    desk.check();
}
