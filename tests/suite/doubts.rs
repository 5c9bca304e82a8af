//! What `check` notes of files of older versions, each with the command that mends it.

use std::time::Duration;

use chanlife::face::lifecycle::base::day::Day;
use chanlife::face::lifecycle::event::Event;
use chanlife::face::lifecycle::program::Aliases;
use chanlife::face::lifecycle::revenue::Sold;
use chanlife::face::store::{Keep, NewEvent, Stamp, Store};
use serde_json::json;

use crate::support::Desk;

/// Records sales that no rule would take now, as older versions did.
fn older(desk: &Desk, sales: &[(&str, serde_json::Value)]) {
    let today = Day::parse_iso(desk.today()).expect("a day");
    let stamp = Stamp {
        today,
        now: format!("{today}T10:00:00Z"),
        actor: "ana".to_owned(),
        words: "an older version".to_owned(),
    };
    let (mut store, _) =
        Store::open_or_make(&desk.db(), Duration::from_secs(30), &stamp, "").expect("the file is there");
    store
        .write(Keep::Commit, |writer| {
            for (day, sold) in sales {
                let sold: Sold = serde_json::from_value(sold.clone()).expect("a sale");
                let event = Event::from(sold);
                let day = Day::parse_iso(day).expect("a day");
                writer.append(&stamp, &NewEvent { partner: Some(1), day, event })?;
            }
            writer.project(&[1].into(), &Aliases::default())?;
            Ok(())
        })
        .expect("it is written");
}

/// What is said of doubts, in one line, and the commands in it that record something.
fn noted(desk: &Desk) -> (String, Vec<String>) {
    let said = desk.run(&["check"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let said = said.err.replace("\n  ", " ");
    let commands = said.split('`').skip(1).step_by(2).filter(|part| part.starts_with("chanlife "));
    let commands = commands.map(|part| part.trim_start_matches("chanlife ").to_owned()).collect();
    (said, commands)
}

fn run(desk: &Desk, command: &str) {
    let words = shell_words::split(command).expect("words");
    desk.ok(&words.iter().map(String::as_str).collect::<Vec<&str>>());
}

fn total(desk: &Desk) -> String {
    desk.json(&["revenue", "list"])["total"].to_string()
}

#[test]
fn each_note_of_check_names_the_command_that_mends_it_and_that_command_does() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "acme", "--on", "2026-01-05", "--stage", "terms"]);
    let quarter = json!({ "first": "2026-04-01", "last": "2026-06-30" });
    older(
        &desk,
        &[
            (
                "2026-06-30",
                json!({ "amount_minor": 900_000, "period": "2026-Q2", "days": quarter, "reference": "T1" }),
            ),
            ("2026-05-05", json!({ "amount_minor": 10_000 })),
            ("2026-05-06", json!({ "amount_minor": 20_000 })),
            (
                "2026-08-05",
                json!({ "amount_minor": 15_000, "detail": { "quantity": "4", "unit_price": "25" } }),
            ),
            (
                "2026-08-06",
                json!({ "amount_minor": 8000, "detail": { "currency": "USD", "amount": "100", "rate": "0.9" } }),
            ),
        ],
    );
    let (said, commands) = noted(&desk);
    let twice = "revenue add acme 9000.00 --period 2026-Q2 --ref T1 --replaces within";
    assert_eq!(commands.iter().filter(|one| *one == twice).count(), 1, "once for both: {said}");
    for wanted in [
        "--amount 100.00",
        "--without quantity,unit-price",
        "--amount 90.00",
        "--amount 80.00 --without currency",
    ] {
        assert!(
            commands.iter().any(|one| one.starts_with("correct ") && one.ends_with(wanted)),
            "{wanted}: {said}"
        );
    }
    run(&desk, twice);
    assert_eq!(total(&desk), "9230.0");
    let (said, commands) = noted(&desk);
    assert!(!said.contains("counted twice"), "{said}");
    for ending in ["--without quantity,unit-price", "--amount 80.00 --without currency"] {
        run(&desk, commands.iter().find(|one| one.ends_with(ending)).expect("a command"));
    }
    assert_eq!(total(&desk), "9230.0", "the amounts stay");
    let (said, _) = noted(&desk);
    assert!(!said.contains("contradict"), "{said}");
}

#[test]
fn values_that_the_program_lacks_and_reports_owed_are_noted_with_their_commands() {
    let mut desk = Desk::new();
    for (partner, tier) in [("acme", "gold"), ("beta", "gold"), ("cork", "silver")] {
        desk.ok(&["add-partner", partner, "--on", "2026-01-05", "--tier", tier]);
    }
    let program = desk.ok(&["program", "show"]);
    let (head, rest) = program.split_once("[[tier]]\nkey = \"gold\"").expect("a tier");
    let rest = rest.split_once("# Why partners leave").expect("a section").1;
    let file = desk.file("p.toml", format!("{head}# Why partners leave{rest}"));
    desk.ok(&["program", "apply", &file, "--drop", "gold", "--yes"]);
    let (said, commands) = noted(&desk);
    let command = commands.iter().find(|one| one.starts_with("edit ")).expect("a command");
    assert_eq!(command, "edit --where 'tier=gold' --set tier=VALUE", "{said}");
    assert!(said.contains("VALUE is one of `registered` and `silver`"), "{said}");
    run(&desk, &command.replace("VALUE", "silver"));
    assert!(noted(&desk).1.is_empty());
    desk.ok(&["add-partner", "delta", "--on", "2026-01-05", "--stage", "growth"]);
    desk.set_today("2027-03-20");
    let (said, commands) = noted(&desk);
    let command = commands.iter().find(|one| one.starts_with("revenue add ")).expect("a command");
    assert!(command.starts_with("revenue add delta AMOUNT --period 20"), "{said}");
    run(&desk, &command.replace("AMOUNT", "0"));
    let (_, next) = noted(&desk);
    assert_ne!(
        next.iter().find(|one| one.starts_with("revenue add ")),
        Some(command),
        "that one is recorded"
    );
}
