//! What was recorded for a period keeps its days, its money and its place in calendars when the fiscal year begins in another
//! month; what is typed means the fiscal year in force.

use std::collections::BTreeMap;
use std::fs;

use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::support::{Desk, Said};

/// A program whose fiscal year begins in a month, with a recurring milestone and reports by quarter.
fn program(first_month: u32, named: &str) -> String {
    format!(
        "[program]\nname = \"Channel\"\ncurrency = \"EUR\"\nfiscal_year_start = {first_month}\n\
         fiscal_year_named = \"{named}\"\n\n[reporting]\nevery = \"quarter\"\ndue_days = 15\n\n\
         [[stage]]\nkey = \"talks\"\n\n[[stage]]\nkey = \"growth\"\nsuccess = true\n\n\
         [[stage.milestone]]\nkey = \"budget\"\nevery = \"quarter\"\n"
    )
}

/// A desk of November 2026 with a partner in growth since autumn 2025, whose program begins its years in a month.
fn desk(first_month: u32) -> Desk {
    let mut desk = Desk::empty();
    desk.set_today("2025-10-10");
    desk.ok(&["init", "--program", &desk.file("first.toml", program(first_month, "end"))]);
    desk.ok(&["add-partner", "Nordic", "--stage", "growth", "--on", "2025-10-10"]);
    desk.set_today("2026-11-23");
    desk
}

fn apply(desk: &Desk, first_month: u32, named: &str) {
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(first_month, named))]);
}

/// All that a command says.
fn heard(desk: &Desk, words: &[&str]) -> String {
    let Said { code, out, err } = desk.run(words);
    assert_eq!(code, 0, "chanlife {words:?}: {err}");
    out + &err
}

#[test]
fn a_period_that_is_typed_is_one_of_the_fiscal_year_in_force_whatever_day_it_speaks_of() {
    let desk = desk(1);
    desk.ok(&["revenue", "add", "nordic", "31000", "--on", "2026-05-05"]);
    apply(&desk, 4, "end");
    let why = desk.fails(4, &["revenue", "add", "nordic", "45000", "--period", "2027-Q1"]);
    assert!(why.contains("twice") && why.contains("31000.00 EUR on 2026-05-05"), "{why}");
    let said = heard(&desk, &["revenue", "add", "nordic", "7", "--period", "2026-Q3"]);
    assert!(said.contains("1 Oct to 31 Dec 2025"), "{said}");
    let sales = desk.json(&["revenue", "list"]);
    let of_period = &sales["rows"].as_array().expect("rows")[0];
    assert_eq!((&of_period["day"], &of_period["period"]), (&"2025-12-31".into(), &"2026-Q3".into()));
    desk.ok(&["revenue", "add", "nordic", "8", "--on", "2026-08-08"]);
    let why = desk.fails(2, &["revenue", "add", "nordic", "9", "--period", "2027-Q3"]);
    assert!(why.contains("2027-Q3 (1 Oct to 31 Dec 2026)"), "{why}");
    // A day before the move is of the fiscal year in force, too.
    let set = ["plan", "set", "nordic", "--target", "1000", "--agreed-by", "Eva", "--on", "2026-05-02"];
    desk.ok(&set);
    let plan = desk.json(&["plan", "show", "nordic"]);
    assert_eq!(plan["rows"][0]["period_first_day"], "2026-04-01", "{plan}");
    let said = heard(&desk, &["plan", "review", "nordic", "--on", "2026-10-05"]);
    assert!(said.contains("2027-Q2 business review (1 Jul to 30 Sep 2026)"), "{said}");
    desk.ok(&["done", "nordic", "budget", "--on", "2026-06-20"]);
    assert!(desk.ok(&["log", "nordic"]).contains("budget of 2027-Q1, 1 Apr to 30 Jun 2026 done"));
    // Years named otherwise are understood so at once.
    apply(&desk, 4, "start");
    let said = heard(&desk, &["revenue", "add", "nordic", "5", "--period", "2025-Q4"]);
    assert!(said.contains("1 Jan to 31 Mar 2026"), "{said}");
    desk.check();
}

#[test]
fn a_due_date_that_was_moved_holds_for_the_days_of_its_period() {
    let desk = desk(1);
    desk.ok(&["due", "nordic", "budget", "2027-01-10", "--reason", "travels"]);
    for (first_month, period) in [(4, "2027-Q3"), (2, "2027-Q4"), (1, "2026-Q4")] {
        apply(&desk, first_month, "end");
        let due = desk.json(&["calendar", "--until", "2027-03-01"]);
        let rows = due["rows"].as_array().expect("rows");
        let budget = rows.iter().find(|one| one["due"] == "2027-01-10" && one["kind"] == "milestone");
        let what = budget.map(|one| one["what"].to_string()).unwrap_or_default();
        assert!(what.contains(period), "{first_month}: {due}");
    }
    apply(&desk, 4, "end");
    let log = desk.ok(&["log", "nordic"]);
    assert!(log.contains("budget of 2027-Q3, 1 Oct to 31 Dec 2026 due 2027-01-10"), "{log}");
    let said = heard(&desk, &["due", "nordic", "budget", "2027-01-12", "--reason", "travels"]);
    assert!(said.contains("from 2027-01-10 to 2027-01-12; moved twice so far"), "{said}");
    desk.check();
}

/// The entries of the calendar file by their UID, each with its status and title.
fn entries(desk: &Desk) -> BTreeMap<String, (String, String)> {
    let file = desk.folder().join("due.ics");
    desk.ok(&["calendar", "-f", "-o", &file.to_string_lossy()]);
    let text = fs::read_to_string(file).expect("a calendar").replace("\r\n ", "").replace('\r', "");
    let mut all = BTreeMap::new();
    for event in text.split("BEGIN:VEVENT").skip(1) {
        let value = |key: &str| {
            let lines = event.lines();
            lines.filter_map(|line| line.strip_prefix(key)).map(str::to_owned).next().unwrap_or_default()
        };
        let title = value("SUMMARY:").replace('\\', "");
        let known = all.insert(value("UID:"), (value("STATUS:"), title));
        assert_eq!(known, None, "one entry for each UID");
    }
    all
}

#[test]
fn a_calendar_file_keeps_its_entries_when_periods_get_other_names_and_calls_nothing_done_that_is_not() {
    let desk = desk(1);
    desk.ok(&["done", "nordic", "budget", "--period", "2026-Q1"]);
    let before = entries(&desk);
    assert!(before.contains_key("nordic.report.2026-Q3@chanlife"), "{before:?}");
    apply(&desk, 4, "end");
    let same_days = entries(&desk);
    assert_eq!(same_days.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let (status, title) = &same_days["nordic.report.2026-Q3@chanlife"];
    assert!(status.is_empty() && title.contains("2027-Q2, 1 Jul to 30 Sep 2026"), "{title}");
    // Quarters of other days take the place of those that are not due any more, and those were not done.
    apply(&desk, 2, "end");
    let (open, over): (Vec<_>, Vec<_>) =
        entries(&desk).into_values().partition(|(status, _)| status.is_empty());
    assert!(open.iter().any(|(_, title)| title.contains("budget (1 Apr to 30 Jun 2026)")), "{open:?}");
    assert!(open.iter().any(|(_, title)| title.contains("report for 1 Jul to 30 Sep 2026")), "{open:?}");
    let said_done: Vec<_> = over.iter().filter(|(_, title)| title.contains("done on")).collect();
    assert!(said_done.iter().all(|(_, title)| title.contains("2026-Q1")), "{said_done:?}");
    assert!(
        over.iter().any(|(_, title)| title.contains("report") && title.contains("not due any more")),
        "{over:?}"
    );
}

#[test]
fn what_does_not_fit_the_periods_of_a_report_is_said_with_its_days_to_people_and_to_machines() {
    let desk = desk(1);
    desk.ok(&["revenue", "add", "nordic", "200", "--period", "2026-H1"]);
    let by_quarter = ["report", "revenue", "--by", "quarter"];
    let spans = "spans more than one quarter and counts whole in the last one: nordic 2026-H1";
    for report in [&by_quarter[..], &["report", "growth"], &["report", "review", "nordic"]] {
        assert!(desk.ok(report).contains(spans), "{report:?}");
        let caveats = desk.json(report)["caveats"].to_string();
        assert!(caveats.contains(spans), "{report:?}: {caveats}");
    }
    let said = desk.run(&[&by_quarter[..], &["--format", "csv"]].concat());
    // The days came later, and columns read by number stay where they were.
    let header = "quarter,amount,currency,share,records,quarter_first_day,quarter_last_day\n";
    assert!(said.out.starts_with(header) && said.err.contains(spans), "{said:?}");
    assert_eq!(desk.json(&["report", "revenue", "--by", "half"])["caveats"], Json::Null);
    desk.ok(&["done", "nordic", "budget", "--period", "2026-Q3"]);
    desk.ok(&["due", "nordic", "budget", "2027-01-10", "--reason", "travels"]);
    assert_eq!(desk.json(&["show", "nordic"])["caveats"], Json::Null);
    apply(&desk, 2, "end");
    let shown = desk.ok(&["show", "nordic"]);
    // The quarter that was over keeps its days, and its record is of those.
    assert!(!shown.contains("budget of 1 Jul to 30 Sep 2026 counts"), "{shown}");
    assert!(shown.contains("budget of 1 Oct to 31 Dec 2026 counts for 2027-Q4"), "{shown}");
    assert!(desk.ok(&["report", "growth"]).contains("nordic 1 Jan to 30 Jun 2026"));
}

#[test]
fn a_report_that_is_owed_keeps_its_days_when_the_fiscal_year_moves_and_the_days_up_to_the_next_are_asked_for()
{
    let desk = desk(1);
    for quarter in ["2026-Q1", "2026-Q2"] {
        desk.ok(&["revenue", "add", "nordic", "100", "--period", quarter]);
    }
    let owed = |desk: &Desk| desk.json(&["report", "reporting"])["rows"][0]["owed_days"].to_string();
    assert_eq!(owed(&desk), r#"["2026-07-01..2026-09-30"]"#);
    let said = heard(&desk, &["program", "diff", &desk.file("moved.toml", program(2, "end"))]);
    assert!(said.contains("1 overdue report of nordic keeps its days, 1 Jul to 30 Sep 2026"), "{said}");
    apply(&desk, 2, "end");
    assert_eq!(owed(&desk), r#"["2026-07-01..2026-09-30","2026-10-01..2026-10-31"]"#);
    // As of the day before, it goes by its old name.
    let then = desk.json(&["report", "reporting", "--as-of", "2026-11-22"]);
    assert_eq!(then["rows"][0]["owed"].to_string(), r#"["2026-Q3"]"#);
    for words in [&["show", "nordic"][..], &["next"], &["calendar"], &["report", "reporting"]] {
        let said = heard(&desk, words);
        assert!(said.contains("1 Jul to 30 Sep 2026"), "chanlife {words:?}: {said}");
    }
    // A quarter of the new year reports its own days: July is left, and can be recorded.
    desk.ok(&["revenue", "add", "nordic", "100", "--period", "2027-Q3"]);
    assert_eq!(owed(&desk), r#"["2026-07-01..2026-07-31"]"#);
    desk.ok(&["revenue", "add", "nordic", "100", "--period", "2026-07"]);
    assert!(heard(&desk, &["report", "reporting"]).contains("No reports are overdue."));
    desk.ok(&["undo"]);
    desk.ok(&["undo"]);
    desk.ok(&["revenue", "add", "nordic", "0", "--period", "2026-07-01..2026-09-30"]);
    assert_eq!(owed(&desk), r#"["2026-10-01..2026-10-31"]"#);
    desk.ok(&["revenue", "add", "nordic", "0", "--period", "2026-10"]);
    assert!(heard(&desk, &["report", "reporting"]).contains("No reports are overdue."));
}

#[test]
fn answers_that_name_fiscal_periods_say_their_days() {
    let desk = desk(4);
    desk.ok(&["revenue", "add", "nordic", "900", "--period", "2026-Q4"]);
    let days = "1 Jan to 31 Mar 2026";
    for words in [
        &["report", "revenue", "--by", "quarter"][..],
        &["revenue", "list"],
        &["report", "review", "nordic", "--period", "2026-Q4"],
        &["log", "nordic"],
    ] {
        assert!(desk.ok(words).contains(days), "{words:?}: {}", desk.ok(words));
    }
    for words in
        [&["report", "reporting"][..], &["show", "nordic"], &["report", "review", "nordic"], &["next"]]
    {
        assert!(desk.ok(words).contains("1 Apr to 30 Jun 2026"), "{words:?}: {}", desk.ok(words));
    }
    let rows = desk.json(&["report", "revenue", "--by", "year"])["rows"].clone();
    assert_eq!((&rows[0]["year"], &rows[0]["year_first_day"]), (&"2026".into(), &"2025-04-01".into()));
}

#[test]
fn a_period_of_another_length_is_refused_with_what_it_is_and_what_is_wanted() {
    let desk = desk(1);
    let h1 = ["--period", "2026-H1"];
    for (words, wanted) in [
        (&["plan", "set", "nordic", "--target", "5"][..], "a fiscal year such as 2026"),
        (&["plan", "list"], "a fiscal year such as 2026"),
        (&["plan", "review", "nordic"], "a quarter such as 2026-Q3"),
        (&["report", "review", "nordic"], "a quarter"),
    ] {
        let why = desk.fails(2, &[words, &h1].concat());
        assert!(why.contains("2026-H1") && why.contains(wanted), "{words:?}: {why}");
    }
}

#[test]
fn a_program_that_moves_the_fiscal_year_says_whose_periods_get_other_names() {
    let desk = desk(1);
    desk.ok(&["plan", "set", "nordic", "--period", "2026", "--target", "1000"]);
    desk.ok(&["revenue", "add", "nordic", "900", "--period", "2026-Q1"]);
    desk.ok(&["revenue", "add", "nordic", "10", "--period", "2026-08"]);
    desk.ok(&["done", "nordic", "budget", "--period", "2026-Q3"]);
    let next = desk.file("next.toml", program(4, "end"));
    for words in [&["program", "diff", &next][..], &["program", "apply", "--dry-run", &next]] {
        let said = heard(&desk, words);
        for sentence in [
            "1 plan of nordic keeps its days, 1 Jan to 31 Dec 2026, which match no new period: each day counts in its new quarter",
            "1 sale of nordic keeps its days and gets another name: 2026-Q1 becomes 2026-Q4 (1 Jan to 31 Mar 2026)",
            "1 milestone of nordic keeps its days and gets another name: 2026-Q3 becomes 2027-Q2",
        ] {
            assert!(said.contains(sentence), "{words:?}: {said}");
        }
    }
    let same = desk.file("same.toml", program(1, "start"));
    assert!(!heard(&desk, &["program", "diff", &same]).contains("keeps its days"));
}

/// What is reported of the months and of some days, whatever the fiscal year.
fn totals(desk: &Desk) -> Vec<Json> {
    let mut all = Vec::new();
    for window in [&["--since", "2026-02-15"][..], &["--until", "2026-08-31"], &["--period", "2026-05"]] {
        all.push(desk.json(&[&["report", "revenue", "--by", "month"], window].concat())["rows"].clone());
        all.push(desk.json(&[&["report", "revenue", "--by", "product"], window].concat())["total"].clone());
    }
    for by in ["year", "half", "quarter", "month", "week", "partner", "product"] {
        all.push(desk.json(&["report", "revenue", "--by", by])["total"].clone());
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_moved_fiscal_year_moves_no_money(
        first in 1_u32..=12,
        moves in prop::collection::vec((1_u32..=12, any::<bool>()), 1..4),
        sales in prop::collection::vec((1_u32..=10, 1_i64..5000, any::<bool>()), 1..6),
    ) {
        let desk = desk(first);
        let mut recorded = 0;
        for (month, amount, whole) in sales {
            let day = format!("2026-{month:02}-12");
            let period = format!("2026-{month:02}");
            let when = if whole { ["--period", &period] } else { ["--on", &day] };
            let amount = amount.to_string();
            let add = ["revenue", "add", "nordic", &amount, "--product", if whole { "A" } else { "B" }];
            recorded += i32::from(desk.run(&[&add[..], &when].concat()).code == 0);
        }
        // A quarter of the first fiscal year, for a third product.
        let start = format!("2026-{:02}-01", first.clamp(1, 8));
        desk.run(&["revenue", "add", "nordic", "900", "--product", "C", "--on", &start]);
        prop_assert!(recorded > 0);
        let before = totals(&desk);
        for (month, is_start) in moves {
            apply(&desk, month, if is_start { "start" } else { "end" });
            prop_assert_eq!(&totals(&desk), &before);
            desk.check();
        }
    }

    #[test]
    fn whatever_moves_and_in_whatever_order_it_accrues_each_days_revenue_accrues_once(
        first in 1_u32..=12,
        steps in prop::collection::vec((1_u32..=12, 0_u32..=10, 1_u32..=10, 1_i64..40), 2..6),
    ) {
        let mut desk = desk(first);
        let (mut sold, mut earliest, mut month) = (0, 10, first);
        for (moved, accrued, sale, amount) in steps {
            month = moved;
            apply_accruing(&desk, month);
            // Two percent of it are whole euros.
            let (amount, day) = (amount * 50, format!("2026-{sale:02}-12"));
            desk.ok(&["revenue", "add", "nordic", &amount.to_string(), "--on", &day]);
            (sold, earliest) = (sold + amount, earliest.min(sale));
            let quarter = quarter_around(month, accrued.max(1));
            let asked = ["fund", "accrue", "nordic", "--period", &quarter];
            let asked = if accrued == 0 { &asked[..3] } else { &asked[..] };
            let said = desk.run(asked);
            prop_assert!(said.code == 0 || said.err.contains("is not over"), "{asked:?}: {said:?}");
            prop_assert!(came_in(&desk) * 50.0 <= sold as f64, "{asked:?}: {said:?}");
        }
        desk.set_today("2027-07-01");
        desk.ok(&["fund", "accrue", "nordic", "--period", &quarter_around(month, earliest)]);
        for _ in 0..2 {
            desk.ok(&["fund", "accrue", "nordic"]);
            prop_assert!((came_in(&desk) * 50.0 - sold as f64).abs() < 0.01, "{} of {sold}", came_in(&desk));
        }
        desk.check();
    }
}

/// Puts a program into force whose years begin in a month and of which revenue accrues to a fund.
fn apply_accruing(desk: &Desk, first_month: u32) {
    let fund = "\n[[fund]]\nkey = \"co-op\"\npercent_of_revenue = 2\nmax_percent = 50\nclaim_days = 90\n";
    desk.ok(&["program", "apply", &desk.file("moved.toml", program(first_month, "end") + fund)]);
}

/// The days of the quarter of 2026 around a month, by years that begin in another one.
fn quarter_around(first_month: u32, month: u32) -> String {
    let date = NaiveDate::from_ymd_opt(2026, month, 1).expect("a day");
    let first = date - Months::new((month + 12 - first_month) % 3);
    format!("{first}..{}", first + Months::new(3) - Days::new(1))
}

/// What came into the fund, in euros.
fn came_in(desk: &Desk) -> f64 {
    let shown = desk.json(&["fund", "show", "nordic"]);
    let rows = shown["rows"].as_array().expect("rows");
    rows.first().map_or(0.0, |row| row["came_in"].as_f64().expect("money"))
}

/// A program whose fiscal year begins in a month, with plans, and funds that accrue or have budgets.
fn with_money(first_month: u32, budget: &str) -> String {
    program(first_month, "end")
        + &format!(
            "\n[[stage.milestone]]\nkey = \"plan\"\nevery = \"year\"\nsettled_by = \"planned\"\n\n\
             [[fund]]\nkey = \"co-op\"\npercent_of_revenue = 2\nmax_percent = 50\nclaim_days = 90\nvalid_days = 100\n\n\
             [[fund]]\nkey = \"mdf\"\nbudget = {{ {budget} }}\nmax_percent = 50\nclaim_days = 90\n"
        )
}

fn apply_money(desk: &Desk, first_month: u32, budget: &str) -> String {
    let file = desk.file("money.toml", with_money(first_month, budget));
    heard(desk, &["program", "apply", &file, "--on", "2025-10-10"])
}

#[test]
fn refusals_and_answers_that_nothing_is_new_say_the_days_of_fiscal_periods_too() {
    let desk = desk(4);
    apply_money(&desk, 4, "2026 = 500");
    let year = "2027 (1 Apr 2026 to 31 Mar 2027)";
    assert!(desk.json(&["report", "growth"])["quarters"][0]["first_day"] == "2026-04-01");
    let why = desk.fails(4, &["fund", "grant", "nordic", "5"]);
    assert!(why.contains("`mdf` has no budget for 2027, 1 Apr 2026 to 31 Mar 2027"), "{why}");
    let why = desk.fails(4, &["fund", "grant", "nordic", "501", "--on", "2026-02-01"]);
    assert!(why.contains("the 2026 budget (1 Apr 2025 to 31 Mar 2026) of `mdf` is 500.00 EUR"), "{why}");
    desk.ok(&["plan", "review", "nordic", "--period", "2027-Q1", "--text", "fine"]);
    let said = heard(&desk, &["plan", "review", "nordic", "--period", "2027-Q1", "--text", "fine"]);
    assert!(said.contains("2027-Q1 business review (1 Apr to 30 Jun 2026) of Nordic is already"), "{said}");
    desk.ok(&["done", "nordic", "budget"]);
    let said = heard(&desk, &["done", "nordic", "budget"]);
    assert!(said.contains("`budget` of 2027-Q3 (1 Oct to 31 Dec 2026) was already done"), "{said}");
    desk.ok(&["revenue", "add", "nordic", "1000", "--on", "2026-04-12"]);
    let said = heard(&desk, &["fund", "accrue", "nordic", "--period", "2027-Q1"]);
    assert!(said.contains("the accrual for 2027-Q1 (1 Apr to 30 Jun 2026) expired"), "{said}");
    let rows = "partner,step,on,fund,period,amount\nnordic,take-back,2026-11-22,mdf,2027,7\n";
    let why = desk.fails(6, &["import", "funds", &desk.file("funds.csv", rows)]);
    assert!(why.contains("from the 2027 budget (1 Apr 2026 to 31 Mar 2027)"), "{why}");
    let rows = "partner,period,target,customers\nnordic,2027-Q1,7,3\nnordic,2027-H1,8,\n";
    let why = desk.fails(6, &["import", "plans", &desk.file("plans.csv", rows)]);
    for days in
        ["2027-Q1 (1 Apr to 30 Jun 2026) is not a fiscal year", "2027-H1 (1 Apr to 30 Sep 2026) is neither"]
    {
        assert!(why.contains(days), "{why}");
    }
    let rows = "partner,on,period\nnordic,2026-11-22,2027\n";
    let why = desk.fails(6, &["import", "reviews", &desk.file("reviews.csv", rows)]);
    assert!(why.contains(&format!("{year} is not a quarter")), "{why}");
    let shown = desk.ok(&["program", "show", "--format", "md"]);
    assert!(shown.contains("budget of 500.00 in 2026 (1 Apr 2025 to 31 Mar 2026)"), "{shown}");
}

#[test]
fn who_has_no_plan_is_told_of_which_days() {
    let mut desk = Desk::empty();
    desk.set_today("2026-06-23");
    let moved = |program: String| {
        if program.contains("fiscal_year_start = 1") {
            program.replace("fiscal_year_start = 1", "fiscal_year_start = 4")
        } else {
            program.replacen("[program]\n", "[program]\nfiscal_year_start = 4\n", 1)
        }
    };
    desk.ok(&["init"]);
    let program = moved(desk.ok(&["program", "show"]));
    desk.ok(&["program", "apply", &desk.file("p.toml", program)]);
    desk.ok(&["add-partner", "Nordic", "--stage", "growth", "--on", "2026-06-10"]);
    let said = desk.json(&["next"]).to_string();
    assert!(said.contains("no plan for 2027 (1 Apr 2026 to 31 Mar 2027)"), "{said}");
}

#[test]
fn what_is_imported_again_under_another_fiscal_year_is_known() {
    let desk = desk(1);
    apply_money(&desk, 1, "2026 = 500");
    let rows = "partner,step,on,fund,period,amount\n\
                nordic,grant,2026-05-01,mdf,,300\n\
                nordic,accrue,2026-04-02,co-op,2026-Q1,40\n";
    let file = desk.file("funds.csv", rows);
    desk.ok(&["import", "funds", &file]);
    let reviews = "partner,on,period,text\nnordic,2026-04-05,2026-Q1,fine\n";
    desk.ok(&["import", "reviews", &desk.file("reviews.csv", reviews)]);
    let days = "2026 = { amount = 500, from = \"2026-01-01\", to = \"2026-12-31\" }, 2027 = 400";
    apply_money(&desk, 4, days);
    let balance = || desk.json(&["fund", "show", "nordic"])["rows"].clone();
    let before = balance();
    let again = rows.replace("2026-Q1", "2026-Q4");
    desk.ok(&["import", "funds", &desk.file("again.csv", again)]);
    assert_eq!(balance(), before);
    let said = heard(
        &desk,
        &["import", "reviews", &desk.file("reviews.csv", reviews.replace("2026-Q1", "2026-Q4"))],
    );
    assert!(said.contains("nothing new") || said.contains("already"), "{said}");
    assert_eq!(desk.json(&["plan", "show", "nordic"])["reviews"].as_array().map(Vec::len), Some(1));
    // The grant of the old year is taken back by its days.
    let back =
        "partner,step,on,fund,period,amount\nnordic,take-back,2026-11-01,mdf,2026-01-01..2026-12-31,100\n";
    desk.ok(&["import", "funds", &desk.file("back.csv", back)]);
    desk.check();
}

#[test]
fn an_import_names_the_days_of_a_period_that_meant_others_when_it_was_recorded() {
    let desk = desk(1);
    let sales = desk.file("sales.csv", "partner,period,amount\nnordic,2026-Q2,1000\n");
    let plans = desk.file("plans.csv", "partner,period,target,agreed-by\nnordic,2026,400,J\n");
    desk.ok(&["import", "revenue", &sales]);
    desk.ok(&["import", "plans", &plans]);
    apply(&desk, 4, "start");
    let said = heard(&desk, &["import", "revenue", &sales]);
    assert!(said.contains("of 1 Apr to 30 Jun 2026; since the fiscal year moved"), "{said}");
    assert!(said.contains("1 Jul to 30 Sep 2026"), "{said}");
    // What it says to type records the report of the other days.
    assert!(said.contains("`chanlife revenue add nordic 1000.00 --period 2026-Q2`"), "{said}");
    desk.ok(&["revenue", "add", "nordic", "1000.00", "--period", "2026-Q2"]);
    let total = desk.json(&["report", "revenue", "--by", "partner"])["total"].clone();
    assert!(total.to_string().contains("2000"), "{total}");
    let said = heard(&desk, &["import", "plans", &plans]);
    assert!(said.contains("shares days with its plan for 1 Jan to 31 Dec 2026"), "{said}");
    desk.check();
}

#[test]
fn a_plan_that_takes_days_from_another_says_what_counts_of_that_and_a_list_shows_both_whole() {
    let desk = desk(1);
    let plan = |period: &str, target: &str| {
        let plan = ["plan", "set", "nordic", "--period", period, "--target", target];
        heard(&desk, &[&plan[..], &["--agreed-by", "J", "--on", "2026-01-01"]].concat())
    };
    plan("2026", "3650");
    apply(&desk, 4, "end");
    let said = plan("2027", "4000");
    // 90 days of January to March are left of it.
    assert!(said.contains("Of the plan for 1 Jan to 31 Dec 2026"), "{said}");
    assert!(said.contains("counts now, not 3650.00 EUR"), "{said}");
    assert!(!plan("2027", "5000").contains("Of the plan for"), "nothing more is taken");
    let listed = heard(&desk, &["plan", "list", "--period", "2027"]);
    assert!(listed.contains("Each is listed whole."), "{listed}");
    desk.check();
}

#[test]
fn budgets_that_share_days_are_said_with_those_and_no_euro_of_them_is_granted_twice() {
    let desk = desk(1);
    apply_money(&desk, 1, "2026 = 500");
    desk.ok(&["fund", "grant", "nordic", "300", "--on", "2026-05-01"]);
    let kept = "2026 = { amount = 500, from = \"2026-01-01\", to = \"2026-12-31\" }, 2027 = 400";
    let shared = "`mdf` for 2026 (1 Jan to 31 Dec 2026) and 2027 (1 Apr 2026 to 31 Mar 2027) share 1 Apr to 31 Dec 2026: \
                  grants of these days come from that of 2027";
    let file = desk.file("money.toml", with_money(4, kept));
    for verb in ["check", "diff", "apply"] {
        let said = heard(&desk, &["program", verb, &file]);
        assert!(said.contains(shared), "{verb}: {said}");
    }
    desk.ok(&["fund", "grant", "nordic", "400"]);
    let why = desk.fails(4, &["fund", "grant", "nordic", "0.01"]);
    assert!(why.contains("the 2027 budget (1 Apr 2026 to 31 Mar 2027) of `mdf` is 400.00 EUR"), "{why}");
    // Budgets that follow each other share nothing.
    let following =
        kept.replace("2027 = 400", "2027 = { amount = 400, from = \"2027-01-01\", to = \"2027-03-31\" }");
    let said = heard(&desk, &["program", "check", &desk.file("money.toml", with_money(4, &following))]);
    assert!(!said.contains("share"), "{said}");
    desk.check();
}

#[test]
fn a_grant_of_an_earlier_day_comes_from_the_budget_that_has_the_day_after_the_fiscal_year_moved() {
    let desk = desk(1);
    apply_money(&desk, 1, "2026 = 500");
    desk.ok(&["fund", "grant", "nordic", "100", "--on", "2026-05-01"]);
    let named = "2026 = { amount = 500, from = \"2026-01-01\", to = \"2026-12-31\" }, 2027 = 400";
    let file = desk.file("money.toml", with_money(2, named));
    desk.ok(&["program", "apply", &file]);
    desk.ok(&["fund", "grant", "nordic", "10", "--on", "2026-11-22"]);
    desk.ok(&["fund", "grant", "nordic", "20", "--on", "2026-01-15"]);
    let rows = desk.json(&["report", "funds"])["rows"].clone();
    let came_in: Vec<&Json> = rows.as_array().expect("funds").iter().map(|row| &row["came_in"]).collect();
    assert_eq!(came_in, [0.0, 130.0], "{rows}");
    desk.check();
}

#[test]
fn a_plan_that_was_there_for_all_days_a_partner_is_asked_for_stays_settled_when_the_fiscal_year_moves() {
    let desk = Desk::new();
    desk.ok(&[
        "add-partner",
        "Nordic",
        "--stage",
        "growth",
        "--on",
        "2025-12-02",
        "--observed-from",
        "2026-01-01",
    ]);
    let plan = ["--period", "2026", "--target", "400", "--agreed-by", "J", "--on", "2026-01-15"];
    desk.ok(&[&["plan", "set", "nordic"], &plan[..]].concat());
    let dates = || desk.ok(&["calendar"]);
    assert!(!dates().contains("Joint business plan agreed (2026"), "{}", dates());
    let program = desk.ok(&["program", "show"]);
    let moved = program.replacen("fiscal_year_start = 1", "fiscal_year_start = 2", 1);
    desk.ok(&["program", "apply", &desk.file("moved.toml", moved)]);
    assert!(!dates().contains("Joint business plan agreed (2026"), "{}", dates());
    desk.check();
}

#[test]
fn a_later_accrual_brings_or_names_the_earlier_quarters_of_which_nothing_has_accrued() {
    let mut desk = desk(1);
    apply_accruing(&desk, 1);
    for month in ["02", "05", "08"] {
        desk.ok(&["revenue", "add", "nordic", "10000", "--on", &format!("2026-{month}-12")]);
    }
    // The first accrual of all says once what lies before it.
    let said = heard(&desk, &["fund", "accrue", "nordic", "--period", "2026-Q2"]);
    assert!(said.contains("200.00 EUR for 1 Jan to 31 Mar 2026 has not accrued yet"), "{said}");
    assert!(said.contains("`chanlife fund accrue nordic --period 2026-Q1` begins with 2026-Q1"), "{said}");
    apply_accruing(&desk, 2);
    desk.ok(&["revenue", "add", "nordic", "10000", "--on", "2026-11-12"]);
    desk.set_today("2027-02-10");
    let said = heard(&desk, &["fund", "accrue", "nordic", "--period", "2027-Q4"]);
    let named =
        "200.00 EUR for 1 Aug to 31 Oct 2026 has not accrued yet: `chanlife fund accrue nordic` posts it";
    assert!(said.contains(named), "{said}");
    let said = heard(&desk, &["fund", "accrue", "nordic"]);
    assert!(said.contains("accrued 200.00 EUR co-op for 2027-Q3, 1 Aug to 31 Oct 2026"), "{said}");
    assert!((came_in(&desk) - 600.0).abs() < 0.001);
    desk.check();
}

#[test]
fn a_budget_from_which_was_granted_is_not_given_other_days_by_another_way_to_name_years() {
    let budget = "2026 = 5000, 2027 = 7000";
    let mut desk = Desk::empty();
    desk.set_today("2025-10-10");
    desk.ok(&["init", "--program", &desk.file("first.toml", with_money(4, budget))]);
    desk.ok(&["add-partner", "Nordic", "--stage", "growth", "--on", "2025-10-10"]);
    desk.set_today("2026-11-23");
    desk.ok(&["fund", "grant", "nordic", "3000", "--fund", "mdf"]);
    let remaining = |desk: &Desk| {
        let budgets = desk.json(&["report", "funds"])["budgets"].clone();
        budgets.as_array()?.iter().find(|one| one["granted"] == 3000.0)?["left"].as_f64()
    };
    let named = |budget: &str| desk.file("named.toml", with_money(4, budget).replace("\"end\"", "\"start\""));
    let said = desk.fails(4, &["program", "apply", &named(budget)]);
    assert!(said.contains("1 Apr 2026 to 31 Mar 2027") && said.contains("2027"), "{said}");
    desk.ok(&["program", "apply", &named("2025 = 5000, 2026 = 7000")]);
    assert_eq!(remaining(&desk), Some(4000.0));
}
