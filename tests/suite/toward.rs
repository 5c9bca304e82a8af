//! `report intervene --toward`, through the binary: channels with a planted lever, imported as a user would.

use serde_json::Value;

use crate::planted::{FEW_REPEAT, GONE_QUIET, Law, SLOW_FIRST, YEARS};
use crate::support::Desk;

const STAGES: [&str; 5] = ["recruitment", "terms", "readiness", "launch", "growth"];

fn day(number: i64) -> String {
    let first = chanlife::face::lifecycle::base::day::Day::parse_iso("2023-01-01").expect("a day");
    first.plus(number).to_string()
}

/// A channel of the law in a file: the threshold of the law is that of the built-in program.
fn imported(law: &Law, partners: i64) -> Desk {
    let (stages, sales) = law.channel(partners, 5);
    let mut visits = "partner,stage,entered_on\n".to_owned();
    let mut revenue = "partner,on,amount\n".to_owned();
    for (history, sales) in stages.iter().zip(&sales) {
        let key = format!("P-{:03}", history.id);
        for visit in history.visits {
            let stage = STAGES.get(visit.state).unwrap_or(&"terminated");
            visits.push_str(&format!("{key},{stage},{}\n", day(visit.entered)));
        }
        for sale in &sales.days {
            let amount = sale.amount * 100_000.0 / law.threshold;
            revenue.push_str(&format!("{key},{},{amount:.2}\n", day(sale.day)));
        }
    }
    let mut desk = Desk::new();
    desk.set_today(&day(YEARS));
    desk.ok(&["import", "stages", &desk.file("stages.csv", visits), "--complete-history"]);
    desk.ok(&["import", "revenue", &desk.file("sales.csv", revenue)]);
    desk
}

fn toward(desk: &Desk, end: &str) -> Value {
    desk.json(&["report", "intervene", "--toward", end])
}

#[test]
fn a_planted_lever_is_named_toward_every_end_that_it_leads_to() {
    for (law, lever, ends) in [
        (SLOW_FIRST, "first_sale_sooner", &["first-revenue", "productive", "revenue"][..]),
        (FEW_REPEAT, "second_sale_sooner", &["productive"]),
        (GONE_QUIET, "fewer_quiet", &["productive"]),
    ] {
        let desk = imported(&law, 220);
        for end in ends {
            let said = toward(&desk, end);
            assert_eq!(said["toward"], *end);
            assert_eq!(said["first_lever"], lever, "toward {end}");
            assert_eq!(said["first_stage"], "growth");
            assert_eq!(said["verdict"], "clear", "toward {end}");
            assert!(said["lead_at_least"].as_f64().expect("a lead") > 0.0);
            let first = &said["rows"][0];
            assert_eq!(first["lever"], lever);
            let number = |key: &str| first[key].as_f64().expect(key);
            assert!(number("effect_revenue_low") > 0.0 && number("revenue_per_year") > 0.0);
            if *end == "revenue" {
                assert!(number("effect_total_low") < number("effect_total"));
            } else {
                assert!(number("effect_low") < number("effect") && number("effect") < number("effect_high"));
                let yearly = said["partners_joining_per_year"].as_f64().expect("a number");
                assert!((number("effect_per_year") - number("effect") * yearly).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn with_few_partners_nothing_is_clear_and_no_revenue_is_said() {
    let desk = imported(&SLOW_FIRST, 29);
    let said = toward(&desk, "first-revenue");
    assert_ne!(said["verdict"], "clear");
    let said = desk.ok(&["report", "intervene", "--toward", "revenue"]);
    assert!(said.contains("not enough data"), "{said}");
    assert_eq!(toward(&desk, "revenue")["verdict"], "too few to tell");
    let few = imported(&SLOW_FIRST, 8);
    let said = few.ok(&["report", "intervene", "--toward", "productive"]);
    assert!(said.contains("10 of each are needed"), "{said}");
}

#[test]
fn toward_productive_needs_a_threshold_in_the_program() {
    let desk = Desk::empty();
    let stages =
        "[[stage]]\nkey = \"a\"\nname = \"A\"\n\n[[stage]]\nkey = \"b\"\nname = \"B\"\nsuccess = true\n";
    let program =
        desk.file("program.toml", format!("[program]\nname = \"P\"\ncurrency = \"EUR\"\n\n{stages}"));
    desk.ok(&["init", "--program", &program]);
    let said = desk.ok(&["report", "intervene", "--toward", "productive"]);
    assert!(said.contains("[productive]"), "{said}");
}

#[test]
fn curves_are_given_toward_growth_only() {
    let desk = Desk::new();
    let err = desk.fails(2, &["report", "intervene", "--toward", "productive", "--at", "30"]);
    assert!(err.contains("--at"), "{err}");
    assert_eq!(desk.json(&["report", "intervene"])["toward"], "growth");
}
