//! What a screen of 80 columns shows: names beside keys that say nothing, and of the columns those that tell rows apart.

use crate::support::Desk;
use crate::terminal::Terminal;

/// A channel with the keys of a CRM in it, and a fiscal year from April.
fn channel() -> Desk {
    let desk = Desk::empty();
    let program = desk.ok(&["program", "show", "default"]);
    let april = program.replace("fiscal_year_start = 1", "fiscal_year_start = 4");
    let program = desk.file("april.toml", april);
    desk.ok(&["init", "--program", &program]);
    let partners = desk.file(
        "partners.csv",
        "partner,name,owner\nK-77,Nordwind Netzwerke,ana\nK-78,Tide Integrators,ana\nK-79,Juno MSP,ana\n",
    );
    desk.ok(&["import", "partners", &partners]);
    let stages = desk.file(
        "stages.csv",
        "partner,stage,entered_on\nK-77,growth,2026-01-12\nK-78,growth,2026-02-02\nK-79,growth,2026-03-02\n",
    );
    desk.ok(&["import", "stages", &stages, "--observed-from", "2026-01-01"]);
    desk
}

fn screen(desk: &Desk, columns: u16, words: &[&str]) -> String {
    Terminal::open(desk, columns, words).end().1
}

#[test]
fn a_key_that_says_nothing_has_the_name_of_its_partner_beside_it() {
    let desk = channel();
    for words in [&["next"][..], &["report", "growth"], &["calendar", "--limit", "5"]] {
        let shown = screen(&desk, 120, words);
        for said in ["k-77", "Nordwind", "Name"] {
            assert!(shown.contains(said), "{said} in {words:?}: {shown}");
        }
    }
    desk.ok(&["revenue", "add", "k-79", "900", "--on", "2026-10-05"]);
    assert!(
        desk.ok(&["report", "revenue"]).contains("k-79     Juno MSP"),
        "{}",
        desk.ok(&["report", "revenue"])
    );
    let rows = desk.json(&["report", "revenue"]);
    assert_eq!(rows["rows"][0]["name"], "Juno MSP", "{rows}");
}

#[test]
fn a_key_that_says_the_name_stands_alone() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme GmbH", "--key", "acme", "--stage", "terms", "--on", "2026-01-05"]);
    desk.ok(&["add-partner", "Juno MSP", "--stage", "terms", "--on", "2026-01-05"]);
    assert!(!desk.ok(&["next"]).contains("Name"), "{}", desk.ok(&["next"]));
    desk.ok(&["edit", "juno-msp", "--name", "Jupiter Services"]);
    assert!(desk.ok(&["next"]).contains("Jupiter Services"), "{}", desk.ok(&["next"]));
}

#[test]
fn how_late_something_is_is_never_hidden_and_what_is_the_same_in_all_rows_is_said_once() {
    let desk = channel();
    for columns in [70, 80] {
        let shown = screen(&desk, columns, &["calendar", "--owner", "ana"]);
        assert!(shown.contains("When") && shown.contains("in 30 d"), "{columns}: {shown}");
        assert!(shown.contains("Same in all rows:") && shown.contains("Owner ana"), "{columns}: {shown}");
        assert!(!shown.contains("Assignee"), "{columns}: {shown}");
    }
}

#[test]
fn the_days_of_a_fiscal_year_stand_once_below_a_table() {
    let desk = channel();
    for words in [&["next"][..], &["calendar"], &["show", "k-77"]] {
        let shown = screen(&desk, 80, words);
        let text = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            text.matches("2027 is 1 Apr 2026 to 31 Mar 2027").count().min(2),
            text.matches("2027 is").count()
        );
        assert!(!text.contains("(2027, 1 Apr"), "{words:?}: {shown}");
    }
}

#[test]
fn a_long_title_breaks_between_words() {
    let desk = channel();
    let words = ["list", "--as-of", "2026-11-20", "--known-on", "2026-11-23", "--where", "owner=ana"];
    let shown = screen(&desk, 60, &words);
    assert!(
        shown.lines().next().is_some_and(|line| !line.ends_with(' ') && line.chars().count() <= 60),
        "{shown}"
    );
    assert!(shown.contains("owner=ana"), "{shown}");
}
