//! Work that nobody loses: actions and follow-ups stay with who is to do them until they are done or dropped.

use serde_json::Value;

use crate::support::{Desk, Said};

/// All that a command said.
fn heard(said: &Said) -> String {
    format!("{}{}", said.out, said.err)
}

fn rows<'v>(report: &'v Value, table: &str) -> Vec<&'v Value> {
    report[table].as_array().map_or_else(Vec::new, |rows| rows.iter().collect())
}

/// Whether a table of a report has a row that says so.
fn says(report: &Value, table: &str, what: &str) -> bool {
    rows(report, table).iter().any(|row| row["what"] == what)
}

/// Whether somebody finds something to do, wherever that looks for work.
fn has(desk: &Desk, who: &str, what: &str) -> bool {
    let found = [("next", "promised"), ("calendar", "rows")]
        .map(|(verb, table)| says(&desk.json(&[verb, "--owner", who]), table, what));
    assert_eq!(found[0], found[1], "{who}: {what}");
    found[0]
}

/// A partner in growth with a plan, an action of zoe and a follow-up of hers.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2025-09-01", "--stage", "growth", "--owner", "ana"]);
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--target", "100000", "--on", "2026-01-10"]);
    desk.ok(&["plan", "action", "acme", "Webinar", "--due", "2026-11-30", "--owner", "zoe"]);
    desk
}

#[test]
fn an_action_stays_with_its_assignee_when_the_partner_is_parked_leaves_or_comes_back() {
    let desk = desk();
    let number = desk.json(&["show", "acme"])["action_items"][0]["action"].to_string();
    let parked = heard(&desk.run(&["park", "acme", "--why", "price"]));
    let stays = format!("1 action item stays open: {number} `Webinar` due 2026-11-30");
    assert!(parked.contains(&stays), "{parked}");
    assert!(parked.contains(&format!("`chanlife plan drop acme {number}` drops it")), "{parked}");
    assert!(has(&desk, "zoe", "Webinar") && has(&desk, "ana", "Webinar"));
    desk.ok(&["follow", "acme", "2026-11-25", "call", "--owner", "zoe"]);
    let left = heard(&desk.run(&["leave", "acme", "--as", "terminated", "--why", "underperforming"]));
    assert!(left.contains("1 action item and 1 follow-up stay open"), "{left}");
    assert!(left.contains("`call` due 2026-11-25") && left.contains("`Webinar` due 2026-11-30"), "{left}");
    assert!(has(&desk, "zoe", "Webinar") && has(&desk, "zoe", "call"));
    let back = heard(&desk.run(&["return", "acme", "--to", "growth"]));
    assert!(back.contains("1 action item and 1 follow-up stay open"), "{back}");
    assert!(has(&desk, "zoe", "Webinar"));
    assert!(says(&desk.json(&["plan", "show", "acme"]), "actions", "Webinar"));
    assert!(says(&desk.json(&["show", "acme"]), "action_items", "Webinar"));
    desk.ok(&["plan", "done", "acme", &number]);
    assert!(!has(&desk, "zoe", "Webinar"));
    desk.check();
}

#[test]
fn a_decision_names_what_stays_open_and_takes_it_from_nobody() {
    for (outcome, is_named) in [("recover", true), ("self-service", true), ("leave", true)] {
        let desk = desk();
        desk.ok(&["watch", "acme", "--reason", "behind"]);
        desk.ok(&["improve", "acme"]);
        desk.ok(&["plan", "action", "acme", "Hire", "--improve", "--due", "2026-11-28", "--owner", "zoe"]);
        let said = heard(&desk.run(&["decide", "acme", outcome, "--reason", "x"]));
        assert_eq!(said.contains("`Hire` due 2026-11-28"), is_named, "{outcome}: {said}");
        assert_eq!(said.contains("Webinar"), outcome != "recover", "{outcome}: {said}");
        assert!(has(&desk, "zoe", "Hire") && has(&desk, "zoe", "Webinar"), "{outcome}");
        desk.check();
    }
}

#[test]
fn removing_a_partner_names_the_work_that_goes_with_it() {
    let desk = desk();
    desk.ok(&["follow", "acme", "2026-11-25", "call", "--owner", "zoe"]);
    let said = heard(&desk.run(&["remove", "acme", "--reason", "dup"]));
    assert!(said.contains("1 action item and 1 follow-up go with it"), "{said}");
    assert!(said.contains("`call` due 2026-11-25") && said.contains("`Webinar`"), "{said}");
}

#[test]
fn an_action_is_no_follow_up_and_the_other_command_is_named() {
    let desk = desk();
    desk.ok(&["follow", "acme", "2026-11-25", "call"]);
    let shown = desk.json(&["show", "acme"]);
    let action = shown["action_items"][0]["action"].to_string();
    let follow_up = shown["follow_ups"][0]["follow_up"].to_string();
    let plan = |verb: &str, more: &[&str]| {
        desk.fails(4, &[&["plan", verb, "acme", follow_up.as_str()], more].concat())
    };
    for said in [plan("done", &[]), plan("drop", &[]), plan("move", &["2026-12-01", "--reason", "x"])] {
        assert!(said.contains("is a follow-up"), "{said}");
        assert!(said.contains(&format!("chanlife follow acme --done {follow_up}")), "{said}");
    }
    let said = desk.fails(4, &["follow", "acme", "--done", &action]);
    assert!(said.contains(&format!("chanlife plan done acme {action}")), "{said}");
    desk.ok(&["follow", "acme", "--done", &follow_up]);
    desk.ok(&["plan", "done", "acme", &action]);
}

#[test]
fn a_plan_shows_who_is_to_do_an_action_even_if_that_is_the_partners_owner() {
    let desk = desk();
    desk.ok(&["plan", "action", "acme", "Mailing", "--due", "2026-12-01"]);
    let plan = desk.ok(&["plan", "show", "acme"]);
    assert!(plan.contains("Assignee") && !plan.contains("Owner"), "{plan}");
    let actions = desk.json(&["plan", "show", "acme"])["actions"].clone();
    let assignee = |what: &str| {
        let found = actions.as_array().and_then(|all| all.iter().find(|one| one["what"] == what)).cloned();
        found.map(|one| one["assignee"].clone())
    };
    assert_eq!((assignee("Webinar"), assignee("Mailing")), (Some("zoe".into()), Some("ana".into())));
}

#[test]
fn work_is_given_to_somebody_else_and_keeps_its_day() {
    let desk = desk();
    desk.ok(&["follow", "acme", "2026-11-25", "call", "--owner", "zoe", "--on", "2026-11-20"]);
    let shown = desk.json(&["show", "acme"]);
    let action = shown["action_items"][0]["action"].to_string();
    let follow_up = shown["follow_ups"][0]["follow_up"].to_string();
    let said = heard(&desk.run(&["follow", "acme", "--move", &follow_up, "--owner", "ben"]));
    assert!(
        said.contains(&format!("Assigned follow-up {follow_up} of Acme: `call` to ben, before zoe")),
        "{said}"
    );
    assert!(has(&desk, "ben", "call") && !says(&desk.json(&["calendar", "--owner", "zoe"]), "rows", "call"));
    let before = desk.json(&["calendar", "--owner", "zoe", "--as-of", "2026-11-22"]);
    assert!(says(&before, "rows", "call"), "it was hers until then: {before}");
    let again = heard(&desk.run(&["follow", "acme", "--move", &follow_up, "--owner", "ben"]));
    assert!(again.contains("already assigned to ben"), "{again}");
    let both = ["plan", "move", "acme", &action, "2026-12-05", "--owner", "ben", "--reason", "zoe is ill"];
    desk.ok(&both);
    let moved = desk.json(&["show", "acme"])["action_items"][0].clone();
    assert_eq!((&moved["due"], &moved["owner"]), (&"2026-12-05".into(), &"ben".into()));
    let alone = desk.fails(2, &["follow", "acme", "--move", &follow_up]);
    assert!(alone.contains("--owner NAME"), "{alone}");
    desk.ok(&["undo"]);
    desk.ok(&["follow", "acme", "--done", &follow_up]);
    let over = desk.fails(4, &["follow", "acme", "--move", &follow_up, "--owner", "zoe"]);
    assert!(over.contains("was completed"), "{over}");
    desk.check();
}

#[test]
fn the_same_promise_for_another_person_names_how_it_is_given_to_this_one() {
    let desk = desk();
    desk.ok(&["follow", "acme", "2026-12-01", "call", "--owner", "zoe"]);
    let number = desk.json(&["show", "acme"])["follow_ups"][0]["follow_up"].to_string();
    let said = desk.fails(4, &["follow", "acme", "2026-12-01", "call", "--owner", "Ben Hur"]);
    assert!(said.contains(&format!("already follow-up {number}, assigned to zoe")), "{said}");
    assert!(said.contains(&format!("chanlife follow acme --move {number} --owner 'Ben Hur'")), "{said}");
    let action =
        desk.fails(4, &["plan", "action", "acme", "Webinar", "--due", "2026-11-30", "--owner", "ben"]);
    assert!(action.contains("chanlife plan move acme"), "{action}");
    assert!(heard(&desk.run(&["follow", "acme", "2026-12-01", "call"])).contains("already follow-up"));
}

#[test]
fn handing_a_partner_over_names_the_work_that_stays_with_its_owner() {
    let desk = desk();
    desk.ok(&["follow", "acme", "2026-11-26", "call", "--owner", "ana"]);
    desk.ok(&["follow", "acme", "2026-12-02", "write"]);
    let said = heard(&desk.run(&["edit", "--where", "owner=ana", "--owner", "ben", "--yes"]));
    assert!(said.contains("1 follow-up stays with ana") && said.contains("`call` due 2026-11-26"), "{said}");
    assert!(!said.contains("`write`") && !said.contains("Webinar"), "{said}");
    let number = desk.json(&["show", "acme"])["follow_ups"][0]["follow_up"].to_string();
    assert!(
        said.contains(&format!("`chanlife follow acme --move {number} --owner ben` assigns it")),
        "{said}"
    );
    desk.ok(&["follow", "acme", "--move", &number, "--owner", "ben"]);
    assert!(has(&desk, "ben", "call"));
}

#[test]
fn a_promise_or_a_question_of_a_day_before_joining_moves_no_joining_day() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-09-01"]);
    let csv = "partner,on,what,due\nacme,2026-08-01,call,2026-12-01\n";
    let said = desk.fails(6, &["import", "follow-ups", &desk.file("follow.csv", csv)]);
    assert!(said.contains("is of 2026-08-01, before the partner joined on 2026-09-01"), "{said}");
    let csv = "partner,on,question\nacme,2026-08-01,How much?\n";
    desk.fails(6, &["import", "questions", &desk.file("questions.csv", csv)]);
    assert_eq!(desk.json(&["show", "acme"])["joined"], "2026-09-01");
    let csv = "partner,on,amount\nacme,2026-08-01,100\n";
    desk.ok(&["import", "revenue", &desk.file("revenue.csv", csv)]);
    assert_eq!(desk.json(&["show", "acme"])["joined"], "2026-08-01", "a sale shows that it was there");
}

#[test]
fn a_row_of_a_follow_up_that_is_done_says_so_and_names_it_as_one() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-09-01"]);
    let head = "partner,on,what,due,done,outcome\n";
    let import =
        |row: &str| desk.run(&["import", "follow-ups", &desk.file("f.csv", format!("{head}{row}\n"))]);
    assert_eq!(import("acme,2026-10-01,call,2026-10-05,2026-10-06,booked").code, 0);
    let number = desk.json(&["log", "acme"])["rows"][2]["event"].as_i64().expect("a number");
    let same = import("acme,2026-10-01,call,2026-10-05,2026-10-06,");
    assert!(same.code == 0 && same.err.contains("already recorded"), "{}", same.err);
    let other = import("acme,2026-10-01,call,2026-10-05,2026-10-06,lost");
    assert!(
        other.code == 6 && other.err.contains(&format!("follow-up {number} is already done")),
        "{}",
        other.err
    );
    assert!(other.err.contains("with `booked`"), "{}", other.err);
    let later = import("acme,2026-10-01,call,2026-10-05,2026-10-09,booked");
    assert!(later.err.contains(&format!("chanlife correct {} --on DATE", number + 1)), "{}", later.err);
}

#[test]
fn an_item_that_leaves_the_choice_of_a_calendar_is_not_said_to_be_over() {
    let desk = desk();
    desk.ok(&["follow", "acme", "2026-12-02", "write"]);
    desk.ok(&["edit", "acme", "--owner", "ben"]);
    let calendar = |more: &[&str]| desk.ok(&[&["calendar", "--ics"], more].concat()).replace("\r\n ", "");
    let hers = calendar(&["--owner", "ana"]);
    assert!(hers.contains("SUMMARY:Acme: write\\, now with ben"), "{hers}");
    desk.ok(&["leave", "acme", "--as", "withdrew", "--why", "price"]);
    let growing = calendar(&["--where", "stage=growth"]);
    assert!(growing.contains("SUMMARY:Acme: write\\, not in this calendar any more"), "{growing}");
}

#[test]
fn what_is_recorded_after_an_older_copy_is_restored_has_a_larger_sequence_and_what_is_gone_is_named() {
    let desk = desk();
    let sequence = || -> i64 {
        let ics = desk.ok(&["calendar", "--ics"]);
        let number = ics.lines().find_map(|line| line.strip_prefix("SEQUENCE:")).expect("a number");
        number.trim().parse().expect("a number")
    };
    desk.ok(&["backup", "copy.db"]);
    for day in ["2026-12-10", "2026-12-11", "2026-12-12", "2026-12-13"] {
        desk.ok(&["follow", "acme", day, "call"]);
    }
    let before = sequence();
    std::thread::sleep(std::time::Duration::from_secs(8));
    let said = heard(&desk.run(&["restore", "copy.db", "--yes"]));
    assert!(said.contains("`Acme: call` on 2026-12-10") && said.contains("calendar --ics"), "{said}");
    desk.ok(&["follow", "acme", "2026-12-20", "write"]);
    assert!(sequence() > before, "{} after {before}", sequence());
}

#[test]
fn a_condition_that_nobody_meets_is_said_by_whatever_writes() {
    let desk = desk();
    let said = heard(&desk.run(&["follow", "--where", "key=nobody", "friday", "call", "--yes"]));
    assert!(said.contains("No partner") && said.contains("nobody"), "{said}");
    let said = desk.fails(2, &["list", "--where", "region in EMEA"]);
    assert!(said.contains("has-any EMEA"), "{said}");
}

#[test]
fn the_rest_of_a_list_is_shown_by_the_calendar_of_the_same_person() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--owner", "Ben Hur", "--on", "2026-06-01"]);
    let next = desk.ok(&["next", "--owner", "Ben Hur"]).replace('\n', " ");
    assert!(next.contains("`chanlife calendar --owner 'Ben Hur'`"), "{next}");
    let next = desk.ok(&["next", "--where", "stage=recruitment"]).replace('\n', " ");
    assert!(next.contains("`chanlife calendar --where 'stage=recruitment'`"), "{next}");
}

#[test]
fn what_was_done_or_skipped_before_a_partner_left_stays_so_in_calendars_after_it_is_back() {
    let mut desk = Desk::new();
    desk.set_today("2026-11-23");
    desk.ok(&["add-partner", "Northwind", "--stage", "readiness", "--on", "2026-11-01"]);
    desk.ok(&["done", "northwind", "kickoff", "--on", "2026-11-05"]);
    desk.ok(&["leave", "northwind", "--as", "withdrew", "--reason", "moved away", "--on", "2026-11-20"]);
    desk.ok(&["return", "northwind", "--to", "readiness", "--on", "2026-11-22"]);
    let ics = desk.ok(&["calendar", "--ics"]).replace("\r\n ", "");
    assert!(ics.contains("Kick-off held\\, done on 2026-11-05"), "{ics}");
    assert!(!ics.contains("Kick-off held\\, not due any more"), "{ics}");
}

#[test]
fn a_condition_on_no_reason_names_how_to_find_those_without_one() {
    let said = desk().fails(2, &["list", "--where", "why=none"]);
    assert!(said.contains("`why=`"), "{said}");
}

#[test]
fn another_reference_of_a_sale_takes_its_return_along_and_says_so() {
    let mut desk = Desk::new();
    desk.set_today("2026-11-23");
    desk.ok(&["add-partner", "Northwind", "--stage", "growth", "--on", "2026-01-10"]);
    desk.ok(&["revenue", "add", "northwind", "100", "--ref", "I1", "--on", "2026-07-05"]);
    desk.ok(&["revenue", "add", "northwind", "-10", "--returns", "I1", "--on", "2026-07-10"]);
    let rows = desk.json(&["revenue", "list", "northwind"]);
    let event = |minus: bool| {
        let is = |row: &&Value| row["amount"].to_string().contains('-') == minus;
        let row = rows["rows"].as_array().expect("rows").iter().find(is).expect("a sale");
        row["event"].to_string()
    };
    let (sale, back) = (event(false), event(true));
    let said = desk.run(&["correct", &sale, "--ref", "I9"]).err;
    assert!(said.contains(&format!("event {back} has returned sale I9")), "{said}");
    let rows = desk.json(&["revenue", "list", "northwind"]);
    let returns = rows["rows"].as_array().into_iter().flatten().filter(|row| row["returns"] == "I9").count();
    assert_eq!(returns, 1, "{rows}");
    desk.check();
}
