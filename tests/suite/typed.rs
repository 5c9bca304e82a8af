//! Command lines as they are typed, what they say in one line, and what revenue they leave.

use serde_json::Value;

use crate::partner_operations::rows;
use crate::support::{Desk, Said};

/// Runs a command line, and returns how it ended and what it said, in one line.
pub(crate) fn run(desk: &Desk, line: &str) -> (i32, String) {
    let words = shell_words::split(line).expect("words");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    one_line(desk.run(&words))
}

/// Returns how a command ended and what it said, in one line.
pub(crate) fn one_line(Said { code, out, err }: Said) -> (i32, String) {
    (code, format!("{out}{err}").split_whitespace().collect::<Vec<_>>().join(" "))
}

pub(crate) fn ok(desk: &Desk, line: &str) -> String {
    let (code, said) = run(desk, line);
    assert_eq!(code, 0, "{line}: {said}");
    said
}

pub(crate) fn refused(desk: &Desk, line: &str) -> String {
    let (code, said) = run(desk, line);
    assert_ne!(code, 0, "{line}: {said}");
    said
}

/// Returns all revenue that counts, as a number of JSON.
pub(crate) fn total(desk: &Desk) -> Value {
    desk.json(&["report", "revenue"])["total"].clone()
}

/// Returns the number of the newest record of this amount.
pub(crate) fn event(desk: &Desk, amount: f64) -> i64 {
    let list = desk.json(&["revenue", "list"]);
    let row = rows(&list).into_iter().rfind(|row| row["amount"].as_f64() == Some(amount));
    row.unwrap_or_else(|| panic!("{amount} in {list}"))["event"].as_i64().expect("a number")
}
