//! Sell-through counts once: whatever revenue is grouped by, a sale that a partner and one below it both report is left out
//! for the one above, against a sum that is written here a second time.

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::support::Desk;

/// Partners with the parent of each: a distributor, two resellers, an agent of one of them, and one alone.
const PARTNERS: [(&str, Option<usize>); 5] =
    [("dist", None), ("r1", Some(0)), ("r2", Some(0)), ("agent", Some(1)), ("solo", None)];

/// One report of a sale: of which partner, invoice number, day of March, amount, customer, and how much of it is returned.
#[derive(Clone, Debug)]
struct Reported {
    partner: usize,
    number: u8,
    day: u8,
    amount: i64,
    customer: Option<&'static str>,
    returned: i64,
}

fn reported() -> impl Strategy<Value = Reported> {
    let customer = prop::sample::select(vec![None, Some("acme"), Some("bolt")]);
    let returned = prop::sample::select(vec![0, 0, 0, 40, 100]);
    (
        0..PARTNERS.len(),
        0..4_u8,
        1..3_u8,
        prop::sample::select(vec![100_i64, 100, 100, 70]),
        customer,
        returned,
    )
        .prop_map(|(partner, number, day, amount, customer, returned)| Reported {
            partner,
            number,
            day,
            amount,
            customer,
            returned: returned.min(amount),
        })
}

/// Keeps the first report of each invoice of a partner, since a second is refused.
fn once_each(all: Vec<Reported>) -> Vec<Reported> {
    let mut kept: Vec<Reported> = Vec::new();
    for one in all {
        if kept.iter().all(|other| (other.partner, other.number) != (one.partner, one.number)) {
            kept.push(one);
        }
    }
    kept
}

fn is_below(below: usize, above: usize) -> bool {
    let mut now = below;
    while let Some(parent) = PARTNERS[now].1 {
        if parent == above {
            return true;
        }
        now = parent;
    }
    false
}

/// What of a report counts in sums over partners.
fn counts(one: &Reported, all: &[Reported]) -> i64 {
    let same = |other: &&Reported| {
        is_below(other.partner, one.partner)
            && (other.number, other.day, other.amount) == (one.number, one.day, one.amount)
            && (other.customer == one.customer || other.customer.is_none() || one.customer.is_none())
            && other.returned < other.amount
    };
    if all.iter().any(|other| same(&other)) { 0 } else { one.amount - one.returned }
}

fn desk_with(all: &[Reported]) -> Desk {
    let desk = Desk::new();
    for (name, parent) in PARTNERS {
        let start = ["--on", "2026-01-05", "--stage", "growth", "--region", "EMEA"];
        let words = [&["add-partner", name][..], &start].concat();
        match parent {
            Some(at) => desk.ok(&[&words[..], &["--parent", PARTNERS[at].0]].concat()),
            None => desk.ok(&words),
        };
    }
    let mut rows = "partner,on,amount,ref,customer,returns\n".to_owned();
    for one in all {
        let (partner, customer) = (PARTNERS[one.partner].0, one.customer.unwrap_or_default());
        let (number, day) = (one.number, one.day);
        rows.push_str(&format!("{partner},2026-03-0{day},{},X{number},{customer},\n", one.amount));
        if one.returned > 0 {
            rows.push_str(&format!("{partner},2026-03-09,-{},,{customer},X{number}\n", one.returned));
        }
    }
    if !all.is_empty() {
        desk.ok(&["import", "revenue", &desk.file("sales.csv", &rows)]);
    }
    desk
}

proptest! {
    #![proptest_config(Config { cases: 24, ..Config::default() })]

    #[test]
    fn every_grouping_sums_to_the_sales_without_their_copies(all in prop::collection::vec(reported(), 0..14)) {
        let all = once_each(all);
        let desk = desk_with(&all);
        let of = |wanted: &dyn Fn(usize) -> bool| {
            all.iter().filter(|one| wanted(one.partner)).map(|one| counts(one, &all)).sum::<i64>()
        };
        let total = of(&|_| true) as f64;
        for by in ["partner", "parent", "region", "owner", "product", "customer", "month", "parent,month", "currency"] {
            let report = desk.json(&["report", "revenue", "--by", by]);
            prop_assert_eq!(report["total"].as_f64(), Some(total), "{}", by);
            let rows = report["rows"].as_array().expect("rows").iter();
            let sum: f64 = rows.map(|row| row["amount"].as_f64().expect("an amount")).sum();
            prop_assert_eq!(Some(sum), Some(total), "{}", by);
        }
        let by_partner = desk.json(&["report", "revenue"]);
        for row in by_partner["rows"].as_array().expect("rows") {
            let at = PARTNERS.iter().position(|(name, _)| row["partner"] == **name).expect("a partner");
            prop_assert_eq!(row["amount"].as_f64(), Some(of(&|one| one == at) as f64));
        }
        let growth = desk.json(&["report", "growth"]);
        prop_assert_eq!(growth["revenue_12m"].as_f64(), Some(total));
        let pipeline = desk.json(&["report", "pipeline"]);
        let rows = pipeline["rows"].as_array().expect("rows").iter();
        let sum: f64 = rows.map(|row| row["revenue_12m"].as_f64().unwrap_or(0.0)).sum();
        prop_assert_eq!(Some(sum), Some(total));
        // The distributor and all below it, by its page and by the report.
        let family = of(&|one| one != 4) as f64;
        let by_parent = desk.json(&["report", "revenue", "--by", "parent"]);
        let top = by_parent["rows"].as_array().expect("rows").iter().find(|row| row["parent"] == "dist");
        let top = top.map_or(0.0, |row| row["amount"].as_f64().expect("an amount"));
        prop_assert_eq!(Some(top), Some(family));
        let shown = desk.json(&["show", "dist"]);
        let below = shown["children"].as_array().expect("rows").iter();
        let below: f64 = below.map(|row| row["revenue_12m"].as_f64().unwrap_or(0.0) + row["below"].as_f64().unwrap_or(0.0)).sum();
        prop_assert_eq!(Some(below), Some(of(&|one| (1..4).contains(&one)) as f64));
        desk.check();
    }
}

#[test]
fn plans_and_tiers_go_by_what_a_partner_reported_itself_and_the_page_says_what_counts_once() {
    let sale =
        |partner, returned| Reported { partner, number: 1, day: 1, amount: 100, customer: None, returned };
    let desk = desk_with(&[sale(0, 0), sale(3, 0)]);
    assert_eq!(desk.json(&["show", "dist"])["revenue_12m"].as_f64(), Some(100.0), "its own figure");
    let note = "1 sale reported by a partner and by one below it is counted once, for the one below: X1 of 2026-03-01 (dist, agent).";
    for command in [&["show", "dist"][..], &["report", "growth"], &["report", "revenue"]] {
        let said = desk.ok(command).replace('\n', " ");
        assert!(said.contains(note), "{command:?}: {said}");
    }
    let said = desk.ok(&["show", "dist"]).replace('\n', " ");
    assert!(said.contains("own 0, partners below 100, together 100 EUR"), "{said}");
    // What the one below took back in full counts for the one above, and nothing is reported by two.
    let desk = desk_with(&[sale(0, 0), sale(3, 100)]);
    assert_eq!(desk.json(&["report", "revenue"])["total"].as_f64(), Some(100.0));
    assert!(!desk.ok(&["report", "revenue"]).contains("once"));
}

#[test]
fn a_sale_that_two_merged_partners_report_counts_once() {
    let sale = |partner| Reported { partner, number: 1, day: 1, amount: 100, customer: None, returned: 40 };
    let desk = desk_with(&[sale(0), sale(2)]);
    let merged = desk.run(&["merge", "r2", "--into", "dist", "--without-stages"]);
    let said = format!("{}{}", merged.out, merged.err).replace('\n', " ");
    assert!(merged.code == 0 && said.contains("reported by both, and counted once: 1 sale (X1)"), "{said}");
    assert_eq!(desk.json(&["report", "revenue"])["total"].as_f64(), Some(60.0));
    assert_eq!(desk.json(&["show", "dist"])["revenue_12m"].as_f64(), Some(60.0));
    desk.check();
    desk.ok(&["undo"]);
    assert_eq!(desk.json(&["report", "revenue"])["total"].as_f64(), Some(60.0));
    desk.check();
}
