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
    /// The amount before it was corrected.
    first: i64,
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
            first: amount,
        })
}

/// What changes later: on 2 March a partner gets another parent or none, and one sale gets another amount.
#[derive(Clone, Debug)]
struct Change {
    moved: Option<(usize, Option<usize>)>,
    corrected: Option<usize>,
}

fn change() -> impl Strategy<Value = Change> {
    let moves = vec![None, None, Some((2, None)), Some((3, Some(2))), Some((4, Some(0))), Some((1, Some(4)))];
    let corrected = prop::sample::select(vec![None, Some(0), Some(1), Some(2)]);
    (prop::sample::select(moves), corrected).prop_map(|(moved, corrected)| Change { moved, corrected })
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

fn is_below(below: usize, above: usize, day: u8, change: &Change) -> bool {
    let parent = |one: usize| match change.moved {
        Some((moved, to)) if moved == one && day >= 2 => to,
        _ => PARTNERS[one].1,
    };
    let mut now = below;
    while let Some(next) = parent(now) {
        if next == above {
            return true;
        }
        now = next;
    }
    false
}

/// What of a report counts in sums over partners.
fn counts(one: &Reported, all: &[Reported], change: &Change) -> i64 {
    let same = |other: &&Reported| {
        is_below(other.partner, one.partner, one.day, change)
            && (other.number, other.day) == (one.number, one.day)
            && (other.amount == one.amount || other.first == one.first)
            && (other.customer == one.customer || other.customer.is_none() || one.customer.is_none())
    };
    if all.iter().any(|other| same(&other)) { 0 } else { one.amount - one.returned }
}

/// Moves the partner and corrects the sale, on the desk and in what was reported.
fn make(desk: &Desk, all: &mut [Reported], change: &Change) {
    if let Some((moved, to)) = change.moved {
        let (key, on) = (PARTNERS[moved].0, ["--on", "2026-03-02"]);
        match to {
            Some(to) => desk.ok(&[&["edit", key, "--parent", PARTNERS[to].0][..], &on].concat()),
            None => desk.ok(&[&["edit", key, "--unset", "parent"][..], &on].concat()),
        };
    }
    let Some(one) = change.corrected.and_then(|at| all.get_mut(at)).filter(|one| one.returned == 0) else {
        return;
    };
    one.amount = 170 - one.amount;
    let listed = desk.json(&["revenue", "list", PARTNERS[one.partner].0]);
    let mut rows = listed["rows"].as_array().expect("rows").iter();
    let reference = format!("X{}", one.number);
    let row = rows.find(|row| row["reference"] == *reference).expect("the sale");
    desk.ok(&["correct", &row["event"].to_string(), "--amount", &one.amount.to_string()]);
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
    fn every_grouping_sums_to_the_sales_without_their_copies(
        all in prop::collection::vec(reported(), 0..14),
        change in change(),
    ) {
        let mut all = once_each(all);
        let desk = desk_with(&all);
        make(&desk, &mut all, &change);
        let of = |wanted: &dyn Fn(usize) -> bool| {
            all.iter().filter(|one| wanted(one.partner)).map(|one| counts(one, &all, &change)).sum::<i64>()
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
        prop_assert_eq!(desk.json(&["revenue", "list"])["total"].as_f64(), Some(total));
        let pipeline = desk.json(&["report", "pipeline"]);
        let rows = pipeline["rows"].as_array().expect("rows").iter();
        let sum: f64 = rows.map(|row| row["revenue_12m"].as_f64().unwrap_or(0.0)).sum();
        prop_assert_eq!(Some(sum), Some(total));
        desk.check();
        if change.moved.is_some() {
            return Ok(());
        }
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
    }
}

#[test]
fn plans_and_tiers_go_by_what_a_partner_reported_itself_and_the_page_says_what_counts_once() {
    let sale = |partner, returned| Reported {
        partner,
        number: 1,
        day: 1,
        amount: 100,
        customer: None,
        returned,
        first: 100,
    };
    let desk = desk_with(&[sale(0, 0), sale(3, 0)]);
    assert_eq!(desk.json(&["show", "dist"])["revenue_12m"].as_f64(), Some(100.0), "its own figure");
    let note = "1 sale reported by a partner and by one below it is counted once, for the one below: X1 of 2026-03-01 (dist, agent).";
    for command in [&["show", "dist"][..], &["report", "growth"], &["report", "revenue"]] {
        let said = desk.ok(command).replace('\n', " ");
        assert!(said.contains(note), "{command:?}: {said}");
    }
    let listed = desk.ok(&["list", "--columns", "key,revenue-12m"]).replace('\n', " ");
    assert!(listed.contains("both report counts once"), "{listed}");
    assert!(!desk.ok(&["list"]).contains("counts once"));
    let said = desk.ok(&["show", "dist"]).replace('\n', " ");
    assert!(said.contains("own 0, partners below 100, together 100 EUR"), "{said}");
}

#[test]
fn a_return_of_the_one_below_counts_once_and_leaves_the_month_of_the_sale_alone() {
    let desk = desk_with(&[]);
    for partner in ["dist", "r1"] {
        desk.ok(&["revenue", "add", partner, "1000", "--ref", "X1", "--on", "2026-03-01"]);
    }
    desk.ok(&["revenue", "add", "r1", "-1000", "--returns", "X1", "--on", "2026-04-20"]);
    let report = desk.json(&["report", "revenue", "--by", "month"]);
    assert_eq!(report["total"].as_f64(), Some(0.0));
    let rows = report["rows"].as_array().expect("rows").iter();
    let amounts: Vec<f64> = rows.map(|row| row["amount"].as_f64().expect("an amount")).collect();
    assert_eq!(amounts, [1000.0, -1000.0]);
}

#[test]
fn a_partner_that_comes_under_another_later_takes_no_sale_of_before_and_one_that_left_none_of_after() {
    let desk = desk_with(&[]);
    for (number, day) in [("Y1", "2026-03-01"), ("Y2", "2026-04-15"), ("Y3", "2026-05-15")] {
        for partner in ["dist", "solo"] {
            desk.ok(&["revenue", "add", partner, "500", "--ref", number, "--on", day]);
        }
    }
    desk.ok(&["edit", "solo", "--parent", "dist", "--on", "2026-04-01"]);
    desk.ok(&["edit", "solo", "--unset", "parent", "--on", "2026-05-01"]);
    assert_eq!(desk.json(&["report", "revenue"])["total"].as_f64(), Some(2500.0));
    let said = desk.ok(&["report", "revenue"]).replace('\n', " ");
    let apart = "2 references of a partner and of one below it are counted for both, since day or amount differ, or the one \
                 was not below the other on that day: Y1 (dist 500 on 2026-03-01; solo 500 on 2026-03-01), Y3";
    assert!(said.contains(apart) && said.contains("Y2 of 2026-04-15 (dist, solo)"), "{said}");
    assert!(desk.ok(&["show", "dist"]).replace('\n', " ").contains("Y2 of 2026-04-15 (dist, solo)"));
}

#[test]
fn merging_keeps_what_stood_above_and_says_whether_it_still_does() {
    let desk = desk_with(&[]);
    for partner in ["dist", "r1"] {
        desk.ok(&["revenue", "add", partner, "700", "--ref", "U2", "--on", "2026-03-01"]);
    }
    let merged = desk.run(&["merge", "r1", "--into", "solo", "--without-stages"]);
    let said = format!("{}{}", merged.out, merged.err).replace('\n', " ");
    assert!(said.contains("`chanlife edit solo --parent dist` puts it there"), "{said}");
    assert_eq!(desk.json(&["report", "revenue"])["total"].as_f64(), Some(700.0));
    desk.check();
}

#[test]
fn the_message_names_everybody_who_reports_the_same_sale_and_whose_differs() {
    let desk = desk_with(&[]);
    let add = |partner, amount| {
        let run = desk.run(&["revenue", "add", partner, amount, "--ref", "X1", "--on", "2026-03-01"]);
        format!("{}{}", run.out, run.err).replace('\n', " ")
    };
    let said = [add("dist", "100"), add("r1", "100"), add("agent", "100"), add("r2", "90")];
    assert!(
        said[1].contains("reports the same sale; sums over partners count it once, for `r1`"),
        "{said:?}"
    );
    let all = said[2].contains("`dist` (event") && said[2].contains("`r1` (event");
    assert!(
        all && said[2].contains("report the same sale; sums over partners count it once, for `agent`"),
        "{said:?}"
    );
    assert!(said[3].contains("`dist` reports X1 too, 100 EUR on 2026-03-01 (event"), "{said:?}");
    assert!(!said[3].contains("same sale"), "{said:?}");
}

#[test]
fn what_partners_with_a_plan_sold_is_part_of_what_all_sold() {
    let desk = desk_with(&[]);
    for partner in ["dist", "r1"] {
        let plan = ["plan", "set", partner, "--period", "2026", "--target", "4000"];
        desk.ok(&[&plan[..], &["--agreed-by", "both", "--on", "2026-01-05"]].concat());
        desk.ok(&["revenue", "add", partner, "700", "--ref", "X1", "--on", "2026-03-01"]);
    }
    let growth = desk.json(&["report", "growth"]);
    let first = &growth["quarters"][0];
    assert_eq!((first["actual"].as_f64(), first["actual_of_all"].as_f64()), (Some(700.0), Some(700.0)));
    assert_eq!(growth["actual_to_date"].as_f64(), Some(700.0));
}

#[test]
fn a_sale_that_two_merged_partners_report_counts_once() {
    let sale = |partner| Reported {
        partner,
        number: 1,
        day: 1,
        amount: 100,
        customer: None,
        returned: 40,
        first: 100,
    };
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
