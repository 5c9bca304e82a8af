//! The audit trail: who recorded what, when, and what became of it.

use serde_json::Value;

use crate::support::Desk;

fn numbers(desk: &Desk, words: &[&str], column: &str) -> Vec<i64> {
    let rows = desk.json(words)["rows"].clone();
    rows.as_array().expect("rows").iter().map(|row| row[column].as_i64().expect("a number")).collect()
}

#[test]
fn the_log_is_narrowed_by_person_day_and_kind_and_each_limit_counts_what_is_left() {
    let mut desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-09-01", "--actor", "ana"]);
    desk.ok(&["note", "acme", "called", "--actor", "ben"]);
    desk.set_today("2026-11-24");
    desk.ok(&["note", "acme", "called again", "--actor", "ben"]);
    desk.ok(&["undo", "--actor", "ben"]);
    let actions = |words: &[&str]| numbers(&desk, words, "action");
    assert_eq!(actions(&["log", "--by", "ben"]), [3, 4, 5]);
    assert_eq!(actions(&["log", "--by", "ben", "--until", "2026-11-23"]), [3]);
    assert_eq!(actions(&["log", "--since", "2026-11-24"]), [4, 5]);
    assert_eq!(actions(&["log", "--kind", "noted"]), [3, 4]);
    assert_eq!(actions(&["log", "--kind", "undo"]), [5]);
    assert_eq!(actions(&["log", "--kind", "redo"]), [0; 0]);
    assert_eq!(actions(&["log", "--by", "ben", "--kind", "joined"]), [0; 0]);
    assert_eq!(actions(&["log", "acme", "--by", "ben"]), [3, 4]);
    assert_eq!(actions(&["log", "acme", "--kind", "noted", "--limit", "1"]), [4]);
    let said = desk.ok(&["log", "--by", "ben", "--limit", "1", "--format", "table"]);
    assert!(said.contains("2 earlier actions hidden; --limit 0 shows all"), "{}", said);
}

#[test]
fn an_action_says_who_when_with_which_words_what_it_touched_and_who_undid_it() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-09-01"]);
    desk.ok(&["add-partner", "Beta", "--on", "2026-09-01"]);
    desk.ok(&["done", "--where", "stage=recruitment", "decision", "--yes", "--actor", "ben"]);
    desk.ok(&["undo", "4", "--actor", "ben"]);
    let action = desk.json(&["log", "--action", "4"]);
    assert_eq!(action["actor"], "ben");
    assert_eq!(action["undone_by"], 5);
    assert_eq!(action["undone_by_actor"], "ben");
    assert!(action["words"].as_str().is_some_and(|words| words.contains("stage=recruitment")), "{action}");
    let touched: Vec<&Value> =
        action["rows"].as_array().expect("rows").iter().map(|row| &row["partner"]).collect();
    assert_eq!(touched, ["acme", "beta"]);
    let listed = desk.json(&["log", "--kind", "done"]);
    assert_eq!(listed["rows"][0]["undone_by_actor"], "ben");
}

#[test]
fn imported_sales_are_found_one_by_one_though_they_lie_together() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-01-01"]);
    let csv = desk.file("sales.csv", "partner,on,amount\nacme,2026-02-01,10\nacme,2026-03-01,20\n");
    desk.ok(&["import", "revenue", &csv]);
    assert_eq!(numbers(&desk, &["log", "--kind", "sold"], "action"), [3]);
    let events = numbers(&desk, &["log", "acme", "--kind", "sold"], "event");
    assert_eq!(events, numbers(&desk, &["log", "--action", "3"], "event"));
    assert_eq!(events.len(), 2);
}
