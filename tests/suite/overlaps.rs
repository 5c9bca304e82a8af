//! Nothing is counted twice: totals of periods beside months, sales and new totals of the same days, under random histories
//! and one by one; and corrections that reach every part of a sale.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::support::Desk;

/// What is done on one day.
#[derive(Clone, Debug)]
enum Act {
    /// A sale of a day: of which partner, its day, amount, product, customer.
    Line(usize, usize, i64, usize, bool, Mode),
    /// A total: of which partner, period, amount and product.
    Total(usize, usize, i64, usize, Mode),
    /// The newest sale with a number is returned in part.
    Return(i64),
    /// A record that counts gets another amount.
    Amount(usize, i64),
    /// A record that counts is of another day.
    Day(usize, usize),
    Undo,
    /// Fiscal years begin in another month.
    Year(u32),
}

/// How a record is to count beside others of its days.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Mode {
    Plain,
    Within,
    Detail,
    Beside,
}

const PARTNERS: [&str; 2] = ["acme", "bolt"];
const DAYS: [&str; 4] = ["2026-07-15", "2026-08-03", "2026-08-20", "2026-09-30"];
/// Named by their days, so that they mean the same whenever fiscal years begin.
const PERIODS: [&str; 5] =
    ["2026-07-01..2026-09-30", "2026-08", "2026-07", "2026-W31", "2026-07-01..2026-12-31"];
const PRODUCTS: [Option<&str>; 3] = [None, Some("atlas"), Some("nova")];

fn act() -> impl Strategy<Value = Act> {
    let mode =
        || prop::sample::select(vec![Mode::Plain, Mode::Plain, Mode::Within, Mode::Detail, Mode::Beside]);
    let amount = || prop::sample::select(vec![100_i64, 250, 900, 0, -40]);
    prop_oneof![
        4 => (0..2_usize, 0..4_usize, amount(), 0..3_usize, any::<bool>(), mode())
            .prop_map(|(who, day, amount, product, to, mode)| Act::Line(who, day, amount, product, to, mode)),
        4 => (0..2_usize, 0..5_usize, prop::sample::select(vec![1000_i64, 3000, 0]), 0..3_usize, mode())
            .prop_map(|(who, period, amount, product, mode)| Act::Total(who, period, amount, product, mode)),
        1 => (1..60_i64).prop_map(Act::Return),
        1 => (0..9_usize, amount()).prop_map(|(which, amount)| Act::Amount(which, amount)),
        1 => (0..9_usize, 0..4_usize).prop_map(|(which, day)| Act::Day(which, day)),
        1 => Just(Act::Undo),
        1 => prop::sample::select(vec![1_u32, 4, 7, 10]).prop_map(Act::Year),
    ]
}

fn rows(report: &Value) -> &Vec<Value> {
    report["rows"].as_array().expect("rows")
}

fn cents(value: &Value) -> i64 {
    (value.as_f64().unwrap_or(0.0) * 100.0).round() as i64
}

/// The records that count, and what they come to if each part is taken out of its total.
struct Counted {
    listed: Vec<Value>,
    total: i64,
}

impl Counted {
    fn of(desk: &Desk) -> Counted {
        let list = desk.json(&["revenue", "list"]);
        Counted { listed: rows(&list).clone(), total: cents(&list["total"]) }
    }

    fn reported(row: &Value) -> i64 {
        if row["reported"].is_null() { cents(&row["amount"]) } else { cents(&row["reported"]) }
    }

    /// The sum of what was reported, of records that are no part of another.
    fn of_roots(&self) -> i64 {
        self.listed.iter().filter(|row| row["part_of"].is_null()).map(Counted::reported).sum()
    }
}

/// Does it, and returns whether something was recorded and by how much all revenue is to change; nothing if the answer to
/// that is in the records themselves.
fn make(desk: &Desk, number: usize, act: &Act, before: &Counted) -> (bool, Option<i64>) {
    let with = |words: &[&str], mode: Mode| {
        let more: &[&str] = match mode {
            Mode::Plain => &[],
            Mode::Within => &["--replaces", "within"],
            Mode::Detail => &["--detail"],
            Mode::Beside => &["--beside"],
        };
        let run = desk.run(&[words, more].concat());
        assert!([0, 2, 4].contains(&run.code) || run.code < 10, "{words:?}: {}", run.err);
        run.code == 0 && !format!("{}{}", run.out, run.err).contains("already recorded")
    };
    match act {
        Act::Line(who, day, amount, product, to, mode) => {
            let (typed, number) = (amount.to_string(), format!("N{number}"));
            let mut words =
                vec!["revenue", "add", PARTNERS[*who], &typed, "--on", DAYS[*day], "--ref", &number];
            words.extend(PRODUCTS[*product].into_iter().flat_map(|product| ["--product", product]));
            words.extend(to.then_some(["--customer", "kunde"]).into_iter().flatten());
            let done = with(&words, *mode);
            (done, [Mode::Plain, Mode::Beside].contains(mode).then_some(amount * 100))
        }
        Act::Total(who, period, amount, product, mode) => {
            let typed = amount.to_string();
            let mut words = vec!["revenue", "add", PARTNERS[*who], &typed, "--period", PERIODS[*period]];
            words.extend(PRODUCTS[*product].into_iter().flat_map(|product| ["--product", product]));
            let done = with(&words, *mode);
            (done, [Mode::Plain, Mode::Beside].contains(mode).then_some(amount * 100))
        }
        Act::Return(amount) => {
            let sold =
                before.listed.iter().rfind(|row| row["reference"].is_string() && cents(&row["amount"]) > 0);
            let Some(sold) = sold else { return (false, Some(0)) };
            let (who, paper) =
                (sold["partner"].as_str().expect("a key"), sold["reference"].as_str().expect("it"));
            let typed = format!("-{amount}");
            let words = ["revenue", "add", who, &typed, "--returns", paper, "--on", "2026-09-30"];
            (with(&words, Mode::Plain), Some(-amount * 100))
        }
        Act::Amount(which, amount) => {
            let Some(row) = before.listed.get(*which) else { return (false, Some(0)) };
            let (event, typed) = (row["event"].to_string(), amount.to_string());
            let is_part = !row["part_of"].is_null();
            let change = amount * 100 - Counted::reported(row);
            (
                with(&["correct", &event, "--amount", &typed], Mode::Plain),
                Some(if is_part { 0 } else { change }),
            )
        }
        Act::Day(which, day) => {
            let Some(row) = before.listed.get(*which) else { return (false, Some(0)) };
            (with(&["correct", &row["event"].to_string(), "--on", DAYS[*day]], Mode::Plain), Some(0))
        }
        Act::Undo => (with(&["undo"], Mode::Plain), None),
        Act::Year(month) => {
            let program = desk.ok(&["program", "show"]);
            let kept = program.lines().filter(|line| !line.starts_with("fiscal_year_start"));
            let (head, rest) = (format!("fiscal_year_start = {month}"), kept.collect::<Vec<_>>().join("\n"));
            let file = desk.file("program.toml", format!("{head}\n{rest}\n"));
            (with(&["program", "apply", &file, "--yes"], Mode::Plain), Some(0))
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 10, max_shrink_iters: 60, ..Config::default() })]

    #[test]
    fn all_breakdowns_of_revenue_sum_to_one_total_that_only_what_is_named_changes(
        acts in prop::collection::vec(act(), 1..16),
    ) {
        let mut desk = Desk::new();
        desk.set_today("2027-01-01");
        for partner in PARTNERS {
            desk.ok(&["add-partner", partner, "--on", "2026-01-05", "--stage", "growth", "--region", "EMEA"]);
        }
        let mut known: Vec<(String, i64)> = Vec::new();
        for (number, act) in acts.iter().enumerate() {
            desk.set_today(&format!("2027-01-{:02}", number + 2));
            let before = Counted::of(&desk);
            let (done, change) = make(&desk, number, act, &before);
            let after = Counted::of(&desk);
            match change {
                _ if !done => prop_assert_eq!(after.total, before.total, "{:?}", act),
                Some(change) => prop_assert_eq!(after.total, before.total + change, "{:?}", act),
                None => {}
            }
            prop_assert_eq!(after.total, after.of_roots(), "{:?}", act);
            for by in ["month", "quarter", "half", "year", "partner", "product", "region"] {
                let report = desk.json(&["report", "revenue", "--by", by]);
                let sum: i64 = rows(&report).iter().map(|row| cents(&row["amount"])).sum();
                prop_assert_eq!((sum, cents(&report["total"])), (after.total, after.total), "{} {:?}", by, act);
            }
            known.push((desk.today().to_owned(), after.total));
        }
        for (day, total) in known {
            let report = desk.json(&["report", "revenue", "--known-on", &day]);
            prop_assert_eq!(cents(&report["total"]), total, "as known on {}", day);
        }
        let said = desk.run(&["check"]);
        prop_assert!(said.code == 0 && !said.err.contains("counted twice"), "{}", said.err);
    }
}

fn desk() -> Desk {
    let desk = Desk::new();
    for partner in ["acme", "bolt"] {
        desk.ok(&["add-partner", partner, "--on", "2026-01-05", "--stage", "growth", "--region", "EMEA"]);
    }
    desk
}

fn add(desk: &Desk, words: &str) -> (i32, String) {
    let words: Vec<&str> = ["revenue", "add", "acme"].into_iter().chain(words.split(' ')).collect();
    let run = desk.run(&words);
    (run.code, format!("{}{}", run.out, run.err).replace("\n  ", " ").replace('\n', " "))
}

fn total(desk: &Desk) -> i64 {
    cents(&desk.json(&["report", "revenue"])["total"]) / 100
}

fn event(desk: &Desk, amount: f64) -> String {
    let list = desk.json(&["revenue", "list"]);
    let row = rows(&list).iter().find(|row| row["amount"].as_f64() == Some(amount)).expect("the record");
    row["event"].to_string()
}

#[test]
fn a_month_a_sale_and_a_new_total_of_a_quarter_are_refused_and_the_quarter_is_named() {
    let desk = desk();
    assert_eq!(add(&desk, "9000 --period 2026-Q2").0, 0);
    let first = event(&desk, 9000.0);
    for words in
        ["2500 --period 2026-05", "700 --on 2026-06-30", "9500 --period 2026-Q2", "-300 --on 2026-04-01"]
    {
        let (code, said) = add(&desk, words);
        assert!(code != 0 && said.contains(&format!("event {first}")) && said.contains("2026-Q2"), "{said}");
        assert!(said.contains("1 Apr to 30 Jun 2026") && said.contains("--replaces"), "{said}");
    }
    let (code, said) = add(&desk, "9000 --period 2026-Q2");
    assert!(code == 0 && said.contains("already recorded"), "{said}");
    for words in
        ["100 --period 2026-07", "50 --on 2026-07-15 --customer Roth --period 2026-08", "10 --on 2026-03-31"]
    {
        if !words.contains("--on 2026-07-15") {
            assert_eq!(add(&desk, words).0, 0, "{words}");
        }
    }
    assert_eq!(total(&desk), 9110);
}

#[test]
fn a_total_that_comes_after_its_parts_is_refused_too_and_one_that_straddles_is() {
    let desk = desk();
    assert_eq!(add(&desk, "400 --on 2026-07-30 --ref A1").0, 0);
    for words in ["5000 --period 2026-Q3", "900 --period 2026-W31", "900 --period 2026-07"] {
        let (code, said) = add(&desk, words);
        assert!(code != 0 && said.contains("on 2026-07-30"), "{words}: {said}");
    }
    assert_eq!(add(&desk, "900 --period 2026-W31 --replaces within").0, 0);
    let (code, said) = add(&desk, "3000 --period 2026-08");
    assert!(code != 0 && said.contains("2026-W31"), "{said}");
    assert!(!said.contains("--detail"), "neither lies within the other: {said}");
    assert_eq!(add(&desk, "3000 --period 2026-08 --beside").0, 0);
    assert_eq!(total(&desk), 3900);
}

#[test]
fn products_that_differ_lines_with_a_customer_and_returns_of_a_sale_are_in_nobodys_way() {
    let desk = desk();
    for words in [
        "9000 --period 2026-Q2 --product atlas",
        "100 --on 2026-05-05 --product nova --ref N1",
        "800 --period 2026-05 --product nova --customer Roth",
        "-20 --returns N1 --on 2026-05-09",
    ] {
        let (code, said) = add(&desk, words);
        assert_eq!(code, 0, "{words}: {said}");
    }
    for words in
        ["10 --on 2026-05-05", "10 --on 2026-05-05 --product atlas --customer Roth", "70 --period 2026-04"]
    {
        assert_ne!(add(&desk, words).0, 0, "{words}");
    }
    assert_eq!(total(&desk), 9880);
}

#[test]
fn details_count_by_product_and_customer_and_the_total_counts_the_rest() {
    let desk = desk();
    assert_eq!(add(&desk, "9000 --period 2026-Q2").0, 0);
    assert_eq!(add(&desk, "2000 --on 2026-05-05 --product nova --customer Roth --detail").0, 0);
    assert_eq!(add(&desk, "4000 --period 2026-06 --detail").0, 0);
    assert_eq!(add(&desk, "1500 --on 2026-06-10 --product nova --detail").0, 0);
    let (code, said) = add(&desk, "3500 --on 2026-05-06 --detail");
    assert!(
        code != 0 && said.contains("9000.00 EUR for 2026-Q2") && said.contains("would add up to 9500.00 EUR"),
        "{said}"
    );
    let sums = |by: &str, key: &str| {
        let report = desk.json(&["report", "revenue", "--by", by]);
        let row = rows(&report).iter().find(|row| row[by] == key).map(|row| cents(&row["amount"]) / 100);
        row.unwrap_or(0)
    };
    assert_eq!((sums("product", "nova"), sums("product", ""), total(&desk)), (3500, 5500, 9000));
    assert_eq!(
        (sums("month", "2026-05"), sums("month", "2026-06"), sums("customer", "Roth")),
        (2000, 7000, 2000)
    );
    let quarter = event(&desk, 3000.0);
    assert_ne!(desk.run(&["correct", &quarter, "--amount", "5000"]).code, 0, "its parts come to 6000");
    desk.ok(&["correct", &quarter, "--amount", "10000"]);
    assert_eq!((total(&desk), sums("product", "nova")), (10_000, 3500));
    assert!(add(&desk, "11000 --period 2026-Q2 --replaces 99").0 > 0);
    assert_eq!(add(&desk, &format!("11000 --period 2026-Q2 --replaces {quarter}")).0, 0);
    assert_eq!((total(&desk), sums("product", "nova")), (11_000, 3500));
    desk.ok(&["undo"]);
    assert_eq!(total(&desk), 10_000);
    desk.check();
}

#[test]
fn a_restated_figure_counts_from_then_on_and_what_was_known_before_stays_known() {
    let mut desk = desk();
    assert_eq!(add(&desk, "9000 --period 2026-Q2 --ref R1").0, 0);
    desk.set_today("2026-11-25");
    assert_eq!(add(&desk, "9500 --period 2026-Q2 --ref R1 --replaces within").0, 0);
    let list = desk.json(&["revenue", "list"]);
    let (events, total_now): (Vec<String>, i64) =
        (rows(&list).iter().map(|row| row["event"].to_string()).collect(), total(&desk));
    assert_eq!((events.len(), total_now), (1, 9500));
    assert_eq!(cents(&desk.json(&["report", "revenue", "--known-on", "2026-11-24"])["total"]), 900_000);
    // The file that brought the first figure brings nothing new.
    let file = desk.file("q.csv", "partner,period,amount,ref\nacme,2026-Q2,9000,R1\n");
    let said = desk.run(&["import", "revenue", &file]);
    assert!(said.code == 0 && total(&desk) == 9500, "{}", said.err);
    desk.ok(&["undo"]);
    assert_eq!(total(&desk), 9000);
    desk.ok(&["redo"]);
    assert_eq!(total(&desk), 9500);
    desk.check();
}

#[test]
fn a_total_of_nothing_gives_way_to_what_is_recorded_for_its_days() {
    let desk = desk();
    assert_eq!(add(&desk, "0 --period 2026-Q2").0, 0);
    assert_eq!(add(&desk, "300 --on 2026-05-05").0, 0);
    let (code, said) = add(&desk, "0 --period 2026-05");
    assert!(code == 0 && said.contains("300.00 EUR") && said.contains("counts on"), "{said}");
    assert_eq!(total(&desk), 300);
}

#[test]
fn an_import_refuses_rows_that_count_twice_with_records_and_with_each_other() {
    let desk = desk();
    assert_eq!(add(&desk, "9000 --period 2026-Q2").0, 0);
    let file = desk.file(
        "s.csv",
        "partner,on,period,amount,product\nacme,2026-05-05,,100,\nbolt,,2026-Q1,4000,\nbolt,2026-02-03,,50,nova\n\
         bolt,,2026-Q1,4000,\nbolt,2026-06-03,,50,nova\n",
    );
    let said = desk.fails(6, &["import", "revenue", &file]).replace("\n  ", " ");
    assert!(said.contains("line 2") && said.contains("9000") && said.contains("2026-Q2"), "{said}");
    assert!(said.contains("line 3") && said.contains("line 4 of the file"), "{said}");
    assert!(said.contains("line 5") && said.contains("replaces, detail or beside"), "{said}");
    desk.ok(&["import", "revenue", &file, "--skip-errors"]);
    assert_eq!(total(&desk), 9100);
    let file = desk.file(
        "t.csv",
        "partner,on,period,amount,product,replaces,detail,beside\nacme,,2026-Q2,9100,,within,,\n\
         acme,2026-05-05,,100,nova,,yes,\nbolt,2026-02-04,,60,nova,,,yes\nbolt,,2026-Q3,700,,,,\nbolt,,2026-Q3,700,,,,\n",
    );
    let said = desk.run(&["import", "revenue", &file]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(total(&desk), 9960);
    let again = desk.run(&["import", "revenue", &file]);
    assert!(again.code == 0 && total(&desk) == 9960, "{}", again.err);
    desk.check();
}

#[test]
fn neither_a_correction_nor_an_undo_nor_a_merge_brings_an_overlap_in_by_the_back_door() {
    let desk = desk();
    assert_eq!(add(&desk, "9000 --period 2026-Q2").0, 0);
    assert_eq!(add(&desk, "100 --on 2026-07-01").0, 0);
    let line = event(&desk, 100.0);
    let said = desk.run(&["correct", &line, "--on", "2026-06-30"]).err;
    assert!(said.contains("count twice") && said.contains("9000"), "{said}");
    desk.ok(&["undo"]);
    assert_eq!(add(&desk, "9500 --period 2026-Q2 --replaces within").0, 0);
    let log = desk.json(&["revenue", "list"]);
    assert_eq!(rows(&log).len(), 1);
    // The record that replaced another is taken back, that one returns, and so does a sale between.
    desk.ok(&["undo"]);
    assert_eq!(total(&desk), 9000);
    desk.ok(&["revenue", "add", "bolt", "70", "--on", "2026-05-05"]);
    let said = desk.run(&["merge", "bolt", "--into", "acme", "--without-stages"]);
    assert!(said.code != 0 && said.err.contains("count twice"), "{}{}", said.out, said.err);
    assert_eq!(total(&desk), 9070);
    desk.check();
}

#[test]
fn corrections_reach_every_part_of_a_sale_and_parts_that_contradict_are_refused() {
    let desk = desk();
    assert_eq!(add(&desk, "--quantity 4 --unit-price 25 --product nova --on 2026-05-05 --ref A1").0, 0);
    let sale = event(&desk, 100.0);
    let correct = |words: &str| {
        let words: Vec<&str> = ["correct", &sale].into_iter().chain(words.split(' ')).collect();
        let run = desk.run(&words);
        (run.code, format!("{}{}", run.out, run.err).replace("\n  ", " "))
    };
    let row = || rows(&desk.json(&["revenue", "list"]))[0].clone();
    let (code, said) = correct("--amount 150");
    assert!(code != 0 && said.contains("quantity times unit price is 100"), "{said}");
    for (words, amount) in [
        ("--quantity 6", 150.0),
        ("--unit-price 30", 180.0),
        ("--amount 240 --quantity 8", 240.0),
        ("--amount 500 --without quantity,unit-price", 500.0),
        ("--currency USD --rate 0.9", 450.0),
        ("--rate 0.8", 400.0),
        ("--amount 1000 --currency USD", 800.0),
        ("--product atlas --customer Roth --deal D7 --ref A2 --on 2026-05-06", 800.0),
        ("--currency EUR", 1000.0),
        ("--without customer,deal", 1000.0),
    ] {
        let (code, said) = correct(words);
        assert_eq!((code, row()["amount"].as_f64()), (0, Some(amount)), "{words}: {said}");
    }
    let now = row();
    assert_eq!(
        (&now["product"], &now["reference"], &now["day"]),
        (&"atlas".into(), &"A2".into(), &"2026-05-06".into())
    );
    for gone in ["customer", "deal", "quantity", "unit_price", "sold_in", "rate", "sold_amount"] {
        assert!(now[gone].is_null(), "{gone}: {now}");
    }
    let (code, said) = correct("--currency USD");
    assert!(code != 0 && said.contains("rate"), "{said}");
    let (_, said) = correct("--quantity 3");
    assert!(row()["quantity"] == "3", "{said}");
    assert_ne!(correct("--product nova --without product").0, 0);
    assert_ne!(correct("--returns A9").0, 0);
    desk.check();
}

#[test]
fn a_rate_is_taken_by_date_and_one_far_from_the_last_only_with_yes() {
    let desk = desk();
    let said = desk.fails(2, &["revenue", "add", "acme", "100", "--currency", "USD", "--on", "2026-05-05"]);
    assert!(said.contains("rate set USD"), "{said}");
    desk.ok(&["rate", "set", "USD", "0.9", "--on", "2026-05-01"]);
    let file = desk
        .file("rates.csv", "currency,rate,on\nUSD,0.8,2026-07-01\nGBP,1.2,2026-07-01\nUSD,0.9,2026-05-01\n");
    desk.ok(&["import", "rates", &file]);
    for (day, amount) in [("2026-05-05", 90.0), ("2026-07-01", 80.0)] {
        desk.ok(&["revenue", "add", "acme", "100", "--currency", "USD", "--on", day]);
        let list = desk.json(&["revenue", "list"]);
        assert!(rows(&list).iter().any(|row| row["day"] == day && row["amount"].as_f64() == Some(amount)));
    }
    for words in [
        &["rate", "set", "USD", "80"][..],
        &["rate", "set", "USD", "0.4"],
        &["revenue", "add", "bolt", "100", "--currency", "USD", "--rate", "80"],
        &["revenue", "add", "bolt", "100", "--currency", "GBP", "--rate", "0.6"],
    ] {
        let said = desk.run(words);
        assert!(said.code != 0 && said.err.contains("far from the last one"), "{words:?} {}", said.err);
        desk.ok(&[words, &["--dry-run", "--yes"]].concat());
    }
    let file = desk.file("far.csv", "currency,rate,on\nUSD,8,2026-08-01\n");
    let said = desk.fails(6, &["import", "rates", &file]);
    assert!(said.contains("far from the last one"), "{said}");
    desk.ok(&["import", "rates", &file, "--yes"]);
    let file = desk.file(
        "s.csv",
        "partner,on,amount,currency,rate\nbolt,2026-07-05,10,USD,\nbolt,2026-07-06,10,USD,0.08\n",
    );
    let said = desk.fails(6, &["import", "revenue", &file]);
    assert!(said.contains("line 3") && said.contains("far from the last one"), "{said}");
    assert!(desk.ok(&["rate", "list"]).contains("0.8"));
    desk.check();
}

#[test]
fn revenue_of_a_window_takes_its_first_and_last_day_and_names_periods_that_reach_beyond() {
    let desk = desk();
    for (day, amount) in
        [("2026-06-30", "100"), ("2026-07-01", "200"), ("2026-09-30", "400"), ("2026-10-01", "800")]
    {
        desk.ok(&["revenue", "add", "acme", amount, "--on", day]);
    }
    desk.ok(&["revenue", "add", "bolt", "7000", "--period", "2026-Q3"]);
    let of = |words: &[&str]| cents(&desk.json(&[&["report", "revenue"][..], words].concat())["total"]) / 100;
    assert_eq!(of(&["--period", "2026-Q3"]), 7600);
    assert_eq!(of(&["--period", "2026-H2"]), 8400);
    assert_eq!(of(&["--until", "2026-06-30"]), 100);
    assert_eq!(of(&["--since", "2026-07-01", "--until", "2026-09-29"]), 200);
    assert_eq!(of(&["--period", "2026-09"]), 7400);
    let said = desk.ok(&["report", "revenue", "--period", "2026-09"]).replace('\n', " ");
    assert!(
        said.contains("bolt 2026-Q3 (2026-07-01 to 2026-09-30)") && said.contains("counts whole"),
        "{said}"
    );
    let said = desk.ok(&["report", "revenue", "--until", "2026-08-31"]).replace('\n', " ");
    assert!(said.contains("does not count here"), "{said}");
    desk.fails(2, &["report", "revenue", "--since", "2026-08-01", "--until", "2026-07-01"]);
    desk.fails(2, &["report", "revenue", "--since", "2026-08-01", "--period", "2026-Q3"]);
}
