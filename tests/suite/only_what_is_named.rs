//! Under random histories an action changes revenue, balances of funds and plans of past quarters only as its answer says, an
//! undo brings back what was before, and what was known on an earlier day stays the same to the byte.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::support::{Desk, Said};

/// What is done on one day; partners by their place in [`PARTNERS`].
#[derive(Clone, Debug)]
enum Act {
    Sale(usize, usize, i64),
    /// A sale that counts gets another amount.
    Amount(usize, i64),
    Accrue(usize),
    Grant(usize, i64),
    TakeBack(usize),
    Request(usize, usize, i64),
    /// The next step with a request of the partner: it is approved, claimed, paid.
    Step(usize),
    Plan(usize, i64),
    Send(usize),
    Agree(usize),
    Leave(usize, bool),
    Return(usize),
    Merge(usize, usize),
    Undo,
}

const PARTNERS: [&str; 3] = ["acme", "bolt", "cork"];
const DAYS: [&str; 4] = ["2026-02-10", "2026-05-05", "2026-08-20", "2026-10-15"];
const FUNDS: [&str; 2] = ["co-op", "mdf"];
/// All that a balance consists of.
const PARTS: [&str; 7] = ["came_in", "available", "committed", "claimed", "paid", "expired", "overpaid"];

fn act() -> impl Strategy<Value = Act> {
    let who = || 0..PARTNERS.len();
    let amount = || prop::sample::select(vec![1000_i64, 2500, 40_000]);
    prop_oneof![
        5 => (who(), 0..DAYS.len(), prop::sample::select(vec![90_000_i64, 1234, -500]))
            .prop_map(|(who, day, amount)| Act::Sale(who, day, amount)),
        2 => (0..8_usize, amount()).prop_map(|(which, amount)| Act::Amount(which, amount)),
        4 => who().prop_map(Act::Accrue),
        3 => (who(), amount()).prop_map(|(who, amount)| Act::Grant(who, amount)),
        1 => who().prop_map(Act::TakeBack),
        3 => (who(), 0..FUNDS.len(), prop::sample::select(vec![100_i64, 900]))
            .prop_map(|(who, fund, amount)| Act::Request(who, fund, amount)),
        5 => who().prop_map(Act::Step),
        3 => (who(), amount()).prop_map(|(who, target)| Act::Plan(who, target)),
        2 => who().prop_map(Act::Send),
        2 => who().prop_map(Act::Agree),
        2 => (who(), any::<bool>()).prop_map(|(who, earlier)| Act::Leave(who, earlier)),
        2 => who().prop_map(Act::Return),
        2 => (who(), who()).prop_map(|(from, into)| Act::Merge(from, into)),
        3 => Just(Act::Undo),
    ]
}

fn rows<'v>(report: &'v Value, table: &str) -> &'v [Value] {
    report[table].as_array().map_or(&[], Vec::as_slice)
}

fn cents(value: &Value) -> i64 {
    (value.as_f64().unwrap_or(0.0) * 100.0).round() as i64
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What must not change unless it is said, in cents.
#[derive(Clone, PartialEq, Debug)]
struct Figures {
    /// By partner.
    revenue: BTreeMap<String, i64>,
    /// By partner and fund, the parts of the balance.
    funds: BTreeMap<(String, String), [i64; 7]>,
    /// By partner and quarter that is over: the target that counts.
    plans: BTreeMap<(String, String), i64>,
}

impl Figures {
    fn of(desk: &Desk) -> Figures {
        let revenue = desk.json(&["report", "revenue", "--by", "partner"]);
        let revenue = rows(&revenue, "rows").iter().map(|row| (text(&row["partner"]), cents(&row["amount"])));
        let mut all = Figures { revenue: revenue.collect(), funds: BTreeMap::new(), plans: BTreeMap::new() };
        all.revenue.retain(|_, amount| *amount != 0);
        let listed = desk.json(&["list"]);
        for key in rows(&listed, "rows").iter().map(|row| text(&row["key"])) {
            for row in rows(&desk.json(&["fund", "show", &key]), "rows") {
                let parts = PARTS.map(|part| cents(&row[part]));
                if parts != [0; 7] {
                    all.funds.insert((key.clone(), text(&row["fund"])), parts);
                }
            }
            for row in rows(&desk.json(&["plan", "show", &key]), "rows") {
                let is_past = row["period_last_day"].as_str().is_some_and(|last| last < desk.today());
                if text(&row["period"]).contains('Q') && is_past && cents(&row["counts"]) != 0 {
                    all.plans.insert((key.clone(), text(&row["period"])), cents(&row["counts"]));
                }
            }
        }
        all
    }

    fn total(&self) -> i64 {
        self.revenue.values().sum()
    }

    /// The same without what is of this partner.
    fn without(&self, partner: &str) -> Figures {
        let mut rest = self.clone();
        rest.revenue.retain(|key, _| key != partner);
        rest.funds.retain(|(key, _), _| key != partner);
        rest.plans.retain(|(key, _), _| key != partner);
        rest
    }

    fn fund(&self, partner: &str, fund: &str) -> [i64; 7] {
        self.funds.get(&(partner.to_owned(), fund.to_owned())).copied().unwrap_or_default()
    }

    fn revenue_of(&self, partner: &str) -> i64 {
        self.revenue.get(partner).copied().unwrap_or_default()
    }
}

/// The number of what waits for the next step of a partner, and the words of that step.
fn next_step(desk: &Desk, partner: &str) -> Option<(&'static str, String)> {
    let shown = desk.json(&["fund", "show", partner]);
    if let Some(claim) = rows(&shown, "claims").iter().find(|one| one["state"] == "to be paid") {
        return Some(("pay", claim["claim"].to_string()));
    }
    rows(&shown, "requests").iter().find_map(|one| match one["state"].as_str()? {
        "approved" if cents(&one["open"]) > 0 => Some(("claim", one["request"].to_string())),
        "waiting" => Some(("approve", one["request"].to_string())),
        _ => None,
    })
}

/// The key of the partner that has the history of each now, since it may have been merged into another.
fn keys(desk: &Desk) -> [String; 3] {
    PARTNERS.map(|name| text(&desk.json(&["show", name])["key"]))
}

/// Does it, and returns what was said; nothing if there is nothing to do.
fn make(desk: &Desk, keys: &[String; 3], number: usize, act: &Act) -> Option<Said> {
    let name = |who: &usize| keys[*who].as_str();
    let run = |words: &[&str]| Some(desk.run(words));
    match act {
        Act::Sale(who, day, amount) => {
            let (amount, paper) = (amount.to_string(), format!("N{number}"));
            run(&["revenue", "add", name(who), &amount, "--on", DAYS[*day], "--ref", &paper])
        }
        Act::Amount(which, amount) => {
            let list = desk.json(&["revenue", "list"]);
            let event = rows(&list, "rows").get(*which)?["event"].to_string();
            run(&["correct", &event, "--amount", &amount.to_string()])
        }
        Act::Accrue(who) => run(&["fund", "accrue", name(who)]),
        Act::Grant(who, amount) => run(&["fund", "grant", name(who), &amount.to_string()]),
        Act::TakeBack(who) => {
            let shown = desk.json(&["fund", "show", name(who)]);
            let lot = rows(&shown, "money_in").iter().find(|one| one["fund"] == "mdf")?["event"].to_string();
            run(&["fund", "take-back", &lot])
        }
        Act::Request(who, fund, amount) => {
            let ask = amount.to_string();
            let words = ["fund", "request", name(who), "webinar", "--fund", FUNDS[*fund], "--cost", "9000"];
            run(&[&words[..], &["--ask", &ask, "--starts", "2026-11-01"]].concat())
        }
        Act::Step(who) => {
            let (step, event) = next_step(desk, name(who))?;
            let proof: &[&str] = if step == "claim" { &["--proof", "invoice"] } else { &[] };
            run(&[&["fund", step, &event], proof].concat())
        }
        Act::Plan(who, target) => {
            run(&["plan", "set", name(who), "--period", "2026", "--target", &target.to_string()])
        }
        Act::Send(who) => run(&["plan", "send", name(who), "--period", "2026"]),
        Act::Agree(who) => run(&["plan", "agree", name(who), "--period", "2026"]),
        Act::Leave(who, earlier) => {
            let on: &[&str] = if *earlier { &["--on", "2026-10-20"] } else { &[] };
            run(&[&["leave", name(who), "--as", "withdrew", "--reason", "sold"], on].concat())
        }
        Act::Return(who) => run(&["return", name(who), "--to", "growth"]),
        Act::Merge(from, into) if keys[*from] == keys[*into] => None,
        Act::Merge(from, into) => {
            run(&["merge", name(from), "--into", name(into), "--without-stages", "--yes"])
        }
        Act::Undo => run(&["undo"]),
    }
}

/// What an act may change, by its answer: everything else must be as it was.
fn check(
    act: &Act,
    keys: &[String; 3],
    said: &Said,
    (before, after): (&Figures, &Figures),
) -> Result<(), TestCaseError> {
    let name = |who: &usize| keys[*who].as_str();
    let of_one = |partner: &str| {
        let same = before.without(partner) == after.without(partner);
        prop_assert!(same, "{:?} changes others than {}: {:#?} {:#?}", act, partner, before, after);
        Ok(())
    };
    let same_funds = || {
        prop_assert_eq!(&before.funds, &after.funds, "{:?}: {}", act, said.err);
        Ok(())
    };
    let same_plans = || {
        prop_assert_eq!(&before.plans, &after.plans, "{:?}: {}", act, said.err);
        Ok(())
    };
    let same_revenue = || {
        prop_assert_eq!(&before.revenue, &after.revenue, "{:?}: {}", act, said.err);
        Ok(())
    };
    match act {
        Act::Sale(who, _, amount) => {
            of_one(name(who))?;
            same_funds()?;
            same_plans()?;
            prop_assert_eq!(after.revenue_of(name(who)), before.revenue_of(name(who)) + amount * 100);
        }
        Act::Amount(..) => {
            same_funds()?;
            same_plans()?;
            let changed = PARTNERS.iter().filter(|key| before.revenue_of(key) != after.revenue_of(key));
            prop_assert!(changed.count() <= 1, "{:?}", act);
        }
        Act::Accrue(who) => {
            of_one(name(who))?;
            same_revenue()?;
            same_plans()?;
            prop_assert_eq!(before.fund(name(who), "mdf"), after.fund(name(who), "mdf"));
            let (was, is) = (before.fund(name(who), "co-op"), after.fund(name(who), "co-op"));
            prop_assert_eq!(was[4], is[4], "nothing is paid");
            let answer = format!("{}{}", said.out, said.err);
            let names = ["accrued", "reduced"].iter().any(|word| answer.contains(word));
            prop_assert!(was == is || names, "{}{}", said.out, said.err);
        }
        Act::Grant(who, amount) => {
            of_one(name(who))?;
            same_revenue()?;
            same_plans()?;
            prop_assert_eq!(before.fund(name(who), "co-op"), after.fund(name(who), "co-op"));
            let (was, is) = (before.fund(name(who), "mdf"), after.fund(name(who), "mdf"));
            prop_assert_eq!((was[0] + amount * 100, was[4]), (is[0], is[4]), "{:?}", act);
        }
        Act::TakeBack(who) | Act::Request(who, ..) | Act::Step(who) => {
            of_one(name(who))?;
            same_revenue()?;
            same_plans()?;
            let is_taken = matches!(act, Act::TakeBack(_));
            for fund in FUNDS {
                let (was, is) = (before.fund(name(who), fund), after.fund(name(who), fund));
                let (was_in, is_in) = (was[0], is[0]);
                prop_assert!(was_in == is_in || is_taken && is_in < was_in, "{:?}: {:?} {:?}", act, was, is);
            }
        }
        Act::Plan(..) | Act::Send(_) | Act::Agree(_) | Act::Leave(..) | Act::Return(_) => {
            same_revenue()?;
            same_funds()?;
            same_plans()?;
        }
        Act::Merge(from, into) => {
            let (from, into) = (name(from), name(into));
            let rest = |figures: &Figures| figures.without(from).without(into);
            prop_assert_eq!(rest(before), rest(after), "{:?}", act);
            prop_assert_eq!(before.total(), after.total(), "{:?}", act);
            prop_assert_eq!(after.revenue_of(from), 0, "{:?}", act);
            for fund in FUNDS {
                let (a, b, both) = (before.fund(from, fund), before.fund(into, fund), after.fund(into, fund));
                for part in [0, 2, 3, 4] {
                    prop_assert_eq!(a[part] + b[part], both[part], "{} of {}: {:?}", PARTS[part], fund, act);
                }
                // What one had overpaid is settled by what the other has.
                prop_assert_eq!(a[1] + b[1] - a[6] - b[6], both[1] - both[6], "{}: {:?}", fund, act);
            }
            for quarter in ["2026-Q1", "2026-Q2", "2026-Q3"] {
                let target = |figures: &Figures, key: &str| {
                    figures.plans.get(&(key.to_owned(), quarter.to_owned())).copied()
                };
                let kept = target(before, into).or(target(before, from));
                prop_assert_eq!(target(after, into), kept, "{} {:?}: {}", quarter, act, said.err);
            }
        }
        Act::Undo => {}
    }
    Ok(())
}

/// The questions whose answers of an earlier day must stay.
fn known(desk: &Desk, day: &str) -> Vec<String> {
    let questions: [&[&str]; 4] = [
        &["report", "revenue", "--by", "partner"],
        &["report", "funds"],
        &["report", "growth"],
        &["plan", "list", "--period", "2026"],
    ];
    let ask = |words: &&[&str]| {
        desk.ok(&[words, &["--as-of", day, "--known-on", day, "--format", "json"][..]].concat())
    };
    questions.iter().map(ask).collect()
}

/// As many as `PROPTEST_CASES` says, or a few.
fn cases() -> u32 {
    match Config::default().cases {
        256 => 6,
        said => said,
    }
}

proptest! {
    #![proptest_config(Config { cases: cases(), max_shrink_iters: 60, ..Config::default() })]

    #[test]
    fn an_action_changes_figures_only_as_its_answer_says_and_nothing_of_what_was_known_before(
        acts in prop::collection::vec(act(), 1..14),
    ) {
        let mut desk = Desk::empty();
        desk.set_today("2026-11-01");
        desk.ok(&["init"]);
        for partner in PARTNERS {
            desk.ok(&["add-partner", partner, "--on", "2025-06-05", "--stage", "growth"]);
        }
        for partner in &PARTNERS[..2] {
            desk.ok(&["plan", "set", partner, "--period", "2026", "--target", "8000", "--on", "2026-01-05"]);
            desk.ok(&["plan", "send", partner, "--period", "2026", "--on", "2026-01-06"]);
            desk.ok(&["plan", "agree", partner, "--period", "2026", "--on", "2026-01-07"]);
        }
        let mut before = Figures::of(&desk);
        let (mut done, mut told) = (Vec::new(), Vec::new());
        for (number, act) in acts.iter().enumerate() {
            let day = format!("2026-11-{:02}", number + 2);
            desk.set_today(&day);
            if matches!(act, Act::Undo) && done.is_empty() {
                continue;
            }
            let keys = keys(&desk);
            let Some(said) = make(&desk, &keys, number, act) else { continue };
            let after = Figures::of(&desk);
            let is_recorded = desk.json(&["log", "--since", &day])["rows"].as_array().is_some_and(|rows| !rows.is_empty());
            match act {
                _ if said.code != 0 || !is_recorded => prop_assert_eq!(&before, &after, "{:?}: {}", act, said.err),
                Act::Undo => {
                    let was: Option<Figures> = done.pop();
                    prop_assert_eq!(was.as_ref(), Some(&after), "undo: {}", said.err);
                }
                _ => {
                    check(act, &keys, &said, (&before, &after))?;
                    done.push(before);
                }
            }
            told.push((day.clone(), known(&desk, &day)));
            before = after;
        }
        for (day, answers) in told {
            prop_assert_eq!(known(&desk, &day), answers, "as known on {}", day);
        }
        desk.check();
    }
}
